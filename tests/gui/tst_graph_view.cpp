// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleGraphs.h"

#include "gui/Style.h"
#include "gui/graph/GraphView.h"
#include "gui/graph/NodeTable.h"
#include "gui/parts/Parts.h"

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

using namespace understudy;
using samples::idOf, samples::later, samples::without;

class TestGraphView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Style::instance().apply(Style::Choice::Light); }
    void cleanup() { QApplication::setFont(applicationFont()); }

    void smallClustersAreShownNearAndNeverAboveFullSize()
    {
        GraphView view;
        view.resize(1100, 560);
        const auto graph = samples::healthy();
        view.setTopology(graph.topology, graph.extras);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QCOMPARE(view.zoom(), 1.0);
        view.resize(4000, 3000);
        QCOMPARE(view.zoom(), 1.0);
        view.resize(500, 300);
        QTRY_VERIFY(view.zoom() < 1.0);
        for (const Node &node : graph.topology.clusters.first().nodes)
            QVERIFY(QRectF(view.rect()).contains(view.cardRect(node.id)));
    }

    void pollsMoveNothing()
    {
        GraphView view;
        view.resize(900, 500);
        auto graph = samples::incident();
        view.setTopology(graph.topology, graph.extras);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        const NodeId chosen = idOf(graph, QStringLiteral("pg-fra-2"));
        view.setSelected(chosen);
        view.zoomIn();
        const double zoom = view.zoom();
        const QRectF place = view.cardRect(chosen);
        QSignalSpy selection(&view, &GraphView::selectionChanged);
        for (int i = 0; i < 5; ++i) {
            graph = later(graph);
            view.setTopology(graph.topology, graph.extras);
        }
        QCOMPARE(view.selected(), chosen);
        QCOMPARE(view.zoom(), zoom);
        QCOMPARE(view.cardRect(chosen), place);
        QCOMPARE(selection.count(), 0);
        without(graph, chosen);
        view.setTopology(graph.topology, graph.extras);
        QCOMPARE(view.selected(), NodeId());
        QCOMPARE(selection.count(), 1);
        QCOMPARE(view.zoom(), zoom);
    }

    void arrowsFollowTheEdges()
    {
        GraphView view;
        view.resize(1100, 560);
        const auto graph = samples::healthy();
        view.setTopology(graph.topology, graph.extras);
        QSignalSpy opened(&view, &GraphView::activated);
        const auto name = [&] { return graph.topology.node(view.selected())->name; };
        QTest::keyClick(&view, Qt::Key_Home);
        QCOMPARE(name(), QStringLiteral("primary"));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(name(), QStringLiteral("standby1"));
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(name(), QStringLiteral("standby2"));
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(name(), QStringLiteral("standby2"));
        QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(name(), QStringLiteral("primary"));
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(opened.count(), 1);
        QTest::keyClick(&view, Qt::Key_Escape);
        QCOMPARE(view.selected(), NodeId());
    }

    void arrowsFollowTheEdgesAcross()
    {
        GraphView view;
        view.resize(1100, 560);
        const auto graph = samples::incident();
        view.setTopology(graph.topology, graph.extras);
        QCOMPARE(view.direction(), Direction::LeftToRight);
        view.setSelected(idOf(graph, QStringLiteral("pg-ams-3")));
        QTest::keyClick(&view, Qt::Key_Right);
        const QString child = graph.topology.node(view.selected())->name;
        QVERIFY(child == QLatin1String("pg-ams-4") || child == QLatin1String("pg-dr-1"));
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.selected(), idOf(graph, QStringLiteral("pg-ams-3")));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.selected(), idOf(graph, QStringLiteral("pg-fra-1")));
    }

    void zoomKeysAndWheel()
    {
        GraphView view;
        view.resize(1100, 560);
        const auto graph = samples::healthy();
        view.setTopology(graph.topology, graph.extras);
        QTest::keyClick(&view, Qt::Key_Minus);
        QVERIFY(view.zoom() < 1);
        QTest::keyClick(&view, Qt::Key_0);
        QCOMPARE(view.zoom(), 1.0);
        const NodeId standby = idOf(graph, QStringLiteral("standby1"));
        const QPointF under = view.cardRect(standby).center();
        QWheelEvent wheel(under, view.mapToGlobal(under), {}, QPoint(0, 120), Qt::NoButton,
                          Qt::ControlModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view, &wheel);
        QVERIFY(view.zoom() > 1.05);
        // What was under the cursor still is.
        QVERIFY((view.cardRect(standby).center() - under).manhattanLength() < 3);
        QTest::keyClick(&view, Qt::Key_F);
        QCOMPARE(view.zoom(), 1.0);
    }

    void aPersonsZoomIsKeptUntilFit()
    {
        GraphView view;
        view.resize(1100, 560);
        auto graph = samples::healthy();
        view.setTopology(graph.topology, graph.extras);
        view.zoomOut();
        const double zoom = view.zoom();
        view.resize(1300, 700);
        graph = samples::incident();
        view.setTopology(graph.topology, graph.extras);
        QCOMPARE(view.zoom(), zoom);
        QCOMPARE(view.direction(), Direction::TopToBottom);
        view.setDirection(Direction::LeftToRight);
        QCOMPARE(view.direction(), Direction::LeftToRight);
    }

    void theKeyboardsPlaceIsSeen()
    {
        QWidget window;
        GraphView view(&window);
        QLineEdit other(&window);
        window.resize(1100, 620);
        view.setGeometry(0, 0, 1100, 560);
        other.setGeometry(0, 570, 200, 32);
        const auto graph = samples::healthy();
        view.setTopology(graph.topology, graph.extras);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        other.setFocus();
        const QImage before = view.grab().toImage();
        view.setFocus(Qt::TabFocusReason);
        QVERIFY(view.grab().toImage() != before);
        QSignalSpy menu(&view, &GraphView::contextMenuRequested);
        QTest::keyClick(&view, Qt::Key_Space);
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(), QPoint());
        QApplication::sendEvent(&view, &event);
        QCOMPARE(menu.count(), 1);
        QCOMPARE(menu.first().first().toString(), idOf(graph, QStringLiteral("primary")));
    }

    void aScreenReaderHearsIt()
    {
        GraphView view;
        auto graph = samples::healthy(false);
        view.setTopology(graph.topology, graph.extras);
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("2 nodes")));
        view.setSelected(idOf(graph, QStringLiteral("standby1")));
        QVERIFY(
            view.accessibleDescription().contains(QStringLiteral("standby1, Standby of primary, Caught up")));
        graph.topology.clusters.first().links.first().lag = LagState::Disconnected;
        graph.topology.clusters.first().links.first().state = LinkState::Broken;
        view.setTopology(graph.topology, graph.extras);
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("1 disconnected")));
    }

    void labelsNeverLieOnCards_data()
    {
        QTest::addColumn<bool>("incident");
        QTest::addColumn<bool>("across");
        for (const bool incident : {false, true}) {
            for (const bool across : {false, true})
                QTest::addRow("%s, %s", incident ? "incident" : "healthy", across ? "across" : "down")
                    << incident << across;
        }
    }
    void labelsNeverLieOnCards()
    {
        QFETCH(bool, incident);
        QFETCH(bool, across);
        auto graph = incident ? samples::incident() : samples::healthy();
        graph.topology.clusters.first().links.first().slot =
            QStringLiteral("a_slot_with_the_longest_name_that_the_server_takes_63_characters_");
        for (const int pixels : {13, 26}) {
            GraphStyle style;
            style.theme = &Theme::light();
            style.font = applicationFont();
            style.font.setPixelSize(pixels);
            LayoutOptions options = scaledLayout(pixels / 13.0);
            options.direction = across ? Direction::LeftToRight : Direction::TopToBottom;
            const GraphLayout layout = layoutGraph(graph.topology, options);
            int shown = 0;
            for (const double zoom : {0.3, 0.4, 0.5, 0.7, 0.85, 1.0, 1.5}) {
                style.zoom = zoom;
                const auto labels = linkLabelRects(graph.topology, layout, graph.extras, style);
                shown += int(labels.size());
                if (detailLevel(zoom) == DetailLevel::Far)
                    QVERIFY(labels.isEmpty());
                for (auto label = labels.cbegin(); label != labels.cend(); ++label) {
                    for (auto card = layout.cards.cbegin(); card != layout.cards.cend(); ++card)
                        QVERIFY2(
                            !label.value().intersects(card.value()),
                            qPrintable(
                                QStringLiteral("%1 on %2 at %3").arg(label.key(), card.key()).arg(zoom)));
                    for (auto other = std::next(label); other != labels.cend(); ++other)
                        QVERIFY(!label.value().intersects(other.value()));
                }
            }
            QVERIFY(shown > 4);
        }
    }

    void graphAndTableShareTheSelection()
    {
        GraphPane pane;
        pane.resize(1100, 560);
        auto graph = samples::incident();
        pane.setTopology(graph.topology, graph.extras);
        auto *table = pane.findChild<NodeTable *>();
        QVERIFY(table);
        QSignalSpy selection(&pane, &GraphPane::selectionChanged);
        const NodeId chosen = idOf(graph, QStringLiteral("pg-dr-1"));
        pane.graph()->setSelected(chosen);
        pane.showTable(true);
        QCOMPARE(table->selected(), chosen);
        QCOMPARE(selection.count(), 1);
        for (int i = 0; i < 3; ++i) {
            graph = later(graph);
            pane.setTopology(graph.topology, graph.extras);
        }
        QCOMPARE(table->selected(), chosen);
        QCOMPARE(selection.count(), 1);
        table->selectRow(0);
        QCOMPARE(pane.graph()->selected(), idOf(graph, QStringLiteral("pg-ams-1")));
        pane.findChild<QLineEdit *>()->setText(QStringLiteral("lagging"));
        QCOMPARE(table->model()->rowCount(), 1);
        pane.findChild<QLineEdit *>()->clear();
        QCOMPARE(table->selected(), idOf(graph, QStringLiteral("pg-ams-1")));
    }

    void everyIconButtonSaysWhatItDoes()
    {
        GraphPane pane;
        for (const QToolButton *button : pane.findChildren<QToolButton *>()) {
            if (button->text().isEmpty() && !button->inherits("QLineEditIconButton")) {
                QVERIFY(!button->accessibleName().isEmpty());
                QVERIFY(!button->toolTip().isEmpty());
                QVERIFY(!button->icon().isNull());
            }
        }
        QPushButton *copy =
            makeButton(QStringLiteral("Copy"), QStringLiteral("icon"), QStringLiteral("edit-copy"));
        QCOMPARE(copy->accessibleName(), QStringLiteral("Copy"));
        QVERIFY(copy->text().isEmpty());
        delete copy;
    }

    void iconsTakeTheThemesColour()
    {
        const auto inkOf = [](const QIcon &icon) {
            const QImage image = icon.pixmap(QSize(16, 16)).toImage().convertToFormat(QImage::Format_ARGB32);
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    if (qAlpha(image.pixel(x, y)) == 255)
                        return QColor(image.pixel(x, y));
                }
            }
            return QColor();
        };
        const QIcon icon = Style::instance().icon(QStringLiteral("list-add"));
        QCOMPARE(inkOf(icon), Theme::light().text2);
        Style::instance().apply(Style::Choice::Dark);
        QCOMPARE(inkOf(icon), Theme::dark().text2);
        Style::instance().apply(Style::Choice::Light);
        QCOMPARE(inkOf(Style::instance().icon(QStringLiteral("list-add"), Qt::red)), QColor(Qt::red));
        QVERIFY(Style::instance().icon(QStringLiteral("no-such-icon")).isNull());
    }
};

QTEST_MAIN(TestGraphView)
#include "tst_graph_view.moc"
