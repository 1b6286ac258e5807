// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"

#include <QTest>

using understudy::test::ServerFolder;
using understudy::test::TestServer;

/// The servers that the other integration tests stand on: if this fails, look here first.
class TestTestServer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void primaryAndStandby();
};

void TestTestServer::primaryAndStandby()
{
    ServerFolder folder;
    const auto primary = TestServer::primary(folder, QStringLiteral("primary"));
    QVERIFY(primary);
    const auto standby = primary->standby(QStringLiteral("standby1"), QStringLiteral("standby_slot"));
    QVERIFY(standby);
    const QString rows = QStringLiteral("SELECT application_name, state FROM pg_stat_replication");
    QVERIFY(primary->waitFor(rows, QStringLiteral("walreceiver|streaming")));
    standby->kill9();
    QVERIFY(!standby->isRunning());
    QVERIFY(primary->waitFor(rows, QString(QLatin1String(""))));
    QVERIFY(standby->start());
    QVERIFY(primary->waitFor(rows, QStringLiteral("walreceiver|streaming")));
    QVERIFY(standby->stop());
}

QTEST_GUILESS_MAIN(TestTestServer)
#include "tst_test_server.moc"
