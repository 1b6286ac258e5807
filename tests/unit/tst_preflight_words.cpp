// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/SyncNames.h"
#include "operations/preflight/Estimates.h"
#include "operations/preflight/LoginWords.h"
#include "operations/preflight/Preflight.h"

#include <QJsonArray>
#include <QTest>

using namespace understudy;
using Kind = LoginRefusal::Kind;

Q_DECLARE_METATYPE(LoginRefusal::Kind)

/// What pre-flight says: its sentence, its JSON, the refusals it understands, the limits it suggests.
class TestPreflightWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sentence_data();
    void sentence();
    void json();
    void listOfChecks();
    void groupsOfACascade();
    void mergedKeepsPlaces();
    void refusals_data();
    void refusals();
    void hbaLineIsWhatTheServerSaw();
    void hostileRoleIsQuoted();
    void syncNames();
    void limits();
    void rates();
};

namespace {

PreflightResult made(const QList<CheckStatus> &statuses, int fixable = 0)
{
    PreflightResult result;
    for (qsizetype i = 0; i < statuses.size(); ++i) {
        CheckResult check;
        check.id = QStringLiteral("check_%1").arg(i);
        check.title = QStringLiteral("Check %1").arg(i);
        check.status = statuses.at(i);
        if (check.status == CheckStatus::Warning && fixable-- > 0) {
            check.fix = CheckFix{};
            check.fix->canApply = true;
        }
        result.checks.append(check);
    }
    return result;
}

} // namespace

void TestPreflightWords::sentence_data()
{
    using S = CheckStatus;
    QTest::addColumn<QString>("actual");
    QTest::addColumn<QString>("expected");
    const QList<S> tenPassed(10, S::Pass);
    QTest::newRow("as drawn")
        << made(tenPassed + QList<S>{S::Warning, S::Waived}, 1).sentence()
        << "12 checks, 10 passed. One warning can be fixed here; it does not block you.";
    QTest::newRow("all passed") << made(tenPassed).sentence() << "10 checks, all passed.";
    QTest::newRow("one failed") << made({S::Pass, S::Fail}).sentence()
                                << "2 checks, 1 passed. Check 1 failed and blocks the plan.";
    QTest::newRow("three failed")
        << made({S::Fail, S::Fail, S::Fail}).sentence()
        << "3 checks, 0 passed. Check 0, Check 1 and Check 2 failed and block the plan.";
    QTest::newRow("server down") << made({S::Fail, S::Skipped, S::Skipped}).sentence()
                                 << "3 checks, 0 passed. Check 0 failed and blocks the plan. 2 skipped.";
    QTest::newRow("warnings")
        << made({S::Pass, S::Warning, S::Warning}, 1).sentence()
        << "3 checks, 1 passed. 2 warnings, one can be fixed here; they do not block you.";
    QTest::newRow("no fix") << made({S::Warning}).sentence()
                            << "1 check, 0 passed. One warning; it does not block you.";
    QTest::newRow("waived") << made({S::Pass, S::Waived}).sentence() << "2 checks, 1 passed. One is waived.";
    QTest::newRow("running") << made({S::Pass, S::Running}).sentence() << "Running 2 checks.";
}

void TestPreflightWords::sentence()
{
    QFETCH(QString, actual);
    QFETCH(QString, expected);
    QCOMPARE(actual, expected);
}

void TestPreflightWords::json()
{
    PreflightResult result = made({CheckStatus::Pass, CheckStatus::Fail});
    result.checks[1].field = QStringLiteral("port");
    result.checks[1].fix = CheckFix{};
    result.checks[1].fix->setField = QStringLiteral("port");
    result.checks[1].fix->setValue = QStringLiteral("5436");
    result.baseline = {{QStringLiteral("LSN"), QStringLiteral("0/F0BA410")}};
    const QJsonObject json = toJson(result);
    QCOMPARE(json.value(QStringLiteral("blocked")).toBool(), true);
    const QJsonArray checks = json.value(QStringLiteral("checks")).toArray();
    QCOMPARE(checks.size(), 2);
    QCOMPARE(checks.at(0).toObject().value(QStringLiteral("status")).toString(), QStringLiteral("pass"));
    QVERIFY(checks.at(0).toObject().value(QStringLiteral("field")).isNull());
    QCOMPARE(checks.at(1)
                 .toObject()
                 .value(QStringLiteral("fix"))
                 .toObject()
                 .value(QStringLiteral("set_value"))
                 .toString(),
             QStringLiteral("5436"));
    QCOMPARE(json.value(QStringLiteral("baseline")).toObject().value(QStringLiteral("LSN")).toString(),
             QStringLiteral("0/F0BA410"));
}

void TestPreflightWords::listOfChecks()
{
    AddStandbyRequest request;
    request.port = 5434;
    const auto checks = preflightChecks(request, {});
    QVERIFY(checks.size() >= 20);
    QStringList ids;
    for (const CheckResult &check : checks) {
        QCOMPARE(check.status, CheckStatus::Waiting);
        QVERIFY2(!ids.contains(check.id), qPrintable(check.id));
        QVERIFY(check.manual.startsWith(QStringLiteral("https://www.postgresql.org/docs/")));
        ids.append(check.id);
    }
    QCOMPARE(ids.first(), QStringLiteral("upstream_answers"));
    for (const char *id :
         {"replication_login", "slot_retention", "port", "data_directory", "disk", "names", "sync"})
        QVERIFY2(ids.contains(QLatin1String(id)), id);
    const auto port = checks.at(ids.indexOf(QStringLiteral("port")));
    QCOMPARE(port.title, QStringLiteral("Port 5434"));
    QCOMPARE(port.groupWords(), QStringLiteral("Target: this machine"));
    QCOMPARE(checks.first().groupWords(), QStringLiteral("Primary and its settings"));
}

void TestPreflightWords::groupsOfACascade()
{
    AddStandbyFacts facts;
    Node node;
    node.id = QStringLiteral("127.0.0.1:5433");
    node.name = QStringLiteral("standby1");
    node.role = Role::Standby;
    facts.topology.clusters = {Cluster{}};
    facts.topology.clusters[0].nodes = {node};
    facts.spec.nodes = {WatchedNode{node.id, node.name, Endpoint{}}};
    AddStandbyRequest request;
    request.upstream = node.id;
    const auto checks = preflightChecks(request, facts);
    QCOMPARE(checks.first().title, QStringLiteral("standby1 answers"));
    QCOMPARE(checks.first().groupWords(), QStringLiteral("Upstream and its settings"));
}

void TestPreflightWords::mergedKeepsPlaces()
{
    using S = CheckStatus;
    const PreflightResult before = made({S::Pass, S::Fail, S::Warning});
    PreflightResult again = made({S::Pass});
    again.checks[0].id = QStringLiteral("check_1");
    const PreflightResult after = merged(before, again);
    QCOMPARE(after.checks.size(), 3);
    QCOMPARE(after.checks.at(1).status, S::Pass);
    QCOMPARE(after.checks.at(2).status, S::Warning);
    QVERIFY(!after.blocked());
}

void TestPreflightWords::refusals_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<LoginRefusal::Kind>("kind");
    QTest::addColumn<QString>("fix");
    const auto row = [](const char *name, const char *message, Kind kind, const char *fix) {
        QTest::newRow(name) << QStringLiteral(
                                   "psql: error: connection to server at \"127.0.0.1\", port 5432 failed: ") +
                                   QLatin1String(message)
                            << kind << QString(QLatin1String(fix));
    };
    row("password", "FATAL:  password authentication failed for user \"replicator\"\n", Kind::WrongPassword,
        "\\password");
    row("none given", "fe_sendauth: no password supplied\n", Kind::NoPassword, "");
    row("no hba line",
        "FATAL:  no pg_hba.conf entry for replication connection from host \"172.18.0.4\", user "
        "\"replicator\", no "
        "encryption\n",
        Kind::NoHbaLine, "172.18.0.4/32");
    row("rejected",
        "FATAL:  pg_hba.conf rejects replication connection for host \"127.0.0.1\", user \"replicator\", no "
        "encryption",
        Kind::HbaRejects, "replication");
    row("no role", "FATAL:  role \"replicator\" does not exist\n", Kind::NoSuchRole, "CREATE ROLE");
    row("no login", "FATAL:  role \"replicator\" is not permitted to log in\n", Kind::MayNotLogIn, "LOGIN");
    row("attribute, 15", "FATAL:  must be superuser or replication role to start walsender\n",
        Kind::NotReplication, "REPLICATION");
    row("attribute, 16",
        "FATAL:  permission denied to start WAL sender\nDETAIL:  Only roles with the REPLICATION attribute "
        "may start a "
        "WAL sender process.\n",
        Kind::NotReplication, "REPLICATION");
    row("senders", "FATAL:  number of requested standby connections exceeds max_wal_senders (currently 1)\n",
        Kind::SendersUsedUp, "max_wal_senders");
    row("connections", "FATAL:  sorry, too many clients already\n", Kind::ConnectionsUsedUp, "");
    row("refused",
        "Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n",
        Kind::Unreachable, "");
    row("starting", "FATAL:  the database system is starting up\n", Kind::StartingUp, "");
    row("tls", "server does not support SSL, but SSL was required\n", Kind::NoTls, "ssl = on");
}

void TestPreflightWords::refusals()
{
    QFETCH(QString, message);
    QFETCH(LoginRefusal::Kind, kind);
    QFETCH(QString, fix);
    LoginAttempt attempt;
    attempt.user = QStringLiteral("replicator");
    attempt.address = QStringLiteral("127.0.0.1:5432");
    attempt.upstream = QStringLiteral("the primary");
    const LoginRefusal refusal = classifyLoginRefusal(message, attempt);
    QCOMPARE(refusal.kind, kind);
    QVERIFY(!refusal.sentence.isEmpty());
    QVERIFY(!refusal.sentence.contains(u'\n'));
    QVERIFY(!refusal.meaning.isEmpty());
    QVERIFY(!refusal.field.isEmpty());
    QVERIFY2(refusal.fix.contains(fix), qPrintable(refusal.fix));
}

void TestPreflightWords::hbaLineIsWhatTheServerSaw()
{
    LoginAttempt attempt;
    attempt.user = QStringLiteral("replicator");
    const auto v6 = classifyLoginRefusal(
        QStringLiteral("FATAL:  no pg_hba.conf entry for replication connection from host \"fe80::1\", user "
                       "\"replicator\", SSL encryption"),
        attempt);
    QVERIFY2(
        v6.fix.startsWith(QStringLiteral("hostssl  replication  \"replicator\"  fe80::1/128  scram-sha-256")),
        qPrintable(v6.fix));
    const auto local = classifyLoginRefusal(
        QStringLiteral("FATAL:  no pg_hba.conf entry for replication connection from host \"[local]\", user "
                       "\"replicator\", no encryption"),
        attempt);
    QVERIFY2(local.fix.startsWith(QStringLiteral("local   replication  \"replicator\"")),
             qPrintable(local.fix));
}

void TestPreflightWords::hostileRoleIsQuoted()
{
    LoginAttempt attempt;
    attempt.user = QStringLiteral("x\"; DROP ROLE y; --");
    const auto refusal = classifyLoginRefusal(
        QStringLiteral("FATAL:  must be superuser or replication role to start walsender"), attempt);
    QCOMPARE(refusal.fix, QStringLiteral("ALTER ROLE \"x\"\"; DROP ROLE y; --\" REPLICATION;"));
}

void TestPreflightWords::syncNames()
{
    QVERIFY(!SyncNames::parse(QString()).matches(QStringLiteral("standby2")));
    QVERIFY(SyncNames::parse(QStringLiteral("*")).matches(QStringLiteral("standby2")));
    const auto any = SyncNames::parse(QStringLiteral("ANY 2 (standby1, \"Stand by\", standby3)"));
    QVERIFY(any.any);
    QCOMPARE(any.needed, 2);
    QCOMPARE(any.names.size(), 3);
    QVERIFY(any.matches(QStringLiteral("stand by")));
    QVERIFY(!any.matches(QStringLiteral("standby2")));
    const auto first = SyncNames::parse(QStringLiteral("FIRST 1 (s1, s2)"));
    QVERIFY(!first.any);
    QCOMPARE(first.names, QStringList({QStringLiteral("s1"), QStringLiteral("s2")}));
    QCOMPARE(SyncNames::parse(QStringLiteral("s1, s2")).needed, 1);
}

void TestPreflightWords::limits()
{
    const qint64 gb = qint64(1) << 30;
    QCOMPARE(estimates::suggestedLimit(51 * gb, gb), QStringLiteral("16GB"));
    QCOMPARE(estimates::suggestedLimit(6 * gb, gb), QStringLiteral("2GB"));
    QCOMPARE(estimates::suggestedLimit(900 * gb, gb), QStringLiteral("64GB"));
    QCOMPARE(estimates::suggestedLimit(gb, gb / 4), QStringLiteral("256MB"));
    QCOMPARE(estimates::suggestedLimit(std::nullopt, gb), QStringLiteral("16GB"));
    QVERIFY(estimates::walDuringCopy(100 * gb, 1e6, {}) > gb);
    QCOMPARE(estimates::walDuringCopy(gb, std::nullopt, {}), qint64(16) << 20);
}

void TestPreflightWords::rates()
{
    QCOMPARE(estimates::parseMaxRate(QStringLiteral("20M")), qint64(20) << 20);
    QCOMPARE(estimates::parseMaxRate(QStringLiteral("512k")), qint64(512) << 10);
    QCOMPARE(estimates::parseMaxRate(QStringLiteral("512")), qint64(512) << 10);
    QCOMPARE(estimates::parseMaxRate(QString()), 0);
    QCOMPARE(estimates::parseMaxRate(QStringLiteral("fast")), 0);
    QVERIFY(estimates::copySeconds(qint64(100) << 20, QStringLiteral("1M")) > 99);
}

QTEST_GUILESS_MAIN(TestPreflightWords)
#include "tst_preflight_words.moc"
