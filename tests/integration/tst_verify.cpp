// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "WriteLoad.h"
#include "operations/Verify.h"

#include <QFile>
#include <QProcess>
#include <QScopeGuard>
#include <QTest>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;
using test::WriteLoad;

/// The proof on a primary with two standbys: true when it is true, no alarm under write load, no all-clear
/// when replay stands still.
class TestVerify : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void allEqual();
    void busyTableIsNoAlarm();
    void quietBesideBusy();
    void pausedReplayIsNoAllClear();
    void otherStandbyDown();
    void wrongSlotIsSeen();
    void unloggedTablesAreLeftOut();
    void chosenTables();
    void chosenTablesThatAreNot();
    void contentEqual();
    void contentUnderWriteLoad();
    void tamperedStandbyIsFound();

private:
    VerifyResult verify(const VerifyOptions &options = {}) const;
    const VerifyRow row(const VerifyResult &result, const QString &what) const;
    static QString all(const VerifyResult &result);

    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_primary, m_standby1, m_standby2;
    ClusterSpec m_spec;
    Plan m_plan;
    std::shared_ptr<const SecretSource> m_secrets = std::make_shared<LibpqSecrets>();
};

VerifyResult TestVerify::verify(const VerifyOptions &options) const
{
    return verifyStandby(m_plan, m_spec, m_secrets, {}, {}, options);
}

const VerifyRow TestVerify::row(const VerifyResult &result, const QString &what) const
{
    for (const VerifyRow &r : result.rows) {
        if (r.what == what)
            return r;
    }
    return {};
}

QString TestVerify::all(const VerifyResult &result)
{
    QString text;
    for (const VerifyRow &r : result.rows)
        text +=
            QStringLiteral("\n  %1 | %2 | %3 | %4%5")
                .arg(r.what, r.expected, r.actual, r.pass ? QStringLiteral("pass") : QStringLiteral("FAIL"),
                     r.unknown ? QStringLiteral(" unknown") : QString());
    for (const RowCount &c : result.counts)
        text += QStringLiteral("\n  %1: %2").arg(c.table, c.words);
    for (const TableChecksum &c : result.checksums)
        text += QStringLiteral("\n  content of %1: %2").arg(c.table, c.words);
    return text;
}

void TestVerify::initTestCase()
{
    m_primary = TestServer::primary(m_folder, QStringLiteral("primary"));
    QVERIFY(m_primary);
    QVERIFY(!m_primary
                 ->psql(QStringLiteral(
                     "GRANT pg_read_all_data TO understudy; CREATE TABLE orders (id int PRIMARY KEY, "
                     "t text); INSERT INTO orders SELECT i, 'x' FROM generate_series(1, 50004) i; "
                     "CREATE TABLE busy (i int); CREATE TABLE few (i int); INSERT INTO few VALUES (1)"))
                 .isNull());
    m_standby1 = m_primary->standby(QStringLiteral("standby1"), QStringLiteral("standby_slot"));
    m_standby2 = m_primary->standby(QStringLiteral("standby2"), QStringLiteral("standby2_slot"));
    QVERIFY(m_standby1 && m_standby2);
    const auto node = [&](const TestServer &server) {
        WatchedNode node;
        node.name = server.name();
        node.endpoint.port = server.port();
        node.endpoint.user = QStringLiteral("understudy");
        node.endpoint.options.insert(QStringLiteral("passfile"), m_folder.passfile());
        node.id = node.endpoint.address();
        return node;
    };
    // The new one is not in the cluster's own list yet: the plan knows where it is.
    m_spec.nodes = {node(*m_primary), node(*m_standby1)};
    m_plan.subject = QStringLiteral("standby2");
    m_plan.endpoints.insert(QStringLiteral("primary"), m_spec.nodes.first().endpoint);
    m_plan.endpoints.insert(QStringLiteral("standby2"), node(*m_standby2).endpoint);
    m_plan.facts = {{QStringLiteral("name"), QStringLiteral("standby2")},
                    {QStringLiteral("upstream"), QStringLiteral("primary")},
                    {QStringLiteral("upstream_address"), m_spec.nodes.first().id},
                    {QStringLiteral("slot"), QStringLiteral("standby2_slot")},
                    {QStringLiteral("synchronous"), QStringLiteral("no")}};
}

void TestVerify::allEqual()
{
    const VerifyResult result = verify();
    qInfo("%s\n  took %.2f s", qPrintable(all(result)), double(result.finishedUs - result.startedUs) / 1e6);
    QVERIFY2(result.pass(), qPrintable(all(result)));
    QCOMPARE(row(result, QStringLiteral("Standbys streaming")).actual,
             QStringLiteral("2: standby1, standby2"));
    QCOMPARE(row(result, QStringLiteral("Slots active")).actual,
             QStringLiteral("2: standby_slot, standby2_slot"));
    QCOMPARE(row(result, QStringLiteral("Upstream and timeline")).actual, QStringLiteral("primary, 1"));
    QCOMPARE(row(result, QStringLiteral("Sync state")).actual, QStringLiteral("async, async"));
    QVERIFY(row(result, QStringLiteral("standby2 caught up")).actual.startsWith(QStringLiteral("0 B at ")));
    QCOMPARE(row(result, QStringLiteral("Rows in public.orders")).actual,
             QStringLiteral("50,004 on all three"));
    QVERIFY(!result.counts.isEmpty());
    const RowCount &orders = result.counts.first();
    QCOMPARE(orders.table, QStringLiteral("public.orders"));
    QVERIFY(orders.exact && orders.pass);
    QCOMPARE(orders.nodes.size(), 3);
    for (const auto &node : orders.nodes)
        QCOMPARE(node.rows.value_or(-1), 50004);
}

void TestVerify::busyTableIsNoAlarm()
{
    const WriteLoad load(*m_primary);
    QTRY_VERIFY_WITH_TIMEOUT(load.rounds() > 3, 10000);
    for (int i = 0; i < 5; ++i) {
        const VerifyResult result = verify();
        QVERIFY2(result.pass(), qPrintable(all(result)));
    }
}

void TestVerify::quietBesideBusy()
{
    const WriteLoad load(*m_primary);
    QTRY_VERIFY_WITH_TIMEOUT(load.rounds() > 3, 10000);
    const VerifyResult result = verify();
    qInfo("%s", qPrintable(all(result)));
    QCOMPARE(result.counts.first().table, QStringLiteral("public.orders"));
    QVERIFY(result.counts.first().exact);
    QVERIFY(result.counts.first().words.contains(QStringLiteral("50,004")));
}

void TestVerify::pausedReplayIsNoAllClear()
{
    QVERIFY(!m_standby2->psql(QStringLiteral("SELECT pg_wal_replay_pause()")).isNull());
    const auto back = qScopeGuard([&] { m_standby2->psql(QStringLiteral("SELECT pg_wal_replay_resume()")); });
    QVERIFY(m_standby2->waitFor(QStringLiteral("SELECT pg_is_wal_replay_paused()"), QStringLiteral("t")));
    // The count itself stays the same: only the position tells that nothing is proved.
    QVERIFY(!m_primary->psql(QStringLiteral("UPDATE few SET i = i + 1")).isNull());
    const VerifyResult result = verify();
    QVERIFY2(!result.pass(), qPrintable(all(result)));
    const VerifyRow caught = row(result, QStringLiteral("standby2 caught up"));
    QVERIFY(!caught.pass);
    QVERIFY2(caught.actual.contains(QStringLiteral("paused")), qPrintable(caught.actual));
    const RowCount &orders = result.counts.first();
    QVERIFY(!orders.pass);
    QVERIFY2(orders.words.contains(QStringLiteral("replay is paused")), qPrintable(orders.words));
    QVERIFY(row(result, QStringLiteral("Rows in ") + orders.table).unknown);
}

void TestVerify::otherStandbyDown()
{
    QVERIFY(m_standby1->stop());
    const auto back = qScopeGuard([&] {
        m_standby1->start();
        m_primary->waitFor(
            QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"),
            QStringLiteral("2"));
    });
    QVERIFY(
        m_primary->waitFor(QStringLiteral("SELECT count(*) FROM pg_stat_replication"), QStringLiteral("1")));
    const VerifyResult result = verify();
    QVERIFY2(!result.pass(), qPrintable(all(result)));
    QVERIFY2(row(result, QStringLiteral("standby2 caught up")).pass, qPrintable(all(result)));
    const VerifyRow rows = result.rows.at(5);
    QVERIFY2(!rows.pass && rows.unknown, qPrintable(all(result)));
}

void TestVerify::wrongSlotIsSeen()
{
    Plan other = m_plan;
    other.facts.insert(QStringLiteral("slot"), QStringLiteral("no_such_slot"));
    std::stop_source stop;
    stop.request_stop();
    const VerifyResult result = verifyStandby(other, m_spec, m_secrets, stop.get_token());
    const VerifyRow slots_ = row(result, QStringLiteral("Slots active"));
    QVERIFY(!slots_.pass);
    QVERIFY2(slots_.actual.contains(QStringLiteral("no_such_slot is missing")), qPrintable(slots_.actual));
    QVERIFY(!result.pass());
}

void TestVerify::unloggedTablesAreLeftOut()
{
    QVERIFY(!m_primary->psql(QStringLiteral("CREATE UNLOGGED TABLE scratch AS SELECT 1 AS i")).isNull());
    const VerifyResult result = verify();
    for (const RowCount &count : result.counts)
        QVERIFY(count.table != u"public.scratch");
    QVERIFY2(result.pass(), qPrintable(all(result)));
}

void TestVerify::chosenTables()
{
    VerifyOptions options;
    options.tables = {QStringLiteral("public.few"), QStringLiteral("orders")};
    options.checksums = true;
    const VerifyResult result = verify(options);
    QVERIFY2(result.pass(), qPrintable(all(result)));
    QStringList counted, compared;
    for (const RowCount &count : result.counts)
        counted << count.table;
    for (const TableChecksum &table : result.checksums)
        compared << table.table;
    const QStringList chosen{QStringLiteral("public.few"), QStringLiteral("public.orders")};
    counted.sort();
    compared.sort();
    QCOMPARE(counted, chosen);
    QCOMPARE(compared, chosen);
}

// Nothing is quietly left out of what a person named.
void TestVerify::chosenTablesThatAreNot()
{
    QVERIFY(
        !m_primary
             ->psql(QStringLiteral("CREATE SCHEMA other; GRANT USAGE ON SCHEMA other TO understudy; CREATE "
                                   "TABLE other.few (i int); CREATE UNLOGGED TABLE scratch2 (i int)"))
             .isNull());
    const auto drop = qScopeGuard(
        [&] { m_primary->psql(QStringLiteral("DROP SCHEMA other CASCADE; DROP TABLE scratch2")); });
    VerifyOptions options;
    for (const auto &[name, words] : {std::pair{"no_such", "\"no_such\" cannot be counted"},
                                      std::pair{"scratch2", "not replicated (unlogged)"},
                                      std::pair{"few", "Several tables are called \"few\""}}) {
        options.tables = {QStringLiteral("public.orders"), QLatin1String(name)};
        const VerifyResult result = verify(options);
        QVERIFY2(!result.pass(), qPrintable(all(result)));
        const VerifyRow rows = row(result, QStringLiteral("Row counts"));
        QVERIFY2(rows.unknown && rows.actual.contains(QLatin1String(words)), qPrintable(all(result)));
    }
    const auto countable =
        countableTables(m_spec.nodes.first().endpoint, QStringLiteral("postgres"), *m_secrets);
    QVERIFY(countable);
    QVERIFY(countable->contains(QStringLiteral("other.few")));
    QVERIFY(!countable->contains(QStringLiteral("public.scratch2")));
}

// Also where each server writes values in its own way.
void TestVerify::contentEqual()
{
    QVERIFY(
        !m_primary
             ->psql(QStringLiteral("CREATE TABLE odd (x int, f float8, d timestamptz, i interval, b bytea, "
                                   "\"quoted \"\" name\" text); INSERT INTO odd SELECT g, random(), now(), "
                                   "'1 day 2 hours', '\\x00ff', repeat(md5(g::text), 300) FROM "
                                   "generate_series(1, 100) g"))
             .isNull());
    const auto plain = qScopeGuard(
        [&] { m_primary->psql(QStringLiteral("ALTER ROLE understudy RESET ALL; DROP TABLE odd")); });
    QVERIFY(m_standby2->configure(
                {QStringLiteral("datestyle = 'SQL, DMY'"), QStringLiteral("timezone = 'Asia/Tokyo'"),
                 QStringLiteral("extra_float_digits = 0"), QStringLiteral("bytea_output = 'escape'")}) &&
            m_standby2->reload());
    QVERIFY(m_standby2->waitFor(QStringLiteral("SHOW bytea_output"), QStringLiteral("escape")));
    VerifyOptions options;
    options.checksums = true;
    const VerifyResult result = verify(options);
    QVERIFY2(result.pass(), qPrintable(all(result)));
    const VerifyRow content = row(result, QStringLiteral("Content of tables"));
    QCOMPARE(content.actual, QStringLiteral("%1 equal").arg(result.checksums.size()));
    QCOMPARE(result.checksums.size(), result.counts.size());
}

// Neither a false alarm nor an all-clear for what was written.
void TestVerify::contentUnderWriteLoad()
{
    const WriteLoad load(*m_primary);
    QTRY_VERIFY_WITH_TIMEOUT(load.rounds() > 3, 10000);
    VerifyOptions options;
    options.checksums = true;
    for (int i = 0; i < 3; ++i) {
        const VerifyResult result = verify(options);
        QVERIFY2(result.pass(), qPrintable(all(result)));
        for (const TableChecksum &table : result.checksums)
            QCOMPARE(int(table.state), int(table.table == u"public.busy" ? TableChecksum::State::Written
                                                                         : TableChecksum::State::Equal));
    }
    options.tables = {QStringLiteral("busy")};
    const VerifyResult result = verify(options);
    const VerifyRow content = row(result, QStringLiteral("Content of tables"));
    QVERIFY2(content.unknown && !content.pass && !result.pass(), qPrintable(all(result)));
}

// One byte of one row on the standby's disk: every row count agrees.
void TestVerify::tamperedStandbyIsFound()
{
    QVERIFY(!m_primary
                 ->psql(QStringLiteral("CREATE TABLE precious AS SELECT g AS id, 'value ' || g AS t FROM "
                                       "generate_series(1, 100) g"))
                 .isNull());
    const QString path = m_primary->psql(QStringLiteral("SELECT pg_relation_filepath('precious')"));
    QVERIFY(!m_primary->psql(QStringLiteral("CHECKPOINT")).isNull());
    QVERIFY(m_primary->waitFor(QStringLiteral("SELECT bool_and(replay_lsn >= pg_current_wal_lsn()) FROM "
                                              "pg_stat_replication"),
                               QStringLiteral("t")));
    QVERIFY(m_standby2->stop());
    QFile file(m_standby2->dataDir() + u'/' + path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    const qint64 at = file.readAll().indexOf("value 42");
    QVERIFY(at > 0);
    QVERIFY(file.seek(at) && file.write("vAlue 42") == 8);
    file.close();
    QVERIFY(m_standby2->start());
    QVERIFY(m_primary->waitFor(QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = "
                                              "'streaming'"),
                               QStringLiteral("2")));
    const VerifyResult without = verify();
    QVERIFY2(without.pass(), qPrintable(all(without)));
    VerifyOptions options;
    options.checksums = true;
    const VerifyResult result = verify(options);
    QVERIFY2(!result.pass(), qPrintable(all(result)));
    const VerifyRow content = row(result, QStringLiteral("Content of tables"));
    QVERIFY2(!content.pass && !content.unknown, qPrintable(all(result)));
    QVERIFY2(content.actual.startsWith(QStringLiteral("different: public.precious (")) &&
                 content.actual.contains(QStringLiteral("on standby2")),
             qPrintable(content.actual));
    for (const TableChecksum &table : result.checksums)
        QCOMPARE(int(table.state), int(table.table == u"public.precious" ? TableChecksum::State::Different
                                                                         : TableChecksum::State::Equal));
}

QTEST_GUILESS_MAIN(TestVerify)
#include "tst_verify.moc"
