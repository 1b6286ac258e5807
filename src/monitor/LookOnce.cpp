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
    // There is no third second to wait for: a stall is what made no progress between the polls.
    Thresholds thresholds = options.thresholds;
    thresholds.stallAfterSeconds =
        std::min(thresholds.stallAfterSeconds, 0.9 * std::max(1, polls - 1) * gapMs / 1000.0);
    FoldMemoryPtr memory;
    Topology topology;
    for (int poll = 0; poll < std::max(1, polls); ++poll) {
        if (poll > 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(gapMs));
        looker.look(options.deadlineMs);
        FoldInput input;
        for (const NodeId &id : order) {
            if (looker.latest.contains(id))
                input.snapshots << looker.latest.value(id);
        }
        input.hostFacts = hostFacts;
        input.nowUs = SystemClock::instance().nowUs();
        input.thresholds = thresholds;
        input.singleLook = true;
        std::tie(memory, topology) = next(memory, input);
        if (snapshots)
            *snapshots = input.snapshots;
        if (!looker.anyAnswered())
            break; // There is nothing to compare.
    }
    return topology;
}

} // namespace understudy
