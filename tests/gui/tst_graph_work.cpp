// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "SampleGraphs.h"

#include "gui/Motion.h"
#include "gui/PlaceStore.h"
#include "gui/Style.h"
#include "gui/graph/GraphFilter.h"
#include "gui/graph/GraphMiniMap.h"
#include "gui/graph/GraphView.h"
#include "gui/graph/NodeTable.h"

#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

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

/// A view that is shown, with what it shows.
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
    QPointF middle(const char *name) const { return view.cardRect(id(name)).center(); }
    void drag(const QPointF &from, const QPointF &to)
    {
        hold(from, to);
        QTest::mouseRelease(&view, Qt::LeftButton, {}, to.toPoint());
    }
    void hold(const QPointF &from, const QPointF &to)
    {
        QTest::mousePress(&view, Qt::LeftButton, {}, from.toPoint());
        for (const double part : {0.3, 0.7, 1.0})
            move(from + (to - from) * part);
    }
    void move(const QPointF &to)
    {
        QMouseEvent event(QEvent::MouseMove, to, view.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(&view, &event);
    }
};

} // namespace

class TestGraphWork : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(qEnvironmentVariable("UNDERSTUDY_THEME") == QLatin1String("dark")
                                    ? Style::Choice::Dark
                                    : Style::Choice::Light);
        // For people: UNDERSTUDY_TEXT=26 shows text at 200 %.
        if (const int pixels = qEnvironmentVariableIntValue("UNDERSTUDY_TEXT"); pixels > 0) {
            QFont font = QApplication::font();
            font.setPixelSize(pixels);
            QApplication::setFont(font);
        }
    }
    void init() { Motion::instance().setChoice(Motion::Choice::Reduced); }
    void cleanupTestCase()
    {
        Motion::instance().setChoice(Motion::Choice::System);
        placestore::save(systemId, {});
    }

    void aCardIsPutWhereItIsDropped()
    {
        Shown s(samples::healthy());
        QVERIFY(QTest::qWaitForWindowExposed(&s.view));
        QSignalSpy changes(&s.view, &GraphView::placesChanged), menus(&s.view, &GraphView::reattachWanted);
        const QRectF primary = s.view.cardRect(s.id("primary")), before = s.view.cardRect(s.id("standby1"));
        const double zoom = s.view.zoom();
        s.drag(before.center(), before.center() + QPointF(-113, 171));
        const QRectF after = s.view.cardRect(s.id("standby1"));
        QVERIFY((after.topLeft() - before.topLeft() - QPointF(-113, 171)).manhattanLength() <= 5);
        const QPointF place = s.view.places().down.value(s.id("standby1"));
        QCOMPARE(std::fmod(place.x(), 4.0), 0.0);
        QCOMPARE(std::fmod(place.y(), 4.0), 0.0);
        QCOMPARE(s.view.cardRect(s.id("primary")), primary);
        QCOMPARE(changes.count(), 1);
        QCOMPARE(menus.count(), 0);
        // Polls, and another node that goes: it stays.
        for (int i = 0; i < 3; ++i) {
            s.graph = later(s.graph);
            s.view.setTopology(s.graph.topology, s.graph.extras);
        }
        without(s.graph, s.id("standby2"));
        s.view.setTopology(s.graph.topology, s.graph.extras);
        QCOMPARE(s.view.cardRect(s.id("standby1")), after);
        QCOMPARE(s.view.zoom(), zoom);
        shoot(s.view, QStringLiteral("graph-placed"));

        QTest::keyClick(&s.view, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(!s.view.isPlaced(s.id("standby1")));
        QTest::keyClick(&s.view, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(s.view.places().down.value(s.id("standby1")), place);
        s.view.resetPlaces();
        QVERIFY(s.view.places().isEmpty());
        s.view.undoPlaces();
        QVERIFY(s.view.isPlaced(s.id("standby1")));
    }

    void aPlacedCardLiesOnNoOther()
    {
        Shown s(samples::incident());
        s.view.resetZoom();
        const GraphLayout &layout = s.view.scene().layout();
        const QRectF other = layout.cards.value(s.id("pg-ams-2"));
        // Held so that it would half cover its neighbour, the pointer being on empty canvas.
        s.view.showNode(s.id("pg-ams-2"));
        const QRectF from = s.view.cardRect(s.id("pg-fra-2"));
        const QPointF grip = from.topLeft() + QPointF(10, 110);
        const QPointF to = s.view.cardRect(s.id("pg-ams-2")).topRight() + QPointF(20, 60);
        s.drag(grip, to - QPointF(250, 0) + QPointF(250, 0));
        const QRectF put = s.view.scene().layout().cards.value(s.id("pg-fra-2"));
        QVERIFY(!put.intersects(other));
        for (auto card = layout.cards.cbegin(); card != layout.cards.cend(); ++card)
            QVERIFY(card.key() == s.id("pg-fra-2") || !card.value().intersects(put));
        QCOMPARE(
            freePlace(QRectF(0, 0, 10, 10), {QRectF(-2, -2, 14, 14)}, 4).intersects(QRectF(-2, -2, 14, 14)),
            false);
    }

    void keysPlaceACard()
    {
        Shown s(samples::healthy());
        s.view.setSelected(s.id("standby1"));
        const QRectF before = s.view.scene().layout().cards.value(s.id("standby1"));
        QTest::keyClick(&s.view, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&s.view, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(s.view.scene().layout().cards.value(s.id("standby1")), before.translated(16, 16));
        QCOMPARE(s.view.selected(), s.id("standby1"));
    }

    void placesAreKeptByCluster()
    {
        placestore::save(systemId, {});
        samples::Graph graph = samples::healthy();
        graph.topology.clusters.first().systemIdentifier = systemId;
        const NodeId standby = idOf(graph, QStringLiteral("standby1"));
        {
            GraphPane pane;
            pane.setTopology(graph.topology, graph.extras);
            pane.graph()->place(standby, QPointF(-600, 400));
            QTRY_COMPARE(placestore::load(systemId).places.down.value(standby), QPointF(-600, 400));
        }
        GraphPane again;
        again.setTopology(graph.topology, graph.extras);
        QTRY_VERIFY(again.graph()->isPlaced(standby));
        QVERIFY(!again.graph()->canUndoPlaces());
        QCOMPARE(again.graph()->scene().layout().cards.value(standby).topLeft(), QPointF(-600, 400));
        // Another cluster knows nothing of it.
        QVERIFY(placestore::load(QStringLiteral("1")).isEmpty());
        QMenu menu;
        again.addViewActions(&menu, {});
        auto *reset = menu.findChild<QAction *>(QStringLiteral("resetPlaces"));
        QVERIFY(reset && reset->isEnabled());
        reset->trigger();
        QTRY_VERIFY(placestore::load(systemId).isEmpty());
    }

    void droppingOnACardAsksForANewUpstream()
    {
        Shown s(samples::incident());
        QVERIFY(QTest::qWaitForWindowExposed(&s.view));
        QHash<NodeId, int> asked;
        s.view.setDropAdviser([&](const NodeId &dragged, const NodeId &target) {
            [&] { QCOMPARE(dragged, s.id("pg-dr-1")); }();
            ++asked[target];
            if (target == s.id("pg-ams-2"))
                return DropAdvice{DropVerdict::Safe, {}};
            if (target == s.id("pg-fra-1"))
                return DropAdvice{DropVerdict::Risky, QStringLiteral("1.4 GB behind")};
            return DropAdvice{DropVerdict::Impossible, QStringLiteral("no free walsender")};
        });
        QSignalSpy wanted(&s.view, &GraphView::reattachWanted), places(&s.view, &GraphView::placesChanged);
        const QImage calm = s.view.grab().toImage();
        s.hold(s.middle("pg-dr-1"), s.middle("pg-fra-1"));
        QVERIFY(s.view.isDragging());
        const QImage marked = s.view.grab().toImage();
        QVERIFY(marked != calm);
        shoot(s.view, QStringLiteral("graph-drag"));
        // Its own picture is the same wherever it is held, so the marks themselves differ by verdict.
        const auto colourAt = [&](const char *name) {
            const QRectF card = s.view.cardRect(s.id(name));
            const QPointF at = (card.topLeft() + QPointF(card.width() / 2, -3)) * marked.devicePixelRatio();
            return QColor(marked.pixel(at.toPoint()));
        };
        QVERIFY(colourAt("pg-ams-2") != colourAt("pg-rpt-1"));
        // What is held is lifted: the name below does not shine through.
        const QRectF under = s.view.cardRect(s.id("pg-fra-1"));
        const auto held = [&](const QImage &picture) {
            const double dpr = picture.devicePixelRatio();
            return picture.copy(
                QRectF((under.topLeft() + QPointF(8, 4)) * dpr, QSizeF(under.width() - 20, 16) * dpr)
                    .toAlignedRect());
        };
        const QImage lifted = held(marked);
        s.graph.topology.clusters.first().nodes[3].name = QStringLiteral("pg-fra-1 by another name");
        s.view.setTopology(s.graph.topology, s.graph.extras);
        QVERIFY(s.view.isDragging());
        QCOMPARE(held(s.view.grab().toImage()), lifted);
        s.graph.topology.clusters.first().nodes[3].name = QStringLiteral("pg-fra-1");
        s.view.setTopology(s.graph.topology, s.graph.extras);
        QTest::mouseRelease(&s.view, Qt::LeftButton, {}, s.middle("pg-fra-1").toPoint());
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted.first().at(0).toString(), s.id("pg-dr-1"));
        QCOMPARE(wanted.first().at(1).toString(), s.id("pg-fra-1"));
        for (auto it = asked.cbegin(); it != asked.cend(); ++it)
            QCOMPARE(it.value(), 1);
        QCOMPARE(asked.value(s.id("pg-dr-1")), 0);

        s.drag(s.middle("pg-dr-1"), s.middle("pg-ams-2"));
        QCOMPARE(wanted.count(), 2);
        s.drag(s.middle("pg-dr-1"), s.middle("pg-lon-1"));
        QCOMPARE(wanted.count(), 2);
        // Escape: nothing happened.
        s.hold(s.middle("pg-dr-1"), s.middle("pg-ams-2"));
        QTest::keyClick(&s.view, Qt::Key_Escape);
        QVERIFY(!s.view.isDragging());
        QTest::mouseRelease(&s.view, Qt::LeftButton, {}, s.middle("pg-ams-2").toPoint());
        QCOMPARE(wanted.count(), 2);
        QCOMPARE(places.count(), 0);
        QCOMPARE(s.view.selected(), s.id("pg-dr-1"));
    }

    void aPrimaryIsNotReattached()
    {
        Shown s(samples::healthy());
        bool asked = false;
        s.view.setDropAdviser([&](const NodeId &, const NodeId &) {
            asked = true;
            return DropAdvice{DropVerdict::Safe, {}};
        });
        QSignalSpy wanted(&s.view, &GraphView::reattachWanted);
        s.drag(s.middle("primary"), s.middle("standby1"));
        s.drag(s.middle("standby2"), s.middle("standby1")); // Only planned
        QVERIFY(!asked);
        QCOMPARE(wanted.count(), 0);
        QVERIFY(s.view.places().isEmpty());
    }

    void aChangeOfStructureGlides()
    {
        Motion::instance().setChoice(Motion::Choice::Full);
        Shown s(samples::healthy());
        QVERIFY(QTest::qWaitForWindowExposed(&s.view));
        const NodeId standby = s.id("standby1");
        const QRectF before = s.view.shownRect(standby);
        // Numbers and states never move anything.
        s.graph = later(s.graph);
        s.graph.topology.clusters.first().links.first().lag = LagState::Disconnected;
        s.view.setTopology(s.graph.topology, s.graph.extras);
        QVERIFY(!s.view.isGliding());
        without(s.graph, s.id("standby2"));
        s.view.setTopology(s.graph.topology, s.graph.extras);
        QVERIFY(s.view.isGliding());
        QVERIFY(s.view.cardRect(standby) != before);
        QVERIFY((s.view.shownRect(standby).topLeft() - before.topLeft()).manhattanLength() <
                (s.view.cardRect(standby).topLeft() - before.topLeft()).manhattanLength());
        QTRY_VERIFY(!s.view.isGliding());
        QCOMPARE(s.view.shownRect(standby), s.view.cardRect(standby));

        Motion::instance().setChoice(Motion::Choice::Reduced);
        const auto all = samples::healthy();
        s.view.setTopology(all.topology, all.extras);
        QVERIFY(!s.view.isGliding());
        QCOMPARE(s.view.shownRect(standby), s.view.cardRect(standby));
    }

    void theDesktopSaysWhetherThingsMove()
    {
        QTemporaryDir folder;
        QVERIFY(!Motion::desktopWantsLittle(folder.path()));
        const auto write = [&](const QString &name, const QByteArray &text) {
            QDir(folder.path()).mkpath(QFileInfo(name).path());
            QFile file(folder.filePath(name));
            return file.open(QIODevice::WriteOnly) && file.write(text) > 0;
        };
        QVERIFY(write(QStringLiteral("gtk-3.0/settings.ini"), "[Settings]\ngtk-enable-animations=0\n"));
        QVERIFY(Motion::desktopWantsLittle(folder.path()));
        QVERIFY(write(QStringLiteral("gtk-3.0/settings.ini"), "[Settings]\ngtk-enable-animations=true\n"));
        QVERIFY(!Motion::desktopWantsLittle(folder.path()));
        QVERIFY(write(QStringLiteral("kdeglobals"), "[KDE]\nAnimationDurationFactor=0\n"));
        QVERIFY(Motion::desktopWantsLittle(folder.path()));
        qputenv("UNDERSTUDY_REDUCED_MOTION", "0");
        QVERIFY(!Motion::desktopWantsLittle(folder.path()));
        qunsetenv("UNDERSTUDY_REDUCED_MOTION");
    }

    void aSubtreeFolds()
    {
        Shown s(samples::incident());
        QVERIFY(QTest::qWaitForWindowExposed(&s.view));
        s.view.setSelected(s.id("pg-ams-3"));
        QTest::keyClick(&s.view, Qt::Key_Minus);
        QVERIFY(s.view.isCollapsed(s.id("pg-ams-3")));
        QVERIFY(s.view.cardRect(s.id("pg-dr-2")).isEmpty());
        shoot(s.view, QStringLiteral("graph-folded"));
        QTest::keyClick(&s.view, Qt::Key_Plus);
        QVERIFY(!s.view.isCollapsed(s.id("pg-ams-3")));
        // By the chip: on the card's edge while a person is there, behind it once folded.
        const QPointF edge(s.view.cardRect(s.id("pg-ams-3")).right(), s.middle("pg-ams-3").y());
        QTest::mouseClick(&s.view, Qt::LeftButton, {}, edge.toPoint());
        QVERIFY(s.view.isCollapsed(s.id("pg-ams-3")));
        const QPointF chip(s.view.cardRect(s.id("pg-ams-3")).right() + 30, s.middle("pg-ams-3").y());
        QTest::mouseClick(&s.view, Qt::LeftButton, {}, chip.toPoint());
        QVERIFY(!s.view.isCollapsed(s.id("pg-ams-3")));
        // Polls keep it folded; selecting what is in it unfolds it.
        s.view.setCollapsed(s.id("pg-ams-3"), true);
        s.graph = later(s.graph);
        s.view.setTopology(s.graph.topology, s.graph.extras);
        QVERIFY(s.view.isCollapsed(s.id("pg-ams-3")));
        s.view.setSelected(s.id("pg-dr-2"));
        QVERIFY(!s.view.isCollapsed(s.id("pg-ams-3")));
        // Folding away what is selected selects what it is folded into.
        s.view.setCollapsed(s.id("pg-ams-3"), true);
        QCOMPARE(s.view.selected(), s.id("pg-ams-3"));
        // A leaf has nothing to fold: minus zooms.
        s.view.setSelected(s.id("pg-ams-2"));
        const double zoom = s.view.zoom();
        QTest::keyClick(&s.view, Qt::Key_Minus);
        QVERIFY(s.view.zoom() < zoom);
    }

    void theFilter_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("found");
        QTest::newRow("nothing") << "  "
                                 << "*";
        QTest::newRow("a name") << "fra"
                                << "pg-fra-1 pg-fra-2 pg-fra-3";
        QTest::newRow("a state") << "state:lagging"
                                 << "pg-fra-1";
        QTest::newRow("a state by its stable name") << "state:link_stalled"
                                                    << "pg-fra-2";
        QTest::newRow("a state in two words") << "state:\"replay paused\""
                                              << "pg-rpt-1";
        QTest::newRow("all words") << "fra state:stalled"
                                   << "pg-fra-2";
        QTest::newRow("a finding's name") << "finding:slot"
                                          << "pg-lon-1";
        QTest::newRow("a finding's title") << "finding:\"replays too slowly\""
                                           << "pg-fra-1";
        QTest::newRow("a severity") << "severity:critical"
                                    << "pg-lon-1";
        QTest::newRow("a severity without its field") << "critical"
                                                      << "pg-lon-1";
        QTest::newRow("a role") << "role:primary"
                                << "pg-ams-1";
        QTest::newRow("a slot") << "slot:dr1"
                                << "pg-dr-1";
        QTest::newRow("a sync mode") << "sync:sync"
                                     << "pg-ams-2";
        QTest::newRow("an address has a colon") << "10.20.0.4:5432"
                                                << "pg-fra-1";
        QTest::newRow("no field yet") << "state:"
                                      << "*";
        QTest::newRow("nobody") << "nobody"
                                << "";
    }
    void theFilter()
    {
        QFETCH(QString, text);
        QFETCH(QString, found);
        samples::Graph graph = samples::incident();
        Cluster &cluster = graph.topology.clusters.first();
        cluster.findings << Finding{QStringLiteral("slot_at_risk"),
                                    Severity::Critical,
                                    idOf(graph, QStringLiteral("pg-lon-1")),
                                    {},
                                    {},
                                    QStringLiteral("pg-lon-1 is disconnected"),
                                    {},
                                    {},
                                    {},
                                    {},
                                    0}
                         << Finding{QStringLiteral("replay_slow"),
                                    Severity::Warning,
                                    idOf(graph, QStringLiteral("pg-fra-1")),
                                    {},
                                    {},
                                    QStringLiteral("pg-fra-1 replays too slowly"),
                                    {},
                                    {},
                                    {},
                                    {},
                                    0};
        const QSet<NodeId> misses = GraphFilter(text).misses(graph.topology);
        QStringList names;
        for (const Node &node : std::as_const(cluster.nodes)) {
            if (!misses.contains(node.id))
                names << node.name;
        }
        names.sort();
        if (found == QLatin1String("*"))
            QVERIFY(misses.isEmpty());
        else
            QCOMPARE(names.join(u' '), found);
    }

    void searchLeadsThere()
    {
        GraphPane pane;
        pane.resize(1100, 620);
        const samples::Graph graph = samples::incident();
        pane.setTopology(graph.topology, graph.extras);
        pane.show();
        QVERIFY(QTest::qWaitForWindowExposed(&pane));
        auto *field = pane.findChild<QLineEdit *>(QStringLiteral("graphFilter"));
        QVERIFY(field);
        QTest::keyClicks(field, QStringLiteral("state:lagging"));
        QCOMPARE(pane.graph()->matches(), QList<NodeId>{idOf(graph, QStringLiteral("pg-fra-1"))});
        QVERIFY(pane.graph()->isDimmed(idOf(graph, QStringLiteral("pg-ams-2"))));
        shoot(pane, QStringLiteral("graph-filter"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(pane.graph()->selected(), idOf(graph, QStringLiteral("pg-fra-1")));
        QCOMPARE(pane.graph()->zoom(), 1.0);
        QVERIFY(QRectF(pane.graph()->rect()).contains(pane.graph()->cardRect(pane.graph()->selected())));
        // The table knows the same words, and a look does not forget them.
        pane.showTable(true);
        auto *table = pane.findChild<NodeTable *>();
        QCOMPARE(table->model()->rowCount(), 1);
        const samples::Graph next = later(graph);
        pane.setTopology(next.topology, next.extras);
        QCOMPARE(table->model()->rowCount(), 1);
        field->clear();
        QCOMPARE(table->model()->rowCount(), 12);
        // A folded tree is as bright as what is in it.
        pane.showTable(false);
        pane.graph()->setCollapsed(idOf(graph, QStringLiteral("pg-ams-3")), true);
        field->setText(QStringLiteral("dr-2"));
        QVERIFY(!pane.graph()->isDimmed(idOf(graph, QStringLiteral("pg-ams-3"))));
        QVERIFY(pane.graph()->isDimmed(idOf(graph, QStringLiteral("pg-ams-2"))));
    }

    void zoomToTheSelection()
    {
        Shown s(samples::incident(), {900, 500});
        s.view.setSelected(s.id("pg-dr-1"));
        const double before = s.view.zoom();
        QTest::keyClick(&s.view, Qt::Key_Z);
        QVERIFY(s.view.zoom() > before);
        for (const char *name : {"pg-dr-1", "pg-ams-3", "pg-dr-2"})
            QVERIFY(QRectF(s.view.rect()).contains(s.view.cardRect(s.id(name))));
    }

    void aMapOfTheMap()
    {
        GraphPane pane;
        pane.resize(1100, 620);
        const samples::Graph graph = samples::incident();
        pane.setTopology(graph.topology, graph.extras);
        pane.show();
        QVERIFY(QTest::qWaitForWindowExposed(&pane));
        auto *map = pane.findChild<GraphMiniMap *>();
        QVERIFY(map && map->isHidden());
        pane.graph()->zoomTo(1.5);
        QVERIFY(!map->isHidden());
        shoot(pane, QStringLiteral("graph-minimap"));
        QRectF seen = pane.graph()->visibleScene();
        QTest::mousePress(map, Qt::LeftButton, {}, QPoint(map->width() - 12, map->height() - 12));
        QVERIFY(pane.graph()->visibleScene().center().x() > seen.center().x());
        seen = pane.graph()->visibleScene();
        QMouseEvent move(QEvent::MouseMove, QPointF(12, 12), map->mapToGlobal(QPointF(12, 12)), Qt::NoButton,
                         Qt::LeftButton, {});
        QApplication::sendEvent(map, &move);
        QVERIFY(pane.graph()->visibleScene().center().x() < seen.center().x());
        map->setWanted(false);
        QVERIFY(map->isHidden());
        map->setWanted(true);
        QVERIFY(!map->isHidden());
        pane.graph()->fit();
        QVERIFY(map->isHidden());
    }

    void pictures()
    {
        if (!qEnvironmentVariableIsSet("UNDERSTUDY_SHOTS"))
            QSKIP("For people: set UNDERSTUDY_SHOTS.");
        for (const bool near : {false, true}) {
            samples::Graph graph = samples::incident();
            Node lost =
                samples::node(QStringLiteral("pg-old-1"), 5432, Role::Primary, QStringLiteral("10.20.0.40"));
            graph.topology.clusters.first().nodes << lost;
            graph.topology.clusters.first().links[8].state = LinkState::Catchup;
            graph.topology.clusters.first().links[2].sync = SyncState::Quorum;
            GraphPane pane;
            pane.resize(1440, 820);
            pane.setTopology(graph.topology, graph.extras);
            pane.show();
            QVERIFY(QTest::qWaitForWindowExposed(&pane));
            if (near)
                pane.graph()->resetZoom();
            pane.graph()->setSelected(idOf(graph, QStringLiteral("pg-ams-1")));
            shoot(pane, near ? QStringLiteral("graph-near") : QStringLiteral("graph-fit"));
        }
    }
};

QTEST_MAIN(TestGraphWork)
#include "tst_graph_work.moc"
