// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "monitor/SqlFile.h"
#include "monitor/SqlSession.h"

#include <QDir>
#include <QTest>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

/// Every query of resources/sql that fits the installed PostgreSQL runs on a primary and on a standby, with
/// and without pg_monitor, in a read-only session.
class TestSqlFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void runs_data();
    void runs();
    void everyFileSaysItsVersions();
    void picksByVersion();

private:
    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_primary, m_standby;
};

void TestSqlFiles::initTestCase()
{
    m_primary = TestServer::primary(m_folder, QStringLiteral("primary"));
    QVERIFY(m_primary);
    m_standby = m_primary->standby(QStringLiteral("standby"), QStringLiteral("s"));
    QVERIFY(m_standby);
    QVERIFY(m_primary->waitFor(QStringLiteral("SELECT state FROM pg_stat_replication"),
                               QStringLiteral("streaming")));
}

void TestSqlFiles::runs_data()
{
    QTest::addColumn<bool>("onStandby");
    QTest::addColumn<QString>("user");
    for (const char *user : {"understudy", "plain"}) {
        QTest::addRow("primary as %s", user) << false << QString::fromLatin1(user);
        QTest::addRow("standby as %s", user) << true << QString::fromLatin1(user);
    }
}

void TestSqlFiles::runs()
{
    QFETCH(bool, onStandby);
    QFETCH(QString, user);
    Endpoint e;
    e.port = (onStandby ? m_standby : m_primary)->port();
    e.user = user;
    e.options.insert(QStringLiteral("passfile"), m_primary->passfile());
    auto session = SqlSession::open(e, LibpqSecrets(), {.readOnly = true});
    QVERIFY2(session, session ? "" : qPrintable(session.error().text()));
    const auto version = (*session)->query(sqlFile(QStringLiteral("identity")));
    QVERIFY2(version, version ? "" : qPrintable(version.error().text()));
    QCOMPARE(version->rows.first()[2].toBool(), user == QLatin1String("understudy"));
    const QString look = lookFileFor(version->first().toInt());
    const QString vitals = vitalsFileFor(version->first().toInt());
    for (const QString &name : {look, vitals, QStringLiteral("settings"), QStringLiteral("sizes")}) {
        const auto rows = (*session)->query(sqlFile(name));
        QVERIFY2(rows, qPrintable(name + (rows ? QString() : rows.error().text())));
        QVERIFY2(!rows->rows.isEmpty(), qPrintable(name));
        if (name == look) {
            QCOMPARE(rows->rows.size(), 1);
            QCOMPARE(rows->first().toBool(), onStandby);
            QCOMPARE(rows->columns.size(), 13);
        }
    }
}

void TestSqlFiles::everyFileSaysItsVersions()
{
    const QDir dir(QStringLiteral(":/sql"));
    QVERIFY(dir.entryList().size() >= 9);
    for (const QString &name : dir.entryList()) {
        QFile file(dir.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY2(text.startsWith("-- ") && text.contains("-- Versions: ") && text.contains("-- Rights: "),
                 qPrintable(name));
    }
}

void TestSqlFiles::picksByVersion()
{
    QCOMPARE(lookFileFor(120022), QStringLiteral("look_12"));
    QCOMPARE(lookFileFor(130000), QStringLiteral("look_13"));
    QCOMPARE(lookFileFor(159999), QStringLiteral("look_13"));
    QCOMPARE(lookFileFor(160000), QStringLiteral("look_16"));
    QCOMPARE(vitalsFileFor(120022), QStringLiteral("vitals_12"));
    QCOMPARE(vitalsFileFor(250000), QStringLiteral("vitals_16"));
    QCOMPARE(lookFileFor(170000), QStringLiteral("look_17"));
    QCOMPARE(lookFileFor(250000), QStringLiteral("look_17"));
}

QTEST_GUILESS_MAIN(TestSqlFiles)
#include "tst_sql_files.moc"
