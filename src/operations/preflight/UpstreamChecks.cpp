// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/Quote.h"
#include "operations/preflight/Checks.h"

#include <algorithm>

namespace understudy::checks {

namespace {

constexpr qint64 farBehind = qint64(16) << 20;
constexpr int neededSenders = 2; ///< pg_basebackup -X stream: the copy and the WAL beside it.

Error refusal(const CheckContext &cx, const Error &error)
{
    Error said = error;
    if (!said.what.contains(cx.upstream.endpoint.address()))
        said.what = QStringLiteral("%1: %2").arg(cx.upstream.endpoint.address(), error.what);
    return said;
}

/// The name under which a person knows the standby behind a walsender.
QString nameOfSender(const CheckContext &cx, int pid, const QString &slot, const QString &application)
{
    if (const Cluster *cluster = cx.cluster()) {
        for (const Link &link : cluster->links) {
            const bool same = link.upstream == cx.upstream.id &&
                              ((link.pid && *link.pid == pid) || (!slot.isEmpty() && link.slot == slot));
            const Node *node = same ? cluster->node(link.downstream) : nullptr;
            if (node && !node->name.isEmpty())
                return node->name;
        }
    }
    return application.isEmpty() ? QStringLiteral("a standby") : application;
}

} // namespace

void upstreamAnswers(CheckRun &run)
{
    CheckContext &cx = run.cx;
    auto down = [&](const Error &error) {
        cx.server.why = error.what;
        run.failed(error.what,
                   error.action.isEmpty()
                       ? QStringLiteral("Nothing can be copied from a server that does not answer.")
                       : error.action,
                   QStringLiteral("upstream"));
    };
    if (cx.upstream.endpoint.host.isEmpty())
        return down(Error{QStringLiteral("no node called %1 in this cluster").arg(cx.upstream.id),
                          QStringLiteral("Choose one of its nodes as the upstream."),
                          {}});
    // What is at that address from here may be another server altogether.
    if (!cx.upstream.endpoint.ssh.isEmpty() && cx.request.upstreamAddress.isEmpty())
        return down(
            Error{QStringLiteral("%1 is watched through ssh %2, and a standby would have no such way to it")
                      .arg(cx.upstream.endpoint.address(), cx.upstream.endpoint.ssh),
                  QStringLiteral("Say by which address the standby reaches it."),
                  {}});
    SqlSession::Options options;
    options.applicationName = QStringLiteral("understudy_preflight");
    options.readOnly = true;
    auto sql = SqlSession::open(cx.upstream.endpoint, *cx.secrets, options, cx.stop);
    if (!sql)
        return down(refusal(cx, sql.error()));
    const auto rows = (*sql)->query(
        QStringLiteral("SELECT current_setting('server_version_num')::int, pg_is_in_recovery(), "
                       "(SELECT system_identifier::text FROM pg_control_system()), current_user::text, "
                       "(CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), "
                       "pg_last_wal_replay_lsn()) ELSE pg_current_wal_lsn() END)::text, "
                       "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"),
        {}, 5000, cx.stop);
    if (!rows || rows->rows.isEmpty())
        return down(rows ? Error{QStringLiteral("it answered with nothing"), {}, {}}
                         : refusal(cx, rows.error()));
    const QVariantList &row = rows->rows.first();
    UpstreamAnswer &server = cx.server;
    server.versionNum = row.at(0).toInt();
    server.inRecovery = row.at(1).toBool();
    server.systemIdentifier = row.at(2).toString();
    server.role = row.at(3).toString();
    server.first = WalSample{Lsn::parse(row.at(4).toString()).value_or(Lsn{}), row.at(5).toLongLong()};
    const QString evidence =
        QStringLiteral("%1, PostgreSQL %2, %3")
            .arg(cx.upstream.endpoint.address(), format::version(server.versionNum),
                 server.inRecovery ? QStringLiteral("in recovery") : QStringLiteral("not in recovery"));
    const Cluster *cluster = cx.cluster();
    if (cluster && !cluster->systemIdentifier.isEmpty() &&
        cluster->systemIdentifier != server.systemIdentifier)
        return down(Error{
            QStringLiteral("%1 is another cluster now: its system identifier is %2, not %3")
                .arg(cx.upstream.endpoint.address(), server.systemIdentifier, cluster->systemIdentifier),
            QStringLiteral("A standby made from it would belong to that other cluster."),
            {}});
    server.answers = true;
    if (server.versionNum < 120000)
        return run.failed(evidence, QStringLiteral("Servers before PostgreSQL 12 are not supported."),
                          QStringLiteral("upstream"));
    if (server.inRecovery && !cx.cascade)
        return run.failed(evidence + QStringLiteral(": it is a standby now"),
                          QStringLiteral("It was the primary when this plan was begun. Look at the cluster "
                                         "again before anything is added to it."),
                          QStringLiteral("upstream"));
    run.pass(evidence);
}

// A walsender in "startup" is a login being tried, our own check of it among them: it is not counted.
void currentReplication(CheckRun &run)
{
    const auto senders = run.ask(QStringLiteral(
        "SELECT r.pid, coalesce(r.application_name, ''), coalesce(r.state, ''), coalesce(s.slot_name, ''), "
        "pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() "
        "ELSE pg_current_wal_lsn() END, r.replay_lsn)::bigint "
        "FROM pg_stat_replication r LEFT JOIN pg_replication_slots s ON s.active_pid = r.pid "
        "WHERE coalesce(s.slot_type, 'physical') = 'physical' "
        "AND coalesce(r.state, '') NOT IN ('backup', 'startup') ORDER BY r.pid"));
    if (!senders)
        return run.unknown(senders.error());
    const auto idle = run.ask(QStringLiteral(
        "SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT active "
        "AND NOT temporary ORDER BY slot_name"));
    if (!idle)
        return run.unknown(idle.error());
    QStringList parts, broken;
    bool behind = false;
    for (const QVariantList &row : senders->rows) {
        const QString slot = row.at(3).toString(), state = row.at(2).toString();
        const QString name = nameOfSender(run.cx, row.at(0).toInt(), slot, row.at(1).toString());
        parts.append(QStringLiteral("%1 %2, %3 behind, %4")
                         .arg(name, state.isEmpty() ? QStringLiteral("state unknown") : state,
                              row.at(4).isNull() ? QStringLiteral("unknown")
                                                 : format::bytes(std::max<qint64>(0, row.at(4).toLongLong())),
                              slot.isEmpty() ? QStringLiteral("no slot") : slot + QStringLiteral(" active")));
        behind = behind || row.at(4).toLongLong() > farBehind || (!state.isEmpty() && state != u"streaming");
    }
    for (const QVariantList &row : idle->rows)
        broken.append(row.at(0).toString() + QStringLiteral(" inactive"));
    if (const Cluster *cluster = run.cx.cluster()) {
        for (const Link *link : cluster->linksFrom(run.cx.upstream.id)) {
            const Node *node = cluster->node(link->downstream);
            const bool sends = std::any_of(parts.begin(), parts.end(), [&](const QString &part) {
                return node && part.startsWith(node->name + u' ');
            });
            if (link->state == LinkState::Broken && node && !sends)
                broken.prepend(node->name + QStringLiteral(" disconnected"));
        }
    }
    if (parts.isEmpty() && broken.isEmpty())
        return run.pass(QStringLiteral("no standby yet"));
    const QString evidence = (parts + broken).join(QStringLiteral("; "));
    if (!broken.isEmpty())
        return run.warn(evidence,
                        QStringLiteral("An inactive slot keeps WAL on %1 until its standby comes back or the "
                                       "slot is dropped. One more standby does not mend that.")
                            .arg(run.cx.upstreamWord()));
    if (behind)
        return run.warn(evidence, QStringLiteral("A base backup reads the whole cluster and slows a standby "
                                                 "that is already more than 16 MB behind."));
    run.pass(evidence);
}

void rights(CheckRun &run)
{
    const auto rows = run.ask(
        QStringLiteral("SELECT rolsuper, rolreplication, pg_has_role(current_user, 'pg_monitor', 'USAGE') "
                       "FROM pg_roles WHERE rolname = current_user"));
    if (!rows || rows->rows.isEmpty())
        return run.unknown(rows ? Error{QStringLiteral("our role is not in pg_roles"), {}, {}}
                                : rows.error());
    const bool super = rows->rows.first().at(0).toBool(), replication = rows->rows.first().at(1).toBool();
    const bool monitor = rows->rows.first().at(2).toBool();
    const QString role = quote::sqlIdentifier(run.cx.server.role);
    if (!super && !replication) {
        run.fix(QStringLiteral("ALTER ROLE %1 REPLICATION;").arg(role));
        return run.failed(QStringLiteral("%1 may not create a replication slot").arg(run.cx.server.role),
                          QStringLiteral("The plan creates one slot, which needs the REPLICATION attribute."),
                          QStringLiteral("upstream"));
    }
    if (!super && !monitor) {
        run.fix(QStringLiteral("GRANT pg_monitor TO %1;").arg(role));
        return run.warn(QStringLiteral("REPLICATION, but not in pg_monitor"),
                        QStringLiteral("Without pg_monitor the states and positions of other sessions are "
                                       "hidden, and the proof at the end is incomplete."));
    }
    run.pass(super ? QStringLiteral("superuser") : QStringLiteral("REPLICATION, member of pg_monitor"));
}

void walSendersAndSlots(CheckRun &run)
{
    const auto rows =
        run.ask(QStringLiteral("SELECT current_setting('max_wal_senders')::int, (SELECT count(*)::int FROM "
                               "pg_stat_replication WHERE coalesce(state, '') <> 'startup'), "
                               "current_setting('max_replication_slots')::int, "
                               "(SELECT count(*)::int FROM pg_replication_slots)"));
    if (!rows || rows->rows.isEmpty())
        return run.unknown(rows ? Error{QStringLiteral("no answer"), {}, {}} : rows.error());
    const QVariantList &row = rows->rows.first();
    const int senders = row.at(0).toInt(), usedSenders = row.at(1).toInt();
    // Those that were made before the last copy stream beside it.
    const int copies = run.cx.request.choices.copies;
    const int neededSlots = copies, neededNow = neededSenders + copies - 1;
    const int slotCount = row.at(2).toInt(), usedSlots = row.at(3).toInt();
    const QString evidence = QStringLiteral("%1 of %2 and %3 of %4 free, this plan needs %5 and %6")
                                 .arg(std::max(0, senders - usedSenders))
                                 .arg(senders)
                                 .arg(std::max(0, slotCount - usedSlots))
                                 .arg(slotCount)
                                 .arg(neededNow)
                                 .arg(neededSlots);
    QStringList commands, missing;
    if (senders - usedSenders < neededNow) {
        commands.append(QStringLiteral("ALTER SYSTEM SET max_wal_senders = %1;")
                            .arg(std::max(10, usedSenders + neededNow + 2)));
        missing.append(QStringLiteral("max_wal_senders"));
    }
    if (slotCount - usedSlots < neededSlots) {
        commands.append(QStringLiteral("ALTER SYSTEM SET max_replication_slots = %1;")
                            .arg(std::max(10, usedSlots + neededSlots + 3)));
        missing.append(QStringLiteral("max_replication_slots"));
    }
    if (missing.isEmpty())
        return run.pass(evidence);
    run.fix(commands.join(u'\n'), {}, true);
    run.failed(evidence,
               (copies > 1
                    ? QStringLiteral("Each standby takes a WAL sender and a slot, and a copy two senders; "
                                     "%1 %2 too low.")
                    : QStringLiteral("The copy takes 2 WAL senders at once and %3 1 slot; %1 %2 too low."))
                   .arg(missing.join(QStringLiteral(" and ")),
                        missing.size() == 1 ? QStringLiteral("is") : QStringLiteral("are"),
                        run.cx.request.choices.slot ? QStringLiteral("the standby")
                                                    : QStringLiteral("for as long as it lasts")),
               QStringLiteral("upstream"));
}

void walLevel(CheckRun &run)
{
    const auto rows =
        run.ask(QStringLiteral("SELECT current_setting('wal_level'), current_setting('hot_standby')"));
    if (!rows || rows->rows.isEmpty())
        return run.unknown(rows ? Error{QStringLiteral("no answer"), {}, {}} : rows.error());
    const QString level = rows->rows.first().at(0).toString(), hot = rows->rows.first().at(1).toString();
    const QString evidence = QStringLiteral("wal_level = %1, hot_standby = %2").arg(level, hot);
    if (level == u"minimal") {
        run.fix(
            QStringLiteral("ALTER SYSTEM SET wal_level = 'replica';\nALTER SYSTEM SET max_wal_senders = 10;"),
            {}, true);
        return run.failed(
            evidence,
            QStringLiteral("The primary does not write what a standby needs to replay: wal_level "
                           "must be replica or logical, and changing it restarts the primary."),
            QStringLiteral("upstream"));
    }
    if (hot == u"off") {
        run.fix(QStringLiteral("ALTER SYSTEM SET hot_standby = on;"));
        return run.warn(evidence,
                        QStringLiteral("The copy takes hot_standby = off along: the new standby would "
                                       "replay, but answer no query."));
    }
    run.pass(evidence);
}

} // namespace understudy::checks
