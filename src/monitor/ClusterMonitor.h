// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ClusterFold.h"
#include "model/SecretSource.h"

#include <QObject>
#include <memory>

namespace understudy {

/// A node to watch.
struct WatchedNode
{
    NodeId id; ///< endpoint.address()
    QString name;
    Endpoint endpoint;
};

/// Watches the nodes of a cluster, a thread each, and folds what they say into a Topology at every tick.
/// Lives on the thread that made it (the GUI thread, or the only thread of a verb) and never blocks it:
/// a node that hangs is called "not responding" by the deadline, whatever its thread does.
class ClusterMonitor final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        int intervalMs = 1000;
        int deadlineMs = 3000; ///< No answer by then: not responding.
        int vitalsEveryMs =
            10000; ///< What changes slowly (archiving, conflicts, transactions) is read this often.
        Thresholds thresholds;
    };

    ClusterMonitor(std::shared_ptr<const SecretSource> secrets, const Options &options,
                   QObject *parent = nullptr);
    ~ClusterMonitor() override; ///< Returns at once; a thread that is stuck is given up.

    /// Replaces the set of nodes. Nodes that stay keep their connection and their memory.
    void setNodes(const QList<WatchedNode> &nodes);
    QList<WatchedNode> nodes() const;
    void setIntervalMs(int ms);
    int intervalMs() const;
    void setThresholds(const Thresholds &);
    void setPaused(bool paused);
    bool isPaused() const;
    /// Facts about machines, from `clusters`; used by the next fold.
    void setHostFacts(const HostFacts &facts);

    const Topology &topology() const;
    /// The newest answered look at a node, or null.
    const NodeSnapshot *snapshot(const NodeId &id) const;

Q_SIGNALS:
    /// Once a tick, when every node has answered or its deadline has passed; the first one as early as
    /// possible.
    void topologyChanged(const understudy::Topology &topology);
    void snapshotTaken(const understudy::NodeSnapshot &snapshot);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// One look without an event loop: probes every node in parallel, waits for the answers or the deadline and
/// folds them. @p polls looks are taken, @p gapMs apart: two are needed for rates and stalls. Where a link
/// made no progress between them, up to three more tell a stall from a second in which something was busy.
/// For verbs and plans; blocks its thread for at most polls x (deadline + gap) + 6 gaps.
Topology lookOnce(const QList<WatchedNode> &nodes, std::shared_ptr<const SecretSource> secrets,
                  const ClusterMonitor::Options &options, int polls = 2, int gapMs = 1000,
                  QList<NodeSnapshot> *snapshots = nullptr, const QList<HostFacts> &hostFacts = {});

} // namespace understudy
