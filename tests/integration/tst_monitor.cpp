// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "monitor/ClusterMonitor.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

/// A real primary, two standbys that are both called walreceiver, and what can happen to them.
class TestMonitor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void matchedBySlotAndCaughtUp();
    void lookOnceSaysTheSame();
    void killedStandby();
    void frozenStandby();
    void frozenWalreceiver();
    void replayPaused();
    void withoutPgMonitor();
    void wrongLogin();
    void primaryDown();
    void endsAtOnce();

private:
    WatchedNode watched(const TestServer &server, const QString &user = QStringLiteral("understudy")) const;
    QList<WatchedNode> all(const QString &user = QStringLiteral("understudy")) const;
    static ClusterMonitor::Options quick();
    void watch(const QString &user = QStringLiteral("understudy"));
    const Cluster *cluster() const;
    const Link *linkTo(const TestServer &server) const;
    const Node *node(const TestServer &server) const;
    bool hasFinding(const char *name) const;
    bool allClear() const;
    QString dump() const;

    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_primary, m_standby1, m_standby2;
    std::unique_ptr<ClusterMonitor> m_monitor;
};

WatchedNode TestMonitor::watched(const TestServer &server, const QString &user) const
{
    WatchedNode node;
    node.endpoint.port = server.port();
    node.endpoint.user = user;
    node.endpoint.options.insert(QStringLiteral("passfile"), server.passfile());
    node.id = node.endpoint.address();
    node.name = server.name();
    return node;
}

QList<WatchedNode> TestMonitor::all(const QString &user) const
{
    return {watched(*m_primary, user), watched(*m_standby1, user), watched(*m_standby2, user)};
}

ClusterMonitor::Options TestMonitor::quick()
{
    ClusterMonitor::Options options;
    options.intervalMs = 200;
    options.deadlineMs = 1500;
    options.thresholds.stallAfterSeconds = 1;
    options.thresholds.raiseAfterSeconds = 0.5;
    options.thresholds.clearAfterSeconds = 0.5;
    return options;
}

void TestMonitor::watch(const QString &user)
{
    m_monitor = std::make_unique<ClusterMonitor>(std::make_shared<LibpqSecrets>(), quick());
    m_monitor->setNodes(all(user));
}

const Cluster *TestMonitor::cluster() const
{
    const auto &clusters = m_monitor->topology().clusters;
    return clusters.size() == 1 ? &clusters.first() : nullptr;
}

const Link *TestMonitor::linkTo(const TestServer &server) const
{
    return cluster() ? cluster()->linkTo(watched(server).id) : nullptr;
}

const Node *TestMonitor::node(const TestServer &server) const
{
    return cluster() ? cluster()->node(watched(server).id) : nullptr;
}

bool TestMonitor::hasFinding(const char *name) const
{
    if (!cluster())
        return false;
    for (const Finding &f : cluster()->findings) {
        if (f.name == QLatin1String(name))
            return true;
    }
    return false;
}

bool TestMonitor::allClear() const
{
    const Link *one = linkTo(*m_standby1);
    const Link *two = linkTo(*m_standby2);
    return one && two && one->lag == LagState::CaughtUp && two->lag == LagState::CaughtUp &&
           cluster()->findings.first().severity == Severity::Notice;
}

QString TestMonitor::dump() const
{
    return QString::fromUtf8(QJsonDocument(toJson(m_monitor->topology())).toJson());
}

void TestMonitor::initTestCase()
{
    m_primary = TestServer::primary(m_folder, QStringLiteral("primary"));
    QVERIFY(m_primary);
    m_standby1 = m_primary->standby(QStringLiteral("standby1"), QStringLiteral("standby_slot"));
    m_standby2 = m_primary->standby(QStringLiteral("standby2"), QStringLiteral("standby2_slot"));
    QVERIFY(m_standby1 && m_standby2);
    QVERIFY(
        !m_primary->psql(QStringLiteral("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n")).isNull());
}

void TestMonitor::init()
{
    watch();
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 10000);
}

void TestMonitor::cleanup()
{
    m_monitor.reset();
}

void TestMonitor::matchedBySlotAndCaughtUp()
{
    const Link *link = linkTo(*m_standby2);
    QCOMPARE(link->upstream, watched(*m_primary).id);
    QCOMPARE(link->slot, QStringLiteral("standby2_slot"));
    QCOMPARE(link->applicationName, QStringLiteral("walreceiver"));
    QCOMPARE(link->matchedBy, MatchedBy::Slot);
    QCOMPARE(link->confidence, Confidence::Certain);
    QCOMPARE(link->state, LinkState::Streaming);
    QCOMPARE(link->sync, SyncState::Async);
    QCOMPARE(link->lagBytes, std::optional<qint64>(0));
    QCOMPARE(link->lagSeconds, std::optional<double>(0.0));
    QCOMPARE(link->pid,
             std::optional<int>(m_primary
                                    ->psql(QStringLiteral("SELECT active_pid FROM pg_replication_slots "
                                                          "WHERE slot_name = 'standby2_slot'"))
                                    .toInt()));
    const Node *primary = node(*m_primary);
    QCOMPARE(primary->role, Role::Primary);
    QCOMPARE(primary->timeline, std::optional<int>(1));
    QCOMPARE(primary->dataDirectory, m_primary->dataDir());
    QCOMPARE(primary->settings.value(QStringLiteral("wal_segment_size")), QStringLiteral("16777216"));
    QVERIFY(primary->databaseBytes.value_or(0) > 1000000);
    QVERIFY(hasFinding("slot_unlimited"));
    const NodeSnapshot *standby = m_monitor->snapshot(watched(*m_standby1).id);
    QVERIFY(standby && standby->primaryConninfo.contains(QStringLiteral("user=replicator")));
    QVERIFY(!standby->primaryConninfo.contains(QStringLiteral("password=")));
}

void TestMonitor::lookOnceSaysTheSame()
{
    QList<NodeSnapshot> snapshots;
    const Topology t = lookOnce(all(), std::make_shared<LibpqSecrets>(), quick(), 2, 200, &snapshots);
    QCOMPARE(snapshots.size(), 3);
    QCOMPARE(t.clusters.size(), 1);
    QCOMPARE(t.clusters[0].links.size(), 2);
    for (const Link &link : t.clusters[0].links) {
        QCOMPARE(link.lag, LagState::CaughtUp);
        QCOMPARE(link.confidence, Confidence::Certain);
    }
    QCOMPARE(t.clusters[0].primary()->walRate, std::optional<double>(0.0));
    // No limit on slots, both called walreceiver, and initdb made it without checksums.
    QCOMPARE(healthWords(t.clusters[0].findings), QStringLiteral("Healthy, 3 notices"));
}

void TestMonitor::killedStandby()
{
    QElapsedTimer timer;
    timer.start();
    m_standby2->kill9();
    QTRY_VERIFY2_WITH_TIMEOUT(linkTo(*m_standby2) && linkTo(*m_standby2)->lag == LagState::Disconnected &&
                                  hasFinding("standby_disconnected") && hasFinding("node_down"),
                              qPrintable(dump()), 3000);
    QVERIFY(timer.elapsed() < 3000);
    QCOMPARE(linkTo(*m_standby2)->state, LinkState::Broken);
    QCOMPARE(linkTo(*m_standby2)->slot, QStringLiteral("standby2_slot"));
    QVERIFY(linkTo(*m_standby2)->sinceUs);
    QCOMPARE(node(*m_standby2)->state, NodeState::Down);
    QCOMPARE(node(*m_standby2)->role, Role::Standby);
    QCOMPARE(linkTo(*m_standby1)->state, LinkState::Streaming);
    QVERIFY(m_standby2->start());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 10000);
}

void TestMonitor::frozenStandby()
{
    m_standby2->freeze();
    QElapsedTimer timer;
    timer.start();
    // All that is allowed: the poll that was running, the deadline, one tick.
    QTRY_VERIFY2_WITH_TIMEOUT(node(*m_standby2)->state == NodeState::NotResponding, qPrintable(dump()), 2500);
    QVERIFY(hasFinding("node_not_responding"));
    QVERIFY(node(*m_standby2)->versionNum > 0); // What was known stays known.
    // The others tick on at their own pace, for as long as this one hangs.
    QSignalSpy ticks(m_monitor.get(), &ClusterMonitor::topologyChanged);
    const qint64 before = node(*m_standby1)->factsAtUs;
    timer.restart();
    QTRY_VERIFY_WITH_TIMEOUT(ticks.size() >= 10, 4000);
    QVERIFY2(timer.elapsed() < 3500, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(node(*m_standby1)->factsAtUs > before);
    QCOMPARE(node(*m_standby1)->state, NodeState::Up);
    QCOMPARE(node(*m_standby2)->state, NodeState::NotResponding);
    m_standby2->thaw();
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 10000);
}

void TestMonitor::frozenWalreceiver()
{
    m_standby1->freezeProcess(QStringLiteral("walreceiver"));
    QVERIFY(!m_primary->psql(QStringLiteral("INSERT INTO t SELECT generate_series(1, 20000)")).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(linkTo(*m_standby1)->lag == LagState::LinkStalled && hasFinding("link_stalled"),
                              qPrintable(dump()), 10000);
    QCOMPARE(linkTo(*m_standby1)->state, LinkState::Stalled);
    QVERIFY(linkTo(*m_standby1)->lagBytes.value_or(0) > 100000);
    QVERIFY(linkTo(*m_standby2)->lag != LagState::LinkStalled);
    m_standby1->thaw();
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 10000);
}

void TestMonitor::replayPaused()
{
    QVERIFY(!m_standby1->psql(QStringLiteral("SELECT pg_wal_replay_pause()")).isNull());
    QVERIFY(!m_primary->psql(QStringLiteral("INSERT INTO t SELECT generate_series(1, 20000)")).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(linkTo(*m_standby1)->lag == LagState::ReplayPaused &&
                                  hasFinding("replay_paused") &&
                                  linkTo(*m_standby1)->lagSeconds.value_or(0) > 0.5,
                              qPrintable(dump()), 10000);
    QCOMPARE(linkTo(*m_standby1)->state, LinkState::Streaming);
    QVERIFY(linkTo(*m_standby1)->lagBytes.value_or(0) > 100000);
    QVERIFY(node(*m_standby1)->replayPaused);
    QVERIFY(!m_standby1->psql(QStringLiteral("SELECT pg_wal_replay_resume()")).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 10000);
}

void TestMonitor::withoutPgMonitor()
{
    watch(QStringLiteral("plain"));
    QTRY_VERIFY2_WITH_TIMEOUT(hasFinding("no_permission"), qPrintable(dump()), 10000);
    QCOMPARE(node(*m_primary)->state, NodeState::NoPermission);
    QVERIFY(!hasFinding("standby_disconnected"));
    QVERIFY(!hasFinding("link_stalled"));
    for (const Link &link : cluster()->links) {
        QVERIFY2(link.state != LinkState::Broken, qPrintable(dump()));
        QCOMPARE(link.lag, LagState::Unknown);
        QVERIFY(!link.lagBytes);
    }
}

void TestMonitor::wrongLogin()
{
    watch(QStringLiteral("nobody_of_that_name"));
    QTRY_VERIFY2_WITH_TIMEOUT(hasFinding("no_permission"), qPrintable(dump()), 10000);
    QCOMPARE(node(*m_primary)->state, NodeState::NoPermission);
    QCOMPARE(node(*m_primary)->role, Role::Unknown);
    QVERIFY(cluster()->systemIdentifier.isEmpty());
}

void TestMonitor::primaryDown()
{
    QVERIFY(m_primary->stop());
    QTRY_VERIFY2_WITH_TIMEOUT(node(*m_primary)->state == NodeState::Down && linkTo(*m_standby1) &&
                                  linkTo(*m_standby1)->lag == LagState::NoReceiver &&
                                  linkTo(*m_standby2)->lag == LagState::NoReceiver,
                              qPrintable(dump()), 10000);
    QCOMPARE(node(*m_standby1)->state, NodeState::Up);
    QCOMPARE(node(*m_primary)->role, Role::Primary);
    QVERIFY(hasFinding("node_down"));
    QVERIFY(m_primary->start());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 15000);
}

void TestMonitor::endsAtOnce()
{
    m_standby1->freeze();
    QTRY_VERIFY_WITH_TIMEOUT(node(*m_standby1)->state == NodeState::NotResponding, 3000);
    QElapsedTimer timer;
    timer.start();
    m_monitor.reset();
    QVERIFY2(timer.elapsed() < 100, qPrintable(QString::number(timer.elapsed())));
    m_standby1->thaw();
}

QTEST_GUILESS_MAIN(TestMonitor)
#include "tst_monitor.moc"
