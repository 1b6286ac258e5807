// SPDX-License-Identifier: GPL-3.0-or-later
#include "Terminal.h"
#include "cli/TerminalAsk.h"

#include <QtTest>

#include <future>

using namespace understudy;
using test::Terminal;

namespace {

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
