// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/SyncNames.h"
#include "operations/preflight/Checks.h"

namespace understudy::checks {

void effectOnCommits(CheckRun &run)
{
    if (run.cx.cascade)
        return run.pass(QStringLiteral("none: a standby of a standby never counts for commits"));
    const auto rows = run.ask(QStringLiteral("SELECT current_setting('synchronous_standby_names'), "
                                             "current_setting('synchronous_commit')"));
    if (!rows || rows->rows.isEmpty())
        return run.unknown(rows ? Error{QStringLiteral("no answer"), {}, {}} : rows.error());
    const QString setting = rows->rows.first().at(0).toString();
    const SyncNames names = SyncNames::parse(setting);
    const QString name = run.cx.request.name;
    const QString shown = setting.isEmpty() ? QStringLiteral("synchronous_standby_names is empty")
                                            : QStringLiteral("synchronous_standby_names = '%1'").arg(setting);
    run.result.waivable = true;
    if (run.cx.request.synchronous) {
        const int others = names.names.contains(QStringLiteral("*")) ? 1 : int(names.names.size());
        if (others == 0)
            return run.warn(
                shown + QStringLiteral(", %1 becomes the only synchronous standby").arg(name),
                QStringLiteral("Every commit then waits for %1, at least one round trip. When it is away, "
                               "commits wait until it is back: 1 of 1 is needed.")
                    .arg(name));
        return run.pass(shown + QStringLiteral(", commits may wait for %1").arg(name));
    }
    if (names.matches(name))
        return run.warn(
            shown + QStringLiteral(", it matches %1").arg(name),
            QStringLiteral("%1 was asked for as asynchronous, but would count for commits: %2.")
                .arg(name, names.any ? QStringLiteral("any %1 of the standbys that match").arg(names.needed)
                                     : QStringLiteral("the first %1 that match").arg(names.needed)));
    run.pass(setting.isEmpty() ? QStringLiteral("none, %1").arg(shown)
                               : shown + QStringLiteral(", %1 is not in it").arg(name));
}

void walSentTwice(CheckRun &run)
{
    // A walsender that is only starting is a login being tried, our own check of it among them.
    const auto rows = run.ask(QStringLiteral(
        "SELECT count(*)::int FROM pg_stat_replication r LEFT JOIN pg_replication_slots s ON s.active_pid = "
        "r.pid "
        "WHERE coalesce(s.slot_type, 'physical') = 'physical' AND r.state IN ('streaming', 'catchup')"));
    if (!rows)
        return run.unknown(rows.error());
    const int now = rows->first().toInt();
    const auto rate = run.cx.walRate(*run.sql);
    if (!rate)
        return run.unknown(Error{QStringLiteral("the WAL rate could not be measured"), {}, {}});
    const auto to = [](int n) { return format::plural(n, QStringLiteral("standby")); };
    run.pass(QStringLiteral("%1 to %2 now, %3 to %4 after")
                 .arg(format::rate(*rate * now), to(now), format::rate(*rate * (now + 1)), to(now + 1)));
}

} // namespace understudy::checks
