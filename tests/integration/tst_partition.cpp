// SPDX-License-Identifier: GPL-3.0-or-later
#include "Watch.h"

#include <QElapsedTimer>
#include <unistd.h>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;
using test::Watch;

/// A network partition as the kernel has it: the standby lives in a network namespace of its own, and the
/// wire to it is taken down. Nobody is told: packets are lost in both directions. (A partition between two
/// nodes that can both be asked: tst_lag_states.)
class TestPartition : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void wireDownAndUp_data();
    void wireDownAndUp();
    void cleanupTestCase();

private:
    static bool ip(const QStringList &arguments);
    bool makeNetwork();

    QString m_space, m_here, m_there; ///< Names of the namespace and of both ends of the wire.
    QString m_near, m_far;            ///< Their addresses.
    std::unique_ptr<ServerFolder> m_folder;
    std::unique_ptr<TestServer> m_primary, m_standby;
};

bool TestPartition::ip(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral("ip"), arguments);
    const bool done = process.waitForFinished(10000) && process.exitStatus() == QProcess::NormalExit &&
                      process.exitCode() == 0;
    if (!done)
        qInfo("ip %s: %s", qPrintable(arguments.join(u' ')), process.readAllStandardError().constData());
    return done;
}

bool TestPartition::makeNetwork()
{
    const auto number = int(getpid());
    m_space = QStringLiteral("understudy-%1").arg(number);
    m_here = QStringLiteral("us%1a").arg(number);
    m_there = QStringLiteral("us%1b").arg(number);
    const QString net = QStringLiteral("10.213.%1.").arg(number % 250);
    m_near = net + u'1';
    m_far = net + u'2';
    const auto inside = [&](const QString &words) {
        return ip(QStringList{QStringLiteral("-n"), m_space} + words.split(u' '));
    };
    return ip({QStringLiteral("netns"), QStringLiteral("add"), m_space}) &&
           ip(QStringLiteral("link add %1 type veth peer name %2 netns %3")
                  .arg(m_here, m_there, m_space)
                  .split(u' ')) &&
           ip(QStringLiteral("addr add %1/24 dev %2").arg(m_near, m_here).split(u' ')) &&
           ip(QStringLiteral("link set %1 up").arg(m_here).split(u' ')) &&
           inside(QStringLiteral("link set lo up")) &&
           inside(QStringLiteral("addr add %1/24 dev %2").arg(m_far, m_there)) &&
           inside(QStringLiteral("link set %1 up").arg(m_there));
}

void TestPartition::initTestCase()
{
    if (geteuid() != 0 || !makeNetwork()) {
        qWarning("SKIPPED: no network namespace can be made here (root and iproute2 are needed).");
        QSKIP("no network namespace can be made here");
    }
    m_folder = std::make_unique<ServerFolder>();
    m_primary = TestServer::primary(
        *m_folder, QStringLiteral("primary"),
        {QStringLiteral("listen_addresses = '*'"), QStringLiteral("wal_sender_timeout = 2s")});
    QVERIFY(m_primary);
    QFile hba(m_primary->dataDir() + QStringLiteral("/pg_hba.conf"));
    QVERIFY(hba.open(QIODevice::Append));
    hba.write(QStringLiteral("host all,replication all %1/24 scram-sha-256\n").arg(m_near).toUtf8());
    hba.close();
    QVERIFY(m_primary->reload());
    m_standby = m_primary->standby(QStringLiteral("far"), QStringLiteral("far_slot"),
                                   {QStringLiteral("listen_addresses = '*'")});
    QVERIFY(m_standby);
    QVERIFY(m_standby->stop());
    m_standby->moveTo(m_space);
    QVERIFY(m_standby->configure(
        {QStringLiteral("primary_conninfo = 'host=%1 port=%2 user=replicator passfile=%3'")
             .arg(m_near)
             .arg(m_primary->port())
             .arg(m_primary->passfile()),
         QStringLiteral("wal_receiver_timeout = 2s")}));
    QVERIFY(m_standby->start());
    QVERIFY(!m_primary->psql(QStringLiteral("CREATE TABLE t (n int)")).isNull());
}

void TestPartition::wireDownAndUp_data()
{
    QTest::addColumn<bool>("near");
    QTest::newRow("the far end goes") << false; // What is sent there gets no answer.
    QTest::newRow("the near end goes") << true; // And here there is not even a way to send it.
}

void TestPartition::wireDownAndUp()
{
    QFETCH(bool, near);
    WatchedNode far = Watch::node(*m_standby);
    far.endpoint.host = m_far;
    far.id = far.endpoint.address();
    QList<WatchedNode> nodes = Watch::nodes(m_primary);
    nodes << far;
    Watch watch(nodes);
    const NodeId primary = Watch::node(*m_primary).id;
    SEE(watch, watch.isWell(far.id, primary, Confidence::Certain) && watch.isClear(), 20000);
    const qint64 before = watch.at(primary)->factsAtUs;

    const QStringList down =
        near ? QStringList{QStringLiteral("link"), QStringLiteral("set"), m_here, QStringLiteral("down")}
             : QStringList{QStringLiteral("-n"),  m_space, QStringLiteral("link"),
                           QStringLiteral("set"), m_there, QStringLiteral("down")};
    QVERIFY(ip(down));
    QVERIFY(!m_primary->psql(QStringLiteral("INSERT INTO t SELECT generate_series(1, 20000)")).isNull());
    // By the deadline, a tick and what a busy machine takes.
    SEE(watch, watch.isState(far.id, NodeState::NotResponding), 1500 + 200 + 800);
    QVERIFY(watch.finding("node_not_responding", far.id));
    // The primary still says streaming, until its own timeout.
    SEE(watch, watch.isLag(far.id, LagState::LinkStalled) || watch.isLag(far.id, LagState::Disconnected),
        5000);
    SEE(watch, watch.isLag(far.id, LagState::Disconnected) && watch.finding("standby_disconnected", far.id),
        10000);
    QVERIFY(!watch.isState(far.id,
                           NodeState::Up)); // With its own end down, the kernel may know another way to fail.
    QVERIFY(watch.isState(primary, NodeState::Up) && watch.at(primary)->factsAtUs > before);

    QStringList up = down;
    up.last() = QStringLiteral("up");
    QVERIFY(ip(up));
    QElapsedTimer timer;
    timer.start();
    SEE(watch, watch.isState(far.id, NodeState::Up), 10000);
    qInfo("seen again after %lld ms", timer.elapsed());
    SEE(watch, watch.isWell(far.id, primary, Confidence::Certain) && watch.isClear(), 20000);
}

void TestPartition::cleanupTestCase()
{
    m_standby.reset();
    m_primary.reset();
    m_folder.reset();
    if (!m_space.isEmpty() && geteuid() == 0)
        ip({QStringLiteral("netns"), QStringLiteral("del"), m_space});
}

QTEST_GUILESS_MAIN(TestPartition)
#include "tst_partition.moc"
