// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ReadLoad.h"
#include "operations/ReadWorkload.h"
#include "operations/RowCounts.h"

#include <QJsonArray>
#include <QTest>

using namespace understudy;
using Kind = CountJudgement::Kind;

/// What is claimed after a standby was added: counts, and the read test's sentence and strings.
class TestProofWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void quietTableMustBeEqual();
    void busyTableIsBounded();
    void whatCannotBeTold();
    void readSentence();
    void readJson();
    void readerStringsSpread();
    void readerStringsEscape();
    void statements_data();
    void statements();
};

namespace {

CountRound round(qint64 before, qint64 after, TableChanges c0, TableChanges c1)
{
    CountRound out;
    out.before = before;
    out.after = after;
    out.changesBefore = c0;
    out.changesAfter = c1;
    return out;
}

ReadLoadRun served(const QString &label, const QList<NodeId> &nodes, double perSecond)
{
    ReadLoadRun run;
    run.label = label;
    run.nodes = nodes;
    run.queries = qint64(perSecond * 3);
    run.seconds = 3;
    run.perSecond = perSecond;
    return run;
}

ReadLoadResult two(double first, double spread, bool oneMachine = false)
{
    ReadLoadResult result;
    result.oneMachine = oneMachine;
    result.runs = {
        served(QStringLiteral("standby1 alone"), {QStringLiteral("a")}, first),
        served(QStringLiteral("standby2 alone"), {QStringLiteral("b")}, first),
        served(QStringLiteral("both, spread"), {QStringLiteral("a"), QStringLiteral("b")}, spread)};
    return result;
}

} // namespace

void TestProofWords::quietTableMustBeEqual()
{
    const CountRound quiet = round(50004, 50004, {50010, 6, 1}, {50010, 6, 1});
    QVERIFY(isQuiet(quiet));
    QCOMPARE(judgeCount(quiet, 50004).kind, Kind::Equal);
    QCOMPARE(judgeCount(quiet, 50003).kind, Kind::Different);
    QCOMPARE(judgeCount(quiet, std::nullopt).kind, Kind::CannotTell);
}

void TestProofWords::busyTableIsBounded()
{
    // 10 inserted and 4 deleted around the standby's moment.
    const CountRound busy = round(100, 106, {0, 0, 1}, {10, 4, 1});
    QVERIFY(!isQuiet(busy));
    QCOMPARE(judgeCount(busy, 96).kind, Kind::InRange);
    QCOMPARE(judgeCount(busy, 110).kind, Kind::InRange);
    QCOMPARE(judgeCount(busy, 95).kind, Kind::OutOfRange);
    QCOMPARE(judgeCount(busy, 111).kind, Kind::OutOfRange);
    // Equal counts are not quiet when rows came and went between them.
    const CountRound balanced = round(100, 100, {0, 0, 1}, {5, 5, 1});
    QVERIFY(!isQuiet(balanced));
    QCOMPARE(judgeCount(balanced, 103).kind, Kind::InRange);
    QCOMPARE(judgeCount(balanced, 106).kind, Kind::OutOfRange);
}

void TestProofWords::whatCannotBeTold()
{
    QCOMPARE(judgeCount(round(100, 0, {0, 0, 1}, {0, 0, 2}), 50).kind, Kind::CannotTell); // truncated
    QCOMPARE(judgeCount(round(100, 104, {50, 0, 1}, {4, 0, 1}), 100).kind,
             Kind::CannotTell); // counters reset
    CountRound blind = round(100, 100, {}, {});
    blind.countersTrusted = false;
    QCOMPARE(judgeCount(blind, 100).kind, Kind::CannotTell);
    QCOMPARE(judgeCount(CountRound{}, 100).kind, Kind::CannotTell);
}

void TestProofWords::readSentence()
{
    QCOMPARE(two(4812, 8950).sentence(),
             QStringLiteral("Both standbys serve reads. Together they answer 1.86 times "
                            "the queries of standby1 alone."));
    QCOMPARE(two(1000, 970, true).sentence(),
             QStringLiteral(
                 "Both standbys serve reads. Together they answer 0.97 times the queries of standby1 alone, "
                 "no gain: they share this machine."));
    QVERIFY(two(1000, 1100).pass());
    ReadLoadResult one;
    one.runs = {served(QStringLiteral("standby1 alone"), {QStringLiteral("a")}, 4812)};
    QCOMPARE(one.sentence(), QStringLiteral("standby1 serves reads: 4,812 queries a second."));
    ReadLoadResult failing = two(1000, 1500);
    failing.runs[1].errors = 3;
    failing.runs[1].error = QStringLiteral("canceling statement due to conflict with recovery");
    QVERIFY(!failing.pass());
    QVERIFY(failing.sentence().contains(QStringLiteral("standby2 alone")));
    QVERIFY(failing.sentence().contains(QStringLiteral("conflict with recovery")));
    QVERIFY(!ReadLoadResult().pass());
    ReadLoadResult silent = two(1000, 1500);
    silent.runs[0].queries = 0;
    QVERIFY(!silent.pass());
}

void TestProofWords::readJson()
{
    ReadLoadResult result = two(1000, 1500);
    const QJsonObject json = toJson(result);
    const QJsonObject run = json.value(QStringLiteral("runs")).toArray().at(2).toObject();
    QCOMPARE(run.value(QStringLiteral("per_second")).toDouble(), 1500.0);
    QVERIFY(run.value(QStringLiteral("highest_lag_bytes")).isNull());
    QVERIFY(run.value(QStringLiteral("conflicts")).isNull());
}

void TestProofWords::readerStringsSpread()
{
    Endpoint one, two;
    one.port = 5433;
    two.port = 5434;
    const auto strings = readerStrings({one, two}, QStringLiteral("appdb"), QStringLiteral("app"));
    QCOMPARE(strings.size(), 3);
    QCOMPARE(strings.at(0).text,
             QStringLiteral("postgresql://app@127.0.0.1:5433,127.0.0.1:5434/"
                            "appdb?target_session_attrs=prefer-standby&load_balance_hosts=random"));
    QVERIFY(!strings.at(1).text.contains(QStringLiteral("load_balance_hosts")));
    QVERIFY(strings.at(1).text.contains(QStringLiteral("5434,127.0.0.1:5433")));
    QCOMPARE(strings.at(2).text,
             QStringLiteral("jdbc:postgresql://127.0.0.1:5433,127.0.0.1:5434/"
                            "appdb?user=app&targetServerType=preferSecondary&loadBalanceHosts=true"));
    QVERIFY(readerStrings({}, QStringLiteral("appdb"), QStringLiteral("app")).isEmpty());
}

void TestProofWords::readerStringsEscape()
{
    Endpoint v6;
    v6.host = QStringLiteral("::1");
    Endpoint socket;
    socket.host = QStringLiteral("/run/postgresql");
    const auto strings = readerStrings({v6, socket}, QStringLiteral("a b?c"), QStringLiteral("o@p:q/r"));
    QCOMPARE(strings.at(0).text,
             QStringLiteral("postgresql://o%40p%3Aq%2Fr@[::1]:5432,%2Frun%2Fpostgresql:5432/"
                            "a%20b%3Fc?target_session_attrs=prefer-standby&load_balance_hosts=random"));
    QVERIFY(strings.at(2).text.contains(QStringLiteral("[::1]:5432,localhost:5432")));
}

void TestProofWords::statements_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<int>("count"); // 0: refused
    QTest::newRow("select") << "SELECT 1" << 1;
    QTest::newRow("semicolon") << " select 1 ; " << 1;
    QTest::newRow("with") << "WITH x AS (SELECT 1) SELECT * FROM x" << 1;
    QTest::newRow("in brackets") << "(SELECT 1) UNION (SELECT 2)" << 1;
    QTest::newRow("semicolon in a string") << "SELECT 'a;b'" << 1;
    QTest::newRow("semicolon in an escaped string") << "SELECT E'a\\';b', e'x;'" << 1;
    QTest::newRow("dollar quotes") << "SELECT $x$ ; $x$" << 1;
    QTest::newRow("comment first") << "-- ; \nSELECT 1" << 1;
    QTest::newRow("values") << "VALUES (1)" << 1;
    QTest::newRow("several") << "SELECT 1;\n\nTABLE x; -- ;\nVALUES ('a;')\n;;" << 3;
    QTest::newRow("empty") << "  ;; " << 0;
    QTest::newRow("drop") << "SELECT 1; DROP TABLE x" << 0;
    QTest::newRow("hidden second") << "SELECT 1 /* */ ; /* */ COMMIT" << 0;
    QTest::newRow("hidden behind a type") << "SELECT date'\\'; COMMIT; --'" << 0;
    QTest::newRow("hidden behind a name") << "SELECT 1 AS a$x$; COMMIT; SELECT 2 AS b$x$" << 0;
    QTest::newRow("delete") << "DELETE FROM x" << 0;
    QTest::newRow("set") << "SET default_transaction_read_only = off" << 0;
    QTest::newRow("open quote") << "SELECT 'x" << 0;
}

void TestProofWords::statements()
{
    QFETCH(QString, sql);
    QFETCH(int, count);
    const auto checked = readStatements(sql);
    QVERIFY2(checked.has_value() == (count > 0),
             qPrintable(checked ? checked->join(u'|') : checked.error().text()));
    if (!checked)
        return;
    QCOMPARE(checked->size(), count);
    for (const QString &statement : *checked)
        QVERIFY(!statement.endsWith(u';') && !statement.isEmpty());
}

QTEST_GUILESS_MAIN(TestProofWords)
#include "tst_proof_words.moc"
