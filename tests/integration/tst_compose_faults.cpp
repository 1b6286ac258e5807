// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeWatch.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace understudy;
using namespace understudy::test;

/// What can happen to containers, each seen within its deadline, and clearing after.
class TestComposeFaults : public QObject, private ComposeWatch
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_monitor.reset(); }
    void cleanupTestCase() { QCOMPARE(close(), QString()); }
    void pausedContainer();
    void partition();
    void replicationNetworkLost();
    void killedPrimary();
    void otherAddressesAfterARestart();
};

void TestComposeFaults::initTestCase()
{
    if (const QString missing = ComposeLab::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED, nothing was tested with Docker: ") + missing));
    QVERIFY(open());
}

void TestComposeFaults::init()
{
    watch();
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
}

void TestComposeFaults::pausedContainer()
{
    const QString standby = m_lab->container(standbyName);
    QVERIFY(!m_lab->docker({QStringLiteral("pause"), standby}).isNull());
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY2_WITH_TIMEOUT(node(standbyName)->state == NodeState::NotResponding, qPrintable(dump()), 2500);
    QVERIFY(hasFinding("node_not_responding"));
    QCOMPARE(node(standbyName)->role, Role::Standby); // What was known stays known.
    QSignalSpy ticks(m_monitor.get(), &ClusterMonitor::topologyChanged);
    const qint64 before = node(primaryName)->factsAtUs;
    timer.restart();
    QTRY_VERIFY_WITH_TIMEOUT(ticks.size() >= 10, 5000);
    QVERIFY2(timer.elapsed() < 4000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(node(primaryName)->factsAtUs > before);
    QCOMPARE(node(primaryName)->state, NodeState::Up);
    // The primary gives the walsender up after its wal_sender_timeout (2 s).
    QTRY_VERIFY2_WITH_TIMEOUT(link() && link()->state == LinkState::Broken, qPrintable(dump()), 8000);
    QVERIFY(!m_lab->docker({QStringLiteral("unpause"), standby}).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 15000);
}

void TestComposeFaults::partition()
{
    // The published port goes with the network: nobody reaches the standby any more.
    const QString standby = m_lab->container(standbyName);
    QVERIFY(
        !m_lab->docker({QStringLiteral("network"), QStringLiteral("disconnect"), m_lab->network(), standby})
             .isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(node(standbyName)->state != NodeState::Up && link() &&
                                  link()->lag == LagState::Disconnected && hasFinding("standby_disconnected"),
                              qPrintable(dump()), 8000);
    QCOMPARE(link()->state, LinkState::Broken);
    QCOMPARE(node(primaryName)->state, NodeState::Up);
    QVERIFY(!m_lab
                 ->docker({QStringLiteral("network"), QStringLiteral("connect"), QStringLiteral("--alias"),
                           standbyName, m_lab->network(), standby})
                 .isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
}

void TestComposeFaults::replicationNetworkLost()
{
    // A second network keeps the standby in sight while its upstream is out of its reach.
    const QString standby = m_lab->container(standbyName);
    const QString second = m_lab->network() + QStringLiteral("-second");
    QVERIFY(!m_lab
                 ->docker({QStringLiteral("network"), QStringLiteral("create"), QStringLiteral("--label"),
                           QStringLiteral("understudy.lab=") + m_lab->network().section(u'_', 0, 0), second})
                 .isNull());
    QVERIFY(!m_lab->docker({QStringLiteral("network"), QStringLiteral("connect"), second, standby}).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 10000);
    QVERIFY(
        !m_lab->docker({QStringLiteral("network"), QStringLiteral("disconnect"), m_lab->network(), standby})
             .isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(
        node(standbyName)->state == NodeState::Up && link() && link()->state == LinkState::Broken &&
            (link()->lag == LagState::Disconnected || link()->lag == LagState::NoReceiver) &&
            hasFinding("standby_disconnected"),
        qPrintable(dump()), 15000);
    QCOMPARE(node(primaryName)->state, NodeState::Up);
    QVERIFY(!m_lab
                 ->docker({QStringLiteral("network"), QStringLiteral("connect"), QStringLiteral("--alias"),
                           standbyName, m_lab->network(), standby})
                 .isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
    QVERIFY(
        !m_lab->docker({QStringLiteral("network"), QStringLiteral("disconnect"), second, standby}).isNull());
    QVERIFY(!m_lab->docker({QStringLiteral("network"), QStringLiteral("rm"), second}).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
}

void TestComposeFaults::killedPrimary()
{
    const QString primary = m_lab->container(primaryName);
    QVERIFY(!m_lab->docker({QStringLiteral("kill"), QStringLiteral("-s"), QStringLiteral("KILL"), primary})
                 .isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(node(primaryName)->state == NodeState::Down && link() &&
                                  link()->lag == LagState::NoReceiver && hasFinding("node_down"),
                              qPrintable(dump()), 8000);
    QCOMPARE(node(primaryName)->role, Role::Primary);
    QCOMPARE(node(standbyName)->state, NodeState::Up);
    QVERIFY(!m_lab->docker({QStringLiteral("start"), primary}).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
}

void TestComposeFaults::otherAddressesAfterARestart()
{
    const QString primary = m_lab->container(primaryName), standby = m_lab->container(standbyName);
    const QString before = m_lab->address(primaryName);
    QVERIFY(!m_lab->docker({QStringLiteral("stop"), standby, primary}).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(node(primaryName)->state == NodeState::Down &&
                                  node(standbyName)->state == NodeState::Down,
                              qPrintable(dump()), 10000);
    // The first that starts takes the first address.
    QVERIFY(!m_lab->docker({QStringLiteral("start"), standby}).isNull());
    QVERIFY(!m_lab->docker({QStringLiteral("start"), primary}).isNull());
    QCOMPARE(m_lab->address(standbyName), before);
    QVERIFY(m_lab->address(primaryName) != before);
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
    QCOMPARE(link()->matchedBy, MatchedBy::Slot);
}

QTEST_GUILESS_MAIN(TestComposeFaults)
#include "tst_compose_faults.moc"
