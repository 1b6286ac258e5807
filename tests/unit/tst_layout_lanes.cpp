// SPDX-License-Identifier: GPL-3.0-or-later
#include "TextGraphs.h"

#include "paint/GraphLayout.h"

#include <QTest>

using namespace understudy;
using samples::graphOf;

namespace {

QStringList sorted(const QList<NodeId> &ids)
{
    QStringList out(ids.cbegin(), ids.cend());
    out.sort();
    return out;
}

QStringList inside(const GraphLayout &layout, const QRectF &lane)
{
    QList<NodeId> out;
    for (auto card = layout.cards.cbegin(); card != layout.cards.cend(); ++card) {
        if (lane.contains(card.value()))
            out << card.key();
    }
    return sorted(out);
}

LayoutOptions to(Direction direction)
{
    LayoutOptions options;
    options.direction = direction;
    return options;
}

constexpr std::array both{Direction::TopToBottom, Direction::LeftToRight};

} // namespace

/// What does not hang on the tree, what a person moved, and what is folded away.
class TestLayoutLanes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theLanes_data()
    {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<QString>("detached");
        QTest::addColumn<QString>("ghosts");
        QTest::newRow("nothing apart") << "p>a,p>b"
                                       << ""
                                       << "";
        QTest::newRow("a standby nobody feeds") << "p>a,b"
                                                << "b"
                                                << "";
        QTest::newRow("a second primary") << "p>a,p>b,q"
                                          << "q"
                                          << "";
        QTest::newRow("a second primary with a standby") << "p>a,p>b,q>c"
                                                         << "c q"
                                                         << "";
        QTest::newRow("the larger tree is the tree") << "p,q>a"
                                                     << "p"
                                                     << "";
        QTest::newRow("ghosts") << "p>a,p>?g,?h"
                                << ""
                                << "g h";
        QTest::newRow("both") << "p>a,b,p>?g"
                              << "b"
                              << "g";
        QTest::newRow("many") << "p>a,b,c,d,e,f,g,?h,?i"
                              << "b c d e f g"
                              << "h i";
        QTest::newRow("no primary was seen") << "a,b"
                                             << ""
                                             << "";
        QTest::newRow("a cascade without its primary") << "a>b,c"
                                                       << "c"
                                                       << "";
        QTest::newRow("a ghost that feeds is in the tree") << "?p>a,p>b"
                                                           << ""
                                                           << "";
    }
    void theLanes()
    {
        QFETCH(QString, graph);
        QFETCH(QString, detached);
        QFETCH(QString, ghosts);
        const Topology topology = graphOf(graph);
        for (const Direction direction : both) {
            const GraphLayout layout = layoutGraph(topology, to(direction));
            QCOMPARE(inside(layout, layout.detachedLane).join(u' '), detached);
            QCOMPARE(inside(layout, layout.ghostLane).join(u' '), ghosts);
            QCOMPARE(layout.detachedLane.isEmpty(), detached.isEmpty());
            QCOMPARE(layout.ghostLane.isEmpty(), ghosts.isEmpty());
            QVERIFY(!layout.ghostLane.intersects(layout.detachedLane));
            QVERIFY(layout.bounds.contains(layout.ghostLane | layout.detachedLane) ||
                    (detached.isEmpty() && ghosts.isEmpty()));
            for (const QRectF &card : layout.cards) {
                for (const QRectF &lane : {layout.ghostLane, layout.detachedLane})
                    QVERIFY(lane.contains(card) || !lane.intersects(card));
            }
            QCOMPARE(layout.order.size(), layout.cards.size());
        }
    }

    void ghostsStandBesideTheLastRows()
    {
        // The last ranks are short: the lane needs no rows of its own, be it that it stands out at the right.
        const Topology topology = graphOf(QStringLiteral("p>a,p>b,p>c,p>d,p>e,p>f,b>g,b>h,h>i,e>j,p>?k"));
        const GraphLayout layout = layoutGraph(topology, to(Direction::LeftToRight));
        double lowest = 0;
        for (auto card = layout.cards.cbegin(); card != layout.cards.cend(); ++card)
            lowest = qMax(lowest, card.key() == QLatin1String("k") ? 0 : card->bottom());
        QCOMPARE(layout.ghostLane.bottom(), lowest);
        QVERIFY(layout.ghostLane.left() >= layout.cards.value(QStringLiteral("j")).right() + 64);
        QVERIFY(layout.bounds.contains(layout.ghostLane));
        // Where the last row reaches to the end there is no such place.
        const GraphLayout full =
            layoutGraph(graphOf(QStringLiteral("p>a,p>b,p>c,c>d,d>e,e>f,p>?k")), to(Direction::LeftToRight));
        QVERIFY(full.ghostLane.top() > full.cards.value(QStringLiteral("f")).bottom());
    }

    void whoIsNotKnownStandsApartFromWhoIs()
    {
        Topology topology = graphOf(QStringLiteral("p>a"));
        topology.clusters.first().systemIdentifier = QStringLiteral("7573920148826316834");
        Cluster unknown = graphOf(QStringLiteral("x,y")).clusters.first();
        topology.clusters << unknown;
        GraphLayout layout = layoutGraph(topology);
        QCOMPARE(inside(layout, layout.detachedLane), (QStringList{"x", "y"}));
        // When nobody is known yet, there is nothing to stand apart from.
        topology.clusters.first().systemIdentifier.clear();
        layout = layoutGraph(topology);
        QVERIFY(layout.detachedLane.isEmpty());
    }

    void statesMoveNothing()
    {
        Topology topology = graphOf(QStringLiteral("p>a,p>b,b>c,q,s,p>?g"));
        const GraphLayout before = layoutGraph(topology);
        for (const NodeState state :
             {NodeState::Down, NodeState::NotResponding, NodeState::Unknown, NodeState::NoPermission}) {
            for (Node &node : topology.clusters.first().nodes) {
                if (node.state != NodeState::Ghost)
                    node.state = state;
                node.replayPaused = true;
            }
            for (Link &link : topology.clusters.first().links) {
                link.state = LinkState::Broken;
                link.lag = LagState::Disconnected;
                link.lagBytes = 1234567;
            }
            const GraphLayout after = layoutGraph(topology);
            QVERIFY(before.cards == after.cards);
            QCOMPARE(before.order, after.order);
            QCOMPARE(before.detachedLane, after.detachedLane);
        }
    }

    void aPlacedCardStaysAndMovesNobody()
    {
        LayoutOptions options;
        const Topology topology = graphOf(QStringLiteral("p>a,p>b,p>c,?g"));
        const GraphLayout before = layoutGraph(topology, options);
        options.places = {{QStringLiteral("b"), QPointF(1000, 640)}, {QStringLiteral("g"), QPointF(-400, 8)}};
        const GraphLayout after = layoutGraph(topology, options);
        QCOMPARE(after.cards.value(QStringLiteral("b")), QRectF(1000, 640, 288, 120));
        QCOMPARE(after.cards.value(QStringLiteral("g")), QRectF(-400, 8, 288, 120));
        QVERIFY(after.ghostLane.isEmpty());
        for (const auto *other : {"p", "a", "c"})
            QCOMPARE(after.cards.value(other), before.cards.value(other));
        QCOMPARE(after.placed, (QSet<NodeId>{QStringLiteral("b"), QStringLiteral("g")}));
        QVERIFY(after.bounds.contains(after.cards.value(QStringLiteral("b"))));
        QVERIFY(after.bounds.contains(after.cards.value(QStringLiteral("g"))));
        QCOMPARE(after.order.size(), 5);
        // Whoever comes and goes: it stays.
        const GraphLayout more =
            layoutGraph(graphOf(QStringLiteral("p>a,p>b,p>c,?g,p>a1,a>a2,a1>a3")), options);
        QCOMPARE(more.cards.value(QStringLiteral("b")), QRectF(1000, 640, 288, 120));
        // Larger text: the whole picture grows, the place with it.
        LayoutOptions large = scaledLayout(2);
        large.places = options.places;
        QCOMPARE(layoutGraph(topology, large).cards.value(QStringLiteral("b")), QRectF(2000, 1280, 576, 240));
        // Somebody who is not there has no place.
        options.places = {{QStringLiteral("nobody"), QPointF(1, 1)}};
        QVERIFY(layoutGraph(topology, options).cards == before.cards);
    }

    void aCollapsedSubtreeLeavesRoom()
    {
        const Topology topology = graphOf(QStringLiteral("p>a,p>b,a>c,a>d,d>e,b>f"));
        LayoutOptions options;
        QCOMPARE(layoutGraph(topology).below, (QHash<NodeId, int>{{QStringLiteral("p"), 6},
                                                                  {QStringLiteral("a"), 3},
                                                                  {QStringLiteral("b"), 1},
                                                                  {QStringLiteral("d"), 1}}));
        options.collapsed = {QStringLiteral("a"), QStringLiteral("d"), QStringLiteral("f")};
        GraphLayout layout = layoutGraph(topology, options);
        QCOMPARE(sorted(layout.cards.keys()), (QStringList{"a", "b", "f", "p"}));
        QCOMPARE(layout.hidden.size(),
                 1); // What lies within another is told by the outer one; f feeds nobody
        QCOMPARE(sorted(layout.hidden.value(QStringLiteral("a"))), (QStringList{"c", "d", "e"}));
        QCOMPARE(layout.below.value(QStringLiteral("a")), 3);
        QVERIFY(layout.bounds.width() < layoutGraph(topology).bounds.width());
        options.collapsed = {QStringLiteral("p")};
        layout = layoutGraph(topology, options);
        QCOMPARE(layout.cards.size(), 1);
        QCOMPARE(layout.hidden.value(QStringLiteral("p")).size(), 6);
    }
};

QTEST_GUILESS_MAIN(TestLayoutLanes)
#include "tst_layout_lanes.moc"
