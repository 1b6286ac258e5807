// SPDX-License-Identifier: GPL-3.0-or-later
#include "Certificates.h"
#include "TestServer.h"
#include "clusters/ClusterSpec.h"

#include <QTest>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace understudy;
using test::Certificates;
using test::ServerFolder;
using test::TestServer;

namespace {

/// Answers every connection on a loopback port with some bytes, in a thread of its own.
class Impostor
{
public:
    explicit Impostor(QByteArray says) : m_says(std::move(says))
    {
        m_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(m_fd, reinterpret_cast<sockaddr *>(&address), size) == 0 && ::listen(m_fd, 8) == 0 &&
            ::getsockname(m_fd, reinterpret_cast<sockaddr *>(&address), &size) == 0)
            m_port = ntohs(address.sin_port);
        m_thread = std::jthread([this] {
            for (int fd = ::accept(m_fd, nullptr, nullptr); fd >= 0; fd = ::accept(m_fd, nullptr, nullptr)) {
                char heard[512];
                if (!m_says.isEmpty() && ::read(fd, heard, sizeof heard) > 0)
                    (void)!::write(fd, m_says.constData(), size_t(m_says.size()));
                ::shutdown(fd, SHUT_WR);
                ::close(fd);
            }
        });
    }
    ~Impostor()
    {
        ::shutdown(m_fd, SHUT_RDWR);
        m_thread.join();
        ::close(m_fd);
    }
    int port() const { return m_port; }

private:
    QByteArray m_says;
    int m_fd = -1;
    int m_port = 0;
    std::jthread m_thread;
};

} // namespace

/// From what a person types to a node that is watched, or to a sentence that helps.
class TestConnecting : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void overTheSocketAsPsqlWould();
    void tlsUpToVerifyFull_data();
    void tlsUpToVerifyFull();
    void whatFailsIsSaidInWords_data();
    void whatFailsIsSaidInWords();
    void impostors_data();
    void impostors();

private:
    /// One look at what @p text names.
    NodeSnapshot look(const QString &text) const;
    QString tcp(const QString &rest) const;

    ServerFolder m_folder;
    Certificates m_certificates{m_folder};
    std::unique_ptr<TestServer> m_server;
};

NodeSnapshot TestConnecting::look(const QString &text) const
{
    const auto spec = resolveCluster(text);
    if (!spec) {
        NodeSnapshot failed;
        failed.error = spec.error().text();
        return failed;
    }
    QList<NodeSnapshot> snapshots;
    lookOnce(spec->nodes, std::make_shared<LibpqSecrets>(), {}, 1, 0, &snapshots);
    return snapshots.value(0);
}

QString TestConnecting::tcp(const QString &rest) const
{
    return QStringLiteral("port=%1 passfile=%2 %3").arg(m_server->port()).arg(m_folder.passfile(), rest);
}

void TestConnecting::initTestCase()
{
    for (const QString &key : QProcessEnvironment::systemEnvironment().keys()) {
        if (key.startsWith(QLatin1String("PG")))
            qunsetenv(key.toLocal8Bit().constData());
    }
    QFile wrong(m_folder.filePath(QStringLiteral("wrong")));
    QVERIFY(wrong.open(QIODevice::WriteOnly) && wrong.write("*:*:*:*:not-it\n") > 0);
    wrong.close();
    QVERIFY(wrong.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    QVERIFY(m_certificates.makeAuthority(QStringLiteral("ca")));
    QVERIFY(m_certificates.makeAuthority(QStringLiteral("other-ca")));
    QVERIFY(m_certificates.makeServer(QStringLiteral("server"), QStringLiteral("localhost"),
                                      QStringLiteral("ca")));
    m_server = TestServer::primary(m_folder, QStringLiteral("primary"),
                                   m_certificates.settings(QStringLiteral("server")));
    QVERIFY(m_server);
    QFile hba(m_server->dataDir() + QStringLiteral("/pg_hba.conf"));
    QVERIFY(hba.open(QIODevice::WriteOnly));
    hba.write("local all notme peer\n"
              "local all all trust\n"
              "host all rejected 127.0.0.1/32 reject\n"
              "hostssl all tlsonly 127.0.0.1/32 scram-sha-256\n"
              "host all understudy,plain,nologin,full_up,no_such_role 127.0.0.1/32 scram-sha-256\n");
    hba.close();
    QVERIFY(m_server->reload());
    QVERIFY(!m_server
                 ->psql(QStringLiteral("CREATE ROLE notme LOGIN; CREATE ROLE rejected LOGIN;"
                                       "CREATE ROLE nologin PASSWORD 'secret-of-plain';"
                                       "CREATE ROLE full_up LOGIN CONNECTION LIMIT 0 PASSWORD 'x'"))
                 .isNull());
}

void TestConnecting::overTheSocketAsPsqlWould()
{
    // Nothing but what psql would take from the environment as well.
    qputenv("PGHOST", m_server->socketDir().toLocal8Bit());
    qputenv("PGPORT", QByteArray::number(m_server->port()));
    qputenv("PGUSER", "understudy");
    const NodeSnapshot uri = look(QStringLiteral("postgresql:///template1"));
    const NodeSnapshot conninfo = look(QStringLiteral("dbname=postgres"));
    for (const char *name : {"PGHOST", "PGPORT", "PGUSER"})
        qunsetenv(name);
    QVERIFY2(uri.answered(), qPrintable(uri.error));
    QVERIFY2(conninfo.answered(), qPrintable(conninfo.error));
    QCOMPARE(uri.id, QStringLiteral("%1:%2").arg(m_server->socketDir()).arg(m_server->port()));
    QCOMPARE(uri.role, Role::Primary);
    QVERIFY(uri.canMonitor);
    const QString encoded = QString::fromLatin1(QUrl::toPercentEncoding(m_server->socketDir()));
    const NodeSnapshot whole = look(QStringLiteral("postgresql://understudy@") + encoded + QLatin1Char(':') +
                                    QString::number(m_server->port()) + QStringLiteral("/postgres"));
    QVERIFY2(whole.answered(), qPrintable(whole.error));
}

void TestConnecting::tlsUpToVerifyFull_data()
{
    QTest::addColumn<QString>("options");
    QTest::addColumn<QString>("words"); // empty: it answers
    const QString ca = m_certificates.authority(QStringLiteral("ca"));
    const QString other = m_certificates.authority(QStringLiteral("other-ca"));
    // A name for the certificate and the address apart: no resolver is asked.
    const QString right = QStringLiteral("host=localhost hostaddr=127.0.0.1 ");
    const QString wrong = QStringLiteral("host=db1.example hostaddr=127.0.0.1 ");
    QTest::newRow("require") << right + QStringLiteral("sslmode=require") << QString();
    QTest::newRow("verify-ca, any name")
        << wrong + QStringLiteral("sslmode=verify-ca sslrootcert=") + ca << QString();
    QTest::newRow("verify-full") << right + QStringLiteral("sslmode=verify-full sslrootcert=") + ca
                                 << QString();
    QTest::newRow("another name") << wrong + QStringLiteral("sslmode=verify-full sslrootcert=") + ca
                                  << QStringLiteral("\"localhost\" does not match host name \"db1.example\". "
                                                    "With sslmode=verify-full only a server that proves");
    QTest::newRow("another authority") << right + QStringLiteral("sslmode=verify-full sslrootcert=") + other
                                       << QStringLiteral("is not signed by an authority in ") + other;
    QTest::newRow("no such authority")
        << right + QStringLiteral("sslmode=verify-full sslrootcert=/no/such.crt")
        << QStringLiteral("give it with sslrootcert=FILE");
}

void TestConnecting::tlsUpToVerifyFull()
{
    QFETCH(QString, options);
    QFETCH(QString, words);
    const NodeSnapshot seen = look(tcp(QStringLiteral("user=understudy ")) + options);
    QCOMPARE(seen.answered(), words.isEmpty());
    QVERIFY2(seen.error.contains(words), qPrintable(seen.error));
    if (!seen.answered())
        QCOMPARE(seen.answer, Answer::Failed);
}

void TestConnecting::whatFailsIsSaidInWords_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<QString>("words");
    const QString at = QStringLiteral("host=127.0.0.1 ");
    const auto row = [](const char *name, const QString &text, Answer answer, const char *words) {
        QTest::newRow(name) << text << answer << QString::fromLatin1(words);
    };
    row("junk", QStringLiteral("host=a !!junk"), Answer::Failed, "has no");
    row("a misspelled keyword", QStringLiteral("host=a sslmoed=require"), Answer::Failed, "sslmoed");
    row("no such service", QStringLiteral("service=no-such-service"), Answer::Failed, "There is no service");
    row("no such name", QStringLiteral("host=no-such-host.invalid user=a"), Answer::Failed,
        "This machine does not know the name");
    row("wrong password",
        QStringLiteral("host=127.0.0.1 port=%1 user=understudy passfile=%2")
            .arg(m_server->port())
            .arg(m_folder.filePath(QStringLiteral("wrong"))),
        Answer::LoginFailed, "The password that was found is wrong");
    row("no password", tcp(at + QStringLiteral("user=plain passfile=/dev/null")), Answer::LoginFailed,
        "None was found: add a line for 127.0.0.1:");
    row("connection limit", tcp(QStringLiteral("host=%1 user=full_up").arg(m_server->socketDir())),
        Answer::Failed, "CONNECTION LIMIT");
    row("no such role", tcp(at + QStringLiteral("user=no_such_role passfile=/dev/null")), Answer::LoginFailed,
        "None was found");
    row("no such role, over the socket",
        tcp(QStringLiteral("host=%1 user=no_such_role").arg(m_server->socketDir())), Answer::LoginFailed,
        "role \"no_such_role\" does not exist. Name one that does");
    row("no such database", tcp(at + QStringLiteral("user=understudy dbname='a\"b'")), Answer::LoginFailed,
        "Name one that does: dbname=postgres");
    row("no line in pg_hba.conf", tcp(at + QStringLiteral("user=stranger sslmode=require")),
        Answer::LoginFailed,
        "Add to its pg_hba.conf and reload: hostssl \"postgres\" \"stranger\" 127.0.0.1/32 scram-sha-256");
    row("TLS only", tcp(at + QStringLiteral("user=tlsonly sslmode=disable")), Answer::LoginFailed,
        "it takes only TLS: sslmode=require");
    row("rejected", tcp(at + QStringLiteral("user=rejected")), Answer::LoginFailed,
        "A reject line of its pg_hba.conf");
    row("peer", tcp(QStringLiteral("host=%1 user=notme").arg(m_server->socketDir())), Answer::LoginFailed,
        "run Understudy as \"notme\"");
    row("a semicolon", tcp(at + QStringLiteral("user=understudy options='-c a=b;c'")), Answer::Failed,
        "semicolon");
}

void TestConnecting::whatFailsIsSaidInWords()
{
    QFETCH(QString, text);
    QFETCH(Answer, answer);
    QFETCH(QString, words);
    const NodeSnapshot seen = look(text);
    QCOMPARE(seen.answer, answer);
    QVERIFY2(seen.error.contains(words), qPrintable(seen.error));
    QVERIFY2(!seen.error.contains(QStringLiteral("connection to server")), qPrintable(seen.error));
    QVERIFY2(!seen.error.contains(QLatin1Char('\n')), qPrintable(seen.error));
    // Only a missing password makes the window ask for one.
    const bool asks = seen.error.contains(QStringLiteral("password"), Qt::CaseInsensitive);
    const QByteArray name = QTest::currentDataTag();
    QCOMPARE(asks, name.contains("password") || name == "no such role");
}

void TestConnecting::impostors_data()
{
    QTest::addColumn<QByteArray>("says");
    QTest::addColumn<QString>("options");
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<QString>("words");
    const QByteArray http = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    const QString notPostgres = QStringLiteral("does not speak PostgreSQL's protocol");
    for (const auto &mode : {QStringLiteral("sslmode=prefer"), QStringLiteral("sslmode=disable")}) {
        const QByteArray suffix = ", " + mode.toLatin1();
        QTest::newRow(("a web server" + suffix).constData())
            << QByteArray(http) << mode << Answer::NotPostgres << notPostgres;
        QTest::newRow(("garbage" + suffix).constData())
            << QByteArray("\xff\x00\x1b[31m\x07~garbage~\xe2\x80\xae", 20) << mode << Answer::NotPostgres
            << notPostgres;
        QTest::newRow(("closes at once" + suffix).constData())
            << QByteArray() << mode << Answer::Failed << QStringLiteral("closed without a word");
    }
    // An error in the protocol itself, with everything in it that a terminal or a browser would obey.
    QByteArray fields = "SFATAL";
    fields += '\0';
    fields += "C28P01";
    fields += '\0';
    fields += "Mpassword \x1b[31m<b>no</b>\n\xe2\x80\xae"
              "evil";
    fields += '\0';
    fields += '\0';
    QByteArray error = "E";
    const quint32 length = htonl(quint32(fields.size() + 4));
    error.append(reinterpret_cast<const char *>(&length), 4);
    error += fields;
    QTest::newRow("a hostile server") << error << QStringLiteral("sslmode=disable") << Answer::Failed
                                      << QStringLiteral("\\x1b[31m<b>no</b> \\u202eevil");
}

void TestConnecting::impostors()
{
    QFETCH(QByteArray, says);
    QFETCH(QString, options);
    QFETCH(Answer, answer);
    QFETCH(QString, words);
    const Impostor impostor(says);
    const NodeSnapshot seen =
        look(QStringLiteral("host=127.0.0.1 user=a port=%1 %2").arg(impostor.port()).arg(options));
    QVERIFY2(seen.error.contains(words), qPrintable(seen.error));
    QCOMPARE(seen.answer, answer);
    QVERIFY(!seen.error.contains(QChar(0x1b)));
    QVERIFY(!seen.error.contains(QChar(0x202e)));
}

QTEST_GUILESS_MAIN(TestConnecting)
#include "tst_connecting.moc"
