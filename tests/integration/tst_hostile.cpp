// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "model/Quote.h"
#include "monitor/ClusterMonitor.h"

#include <QJsonDocument>
#include <QTest>
#include <algorithm>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

namespace {

/// Everything that a terminal, a browser, JSON or SQL could take for more than text.
const QString hostile = QStringLiteral("<b onload=x>\"'\\;\n\x1b[31m\u202egnp\u2066\u0645");

bool isInert(const QString &text)
{
    return std::none_of(text.begin(), text.end(), [](QChar c) {
        return c.category() == QChar::Other_Control || c == QChar(0x202e) || c == QChar(0x2066);
    });
}

} // namespace

/// What a real server can be made to say, and what becomes of it.
class TestHostile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void namesOfADatabaseAndARole();
    void aSqlAsciiDatabase();
    void namesOfWalsenders();

private:
    NodeSnapshot look(const QString &user, const QString &database, Topology *topology = nullptr) const;

    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_server;
};

void TestHostile::initTestCase()
{
    m_server = TestServer::primary(m_folder, QStringLiteral("primary"),
                                   {QStringLiteral("cluster_name = '<img src=x>\"''\\n\u202eöx'")});
    QVERIFY(m_server);
    const QString role = quote::sqlIdentifier(hostile);
    QVERIFY(
        !m_server->psql(QStringLiteral("CREATE ROLE %1 LOGIN; GRANT pg_monitor TO %1").arg(role)).isNull());
    QVERIFY(!m_server->psql(QStringLiteral("CREATE DATABASE %1").arg(role)).isNull());
    QVERIFY(!m_server
                 ->psql(QStringLiteral("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' "
                                       "LC_COLLATE 'C' LC_CTYPE 'C'"))
                 .isNull());
    QVERIFY(!m_server->psql(QStringLiteral("CREATE ROLE %1").arg(QStringLiteral("\"grüße\""))).isNull());
}

NodeSnapshot TestHostile::look(const QString &user, const QString &database, Topology *topology) const
{
    WatchedNode node;
    node.endpoint.host = m_server->socketDir();
    node.endpoint.port = m_server->port();
    node.endpoint.user = user;
    node.endpoint.database = database;
    node.id = node.endpoint.address();
    QList<NodeSnapshot> snapshots;
    const Topology seen = lookOnce({node}, std::make_shared<LibpqSecrets>(), {}, 1, 0, &snapshots);
    const QJsonDocument json = QJsonDocument::fromJson(QJsonDocument(toJson(seen)).toJson());
    if (json.object().value(QStringLiteral("format")).toInt() != 1)
        QTest::qFail("not JSON", __FILE__, __LINE__);
    if (topology)
        *topology = seen;
    return snapshots.value(0);
}

void TestHostile::namesOfADatabaseAndARole()
{
    // A ';' cannot be passed on in an option, but these two are no options.
    Topology topology;
    const NodeSnapshot seen = look(hostile, hostile, &topology);
    QVERIFY2(seen.answered(), qPrintable(seen.error));
    QVERIFY(seen.canMonitor);
    const Node &node = topology.clusters.constFirst().nodes.constFirst();
    QVERIFY2(isInert(node.name), qPrintable(node.name));
    QVERIFY2(node.name.contains(QStringLiteral("<img src=x>")), qPrintable(node.name)); // text, not taken out

    const NodeSnapshot refused = look(QStringLiteral("no ") + hostile, hostile);
    QCOMPARE(refused.answer, Answer::LoginFailed);
    QVERIFY2(isInert(refused.error), qPrintable(refused.error));
    QVERIFY2(refused.error.contains(QStringLiteral("<b onload=x>")), qPrintable(refused.error));
}

void TestHostile::aSqlAsciiDatabase()
{
    const NodeSnapshot seen = look(QStringLiteral("understudy"), QStringLiteral("ascii"));
    QVERIFY2(seen.answered(), qPrintable(seen.error));
    QVERIFY(!seen.systemIdentifier.isEmpty());
    // Bytes that are no UTF-8 at all, in an error of the server's.
    const NodeSnapshot missing = look(QStringLiteral("understudy"), QString(QChar(0xdc80)) + hostile);
    QCOMPARE(missing.answer, Answer::LoginFailed);
    QVERIFY(isInert(missing.error));
}

void TestHostile::namesOfWalsenders()
{
    // As long and as bad as a client can make it; the server keeps 63 bytes of ASCII of it.
    QProcess receiver;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PGAPPNAME"), hostile + QString(9000, QLatin1Char('x')));
    environment.insert(QStringLiteral("PGPASSFILE"), m_folder.passfile());
    receiver.setProcessEnvironment(environment);
    receiver.start(TestServer::binDir() + QStringLiteral("/pg_receivewal"),
                   {QStringLiteral("-h"), QStringLiteral("127.0.0.1"), QStringLiteral("-p"),
                    QString::number(m_server->port()), QStringLiteral("-U"), QStringLiteral("replicator"),
                    QStringLiteral("-D"), m_folder.filePath(QString()), QStringLiteral("--no-loop")});
    QVERIFY(
        m_server->waitFor(QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state='streaming'"),
                          QStringLiteral("1")));
    const NodeSnapshot seen = look(QStringLiteral("understudy"), QStringLiteral("postgres"));
    receiver.kill();
    receiver.waitForFinished(5000);
    QVERIFY2(seen.answered(), qPrintable(seen.error));
    QCOMPARE(seen.senders.size(), 1);
    const QString name = seen.senders.constFirst().applicationName;
    QVERIFY(name.startsWith(QStringLiteral("<b onload=x>\"'\\;")));
    QVERIFY2(isInert(name) && name.toUtf8().size() <= 63, qPrintable(name));
}

QTEST_GUILESS_MAIN(TestHostile)
#include "tst_hostile.moc"
