// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/PastLooks.h"

#include <QTest>

using namespace understudy;

namespace {

constexpr qint64 second = 1000000;
constexpr qint64 start = qint64(1763386500) * second;

/// A primary and so many standbys; the numbers move with time, the states only if told.
Topology look(qint64 atUs, int standbys = 2, LagState lag = LagState::CaughtUp)
{
    Cluster cluster;
    cluster.systemIdentifier = QStringLiteral("7573920148826316834");
    Node primary;
    primary.id = QStringLiteral("db0:5432");
    primary.role = Role::Primary;
    primary.state = NodeState::Up;
    primary.lsn = Lsn(quint64(atUs));
    cluster.nodes << primary;
    for (int i = 1; i <= standbys; ++i) {
        Node node = primary;
        node.id = QStringLiteral("db%1:5432").arg(i);
        node.role = Role::Standby;
        cluster.nodes << node;
        Link link;
        link.upstream = primary.id;
        link.downstream = node.id;
        link.state = LinkState::Streaming;
        link.lag = lag;
        link.lagBytes = atUs % 977;
        cluster.links << link;
    }
    return {atUs, {cluster}};
}

} // namespace

class TestPastLooks final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anyMomentComesBack();
    void whatIsNotPackedYetIsThere();
    void theOldestGo();
    void memoryIsBoundedAndTurnsStay();
    void turnsAloneAreBoundedToo();
    void aClockThatJumpsBackLosesNothing();
    void numbersAreNoShape();
    void itEndsWhileItPacks();
};

void TestPastLooks::anyMomentComesBack()
{
    PastLooks past;
    QVERIFY(past.isEmpty());
    QVERIFY(!past.at(start));
    QCOMPARE(past.oldestUs(), qint64(0));
    past.add({start, {}}); // nothing was looked at yet
    QVERIFY(past.isEmpty());
    for (int i = 0; i < 100; ++i)
        past.add(look(start + i * second, i < 50 ? 1 : 2));
    past.waitUntilPacked();
    QCOMPARE(past.moments().size(), 100);
    QCOMPARE(past.oldestUs(), start);
    QCOMPARE(past.newestUs(), start + 99 * second);
    QVERIFY(*past.at(start + 30 * second) == look(start + 30 * second, 1));
    QVERIFY(*past.at(start + 50 * second + 999999) == look(start + 50 * second, 2));
    QVERIFY(*past.at(start - 5 * second) == look(start, 1));
    QVERIFY(*past.at(start + 5000 * second) == look(start + 99 * second, 2));
}

void TestPastLooks::whatIsNotPackedYetIsThere()
{
    PastLooks past;
    for (int i = 0; i < 500; ++i) {
        past.add(look(start + i * second, 40));
        QVERIFY(*past.at(start + i * second) == look(start + i * second, 40));
    }
}

void TestPastLooks::theOldestGo()
{
    PastLooks past({10 * second, Q_INT64_C(1) << 30});
    for (int i = 0; i < 100; ++i)
        past.add(look(start + i * second));
    past.waitUntilPacked();
    QCOMPARE(past.newestUs(), start + 99 * second);
    QCOMPARE(past.oldestUs(), start + 89 * second);
}

void TestPastLooks::memoryIsBoundedAndTurnsStay()
{
    constexpr qint64 most = 100000;
    PastLooks past({Q_INT64_C(3600) * second, most});
    for (int i = 0; i < 1200; ++i)
        past.add(look(start + i * second, 2, i == 300 ? LagState::LinkStalled : LagState::CaughtUp));
    past.waitUntilPacked();
    QVERIFY2(past.bytes() <= most, qPrintable(QString::number(past.bytes())));
    QVERIFY(past.bytes() > most / 4);
    const QList<qint64> moments = past.moments();
    QVERIFY(moments.size() < 1200);
    // The stall of one look, and what was before and after it, are there yet; so is the beginning, more
    // coarsely.
    QCOMPARE(past.at(start + 300 * second)->takenAtUs, start + 300 * second);
    QCOMPARE(past.at(start + 299 * second)->takenAtUs, start + 299 * second);
    QCOMPARE(past.at(start + 301 * second)->takenAtUs, start + 301 * second);
    QCOMPARE(past.oldestUs(), start);
    QVERIFY(moments.at(1) - moments.at(0) > second);
    // The newest are whole.
    for (int i = 1150; i < 1200; ++i)
        QVERIFY(moments.contains(start + i * second));
}

void TestPastLooks::turnsAloneAreBoundedToo()
{
    constexpr qint64 most = 50000;
    PastLooks past({Q_INT64_C(3600) * second, most});
    for (int i = 0; i < 600; ++i)
        past.add(look(start + i * second, 2, i % 2 ? LagState::LinkStalled : LagState::CaughtUp));
    past.waitUntilPacked();
    QVERIFY2(past.bytes() <= most, qPrintable(QString::number(past.bytes())));
    QCOMPARE(past.newestUs(), start + 599 * second);
    QVERIFY(past.oldestUs() > start);
}

void TestPastLooks::aClockThatJumpsBackLosesNothing()
{
    PastLooks past;
    for (int i = 0; i < 10; ++i)
        past.add(look(start + i * second));
    past.add(look(start - 100 * second, 3)); // set back by 109 seconds
    past.waitUntilPacked();
    const QList<qint64> moments = past.moments();
    QCOMPARE(moments.size(), 11);
    QVERIFY(std::is_sorted(moments.begin(), moments.end()));
    QCOMPARE(past.newestUs(), start - 100 * second);
    QCOMPARE(past.at(past.newestUs())->clusters.at(0).nodes.size(), 4);
    QCOMPARE(past.at(moments.at(3))->takenAtUs, moments.at(3));
    QCOMPARE(past.at(moments.at(3))->clusters.at(0).nodes.at(0).lsn->bytes(), quint64(start + 3 * second));
}

void TestPastLooks::numbersAreNoShape()
{
    QCOMPARE(shapeOf(look(start)), shapeOf(look(start + 5 * second)));
    QVERIFY(shapeOf(look(start, 2)) != shapeOf(look(start, 3)));
    QVERIFY(shapeOf(look(start)) != shapeOf(look(start, 2, LagState::LinkStalled)));
    Topology changed = look(start);
    changed.clusters[0].nodes[1].role = Role::Primary;
    QVERIFY(shapeOf(look(start)) != shapeOf(changed));
    changed = look(start);
    changed.clusters[0].findings << Finding();
    QVERIFY(shapeOf(look(start)) != shapeOf(changed));
}

void TestPastLooks::itEndsWhileItPacks()
{
    for (int round = 0; round < 20; ++round) {
        PastLooks past;
        for (int i = 0; i < 50; ++i)
            past.add(look(start + i * second, 20));
    }
}

QTEST_GUILESS_MAIN(TestPastLooks)
#include "tst_past_looks.moc"
