// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeServer.h"
#include "Watch.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <csignal>

using namespace understudy;
using test::FakeServer;
using test::ServerFolder;
using test::TestServer;
using test::Watch;

/// What a link can be, each produced on real servers: state and finding by the deadline, and clear after.
/// (A paused replay, a frozen walreceiver, a hung standby: tst_monitor.)
class TestLagStates : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void idlePrimary();
    void burstAfterSilenceIsNoStall();
    void lagging();
    void frozenWalsender();
    void stallInOneLook();
    void droppedSlot();
    void killedPrimary();
    void partitionedLink();
    void missingSynchronousStandby();

private:
    void write(int rows = 20000) const;
    void watch(const ClusterMonitor::Options &options);
    bool allWell() const;

    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_primary, m_one, m_two;
    std::unique_ptr<Watch> m_watch;
};

void TestLagStates::initTestCase()
{
    // Repeats of the same write would be compressed or skipped less predictably with checkpoints in between.
    m_primary =
        TestServer::primary(m_folder, QStringLiteral("primary"), {QStringLiteral("wal_sender_timeout = 2s")});
    QVERIFY(m_primary);
    m_one = m_primary->standby(QStringLiteral("one"), QStringLiteral("one_slot"));
    m_two = m_primary->standby(QStringLiteral("two"), QStringLiteral("two_slot"));
    QVERIFY(m_one && m_two);
    QVERIFY(!m_primary->psql(QStringLiteral("CREATE TABLE t (n int)")).isNull());
}

void TestLagStates::init()
{
    watch(Watch::quick());
}

void TestLagStates::cleanup()
{
    m_watch.reset();
}

void TestLagStates::write(int rows) const
{
    QVERIFY(
        !m_primary->psql(QStringLiteral("INSERT INTO t SELECT generate_series(1, %1)").arg(rows)).isNull());
}

void TestLagStates::watch(const ClusterMonitor::Options &options)
{
    m_watch = std::make_unique<Watch>(Watch::nodes(m_primary, m_one, m_two), options);
    SEE(*m_watch, allWell(), 20000);
}

bool TestLagStates::allWell() const
{
    const NodeId primary = Watch::node(*m_primary).id;
    return m_watch->isWell(m_one, primary, Confidence::Certain) &&
           m_watch->isWell(m_two, primary, Confidence::Certain) && m_watch->isClear();
}

void TestLagStates::idlePrimary()
{
    QCOMPARE(Thresholds().idleAfterSeconds, 60.0); // a watched minute, unless somebody says otherwise
    ClusterMonitor::Options options = Watch::quick();
    options.thresholds.idleAfterSeconds = 2;
    watch(options);
    QVERIFY(m_watch->isLag(m_one, LagState::CaughtUp)); // Nobody has watched for long yet.
    QElapsedTimer timer;
    timer.start();
    SEE(*m_watch, m_watch->isLag(m_one, LagState::Idle) && m_watch->isLag(m_two, LagState::Idle), 10000);
    QVERIFY2(timer.elapsed() > 1500, qPrintable(QString::number(timer.elapsed())));
    // The classic false alarm: the age of the last replayed transaction grows, and means nothing.
    QCOMPARE(m_watch->linkTo(m_one)->lagSeconds, std::optional<double>(0.0));
    QCOMPARE(m_watch->linkTo(m_one)->lagBytes, std::optional<qint64>(0));
    QCOMPARE(m_watch->linkTo(m_one)->state, LinkState::Streaming);
    write();
    SEE(*m_watch, !m_watch->isLag(m_one, LagState::Idle), 3000);
    SEE(*m_watch, m_watch->isLag(m_one, LagState::CaughtUp), 3000);
}

// WAL that was written a moment ago is not on its way for long, however quiet it was before.
void TestLagStates::burstAfterSilenceIsNoStall()
{
    ClusterMonitor::Options options = Watch::quick();
    options.intervalMs = 50;
    options.thresholds.stallAfterSeconds = 1;
    watch(options);
    bool stalled = false;
    connect(&m_watch->monitor, &ClusterMonitor::topologyChanged, this, [&](const Topology &topology) {
        for (const Link &link : topology.clusters.first().links)
            stalled = stalled || link.lag == LagState::LinkStalled;
    });
    QSignalSpy ticks(&m_watch->monitor, &ClusterMonitor::topologyChanged);
    for (int burst = 0; burst < 4; ++burst) {
        const auto until = ticks.size() + 24; // 1.2 s of silence
        while (ticks.size() < until)
            QVERIFY(ticks.wait(2000));
        write(60000);
    }
    QVERIFY(!stalled);
    disconnect(&m_watch->monitor, nullptr, this, nullptr);
}

void TestLagStates::lagging()
{
    ClusterMonitor::Options options = Watch::quick();
    options.thresholds.lagSeconds = 1;
    watch(options);
    // Replay is held back by a setting of one's own, so it is late, but it is not paused.
    QVERIFY(m_one->configure({QStringLiteral("max_standby_streaming_delay = -1")}) && m_one->reload());
    QVERIFY(m_one->psql(QStringLiteral("SELECT count(*) >= 0 FROM t")) == QLatin1String("t"));
    QProcess reader; // A long query on rows that the primary removes: replay waits for it.
    reader.start(TestServer::binDir() + QStringLiteral("/psql"),
                 {QStringLiteral("-Xq"), QStringLiteral("-h"), m_one->socketDir(), QStringLiteral("-p"),
                  QString::number(m_one->port()), QStringLiteral("-U"), QStringLiteral("postgres"),
                  QStringLiteral("-d"), QStringLiteral("postgres"), QStringLiteral("-c"),
                  QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM t; "
                                 "SELECT pg_sleep(600)")});
    QVERIFY(m_one->waitFor(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE query LIKE "
                                          "'%pg_sleep(600)%' AND wait_event = 'PgSleep'"),
                           QStringLiteral("1")));
    write();
    QVERIFY(!m_primary->psql(QStringLiteral("DELETE FROM t")).isNull());
    QVERIFY(!m_primary->psql(QStringLiteral("VACUUM t")).isNull());
    write();
    SEE(*m_watch,
        m_watch->isLag(m_one, LagState::Replaying) && m_watch->linkTo(m_one)->lagging &&
            m_watch->finding("standby_lagging", Watch::node(*m_one).id),
        10000);
    QVERIFY(m_watch->linkTo(m_one)->lagSeconds.value_or(0) > 1);
    QVERIFY(m_watch->linkTo(m_one)->lagBytes.value_or(0) > 100000);
    QVERIFY(m_watch->linkTo(m_one)->stages.flushed.value_or(-1) == 0); // It has it all, and cannot apply it.
    QVERIFY(!m_watch->linkTo(m_two)->lagging);
    QVERIFY(!m_one
                 ->psql(QStringLiteral("SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
                                       "WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()"))
                 .isNull());
    reader.waitForFinished(5000);
    SEE(*m_watch, allWell(), 10000);
}

void TestLagStates::frozenWalsender()
{
    const int pid = m_watch->linkTo(m_two)->pid.value_or(0);
    QVERIFY(pid > 0 && ::kill(pid, SIGSTOP) == 0);
    write();
    SEE(*m_watch,
        m_watch->isLag(m_two, LagState::LinkStalled) &&
            m_watch->finding("link_stalled", Watch::node(*m_two).id),
        5000);
    // Both ends say streaming; it is the primary's own LSN that tells.
    const Link *link = m_watch->linkTo(m_two);
    QCOMPARE(link->state, LinkState::Stalled);
    QVERIFY(link->lagBytes.value_or(0) > 100000 && link->stages.sent.value_or(0) > 100000);
    QVERIFY(!m_watch->isLag(m_one, LagState::LinkStalled));
    QVERIFY(::kill(pid, SIGCONT) == 0);
    SEE(*m_watch, allWell(), 10000);
}

void TestLagStates::stallInOneLook()
{
    const auto look = [this](int polls, int gapMs) {
        const Topology topology = lookOnce(Watch::nodes(m_primary, m_two), std::make_shared<LibpqSecrets>(),
                                           Watch::quick(), polls, gapMs);
        const Link *link = topology.clusters.value(0).linkTo(Watch::node(*m_two).id);
        return link ? link->lag : LagState::Unknown;
    };
    const int pid = m_watch->linkTo(m_two)->pid.value_or(0);
    QVERIFY(pid > 0 && ::kill(pid, SIGSTOP) == 0);
    write();
    // One poll has nothing to compare with: WAL that waits is on its way, for all it can know.
    const LagState once = look(1, 0);
    const LagState compared = look(2, 150);
    QVERIFY(::kill(pid, SIGCONT) == 0);
    QCOMPARE(once, LagState::Replaying);
    QCOMPARE(compared, LagState::LinkStalled);
    SEE(*m_watch, allWell(), 10000);

    // Held up for less than it takes: a moment of a busy machine, seen by two polls, is told from a stall by
    // more.
    const int again = m_watch->linkTo(m_two)->pid.value_or(0);
    QVERIFY(again > 0 && ::kill(again, SIGSTOP) == 0);
    write();
    QProcess thaws; // The look holds this thread.
    thaws.start(QStringLiteral("sh"),
                {QStringLiteral("-c"), QStringLiteral("sleep 0.5; kill -CONT %1").arg(again)});
    const LagState busy = look(2, 400);
    QVERIFY(thaws.waitForFinished());
    QVERIFY2(busy != LagState::LinkStalled, qPrintable(stableName(busy)));
    SEE(*m_watch, allWell(), 10000);
}

void TestLagStates::droppedSlot()
{
    QString dropped;
    for (int attempt = 0; attempt < 20 && dropped.isNull(); ++attempt) // It comes back within 200 ms.
        dropped = m_primary->psql(QStringLiteral(
            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'two_slot';"
            "SELECT pg_sleep(0.05); SELECT pg_drop_replication_slot('two_slot')"));
    QVERIFY(!dropped.isNull());
    SEE(*m_watch,
        m_watch->isLag(m_two, LagState::NoReceiver) &&
            m_watch->finding("standby_disconnected", Watch::node(*m_two).id),
        5000);
    QCOMPARE(m_watch->linkTo(m_two)->state, LinkState::Broken);
    QCOMPARE(m_watch->linkTo(m_two)->upstream, Watch::node(*m_primary).id);
    // The reason, which only the standby's log has: the slot it asks for is not there.
    QVERIFY2(m_watch->finding("standby_disconnected")
                 ->evidence.contains(QStringLiteral("slot two_slot does not exist")),
             qPrintable(m_watch->finding("standby_disconnected")->evidence));
    QVERIFY(
        !m_primary->psql(QStringLiteral("SELECT pg_create_physical_replication_slot('two_slot')")).isNull());
    SEE(*m_watch, allWell(), 10000);
}

void TestLagStates::killedPrimary()
{
    m_primary->kill9();
    SEE(*m_watch,
        m_watch->isState(m_primary, NodeState::Down) && m_watch->finding("node_down") &&
            m_watch->isLag(m_one, LagState::NoReceiver) && m_watch->isLag(m_two, LagState::NoReceiver),
        5000);
    QCOMPARE(m_watch->finding("node_down")->severity, Severity::Critical);
    QCOMPARE(m_watch->at(m_primary)->role, Role::Primary); // It is still known what it was.
    QVERIFY(m_watch->isState(m_one, NodeState::Up));
    QVERIFY(m_primary->start());
    SEE(*m_watch, allWell(), 15000);
}

// Packets between primary and standby are lost; both can be asked. First nothing moves, then the primary
// gives up its walsender, while the standby still believes in its receiver.
void TestLagStates::partitionedLink()
{
    FakeServer wire(FakeServer::Manner::PassThrough, m_primary->port());
    QVERIFY(m_two->followPort(wire.port()));
    QVERIFY(m_two->waitFor(QStringLiteral("SELECT sender_port FROM pg_stat_wal_receiver"),
                           QString::number(wire.port())));
    SEE(*m_watch, allWell(), 10000); // Matched by its slot, though the port is another one.
    wire.become(FakeServer::Manner::Frozen);
    write();
    SEE(*m_watch,
        m_watch->isLag(m_two, LagState::LinkStalled) &&
            m_watch->finding("link_stalled", Watch::node(*m_two).id),
        5000);
    SEE(*m_watch,
        m_watch->isLag(m_two, LagState::Disconnected) &&
            m_watch->finding("standby_disconnected", Watch::node(*m_two).id),
        10000);
    QVERIFY(m_watch->facts(m_two)->receiver); // That side would call it healthy for a minute.
    QVERIFY(m_watch->isState(m_two, NodeState::Up));
    wire.become(FakeServer::Manner::PassThrough);
    SEE(*m_watch, allWell(), 15000);
    QVERIFY(m_two->followPort(m_primary->port()));
    QVERIFY(m_two->waitFor(QStringLiteral("SELECT sender_port FROM pg_stat_wal_receiver"),
                           QString::number(m_primary->port())));
    SEE(*m_watch, allWell(), 10000);
}

void TestLagStates::missingSynchronousStandby()
{
    QVERIFY(m_primary->configure({QStringLiteral("synchronous_standby_names = 'nobody'")}) &&
            m_primary->reload());
    SEE(*m_watch, m_watch->finding("sync_standby_missing"), 5000);
    QVERIFY(m_primary->configure({QStringLiteral("synchronous_standby_names = '*'")}) && m_primary->reload());
    SEE(*m_watch, !m_watch->finding("sync_standby_missing"), 5000);
    SEE(*m_watch, m_watch->linkTo(m_one)->sync != SyncState::Async, 5000);
    QVERIFY(m_primary->configure({QStringLiteral("synchronous_standby_names = ''")}) && m_primary->reload());
    SEE(*m_watch, m_watch->linkTo(m_one)->sync == SyncState::Async && allWell(), 5000);
}

QTEST_GUILESS_MAIN(TestLagStates)
#include "tst_lag_states.moc"
