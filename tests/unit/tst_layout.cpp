// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleGraphs.h"
#include "TextGraphs.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include <limits>

using namespace understudy;
using samples::graphOf;

namespace {

void verifyNothingTouches(const GraphLayout &layout)
{
    for (auto a = layout.cards.cbegin(); a != layout.cards.cend(); ++a) {
        QVERIFY(layout.bounds.adjusted(-.1, -.1, .1, .1).contains(a.value()));
        for (auto b = std::next(a); b != layout.cards.cend(); ++b)
            QVERIFY2(!a.value().adjusted(-8, -8, 8, 8).intersects(b.value()),
                     qPrintable(a.key() + QStringLiteral(" touches ") + b.key()));
    }
}

Topology randomForest(int nodes, quint32 seed)
{
    QRandomGenerator random(seed);
    QString text = QStringLiteral("p0");
    for (int i = 1; i < nodes; ++i)
        text += QStringLiteral(",%1%2>s%3")
                    .arg(random.bounded(i) == 0 ? u'p' : u's')
                    .arg(random.bounded(i))
                    .arg(i);
    return graphOf(text);
}

} // namespace

class TestLayout : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void treesAreTidy_data()
    {
        QTest::addColumn<QString>("graph");
        QTest::newRow("one") << QStringLiteral("p");
        QTest::newRow("pair") << QStringLiteral("p>a");
        QTest::newRow("fan") << QStringLiteral("p>a,p>b,p>c,p>d");
        QTest::newRow("cascade") << QStringLiteral("p>a,a>b,b>c");
        QTest::newRow("uneven") << QStringLiteral("p>a,p>b,a>c,a>d,a>e,b>f,f>g,f>h,f>i");
        QTest::newRow("many leaves") << QStringLiteral("p>a,p>b,p>c,p>d,p>e,p>f,c>g,c>h,g>i");
        QTest::newRow("two clusters") << QStringLiteral("p>a,q>b,q>c");
        QTest::newRow("ghosts") << QStringLiteral("p>a,p>?g,p>?h,?i");
        QTest::newRow("a ghost that feeds") << QStringLiteral("?p>a,p>b");
    }
    void treesAreTidy()
    {
        QFETCH(QString, graph);
        for (const auto direction : {Direction::TopToBottom, Direction::LeftToRight}) {
            const Topology topology = graphOf(graph);
            LayoutOptions options;
            options.direction = direction;
            const GraphLayout layout = layoutGraph(topology, options);
            QCOMPARE(layout.cards.size(), topology.clusters.first().nodes.size());
            QCOMPARE(layout.order.size(), layout.cards.size());
            verifyNothingTouches(layout);
            for (const Link &link : topology.clusters.first().links) {
                const QRectF up = layout.cards.value(link.upstream),
                             down = layout.cards.value(link.downstream);
                if (layout.ghostLane.contains(down))
                    continue;
                if (direction == Direction::TopToBottom)
                    QVERIFY(down.top() > up.bottom() + 40);
                else
                    QVERIFY(down.left() > up.right() + 40);
            }
        }
    }

    void aParentStandsOverTheMiddleOfItsChildren()
    {
        const GraphLayout layout = layoutGraph(graphOf(QStringLiteral("p>a,p>b,p>c")));
        QCOMPARE(layout.direction, Direction::TopToBottom);
        QCOMPARE(layout.cards[QStringLiteral("p")].center().x(),
                 layout.cards[QStringLiteral("b")].center().x());
        QCOMPARE(layout.cards[QStringLiteral("b")].left() - layout.cards[QStringLiteral("a")].right(), 64.0);
        QCOMPARE(layout.cards[QStringLiteral("a")].top() - layout.cards[QStringLiteral("p")].bottom(), 132.0);
    }

    void siblingsStandByNameWhateverTheOrder()
    {
        const QString one = QStringLiteral("p>standby10,p>standby2,p>standby1");
        const QString other = QStringLiteral("p>standby1,p>standby10,p>standby2");
        const GraphLayout a = layoutGraph(graphOf(one)), b = layoutGraph(graphOf(other));
        QVERIFY(a.cards == b.cards);
        QCOMPARE(a.order, (QList<NodeId>{QStringLiteral("p"), QStringLiteral("standby1"),
                                         QStringLiteral("standby2"), QStringLiteral("standby10")}));
    }

    void numbersMoveNothing()
    {
        samples::Graph graph = samples::incident();
        const GraphLayout before = layoutGraph(graph.topology);
        for (Cluster &cluster : graph.topology.clusters) {
            for (Link &link : cluster.links) {
                link.lagBytes = link.lagBytes.value_or(0) + 123456789;
                link.walRate = 1e9;
            }
            for (Node &node : cluster.nodes)
                node.lsn = Lsn(0xFFFFFFFF);
        }
        const GraphLayout after = layoutGraph(graph.topology);
        QVERIFY(before.cards == after.cards);
        QCOMPARE(before.order, after.order);
        QCOMPARE(before.ghostLane, after.ghostLane);
    }

    void theDirectionFollowsTheLeaves()
    {
        QCOMPARE(layoutGraph(graphOf(QStringLiteral("p>a,p>b,p>c,p>d"))).direction, Direction::TopToBottom);
        QCOMPARE(layoutGraph(graphOf(QStringLiteral("p>a,p>b,p>c,p>d,p>e"))).direction,
                 Direction::LeftToRight);
    }

    void ghostsHaveALane()
    {
        const GraphLayout layout = layoutGraph(samples::incident().topology);
        QVERIFY(!layout.ghostLane.isEmpty());
        int inside = 0;
        for (const QRectF &card : layout.cards) {
            QVERIFY(layout.ghostLane.contains(card) || !layout.ghostLane.intersects(card));
            inside += layout.ghostLane.contains(card);
        }
        QCOMPARE(inside, 1);
        QVERIFY(layoutGraph(samples::healthy().topology).ghostLane.isEmpty());
    }

    void hostileInputEnds_data()
    {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<int>("nodes");
        QTest::newRow("nothing") << QString() << 0;
        QTest::newRow("feeds itself") << QStringLiteral("a>a") << 1;
        QTest::newRow("two feed each other") << QStringLiteral("a>b,b>a") << 2;
        QTest::newRow("cycle with a tail") << QStringLiteral("p,a>b,b>c,c>a,c>d") << 5;
        QTest::newRow("two upstreams") << QStringLiteral("a>c,b>c") << 3;
        QTest::newRow("the same link twice") << QStringLiteral("a>b,a>b,a>b") << 2;
    }
    void hostileInputEnds()
    {
        QFETCH(QString, graph);
        QFETCH(int, nodes);
        const GraphLayout layout = layoutGraph(graphOf(graph));
        QCOMPARE(layout.cards.size(), nodes);
        QCOMPARE(layout.order.size(), nodes);
        verifyNothingTouches(layout);
    }

    void doubledIdsAndMissingEndsAreLeftOut()
    {
        Topology topology = graphOf(QStringLiteral("p>a"));
        Cluster &cluster = topology.clusters.first();
        cluster.nodes << cluster.nodes.first();
        Link nowhere;
        nowhere.upstream = QStringLiteral("nobody");
        nowhere.downstream = QStringLiteral("a");
        cluster.links.prepend(nowhere);
        QCOMPARE(layoutGraph(topology).cards.size(), 2);
    }

    void manyShapesNeverOverlap()
    {
        for (quint32 seed = 1; seed <= 40; ++seed)
            verifyNothingTouches(layoutGraph(randomForest(30, seed)));
    }

    void aLongCascadeIsNoProblem()
    {
        Topology topology = graphOf(QString());
        Cluster &cluster = topology.clusters.first();
        for (int i = 0; i < 3000; ++i) {
            cluster.nodes << samples::node(QStringLiteral("s%1").arg(i), i + 1,
                                           i ? Role::Standby : Role::Primary);
            if (i > 0)
                cluster.links << samples::link(cluster.nodes.at(i - 1), cluster.nodes.at(i), QString(),
                                               LagState::CaughtUp, 0);
        }
        const GraphLayout layout = layoutGraph(topology);
        QCOMPARE(layout.cards.size(), 3000);
    }

    void aThousandNodesTakeAMoment()
    {
        Topology topology;
        Cluster cluster;
        cluster.nodes << samples::node(QStringLiteral("p"), 1, Role::Primary);
        for (int i = 1; i < 1000; ++i) {
            cluster.nodes << samples::node(QStringLiteral("standby%1").arg(i), i + 1, Role::Standby);
            cluster.links << samples::link(cluster.nodes.at((i - 1) / 7), cluster.nodes.at(i), QString(),
                                           LagState::CaughtUp, 0);
        }
        topology.clusters = {cluster};
        // The best of several: other programs may run here. Generous, because sanitizers are slow.
        qint64 best = std::numeric_limits<qint64>::max();
        for (int i = 0; i < 10; ++i) {
            QElapsedTimer timer;
            timer.start();
            const GraphLayout layout = layoutGraph(topology);
            best = qMin(best, timer.nsecsElapsed());
            QCOMPARE(layout.cards.size(), 1000);
        }
        qInfo() << "1,000 nodes laid out in" << best / 1000 << "us";
        QVERIFY2(best < 20'000'000, qPrintable(QString::number(best)));
    }
};

QTEST_GUILESS_MAIN(TestLayout)
#include "tst_layout.moc"
