// SPDX-License-Identifier: GPL-3.0-or-later
#include "Program.h"
#include "SshServer.h"
#include "TestServer.h"

#include <QTest>

using understudy::test::ServerFolder;
using understudy::test::SshServer;
using understudy::test::TestServer;

/// What a person types, given to the real program.
class TestCliConnect : public QObject
{
    Q_OBJECT
    Program m_program;
    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_server;

    QJsonObject firstNode(const Answer &answer) const
    {
        return answer.json()[QStringLiteral("clusters")][0][QStringLiteral("nodes")][0].toObject();
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const QString &key : QProcessEnvironment::systemEnvironment().keys()) {
            if (key.startsWith(QLatin1String("PG")))
                qunsetenv(key.toLocal8Bit().constData());
        }
        QVERIFY(m_program.isValid());
        m_server = TestServer::primary(m_folder, QStringLiteral("primary"));
        QVERIFY(m_server);
    }

    void theEnvironmentIsEnough()
    {
        qputenv("PGHOST", m_server->socketDir().toLocal8Bit());
        qputenv("PGPORT", QByteArray::number(m_server->port()));
        qputenv("PGUSER", "understudy");
        const Answer answer = m_program.run(
            {QStringLiteral("topology"), QStringLiteral("postgresql:///postgres"), QStringLiteral("--json")});
        const Answer role =
            m_program.run({QStringLiteral("monitoring-role"), QStringLiteral("dbname=postgres"),
                           QStringLiteral("--for"), QStringLiteral("counts")});
        for (const char *name : {"PGHOST", "PGPORT", "PGUSER"})
            qunsetenv(name);
        QVERIFY2(answer.code == 0, answer.err.constData());
        QCOMPARE(firstNode(answer)[QStringLiteral("host")].toString(), m_server->socketDir());
        QCOMPARE(firstNode(answer)[QStringLiteral("role")].toString(), QStringLiteral("primary"));
        QVERIFY2(role.code == 0, role.err.constData());
        const QString major = m_server->psql(QStringLiteral("SHOW server_version_num"));
        QVERIFY2(role.out.contains("-- For PostgreSQL " + QByteArray::number(major.toInt() / 10000)),
                 role.out.constData());
    }

    void throughAnSshHost()
    {
        if (const QString missing = SshServer::missing(); !missing.isEmpty())
            QSKIP(qPrintable(QStringLiteral("SKIPPED: no %1: no tunnel was tested.").arg(missing)));
        SshServer ssh;
        QVERIFY(ssh.make());
        const QString conninfo = QStringLiteral("host=127.0.0.1 port=%1 user=understudy passfile=%2 ssh=")
                                     .arg(m_server->port())
                                     .arg(m_folder.passfile());
        const Answer answer = m_program.run(
            {QStringLiteral("topology"), conninfo + QStringLiteral("gateway"), QStringLiteral("--json")});
        QVERIFY2(answer.code == 0, answer.err.constData());
        QCOMPARE(firstNode(answer)[QStringLiteral("state")].toString(), QStringLiteral("up"));
        QCOMPARE(firstNode(answer)[QStringLiteral("port")].toInt(), m_server->port());
        QVERIFY(ssh.clients().isEmpty());
        const Answer stranger =
            m_program.run({QStringLiteral("topology"), conninfo + QStringLiteral("stranger")});
        QCOMPARE(stranger.code, 1);
        QVERIFY2(stranger.err.contains("run 'ssh stranger' once"), stranger.err.constData());
    }

    void aRoleForAVersion()
    {
        const Answer answer =
            m_program.run({QStringLiteral("monitoring-role"), QStringLiteral("--version"),
                           QStringLiteral("12"), QStringLiteral("--name"), QStringLiteral("eye")});
        QCOMPARE(answer.code, 0);
        QVERIFY(answer.out.contains("CREATE ROLE \"eye\" LOGIN;"));
        QCOMPARE(answer.err, QByteArray());
        for (const QStringList &words :
             {QStringList{QStringLiteral("--version"), QStringLiteral("9.6")},
              QStringList{QStringLiteral("--version"), QStringLiteral("x")},
              QStringList{QStringLiteral("--for"), QStringLiteral("all")},
              QStringList{QStringLiteral("--name"), QStringLiteral("a'b")},
              QStringList{QStringLiteral("--from"), QStringLiteral("a b")},
              QStringList{QStringLiteral("demo"), QStringLiteral("--version"), QStringLiteral("15")}}) {
            const Answer wrong = m_program.run(QStringList{QStringLiteral("monitoring-role")} + words);
            QCOMPARE(wrong.code, 2);
            QCOMPARE(wrong.err.count('\n'), 1);
        }
    }

    void whatCannotBeIsOneSentence_data()
    {
        QTest::addColumn<QString>("cluster");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("nothing") << QString() << QByteArray("No cluster is named");
        QTest::newRow("junk") << QStringLiteral("host=a junk") << QByteArray("has no");
        QTest::newRow("a service") << QStringLiteral("service=no-such") << QByteArray("There is no service");
        QTest::newRow("a name") << QStringLiteral("host=no-such.invalid user=a")
                                << QByteArray("This machine does not know the name");
        QTest::newRow("an option for ssh")
            << QStringLiteral("host=a ssh=-oProxyCommand=x") << QByteArray("is not the name of a host");
        QTest::newRow("escapes") << QStringLiteral("service='a\x1b[31m\u202eb'")
                                 << QByteArray("a\\x1b[31m\\u202eb");
    }

    void whatCannotBeIsOneSentence()
    {
        QFETCH(QString, cluster);
        QFETCH(QByteArray, words);
        const Answer answer = m_program.run({QStringLiteral("topology"), cluster});
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.err.contains(words), answer.err.constData());
        QVERIFY(!answer.err.contains('\x1b'));
    }
};

QTEST_GUILESS_MAIN(TestCliConnect)
#include "tst_cli_connect.moc"
