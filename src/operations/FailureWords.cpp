// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/FailureWords.h"

#include <QRegularExpression>
#include <QStringList>

namespace understudy {

namespace {

struct Known
{
    const char *pattern; ///< Case is ignored.
    const char *meaning;
    const char *action;
};

// Order matters: the first that matches wins, so causes come before what follows from them.
constexpr Known known[] = {
    {"was ended by signal \\d+\\.",
     "Somebody killed the program, or the system did because memory ran out (then its log names it).",
     "Find out who did, then run the plan again."},
    {"brought nothing and the upstream did not answer",
     "The upstream is frozen, overloaded or cut off from here.",
     "Check the upstream and the network between, then run the plan again."},
    {"Cannot connect to the Docker daemon|Couldn't connect to Docker daemon|error during connect|"
     "Error while fetching server API version|docker daemon is not running|Connection "
     "aborted|UnixHTTPConnection",
     "The Docker engine does not answer, so nothing can be asked of it or taken back.",
     "Start the engine, then run the plan again; what was left behind is named and can be undone then."},
    {"as when the plan was made|recovery is in progress",
     "The upstream was promoted, demoted or replaced since the plan was made.",
     "Look at the cluster again and make a new plan."},
    {"was promoted during online backup",
     "The upstream was promoted while it was copied, and such a copy is of no use.",
     "Look at the cluster again and make a new plan."},
    {"no pg_hba\\.conf entry for replication connection",
     "The upstream lets nobody replicate from this address: \"all\" in pg_hba.conf does not match "
     "replication.",
     "Add a line \"host replication ROLE ADDRESS scram-sha-256\" to the upstream's pg_hba.conf and reload "
     "it."},
    {"pg_hba\\.conf rejects (replication )?connection",
     "A line of the server's pg_hba.conf rejects this role and address.",
     "Put a line that lets it in before that one in the upstream's pg_hba.conf and reload it."},
    {"no pg_hba\\.conf entry", "The server's pg_hba.conf has no line that lets this role in from here.",
     "Add a line for this role, database and address to pg_hba.conf and reload it."},
    {"password authentication failed|no password supplied",
     "The password of the replication role is wrong or missing.",
     "Check the role's password and the passfile, then run the plan again."},
    {"must be superuser or replication role|permission denied to (start|initiate) .*(WAL|replication)",
     "The role may not replicate.", "Give it the right: ALTER ROLE ... REPLICATION."},
    {"exceeds max_wal_senders|all replication connections|remaining connection slots are reserved",
     "The upstream has no walsender left; a base backup needs two and the standby one.",
     "Raise max_wal_senders and restart the upstream, or end a walsender that nobody needs."},
    {"all replication slots are in use", "The upstream has no replication slot left.",
     "Drop a slot that nobody reads, or raise max_replication_slots and restart the upstream."},
    {"replication slot .* already exists", "A slot of this name was there before; it was not touched.",
     "Choose another slot name."},
    {"replication slot .* is active for", "Another standby uses this slot.", "Choose another slot name."},
    {"replication slot .* does not exist", "The slot was dropped while the plan ran.",
     "Find out who dropped it, then run the plan again."},
    {"requested WAL segment .* has already been removed|can no longer get changes from replication slot",
     "The upstream removed WAL that the new standby still needs.",
     "Raise max_slot_wal_keep_size, or copy without a rate limit."},
    {"No space left on device", "The file system of the new data directory is full.",
     "Free some space or choose another directory."},
    {"Disk quota exceeded", "The quota of the server's user is used up.",
     "Free some space or choose another directory."},
    {"exists but is not empty", "The directory is in use by something else; it was not touched.",
     "Choose another data directory."},
    {"cannot create directory .*File exists",
     "Somebody made this directory after the pre-flight; it was not touched.",
     "Choose another data directory."},
    {"could not create any TCP/IP sockets|could not bind .*Address already in use|Address already in use",
     "Another program listens on this port.", "Choose another port, or stop the other program."},
    {"insufficient parameter settings|lower (setting )?than on the primary",
     "One of max_connections, max_worker_processes, max_wal_senders, max_prepared_transactions and "
     "max_locks_per_transaction is lower than on the primary.",
     "Raise it on the standby to at least the primary's value."},
    {"database system identifier differs|incompatible with server",
     "The copy and the server do not belong together.",
     "Check the upstream, and that its major version is the one of the installed programs."},
    {"Permission denied", "The operating-system user of the server may not write there.",
     "Choose a directory that this user can reach, or change its owner."},
    {"terminating connection due to administrator command",
     "Somebody ended this connection on the server, or the server is being shut down.",
     "Find out who did, then run the plan again."},
    {"the database system is (starting up|shutting down|in recovery mode|not yet accepting connections)",
     "The server is starting or stopping, or has crashed and recovers.",
     "Wait until it takes connections, then run the plan again."},
    {"Connection refused|could not connect to server|server closed the connection|terminating connection",
     "The server went away or does not listen.", "Check that it runs, then run the plan again."},
    {"could not (find|execute).*(pg_basebackup|pg_ctl)|No such file or directory.*pg_(basebackup|ctl)",
     "PostgreSQL's programs of this version are not installed here.",
     "Install the server package of the upstream's major version."},
    {"(pg_basebackup: error: could not|pg_ctl: (could not|cannot)|mkdir:) .*No such file or directory|"
     "pg_ctl: directory .* does not exist|The data directory is not there any more",
     "The data directory, or one above it, was moved or removed while the plan ran.",
     "Find out who did, then run the plan again."},
    {"no container of .* runs",
     "The container of the new standby does not run any more: it was killed, or its server ended and the log "
     "says why.",
     "Look at the log of this step, then run the plan again."},
    {"pg_ctl: no server running",
     "The new standby does not run any more: it was killed, or it ended by itself and its log says why.",
     "Look at the log of this step, then run the plan again."},
};

} // namespace

QString tellingLine(const QString &said)
{
    static const QRegularExpression bad(QStringLiteral("\\b(PANIC|FATAL|ERROR|error|failed|cannot)\\b"));
    // How a server says that it stops: it follows from an earlier line.
    static const QRegularExpression end(QStringLiteral("could not start server|shut down|stopped waiting"));
    QString last, telling;
    for (const QString &line : said.split(u'\n', Qt::SkipEmptyParts)) {
        const QString text = line.trimmed();
        if (text.isEmpty())
            continue;
        last = text;
        if (bad.match(text).hasMatch() && !end.match(text).hasMatch())
            telling = text;
    }
    return (telling.isEmpty() ? last : telling).left(400);
}

Error failureInWords(const QString &doing, const QString &said)
{
    const QString line = tellingLine(said);
    for (const Known &k : known) {
        const QRegularExpression re(QString::fromLatin1(k.pattern),
                                    QRegularExpression::CaseInsensitiveOption);
        const auto match = re.match(said);
        if (!match.hasMatch())
            continue;
        // The very words that were recognised, with their line.
        const qsizetype begin = said.lastIndexOf(u'\n', match.capturedStart()) + 1;
        const qsizetype end = said.indexOf(u'\n', match.capturedEnd());
        const QString words = said.mid(begin, end < 0 ? -1 : end - begin).trimmed().left(400);
        return {QStringLiteral("%1 failed: %2").arg(doing, words) + QStringLiteral(". ") +
                    QString::fromLatin1(k.meaning),
                QString::fromLatin1(k.action),
                {}};
    }
    if (line.isEmpty())
        return {QStringLiteral("%1 failed, and nothing said why.").arg(doing),
                QStringLiteral("Look at the log of this step."),
                {}};
    return {QStringLiteral("%1 failed: %2").arg(doing, line) +
                (line.endsWith(u'.') ? QString() : QStringLiteral(".")),
            QStringLiteral("Look at the log of this step, then run the plan again."),
            {}};
}

} // namespace understudy
