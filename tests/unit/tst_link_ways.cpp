// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleGraphs.h"
#include "TextGraphs.h"

#include "paint/LinkRoutes.h"
#include "paint/LinkWays.h"
#include "paint/PaintUnits.h"

#include <QTest>

using namespace understudy;
using samples::graphOf, samples::randomCluster;

namespace {

GraphStyle plainStyle()
{
    GraphStyle style;
    style.font.setPixelSize(13);
    return style;
}

QList<QPointF> cornersOf(const LinkRoute &r)
{
    if (!r.way.isEmpty())
        return r.way;
    return {r.from, r.at(r.trunk, r.beside(r.from)), r.at(r.trunk, r.beside(r.to)), r.to};
}

bool crosses(const QPointF &a, const QPointF &b, const QRectF &card)
{
    return qMax(a.x(), b.x()) > card.left() && qMin(a.x(), b.x()) < card.right() &&
           qMax(a.y(), b.y()) > card.top() && qMin(a.y(), b.y()) < card.bottom();
}

/// The first link that runs over a card, in words; empty if none does.
QString crossing(const Topology &topology, const GraphLayout &layout)
{
    for (const LinkRoute &r : linkRoutes(topology, layout, plainStyle())) {
        const QList<QPointF> corners = cornersOf(r);
        for (qsizetype i = 1; i < corners.size(); ++i) {
            if (corners.at(i).x() != corners.at(i - 1).x() && corners.at(i).y() != corners.at(i - 1).y())
                return QStringLiteral("%1 to %2 runs aslant").arg(r.link->upstream, r.link->downstream);
            for (auto card = layout.cards.cbegin(); card != layout.cards.cend(); ++card) {
                if (crosses(corners.at(i - 1), corners.at(i), card.value().adjusted(.1, .1, -.1, -.1)))
                    return QStringLiteral("%1 to %2 runs over %3")
                        .arg(r.link->upstream, r.link->downstream, card.key());
            }
        }
    }
    return {};
}

int drawn(const Topology &topology, const GraphLayout &layout)
{
    return int(linkRoutes(topology, layout, plainStyle()).size());
}

constexpr std::array both{Direction::TopToBottom, Direction::LeftToRight};

} // namespace

class TestLinkWays : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aLabelLeavesTheCrossAndTheArrowAlone()
    {
        samples::Graph graph = samples::incident();
        for (Link &link : graph.topology.clusters.first().links) {
            if (link.state == LinkState::Broken)
                link.slot = QStringLiteral("staging_london_slot");
        }
        int labels = 0;
        for (int percent = 40; percent <= 120; ++percent) {
            GraphStyle style = plainStyle();
            style.zoom = percent / 100.0;
            const double k = unitsPerScene(style);
            const GraphLayout layout = layoutGraph(graph.topology);
            const auto rects = linkLabelRects(graph.topology, layout, graph.extras, style);
            for (const LinkRoute &r : linkRoutes(graph.topology, layout, style)) {
                const QRectF rect = rects.value(r.link->downstream);
                if (r.look != LinkLook::Broken || rect.isEmpty())
                    continue;
                ++labels;
                QVERIFY2(rect.left() * k >= r.crossAt() + 4, qPrintable(QString::number(percent)));
                QVERIFY2(rect.right() * k <= r.along(r.to) - 9, qPrintable(QString::number(percent)));
                QVERIFY(r.crossAt() - 4 >= r.stretchFrom());
            }
        }
        QCOMPARE(labels, 81);
    }

    void noLinkCrossesACard_data()
    {
        QTest::addColumn<int>("nodes");
        for (const int nodes : {1, 2, 3, 5, 8, 13, 30, 100, 300, 1000})
            QTest::addRow("%d", nodes) << nodes;
    }
    void noLinkCrossesACard()
    {
        QFETCH(int, nodes);
        for (quint32 seed = 1; seed <= (nodes < 100 ? 40u : nodes < 1000 ? 6u : 2u); ++seed) {
            const Topology topology = randomCluster(nodes, 4, seed);
            for (const Direction direction : both) {
                LayoutOptions options;
                options.direction = direction;
                const GraphLayout layout = layoutGraph(topology, options);
                QCOMPARE(layout.cards.size(), nodes);
                const QString wrong = crossing(topology, layout);
                QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
                int shown = 0;
                for (const Link &link : topology.clusters.first().links)
                    shown += layout.ghostLane.isEmpty() ||
                             !layout.ghostLane.contains(layout.cards.value(link.downstream));
                QCOMPARE(drawn(topology, layout), shown);
            }
        }
    }

    /// Cards that a person put anywhere where there was room.
    void noLinkCrossesACardWhereverItWasPut()
    {
        for (quint32 seed = 1; seed <= 60; ++seed) {
            QRandomGenerator random(seed);
            const Topology topology = randomCluster(2 + random.bounded(40), 4, seed);
            for (const Direction direction : both) {
                LayoutOptions options;
                options.direction = direction;
                GraphLayout layout = layoutGraph(topology, options);
                for (int i = 0; i < 6; ++i) {
                    const NodeId id = layout.order.at(random.bounded(int(layout.order.size())));
                    const QPointF at(4 * random.bounded(int(layout.bounds.width() / 4) + 100),
                                     4 * random.bounded(int(layout.bounds.height() / 4) + 100));
                    const QRectF there(at, options.card);
                    bool room = !there.intersects(layout.ghostLane) && !there.intersects(layout.detachedLane);
                    for (auto card = layout.cards.cbegin(); card != layout.cards.cend(); ++card)
                        room = room && (card.key() == id ||
                                        !there.adjusted(-24, -24, 24, 24).intersects(card.value()));
                    if (!room)
                        continue;
                    options.places.insert(id, at);
                    layout = layoutGraph(topology, options);
                    const QString wrong = crossing(topology, layout);
                    QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(wrong)));
                }
            }
        }
    }

    void linksThatAreNotTheTreesGoAround_data()
    {
        QTest::addColumn<QString>("graph");
        QTest::newRow("two upstreams") << "p>a,p>b,a>c,b>c";
        QTest::newRow("over a rank") << "p>a,a>b,b>c,p>c";
        QTest::newRow("a circle") << "p>a,b>c,c>d,d>b";
        QTest::newRow("each other") << "a>b,b>a";
    }
    void linksThatAreNotTheTreesGoAround()
    {
        QFETCH(QString, graph);
        const Topology topology = graphOf(graph);
        for (const Direction direction : both) {
            LayoutOptions options;
            options.direction = direction;
            const GraphLayout layout = layoutGraph(topology, options);
            QVERIFY(!layout.ways.isEmpty());
            QCOMPARE(drawn(topology, layout), topology.clusters.first().links.size());
            const QString wrong = crossing(topology, layout);
            QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
        }
    }

    void aPlainNeighbourIsReachedPlainly()
    {
        const QRectF up(0, 0, 288, 120), below(0, 300, 288, 120), right(600, 0, 288, 120);
        QCOMPARE(wayAround(up, below, Direction::TopToBottom, {up, below}, 1),
                 (QList<QPointF>{{144, 120}, {144, 300}}));
        QCOMPARE(wayAround(up, right, Direction::LeftToRight, {up, right}, 1),
                 (QList<QPointF>{{288, 60}, {600, 60}}));
        // Beside it, top to bottom: from side to side rather than around.
        QCOMPARE(wayAround(up, right, Direction::TopToBottom, {up, right}, 1),
                 (QList<QPointF>{{288, 60}, {600, 60}}));
        // Something in between: around it, and not far.
        const QRectF between(400, -40, 100, 200);
        const QList<QPointF> around = wayAround(up, right, Direction::LeftToRight, {up, right, between}, 1);
        QVERIFY(around.size() > 2 && around.size() <= 6);
        for (const QPointF &corner : around)
            QVERIFY(QRectF(-30, -90, 960, 330).contains(corner));
        QVERIFY(wayAround(up, up.translated(10, 10), Direction::TopToBottom, {up}, 1).isEmpty());
    }

    void aCardInTheWayOfTheTreeIsGoneAround()
    {
        const Topology topology = graphOf(QStringLiteral("p>a,p>b,p>c"));
        LayoutOptions options;
        options.direction = Direction::TopToBottom;
        options.rankGap = 500;
        const GraphLayout before = layoutGraph(topology, options);
        QVERIFY(before.ways.isEmpty());
        // Between p and b, where b's link came down.
        const QRectF b = before.cards.value(QStringLiteral("b"));
        options.places.insert(QStringLiteral("a"), QPointF(b.left() + 20, b.top() - 300));
        const GraphLayout layout = layoutGraph(topology, options);
        QVERIFY(layout.ways.contains({QStringLiteral("p"), QStringLiteral("a")}));
        QVERIFY(layout.ways.contains({QStringLiteral("p"), QStringLiteral("b")}));
        QVERIFY(!layout.ways.contains({QStringLiteral("p"), QStringLiteral("c")}));
        QVERIFY(crossing(topology, layout).isEmpty());
    }

    void aThousandNodesAreLaidOutAtOnce()
    {
        const Topology topology = randomCluster(1000, 4, 7);
        LayoutOptions options;
        const GraphLayout layout = layoutGraph(topology, options);
        for (int i = 0; i < 10; ++i) {
            const NodeId id = layout.order.at(i * 97);
            options.places.insert(id, layout.bounds.bottomLeft() + QPointF(i * 400, 400));
        }
        QCOMPARE(layoutGraph(topology, options).placed.size(), 10);
    }
};

QTEST_MAIN(TestLinkWays)
#include "tst_link_ways.moc"
