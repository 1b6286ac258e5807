// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleGraphs.h"

#include "paint/FarMarks.h"
#include "paint/LinkPick.h"

#include <QTest>

using namespace understudy;

namespace {

GraphStyle styleAt(double zoom)
{
    GraphStyle style;
    style.font.setPixelSize(13);
    style.zoom = zoom;
    return style;
}

samples::Graph star(int standbys)
{
    samples::Graph g;
    Cluster c;
    c.nodes << samples::node(QStringLiteral("p"), 1, Role::Primary);
    for (int i = 0; i < standbys; ++i) {
        const Node n =
            samples::node(QStringLiteral("s%1").arg(i, 4, 10, QLatin1Char('0')), 10 + i, Role::Standby);
        c.links << samples::link(c.nodes.first(), n, QStringLiteral("slot_%1").arg(i), LagState::CaughtUp, 0);
        c.nodes << n;
    }
    g.topology.clusters = {c};
    g.topology.takenAtUs = samples::now;
    return g;
}

} // namespace

/// Which link is pointed at, and what is seen from very far.
class TestLinkPick : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aLinkIsHitOnItsWayAndOnItsLabel_data()
    {
        QTest::addColumn<int>("direction");
        QTest::addColumn<double>("zoom");
        for (const double zoom : {1.0, 0.6, 0.2}) {
            QTest::addRow("down at %g", zoom) << int(Direction::TopToBottom) << zoom;
            QTest::addRow("across at %g", zoom) << int(Direction::LeftToRight) << zoom;
        }
    }
    void aLinkIsHitOnItsWayAndOnItsLabel()
    {
        QFETCH(int, direction);
        QFETCH(double, zoom);
        const auto graph = samples::incident();
        LayoutOptions options;
        options.direction = Direction(direction);
        const GraphLayout layout = layoutGraph(graph.topology, options);
        const GraphStyle style = styleAt(zoom);
        const QList<LinkPick> picks = linkPicks(graph.topology, layout, graph.extras, style, layout.bounds);
        QCOMPARE(picks.size(), 10);
        const double reach = 8 / zoom;
        int labels = 0;
        for (const LinkPick &pick : picks) {
            const QPointF tip = pick.way.constLast(), before = pick.way.at(pick.way.size() - 2);
            const QPointF middle = (tip + before) / 2;
            QCOMPARE(linkAt(picks, middle, reach), pick.downstream);
            QCOMPARE(linkAt(picks, tip + (before - tip) * 0.1, reach), pick.downstream);
            // A little beside it still is it, far beside is not.
            const QPointF side = direction == int(Direction::LeftToRight) ? QPointF(0, 1) : QPointF(1, 0);
            QCOMPARE(linkAt(picks, middle + side * 0.9 * reach, reach), pick.downstream);
            QVERIFY(linkAt(picks, tip + (before - tip) * 0.1 + side * 1.2 * reach, reach) !=
                        pick.downstream ||
                    pick.label.contains(tip + (before - tip) * 0.1 + side * 1.2 * reach));
            if (pick.label.isEmpty())
                continue;
            ++labels;
            QCOMPARE(linkAt(picks, pick.label.center(), reach), pick.downstream);
            QCOMPARE(linkAt(picks, pick.label.topLeft() + QPointF(1, 1), reach), pick.downstream);
        }
        QCOMPARE(labels > 0, zoom > 0.4);
        QVERIFY(linkAt(picks, layout.bounds.topLeft() - QPointF(500, 500), reach).isEmpty());
    }

    void whatSiblingsShareIsTheirsInTurn()
    {
        const auto graph = samples::healthy();
        const GraphLayout layout = layoutGraph(graph.topology);
        const auto picks = linkPicks(graph.topology, layout, graph.extras, styleAt(1), layout.bounds);
        QCOMPARE(picks.size(), 2);
        const QPointF stem = (picks.first().way.at(0) + picks.first().way.at(1)) / 2;
        for (const LinkPick &pick : picks)
            QCOMPARE(linkAt(picks, stem, 8, pick.downstream), pick.downstream);
        QVERIFY(!linkAt(picks, stem, 8).isEmpty());
    }

    void wordsAreMeasuredOnlyWhereTheyAreSeen()
    {
        const auto graph = samples::incident();
        const GraphLayout layout = layoutGraph(graph.topology);
        for (const LinkPick &pick :
             linkPicks(graph.topology, layout, graph.extras, styleAt(1), QRectF(-1e5, -1e5, 10, 10)))
            QVERIFY(pick.label.isEmpty() && pick.way.size() >= 2);
    }

    void aSelectedLinkStandsOut()
    {
        const auto graph = samples::incident();
        const NodeId chosen = samples::idOf(graph, QStringLiteral("pg-ams-2"));
        const auto paint = [&](const GraphStyle &style) {
            const GraphLayout layout = layoutGraph(graph.topology);
            QImage image((layout.bounds.size() * style.zoom).toSize(), QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::white);
            QPainter painter(&image);
            painter.scale(style.zoom, style.zoom);
            painter.translate(-layout.bounds.topLeft());
            paintLinks(painter, graph.topology, layout, graph.extras, style);
            return image;
        };
        for (const double zoom : {1.0, 0.5, 0.2}) {
            GraphStyle style = styleAt(zoom);
            QList<QImage> seen{paint(style)};
            style.hoveredLink = chosen;
            seen << paint(style);
            style.hoveredLink.clear();
            style.selectedLink = chosen;
            seen << paint(style);
            style.focusedLink = chosen;
            seen << paint(style);
            for (int a = 0; a < 4; ++a) {
                for (int b = 0; b < a; ++b)
                    QVERIFY2(seen.at(a) != seen.at(b),
                             qPrintable(QStringLiteral("%1 %2 %3").arg(zoom).arg(a).arg(b)));
            }
        }
    }

    void fromVeryFarTroubleIsOnTop_data()
    {
        QTest::addColumn<int>("direction");
        QTest::newRow("down") << int(Direction::TopToBottom);
        QTest::newRow("across") << int(Direction::LeftToRight);
    }
    void fromVeryFarTroubleIsOnTop()
    {
        QFETCH(int, direction);
        auto graph = star(1000);
        Link &lost = graph.topology.clusters.first().links[500];
        lost.state = LinkState::Broken;
        lost.lag = LagState::Disconnected;
        LayoutOptions options;
        options.direction = Direction(direction);
        const GraphLayout layout = layoutGraph(graph.topology, options);
        const double zoom = 800 / qMax(layout.bounds.width(), layout.bounds.height());
        const GraphStyle style = styleAt(zoom);
        QVERIFY(isDense(layout, style));
        QVERIFY(!isDense(layout, styleAt(0.3)));
        QImage image(900, 900, QImage::Format_ARGB32_Premultiplied);
        image.fill(Theme::light().canvas);
        QPainter painter(&image);
        painter.translate(30, 30);
        painter.scale(zoom, zoom);
        painter.translate(-layout.bounds.topLeft());
        const QTransform toImage = painter.transform();
        paintScene(painter, graph.topology, layout, graph.extras, style);
        painter.end();
        const QRectF mark = toImage.mapRect(denseMark(layout.cards.value(lost.downstream), style));
        QVERIFY(mark.width() > 11 && mark.width() < 13);
        int loud = 0;
        for (int y = int(mark.top()); y < int(mark.bottom()); ++y) {
            for (int x = int(mark.left()); x < int(mark.right()); ++x)
                loud += image.pixelColor(x, y) == Theme::light().crit;
        }
        QVERIFY2(loud > 25, qPrintable(QString::number(loud)));
    }
};

QTEST_MAIN(TestLinkPick)
#include "tst_link_pick.moc"
