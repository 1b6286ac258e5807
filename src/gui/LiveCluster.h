// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"
#include "gui/HistoryKeeper.h"
#include "history/LagHistory.h"
#include "history/PastLooks.h"
#include "history/Recording.h"
#include "paint/GraphPainter.h"

#include <QObject>

namespace understudy {

class DemoCluster;

/// One open cluster in the window: its monitor, its history, its bindings to this machine. GUI thread; all
/// waiting is done elsewhere.
class LiveCluster final : public QObject
{
    Q_OBJECT
public:
    LiveCluster(const ClusterSpec &spec, std::shared_ptr<const SecretSource> secrets,
                QObject *parent = nullptr);
    /// A cluster that is only replayed: nothing is watched, and the last look stays. @p path: where it was
    /// read from.
    LiveCluster(const Replay &replay, const QString &path, QObject *parent = nullptr);
    ~LiveCluster() override;
    bool isRecording() const;

    const ClusterSpec &spec() const;
    const Topology &topology() const;
    const LagHistory &history() const;
    const PastLooks &past() const;            ///< Every look of the last hour.
    QHash<NodeId, CardExtras> extras() const; ///< For the graph: series slots, sparklines, finding counts
    QHash<NodeId, CardExtras> extrasOf(const Topology &look) const; ///< The same for an older look.
    std::shared_ptr<const SecretSource> secrets() const;
    ClusterMonitor &monitor();
    const QList<HostBinding> &bindings() const;

    void addNode(const WatchedNode &node); ///< A standby that a plan made
    void removeNode(const NodeId &id);
    void setThresholds(const Thresholds &thresholds); ///< At once; the caller keeps them.
    QList<NodeSnapshot> snapshots() const;            ///< The newest answered look at each node that has one.
    void note(const QString &text);                   ///< A neutral mark on the chart: "Write load paused"
    /// Takes over one folded look: the monitor's at every tick, or one that was made by hand.
    void feed(const Topology &topology);

    /// From now on every look is kept on disk, see HistoryKeeper; not of a recording, and not of a demo,
    /// which is gone when it is closed.
    void keepHistory(const QString &folder, const StoreSettings &settings);
    void stopKeepingHistory();
    HistoryKeeper *keeper() const; ///< Null: nothing is kept on disk.

    /// The demo behind this cluster, if it is ours; shared, its calls block (worker threads only).
    void setDemo(std::shared_ptr<DemoCluster> demo);
    std::shared_ptr<DemoCluster> demo() const;

Q_SIGNALS:
    void updated(); ///< Once a tick
    void nodesChanged();
    void historyProblemChanged(); ///< See HistoryKeeper::problem().

private:
    void lookAround(); ///< Bindings, free space and undiscovered nodes, on a worker.
    bool watches(const NodeId &id) const;
    void nodesWereChanged();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace understudy
