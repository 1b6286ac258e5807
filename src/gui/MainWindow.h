// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/LiveCluster.h"

#include <QMainWindow>

namespace understudy {

class AddStandbyWizard;
class ReattachReview;
struct ReattachScene;
struct PictureSubject;
class PictureSource;

/// The window of one cluster. 1440 x 900 by default.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(QWidget *parent = nullptr);
    ~MainWindow() override;

    void openCluster(const QString &text); ///< Resolves on a worker; a banner says what went wrong
    void openDemo();                       ///< Starts the embedded cluster with progress in the window
    void setCluster(std::unique_ptr<LiveCluster> cluster);
    LiveCluster *cluster() const;
    /// The wizard's window (one at a time), or null when no cluster is open. @p upstream: what a new wizard
    /// begins with.
    AddStandbyWizard *openAddStandby(const NodeId &upstream = {});
    void askReattach(const NodeId &standby); ///< Offers the nodes that it could stream from
    /// The window that says what it would mean; one a pair. Changes nothing.
    ReattachReview *reviewReattach(const NodeId &standby, const NodeId &target);
    void selectNode(const NodeId &node);
    void selectLink(const NodeId &downstream); ///< The link that feeds it
    /// Shows the graph, its table and the selected node as they were at @p atUs; none: as they are.
    void rewindTo(std::optional<qint64> atUs);
    void openRecording(const QString &path); ///< Read on a worker; a banner says what went wrong
    /// Size, docks and theme are remembered from one start to the next. Off unless asked for.
    void setRemembersLayout(bool remembers);
    /// Looks at clusters are kept on disk in @p folder, as long as the person's settings say so. Off unless
    /// asked for.
    void setKeepsHistory(const QString &folder);
    void lookForInterrupted();      ///< Says what a plan that was cut off left, and offers to pick it up.
    QString bannerSentence() const; ///< Empty: no banner is up

Q_SIGNALS:
    void clusterOpened();
    void openingFailed(const QString &sentence);

protected:
    void closeEvent(QCloseEvent *) override;
    void showEvent(QShowEvent *) override;

private:
    void build();
    void connectActions();
    void connectGraph();
    void refresh();
    void refreshBar();
    void refreshStatus();
    void refreshWal(const Topology &topology);
    void setPaused(bool paused);
    void setIntervalMs(int ms);
    void setLoadPaused(bool paused);
    void showMonitoringRole();
    void noteLogin(const NodeSnapshot &snapshot);
    void askPassword(const Endpoint &endpoint);
    void keepPassword(const Endpoint &endpoint, const QString &password);
    void failOpening(const QString &sentence);
    void connectNodeActions();
    void refreshNodeActions();
    const Node *selectedNode() const;
    void nodeMenu(const NodeId &node, const QPoint &at);
    void buildLinkPage();
    void connectLinks();
    void showSelection(const Topology &topology, const QHash<NodeId, CardExtras> &extras);
    void linkMenu(const NodeId &downstream, const QPoint &at);
    const ReattachScene &reattachScene(); ///< Of the newest look; made once a look.
    void followReattach();
    void closeReattach();
    void connectDialogs();
    void connectPictures();
    PictureSubject pictureSubject() const; ///< Of what is shown just now; a cluster is open.
    void askPicture();
    void buildRewind();
    void setRewind(bool on);
    void refreshRewind();
    const Topology &shownTopology() const;
    bool showsNow() const; ///< Not the past, and not a recording: what is shown can be changed.
    void saveRecording();
    void startKeeping();
    void readKeptPast();
    void noteHistoryProblem();
    void askAdoption(const NodeId &ghost);
    void askThresholds();
    void saveClusterFile();
    bool planIsRunning();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace understudy
