// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/VerifyScene.h"

#include "model/Clock.h"
#include "model/Format.h"
#include "operations/RowCountRound.h"

namespace understudy::verifying {

namespace {

constexpr int lookDeadlineMs = 3000;
constexpr qint64 streamDeadlineUs = 15 * 1000000LL;
constexpr qint64 replayDeadlineUs = 30 * 1000000LL;

} // namespace

QString fact(const Plan &plan, const char *key)
{
    return plan.facts.value(QLatin1String(key));
}

Scene lookUntilStreaming(const Plan &plan, const ClusterSpec &spec,
                         const std::shared_ptr<const SecretSource> &secrets, std::stop_token stop)
{
    Scene scene;
    scene.nodes = spec.nodes;
    const Endpoint endpoint = plan.endpoints.value(plan.subject);
    scene.subject = endpoint.address();
    const bool known = std::any_of(scene.nodes.begin(), scene.nodes.end(),
                                   [&](const WatchedNode &node) { return node.id == scene.subject; });
    if (!known)
        scene.nodes.append(WatchedNode{scene.subject, plan.subject, endpoint});
    scene.upstream = fact(plan, "upstream_address");
    if (scene.upstream.isEmpty())
        scene.upstream = plan.endpoints.value(fact(plan, "upstream")).address();
    ClusterMonitor::Options options;
    options.deadlineMs = lookDeadlineMs;
    const qint64 began = SystemClock::instance().monotonicUs();
    for (;;) {
        scene.snapshots.clear();
        scene.topology = lookOnce(scene.nodes, secrets, options, 1, 0, &scene.snapshots);
        if (scene.streams(fact(plan, "slot")) || stop.stop_requested() ||
            SystemClock::instance().monotonicUs() - began > streamDeadlineUs)
            return scene;
        counting::pause(250, stop);
    }
}

const WatchedNode *primaryOf(const Scene &scene)
{
    for (const WatchedNode &node : scene.nodes) {
        const Node *known = scene.node(node.id);
        const Node *upstream = scene.node(scene.upstream);
        if (known && known->role == Role::Primary && known->state == NodeState::Up &&
            (!upstream || upstream->systemIdentifier == known->systemIdentifier))
            return &node;
    }
    return nullptr;
}

VerifyRow caughtUpRow(const Plan &plan, const Scene &scene, const SecretSource &secrets, std::stop_token stop)
{
    // A delayed standby replays late on purpose: that it has received everything is what can be shown.
    const QString delay = fact(plan, "apply_delay");
    VerifyRow row{QStringLiteral("%1 caught up").arg(plan.subject),
                  delay.isEmpty() ? QStringLiteral("0 B behind") : QStringLiteral("0 B not received"),
                  {}};
    SqlSession::Options options;
    options.applicationName = QStringLiteral("understudy_verify");
    options.readOnly = true;
    const WatchedNode *primary = primaryOf(scene);
    if (!primary) {
        row.unknown = true;
        row.actual = QStringLiteral("no primary answers, so nothing says how far it should be");
        return row;
    }
    const auto failWith = [&row](const Error &error) {
        row.unknown = true;
        row.actual = QStringLiteral("could not be told: ") + error.what;
        return row;
    };
    auto source = SqlSession::open(primary->endpoint, secrets, options, stop);
    if (!source)
        return failWith(source.error());
    const auto target = (*source)->query(QStringLiteral("SELECT pg_current_wal_lsn()::text"), {}, 5000, stop);
    if (!target)
        return failWith(target.error());
    const Lsn lsn = Lsn::parse(target->first().toString()).value_or(Lsn{});
    auto copy = SqlSession::open(plan.endpoints.value(plan.subject), secrets, options, stop);
    if (!copy)
        return failWith(copy.error());
    const qint64 began = SystemClock::instance().monotonicUs();
    for (;;) {
        const auto now = (*copy)->query(
            delay.isEmpty()
                ? QStringLiteral("SELECT pg_last_wal_replay_lsn()::text, pg_is_in_recovery() AND "
                                 "pg_is_wal_replay_paused()")
                : QStringLiteral(
                      "SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text, "
                      "false"),
            {}, 5000, stop);
        if (!now || now->rows.isEmpty())
            return failWith(now ? Error{QStringLiteral("no answer"), {}, {}} : now.error());
        const auto replayed = Lsn::parse(now->rows.first().at(0).toString());
        const double waited = double(SystemClock::instance().monotonicUs() - began) / 1e6;
        if (replayed && *replayed >= lsn) {
            row.actual = QStringLiteral("0 B at %1, after %2").arg(lsn.toString(), format::seconds(waited));
            if (!delay.isEmpty())
                row.actual += QStringLiteral("; it replays %1 late on purpose").arg(delay);
            row.pass = true;
            return row;
        }
        const bool paused = now->rows.first().at(1).toBool() && waited > 1;
        if (paused || waited * 1e6 > double(replayDeadlineUs) || stop.stop_requested()) {
            row.actual =
                QStringLiteral("%1 behind %2%3")
                    .arg(replayed ? format::bytes(replayed->bytesTo(lsn)) : QStringLiteral("unknown"),
                         lsn.toString(),
                         paused ? QStringLiteral(", replay is paused")
                                : QStringLiteral(" after ") + format::seconds(waited));
            return row;
        }
        counting::pause(50, stop);
    }
}

} // namespace understudy::verifying
