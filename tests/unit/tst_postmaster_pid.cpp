// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/PostmasterPid.h"

#include <QtTest>
#include <unistd.h>

using namespace understudy;

class TestPostmasterPid : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsARunningServersFile()
    {
        const auto pid = PostmasterPid::parse("4242\n/var/lib/postgresql/15/main\n1763386264\n5433\n"
                                              "/run/postgresql\n127.0.0.1\n  5433001    131072\nready   \n");
        QVERIFY(pid);
        QCOMPARE(pid->pid, 4242);
        QCOMPARE(pid->dataDirectory, QStringLiteral("/var/lib/postgresql/15/main"));
        QCOMPARE(pid->startEpochS, 1763386264);
        QCOMPARE(pid->port, 5433);
        QCOMPARE(pid->socketDirectory, QStringLiteral("/run/postgresql"));
        QCOMPARE(pid->listenAddress, QStringLiteral("127.0.0.1"));
        QCOMPARE(pid->status, QStringLiteral("ready"));
    }

    void readsAServerWithoutSocketsThatHasJustBegun()
    {
        const auto pid = PostmasterPid::parse("7\n/d\n1\n5432\n\n");
        QVERIFY(pid);
        QVERIFY(pid->socketDirectory.isEmpty());
        QVERIFY(pid->status.isEmpty());
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no port yet") << QByteArray("1\n/d\n1\n");
        QTest::newRow("single-user backend") << QByteArray("-7\n/d\n1\n5432\n");
        QTest::newRow("pid 0") << QByteArray("0\n/d\n1\n5432\n");
        QTest::newRow("pid too large") << QByteArray("99999999999\n/d\n1\n5432\n");
        QTest::newRow("port 0") << QByteArray("1\n/d\n1\n0\n");
        QTest::newRow("port too large") << QByteArray("1\n/d\n1\n65536\n");
        QTest::newRow("port is a word") << QByteArray("1\n/d\n1\n5432; rm\n");
        QTest::newRow("relative directory") << QByteArray("1\n../d\n1\n5432\n");
        QTest::newRow("a NUL") << QByteArray("1\n/d\0\n1\n5432\n", 13);
        QTest::newRow("huge") << QByteArray(1 << 20, '1');
    }

    void refuses()
    {
        QFETCH(QByteArray, content);
        const auto pid = PostmasterPid::parse(content);
        QVERIFY(!pid);
        QVERIFY(!pid.error().what.isEmpty());
    }

    void aFileOfAnotherProcessIsNoProof()
    {
        // This very process is alive, but it is no server and does not work in that directory.
        QTemporaryDir directory;
        QFile file(directory.filePath(QStringLiteral("postmaster.pid")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::number(qint64(::getpid())) + '\n' + directory.path().toUtf8() +
                   "\n1\n5432\n\n\n");
        file.close();
        QVERIFY(!serverIn(directory.path()));
        QVERIFY(!serverIn(QStringLiteral("/nonexistent")));
    }
};

QTEST_GUILESS_MAIN(TestPostmasterPid)
#include "tst_postmaster_pid.moc"
