// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/Quote.h"
#include "report/Markdown.h"
#include "report/RunbookParts.h"

namespace understudy::runbook {

using markdown::code;
using markdown::text;

namespace {

struct Trouble
{
    QString title, symptom, meaning, fix; ///< `fix` is a command block; lines.
};

QString onUpstream(const View &view, const QString &sql)
{
    return view.upstreamPsql() + QStringLiteral(" -c ") + quote::shellWord(sql);
}

/// The same addition with one thing changed.
QString again(const View &view, const QString &option, const QString &value)
{
    return QStringLiteral("understudy add-standby %1 --name %2 %3 %4 --yes")
        .arg(quote::shellWord(view.in.spec.source.isEmpty() ? view.in.spec.title : view.in.spec.source),
             quote::shellWord(view.name), option, value);
}

QList<Trouble> troubles(const View &view)
{
    const QString port = QString::number(view.port);
    const auto setting = [&](const char *name) {
        return view.upstream ? view.upstream->settings.value(QLatin1String(name)) : QString();
    };
    const QString senders = setting("max_wal_senders");
    QList<Trouble> all;
    all << Trouble{
        QStringLiteral("Port %1 is taken").arg(port),
        QStringLiteral("could not bind IPv4 address \"127.0.0.1\": Address already in use"),
        QStringLiteral("Another program listens on port %1. Find it, or choose another port; the slot and "
                       "the directory are undone by then.")
            .arg(port),
        QStringLiteral("ss -ltnp 'sport = :%1'\n").arg(port) +
            again(view, QStringLiteral("--port"), QString::number(view.port + 1))};
    const QString size =
        view.upstream && view.upstream->databaseBytes
            ? QStringLiteral("The copy needs about %1, and WAL comes on top.")
                  .arg(format::bytes(view.upstream->databaseBytes))
            : QStringLiteral("The copy needs as much as the databases of the upstream, and WAL on top.");
    all << Trouble{QStringLiteral("The disk is too small"), QStringLiteral("No space left on device"),
                   size + QStringLiteral(" Make room, or put the standby on a larger disk."),
                   QStringLiteral("df -h %1\n").arg(quote::shellWord(view.dataDirectory)) +
                       again(view, QStringLiteral("--data-dir"), QStringLiteral("DIRECTORY"))};
    all << Trouble{
        QStringLiteral("The slot is missing"),
        QStringLiteral("replication slot \"%1\" does not exist").arg(view.slot),
        QStringLiteral("Somebody dropped the slot, or the upstream was replaced. %1 cannot stream until it "
                       "is there again; if WAL is gone by then, the standby must be made anew.")
            .arg(view.name),
        onUpstream(view, QStringLiteral("SELECT pg_create_physical_replication_slot(%1, true)")
                             .arg(quote::sqlLiteral(view.slot)))};
    all << Trouble{
        QStringLiteral("The base backup is refused"),
        QStringLiteral("FATAL:  no pg_hba.conf entry for replication connection, or "
                       "FATAL:  password authentication failed for user \"%1\"")
            .arg(view.replicationUser),
        QStringLiteral("The role %1 needs the REPLICATION attribute, a line for \"replication\" in "
                       "pg_hba.conf, and its password in the passfile.")
            .arg(view.replicationUser),
        onUpstream(view, QStringLiteral("SELECT rolname, rolreplication, rolcanlogin FROM pg_roles WHERE "
                                        "rolname = %1")
                             .arg(quote::sqlLiteral(view.replicationUser))) +
            u'\n' +
            onUpstream(view,
                       QStringLiteral("SELECT line_number, type, user_name, address, auth_method, error "
                                      "FROM pg_hba_file_rules WHERE 'replication' = ANY (database)"))};
    all << Trouble{
        QStringLiteral("No walsender is free"),
        QStringLiteral(
            "FATAL:  number of requested standby connections exceeds max_wal_senders (currently %1)")
            .arg(senders.isEmpty() ? QStringLiteral("unknown") : senders),
        QStringLiteral("A base backup takes two walsenders and the standby keeps one. Raising the limit "
                       "restarts the upstream."),
        onUpstream(view, QStringLiteral("SELECT pid, application_name, state FROM pg_stat_replication")) +
            u'\n' +
            onUpstream(
                view,
                QStringLiteral("ALTER SYSTEM SET max_wal_senders = %1").arg(qMax(10, senders.toInt() + 5)))};
    all << Trouble{
        QStringLiteral("%1 stays behind for long").arg(view.name),
        QStringLiteral("wal_status is extended, unreserved or lost"),
        QStringLiteral("The slot keeps WAL on %1 until %2 has read it. Look how much may still be written; "
                       "a lost slot means a new base backup.")
            .arg(view.upstreamName(), view.name),
        onUpstream(view, QStringLiteral("SELECT slot_name, active, wal_status, safe_wal_size FROM "
                                        "pg_replication_slots WHERE slot_name = %1")
                             .arg(quote::sqlLiteral(view.slot)))};
    return all;
}

} // namespace

QString whatCanGoWrong(const View &view)
{
    QString out = QStringLiteral("## 7. What can go wrong, and the fix\n");
    for (const Trouble &trouble : troubles(view)) {
        out += QStringLiteral("\n### %1\n\n").arg(text(trouble.title));
        out += QStringLiteral("Seen as: ") + code(trouble.symptom) + QStringLiteral("\n\n");
        out += text(trouble.meaning) + QStringLiteral("\n\n");
        out += markdown::block(QStringLiteral("sh"), trouble.fix);
    }
    return out;
}

} // namespace understudy::runbook
