// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreScene.h"

#include <QTest>

#include <limits>

using namespace understudy;
using namespace understudy::storescene;

namespace {

QStringList kinds(const QList<StoreEvent> &events)
{
    QStringList kinds;
    for (const StoreEvent &event : events)
        kinds << event.kind;
    return kinds;
}

constexpr qint64 farthest = std::numeric_limits<qint64>::max();

} // namespace

class TestStoreRows final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rowsRebuildALook();
    void unknownStaysUnknown();
    void absurdNumbersAreHarmless();
    void structureIsNotNumbers();
    void everyStateComesBack();
    void eventsOfAFailover();
    void eventsOfLinksAndFindings();
    void namesAreNoFormats();
};

void TestStoreRows::rowsRebuildALook()
{
    const Topology wanted = look(start + 77 * second, 3, 123456);
    Topology other = look(start, 3, 5);
    other.takenAtUs = wanted.takenAtUs;
    QVERIFY(other != wanted);
    for (const StoreRow &row : rowsOf(wanted))
        applyRow(other, row);
    QVERIFY(other == wanted);
}

void TestStoreRows::unknownStaysUnknown()
{
    Topology wanted = look(start, 1);
    Link &link = wanted.clusters[0].links[0];
    link.lagBytes.reset();
    link.lagSeconds.reset();
    link.stages = {};
    link.walRate.reset();
    wanted.clusters[0].nodes[1].lsn.reset();
    wanted.clusters[0].slots_[0].retainedBytes.reset();
    const QList<StoreRow> rows = rowsOf(wanted);
    QCOMPARE(rows.size(), 3);
    QVERIFY(!rows.at(1).values[indexOf(Metric::LagBytes)]);
    QVERIFY(!rows.at(1).lsn);
    QVERIFY(!rows.at(2).values[indexOf(Metric::Retained)]);
    Topology other = look(start, 1);
    for (const StoreRow &row : rows)
        applyRow(other, row);
    QVERIFY(other == wanted);
}

void TestStoreRows::absurdNumbersAreHarmless()
{
    QVERIFY(!microsOf(std::numeric_limits<double>::quiet_NaN()));
    QVERIFY(!microsOf(std::numeric_limits<double>::infinity()));
    QVERIFY(*microsOf(1e300) > farthest - (farthest >> 8));
    QVERIFY(*microsOf(-1e300) < 0);
    Topology topology = look(start, 1);
    topology.clusters[0].links[0].lagBytes = farthest;
    topology.clusters[0].nodes[0].lsn = Lsn(std::numeric_limits<quint64>::max());
    topology.clusters[0].nodes[0].walRate = std::numeric_limits<double>::quiet_NaN();
    Topology other = look(start, 1);
    for (const StoreRow &row : rowsOf(topology))
        applyRow(other, row);
    QCOMPARE(other.clusters[0].links[0].lagBytes, std::optional(farthest));
    QCOMPARE(other.clusters[0].nodes[0].lsn->bytes(), std::numeric_limits<quint64>::max());
    QVERIFY(!other.clusters[0].nodes[0].walRate);
}

void TestStoreRows::structureIsNotNumbers()
{
    const QByteArray before = structureOf(look(start, 2, 5));
    QCOMPARE(structureOf(look(start + hour, 2, 500000)), before);
    QVERIFY(structureOf(look(start, 3, 5)) != before);
    Topology changed = look(start, 2, 5);
    changed.clusters[0].nodes[1].state = NodeState::Down;
    QVERIFY(structureOf(changed) != before);
    changed = look(start, 2, 5);
    changed.clusters[0].findings << Finding();
    QVERIFY(structureOf(changed) != before);
    changed = look(start, 2, 5);
    changed.clusters[0].links[1].upstream = standbyId(1);
    QVERIFY(structureOf(changed) != before);
    // What rows hold does not make a look of its own.
    changed = look(start, 2, 5);
    changed.clusters[0].links[1].lag = LagState::Idle;
    QCOMPARE(structureOf(changed), before);
}

void TestStoreRows::everyStateComesBack()
{
    for (const LagState lag :
         {LagState::CaughtUp, LagState::Replaying, LagState::Idle, LagState::ReplayPaused,
          LagState::LinkStalled, LagState::NoReceiver, LagState::Disconnected, LagState::Unknown}) {
        for (const LinkState state :
             {LinkState::Streaming, LinkState::Catchup, LinkState::Stalled, LinkState::Broken}) {
            Topology wanted = look(start, 1);
            wanted.clusters[0].links[0].lag = lag;
            wanted.clusters[0].links[0].state = state;
            wanted.clusters[0].links[0].lagging = state == LinkState::Stalled;
            Topology other = look(start, 1);
            for (const StoreRow &row : rowsOf(wanted))
                applyRow(other, row);
            QVERIFY(other == wanted);
        }
    }
}

void TestStoreRows::eventsOfAFailover()
{
    const Topology before = look(start, 2);
    QCOMPARE(eventsBetween(before, look(start + second, 2)), QList<StoreEvent>());
    Topology after = look(start + second, 2);
    Cluster &cluster = after.clusters[0];
    cluster.nodes[0].state = NodeState::Down;
    cluster.nodes[1].role = Role::Primary;
    cluster.nodes[1].timeline = 2;
    cluster.nodes[2].lsn = Lsn(1);
    cluster.links[1].upstream = cluster.nodes[1].id;
    const QList<StoreEvent> events = eventsBetween(before, after);
    QCOMPARE(kinds(events),
             (QStringList{QStringLiteral("node_down"), QStringLiteral("role"), QStringLiteral("timeline"),
                          QStringLiteral("lsn_back"), QStringLiteral("upstream")}));
    QCOMPARE(events.at(0).severity, Severity::Critical);
    QVERIFY(!events.at(0).neutral);
    QCOMPARE(events.at(1).text, QStringLiteral("standby1 was promoted"));
    QCOMPARE(events.at(2).text, QStringLiteral("standby1 went from timeline 1 to 2"));
    QVERIFY(events.at(3).text.startsWith(QStringLiteral("standby2 went back in the WAL from ")));
    QCOMPARE(events.at(0).cluster, QStringLiteral("7573920148826316834"));
    QCOMPARE(events.at(0).atUs, start + second);
}

void TestStoreRows::eventsOfLinksAndFindings()
{
    Topology after = look(start + second, 2);
    Cluster &cluster = after.clusters[0];
    cluster.links[0].state = LinkState::Broken;
    cluster.links[0].lag = LagState::Disconnected;
    Finding finding;
    finding.name = QStringLiteral("standby_disconnected");
    finding.severity = Severity::Critical;
    finding.downstream = standbyId(1);
    finding.title = QStringLiteral("standby1 is disconnected");
    cluster.findings << finding;
    Node joined = cluster.nodes.at(1);
    joined.id = standbyId(9);
    joined.name = QStringLiteral("standby9");
    cluster.nodes << joined;
    QCOMPARE(kinds(eventsBetween(look(start, 2), after)),
             (QStringList{QStringLiteral("link_lost"), QStringLiteral("node_joined"),
                          QStringLiteral("finding_raised")}));
    const QList<StoreEvent> back = eventsBetween(after, look(start + 2 * second, 2));
    QCOMPARE(kinds(back), (QStringList{QStringLiteral("link_back"), QStringLiteral("finding_cleared"),
                                       QStringLiteral("node_removed")}));
    QCOMPARE(back.at(1).text, QStringLiteral("Cleared: standby1 is disconnected"));
    QVERIFY(back.at(1).neutral);
}

void TestStoreRows::namesAreNoFormats()
{
    Topology before = look(start, 1), after = look(start + second, 1);
    before.clusters[0].nodes[1].name = after.clusters[0].nodes[1].name =
        QStringLiteral("%1%2'; DROP TABLE raw; --");
    after.clusters[0].nodes[1].timeline = 7;
    QCOMPARE(eventsBetween(before, after).constFirst().text,
             QStringLiteral("%1%2'; DROP TABLE raw; -- went from timeline 1 to 7"));
}

QTEST_GUILESS_MAIN(TestStoreRows)
#include "tst_store_rows.moc"
