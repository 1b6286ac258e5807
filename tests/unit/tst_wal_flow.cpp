// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleGraphs.h"

#include "model/NodeQueries.h"
#include "model/WalFlow.h"

#include <QTest>

using namespace understudy;

/// What sending WAL costs, and the statements that show a link.
class TestWalFlow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyStandbyGetsTheWholeWal()
    {
        auto graph = samples::incident();
        const Cluster &cluster = graph.topology.clusters.first();
        const NodeId primary = samples::idOf(graph, QStringLiteral("pg-ams-1"));
        const WalFlow flow = walFlow(cluster, primary);
        QCOMPARE(flow.links, 6); // One of seven is broken
        QCOMPARE(flow.unmeasured, 0);
        QCOMPARE(*flow.sent, 5 * 8.4 * samples::MB + 18 * samples::kB);
        QCOMPARE(*flow.written, 8.4 * samples::MB);
        QCOMPARE(walWords(flow), QStringLiteral("WAL 8.4 MB/s, sends 42 MB/s to 6 standbys"));
        QCOMPARE(walFlows(cluster).value(primary).links, flow.links);
        QVERIFY(!walFlow(cluster, samples::idOf(graph, QStringLiteral("pg-ams-2"))).feeds());
    }

    void unknownIsNotZero()
    {
        auto graph = samples::healthy();
        Cluster &cluster = graph.topology.clusters.first();
        const NodeId primary = samples::idOf(graph, QStringLiteral("primary"));
        QCOMPARE(walWords(walFlow(cluster, primary)),
                 QStringLiteral("WAL 18 kB/s, sends 18 kB/s to 1 standby")); // The planned one gets nothing
        cluster.links.first().walRate.reset();
        cluster.nodes.first().walRate.reset();
        const WalFlow unknown = walFlow(cluster, primary);
        QVERIFY(!unknown.sent && !unknown.written);
        QCOMPARE(walWords(unknown), QStringLiteral("WAL rate unknown, sends unknown to 1 standby"));
        QVERIFY(!walExplained(unknown, QStringLiteral("primary")).contains(QStringLiteral("0 B")));
        // A stalled link was measured, and what was measured is 0.
        cluster.links.first().walRate = 0;
        cluster.links.first().state = LinkState::Stalled;
        QCOMPARE(sendsWords(walFlow(cluster, primary)), QStringLiteral("0 B/s to 1 standby"));
        // One of two measured: no more than that is claimed.
        cluster.nodes[2].state = NodeState::Up;
        cluster.links[1].state = LinkState::Streaming;
        cluster.links[1].walRate.reset();
        QCOMPARE(sendsWords(walFlow(cluster, primary)),
                 QStringLiteral("at least 0 B/s to 2 standbys, 1 of them not measured"));
        // A server that is down writes nothing that anybody measured.
        cluster.nodes.first().walRate = 1000;
        cluster.nodes.first().state = NodeState::Down;
        QVERIFY(!walFlow(cluster, primary).written);
        // And other walsenders are said to be left out.
        cluster.senders << Sender{primary, 7, {}, Sender::Kind::BaseBackup};
        QVERIFY(walExplained(walFlow(cluster, primary), QStringLiteral("primary"))
                    .contains(QStringLiteral("Not counted: 1 walsender")));
    }

    void theStatementsThatShowALink()
    {
        auto graph = samples::healthy();
        Cluster &cluster = graph.topology.clusters.first();
        cluster.links.first().slot = QStringLiteral("it's");
        cluster.links.first().pid = 4127;
        const NodeId standby = samples::idOf(graph, QStringLiteral("standby1"));
        QString sql = linkAsSql(graph.topology, standby);
        QVERIFY(sql.startsWith(QStringLiteral("-- On primary, PostgreSQL 15.18, the upstream:")));
        QVERIFY(sql.contains(QStringLiteral("FROM pg_stat_replication\n WHERE pid = 4127;")));
        QVERIFY(sql.contains(QStringLiteral("pg_wal_lsn_diff(pg_current_wal_lsn(), sent_lsn) AS to_sent")));
        QVERIFY(sql.contains(QStringLiteral("WHERE slot_name = 'it''s';")));
        QVERIFY(sql.contains(QStringLiteral("FROM pg_stat_wal_receiver;")));
        // Without a walsender its name is what is looked for; below a standby the head is what it received.
        cluster.links.first().pid.reset();
        cluster.links.first().applicationName = QStringLiteral("standby1");
        cluster.nodes.first().role = Role::Standby;
        sql = linkAsSql(graph.topology, standby);
        QVERIFY(sql.contains(QStringLiteral("WHERE application_name = 'standby1';")));
        QVERIFY(sql.contains(QStringLiteral("pg_wal_lsn_diff(pg_last_wal_receive_lsn(), sent_lsn)")));
        // A name from outside cannot end its comment.
        cluster.nodes.first().name = QStringLiteral("x\nDROP TABLE t; --");
        QVERIFY(!linkAsSql(graph.topology, standby).contains(QStringLiteral("\nDROP")));
        // Of neither end anything is known: no statement is guessed.
        for (Node &node : cluster.nodes)
            node.versionNum = 0;
        QVERIFY(linkAsSql(graph.topology, standby).isEmpty());
        QVERIFY(linkAsSql(graph.topology, QStringLiteral("nobody")).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestWalFlow)
#include "tst_wal_flow.moc"
