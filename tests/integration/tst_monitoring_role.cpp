// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "model/MonitoringRole.h"
#include "monitor/ClusterMonitor.h"
#include "monitor/SqlSession.h"

#include <QTest>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

/// The script, run on a real server: the role can do what it is for, and nothing more.
class TestMonitoringRole : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void watchesAllThatThereIsToSee();
    void watchesOnly();
    void addsStandbys();
    void comparesCounts();
    void everyVersion_data();
    void everyVersion();
    void whatCannotBe();

private:
    /// Makes the role as the script says, with a password in psql's stead.
    bool make(const MonitoringRole &role);
    /// Runs @p sql as the role; empty when it went well, else the server's words.
    QString tried(const MonitoringRole &role, const QString &sql) const;
    Endpoint endpoint(const MonitoringRole &role) const;

    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_server, m_standby;
    int m_version = 0;
};

void TestMonitoringRole::initTestCase()
{
    m_server = TestServer::primary(m_folder, QStringLiteral("primary"));
    QVERIFY(m_server);
    m_standby = m_server->standby(QStringLiteral("standby"), QStringLiteral("standby_slot"));
    QVERIFY(m_standby);
    m_version = m_server->psql(QStringLiteral("SHOW server_version_num")).toInt();
    QVERIFY(
        !m_server->psql(QStringLiteral("CREATE TABLE app AS SELECT generate_series(1, 10) AS i")).isNull());
}

bool TestMonitoringRole::make(const MonitoringRole &role)
{
    const auto script = monitoringRoleScript(role);
    if (!script)
        return false;
    const QString path = m_folder.filePath(QStringLiteral("script.sql"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return false;
    for (const QString &line : script->split(QLatin1Char('\n'))) {
        // \password wants a terminal.
        if (line.startsWith(QLatin1String("\\password ")))
            file.write(QStringLiteral("ALTER ROLE %1 PASSWORD 'secret-of-understudy';\n")
                           .arg(line.section(QLatin1Char(' '), 1))
                           .toUtf8());
        else
            file.write(line.toUtf8() + '\n');
    }
    file.close();
    QString said;
    const int code = TestServer::runAsServerUser(
        {TestServer::binDir() + QStringLiteral("/psql"), QStringLiteral("-X"), QStringLiteral("-h"),
         m_server->socketDir(), QStringLiteral("-p"), QString::number(m_server->port()), QStringLiteral("-U"),
         QStringLiteral("postgres"), QStringLiteral("-f"), path},
        &said);
    if (code != 0)
        qWarning("%s", qPrintable(said));
    return code == 0;
}

Endpoint TestMonitoringRole::endpoint(const MonitoringRole &role) const
{
    Endpoint e;
    e.host = m_server->socketDir();
    e.port = m_server->port();
    e.user = role.name;
    return e;
}

QString TestMonitoringRole::tried(const MonitoringRole &role, const QString &sql) const
{
    auto session = SqlSession::open(endpoint(role), LibpqSecrets(), {});
    if (!session)
        return session.error().text();
    const auto answer = (*session)->query(sql);
    return answer ? QString() : answer.error().text();
}

void TestMonitoringRole::watchesAllThatThereIsToSee()
{
    MonitoringRole role;
    role.name = QStringLiteral("watch-All.1");
    role.versionNum = m_version;
    QVERIFY(make(role));
    const auto see = [this](const QString &user) {
        WatchedNode node;
        node.endpoint.host = m_server->socketDir();
        node.endpoint.port = m_server->port();
        node.endpoint.user = user;
        node.id = node.endpoint.address();
        QList<NodeSnapshot> snapshots;
        lookOnce({node}, std::make_shared<LibpqSecrets>(), {}, 1, 0, &snapshots);
        NodeSnapshot seen = snapshots.value(0);
        return seen;
    };
    QVERIFY(m_server->waitFor(QStringLiteral("SELECT state FROM pg_stat_replication"),
                              QStringLiteral("streaming")));
    const NodeSnapshot own = see(role.name);
    const NodeSnapshot super = see(QStringLiteral("postgres"));
    QVERIFY2(own.answered() && super.answered(), qPrintable(own.error));
    QVERIFY(own.canMonitor);
    // What a superuser sees, this role sees.
    QCOMPARE(own.settings, super.settings);
    QCOMPARE(own.dataDirectory, super.dataDirectory);
    QCOMPARE(own.systemIdentifier, super.systemIdentifier);
    QCOMPARE(own.senders.size(), 1);
    QCOMPARE(own.senders.constFirst().state, super.senders.constFirst().state);
    QVERIFY(own.senders.constFirst().flushed.has_value());
    QCOMPARE(own.slots_.size(), super.slots_.size());
    QVERIFY(own.databaseBytes.has_value());
}

void TestMonitoringRole::watchesOnly()
{
    MonitoringRole role;
    role.name = QStringLiteral("watcher");
    role.versionNum = m_version;
    QVERIFY(make(role));
    const QString denied = QStringLiteral("permission denied");
    for (const auto &sql :
         {QStringLiteral("SELECT count(*) FROM app"), QStringLiteral("INSERT INTO app VALUES (1)"),
          QStringLiteral("CREATE DATABASE mine"), QStringLiteral("CREATE ROLE mine"),
          QStringLiteral("SELECT pg_reload_conf()"), QStringLiteral("SELECT pg_switch_wal()"),
          QStringLiteral("SELECT pg_read_file('PG_VERSION')"),
          QStringLiteral("SELECT rolpassword FROM pg_authid")}) {
        const QString said = tried(role, sql);
        QVERIFY2(said.contains(denied), qPrintable(sql + QStringLiteral(": ") + said));
    }
    if (m_version >= 150000)
        QVERIFY(tried(role, QStringLiteral("CREATE TABLE mine (i int)")).contains(denied));
    QVERIFY(!tried(role, QStringLiteral("SELECT pg_create_physical_replication_slot('mine')")).isEmpty());
}

void TestMonitoringRole::addsStandbys()
{
    MonitoringRole role;
    role.name = QStringLiteral("adder");
    role.versionNum = m_version;
    role.addsStandbys = true;
    QVERIFY(make(role));
    QCOMPARE(tried(role, QStringLiteral("SELECT pg_create_physical_replication_slot('mine'), "
                                        "pg_drop_replication_slot('mine')")),
             QString());
    QVERIFY(!tried(role, QStringLiteral("SELECT count(*) FROM app")).isEmpty());
}

void TestMonitoringRole::comparesCounts()
{
    MonitoringRole role;
    role.name = QStringLiteral("counter");
    role.versionNum = m_version;
    role.comparesCounts = true;
    QVERIFY(make(role));
    if (m_version >= 140000)
        QCOMPARE(tried(role, QStringLiteral("SELECT count(*) FROM app")), QString());
    QVERIFY(!tried(role, QStringLiteral("DELETE FROM app")).isEmpty());
    QVERIFY(!tried(role, QStringLiteral("SELECT pg_create_physical_replication_slot('mine')")).isEmpty());
}

void TestMonitoringRole::everyVersion_data()
{
    QTest::addColumn<int>("version");
    for (const int version : {0, 120022, 130020, 140015, 150018, 160014, 170010, 180004, 990000})
        QTest::addRow("%d", version) << version;
}

void TestMonitoringRole::everyVersion()
{
    QFETCH(int, version);
    for (int bits = 0; bits < 4; ++bits) {
        MonitoringRole role;
        role.versionNum = version;
        role.addsStandbys = bits & 1;
        role.comparesCounts = bits & 2;
        const auto script = monitoringRoleScript(role);
        QVERIFY(script);
        const auto grants = [&](const char *words) { return script->contains(QLatin1String(words)); };
        QVERIFY(grants("\nGRANT pg_monitor TO \"understudy\";\n"));
        QVERIFY(grants("\n\\password \"understudy\"\n"));
        QVERIFY(grants("scram-sha-256"));
        QVERIFY(!script->contains(QStringLiteral("SUPERUSER")));
        QVERIFY(!script->contains(QStringLiteral(" PASSWORD")));
        QCOMPARE(grants("LOGIN REPLICATION;"), role.addsStandbys);
        QCOMPARE(grants("replication  "), role.addsStandbys);
        QCOMPARE(grants("\nGRANT pg_read_all_data"),
                 role.comparesCounts && (version == 0 || version >= 140000));
        QCOMPARE(grants("--   GRANT SELECT ON ALL TABLES"),
                 role.comparesCounts && version != 0 && version < 140000);
        QCOMPARE(grants("\nSET password_encryption"), version < 140000);
    }
}

void TestMonitoringRole::whatCannotBe()
{
    MonitoringRole role;
    role.versionNum = 90624;
    QVERIFY(monitoringRoleScript(role).error().what.contains(QStringLiteral("9.6.24")));
    role.versionNum = 150000;
    for (const auto &name : {QStringLiteral(""), QStringLiteral("pg_mine"), QString(64, QLatin1Char('x')),
                             QStringLiteral("a\"b"), QStringLiteral("a\n\\! rm"), QStringLiteral("a`b`"),
                             QStringLiteral("a:b")}) {
        role.name = name;
        const auto script = monitoringRoleScript(role);
        QVERIFY(!script);
        QCOMPARE(script.error().field, QStringLiteral("name"));
    }
}

QTEST_GUILESS_MAIN(TestMonitoringRole)
#include "tst_monitoring_role.moc"
