// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/TerminalAsk.h"

#include <QtTest>

#include <fcntl.h>
#include <future>
#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

using namespace understudy;

namespace {

/// A terminal with somebody in front of it, who reads and types.
class Terminal
{
public:
    Terminal() : m_good(::openpty(&m_person, &m_program, m_name.data(), nullptr, nullptr) == 0) {}
    ~Terminal()
    {
        ::close(m_person);
        ::close(m_program);
    }
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;

    bool good() const { return m_good; }
    QByteArray name() const { return m_name.data(); }
    bool echoes() const
    {
        termios now{};
        return ::tcgetattr(m_program, &now) == 0 && (now.c_lflag & ECHO) && (now.c_lflag & ICANON);
    }
    /// Everything shown so far, once @p words are among it.
    QByteArray seenUntil(const QByteArray &words)
    {
        QElapsedTimer patience;
        patience.start();
        while (!m_seen.contains(words) && patience.elapsed() < 5000)
            look(200);
        return m_seen;
    }
    QByteArray seen()
    {
        while (look(0)) {
        }
        return m_seen;
    }
    void type(const QByteArray &keys)
    {
        QCOMPARE(::write(m_person, keys.constData(), size_t(keys.size())), keys.size());
    }

private:
    bool look(int ms)
    {
        pollfd fd{m_person, POLLIN, 0};
        std::array<char, 4096> buffer{};
        if (::poll(&fd, 1, ms) <= 0)
            return false;
        const ssize_t n = ::read(m_person, buffer.data(), buffer.size());
        m_seen.append(buffer.data(), qMax<qsizetype>(0, n));
        return n > 0;
    }

    int m_person = -1, m_program = -1;
    std::array<char, 256> m_name{};
    bool m_good;
    QByteArray m_seen;
};

SshQuestion question(SshQuestion::Kind kind)
{
    SshQuestion out;
    out.kind = kind;
    out.host = QStringLiteral("db2");
    out.destination = out.host;
    out.user = QStringLiteral("postgres");
    out.keyFile = QStringLiteral("/home/m/.ssh/id");
    out.keyType = QStringLiteral("ED25519");
    out.fingerprint = QStringLiteral("SHA256:abc");
    out.text = QStringLiteral("m@db2's password:");
    return out;
}

} // namespace

class TestTerminalAsk : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void asks_data();
    void asks();
    void isTakenBack();
    void withoutATerminalNobodyIsAsked();
};

void TestTerminalAsk::asks_data()
{
    using Kind = SshQuestion::Kind;
    QTest::addColumn<SshQuestion::Kind>("kind");
    QTest::addColumn<QByteArray>("words");
    QTest::addColumn<QByteArray>("keys");
    QTest::addColumn<QString>("answer"); // null: declined
    QTest::addColumn<bool>("shown");
    QTest::newRow("a key is accepted")
        << Kind::HostKey << QByteArray("SHA256:abc") << QByteArray("yes\r") << QStringLiteral("yes") << true;
    QTest::newRow("a key is not") << Kind::HostKey << QByteArray("yes or no") << QByteArray("no\r")
                                  << QString() << true;
    QTest::newRow("Enter alone is no yes")
        << Kind::HostKey << QByteArray("yes or no") << QByteArray("\r") << QString() << false;
    QTest::newRow("y alone is no yes")
        << Kind::HostKey << QByteArray("yes or no") << QByteArray("y\r") << QString() << true;
    QTest::newRow("a password") << Kind::Password << QByteArray("m@db2's password: ")
                                << QByteArray("s p'c$\r") << QStringLiteral("s p'c$") << false;
    QTest::newRow("mistyped") << Kind::SudoPassword << QByteArray("as postgres: ")
                              << QByteArray("x\x15"
                                            "aü\x7f"
                                            "b\r")
                              << QStringLiteral("ab") << false;
    QTest::newRow("Ctrl-C") << Kind::Passphrase << QByteArray("/home/m/.ssh/id: ") << QByteArray("se\x03")
                            << QString() << false;
}

void TestTerminalAsk::asks()
{
    QFETCH(SshQuestion::Kind, kind);
    QFETCH(QByteArray, words);
    QFETCH(QByteArray, keys);
    QFETCH(QString, answer);
    QFETCH(bool, shown);
    Terminal terminal;
    QVERIFY(terminal.good());
    auto answered = std::async(std::launch::async,
                               [&] { return cli::TerminalAsk(terminal.name()).ask(question(kind), {}); });
    const QByteArray before = terminal.seenUntil(words);
    QVERIFY2(before.contains(words), before.constData());
    QVERIFY(!terminal.echoes());
    terminal.type(keys);
    const auto got = answered.get();
    QCOMPARE(got.has_value(), !answer.isNull());
    QCOMPARE(got.value_or(QString()), answer);
    const QByteArray typed = keys.left(keys.indexOf('\r'));
    const QByteArray after = terminal.seen().mid(before.size());
    QVERIFY2(after.contains(typed) == (shown || typed.isEmpty()), after.constData());
    QVERIFY(terminal.echoes()); // as it was
}

void TestTerminalAsk::isTakenBack()
{
    Terminal terminal;
    QVERIFY(terminal.good());
    std::stop_source source;
    auto answered = std::async(std::launch::async, [&] {
        return cli::TerminalAsk(terminal.name())
            .ask(question(SshQuestion::Kind::Password), source.get_token());
    });
    QVERIFY(terminal.seenUntil("password:").contains("password:"));
    source.request_stop();
    QVERIFY(answered.wait_for(std::chrono::seconds(5)) == std::future_status::ready);
    QVERIFY(!answered.get());
    QVERIFY(terminal.echoes());
}

void TestTerminalAsk::withoutATerminalNobodyIsAsked()
{
    QVERIFY(!cli::TerminalAsk("/no/such/terminal").ask(question(SshQuestion::Kind::Password), {}));
}

QTEST_GUILESS_MAIN(TestTerminalAsk)
#include "tst_terminal_ask.moc"
