// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/LiveCluster.h"

#include "clusters/ClusterSecrets.h"
#include "clusters/ContainerPaths.h"
#include "demo/DemoCluster.h"
#include "gui/Background.h"
#include "model/Clock.h"

#include <QSet>
#include <QTimer>

namespace understudy {

namespace {

constexpr int lookAroundEveryMs = 10000;
constexpr int sparklineSeconds = 60;

/// What a look at this machine and its surroundings found.
struct Surroundings
{
    QList<WatchedNode> discovered;
    QList<HostBinding> bindings;
    QList<HostFacts> facts;
    QMap<QString, QString> unreachable;
};

} // namespace

struct LiveCluster::Private
{
    ClusterSpec spec;
    std::shared_ptr<const SecretSource> secrets;
    std::unique_ptr<ClusterMonitor> monitor;
    Topology topology;
    LagHistory history;
    std::shared_ptr<PastLooks> past = std::make_shared<PastLooks>();
    std::unique_ptr<HistoryKeeper> keeper;
    bool recording = false;
    QList<HostBinding> bindings;
    QSet<NodeId> removed; ///< Taken out by a person: not to be discovered again.
    std::shared_ptr<DemoCluster> demo;
    QTimer lookAround;
    quint64 generation = 0; ///< Of the set of nodes: older answers are about other nodes.
    bool looking = false;
    bool lookedOnce = false;
};

LiveCluster::LiveCluster(const ClusterSpec &spec, std::shared_ptr<const SecretSource> secrets,
                         QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->spec = spec;
    d->secrets = secretsOf(spec, std::move(secrets));
    ClusterMonitor::Options options;
    options.thresholds = d->spec.thresholds;
    d->monitor = std::make_unique<ClusterMonitor>(d->secrets, options);
    connect(d->monitor.get(), &ClusterMonitor::topologyChanged, this, &LiveCluster::feed);
    d->lookAround.setInterval(lookAroundEveryMs);
    connect(&d->lookAround, &QTimer::timeout, this, &LiveCluster::lookAround);
    d->monitor->setNodes(d->spec.nodes);
}

LiveCluster::LiveCluster(const Replay &replay, const QString &path, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->recording = true;
    d->spec.title = replay.title;
    d->spec.source = path;
    d->monitor = std::make_unique<ClusterMonitor>(nullptr, ClusterMonitor::Options());
    d->monitor->setPaused(true);
    d->history = replay.history;
    d->past = replay.past;
    d->topology = replay.last;
}

LiveCluster::~LiveCluster() = default;

bool LiveCluster::isRecording() const
{
    return d->recording;
}

const PastLooks &LiveCluster::past() const
{
    return *d->past;
}

void LiveCluster::feed(const Topology &topology)
{
    d->topology = withGhostReasons(topology, d->spec.unreachable);
    d->history.add(d->topology);
    d->past->add(d->topology);
    if (d->keeper)
        d->keeper->add(d->topology);
    const bool answered = std::any_of(d->spec.nodes.begin(), d->spec.nodes.end(), [this](const auto &node) {
        return d->monitor->snapshot(node.id) != nullptr;
    });
    if (!d->lookedOnce && answered) {
        d->lookedOnce = true;
        d->lookAround.start();
        lookAround();
    }
    Q_EMIT updated();
}

void LiveCluster::lookAround()
{
    if (d->looking || d->monitor->isPaused())
        return;
    const QList<NodeSnapshot> snapshots = this->snapshots();
    if (snapshots.isEmpty())
        return;
    d->looking = true;
    const quint64 generation = d->generation;
    inBackground(
        this,
        [spec = d->spec, secrets = d->secrets, snapshots] {
            Surroundings found;
            found.bindings = bindLocalNodes(snapshots);
            found.facts = hostFacts(found.bindings);
            found.discovered = discoverNodes(spec, snapshots, secrets, &found.unreachable);
            return found;
        },
        [this, generation](const Surroundings &found) {
            d->looking = false;
            if (generation != d->generation) {
                lookAround();
                return;
            }
            d->bindings = found.bindings;
            d->spec.unreachable = found.unreachable;
            for (const HostFacts &facts : found.facts)
                d->monitor->setHostFacts(facts);
            bool more = false;
            for (const WatchedNode &node : found.discovered) {
                if (!d->removed.contains(node.id) && !watches(node.id)) {
                    d->spec.nodes.append(node);
                    more = true;
                }
            }
            if (more)
                nodesWereChanged();
        });
}

QList<NodeSnapshot> LiveCluster::snapshots() const
{
    QList<NodeSnapshot> snapshots;
    for (const WatchedNode &node : std::as_const(d->spec.nodes)) {
        if (const NodeSnapshot *snapshot = d->monitor->snapshot(node.id))
            snapshots.append(*snapshot);
    }
    return snapshots;
}

void LiveCluster::setThresholds(const Thresholds &thresholds)
{
    d->spec.thresholds = thresholds;
    d->monitor->setThresholds(thresholds);
}

bool LiveCluster::watches(const NodeId &id) const
{
    return std::any_of(d->spec.nodes.begin(), d->spec.nodes.end(),
                       [&id](const WatchedNode &node) { return node.id == id; });
}

void LiveCluster::nodesWereChanged()
{
    ++d->generation;
    d->monitor->setNodes(d->spec.nodes);
    // New nodes are bound to this machine once they have answered.
    QTimer::singleShot(1500, this, &LiveCluster::lookAround);
    Q_EMIT nodesChanged();
}

const ClusterSpec &LiveCluster::spec() const
{
    return d->spec;
}

const Topology &LiveCluster::topology() const
{
    return d->topology;
}

const LagHistory &LiveCluster::history() const
{
    return d->history;
}

QHash<NodeId, CardExtras> LiveCluster::extras() const
{
    return extrasOf(d->topology);
}

QHash<NodeId, CardExtras> LiveCluster::extrasOf(const Topology &look) const
{
    QHash<NodeId, CardExtras> all;
    const qint64 until = look.takenAtUs;
    for (const Cluster &cluster : look.clusters) {
        for (const Node &node : cluster.nodes) {
            CardExtras extras;
            extras.seriesSlot = node.role == Role::Primary ? -1 : d->history.seriesSlot(node.id);
            extras.sparkline = node.role == Role::Primary
                                   ? d->history.walRates(node.id, sparklineSeconds, until)
                                   : d->history.lagTail(node.id, sparklineSeconds, until);
            // A notice is no trouble of a card's; its place is the list.
            for (const Finding &finding : cluster.findings) {
                const NodeId &about = finding.downstream.isEmpty() ? finding.node : finding.downstream;
                if (about != node.id || finding.severity == Severity::Notice)
                    continue;
                ++extras.findings;
                extras.worst = std::min(extras.worst, finding.severity);
            }
            all.insert(node.id, extras);
        }
    }
    return all;
}

std::shared_ptr<const SecretSource> LiveCluster::secrets() const
{
    return d->secrets;
}

ClusterMonitor &LiveCluster::monitor()
{
    return *d->monitor;
}

const QList<HostBinding> &LiveCluster::bindings() const
{
    return d->bindings;
}

void LiveCluster::addNode(const WatchedNode &node)
{
    d->removed.remove(node.id);
    if (watches(node.id))
        return;
    d->spec.nodes.append(node);
    nodesWereChanged();
}

void LiveCluster::removeNode(const NodeId &id)
{
    d->removed.insert(id);
    if (d->spec.nodes.removeIf([&id](const WatchedNode &node) { return node.id == id; }) > 0)
        nodesWereChanged();
}

void LiveCluster::note(const QString &text)
{
    const HistoryEvent event{SystemClock::instance().nowUs(), text, {}, Severity::Notice, true};
    d->history.addEvent(event);
    if (d->keeper)
        d->keeper->note(event);
    Q_EMIT updated();
}

void LiveCluster::keepHistory(const QString &folder, const StoreSettings &settings)
{
    if (d->recording || d->spec.isDemo)
        return;
    d->keeper = std::make_unique<HistoryKeeper>(folder, settings);
    connect(d->keeper.get(), &HistoryKeeper::problemChanged, this, &LiveCluster::historyProblemChanged);
}

void LiveCluster::stopKeepingHistory()
{
    d->keeper.reset();
    Q_EMIT historyProblemChanged();
}

HistoryKeeper *LiveCluster::keeper() const
{
    return d->keeper.get();
}

void LiveCluster::setDemo(std::shared_ptr<DemoCluster> demo)
{
    d->demo = std::move(demo);
}

std::shared_ptr<DemoCluster> LiveCluster::demo() const
{
    return d->demo;
}

} // namespace understudy
