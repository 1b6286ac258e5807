// SPDX-License-Identifier: GPL-3.0-or-later
#include "Program.h"
#include "TestServer.h"

#include <QElapsedTimer>
#include <QTest>
#include <QUrl>
#include <csignal>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

namespace {

/// One look of `understudy topology --json`.
struct Seen
{
    Answer answer;
    qint64 tookMs = 0;

    QJsonArray clusters() const { return answer.json()[QStringLiteral("clusters")].toArray(); }
    QJsonArray list(const char *key) const { return clusters().at(0)[QLatin1String(key)].toArray(); }
    static QString id(const TestServer &server) { return QStringLiteral("127.0.0.1:%1").arg(server.port()); }
    QJsonValue node(const TestServer &server) const { return find("nodes", "id", id(server)); }
    QJsonValue linkTo(const TestServer &server) const { return find("links", "downstream", id(server)); }
    QString state(const TestServer &server) const { return node(server)[QStringLiteral("state")].toString(); }
    QString lag(const TestServer &server) const
    {
        return linkTo(server)[QStringLiteral("lag_state")].toString();
    }
    bool has(const char *finding) const
    {
        return find("findings", "name", QLatin1String(finding)).isObject();
    }
    bool isWell(const TestServer &standby, const TestServer &upstream) const
    {
        const QJsonValue link = linkTo(standby);
        return link[QStringLiteral("upstream")].toString() == id(upstream) &&
               link[QStringLiteral("state")].toString() == QLatin1String("streaming") &&
               link[QStringLiteral("confidence")].toString() == QLatin1String("certain") &&
               link[QStringLiteral("lag_bytes")].toInt(-1) == 0 && lag(standby) == QLatin1String("caught_up");
    }
    bool isClear() const
    {
        for (const QJsonValue &f : list("findings")) {
            if (f[QStringLiteral("severity")].toString() != QLatin1String("notice"))
                return false;
        }
        return answer.code == 0;
    }
    QByteArray dump() const { return answer.out + answer.err; }

private:
    QJsonValue find(const char *list_, const char *key, const QString &value) const
    {
        for (const QJsonValue &item : list(list_)) {
            if (item[QLatin1String(key)].toString() == value)
                return item;
        }
        return {};
    }
};

} // namespace

/// The program's one look at clusters of several shapes, and during faults: no second chance, no hysteresis.
class TestTopologyFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void starOfFour();
    void threeLevelsFromOneNode();
    void postgres18();
    void stalledLink_data();
    void stalledLink();
    void replayPaused();
    void hungNode();
    void droppedSlot();
    void killedStandbyAndPrimary();
    void withoutPgMonitor();
    void splitBrain(); // Last: what it makes does not go away again.

private:
    Seen look(const QList<const TestServer *> &servers,
              const QString &user = QStringLiteral("understudy")) const;
    Seen look() const { return look({m_primary.get(), m_one.get(), m_two.get()}); }
    bool write() const;
    void verifyWell() const;

    Program m_program;
    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_primary, m_one, m_two;
};

#define LOOK(condition) QVERIFY2(condition, seen.dump().constData())

Seen TestTopologyFaults::look(const QList<const TestServer *> &servers, const QString &user) const
{
    QStringList hosts;
    for (const TestServer *server : servers)
        hosts << QStringLiteral("127.0.0.1:%1").arg(server->port());
    const QString passfile = QString::fromLatin1(QUrl::toPercentEncoding(servers.first()->passfile()));
    const QString uri =
        QStringLiteral("postgresql://%1@%2/postgres?passfile=%3").arg(user, hosts.join(u','), passfile);
    QElapsedTimer timer;
    timer.start();
    Seen seen{m_program.run({QStringLiteral("topology"), uri, QStringLiteral("--json")}, 20), 0};
    seen.tookMs = timer.elapsed();
    return seen;
}

bool TestTopologyFaults::write() const
{
    return !m_primary->psql(QStringLiteral("INSERT INTO t SELECT generate_series(1, 20000)")).isNull();
}

void TestTopologyFaults::verifyWell() const
{
    for (const TestServer *standby : {m_one.get(), m_two.get()})
        QVERIFY(standby->waitFor(QStringLiteral("SELECT pg_last_wal_replay_lsn() >= '%1'")
                                     .arg(m_primary->psql(QStringLiteral("SELECT pg_current_wal_lsn()"))),
                                 QStringLiteral("t")));
    const Seen seen = look();
    LOOK(seen.isWell(*m_one, *m_primary) && seen.isWell(*m_two, *m_primary) && seen.isClear());
}

void TestTopologyFaults::initTestCase()
{
    m_primary = TestServer::primary(m_folder, QStringLiteral("primary"));
    QVERIFY(m_primary);
    m_one = m_primary->standby(QStringLiteral("one"), QStringLiteral("one_slot"));
    m_two = m_primary->standby(QStringLiteral("two"), QStringLiteral("two_slot"));
    QVERIFY(m_one && m_two);
    QVERIFY(!m_primary->psql(QStringLiteral("CREATE TABLE t (n int)")).isNull());
    verifyWell();
}

void TestTopologyFaults::starOfFour()
{
    const auto three = m_primary->standby(QStringLiteral("three"), QStringLiteral("three_slot"));
    const auto four = m_primary->standby(QStringLiteral("four"), QStringLiteral("four_slot"));
    QVERIFY(three && four);
    QVERIFY(m_primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"),
        QStringLiteral("4")));
    const Seen seen = look({m_primary.get(), m_one.get(), m_two.get(), three.get(), four.get()});
    LOOK(seen.list("links").size() == 4 && seen.list("nodes").size() == 5 && seen.isClear());
    for (const TestServer *standby : {m_one.get(), m_two.get(), three.get(), four.get()}) {
        LOOK(seen.isWell(*standby, *m_primary));
        QCOMPARE(seen.linkTo(*standby)[QStringLiteral("application_name")].toString(),
                 QStringLiteral("walreceiver"));
    }
    QVERIFY(three->stop() && four->stop());
    QVERIFY(!m_primary
                 ->psql(QStringLiteral("SELECT pg_drop_replication_slot('three_slot'), "
                                       "pg_drop_replication_slot('four_slot')"))
                 .isNull());
}

void TestTopologyFaults::threeLevelsFromOneNode()
{
    ServerFolder folder;
    const auto primary = TestServer::primary(folder, QStringLiteral("primary"));
    QVERIFY(primary);
    const auto one = primary->standby(QStringLiteral("level1"), QStringLiteral("s"));
    QVERIFY(one);
    const auto two = one->standby(QStringLiteral("level2"), QStringLiteral("s"));
    QVERIFY(two);
    const auto three = two->standby(QStringLiteral("level3"), QStringLiteral("s"));
    QVERIFY(three && two->waitFor(QStringLiteral("SELECT state FROM pg_stat_replication"),
                                  QStringLiteral("streaming")));
    // The lowest is named; the others are found from it.
    const Seen seen = look({three.get()});
    LOOK(seen.list("nodes").size() == 4 && seen.list("links").size() == 3 && seen.isClear());
    LOOK(seen.isWell(*one, *primary) && seen.isWell(*two, *one) && seen.isWell(*three, *two));
}

void TestTopologyFaults::postgres18()
{
    ServerFolder folder;
    const QString programs = TestServer::programsOf(18, folder);
    if (programs.isEmpty()) {
        qWarning("SKIPPED: PostgreSQL 18 is not here (tests/support/old-servers.sh, needs npm).");
        QSKIP("PostgreSQL 18 is not here");
    }
    const auto primary = TestServer::primary(folder, QStringLiteral("primary"), {}, programs);
    QVERIFY(primary);
    const auto standby = primary->copiedStandby(QStringLiteral("standby"), QStringLiteral("s"));
    QVERIFY(standby && primary->waitFor(QStringLiteral("SELECT state FROM pg_stat_replication"),
                                        QStringLiteral("streaming")));
    const Seen seen = look({primary.get(), standby.get()});
    LOOK(seen.isWell(*standby, *primary) && seen.isClear());
    QVERIFY(seen.node(*primary)[QStringLiteral("version_num")].toInt() >= 180000);
}

void TestTopologyFaults::stalledLink_data()
{
    QTest::addColumn<bool>("atPrimary");
    QTest::newRow("frozen walsender") << true;
    QTest::newRow("frozen walreceiver") << false;
}

void TestTopologyFaults::stalledLink()
{
    QFETCH(bool, atPrimary);
    const int pid =
        (atPrimary ? m_primary->psql(QStringLiteral(
                         "SELECT active_pid FROM pg_replication_slots WHERE slot_name = 'two_slot'"))
                   : m_two->psql(QStringLiteral("SELECT pid FROM pg_stat_wal_receiver")))
            .toInt();
    QVERIFY(pid > 0 && ::kill(pid, SIGSTOP) == 0);
    QVERIFY(write());
    const Seen seen = look();
    QVERIFY(::kill(pid, SIGCONT) == 0);
    LOOK(seen.lag(*m_two) == QLatin1String("link_stalled") && seen.has("link_stalled"));
    LOOK(seen.linkTo(*m_two)[QStringLiteral("lag_bytes")].toInt() > 100000);
    LOOK(seen.lag(*m_one) == QLatin1String("caught_up"));
    verifyWell();
}

void TestTopologyFaults::replayPaused()
{
    QVERIFY(!m_one->psql(QStringLiteral("SELECT pg_wal_replay_pause()")).isNull());
    QVERIFY(write());
    const Seen seen = look();
    QVERIFY(!m_one->psql(QStringLiteral("SELECT pg_wal_replay_resume()")).isNull());
    LOOK(seen.lag(*m_one) == QLatin1String("replay_paused") && seen.has("replay_paused"));
    LOOK(seen.node(*m_one)[QStringLiteral("replay_paused")].toBool());
    LOOK(seen.linkTo(*m_one)[QStringLiteral("stages")][QStringLiteral("flushed")].toInt(-1) == 0);
    verifyWell();
}

void TestTopologyFaults::hungNode()
{
    m_two->freeze();
    const Seen seen = look();
    m_two->thaw();
    LOOK(seen.state(*m_two) == QLatin1String("not_responding") && seen.has("node_not_responding"));
    LOOK(seen.isWell(*m_one, *m_primary));
    QVERIFY2(seen.tookMs < 10000, qPrintable(QString::number(seen.tookMs)));
    verifyWell();
}

void TestTopologyFaults::droppedSlot()
{
    QString dropped;
    for (int attempt = 0; attempt < 20 && dropped.isNull(); ++attempt)
        dropped = m_primary->psql(QStringLiteral(
            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'two_slot';"
            "SELECT pg_sleep(0.05); SELECT pg_drop_replication_slot('two_slot')"));
    QVERIFY(!dropped.isNull());
    const Seen seen = look();
    QVERIFY(
        !m_primary->psql(QStringLiteral("SELECT pg_create_physical_replication_slot('two_slot')")).isNull());
    LOOK(seen.lag(*m_two) == QLatin1String("no_receiver") && seen.has("standby_disconnected"));
    LOOK(seen.dump().contains("slot two_slot does not exist"));
    QVERIFY(m_primary->waitFor(
        QStringLiteral("SELECT active FROM pg_replication_slots WHERE slot_name = 'two_slot'"),
        QStringLiteral("t")));
    verifyWell();
}

void TestTopologyFaults::killedStandbyAndPrimary()
{
    m_two->kill9();
    QVERIFY(
        m_primary->waitFor(QStringLiteral("SELECT count(*) FROM pg_stat_replication"), QStringLiteral("1")));
    Seen seen = look();
    // Who was never seen alive has no role: that nobody reads its slot is what can be known.
    LOOK(seen.state(*m_two) == QLatin1String("down") && seen.has("node_down") && seen.has("slot_inactive"));
    LOOK(seen.node(*m_two)[QStringLiteral("role")].toString() == QLatin1String("unknown"));
    LOOK(seen.isWell(*m_one, *m_primary));
    QVERIFY(m_two->start());
    m_primary->kill9();
    QVERIFY(m_one->waitFor(QStringLiteral("SELECT count(*) FROM pg_stat_wal_receiver"), QStringLiteral("0")));
    seen = look();
    LOOK(seen.state(*m_primary) == QLatin1String("down") && seen.has("node_down"));
    LOOK(seen.lag(*m_one) == QLatin1String("no_receiver") && seen.state(*m_one) == QLatin1String("up"));
    QVERIFY(m_primary->start());
    QVERIFY(m_primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"),
        QStringLiteral("2")));
    verifyWell();
}

void TestTopologyFaults::withoutPgMonitor()
{
    const Seen seen = look({m_primary.get(), m_one.get(), m_two.get()}, QStringLiteral("plain"));
    LOOK(seen.state(*m_primary) == QLatin1String("no_permission") && seen.has("no_permission"));
    LOOK(!seen.has("standby_disconnected") && !seen.has("link_stalled"));
    for (const QJsonValue &link : seen.list("links")) {
        LOOK(link[QStringLiteral("lag_state")].toString() == QLatin1String("unknown"));
        LOOK(link[QStringLiteral("lag_bytes")].isNull()); // Unknown is null, never 0.
    }
}

void TestTopologyFaults::splitBrain()
{
    QVERIFY(m_one->psql(QStringLiteral("SELECT pg_promote(true, 30)")) == QLatin1String("t"));
    const Seen seen = look();
    LOOK(seen.has("split_brain") && seen.clusters().size() == 1);
    QCOMPARE(seen.node(*m_one)[QStringLiteral("role")].toString(), QStringLiteral("primary"));
    QCOMPARE(seen.node(*m_one)[QStringLiteral("timeline")].toInt(), 2);
    LOOK(seen.isWell(*m_two, *m_primary));
}

QTEST_GUILESS_MAIN(TestTopologyFaults)
#include "tst_topology_faults.moc"
