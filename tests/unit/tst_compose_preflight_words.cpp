// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/ComposeParity.h"
#include "operations/preflight/Preflight.h"

#include "operations/preflight/ComposeProbe.h"

#include <QTest>

using namespace understudy;

/// What pre-flight makes of a Compose project without asking anybody: which rows there are, what a container
/// printed, which settings would be too low.
class TestComposePreflightWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rowsOfAComposeProject();
    void whatTheContainerPrinted();
    void whatItDidNotPrint_data();
    void whatItDidNotPrint();
    void secretsAreHidden();
    void lowerSettings_data();
    void lowerSettings();
};

void TestComposePreflightWords::rowsOfAComposeProject()
{
    AddStandbyRequest request;
    request.on = QStringLiteral("compose");
    request.port = 5434;
    AddStandbyFacts facts;
    facts.compose = ComposeTarget{};
    facts.compose->projectName = QStringLiteral("shop");
    QStringList ids;
    const auto checks = preflightChecks(request, facts);
    for (const CheckResult &check : checks) {
        ids << check.id;
        QVERIFY2(!check.title.isEmpty() && check.manual.startsWith(QLatin1String("https://")),
                 qPrintable(check.id));
        if (check.group == CheckGroup::Target)
            QCOMPARE(check.groupWords(), QStringLiteral("Target: Compose project shop"));
    }
    QCOMPARE(QSet<QString>(ids.begin(), ids.end()).size(), ids.size());
    for (const char *id :
         {"upstream_answers", "replication_login", "engine", "compose_file", "image", "compose_names", "port",
          "network", "data_volume", "disk", "settings_parity", "names", "sync"})
        QVERIFY2(ids.contains(QLatin1String(id)), id);
    // What only a machine has.
    for (const char *id : {"programs", "same_version", "os_user", "data_directory"})
        QVERIFY2(!ids.contains(QLatin1String(id)), id);
}

void TestComposePreflightWords::whatTheContainerPrinted()
{
    const ContainerAnswer answer = parseContainerAnswer(QStringLiteral(
        "server=postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n"
        "copier=pg_basebackup (PostgreSQL) 15.20\nuid=999\nfree=1000 4096\nswitch=yes\nexit=2\n"
        "login=psql: error: connection to server at \"postgres-primary\" (10.0.0.2), port 5432 "
        "failed: FATAL:  password authentication failed for user \"replicator\"\nexit=0\n"));
    QCOMPARE(answer.server, QStringLiteral("15.20"));
    QCOMPARE(answer.copier, QStringLiteral("15.20"));
    QCOMPARE(answer.uid, QStringLiteral("999"));
    QCOMPARE(answer.freeBytes, qint64(4096000));
    QVERIFY(answer.canSwitch);
    // What psql says is the rest, whatever it looks like.
    QCOMPARE(answer.loginExit, 2);
    QVERIFY(answer.login.endsWith(QLatin1String("\"replicator\"\nexit=0")));
}

void TestComposePreflightWords::whatItDidNotPrint_data()
{
    QTest::addColumn<QString>("output");
    QTest::newRow("nothing") << QString();
    QTest::newRow("no programs") << QStringLiteral("server=\ncopier=\nuid=\nfree=\nexit=127\nlogin=");
    QTest::newRow("another shell's words") << QStringLiteral("sh: stat: not found\n====\nfree=a b\nfree=1\n");
    QTest::newRow("too much") << QStringLiteral("free=99999999999999999999 4096\nserver=") +
                                     QString(5000, u'x');
}

void TestComposePreflightWords::whatItDidNotPrint()
{
    QFETCH(QString, output);
    const ContainerAnswer answer = parseContainerAnswer(output);
    QVERIFY(answer.server.isEmpty() && answer.copier.isEmpty() && answer.uid.isEmpty());
    QVERIFY(!answer.freeBytes && !answer.canSwitch && answer.loginExit != 0);
}

void TestComposePreflightWords::secretsAreHidden()
{
    QCOMPARE(
        withoutSecrets(QStringLiteral("PGPASSWORD=pa$s 1"), {QStringLiteral("pa$s"), QStringLiteral("1")}),
        QStringLiteral("PGPASSWORD=(hidden) 1"));
}

void TestComposePreflightWords::lowerSettings_data()
{
    QTest::addColumn<ServerSetting>("primary");
    QTest::addColumn<ServerSetting>("upstream");
    QTest::addColumn<ServerSetting>("model");
    QTest::addColumn<QList<LowerSetting>>("lower");
    const auto from = [](int value, const char *source) {
        return ServerSetting{QString::number(value), QLatin1String(source), {}};
    };
    const QString name = QStringLiteral("max_connections");
    const auto lower = [&](int standby, int primary) {
        return QList<LowerSetting>{{name, standby, primary}};
    };
    const QList<LowerSetting> none;
    QTest::newRow("all default") << from(100, "default") << from(100, "default") << from(100, "default")
                                 << none;
    QTest::newRow("only the primary's command")
        << from(200, "command line") << from(200, "command line") << from(100, "default") << lower(100, 200);
    QTest::newRow("the model's command too")
        << from(200, "command line") << from(200, "command line") << from(300, "command line") << none;
    QTest::newRow("the model's command is lower")
        << from(200, "configuration file") << from(200, "configuration file") << from(50, "command line")
        << lower(50, 200);
    QTest::newRow("the copied file has it")
        << from(200, "configuration file") << from(200, "configuration file") << from(100, "default") << none;
    // The model was told in its own data, which nobody copies.
    QTest::newRow("the model's file does not help") << from(200, "command line") << from(200, "command line")
                                                    << from(200, "configuration file") << lower(100, 200);
    QTest::newRow("a cascade copies its upstream's file")
        << from(200, "command line") << from(250, "configuration file") << from(250, "configuration file")
        << none;
}

void TestComposePreflightWords::lowerSettings()
{
    QFETCH(ServerSetting, primary);
    QFETCH(ServerSetting, upstream);
    QFETCH(ServerSetting, model);
    QFETCH(QList<LowerSetting>, lower);
    const QString name = QStringLiteral("max_connections");
    const auto found = understudy::lowerSettings({{name, primary}}, {{name, upstream}}, {{name, model}},
                                                 {{name, 100}}, {name, QStringLiteral("max_wal_senders")});
    QVERIFY(found == lower);
}

QTEST_GUILESS_MAIN(TestComposePreflightWords)
#include "tst_compose_preflight_words.moc"
