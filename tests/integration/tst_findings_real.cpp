// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "monitor/ClusterMonitor.h"

#include <QJsonDocument>
#include <QTest>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

/// Each finding that needs more than a broken link, produced on a real primary and its standby, and gone
/// after.
class TestFindingsReal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void archivingFails();
    void recoveryConflict();
    void oldTransaction();
    void feedbackHoldsVacuumBack();
    void logicalSlotHoldsVacuumBack();
    void slotIsLost();
    void lowerLimits();
    void synchronousStandbyMissing();
    void fewWalsenders();

private:
    WatchedNode watched(const TestServer &server) const;
    void watch(const Thresholds &thresholds);
    const Finding *find(const char *name) const;
    const Cleared *cleared(const char *name) const;
    QString dump() const;
    void run(const TestServer &server, const char *sql) const
    {
        QVERIFY2(!server.psql(QString::fromLatin1(sql)).isNull(), sql);
    }
    static Thresholds quick()
    {
        Thresholds t;
        t.raiseAfterSeconds = 0.3;
        t.clearAfterSeconds = 0.3;
        return t;
    }

    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_primary, m_standby;
    std::unique_ptr<ClusterMonitor> m_monitor;
};

/// A psql that stays open with a transaction in it.
class OpenSession
{
public:
    OpenSession(const TestServer &server, const QString &sql)
    {
        m_process.setProgram(TestServer::binDir() + QStringLiteral("/psql"));
        m_process.setArguments({QStringLiteral("-XqAt"), QStringLiteral("-h"), server.socketDir(),
                                QStringLiteral("-p"), QString::number(server.port()), QStringLiteral("-U"),
                                QStringLiteral("postgres"), QStringLiteral("postgres")});
        m_process.start();
        m_process.write(sql.toUtf8() + "\n");
    }
    ~OpenSession()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    OpenSession(const OpenSession &) = delete;
    OpenSession &operator=(const OpenSession &) = delete;
    QByteArray said()
    {
        m_said += m_process.readAllStandardOutput() + m_process.readAllStandardError();
        return m_said;
    }

private:
    QProcess m_process;
    QByteArray m_said;
};

WatchedNode TestFindingsReal::watched(const TestServer &server) const
{
    WatchedNode node;
    node.endpoint.port = server.port();
    node.endpoint.user = QStringLiteral("understudy");
    node.endpoint.options.insert(QStringLiteral("passfile"), server.passfile());
    node.id = node.endpoint.address();
    node.name = server.name();
    return node;
}

void TestFindingsReal::watch(const Thresholds &thresholds)
{
    ClusterMonitor::Options options;
    options.intervalMs = 200;
    options.vitalsEveryMs = 400;
    options.thresholds = thresholds;
    m_monitor = std::make_unique<ClusterMonitor>(std::make_shared<LibpqSecrets>(), options);
    m_monitor->setNodes({watched(*m_primary), watched(*m_standby)});
    QTRY_VERIFY2_WITH_TIMEOUT(m_monitor->topology().clusters.size() == 1 &&
                                  m_monitor->topology().clusters[0].links.size() == 1 &&
                                  m_monitor->topology().clusters[0].links[0].state == LinkState::Streaming,
                              qPrintable(dump()), 15000);
}

const Finding *TestFindingsReal::find(const char *name) const
{
    for (const Cluster &cluster : m_monitor->topology().clusters) {
        for (const Finding &f : cluster.findings) {
            if (f.name == QLatin1String(name))
                return &f;
        }
    }
    return nullptr;
}

const Cleared *TestFindingsReal::cleared(const char *name) const
{
    for (const Cluster &cluster : m_monitor->topology().clusters) {
        for (const Cleared &c : cluster.cleared) {
            if (c.finding.name == QLatin1String(name))
                return &c;
        }
    }
    return nullptr;
}

QString TestFindingsReal::dump() const
{
    return QString::fromUtf8(QJsonDocument(toJson(m_monitor->topology())).toJson());
}

void TestFindingsReal::initTestCase()
{
    m_primary =
        TestServer::primary(m_folder, QStringLiteral("primary"),
                            {QStringLiteral("wal_level = logical"), QStringLiteral("archive_mode = on"),
                             QStringLiteral("archive_command = 'true'"), QStringLiteral("autovacuum = off")});
    QVERIFY(m_primary);
    m_standby = m_primary->standby(QStringLiteral("standby"), QStringLiteral("standby_slot"),
                                   {QStringLiteral("max_standby_streaming_delay = 0")});
    QVERIFY(m_standby);
    run(*m_primary, "CREATE TABLE t AS SELECT generate_series(1, 1000) AS n");
}

void TestFindingsReal::init()
{
    watch(quick());
}

void TestFindingsReal::cleanup()
{
    m_monitor.reset();
}

void TestFindingsReal::archivingFails()
{
    QVERIFY(!find("archiving_failing"));
    QVERIFY(m_primary->configure({QStringLiteral("archive_command = 'false'")}) && m_primary->reload());
    run(*m_primary, "SELECT pg_switch_wal()");
    QTRY_VERIFY2_WITH_TIMEOUT(find("archiving_failing"), qPrintable(dump()), 20000);
    QVERIFY2(find("archiving_failing")->evidence.contains(QStringLiteral("failed at")),
             qPrintable(find("archiving_failing")->evidence));
    QVERIFY(m_primary->configure({QStringLiteral("archive_command = 'true'")}) && m_primary->reload());
    QTRY_VERIFY2_WITH_TIMEOUT(!find("archiving_failing") && cleared("archiving_failing"), qPrintable(dump()),
                              30000);
}

void TestFindingsReal::recoveryConflict()
{
    QVERIFY(!find("recovery_conflicts"));
    {
        OpenSession reader(*m_standby, QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ;\n"
                                                      "SELECT count(*) FROM t;"));
        QTRY_VERIFY_WITH_TIMEOUT(reader.said().contains("1000"), 10000);
        run(*m_primary, "DELETE FROM t");
        run(*m_primary, "VACUUM t");
        QTRY_VERIFY2_WITH_TIMEOUT(find("recovery_conflicts"), qPrintable(dump()), 20000);
    }
    const Finding *f = find("recovery_conflicts");
    QCOMPARE(f->node, watched(*m_standby).id);
    QVERIFY2(f->evidence.contains(QStringLiteral("snapshot 1")), qPrintable(f->evidence));
}

void TestFindingsReal::oldTransaction()
{
    Thresholds t = quick();
    t.transactionSeconds = 1;
    watch(t);
    {
        OpenSession writer(*m_primary, QStringLiteral("BEGIN; INSERT INTO t VALUES (1) RETURNING n;"));
        QTRY_VERIFY2_WITH_TIMEOUT(find("long_transaction"), qPrintable(dump()), 20000);
        QVERIFY2(find("long_transaction")->evidence.contains(QStringLiteral("psql, database postgres")) &&
                     find("long_transaction")->evidence.contains(QStringLiteral("idle in transaction")),
                 qPrintable(find("long_transaction")->evidence));
    }
    QTRY_VERIFY2_WITH_TIMEOUT(!find("long_transaction"), qPrintable(dump()), 20000);
}

void TestFindingsReal::feedbackHoldsVacuumBack()
{
    Thresholds t = quick();
    t.xminAge = 20;
    watch(t);
    QVERIFY(m_standby->configure({QStringLiteral("hot_standby_feedback = on"),
                                  QStringLiteral("wal_receiver_status_interval = 1s")}) &&
            m_standby->reload());
    {
        OpenSession reader(*m_standby, QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ;\n"
                                                      "SELECT 'open', count(*) FROM t;"));
        QTRY_VERIFY_WITH_TIMEOUT(reader.said().contains("open"), 10000);
        for (int i = 0; i < 30; ++i)
            run(*m_primary, "INSERT INTO t VALUES (1)");
        QTRY_VERIFY2_WITH_TIMEOUT(find("vacuum_held_back"), qPrintable(dump()), 20000);
        // Through a slot the feedback stands in the slot.
        QCOMPARE(find("vacuum_held_back")->slot, QStringLiteral("standby_slot"));
        QCOMPARE(find("vacuum_held_back")->node, watched(*m_primary).id);
    }
    QTRY_VERIFY2_WITH_TIMEOUT(!find("vacuum_held_back") && cleared("vacuum_held_back"), qPrintable(dump()),
                              20000);
    QVERIFY(m_standby->configure({QStringLiteral("hot_standby_feedback = off")}) && m_standby->reload());
}

void TestFindingsReal::logicalSlotHoldsVacuumBack()
{
    Thresholds t = quick();
    t.xminAge = 20;
    t.wraparoundAge = 40;
    watch(t);
    run(*m_primary, "SELECT pg_create_logical_replication_slot('subscriber', 'pgoutput')");
    for (int i = 0; i < 30; ++i)
        run(*m_primary, "INSERT INTO t VALUES (1)");
    QTRY_VERIFY2_WITH_TIMEOUT(find("vacuum_held_back"), qPrintable(dump()), 20000);
    QCOMPARE(find("vacuum_held_back")->slot, QStringLiteral("subscriber"));
    for (int i = 0; i < 30; ++i)
        run(*m_primary, "INSERT INTO t VALUES (1)");
    QTRY_VERIFY2_WITH_TIMEOUT(find("wraparound_held_back"), qPrintable(dump()), 20000);
    QVERIFY(
        find("wraparound_held_back")->sql.contains(QStringLiteral("pg_drop_replication_slot('subscriber')")));
    run(*m_primary, "SELECT pg_drop_replication_slot('subscriber')");
    QTRY_VERIFY2_WITH_TIMEOUT(!find("wraparound_held_back"), qPrintable(dump()), 20000);
}

void TestFindingsReal::slotIsLost()
{
    run(*m_primary, "SELECT pg_create_physical_replication_slot('forgotten', true)");
    QTRY_VERIFY2_WITH_TIMEOUT(find("slot_inactive") &&
                                  find("slot_inactive")->slot == QLatin1String("forgotten"),
                              qPrintable(dump()), 10000);
    QVERIFY(m_primary->configure(
                {QStringLiteral("max_slot_wal_keep_size = 40MB"), QStringLiteral("min_wal_size = 32MB"),
                 QStringLiteral("max_wal_size = 32MB"), QStringLiteral("wal_keep_size = 0")}) &&
            m_primary->reload());
    bool seenUnreserved = false;
    for (int i = 0; i < 12 && !find("slot_lost"); ++i) {
        run(*m_primary, "INSERT INTO t SELECT generate_series(1, 1000)");
        run(*m_primary, "SELECT pg_switch_wal()");
        // The standby's own slot is not to be lost with it.
        QVERIFY(m_primary->waitFor(
            QStringLiteral("SELECT replay_lsn = pg_current_wal_lsn() FROM pg_stat_replication"),
            QStringLiteral("t")));
        if (i > 4)
            run(*m_primary, "CHECKPOINT");
        seenUnreserved = QTest::qWaitFor([&] { return find("slot_unreserved") || find("slot_lost"); }, 700) ||
                         seenUnreserved;
    }
    QVERIFY2(seenUnreserved, qPrintable(dump()));
    QTRY_VERIFY2_WITH_TIMEOUT(find("slot_lost") && find("slot_lost")->slot == QLatin1String("forgotten"),
                              qPrintable(dump()), 10000);
    QCOMPARE(find("slot_lost")->severity, Severity::Critical);
    run(*m_primary, "SELECT pg_drop_replication_slot('forgotten')");
    QTRY_VERIFY2_WITH_TIMEOUT(!find("slot_lost") && cleared("slot_lost"), qPrintable(dump()), 10000);
    QVERIFY(m_primary->configure({QStringLiteral("max_slot_wal_keep_size = -1")}) && m_primary->reload());
}

void TestFindingsReal::lowerLimits()
{
    // The standby was made with the primary's limits; the primary's rise.
    QVERIFY(m_primary->configure({QStringLiteral("max_worker_processes = 12")}));
    QVERIFY(m_primary->stop() && m_primary->start());
    QTRY_VERIFY2_WITH_TIMEOUT(find("settings_below_primary"), qPrintable(dump()), 20000);
    QVERIFY2(find("settings_below_primary")->evidence.contains(QStringLiteral("max_worker_processes")),
             qPrintable(find("settings_below_primary")->evidence));
    QVERIFY(m_standby->configure({QStringLiteral("max_worker_processes = 12")}));
    QVERIFY(m_standby->stop() && m_standby->start());
    QTRY_VERIFY2_WITH_TIMEOUT(!find("settings_below_primary"), qPrintable(dump()), 20000);
}

void TestFindingsReal::synchronousStandbyMissing()
{
    QVERIFY(m_primary->configure({QStringLiteral("synchronous_standby_names = 'nobody'")}) &&
            m_primary->reload());
    QTRY_VERIFY2_WITH_TIMEOUT(find("sync_standby_missing"), qPrintable(dump()), 10000);
    QCOMPARE(find("sync_standby_missing")->severity, Severity::Critical);
    QVERIFY(m_primary->configure({QStringLiteral("synchronous_standby_names = 'walreceiver'")}) &&
            m_primary->reload());
    QTRY_VERIFY2_WITH_TIMEOUT(!find("sync_standby_missing") && cleared("sync_standby_missing"),
                              qPrintable(dump()), 10000);
    QVERIFY(m_primary->configure({QStringLiteral("synchronous_standby_names = ''")}) && m_primary->reload());
}

void TestFindingsReal::fewWalsenders()
{
    QVERIFY(!find("few_walsenders_left"));
    QVERIFY(m_primary->configure({QStringLiteral("max_wal_senders = 2")}));
    QVERIFY(m_primary->stop() && m_primary->start());
    QTRY_VERIFY2_WITH_TIMEOUT(find("few_walsenders_left"), qPrintable(dump()), 20000);
    QVERIFY(find("few_walsenders_left")->evidence.contains(QStringLiteral("max_wal_senders = 2, 1 in use")));
}

QTEST_GUILESS_MAIN(TestFindingsReal)
#include "tst_findings_real.moc"
