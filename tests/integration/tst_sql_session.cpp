// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "monitor/SqlSession.h"

#include <QElapsedTimer>
#include <QTest>
#include <thread>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

/// Sessions for plans: what the server says comes back in its own words, and a frozen server holds nobody.
class TestSqlSession : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void rowsAndBinds();
    void errorsInTheServersWords();
    void wrongPassword();
    void refused();
    void deadlineOfAQuery();
    void stopEndsAQuery();
    void frozenServer();

private:
    Endpoint endpoint(const QString &user = QStringLiteral("understudy")) const;
    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_server;
    LibpqSecrets m_secrets;
};

Endpoint TestSqlSession::endpoint(const QString &user) const
{
    Endpoint e;
    e.port = m_server->port();
    e.user = user;
    e.options.insert(QStringLiteral("passfile"), m_server->passfile());
    return e;
}

void TestSqlSession::initTestCase()
{
    m_server = TestServer::primary(m_folder, QStringLiteral("primary"));
    QVERIFY(m_server);
}

void TestSqlSession::rowsAndBinds()
{
    auto session = SqlSession::open(endpoint(), m_secrets, {});
    QVERIFY2(session, session ? "" : qPrintable(session.error().text()));
    const auto rows =
        (*session)->query(QStringLiteral("SELECT ?::int AS a, ?::text AS b UNION ALL SELECT 2, NULL"),
                          {1, QStringLiteral("it's \\ a \"quote\"")});
    QVERIFY2(rows, rows ? "" : qPrintable(rows.error().text()));
    QCOMPARE(rows->columns, QStringList({QStringLiteral("a"), QStringLiteral("b")}));
    QCOMPARE(rows->rows.size(), 2);
    QCOMPARE(rows->first().toInt(), 1);
    QCOMPARE(rows->rows[0][1].toString(), QStringLiteral("it's \\ a \"quote\""));
    QVERIFY(rows->rows[1][1].isNull());
    QCOMPARE((*session)->query(QStringLiteral("SHOW application_name"))->first().toString(),
             QStringLiteral("understudy"));
}

void TestSqlSession::errorsInTheServersWords()
{
    auto session = SqlSession::open(endpoint(), m_secrets, {});
    QVERIFY(session);
    const auto rows = (*session)->query(QStringLiteral("SELECT nothing FROM nowhere"));
    QVERIFY(!rows);
    QVERIFY2(rows.error().what.contains(QStringLiteral("relation \"nowhere\" does not exist")),
             qPrintable(rows.error().what));
    QVERIFY2(!rows.error().what.contains(QStringLiteral("QPSQL")), qPrintable(rows.error().what));
    // An error does not cost the session.
    QCOMPARE((*session)->query(QStringLiteral("SELECT 7"))->first().toInt(), 7);
}

void TestSqlSession::wrongPassword()
{
    Endpoint e = endpoint();
    e.options.insert(QStringLiteral("passfile"), QStringLiteral("/nonexistent"));
    const auto session = SqlSession::open(e, m_secrets, {});
    QVERIFY(!session);
    QVERIFY2(session.error().what.contains(QStringLiteral("no password supplied")),
             qPrintable(session.error().what));
}

void TestSqlSession::refused()
{
    Endpoint e = endpoint();
    e.port = TestServer::freePort();
    const auto session = SqlSession::open(e, m_secrets, {});
    QVERIFY(!session);
    QVERIFY2(session.error().what.endsWith(QStringLiteral("Connection refused")),
             qPrintable(session.error().what));
}

void TestSqlSession::deadlineOfAQuery()
{
    auto session = SqlSession::open(endpoint(), m_secrets, {});
    QVERIFY(session);
    QElapsedTimer timer;
    timer.start();
    const auto rows = (*session)->query(QStringLiteral("SELECT pg_sleep(30)"), {}, 300);
    QVERIFY(!rows);
    QVERIFY2(rows.error().what.contains(QStringLiteral("did not answer within 0.3 s")),
             qPrintable(rows.error().what));
    QVERIFY(timer.elapsed() < 2000);
    QVERIFY(!(*session)->query(QStringLiteral("SELECT 1")));
}

void TestSqlSession::stopEndsAQuery()
{
    auto session = SqlSession::open(endpoint(), m_secrets, {});
    QVERIFY(session);
    std::stop_source source;
    std::jthread stopper([&] {
        m_server->waitFor(
            QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(31)'"),
            QStringLiteral("1"));
        source.request_stop();
    });
    QElapsedTimer timer;
    timer.start();
    const auto rows = (*session)->query(QStringLiteral("SELECT pg_sleep(31)"), {}, 20000, source.get_token());
    QVERIFY(!rows);
    QCOMPARE(rows.error().what, QStringLiteral("Cancelled."));
    QVERIFY(timer.elapsed() < 15000);
}

void TestSqlSession::frozenServer()
{
    auto session = SqlSession::open(endpoint(), m_secrets, {});
    QVERIFY(session);
    m_server->freeze();
    QElapsedTimer timer;
    timer.start();
    const auto rows = (*session)->query(QStringLiteral("SELECT 1"), {}, 500);
    QVERIFY(!rows);
    const auto another = SqlSession::open(endpoint(), m_secrets, {.connectTimeoutMs = 700});
    QVERIFY(!another);
    session->reset();
    QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
    m_server->thaw();
    QVERIFY(SqlSession::open(endpoint(), m_secrets, {}));
}

QTEST_GUILESS_MAIN(TestSqlSession)
#include "tst_sql_session.moc"
