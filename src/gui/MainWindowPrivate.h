// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/Keyring.h"
#include "clusters/SessionSecrets.h"
#include "gui/GuiAsk.h"
#include "gui/MainWindow.h"
#include "gui/PictureSaver.h"
#include "gui/ThresholdStore.h"
#include "gui/charts/LagChart.h"
#include "gui/graph/GraphView.h"
#include "gui/graph/RewindBar.h"
#include "gui/panels/Banner.h"
#include "gui/panels/ClusterBar.h"
#include "gui/panels/DockHead.h"
#include "gui/panels/FindingsPanel.h"
#include "gui/panels/LinkPanel.h"
#include "gui/panels/NodePanel.h"
#include "gui/panels/OperationsPanel.h"
#include "gui/panels/PastStrip.h"
#include "gui/panels/ReattachChooser.h"
#include "gui/panels/ReattachReview.h"
#include "gui/panels/SlotsPanel.h"
#include "gui/panels/StartPage.h"
#include "gui/pictures/PictureDialog.h"
#include "gui/wizard/AddStandbyWizard.h"
#include "ui_MainWindow.h"

#include <QPointer>
#include <QSet>
#include <QToolBar>

namespace understudy {

/// What the main window is made of; for its own source files only.
struct MainWindow::Private
{
    Ui::MainWindow ui;
    std::shared_ptr<Keyring> keyring = systemKeyring();
    std::shared_ptr<KeyringSecrets> kept = std::make_shared<KeyringSecrets>(keyring);
    std::shared_ptr<SessionSecrets> secrets = std::make_shared<SessionSecrets>(kept);
    std::shared_ptr<SshAsk> ask; ///< Installed while this window is there.
    std::unique_ptr<PictureSource> pictures;
    std::unique_ptr<LiveCluster> cluster;
    QPointer<AddStandbyWizard> wizard;
    QPointer<ReattachChooser> chooser;
    QList<QPointer<ReattachReview>> reviews;
    QPointer<PictureDialog> picture;
    ReattachScene scene; ///< See reattachScene().
    NodeId selected;     ///< A node; of a link its downstream
    bool onLink = false; ///< The link to it is what is selected
    quint64 opening = 0; ///< Generation of what is being opened: an answer to an older wish is dropped.
    bool remembers = false, laidOut = false;
    QString historyFolder; ///< Empty: nothing is kept on disk.
    QSet<QString> asked;   ///< Addresses whose missing password was told

    ClusterBar *bar = nullptr;
    QToolBar *bannerStrip = nullptr;
    Banner *banner = nullptr;
    QStackedWidget *centre = nullptr;
    StartPage *start = nullptr;
    QWidget *graphPage = nullptr; ///< The graph, and the bar below it while a person looks back
    GraphPane *graph = nullptr;
    RewindBar *rewind = nullptr;
    QList<PastStrip *> asOf;          ///< Above what shows the past, saying so
    std::optional<Topology> pastLook; ///< What is shown instead of now
    KeptPast longAgo;                 ///< Of the day before the last hour, once a person looks back
    quint64 lookingBack = 0;          ///< Generation of what is read from disk: an older answer is dropped.
    TabDock *inspector = nullptr, *charts = nullptr;
    QStackedWidget *facts = nullptr; ///< Of a node, or of a link
    NodePanel *node = nullptr;
    LinkPanel *link = nullptr;
    FindingsPanel *findings = nullptr;
    OperationsPanel *operations = nullptr;
    LagChart *lag = nullptr;
    SlotsPanel *slotsPanel = nullptr;
    PictureSaver *saver = nullptr;
    QLabel *counts = nullptr, *wal = nullptr, *lastPoll = nullptr, *probe = nullptr, *system = nullptr;
    QAction *toggleInspector = nullptr, *toggleCharts = nullptr;
};

} // namespace understudy
