// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "monitor/ClusterMonitor.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QStandardPaths>
#include <QTest>
#include <unistd.h>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

/// A real PgBouncer in front of a real server: said to be one, whatever it lets through.
class TestPooler : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { stopPooler(); }
    void isCalledAPooler_data();
    void isCalledAPooler();
    void theServerBehindItIsWatched();

private:
    void stopPooler();
    bool startPooler(const QString &mode, const QString &ignored);
    NodeSnapshot look(int port, const QString &database, Topology *topology = nullptr) const;

    QString m_program;
    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_server;
    QProcess m_pooler;
    int m_port = 0;
};

void TestPooler::initTestCase()
{
    m_program = QStandardPaths::findExecutable(
        QStringLiteral("pgbouncer"),
        {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/bin"), QStringLiteral("/usr/local/bin")});
    if (m_program.isEmpty())
        QSKIP("SKIPPED: PgBouncer is not installed (package pgbouncer); nothing was tested with one.");
    m_server = TestServer::primary(m_folder, QStringLiteral("primary"));
    QVERIFY(m_server);
}

void TestPooler::stopPooler()
{
    if (m_pooler.state() == QProcess::NotRunning)
        return;
    m_pooler.kill();
    m_pooler.waitForFinished(5000);
}

bool TestPooler::startPooler(const QString &mode, const QString &ignored)
{
    stopPooler();
    m_port = TestServer::freePort();
    const QString path = m_folder.filePath(QStringLiteral("pgbouncer.ini"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return false;
    file.write(QStringLiteral("[databases]\n* = host=%1 port=%2\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
                              "listen_port = %3\nunix_socket_dir =\nauth_type = trust\nauth_file = %4\n"
                              "admin_users = understudy\npool_mode = %5\nignore_startup_parameters = %6\n")
                   .arg(m_server->socketDir())
                   .arg(m_server->port())
                   .arg(m_port)
                   .arg(m_folder.filePath(QStringLiteral("users")), mode, ignored)
                   .toUtf8());
    file.close();
    QFile users(m_folder.filePath(QStringLiteral("users")));
    if (!users.open(QIODevice::WriteOnly) || users.write("\"understudy\" \"\"\n") < 0)
        return false;
    users.close();
    QStringList argv{QStringLiteral("setpriv"), QStringLiteral("--pdeathsig=KILL")};
    if (geteuid() == 0)
        argv += {QStringLiteral("--reuid=postgres"), QStringLiteral("--regid=postgres"),
                 QStringLiteral("--clear-groups")};
    argv += {m_program, path};
    m_pooler.setProcessChannelMode(QProcess::MergedChannels);
    m_pooler.start(argv.first(), argv.mid(1));
    QByteArray said;
    const QDeadlineTimer deadline(10000);
    while (!said.contains("listening on 127.0.0.1") && !deadline.hasExpired() &&
           m_pooler.state() != QProcess::NotRunning) {
        m_pooler.waitForReadyRead(100);
        said += m_pooler.readAll();
    }
    if (!said.contains("listening on 127.0.0.1"))
        qWarning("pgbouncer: %s", said.constData());
    return said.contains("listening on 127.0.0.1");
}

NodeSnapshot TestPooler::look(int port, const QString &database, Topology *topology) const
{
    WatchedNode node;
    node.endpoint.port = port;
    node.endpoint.user = QStringLiteral("understudy");
    node.endpoint.database = database;
    node.endpoint.options.insert(QStringLiteral("passfile"), m_folder.passfile());
    node.id = node.endpoint.address();
    QList<NodeSnapshot> snapshots;
    const Topology seen = lookOnce({node}, std::make_shared<LibpqSecrets>(), {}, 2, 50, &snapshots);
    if (topology)
        *topology = seen;
    return snapshots.value(0);
}

void TestPooler::isCalledAPooler_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<QString>("ignored");
    QTest::addColumn<QString>("database");
    const QString none = QStringLiteral("extra_float_digits");
    // As it must be set up for drivers that send options: then the login goes through.
    const QString all = QStringLiteral("extra_float_digits, options, default_transaction_read_only, "
                                       "statement_timeout, lock_timeout");
    const QString postgres = QStringLiteral("postgres");
    QTest::newRow("session, as installed") << QStringLiteral("session") << none << postgres;
    QTest::newRow("transaction, as installed") << QStringLiteral("transaction") << none << postgres;
    QTest::newRow("session, lets through") << QStringLiteral("session") << all << postgres;
    QTest::newRow("transaction, lets through") << QStringLiteral("transaction") << all << postgres;
    QTest::newRow("statement, lets through") << QStringLiteral("statement") << all << postgres;
    QTest::newRow("its own console") << QStringLiteral("session") << all << QStringLiteral("pgbouncer");
}

void TestPooler::isCalledAPooler()
{
    QFETCH(QString, mode);
    QFETCH(QString, ignored);
    QFETCH(QString, database);
    QVERIFY(startPooler(mode, ignored));
    Topology topology;
    const NodeSnapshot seen = look(m_port, database, &topology);
    QVERIFY2(seen.answer == Answer::NotPostgres, qPrintable(seen.error));
    QVERIFY2(seen.error.contains(
                 QStringLiteral("a connection pooler such as PgBouncer answers at 127.0.0.1:%1").arg(m_port)),
             qPrintable(seen.error));
    // Never a role, a version or a link made of what came through it.
    QCOMPARE(topology.clusters.size(), 1);
    QCOMPARE(topology.clusters.constFirst().nodes.size(), 1);
    const Node &node = topology.clusters.constFirst().nodes.constFirst();
    QCOMPARE(node.role, Role::Unknown);
    QCOMPARE(node.state, NodeState::Unknown);
    QCOMPARE(node.versionNum, 0);
    QVERIFY(topology.clusters.constFirst().links.isEmpty());
    QVERIFY(topology.clusters.constFirst().systemIdentifier.isEmpty());
}

void TestPooler::theServerBehindItIsWatched()
{
    QVERIFY(startPooler(QStringLiteral("session"), QStringLiteral("extra_float_digits")));
    const NodeSnapshot direct = look(m_server->port(), QStringLiteral("postgres"));
    QVERIFY2(direct.answered(), qPrintable(direct.error));
}

QTEST_GUILESS_MAIN(TestPooler)
#include "tst_pooler.moc"
