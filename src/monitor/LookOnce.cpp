// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Clock.h"
#include "monitor/ClusterMonitor.h"
#include "monitor/NodeProbe.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <tuple>
#include <vector>

namespace understudy {

namespace {

struct Looker
{
    std::vector<std::unique_ptr<NodeProbe>> probes;
    std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
    QMap<NodeId, NodeSnapshot> latest;

    bool isPending() const
    {
        return std::any_of(probes.begin(), probes.end(), [](const auto &p) { return p->isPending(); });
    }

    void collect()
    {
        for (const Mailbox::Letter &letter : mailbox->take()) {
            for (const auto &probe : probes) {
                if (probe->node().id == letter.node && probe->accept(letter) == NodeProbe::Accepted::News)
                    latest.insert(letter.node, letter.snapshot);
            }
        }
    }

    void look(int deadlineMs)
    {
        const SystemClock &clock = SystemClock::instance();
        const qint64 started = clock.monotonicUs();
        for (const auto &probe : probes)
            probe->ask(started);
        const qint64 deadline = started + qint64(deadlineMs) * 1000;
        while (isPending() && clock.monotonicUs() < deadline) {
            mailbox->waitForLetter(int((deadline - clock.monotonicUs()) / 1000) + 1);
            collect();
        }
        for (const auto &probe : probes) {
            if (auto silent = probe->judge(std::max(clock.monotonicUs(), deadline), clock.nowUs()))
                latest.insert(probe->node().id, *silent);
        }
    }

    bool anyAnswered() const
    {
        return std::any_of(latest.begin(), latest.end(), [](const NodeSnapshot &s) { return s.answered(); });
    }
};

// How many gaps WAL must have waited before one look calls it a stall, if the live monitor's time is not over
// before.
constexpr double stallGaps = 3;

bool hasStall(const Topology &topology, const NodeId &downstream)
{
    return std::any_of(topology.clusters.begin(), topology.clusters.end(), [&](const Cluster &cluster) {
        const Link *link = cluster.linkTo(downstream);
        return link && link->lag == LagState::LinkStalled;
    });
}

/// Some link made no progress since the last poll, and not for long enough yet to say so: a busy disk or
/// processor can hold WAL up for a second, and that is no stall.
bool isSuspicious(const FoldMemoryPtr &memory, FoldInput input, int gapMs, const Topology &judged)
{
    input.thresholds.stallAfterSeconds = 0.9 * gapMs / 1000.0;
    const Topology harsh = next(memory, input).second;
    for (const Cluster &cluster : harsh.clusters) {
        for (const Link &link : cluster.links) {
            if (link.lag == LagState::LinkStalled && !hasStall(judged, link.downstream))
                return true;
        }
    }
    return false;
}

} // namespace

Topology lookOnce(const QList<WatchedNode> &nodes, std::shared_ptr<const SecretSource> secrets,
                  const ClusterMonitor::Options &options, int polls, int gapMs,
                  QList<NodeSnapshot> *snapshots, const QList<HostFacts> &hostFacts)
{
    Looker looker;
    QList<NodeId> order;
    for (const WatchedNode &node : nodes) {
        if (order.contains(node.id))
            continue;
        order << node.id;
        looker.probes.push_back(std::make_unique<NodeProbe>(
            node, secrets, ProbePace{options.deadlineMs, gapMs, options.vitalsEveryMs}, looker.mailbox));
    }
    Thresholds thresholds = options.thresholds;
    // One poll compares with nothing, so it keeps the live monitor's time and never sees a stall.
    if (polls > 1)
        thresholds.stallAfterSeconds =
            std::min(thresholds.stallAfterSeconds, (stallGaps - 0.1) * gapMs / 1000.0);
    FoldMemoryPtr memory;
    Topology topology;
    bool suspicious = false;
    for (int poll = 0; poll < std::max(1, polls) || (suspicious && poll < polls + int(stallGaps)); ++poll) {
        const bool extra = poll >= polls;
        if (poll > 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(gapMs));
        // Whoever hangs was waited for already.
        looker.look(poll > 0 && extra ? std::min(options.deadlineMs, gapMs) : options.deadlineMs);
        FoldInput input;
        for (const NodeId &id : order) {
            if (looker.latest.contains(id))
                input.snapshots << looker.latest.value(id);
        }
        input.hostFacts = hostFacts;
        input.nowUs = SystemClock::instance().nowUs();
        input.thresholds = thresholds;
        input.singleLook = true;
        const FoldMemoryPtr before = memory;
        std::tie(memory, topology) = next(memory, input);
        suspicious = poll > 0 && isSuspicious(before, input, gapMs, topology);
        if (snapshots)
            *snapshots = input.snapshots;
        if (!looker.anyAnswered())
            break; // There is nothing to compare.
    }
    return topology;
}

} // namespace understudy
