// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Clock.h"
#include "model/Format.h"
#include "operations/preflight/Checks.h"
#include "operations/preflight/Estimates.h"

#include <QDateTime>

namespace understudy::checks {

namespace {

const QString reloadSql = QStringLiteral("SELECT pg_reload_conf();");

/// A limit as a small plan of its own: two statements, undone by two.
Plan limitPlan(const CheckContext &cx, const QString &value)
{
    const QString node = cx.upstream.name;
    const QString set = QStringLiteral("ALTER SYSTEM SET max_slot_wal_keep_size = '%1'").arg(value);
    const QString reload = QStringLiteral("SELECT pg_reload_conf()");
    Step step;
    step.id = QStringLiteral("retention_limit");
    step.title = QStringLiteral("Limit the WAL that slots keep to %1").arg(value);
    step.why = QStringLiteral("A slot nobody reads then loses its standby instead of filling the disk.");
    step.actions = {
        SqlAction{node, set, {}}, SqlAction{node, reload, {}},
        WaitAction{node,
                   QStringLiteral("SELECT current_setting('max_slot_wal_keep_size') = '%1'").arg(value),
                   QStringLiteral("the server has read its configuration again"),
                   10000,
                   {}}};
    step.undo = {SqlAction{node, QStringLiteral("ALTER SYSTEM RESET max_slot_wal_keep_size"), {}},
                 SqlAction{node, reload, {}}};
    step.undoWords = QStringLiteral("reset the limit");
    step.changes = QStringLiteral("1 setting");
    Plan plan;
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(SystemClock::instance().nowUs() / 1000).toUTC();
    plan.id = now.toString(QStringLiteral("yyyyMMdd-HHmmss-zzz")) + QStringLiteral("-fix-slot-retention");
    plan.kind = QStringLiteral("preflight-fix");
    plan.title = QStringLiteral("Limit the WAL that slots keep on %1").arg(node);
    plan.cluster = cx.facts.spec.title;
    plan.subject = node;
    plan.endpoints.insert(node, cx.upstream.endpoint);
    plan.lockNode = node;
    plan.steps = {step};
    return plan;
}

/// How long the free disk lasts with a standby away, in one sentence.
QString lastsFor(const CheckContext &cx, std::optional<double> rate, std::optional<qint64> free)
{
    const QString who = cx.request.name.isEmpty() ? QStringLiteral("the new standby") : cx.request.name;
    const QString away = QStringLiteral("If %1 stops, its slot keeps WAL on %2 for as long as it is away.")
                             .arg(who, cx.upstreamWord());
    constexpr double bulk = 20.0 * 1024 * 1024;
    if (!free)
        return away +
               QStringLiteral(" How much disk is free there is not known; at 20 MB/s it is 72 GB an hour.");
    const QString size = format::bytes(*free);
    const QString bulkLasts = format::age(qint64(double(*free) / bulk * 1e6));
    if (!rate || *rate < 1)
        return away + QStringLiteral(
                          " No WAL was written while it was measured; during a 20 MB/s bulk load the %1 free "
                          "there last %2.")
                          .arg(size, bulkLasts);
    const double lasting = double(*free) / *rate;
    const QString words = lasting > 10.0 * 365 * 86400
                              ? QStringLiteral("more than ten years")
                              : QStringLiteral("about ") + format::age(qint64(lasting * 1e6));
    return away +
           QStringLiteral(" At the measured %1 the %2 free there last %3; during a 20 MB/s bulk load, %4.")
               .arg(format::rate(rate), size, words, bulkLasts);
}

/// May our role do what the fix needs?
bool mayAlterSystem(CheckRun &run)
{
    const auto super = run.ask(QStringLiteral("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"));
    if (super && super->first().toBool())
        return true;
    if (run.cx.server.versionNum < 150000)
        return false;
    const auto granted =
        run.ask(QStringLiteral("SELECT has_parameter_privilege('max_slot_wal_keep_size', 'ALTER SYSTEM') "
                               "AND has_function_privilege('pg_reload_conf()', 'EXECUTE')"));
    return granted && granted->first().toBool();
}

} // namespace

void slotRetention(CheckRun &run)
{
    CheckContext &cx = run.cx;
    if (cx.server.versionNum < 130000)
        return run.warn(QStringLiteral("PostgreSQL 12 has no limit"),
                        lastsFor(cx, cx.walRate(*run.sql), cx.upstreamDiskFree()));
    const auto rows =
        run.ask(QStringLiteral("SELECT current_setting('max_slot_wal_keep_size'), "
                               "pg_size_bytes(current_setting('max_slot_wal_keep_size'))::bigint, "
                               "pg_size_bytes(current_setting('max_wal_size'))::bigint"));
    if (!rows || rows->rows.isEmpty())
        return run.unknown(rows ? Error{QStringLiteral("no answer"), {}, {}} : rows.error());
    const QString shown = rows->rows.first().at(0).toString();
    const qint64 limit = rows->rows.first().at(1).toLongLong();
    const qint64 maxWal = rows->rows.first().at(2).toLongLong();
    const auto rate = cx.walRate(*run.sql);
    const auto free = cx.upstreamDiskFree();
    const auto suggest = [&](qint64 least) {
        const QString value = estimates::suggestedLimit(free, std::max(least, maxWal));
        const QString set = QStringLiteral("ALTER SYSTEM SET max_slot_wal_keep_size = '%1';").arg(value);
        const QString spoken = QString(value).insert(value.size() - 2, u' ');
        run.fix(set + u'\n' + reloadSql, QStringLiteral("Apply %1 and check again").arg(spoken));
        if (mayAlterSystem(run)) {
            run.result.fix->canApply = true;
            run.result.fix->plan = limitPlan(cx, value);
        }
    };
    run.result.waivable = true;
    if (limit < 0) {
        run.warn(QStringLiteral("max_slot_wal_keep_size = -1, no limit"), lastsFor(cx, rate, free));
        return suggest(0);
    }
    const auto size = estimates::clusterBytes(run);
    const qint64 during = size ? estimates::walDuringCopy(*size, rate, cx.request.maxRate) : 0;
    const QString evidence = QStringLiteral("max_slot_wal_keep_size = %1").arg(shown);
    if (limit < during) {
        run.warn(
            evidence + QStringLiteral(", the copy may need %1").arg(format::bytes(during)),
            QStringLiteral("At the measured %1 the primary writes about %2 of WAL during the copy. Beyond "
                           "the limit the slot is lost and the copy is worth nothing.")
                .arg(format::rate(rate), format::bytes(during)));
        return suggest(2 * during);
    }
    run.pass(evidence);
}

} // namespace understudy::checks
