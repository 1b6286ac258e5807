// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/ClusterMonitor.h"

#include "model/Clock.h"
#include "monitor/NodeProbe.h"

#include <QTimer>
#include <algorithm>
#include <atomic>
#include <map>
#include <tuple>

namespace understudy {

namespace {

// Asking hundreds at one moment makes each of them wait for the others, each time in another order. So they
// are asked by and by, a slice at a time, within this part of the interval.
constexpr qsizetype sliceSize = 16;
constexpr double sliceSpan = 0.8;

struct Watched
{
    WatchedNode node;
    std::unique_ptr<NodeProbe> probe;
    std::optional<NodeSnapshot> latest;
    std::optional<NodeSnapshot> lastAnswered;

    bool isSilent() const { return latest && latest->answer == Answer::NotResponding; }
    /// The tick waits for this node. One that was silent at the last look holds nobody up.
    bool isAwaited() const { return probe->isPending() && !isSilent(); }
};

qint64 monotonicUs()
{
    return SystemClock::instance().monotonicUs();
}

qint64 wallUs()
{
    return SystemClock::instance().nowUs();
}

} // namespace

struct ClusterMonitor::Private
{
    ClusterMonitor *q;
    std::shared_ptr<const SecretSource> secrets;
    Options options;
    QList<NodeId> order;
    std::map<NodeId, Watched> watched;
    QMap<NodeId, HostFacts> hostFacts;
    std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
    std::shared_ptr<std::atomic<bool>> wakePosted = std::make_shared<std::atomic<bool>>(false);
    QList<NodeId> askOrder; ///< As `order`, but the nodes of a cluster stand together: they are compared.
    qsizetype asked = 0;    ///< How many of askOrder this tick has asked.
    QTimer tickTimer;
    QTimer sliceTimer;
    QTimer judgeTimer;
    bool paused = false;
    bool tickOpen = false; ///< Asked, not yet told.
    bool toldOnce = false;
    FoldMemoryPtr memory;
    Topology topology;

    void tick();
    void askSlice();
    void sortForAsking();
    void collect();
    void judge();
    void scheduleJudgement();
    void tellIfComplete();
    void tell();
    void take(Watched &w, NodeSnapshot snapshot);
};

ClusterMonitor::ClusterMonitor(std::shared_ptr<const SecretSource> secrets, const Options &options,
                               QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->secrets = std::move(secrets);
    d->options = options;
    d->tickTimer.setTimerType(Qt::PreciseTimer);
    d->tickTimer.setInterval(std::max(50, options.intervalMs));
    d->sliceTimer.setTimerType(Qt::PreciseTimer);
    d->judgeTimer.setSingleShot(true);
    d->judgeTimer.setTimerType(Qt::PreciseTimer);
    connect(&d->tickTimer, &QTimer::timeout, this, [this] { d->tick(); });
    connect(&d->sliceTimer, &QTimer::timeout, this, [this] { d->askSlice(); });
    connect(&d->judgeTimer, &QTimer::timeout, this, [this] { d->judge(); });
    // Called on the probes' threads; many letters at once wake the reader once.
    d->mailbox->onLetter([this, posted = d->wakePosted] {
        if (!posted->exchange(true))
            QMetaObject::invokeMethod(
                this, [this] { d->collect(); }, Qt::QueuedConnection);
    });
}

ClusterMonitor::~ClusterMonitor()
{
    d->mailbox->silence();
}

void ClusterMonitor::setNodes(const QList<WatchedNode> &nodes)
{
    std::map<NodeId, Watched> next;
    d->order.clear();
    for (const WatchedNode &node : nodes) {
        if (next.contains(node.id))
            continue;
        d->order << node.id;
        const auto old = d->watched.find(node.id);
        if (old != d->watched.end() && old->second.node.endpoint == node.endpoint) {
            old->second.node.name = node.name;
            next.emplace(node.id, std::move(old->second));
            continue;
        }
        Watched fresh;
        fresh.node = node;
        fresh.probe = std::make_unique<NodeProbe>(
            node, d->secrets,
            ProbePace{d->options.deadlineMs, d->options.intervalMs, d->options.vitalsEveryMs}, d->mailbox);
        next.emplace(node.id, std::move(fresh));
    }
    d->watched = std::move(next);
    d->sortForAsking();
    if (d->paused)
        return;
    d->tickTimer.start();
    d->tick();
}

QList<WatchedNode> ClusterMonitor::nodes() const
{
    QList<WatchedNode> out;
    for (const NodeId &id : d->order)
        out << d->watched.at(id).node;
    return out;
}

void ClusterMonitor::setIntervalMs(int ms)
{
    d->options.intervalMs = std::max(50, ms);
    d->tickTimer.setInterval(d->options.intervalMs);
}

int ClusterMonitor::intervalMs() const
{
    return d->options.intervalMs;
}

void ClusterMonitor::setThresholds(const Thresholds &thresholds)
{
    d->options.thresholds = thresholds;
}

void ClusterMonitor::setPaused(bool paused)
{
    if (d->paused == paused)
        return;
    d->paused = paused;
    if (paused) {
        d->tickTimer.stop();
        d->sliceTimer.stop();
        d->tickOpen = false;
    } else {
        d->tickTimer.start();
        d->tick();
    }
}

bool ClusterMonitor::isPaused() const
{
    return d->paused;
}

void ClusterMonitor::setHostFacts(const HostFacts &facts)
{
    d->hostFacts.insert(facts.id, facts);
}

const Topology &ClusterMonitor::topology() const
{
    return d->topology;
}

const NodeSnapshot *ClusterMonitor::snapshot(const NodeId &id) const
{
    const auto it = d->watched.find(id);
    return it != d->watched.end() && it->second.lastAnswered ? &*it->second.lastAnswered : nullptr;
}

void ClusterMonitor::Private::tick()
{
    // The last tick still waits for somebody who has time until the deadline: the others are shown now.
    if (tickOpen && toldOnce)
        tell();
    while (asked < askOrder.size()) // We are late: nobody is left out for that.
        askSlice();
    tickOpen = true;
    asked = 0;
    const qsizetype slices = (askOrder.size() + sliceSize - 1) / sliceSize;
    if (slices > 1)
        sliceTimer.start(int(options.intervalMs * sliceSpan / double(slices)));
    askSlice();
}

void ClusterMonitor::Private::askSlice()
{
    const qint64 now = monotonicUs();
    const qsizetype end = std::min(asked + sliceSize, askOrder.size());
    for (; asked < end; ++asked)
        watched.at(askOrder[asked]).probe->ask(now);
    if (asked == askOrder.size())
        sliceTimer.stop();
    scheduleJudgement();
    tellIfComplete();
}

void ClusterMonitor::Private::sortForAsking()
{
    asked = 0;
    sliceTimer.stop();
    askOrder = order;
    if (order.size() <= sliceSize)
        return;
    QMap<NodeId, qsizetype> place;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes)
            place.insert(node.id, place.size());
    }
    std::stable_sort(askOrder.begin(), askOrder.end(), [&](const NodeId &a, const NodeId &b) {
        return place.value(a, place.size()) < place.value(b, place.size());
    });
}

void ClusterMonitor::Private::collect()
{
    // Before reading: a letter that comes from here on wakes us again.
    wakePosted->store(false);
    for (Mailbox::Letter &letter : mailbox->take()) {
        const auto it = watched.find(letter.node);
        if (it == watched.end())
            continue;
        const auto accepted = it->second.probe->accept(letter);
        if (accepted == NodeProbe::Accepted::News) {
            take(it->second, std::move(letter.snapshot));
        } else if (accepted == NodeProbe::Accepted::Freed && !paused) {
            // The node hung until just now. Waiting for the next tick would cost it a poll of its return.
            it->second.probe->ask(monotonicUs());
            scheduleJudgement();
        }
    }
    tellIfComplete();
}

void ClusterMonitor::Private::take(Watched &w, NodeSnapshot snapshot)
{
    snapshot.name = w.node.name;
    if (snapshot.answered())
        w.lastAnswered = snapshot;
    w.latest = std::move(snapshot);
    const NodeSnapshot copy = *w.latest; // Who listens may change the set of nodes.
    Q_EMIT q->snapshotTaken(copy);
}

void ClusterMonitor::Private::judge()
{
    QList<NodeId> ids;
    for (const auto &[id, w] : watched)
        ids << id;
    for (const NodeId &id : ids) {
        const auto it = watched.find(id);
        if (it == watched.end())
            continue;
        if (auto silent = it->second.probe->judge(monotonicUs(), wallUs()))
            take(it->second, std::move(*silent));
    }
    scheduleJudgement();
    tellIfComplete();
}

void ClusterMonitor::Private::scheduleJudgement()
{
    const qint64 now = monotonicUs();
    std::optional<qint64> earliest;
    for (const auto &[id, w] : watched) {
        if (const auto due = w.probe->dueUs(); due && (!earliest || *due < *earliest))
            earliest = due;
    }
    if (earliest)
        judgeTimer.start(int(std::max<qint64>(0, (*earliest - now) / 1000) + 1));
    else
        judgeTimer.stop();
}

void ClusterMonitor::Private::tellIfComplete()
{
    if (!tickOpen || paused || asked < askOrder.size())
        return;
    const bool waits = std::any_of(watched.begin(), watched.end(), [](const auto &pair) {
        return !pair.second.latest || pair.second.isAwaited();
    });
    if (!waits)
        tell();
}

void ClusterMonitor::Private::tell()
{
    tickOpen = false;
    const bool first = !toldOnce;
    toldOnce = true;
    FoldInput input;
    for (const NodeId &id : order) {
        if (const auto &latest = watched.at(id).latest)
            input.snapshots << *latest;
    }
    input.hostFacts = hostFacts.values();
    input.nowUs = wallUs();
    input.thresholds = options.thresholds;
    std::tie(memory, topology) = next(memory, input);
    if (first)
        sortForAsking(); // Only now it is known who belongs together.
    const Topology copy = topology;
    Q_EMIT q->topologyChanged(copy);
}

} // namespace understudy
