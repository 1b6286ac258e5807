// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "operations/ReadLoad.h"

#include <QElapsedTimer>
#include <QTest>
#include <thread>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

/// The read test on two real standbys: each alone and both; what it does when one is down, hung or stopped.
class TestReadLoad : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void eachAloneThenBoth();
    void ownStatement();
    void severalStatements();
    void refusedStatement_data();
    void refusedStatement();
    void failingStatement();
    void catalogWhereNoTableFits();
    void stopsSoon();
    void frozenStandbyEnds();
    void standbyDown();

private:
    ReadLoadResult run(const ReadLoadOptions &options, const QString &database = QStringLiteral("postgres"),
                       std::stop_token stop = {}) const;
    static ReadLoadOptions quick();
    static WatchedNode node(const TestServer &server, const ServerFolder &folder);

    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_primary, m_standby1, m_standby2;
    ClusterSpec m_spec;
    QList<WatchedNode> m_standbys;
    std::shared_ptr<const SecretSource> m_secrets = std::make_shared<LibpqSecrets>();
};

ReadLoadOptions TestReadLoad::quick()
{
    ReadLoadOptions options;
    options.secondsEach = 0.5;
    return options;
}

WatchedNode TestReadLoad::node(const TestServer &server, const ServerFolder &folder)
{
    WatchedNode node;
    node.name = server.name();
    node.endpoint.port = server.port();
    node.endpoint.user = QStringLiteral("understudy");
    node.endpoint.options.insert(QStringLiteral("passfile"), folder.passfile());
    node.id = node.endpoint.address();
    return node;
}

ReadLoadResult TestReadLoad::run(const ReadLoadOptions &options, const QString &database,
                                 std::stop_token stop) const
{
    return runReadLoad(m_spec, m_standbys, database, m_secrets, options, stop);
}

void TestReadLoad::initTestCase()
{
    m_primary = TestServer::primary(m_folder, QStringLiteral("primary"));
    QVERIFY(m_primary);
    QVERIFY(!m_primary
                 ->psql(QStringLiteral(
                     "GRANT pg_read_all_data TO understudy; CREATE TABLE orders (id int PRIMARY KEY, t "
                     "text); INSERT INTO orders SELECT i, 'x' FROM generate_series(1, 50004) i; CREATE "
                     "SEQUENCE numbers; GRANT ALL ON SEQUENCE numbers TO understudy"))
                 .isNull());
    QVERIFY(!m_primary->psql(QStringLiteral("CREATE DATABASE bare")).isNull());
    m_standby1 = m_primary->standby(QStringLiteral("standby1"), QStringLiteral("standby_slot"));
    m_standby2 = m_primary->standby(QStringLiteral("standby2"), QStringLiteral("standby2_slot"));
    QVERIFY(m_standby1 && m_standby2);
    m_standbys = {node(*m_standby1, m_folder), node(*m_standby2, m_folder)};
    m_spec.nodes = QList<WatchedNode>{node(*m_primary, m_folder)} + m_standbys;
    QVERIFY(m_primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"),
        QStringLiteral("2")));
}

void TestReadLoad::eachAloneThenBoth()
{
    QStringList labels;
    ReadLoadOptions options;
    options.secondsEach = 1;
    const ReadLoadResult result =
        runReadLoad(m_spec, m_standbys, QStringLiteral("postgres"), m_secrets, options, {},
                    [&](const ReadLoadRun &run) { labels.append(run.label); });
    for (const ReadLoadRun &r : result.runs)
        qInfo("%s: %.0f/s, median %.3f ms, p95 %.3f ms, lag %lld", qPrintable(r.label), r.perSecond,
              r.medianMs, r.p95Ms, static_cast<long long>(r.highestLagBytes.value_or(-1)));
    qInfo("%s", qPrintable(result.sentence()));
    QVERIFY2(result.pass(), qPrintable(result.sentence()));
    QCOMPARE(labels, QStringList({QStringLiteral("standby1 alone"), QStringLiteral("standby2 alone"),
                                  QStringLiteral("both, spread")}));
    QCOMPARE(result.workload, QStringLiteral("look-ups by primary key on public.orders"));
    QVERIFY(result.oneMachine);
    for (const ReadLoadRun &r : result.runs) {
        QVERIFY(r.queries > 50);
        QVERIFY(r.medianMs > 0 && r.p95Ms >= r.medianMs);
        QVERIFY2(r.seconds > 0.9 && r.seconds < 2.5, qPrintable(QString::number(r.seconds)));
        QVERIFY(r.highestLagBytes.has_value());
        QCOMPARE(r.conflicts.value_or(-1), 0);
    }
    QCOMPARE(result.runs.last().nodes.size(), 2);
    // The workload is gone with the test.
    QVERIFY(m_standby1->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'understudy%'"),
        QStringLiteral("0")));
}

void TestReadLoad::ownStatement()
{
    ReadLoadOptions options = quick();
    options.sql = QStringLiteral("SELECT count(*) FROM orders WHERE t = 'x;y';");
    const ReadLoadResult result = run(options);
    QVERIFY2(result.pass(), qPrintable(result.sentence()));
    QVERIFY(!result.sql.endsWith(u';'));
}

void TestReadLoad::severalStatements()
{
    ReadLoadOptions options = quick();
    options.sql =
        QStringLiteral("-- what readers ask; all day\nSELECT count(*) FROM orders WHERE t = 'x;y';\n\n"
                       "/* one; row */ SELECT * FROM orders WHERE id = 7;\n"
                       "WITH few AS (SELECT $$a;b$$::text AS t) TABLE few;\n;\n-- the end");
    const ReadLoadResult result = run(options);
    QVERIFY2(result.pass(), qPrintable(result.sentence() + result.error));
    QCOMPARE(result.workload, QStringLiteral("the 3 given statements"));
    QCOMPARE(result.sql.count(QStringLiteral(";\n")), 2);
    for (const ReadLoadRun &r : result.runs)
        QVERIFY2(r.queries > 20 && r.errors == 0, qPrintable(r.error));
}

void TestReadLoad::refusedStatement_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("words");
    QTest::newRow("verb") << "SELECT 1; DROP TABLE orders"
                          << "Statement 2 begins with DROP";
    QTest::newRow("settings") << "SET transaction_read_only = off"
                              << "Statement 1 begins with SET";
    QTest::newRow("end of the transaction") << "COMMIT; SELECT 1"
                                            << "begins with COMMIT";
    QTest::newRow("open quote") << "SELECT 'x; SELECT 2"
                                << "not closed";
    QTest::newRow("nothing") << " ; -- nothing\n;"
                             << "There is no statement";
    QTest::newRow("a deletion inside") << "WITH d AS (DELETE FROM orders RETURNING id) SELECT * FROM d"
                                       << "the server refused it";
    QTest::newRow("locks") << "SELECT 1; SELECT * FROM orders WHERE id = 1 FOR UPDATE"
                           << "Statement 2 was tried in a read-only transaction";
    QTest::newRow("a function that writes") << "SELECT nextval('numbers')"
                                            << "the server refused it";
    QTest::newRow("a table is made") << "SELECT id INTO copied FROM orders"
                                     << "the server refused it";
    QTest::newRow("too slow") << "SELECT pg_sleep(60)"
                              << "statement timeout";
}

// Whoever refuses it, nothing is measured and nothing is changed.
void TestReadLoad::refusedStatement()
{
    QFETCH(QString, sql);
    QFETCH(QString, words);
    ReadLoadOptions options = quick();
    options.sql = sql;
    const ReadLoadResult result = run(options);
    QVERIFY(!result.pass());
    QVERIFY(result.runs.isEmpty());
    QVERIFY2(result.sentence().contains(words), qPrintable(result.sentence()));
    QCOMPARE(m_primary->psql(QStringLiteral("SELECT count(*) FROM orders")), QStringLiteral("50004"));
}

void TestReadLoad::failingStatement()
{
    ReadLoadOptions options = quick();
    options.sql = QStringLiteral("SELECT * FROM no_such_table");
    const ReadLoadResult result = run(options);
    QVERIFY(!result.pass());
    QVERIFY2(result.sentence().contains(QStringLiteral("no_such_table")), qPrintable(result.sentence()));
}

void TestReadLoad::catalogWhereNoTableFits()
{
    const ReadLoadResult result = run(quick(), QStringLiteral("bare"));
    QVERIFY2(result.pass(), qPrintable(result.sentence()));
    QVERIFY(result.workload.contains(QStringLiteral("catalog")));
}

void TestReadLoad::stopsSoon()
{
    ReadLoadOptions options;
    options.secondsEach = 60;
    std::stop_source stop;
    QElapsedTimer timer;
    timer.start();
    ReadLoadResult result;
    std::thread worker([&] { result = run(options, QStringLiteral("postgres"), stop.get_token()); });
    const bool began = m_standby1->waitFor(
        QStringLiteral(
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'EXECUTE understudy_read%'"),
        QStringLiteral("t"));
    stop.request_stop();
    const qint64 asked = timer.elapsed();
    worker.join();
    QVERIFY(began);
    QVERIFY2(timer.elapsed() - asked < 3000, qPrintable(QString::number(timer.elapsed() - asked)));
    QVERIFY(!result.pass());
}

void TestReadLoad::frozenStandbyEnds()
{
    ReadLoadOptions options = quick();
    options.secondsEach = 3;
    std::stop_source stop;
    ReadLoadResult result;
    std::thread worker([&] { result = run(options, QStringLiteral("postgres"), stop.get_token()); });
    const bool began = m_standby1->waitFor(
        QStringLiteral(
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'EXECUTE understudy_read%'"),
        QStringLiteral("t"));
    m_standby1->freeze();
    QElapsedTimer timer;
    timer.start();
    stop.request_stop();
    worker.join();
    const qint64 took = timer.elapsed();
    m_standby1->thaw();
    QVERIFY(began);
    QVERIFY2(took < 10000, qPrintable(QString::number(took)));
    QVERIFY(!result.pass());
}

void TestReadLoad::standbyDown()
{
    QVERIFY(m_standby2->stop());
    const ReadLoadResult result = run(quick());
    m_standby2->start();
    QVERIFY(!result.pass());
    QVERIFY2(result.sentence().contains(QStringLiteral("standby2 alone")), qPrintable(result.sentence()));
    QVERIFY(result.runs.first().queries > 0);
    const ReadLoadResult none = runReadLoad(m_spec, {}, QStringLiteral("postgres"), m_secrets, quick());
    QVERIFY(!none.pass());
}

QTEST_GUILESS_MAIN(TestReadLoad)
#include "tst_read_load.moc"
