// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/MainWindowPrivate.h"
#include "gui/Style.h"
#include "model/Format.h"

#include <QActionGroup>

namespace understudy {

namespace {

constexpr QSize inspectorPages(344, 600), chartPages(700, 223);

QWidget *lagControls(LagChart *chart, QWidget *parent)
{
    auto *box = new QWidget(parent);
    auto *unit = new Segment({MainWindow::tr("Bytes"), MainWindow::tr("Seconds")}, box);
    unit->setObjectName(QStringLiteral("lagUnit"));
    unit->setCurrent(0);
    auto *span = new Segment({MainWindow::tr("1 min"), MainWindow::tr("5 min"), MainWindow::tr("1 h")}, box);
    span->setObjectName(QStringLiteral("lagSpan"));
    span->setCurrent(1);
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addStretch(1);
    row->addWidget(unit);
    row->addWidget(span);
    QObject::connect(unit, &Segment::changed, chart,
                     [chart](int index) { chart->setUnit(index == 0 ? LagUnit::Bytes : LagUnit::Seconds); });
    static const QList<int> seconds{60, 300, 3600};
    QObject::connect(span, &Segment::changed, chart,
                     [chart](int index) { chart->setSpan(seconds.value(index, 300)); });
    QObject::connect(chart, &LagChart::spanChanged, span,
                     [span](int shown) { span->setCurrent(int(seconds.indexOf(shown))); });
    return box;
}

/// A page of a dock that says which size it would like to have.
class SizedPage final : public PanelWidget
{
public:
    SizedPage(QWidget *content, const QSize &size, QWidget *parent, QWidget *above = nullptr)
        : PanelWidget(parent), m_size(size)
    {
        auto *column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        if (above)
            column->addWidget(above);
        column->addWidget(content);
    }
    QSize sizeHint() const override { return m_size; }

private:
    QSize m_size;
};

} // namespace

void MainWindow::build()
{
    d->ui.setupUi(this);
    setObjectName(QStringLiteral("mainWindow"));
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    setCorner(Qt::TopRightCorner, Qt::RightDockWidgetArea);
    setContextMenuPolicy(Qt::NoContextMenu);

    auto *toolBar = new QToolBar(tr("Cluster"), this);
    toolBar->setObjectName(QStringLiteral("clusterToolBar"));
    toolBar->setMovable(false);
    d->bar = new ClusterBar(toolBar);
    toolBar->addWidget(d->bar);
    addToolBar(Qt::TopToolBarArea, toolBar);
    addToolBarBreak(Qt::TopToolBarArea);
    d->bannerStrip = new QToolBar(tr("Message"), this);
    d->bannerStrip->setObjectName(QStringLiteral("bannerStrip"));
    d->bannerStrip->setProperty("kind", QStringLiteral("banner"));
    d->bannerStrip->setMovable(false);
    d->banner = new Banner(d->bannerStrip);
    d->bannerStrip->addWidget(d->banner);
    addToolBar(Qt::TopToolBarArea, d->bannerStrip);
    d->bannerStrip->hide();
    connect(d->banner, &Banner::shown, d->bannerStrip, &QWidget::setVisible);

    d->centre = new QStackedWidget(this);
    d->start = new StartPage(d->centre);
    d->centre->addWidget(d->start);
    buildRewind();
    d->centre->addWidget(d->graphPage);
    setCentralWidget(d->centre);

    d->inspector = new TabDock(tr("Inspector"), QStringLiteral("dockInspector"), this);
    buildLinkPage();
    d->findings = new FindingsPanel(d->inspector);
    d->operations = new OperationsPanel(d->inspector);
    d->asOf = {new PastStrip(d->inspector), new PastStrip(d->inspector)};
    d->inspector->addPage(tr("Node"), new SizedPage(d->facts, inspectorPages, d->inspector, d->asOf.at(0)));
    d->inspector->addPage(tr("Findings"),
                          new SizedPage(d->findings, inspectorPages, d->inspector, d->asOf.at(1)));
    d->inspector->addPage(tr("Operations"), new SizedPage(d->operations, inspectorPages, d->inspector));
    addDockWidget(Qt::RightDockWidgetArea, d->inspector);

    d->charts = new TabDock(tr("Charts"), QStringLiteral("dockCharts"), this);
    d->lag = new LagChart(d->charts);
    d->lag->setObjectName(QStringLiteral("lagChart"));
    d->slotsPanel = new SlotsPanel(d->charts);
    d->charts->addPage(tr("Lag"), new SizedPage(d->lag, chartPages, d->charts),
                       lagControls(d->lag, d->charts));
    d->charts->addPage(tr("WAL and slots"), new SizedPage(d->slotsPanel, chartPages, d->charts));
    addDockWidget(Qt::BottomDockWidgetArea, d->charts);
    d->inspector->hide();
    d->charts->hide();

    d->saver = new PictureSaver(this);
    connect(d->saver, &PictureSaver::done, this,
            [this](const QString &sentence) { statusBar()->showMessage(sentence, 8000); });
    connect(d->saver, &PictureSaver::failed, this, [this](const QString &sentence) {
        d->banner->say(QStringLiteral("picture"), Glyph::FindingWarning, sentence);
    });

    const auto label = [this](const char *name) {
        auto *made = new QLabel(this);
        made->setObjectName(QString::fromLatin1(name));
        made->setTextFormat(Qt::PlainText);
        return made;
    };
    d->counts = label("statusCounts");
    d->wal = label("statusWal");
    d->lastPoll = label("statusLastPoll");
    d->probe = label("statusProbe");
    d->system = label("statusSystem");
    statusBar()->addWidget(d->counts);
    statusBar()->addWidget(d->wal);
    statusBar()->addWidget(d->lastPoll);
    statusBar()->addWidget(d->probe);
    statusBar()->addPermanentWidget(d->system);
    statusBar()->setContentsMargins(8, 0, 8, 0);
}

void MainWindow::refresh()
{
    static const Topology nothing;
    const Topology &topology = d->cluster ? shownTopology() : nothing;
    const QHash<NodeId, CardExtras> extras =
        d->cluster ? d->cluster->extrasOf(topology) : QHash<NodeId, CardExtras>();
    if (!topology.node(d->selected)) {
        // The first standby is what a person came for; else the primary.
        NodeId first;
        for (const Cluster &cluster : topology.clusters) {
            const QList<const Node *> standbys = cluster.standbys();
            if (first.isEmpty() && !standbys.isEmpty())
                first = standbys.constFirst()->id;
        }
        if (first.isEmpty() && !topology.clusters.isEmpty() &&
            !topology.clusters.constFirst().nodes.isEmpty())
            first = topology.clusters.constFirst().nodes.constFirst().id;
        d->selected = first;
    }
    d->graph->setTopology(topology, extras);
    showSelection(topology, extras);
    followReattach();
    d->findings->set(topology);
    d->slotsPanel->set(topology);
    if (d->cluster)
        d->lag->setData(d->cluster->history(), d->cluster->topology());
    else
        d->lag->setData(LagHistory(), topology);
    refreshBar();
    refreshStatus();
}

void MainWindow::refreshBar()
{
    const bool open = d->cluster != nullptr;
    const Topology topology = open ? d->cluster->topology() : Topology();
    QList<Finding> findings;
    for (const Cluster &cluster : topology.clusters)
        findings += cluster.findings;
    std::optional<Severity> worst;
    for (const Finding &finding : std::as_const(findings))
        worst = worst ? std::min(*worst, finding.severity) : finding.severity;
    if (topology.clusters.isEmpty())
        d->bar->health->set(Glyph::Unknown, tr("Looking"));
    else
        d->bar->health->set(worst && *worst != Severity::Notice ? glyphFor(*worst) : Glyph::Up,
                            healthWords(findings));
    d->inspector->tabs()->setCount(1, int(findings.size()), worst == Severity::Critical);
    const bool paused = open && d->cluster->monitor().isPaused();
    const bool recording = open && d->cluster->isRecording();
    if (recording)
        d->bar->live->setRecording();
    else
        d->bar->live->set(paused, open ? d->cluster->monitor().intervalMs() : 1000);
    d->bar->pause->setVisible(open && !recording);
    d->ui.actionPauseLoad->setVisible(open && d->cluster->demo() != nullptr);
    for (QAction *action :
         {d->ui.actionSaveGraph, d->ui.actionSaveChart, d->ui.actionCopyGraph, d->ui.actionGraph,
          d->ui.actionTable, d->ui.actionZoomIn, d->ui.actionZoomOut, d->ui.actionZoomFit, d->ui.actionPause,
          d->ui.actionAddStandby, d->ui.actionShowOperations, d->ui.actionThresholds, d->ui.actionSaveCluster,
          d->toggleInspector, d->toggleCharts}) {
        if (action)
            action->setEnabled(open);
    }
    if (recording)
        d->ui.actionPause->setEnabled(false);
    d->ui.menuInterval->setEnabled(open && !recording);
    refreshRewind();
}

void MainWindow::refreshStatus()
{
    const Topology topology = d->cluster ? d->cluster->topology() : Topology();
    const auto set = [](QLabel *label, const QString &text) {
        if (label->text() != text)
            label->setText(text);
        label->setVisible(!text.isEmpty());
    };
    if (!d->cluster || topology.takenAtUs == 0) {
        for (QLabel *label : {d->counts, d->wal, d->lastPoll, d->probe, d->system})
            set(label, {});
        return;
    }
    qsizetype nodes = 0, ghosts = 0, planned = 0;
    double slowest = 0;
    QStringList systems;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes) {
            ghosts += node.state == NodeState::Ghost ? 1 : 0;
            planned += node.state == NodeState::Planned ? 1 : 0;
            nodes += node.state != NodeState::Ghost && node.state != NodeState::Planned ? 1 : 0;
            slowest = std::max(slowest, node.probeMs);
        }
        if (!cluster.systemIdentifier.isEmpty())
            systems << cluster.systemIdentifier;
    }
    QStringList counts = {format::plural(nodes, tr("node"), tr("nodes"))};
    if (ghosts > 0)
        counts << tr("%1 not reachable").arg(ghosts);
    if (planned > 0)
        counts << tr("%1 planned").arg(planned);
    set(d->counts, counts.join(QStringLiteral(", ")));
    refreshWal(topology);
    set(d->lastPoll, tr("Last poll %1").arg(format::utcTime(topology.takenAtUs)));
    set(d->probe, slowest > 0 ? tr("Probe %1").arg(format::milliseconds(slowest)) : QString());
    set(d->system,
        systems.isEmpty() ? tr("System unknown") : tr("System %1").arg(systems.join(QStringLiteral(", "))));
}

} // namespace understudy
