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

/// A command where the new standby runs.
QString there(const View &view, const QString &command)
{
    return view.machine.isEmpty()
               ? command
               : QStringLiteral("ssh %1 %2").arg(quote::shellWord(view.machine), quote::shellWord(command));
}

/// The same addition with one thing changed.
QString again(const View &view, const QString &option, const QString &value)
{
    const QString place = view.machine.isEmpty()
                              ? QString()
                              : QStringLiteral(" --on ssh:%1").arg(quote::shellWord(view.machine));
    const QString count =
        view.isSeveral() ? QStringLiteral(" --count %1").arg(view.standbys.size()) : QString();
    return QStringLiteral("understudy add-standby %1%2%3 --name %4 %5 %6 --yes")
        .arg(quote::shellWord(view.in.spec.source.isEmpty() ? view.in.spec.title : view.in.spec.source),
             place, count, quote::shellWord(view.first()), option, value);
}

/// Compose's words for the project: those that the plan itself uses.
QString compose(const View &view, const QStringList &words)
{
    for (const Step &step : view.in.plan.steps) {
        for (const Action &action : step.actions) {
            const auto *command = std::get_if<CommandAction>(&action);
            const qsizetype at = command ? command->command.argv.indexOf(QStringLiteral("config")) : -1;
            if (at > 0)
                return quote::shellCommand(command->command.argv.mid(0, at) + words);
        }
    }
    return quote::shellCommand(QStringList{QStringLiteral("docker"), QStringLiteral("compose"),
                                           QStringLiteral("-f"), view.composeFile} +
                               words);
}

Trouble portTaken(const View &view)
{
    const QString port = QString::number(view.port);
    Trouble trouble;
    trouble.title = QStringLiteral("Port %1 is taken").arg(port);
    trouble.symptom =
        view.inCompose()
            ? QStringLiteral("listen tcp4 127.0.0.1:%1: bind: address already in use").arg(port)
            : QStringLiteral("could not bind IPv4 address \"127.0.0.1\": Address already in use");
    trouble.meaning =
        QStringLiteral("Another program listens on port %1. Find it, or choose another port; the slot and "
                       "the %2 are undone by then.")
            .arg(port, view.inCompose() ? QStringLiteral("service") : QStringLiteral("directory"));
    trouble.fix = there(view, QStringLiteral("ss -ltnp 'sport = :%1'").arg(port)) + u'\n' +
                  again(view, QStringLiteral("--port"), QString::number(view.port + 1));
    return trouble;
}

Trouble diskFull(const View &view)
{
    Trouble trouble;
    trouble.title = QStringLiteral("The disk is too small");
    trouble.symptom = QStringLiteral("No space left on device");
    trouble.meaning =
        (view.upstream && view.upstream->databaseBytes
             ? QStringLiteral("The copy needs about %1, and WAL comes on top.")
                   .arg(format::bytes(view.upstream->databaseBytes))
             : QStringLiteral("The copy needs as much as the databases of the upstream, and WAL on top.")) +
        QStringLiteral(" Make room, or put the standby on a larger disk.");
    trouble.fix = view.inCompose()
                      ? QStringLiteral("df -h \"$(docker info --format '{{.DockerRootDir}}')\"\n"
                                       "docker system df")
                      : there(view, QStringLiteral("df -h %1").arg(quote::shellWord(view.dataDirectory))) +
                            u'\n' + again(view, QStringLiteral("--data-dir"), QStringLiteral("DIRECTORY"));
    return trouble;
}

/// What can only happen to a service of a Compose project.
QList<Trouble> composeTroubles(const View &view)
{
    return {
        Trouble{
            QStringLiteral("The volume exists already"),
            QStringLiteral("volume %1 exists already").arg(view.volume),
            QStringLiteral("It is somebody's, and was not touched. Look what is in it; take another name, or "
                           "remove it if nobody needs it."),
            QStringLiteral("docker volume inspect %1\n").arg(quote::shellWord(view.volume)) +
                again(view, QStringLiteral("--volume"), QStringLiteral("NAME"))},
        Trouble{
            QStringLiteral("The Compose file was edited meanwhile"),
            QStringLiteral("%1 was changed by somebody else after the plan was made").arg(view.composeFile),
            QStringLiteral(
                "Then nothing is written: make the plan again and review the file as it is. When a "
                "plan is undone, the added lines are taken out wherever they stand; if one of "
                "them was changed, the report says so, and they are taken out by hand."),
            compose(view, {QStringLiteral("config"), QStringLiteral("-q")})},
        Trouble{
            QStringLiteral("%1 starts and does not stream").arg(view.service),
            QStringLiteral("no row for %1 in pg_stat_replication").arg(view.first()),
            QStringLiteral("Its log says why. It must not be started on an empty volume: it would become a "
                           "primary of its own."),
            compose(view, {QStringLiteral("logs"), QStringLiteral("--tail=50"), view.service})}};
}

QList<Trouble> troubles(const View &view)
{
    const auto setting = [&](const char *name) {
        return view.upstream ? view.upstream->settings.value(QLatin1String(name)) : QString();
    };
    const QString senders = setting("max_wal_senders");
    QList<Trouble> all{portTaken(view)};
    if (view.inCompose())
        all << composeTroubles(view);
    all << diskFull(view);
    if (view.slot.isEmpty())
        all << Trouble{
            QStringLiteral("The standby was away for too long"),
            QStringLiteral("requested WAL segment has already been removed"),
            QStringLiteral(
                "It has no slot, so %1 keeps only wal_keep_size of WAL for it. Unless an archive has "
                "what is missing, %2 must be made anew.")
                .arg(view.upstreamName(), view.first()),
            onUpstream(view, QStringLiteral("SHOW wal_keep_size"))};
    else
        all << Trouble{
            QStringLiteral("The slot is missing"),
            QStringLiteral("replication slot \"%1\" does not exist").arg(view.slot),
            QStringLiteral(
                "Somebody dropped the slot, or the upstream was replaced. %1 cannot stream until it "
                "is there again; if WAL is gone by then, the standby must be made anew.")
                .arg(view.first()),
            onUpstream(view, QStringLiteral("SELECT pg_create_physical_replication_slot(%1, true)")
                                 .arg(quote::sqlLiteral(view.slot)))};
    all << Trouble{
        QStringLiteral("The base backup is refused"),
        QStringLiteral("FATAL:  no pg_hba.conf entry for replication connection, or "
                       "FATAL:  password authentication failed for user \"%1\"")
            .arg(view.replicationUser),
        QStringLiteral("The role %1 needs the REPLICATION attribute, a line for \"replication\" in "
                       "pg_hba.conf, and its password in %2.")
            .arg(view.replicationUser, view.inCompose() ? QStringLiteral("the service's environment")
                                                        : QStringLiteral("the passfile")),
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
    if (!view.slot.isEmpty())
        all << Trouble{
            QStringLiteral("%1 stays behind for long").arg(view.first()),
            QStringLiteral("wal_status is extended, unreserved or lost"),
            QStringLiteral(
                "The slot keeps WAL on %1 until %2 has read it. Look how much may still be written; "
                "a lost slot means a new base backup.")
                .arg(view.upstreamName(), view.first()),
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
