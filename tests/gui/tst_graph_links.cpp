// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "SampleGraphs.h"
#include "WindowFixture.h"

#include "clusters/SessionSecrets.h"
#include "gui/MainWindow.h"
#include "gui/Motion.h"
#include "gui/PlaceStore.h"
#include "gui/Style.h"
#include "gui/graph/GraphView.h"
#include "gui/panels/DockHead.h"
#include "gui/panels/LinkFacts.h"
#include "gui/panels/LinkPanel.h"
#include "gui/panels/NodePanel.h"
#include "paint/FarMarks.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDir>
#include <QFile>
#include <QHelpEvent>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QToolTip>
#include <QWheelEvent>

using namespace understudy;
using samples::idOf, samples::later, samples::without;

namespace {

const QString systemId = QStringLiteral("7573920148826316834");

/// For people: UNDERSTUDY_SHOTS=folder keeps what it looks like.
void shoot(QWidget &widget, const QString &name)
{
    const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
    if (!folder.isEmpty() && QDir().mkpath(folder))
        widget.grab().save(folder + u'/' + name + QStringLiteral(".png"));
}

void moveMouse(QWidget &widget, const QPointF &to, Qt::MouseButtons held = {})
{
    QMouseEvent event(QEvent::MouseMove, to, widget.mapToGlobal(to), Qt::NoButton, held, {});
    QApplication::sendEvent(&widget, &event);
}

struct Shown
{
    GraphView view;
    samples::Graph graph;
    explicit Shown(const samples::Graph &shown, const QSize &size = {1400, 800}) : graph(shown)
    {
        view.resize(size);
        view.setTopology(graph.topology, graph.extras);
        view.show();
    }
    NodeId id(const char *name) const { return idOf(graph, QString::fromLatin1(name)); }
    QPoint on(const char *name) const { return view.linkRect(id(name)).center().toPoint(); }
};

std::unique_ptr<MainWindow> windowOver(const Topology &topology)
{
    ClusterSpec spec;
    spec.title = QStringLiteral("appdb demo");
    auto cluster = std::make_unique<LiveCluster>(spec, std::make_shared<SessionSecrets>());
    cluster->monitor().setPaused(true);
    auto window = std::make_unique<MainWindow>();
    window->setCluster(std::move(cluster));
    window->resize(1440, 900);
    window->show();
    window->cluster()->feed(topology);
    return window;
}

samples::Graph star(int standbys)
{
    samples::Graph g;
    Cluster c;
    c.systemIdentifier = systemId;
    c.nodes << samples::node(QStringLiteral("db-primary"), 1, Role::Primary);
    for (int i = 0; i < standbys; ++i) {
        const Node n = samples::node(QStringLiteral("db-%1").arg(i), 10 + i, Role::Standby);
        c.links << samples::link(c.nodes.first(), n, QStringLiteral("slot_%1").arg(i), LagState::CaughtUp, 0);
        c.nodes << n;
    }
    g.topology.clusters = {c};
    g.topology.takenAtUs = samples::now;
    return g;
}

} // namespace

/// A link is something to choose: by the mouse, by the keyboard, and what the window then says of it.
class TestGraphLinks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(qEnvironmentVariable("UNDERSTUDY_THEME") == QLatin1String("dark")
                                    ? Style::Choice::Dark
                                    : Style::Choice::Light);
        Motion::instance().setChoice(Motion::Choice::Reduced);
        if (const int pixels = qEnvironmentVariableIntValue("UNDERSTUDY_TEXT"); pixels > 0) {
            QFont font = QApplication::font();
            font.setPixelSize(pixels);
            QApplication::setFont(font);
        }
    }
    void cleanup() { placestore::save(systemId, {}); }

    void aClickOnItSelectsIt()
    {
        Shown s(samples::incident());
        QVERIFY(QTest::qWaitForWindowExposed(&s.view));
        QSignalSpy links(&s.view, &GraphView::linkSelected);
        s.view.setSelected(s.id("pg-ams-1"));
        QTest::mouseClick(&s.view, Qt::LeftButton, {}, s.on("pg-fra-1"));
        QCOMPARE(s.view.selectedLink(), s.id("pg-fra-1"));
        QCOMPARE(s.view.selected(), NodeId());
        QCOMPARE(links.count(), 1);
        // On its way, beside its label: the last pixels before the card.
        const QRectF card = s.view.cardRect(s.id("pg-ams-2"));
        QTest::mouseClick(&s.view, Qt::LeftButton, {},
                          QPointF(card.left() - 6, card.center().y() + 5).toPoint());
        QCOMPARE(s.view.selectedLink(), s.id("pg-ams-2"));
        // A card wins, even where a link ends at it.
        QTest::mouseClick(&s.view, Qt::LeftButton, {}, QPointF(card.left() + 2, card.center().y()).toPoint());
        QCOMPARE(s.view.selectedLink(), NodeId());
        QCOMPARE(s.view.selected(), s.id("pg-ams-2"));
        // Looks keep it; when it goes, nothing is left selected.
        s.view.setSelectedLink(s.id("pg-fra-1"));
        s.graph = later(s.graph);
        s.view.setTopology(s.graph.topology, s.graph.extras);
        QCOMPARE(s.view.selectedLink(), s.id("pg-fra-1"));
        without(s.graph, s.id("pg-fra-1"));
        s.view.setTopology(s.graph.topology, s.graph.extras);
        QCOMPARE(s.view.selectedLink(), NodeId());
        // The ghosts' lane draws none.
        s.view.setSelectedLink(s.id("walreceiver"));
        QCOMPARE(s.view.selectedLink(), NodeId());
    }

    void movingFromALinkPans()
    {
        Shown s(samples::incident());
        QVERIFY(QTest::qWaitForWindowExposed(&s.view));
        s.view.resetZoom();
        s.view.showNode(s.id("pg-fra-1"));
        const QPoint from = s.on("pg-fra-1");
        QCOMPARE(s.view.linkAt(from), s.id("pg-fra-1"));
        const QRectF card = s.view.cardRect(s.id("pg-fra-1"));
        QTest::mousePress(&s.view, Qt::LeftButton, {}, from);
        moveMouse(s.view, from + QPointF(60, 30), Qt::LeftButton);
        QTest::mouseRelease(&s.view, Qt::LeftButton, {}, from + QPoint(60, 30));
        QCOMPARE(s.view.cardRect(s.id("pg-fra-1")).topLeft(), card.topLeft() + QPointF(60, 30));
        QCOMPARE(s.view.selectedLink(), NodeId());
        QVERIFY(s.view.places().isEmpty());
    }

    void thePointerIsAnswered()
    {
        Shown s(samples::incident());
        QVERIFY(QTest::qWaitForWindowExposed(&s.view));
        const QImage calm = s.view.grab().toImage();
        moveMouse(s.view, s.on("pg-fra-1"));
        QCOMPARE(s.view.cursor().shape(), Qt::PointingHandCursor);
        QVERIFY(s.view.grab().toImage() != calm);
        shoot(s.view, QStringLiteral("link-hover"));
        QHelpEvent help(QEvent::ToolTip, s.on("pg-fra-1"), s.view.mapToGlobal(s.on("pg-fra-1")));
        QApplication::sendEvent(&s.view, &help);
        QVERIFY(QToolTip::text().contains(QStringLiteral("pg-ams-1 to pg-fra-1")));
        QVERIFY(QToolTip::text().contains(QStringLiteral("8.4 MB/s")));
        QToolTip::hideText();
        moveMouse(s.view, QPointF(2, 2));
        QCOMPARE(s.view.cursor().shape(), Qt::ArrowCursor);
        QCOMPARE(s.view.grab().toImage(), calm);
    }

    void theKeyboardReachesIt()
    {
        Shown s(samples::incident());
        QVERIFY(QTest::qWaitForWindowActive(&s.view));
        s.view.setFocus(Qt::TabFocusReason);
        s.view.setSelected(s.id("pg-fra-1"));
        QTest::keyClick(&s.view, Qt::Key_L);
        QCOMPARE(s.view.selectedLink(), s.id("pg-fra-1"));
        shoot(s.view, QStringLiteral("link-focus"));
        QTest::keyClick(&s.view, Qt::Key_Down);
        QCOMPARE(s.view.selectedLink(), s.id("pg-fra-2")); // Beside it
        QTest::keyClick(&s.view, Qt::Key_Left);
        QCOMPARE(s.view.selected(), s.id("pg-ams-1"));
        // The primary has none: the key does nothing.
        QTest::keyClick(&s.view, Qt::Key_L);
        QCOMPARE(s.view.selected(), s.id("pg-ams-1"));
        s.view.setSelectedLink(s.id("pg-dr-1"));
        QTest::keyClick(&s.view, Qt::Key_Right);
        QCOMPARE(s.view.selected(), s.id("pg-dr-1"));
        for (const int key : {int(Qt::Key_L), int(Qt::Key_Escape)}) {
            QTest::keyClick(&s.view, Qt::Key_L);
            QCOMPARE(s.view.selectedLink(), s.id("pg-dr-1"));
            QTest::keyClick(&s.view, Qt::Key(key));
            QCOMPARE(s.view.selected(), s.id("pg-dr-1"));
            QCOMPARE(s.view.selectedLink(), NodeId());
        }
        QSignalSpy opened(&s.view, &GraphView::linkActivated), menu(&s.view, &GraphView::linkMenuRequested);
        QTest::keyClick(&s.view, Qt::Key_L);
        QTest::keyClick(&s.view, Qt::Key_Return);
        QCOMPARE(opened.count(), 1);
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(), QPoint());
        QCoreApplication::sendEvent(&s.view, &event);
        QCOMPARE(menu.count(), 1);
        QCOMPARE(menu.first().first().toString(), s.id("pg-dr-1"));
        // Zooming to it shows both its ends.
        s.view.zoomTo(2);
        QTest::keyClick(&s.view, Qt::Key_Z);
        QVERIFY(QRectF(s.view.rect()).contains(s.view.cardRect(s.id("pg-dr-1"))));
        QVERIFY(QRectF(s.view.rect()).contains(s.view.cardRect(s.id("pg-ams-3"))));
    }

    void whatItSays()
    {
        Link link;
        link.stages = {100, 150, 150, 4096};
        const auto gaps = linkwords::gapsOf(link.stages);
        QCOMPARE(*gaps.toSent, 100);
        QCOMPARE(*gaps.toWritten, 50);
        QCOMPARE(*gaps.toFlushed, 0);
        QCOMPARE(*gaps.toReplayed, 3946);
        // Read a moment apart a position can be ahead; unknown stays unknown.
        QCOMPARE(*linkwords::gapsOf({50, 20, {}, 9}).toWritten, 0);
        QVERIFY(!linkwords::gapsOf({50, 20, {}, 9}).toFlushed);
        QSet<QString> sentences;
        for (const LagState state :
             {LagState::CaughtUp, LagState::Replaying, LagState::Idle, LagState::ReplayPaused,
              LagState::LinkStalled, LagState::NoReceiver, LagState::Disconnected, LagState::Unknown}) {
            link.lag = state;
            sentences << linkwords::lagSentence(link, samples::now);
        }
        QCOMPARE(sentences.size(), 8);
        link.sinceUs = samples::now - 48'000'000;
        QVERIFY(linkwords::lagSentence(link, samples::now).endsWith(QStringLiteral("So for 48 s.")));
    }

    void theWindowShowsALink()
    {
        Topology topology = fixture::healthy(fixture::start, 12288);
        topology.clusters.first().links.first().stages = {1024, 2048, 2048, 12288};
        const auto window = windowOver(topology);
        QVERIFY(QTest::qWaitForWindowExposed(window.get()));
        const NodeId standby = topology.clusters.first().nodes[1].id;
        auto *graph = window->findChild<GraphView *>();
        auto *panel = window->findChild<LinkPanel *>();
        auto *node = window->findChild<NodePanel *>();
        QVERIFY(panel && panel->isHidden());
        QTest::mouseClick(graph, Qt::LeftButton, {}, graph->linkRect(standby).center().toPoint());
        QVERIFY(panel->isVisible() && !node->isVisible());
        const QString said = panel->asText();
        for (const char *part :
             {"primary to standby1", "streaming", "Asynchronous", "12 kB", "18 kB/s sent",
              "slot and pid, certain", "Primary to sent", "Sent to written", "Flushed to replayed", "10 kB",
              "standby_slot", "pid 4127", "127.0.0.1:5433"})
            QVERIFY2(said.contains(QString::fromLatin1(part), Qt::CaseInsensitive),
                     qPrintable(QString::fromLatin1(part) + QStringLiteral(" is not in ") + said));
        // Laid out: nothing of it is crushed, and nothing is wider than the panel.
        QTRY_VERIFY(panel->findChild<FactsGrid *>()->height() > 100);
        const auto *area = panel->findChild<QScrollArea *>();
        QTRY_VERIFY(area->widget()->minimumSizeHint().width() <= area->viewport()->width());
        QTRY_VERIFY(!area->horizontalScrollBar()->isVisible());
        shoot(*window, QStringLiteral("link-window"));
        // Copying speaks of the link.
        window->findChild<QAction *>(QStringLiteral("copyLinkAsSql"))->trigger();
        QVERIFY(QGuiApplication::clipboard()->text().contains(
            QStringLiteral("pg_stat_replication\n WHERE pid = 4127")));
        window->findChild<QAction *>(QStringLiteral("actionCopyFacts"))->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), said);
        // Another look changes numbers, not what is selected.
        topology.takenAtUs += fixture::second;
        topology.clusters.first().links.first().walRate = 0;
        window->cluster()->feed(topology);
        QCOMPARE(graph->selectedLink(), standby);
        QVERIFY(panel->asText().contains(QStringLiteral("0 B/s sent")));

        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(), QPoint());
        QCoreApplication::sendEvent(graph, &event);
        QPointer<QMenu> menu = window->findChild<QMenu *>(QStringLiteral("linkMenu"));
        QVERIFY(menu);
        QStringList entries;
        for (const QAction *action : menu->actions())
            entries << action->text();
        QVERIFY(entries.contains(QStringLiteral("Select its upstream, primary")));
        QVERIFY(entries.contains(QStringLiteral("Select its downstream, standby1")));
        QVERIFY(entries.contains(QStringLiteral("Re-attach\u2026")));
        menu->actions().first()->trigger();
        delete menu;
        QVERIFY(node->isVisible() && !panel->isVisible());
        QCOMPARE(graph->selected(), topology.clusters.first().nodes[0].id);
        QCOMPARE(graph->selectedLink(), NodeId());
        // A look without it: its standby is what is left.
        window->selectLink(standby);
        QVERIFY(panel->isVisible());
        topology.clusters.first().links.clear();
        topology.takenAtUs += fixture::second;
        window->cluster()->feed(topology);
        QVERIFY(node->isVisible());
        QCOMPARE(graph->selected(), standby);
    }

    void theStatusBarSaysWhatWalCosts()
    {
        Topology topology = fixture::healthy(fixture::start);
        const auto window = windowOver(topology);
        auto *label = window->findChild<QLabel *>(QStringLiteral("statusWal"));
        QVERIFY(label);
        QCOMPARE(label->text(), QStringLiteral("WAL 18 kB/s, sends 18 kB/s to 1 standby"));
        QVERIFY(label->toolTip().contains(QStringLiteral("pg_stat_replication.sent_lsn")));
        topology.takenAtUs += fixture::second;
        topology.clusters.first().nodes.first().walRate.reset();
        topology.clusters.first().links.first().walRate.reset();
        window->cluster()->feed(topology);
        QCOMPARE(label->text(), QStringLiteral("WAL rate unknown, sends unknown to 1 standby"));
        topology.takenAtUs += fixture::second;
        topology.clusters.clear();
        window->cluster()->feed(topology);
        QCOMPARE(label->text(), QStringLiteral("WAL rate unknown"));
    }

    void foldedTreesAreKeptByCluster()
    {
        samples::Graph graph = samples::incident();
        graph.topology.clusters.first().systemIdentifier = systemId;
        const NodeId folded = idOf(graph, QStringLiteral("pg-ams-3"));
        {
            GraphPane pane;
            pane.setTopology(graph.topology, graph.extras);
            pane.graph()->setCollapsed(folded, true);
            QTRY_COMPARE(placestore::load(systemId).folded, QSet<NodeId>{folded});
        }
        GraphPane again;
        again.setTopology(graph.topology, graph.extras);
        again.graph()->setSelectedLink(idOf(graph, QStringLiteral("pg-dr-2")));
        QTRY_VERIFY(again.graph()->isCollapsed(folded));
        // What is folded away cannot stay selected.
        QCOMPARE(again.graph()->selected(), folded);
        QVERIFY(placestore::load(QStringLiteral("1")).isEmpty());
        // Choosing what is in it unfolds it, and that is kept, too.
        again.graph()->setSelected(idOf(graph, QStringLiteral("pg-dr-2")));
        QTRY_VERIFY(placestore::load(systemId).folded.isEmpty());
        again.graph()->setCollapsed(folded, true);
        again.graph()->place(idOf(graph, QStringLiteral("pg-lon-1")), QPointF(0, 2000));
        QTRY_VERIFY(!placestore::load(systemId).folded.isEmpty() &&
                    !placestore::load(systemId).places.isEmpty());
        // One action takes back both.
        QMenu menu;
        again.addViewActions(&menu, {});
        auto *reset = menu.findChild<QAction *>(QStringLiteral("resetPlaces"));
        QVERIFY(reset && reset->isEnabled());
        reset->trigger();
        QVERIFY(!again.graph()->isCollapsed(folded));
        QTRY_VERIFY(placestore::load(systemId).isEmpty());
    }

    void whatCannotBeReadIsSetAside()
    {
        const QString path = placestore::path();
        QFile::remove(path); // Whatever a run that was cut off has left
        placestore::save(systemId, {{}, {QStringLiteral("a")}});
        const QStringList keys = QSettings(path, QSettings::IniFormat).allKeys();
        QCOMPARE(keys.size(), 1);
        {
            QSettings settings(path, QSettings::IniFormat);
            settings.setValue(keys.first(), QStringLiteral("{not json"));
        }
        QVERIFY(placestore::load(systemId).isEmpty());
        placestore::save(systemId, {{}, {QStringLiteral("b")}});
        QCOMPARE(placestore::load(systemId).folded, QSet<NodeId>{QStringLiteral("b")});
        QCOMPARE(QSettings(path, QSettings::IniFormat)
                     .value(QStringLiteral("set_aside/") + keys.first())
                     .toString(),
                 QStringLiteral("{not json"));
        // Folds of another kind than words are none, and do no harm.
        {
            QSettings settings(path, QSettings::IniFormat);
            settings.setValue(keys.first(), QStringLiteral(R"({"folded":[1,null,"",["x"],"c"],"down":7})"));
        }
        QCOMPARE(placestore::load(systemId).folded, QSet<NodeId>{QStringLiteral("c")});
        // A file that is none of ours as a whole.
        QFile::remove(path + QStringLiteral(".bad"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("no file of settings\n\x01\x02\n");
        file.close();
        placestore::save(systemId, {{}, {QStringLiteral("d")}});
        QCOMPARE(placestore::load(systemId).folded, QSet<NodeId>{QStringLiteral("d")});
        QVERIFY(QFile::exists(path + QStringLiteral(".bad")));
        QFile::remove(path + QStringLiteral(".bad"));
        QFile::remove(path);
    }

    void whateverThereIsFits_data()
    {
        QTest::addColumn<int>("direction");
        QTest::newRow("down") << int(Direction::TopToBottom);
        QTest::newRow("across") << int(Direction::LeftToRight);
    }
    void whateverThereIsFits()
    {
        QFETCH(int, direction);
        samples::Graph graph = star(1000);
        Link &lost = graph.topology.clusters.first().links[700];
        lost.state = LinkState::Broken;
        lost.lag = LagState::Disconnected;
        Shown s(graph, {1400, 800});
        QVERIFY(QTest::qWaitForWindowExposed(&s.view));
        s.view.setDirection(Direction(direction));
        s.view.fit();
        const QRectF room(s.view.rect());
        for (const Node &node : graph.topology.clusters.first().nodes)
            QVERIFY(room.adjusted(-1, -1, 1, 1).contains(s.view.cardRect(node.id)));
        shoot(s.view, QStringLiteral("graph-star-%1").arg(direction));
        // The wheel and the keys go as far as fitting does, and no further.
        const double fitted = s.view.zoom();
        QVERIFY(fitted < 0.05);
        const auto wheel = [&](int turns) {
            const QPointF at = room.center();
            QWheelEvent event(at, s.view.mapToGlobal(at), {}, QPoint(0, 120 * turns), Qt::NoButton,
                              Qt::ControlModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(&s.view, &event);
        };
        wheel(-30);
        QCOMPARE(s.view.zoom(), fitted);
        wheel(3);
        QVERIFY(s.view.zoom() > fitted && s.view.zoom() < 0.05);
        for (int i = 0; i < 20; ++i)
            s.view.zoomIn();
        QCOMPARE(s.view.zoom(), 2.0);
        for (int i = 0; i < 40; ++i)
            s.view.zoomOut();
        QCOMPARE(s.view.zoom(), fitted);
        // The lost one can be pointed at, though its card is smaller than a pixel.
        s.view.fit();
        GraphStyle style;
        style.font = QApplication::font();
        style.zoom = s.view.zoom();
        const QPointF mark =
            (denseMark(s.view.scene().layout().cards.value(lost.downstream), style).center() -
             s.view.visibleScene().topLeft()) *
            s.view.zoom();
        QTest::mouseClick(&s.view, Qt::LeftButton, {}, mark.toPoint());
        QVERIFY(!s.view.selected().isEmpty());
    }

    void pictures()
    {
        if (!qEnvironmentVariableIsSet("UNDERSTUDY_SHOTS"))
            QSKIP("For people: set UNDERSTUDY_SHOTS.");
        for (const double zoom : {1.0, 0.6, 0.25}) {
            Shown s(samples::incident(), {1440, 820});
            QVERIFY(QTest::qWaitForWindowExposed(&s.view));
            s.view.zoomTo(zoom);
            s.view.showNode(s.id("pg-fra-2"));
            s.view.setSelectedLink(s.id("pg-fra-1"));
            shoot(s.view, QStringLiteral("link-selected-%1").arg(zoom));
            s.view.setSelectedLink(s.id("pg-lon-1"));
            s.view.setFilter(QStringLiteral("ams"));
            shoot(s.view, QStringLiteral("link-broken-%1").arg(zoom));
        }
    }
};

QTEST_MAIN(TestGraphLinks)
#include "tst_graph_links.moc"
