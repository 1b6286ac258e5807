// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/CheckContext.h"

#include "operations/PlanHosts.h"

#include <algorithm>
#include <condition_variable>

namespace understudy {

namespace {

constexpr qint64 secondUs = 1000000;

std::optional<WalSample> sample(SqlSession &sql, std::stop_token stop)
{
    const auto rows = sql.query(
        QStringLiteral("SELECT (CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), "
                       "pg_last_wal_replay_lsn()) ELSE pg_current_wal_lsn() END)::text, "
                       "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"),
        {}, 5000, stop);
    if (!rows || rows->rows.isEmpty())
        return std::nullopt;
    const auto lsn = Lsn::parse(rows->first().toString());
    if (!lsn)
        return std::nullopt;
    return WalSample{*lsn, rows->rows.first().at(1).toLongLong()};
}

void waitFor(qint64 microseconds, std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, std::chrono::microseconds(microseconds), [] { return false; });
}

} // namespace

CheckContext::CheckContext(AddStandbyRequest request_, AddStandbyFacts facts_,
                           std::shared_ptr<const SecretSource> secrets_, QMap<QString, QString> secretValues_,
                           std::stop_token stop_, std::shared_ptr<Host> host_)
    : request(std::move(request_)), facts(std::move(facts_)), secrets(std::move(secrets_)),
      secretValues(std::move(secretValues_)), stop(std::move(stop_)), host(std::move(host_))
{
    NodeId id = request.upstream;
    if (id.isEmpty() && !facts.topology.clusters.isEmpty()) {
        if (const Node *primary = facts.topology.clusters.first().primary())
            id = primary->id;
    }
    const auto &nodes = facts.spec.nodes;
    const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const auto &n) { return n.id == id; });
    if (found != nodes.end()) {
        upstream = *found;
    } else if (id.isEmpty() && !nodes.isEmpty()) {
        upstream = nodes.first();
    } else {
        upstream.id = id;
        upstream.endpoint.host.clear();
    }
    if (upstream.name.isEmpty()) {
        const Node *node = facts.topology.node(upstream.id);
        upstream.name = node && !node->name.isEmpty() ? node->name : upstream.id;
    }
    for (const HostBinding &binding : facts.bindings) {
        if (binding.id == upstream.id)
            upstreamBinding = binding;
    }
    sharesMachine = upstreamBinding && facts.target.isLocal();
    const Node *node = facts.topology.node(upstream.id);
    cascade = node && node->role == Role::Standby;
}

QString CheckContext::upstreamWord() const
{
    return cascade ? upstream.name : QStringLiteral("the primary");
}

QString CheckContext::targetWord() const
{
    return placeWords(facts.target.place);
}

QString CheckContext::serverUser() const
{
    return facts.serverUser();
}

QString CheckContext::replicationUser() const
{
    return request.replicationUser.isEmpty() ? facts.spec.replicationUser : request.replicationUser;
}

const NodeSnapshot *CheckContext::upstreamSnapshot() const
{
    for (const NodeSnapshot &snapshot : facts.snapshots) {
        if (snapshot.id == upstream.id && snapshot.answered())
            return &snapshot;
    }
    return nullptr;
}

std::optional<double> CheckContext::walRate(SqlSession &sql)
{
    const std::lock_guard lock(m_rateMutex);
    if (m_rateTaken)
        return m_rate;
    WalSample before = server.first;
    // The look that the facts came from is older: a longer time gives a steadier rate. Too old, and it
    // speaks of another hour.
    const NodeSnapshot *snapshot = upstreamSnapshot();
    if (snapshot && snapshot->serverTimeUs && snapshot->headLsn() &&
        before.serverUs - *snapshot->serverTimeUs < 120 * secondUs &&
        *snapshot->serverTimeUs < before.serverUs && *snapshot->headLsn() <= before.lsn)
        before = WalSample{*snapshot->headLsn(), *snapshot->serverTimeUs};
    auto now = sample(sql, stop);
    if (now && now->serverUs - before.serverUs < secondUs) {
        waitFor(secondUs - std::max<qint64>(0, now->serverUs - before.serverUs), stop);
        now = sample(sql, stop);
    }
    if (now && before.serverUs > 0 && now->serverUs > before.serverUs)
        m_rate = double(before.lsn.bytesTo(now->lsn)) * secondUs / double(now->serverUs - before.serverUs);
    m_rateTaken = m_rate.has_value();
    return m_rate;
}

std::optional<qint64> CheckContext::upstreamDiskFree() const
{
    if (!upstreamBinding)
        return std::nullopt;
    const auto space = localHost()->space(upstreamBinding->dataDirectory);
    if (!space)
        return std::nullopt;
    return space->freeBytes;
}

} // namespace understudy
