// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/DemoCluster.h"
#include "gui/Background.h"
#include "gui/MainWindowPrivate.h"
#include "gui/Style.h"
#include "gui/panels/MonitoringRoleDialog.h"

#include <QActionGroup>
#include <QApplication>
#include <QDesktopServices>
#include <QMessageBox>
#include <QUrl>

namespace understudy {

namespace {

void openManual(const char *page)
{
    QDesktopServices::openUrl(
        QUrl(QStringLiteral("https://www.postgresql.org/docs/current/%1.html").arg(QLatin1String(page))));
}

QActionGroup *groupOf(const QList<QAction *> &actions, QObject *parent)
{
    auto *group = new QActionGroup(parent);
    for (QAction *action : actions)
        group->addAction(action);
    return group;
}

} // namespace

void MainWindow::connectActions()
{
    Ui::MainWindow &ui = d->ui;
    connect(ui.actionOpenCluster, &QAction::triggered, this, [this] {
        if (planIsRunning())
            return;
        d->centre->setCurrentWidget(d->start);
        d->start->showChoice();
        d->start->focusField();
    });
    connect(ui.actionOpenDemo, &QAction::triggered, this, &MainWindow::openDemo);
    connect(d->start, &StartPage::demoWanted, this, &MainWindow::openDemo);
    connect(d->start, &StartPage::clusterWanted, this, &MainWindow::openCluster);
    connect(d->start, &StartPage::backWanted, this, [this] {
        if (d->cluster)
            d->centre->setCurrentWidget(d->graphPage);
    });
    connect(ui.actionQuit, &QAction::triggered, this, &QWidget::close);

    connectPictures();
    auto *clusters = new QMenu(d->bar->cluster);
    clusters->addActions({ui.actionOpenCluster, ui.actionOpenDemo});
    d->bar->cluster->setMenu(clusters);

    ui.actionGraph->setChecked(true);
    QActionGroup *views = groupOf({ui.actionGraph, ui.actionTable}, this);
    connect(views, &QActionGroup::triggered, this,
            [this](QAction *action) { d->graph->showTable(action == d->ui.actionTable); });
    connect(ui.actionZoomIn, &QAction::triggered, d->graph->graph(), &GraphView::zoomIn);
    connect(ui.actionZoomOut, &QAction::triggered, d->graph->graph(), &GraphView::zoomOut);
    connect(ui.actionZoomFit, &QAction::triggered, d->graph->graph(), &GraphView::fit);

    ui.actionThemeLight->setData(int(Style::Choice::Light));
    ui.actionThemeDark->setData(int(Style::Choice::Dark));
    ui.actionThemeSystem->setData(int(Style::Choice::System));
    QActionGroup *themes = groupOf({ui.actionThemeLight, ui.actionThemeDark, ui.actionThemeSystem}, this);
    const auto checkTheme = [themes] {
        for (QAction *action : themes->actions())
            action->setChecked(action->data().toInt() == int(Style::instance().choice()));
    };
    checkTheme();
    connect(themes, &QActionGroup::triggered, this,
            [](QAction *action) { Style::instance().apply(Style::Choice(action->data().toInt())); });
    connect(&Style::instance(), &Style::changed, this, [this, checkTheme] {
        checkTheme();
        refresh();
    });

    const auto toggle = [this](TabDock *dock) {
        QAction *action = dock->toggleViewAction();
        d->ui.menuPanels->addAction(action);
        return action;
    };
    d->toggleInspector = toggle(d->inspector);
    d->toggleCharts = toggle(d->charts);

    const QList<std::pair<QAction *, int>> intervals = {{ui.actionEvery500, 500},
                                                        {ui.actionEvery1000, 1000},
                                                        {ui.actionEvery2000, 2000},
                                                        {ui.actionEvery5000, 5000},
                                                        {ui.actionEvery10000, 10000}};
    auto *group = new QActionGroup(this);
    for (const auto &[action, ms] : intervals) {
        action->setData(ms);
        action->setChecked(ms == 1000);
        group->addAction(action);
    }
    connect(group, &QActionGroup::triggered, this,
            [this](QAction *action) { setIntervalMs(action->data().toInt()); });
    connect(ui.actionPause, &QAction::toggled, this, &MainWindow::setPaused);
    connect(d->bar->pause, &QPushButton::clicked, ui.actionPause, &QAction::toggle);
    connect(ui.actionPauseLoad, &QAction::triggered, this, &MainWindow::setLoadPaused);

    connect(ui.actionMonitoringRole, &QAction::triggered, this, &MainWindow::showMonitoringRole);
    connect(ui.actionAddStandby, &QAction::triggered, this, [this] { openAddStandby(); });
    connect(d->bar->addStandby, &QPushButton::clicked, this, [this] { openAddStandby(); });
    connect(ui.actionShowOperations, &QAction::triggered, this, [this] {
        d->inspector->show();
        d->inspector->setCurrentPage(2);
    });

    d->operations->setSecrets(d->secrets);
    connect(d->operations, &OperationsPanel::unfinishedFound, this, [this](const QStringList &titles) {
        if (titles.isEmpty()) {
            d->banner->clear(QStringLiteral("interrupted"));
            return;
        }
        d->banner->say(
            QStringLiteral("interrupted"), Glyph::FindingWarning,
            titles.size() == 1
                ? tr("\"%1\" was interrupted. It can be continued or undone.").arg(titles.constFirst())
                : tr("%1 operations were interrupted. They can be continued or undone.").arg(titles.size()),
            tr("Show them"), [this] { d->ui.actionShowOperations->trigger(); });
    });
    connect(d->operations, &OperationsPanel::pickedUp, d->banner,
            [this] { d->banner->clear(QStringLiteral("plan")); });
    connectDialogs();
    connectNodeActions();
    connect(ui.actionManualReplication, &QAction::triggered, this, [] { openManual("warm-standby"); });
    connect(ui.actionManualSlots, &QAction::triggered, this, [] { openManual("view-pg-replication-slots"); });
    connect(ui.actionManualMonitoring, &QAction::triggered, this, [] { openManual("monitoring-stats"); });
    connect(ui.actionAbout, &QAction::triggered, this, [this] {
        auto *box = new QMessageBox(this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->setWindowTitle(tr("About Understudy"));
        box->setTextFormat(Qt::PlainText);
        box->setText(tr("Understudy %1").arg(QApplication::applicationVersion()));
        box->setInformativeText(tr("See, change and document PostgreSQL streaming replication.\n\n"
                                   "Free software under the GNU General Public License, version 3 or later. "
                                   "Qt %1.")
                                    .arg(QLatin1String(qVersion())));
        box->addButton(tr("Close"), QMessageBox::AcceptRole);
        box->open();
    });
}

void MainWindow::showMonitoringRole()
{
    int oldest = 0;
    for (const Cluster &cluster : d->cluster ? d->cluster->topology().clusters : QList<Cluster>()) {
        for (const Node &node : cluster.nodes) {
            if (node.versionNum > 0 && (oldest == 0 || node.versionNum < oldest))
                oldest = node.versionNum;
        }
    }
    (new MonitoringRoleDialog(oldest, this))->show();
}

void MainWindow::connectGraph()
{
    connect(d->graph, &GraphPane::selectionChanged, this, [this](const NodeId &node) {
        if (node.isEmpty() || (node == d->selected && !d->onLink))
            return;
        d->selected = node;
        d->onLink = false;
        refresh();
    });
    connect(d->graph->graph(), &GraphView::activated, this, [this](const NodeId &node) {
        selectNode(node);
        d->inspector->show();
        d->inspector->setCurrentPage(0);
    });
    connect(d->graph, &GraphPane::contextMenuRequested, this, &MainWindow::nodeMenu);
    connectLinks();
}

void MainWindow::setPaused(bool paused)
{
    d->ui.actionPause->setText(paused ? tr("Resume polling") : tr("Pause polling"));
    d->bar->pause->setIcon(Style::instance().icon(paused ? QStringLiteral("media-playback-start")
                                                         : QStringLiteral("media-playback-pause"),
                                                  &Theme::text2));
    d->bar->pause->setToolTip(d->ui.actionPause->text());
    d->bar->pause->setAccessibleName(d->ui.actionPause->text());
    if (!d->cluster || d->cluster->monitor().isPaused() == paused)
        return;
    d->cluster->monitor().setPaused(paused);
    d->cluster->note(paused ? tr("Polling paused") : tr("Polling resumed"));
    refreshBar();
}

void MainWindow::setIntervalMs(int ms)
{
    if (d->cluster)
        d->cluster->monitor().setIntervalMs(ms);
    refreshBar();
}

void MainWindow::setLoadPaused(bool paused)
{
    const std::shared_ptr<DemoCluster> demo = d->cluster ? d->cluster->demo() : nullptr;
    if (!demo)
        return;
    inBackground(
        this,
        [demo, paused] {
            demo->setLoadPaused(paused);
            return paused;
        },
        [this, demo](bool isPaused) {
            if (d->cluster && d->cluster->demo() == demo)
                d->cluster->note(isPaused ? tr("Write load paused") : tr("Write load resumed"));
        });
}

} // namespace understudy
