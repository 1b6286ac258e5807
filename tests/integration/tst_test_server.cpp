// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"

#include <QFile>
#include <QSet>
#include <QTest>

using understudy::test::ServerFolder;
using understudy::test::TestServer;

/// The servers that the other integration tests stand on: if this fails, look here first.
class TestTestServer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void portsAreOursAlone();
    void primaryAndStandby();
};

void TestTestServer::portsAreOursAlone()
{
    QFile range(QStringLiteral("/proc/sys/net/ipv4/ip_local_port_range"));
    QVERIFY(range.open(QIODevice::ReadOnly));
    const int firstOfConnections = range.readAll().simplified().split(' ').first().toInt();
    QSet<int> seen;
    for (int i = 0; i < 100; ++i) {
        const int port = TestServer::freePort();
        QVERIFY(port > 1024 && port < firstOfConnections);
        QVERIFY(!seen.contains(port));
        seen.insert(port);
    }
    // What another test sees: a name that is taken.
    const QByteArray names = [] {
        QFile file(QStringLiteral("/proc/net/unix"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }();
    for (const int port : std::as_const(seen))
        QVERIFY(names.contains("@understudy-test-port-" + QByteArray::number(port)));
}

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
