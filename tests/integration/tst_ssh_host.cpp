// SPDX-License-Identifier: GPL-3.0-or-later
#include "HostExpectations.h"
#include "SshServer.h"
#include "SudoUser.h"
#include "hosts/ChildProcess.h"
#include "hosts/SshAsk.h"
#include "hosts/SshHost.h"
#include "hosts/SshScript.h"

#include <QRandomGenerator>

using namespace understudy;
using test::contentOf;
using test::gone;
using test::Person;
using test::shell;
using test::SshServer;
using test::SudoUser;

namespace {

/// A person who never answers, until the question is taken back.
class Ponderer final : public SshAsk
{
public:
    std::optional<QString> ask(const SshQuestion &, std::stop_token stop) override
    {
        std::mutex mutex;
        std::condition_variable_any changed;
        std::unique_lock lock(mutex);
        asked = true;
        changed.wait(lock, stop, [] { return false; });
        takenBack = true;
        return std::nullopt;
    }
    std::atomic<bool> asked = false, takenBack = false;
};

template <typename T>
QString textOf(const Result<T> &result)
{
    return result ? QStringLiteral("no error") : result.error().text();
}

} // namespace

/// A real sshd on this machine: what holds for this machine holds over it, and what only ssh can do to one.
class TestSshHost : public test::HostExpectations
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase();

    void factsOfTheMachine();
    void throughAJumpHost();
    void hostileWordsArriveAsTheyAre_data();
    void hostileWordsArriveAsTheyAre();
    void hostileNamesOfFiles();
    void bigThingsArriveByteForByte();
    void anExitOf255IsTheCommandsOwn();
    void aLostConnectionIsSaidAndEndsWhatRan();
    void stoppingIsSureOnTheOtherSide();
    void aKilledProcessEndsWhatRan();
    void oneConnectionIsShared();
    void manyAtOnce();
    void aCutConnectionIsMadeAgain();
    void destinationsThatAreNone_data();
    void destinationsThatAreNone();
    void unknownKeyIsShownAndAccepted();
    void unknownKeyIsDeclined();
    void unknownKeyWithNobodyToAsk();
    void aChangedKeyIsNeverOffered();
    void aPassphraseIsAskedForOnce();
    void aWrongPassphraseIsAskedForAgain();
    void aQuestionIsTakenBack();
    void sudoWithAPassword_data();
    void sudoWithAPassword();
    void questionsAreUnderstood();
    void aTruncatedScriptIsNotRun();
    void silenceEndsWhatRan_data();
    void silenceEndsWhatRan();
    void speed();

private:
    std::unique_ptr<SudoUser> m_sudoUser;
    std::unique_ptr<SshServer> m_ssh;
};

void TestSshHost::initTestCase()
{
    if (const QString missing = SshServer::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED: no %1 (packages openssh-server, openssh-client): nothing "
                                        "over ssh was tested.")
                             .arg(missing)));
    m_ssh = std::make_unique<SshServer>();
    if (SudoUser::missing().isEmpty()) {
        m_sudoUser = std::make_unique<SudoUser>();
        QVERIFY(m_sudoUser->make());
        m_ssh->loginAs(m_sudoUser->name);
    }
    QVERIFY(m_ssh->make());
    looksAtAPort = 3;
}

void TestSshHost::init()
{
    host = sshHost(QStringLiteral("gateway"));
}

void TestSshHost::cleanup()
{
    setSshAsk(nullptr);
}

void TestSshHost::cleanupTestCase()
{
    host.reset();
    closeSsh();
    QTRY_VERIFY_WITH_TIMEOUT(!m_ssh || m_ssh->clients().isEmpty(), 5000);
    QTRY_VERIFY_WITH_TIMEOUT(!m_ssh || m_ssh->sessions().isEmpty(), 5000);
    m_ssh.reset();
}

void TestSshHost::factsOfTheMachine()
{
    const auto facts = sshFacts(QStringLiteral("gateway"));
    QVERIFY2(facts, qPrintable(textOf(facts)));
    QCOMPARE(facts->uid, int(::geteuid()));
    QCOMPARE(facts->user, QString::fromLocal8Bit(getpwuid(geteuid())->pw_name));
    QCOMPARE(facts->hostname, QSysInfo::machineHostName());
    QCOMPARE(facts->clientAddress, QStringLiteral("127.0.0.1"));
    QCOMPARE(facts->resolvedHost, QStringLiteral("127.0.0.1"));
    QCOMPARE(facts->osId, QSysInfo::productType());
    QCOMPARE(facts->systemdRuns, QFileInfo::exists(QStringLiteral("/run/systemd/system")));
    for (const char *program : {"pg_ctlcluster", "pg_createcluster", "systemctl", "setsid"})
        QCOMPARE(facts->has(QLatin1String(program)),
                 !QStandardPaths::findExecutable(QLatin1String(program)).isEmpty());
    QCOMPARE(host->name(), QStringLiteral("gateway"));
    QVERIFY(!host->isLocal());
}

void TestSshHost::throughAJumpHost()
{
    const auto result = sshHost(QStringLiteral("behind"))->run(shell(QStringLiteral("echo here")));
    QVERIFY2(result, qPrintable(textOf(result)));
    QCOMPARE(result->output, QStringLiteral("here\n"));
}

void TestSshHost::hostileWordsArriveAsTheyAre_data()
{
    QTest::addColumn<QString>("word");
    QTest::newRow("nothing") << QString();
    QTest::newRow("quotes") << QStringLiteral("a'b\"c`d");
    QTest::newRow("newlines") << QStringLiteral("\na\n\nb\n");
    QTest::newRow("commands") << QStringLiteral("$(touch /tmp/understudy-owned) `id` ; rm -rf x & | > y");
    QTest::newRow("backslashes") << QStringLiteral("\\ \\n \\\\ \\' \\");
    QTest::newRow("unicode") << QStringLiteral("Ünïcödé \u202e \U0001F418");
    QTest::newRow("control") << QStringLiteral("\x01\x1b[31m\t\r\x7f");
    QTest::newRow("globs") << QStringLiteral("* ? [a-z] ~ ! {a,b} %s %n #");
    QTest::newRow("option") << QStringLiteral("--help");
    QTest::newRow("long") << QString(100000, QLatin1Char('\''));
}

void TestSshHost::hostileWordsArriveAsTheyAre()
{
    QFETCH(QString, word);
    Command command;
    // In the script, in an argument, in a variable.
    command.argv = {QStringLiteral("sh"), QStringLiteral("-c"),
                    QStringLiteral("printf '%s|%s|' \"$1\" \"$V\"; pwd"), QStringLiteral("sh"), word};
    command.environment.insert(QStringLiteral("V"), word);
    QTemporaryDir directory;
    const bool fits = word.size() < 200 && !word.contains(QLatin1Char('/')) && !word.isEmpty();
    if (fits) {
        QVERIFY(QDir(directory.path()).mkdir(word));
        command.workingDirectory = directory.filePath(word);
    }
    const auto result = host->run(command);
    QVERIFY2(result, qPrintable(textOf(result)));
    QCOMPARE(result->output,
             QStringLiteral("%1|%1|%2\n").arg(word, fits ? command.workingDirectory : QStringLiteral("/")));
    QVERIFY(!QFileInfo::exists(QStringLiteral("/tmp/understudy-owned")));
}

void TestSshHost::hostileNamesOfFiles()
{
    QTemporaryDir directory;
    const QStringList names{
        QStringLiteral("-rf"),  QStringLiteral(".hidden"),         QStringLiteral("..two"),
        QStringLiteral("a\nb"), QStringLiteral("it's $(x) \"y\""), QStringLiteral("Ü\U0001F418"),
        QStringLiteral("*")};
    for (const QString &name : names) {
        const QString path = directory.filePath(name);
        QVERIFY(!host->exists(path).value_or(true));
        const auto written = host->writeFile(path, name.toUtf8(), 0644, {});
        QVERIFY2(written, qPrintable(textOf(written)));
        QVERIFY(host->exists(path).value_or(false));
        QCOMPARE(host->readFile(path).value_or(QByteArray()), name.toUtf8());
    }
    QStringList sorted = names;
    sorted.sort();
    QCOMPARE(host->list(directory.path()).value_or(QStringList()), sorted);
}

void TestSshHost::bigThingsArriveByteForByte()
{
    QByteArray big(20 << 20, Qt::Uninitialized);
    QRandomGenerator generator(7);
    generator.fillRange(reinterpret_cast<quint32 *>(big.data()), big.size() / 4);
    QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("big"));
    QElapsedTimer clock;
    clock.start();
    const auto written = host->writeFile(path, big, 0600, {});
    QVERIFY2(written, qPrintable(textOf(written)));
    const qint64 writeMs = clock.restart();
    QVERIFY(contentOf(path) == big);
    const auto back = host->readFile(path);
    QVERIFY2(back, qPrintable(textOf(back)));
    QVERIFY(*back == big);
    qInfo("20 MB there in %lld ms, back in %lld ms", writeMs, clock.elapsed());
    QCOMPARE(host->list(directory.path()).value_or(QStringList()), QStringList{QStringLiteral("big")});
    const auto result = host->run(shell(QStringLiteral("seq 1 1500000; seq 1 1000 >&2"), 60000));
    QVERIFY2(result && result->ok(), qPrintable(textOf(result)));
    QVERIFY(result->output.size() > 10 << 20);
    QCOMPARE(result->output.count(QLatin1Char('\n')), 1500000);
    QVERIFY(result->output.endsWith(QStringLiteral("\n1500000\n")));
    QVERIFY(result->errorOutput.endsWith(QStringLiteral("\n1000\n")));
}

void TestSshHost::anExitOf255IsTheCommandsOwn()
{
    const auto result = host->run(shell(QStringLiteral("printf half; printf er >&2; exit 255")));
    QVERIFY2(result, qPrintable(textOf(result)));
    QCOMPARE(result->exitCode, 255);
    QCOMPARE(result->output, QStringLiteral("half"));
    QCOMPARE(result->errorOutput, QStringLiteral("er"));
    const auto killed = host->run(shell(QStringLiteral("kill -KILL $$")));
    QVERIFY2(killed, qPrintable(textOf(killed)));
    QCOMPARE(killed->exitCode, 128 + SIGKILL);
    QCOMPARE(killed->errorOutput, QString());
}

void TestSshHost::aLostConnectionIsSaidAndEndsWhatRan()
{
    QList<qint64> pids;
    const auto sink = [&](Stream, const QString &line) {
        pids << line.toLongLong();
        if (pids.size() == 2)
            m_ssh->cut();
    };
    QElapsedTimer clock;
    clock.start();
    const auto result = host->run(
        shell(QStringLiteral(
                  "echo $$; sh -c 'trap \"\" TERM HUP; echo $$; while :; do sleep 0.1; done' & wait"),
              0),
        {}, sink);
    QVERIFY(!result);
    QVERIFY2(textOf(result).startsWith(
                 QStringLiteral("The connection to gateway was lost while a command ran there.")),
             qPrintable(textOf(result)));
    QVERIFY(clock.elapsed() < 5000);
    QCOMPARE(pids.size(), 2);
    QTRY_VERIFY_WITH_TIMEOUT(gone(pids.at(0)) && gone(pids.at(1)), 10000);
    // The half of a file that arrived is no file.
    QTemporaryDir directory;
    std::jthread cutter([this, &directory] {
        QElapsedTimer patience;
        patience.start();
        while (QDir(directory.path()).entryList(QDir::Files | QDir::Hidden).isEmpty() &&
               patience.elapsed() < 10000)
            std::this_thread::yield();
        m_ssh->cut();
    });
    const auto written =
        host->writeFile(directory.filePath(QStringLiteral("f")), QByteArray(60 << 20, 'x'), 0600, {});
    cutter.join();
    QVERIFY(!written);
    QVERIFY2(textOf(written).contains(QStringLiteral("was lost")), qPrintable(textOf(written)));
    const auto left = [&] {
        return QDir(directory.path()).entryList(QDir::Files | QDir::Hidden).join(QLatin1Char(' '));
    };
    QTRY_COMPARE_WITH_TIMEOUT(left(), QString(), 5000);
}

void TestSshHost::stoppingIsSureOnTheOtherSide()
{
    // When run() is back, it is over there: nothing is left to wait for.
    std::stop_source source;
    qint64 pid = 0;
    const auto result =
        host->run(shell(QStringLiteral("echo $$; trap '' TERM; while :; do sleep 0.1; done"), 0),
                  source.get_token(), [&](Stream, const QString &line) {
                      pid = line.toLongLong();
                      source.request_stop();
                  });
    QVERIFY2(result, qPrintable(textOf(result)));
    QVERIFY(result->cancelled);
    QCOMPARE(result->exitCode, 128 + SIGKILL);
    QVERIFY(pid > 1);
    QVERIFY(gone(pid));
    const auto slow = host->run(shell(QStringLiteral("echo $$; exec sleep 60"), 3000));
    QVERIFY2(slow, qPrintable(textOf(slow)));
    QVERIFY(slow->timedOut);
    QVERIFY(slow->output.trimmed().toLongLong() > 1);
    QVERIFY(gone(slow->output.trimmed().toLongLong()));
}

void TestSshHost::aKilledProcessEndsWhatRan()
{
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("UNDERSTUDY_SSH_CHILD"), QStringLiteral("gateway"));
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), QStringList());
    QByteArray said;
    while (!said.contains('\n') && child.waitForReadyRead(20000))
        said += child.readAllStandardOutput();
    const qint64 pid = said.trimmed().toLongLong();
    QVERIFY2(pid > 1, said.constData());
    QVERIFY(!gone(pid));
    child.kill(); // nobody can tidy up after this
    QVERIFY(child.waitForFinished(5000));
    QTRY_VERIFY_WITH_TIMEOUT(gone(pid), 10000);
    // Its folder goes with the next one that is made; its connection lasts a minute, or until it is cut.
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/understudy-ssh");
    m_ssh->cut();
    for (const QString &left :
         QDir(runtime).entryList({QStringLiteral("%1.*").arg(child.processId())}, QDir::Dirs))
        QDir(runtime + QLatin1Char('/') + left).removeRecursively();
}

void TestSshHost::oneConnectionIsShared()
{
    QTRY_VERIFY_WITH_TIMEOUT(host->exists(QStringLiteral("/")) && m_ssh->sessions().size() == 1, 5000);
    const qsizetype before = m_ssh->sessions().size();
    for (int i = 0; i < 5; ++i)
        QVERIFY(sshHost(QStringLiteral("gateway"))->exists(QStringLiteral("/")).value_or(false));
    QCOMPARE(m_ssh->sessions().size(), before);
}

void TestSshHost::manyAtOnce()
{
    // More than sshd lets into one connection (MaxSessions), from a connection that has yet to be made.
    m_ssh->cut();
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 20; ++i)
            threads.emplace_back([this, &good, i] {
                const auto result = host->run(shell(QStringLiteral("sleep 0.2; echo %1").arg(i)));
                good += result && result->output == QStringLiteral("%1\n").arg(i) ? 1 : 0;
            });
    }
    QCOMPARE(good.load(), 20);
    QTRY_COMPARE_WITH_TIMEOUT(m_ssh->sessions().size(), 1, 5000);
}

void TestSshHost::aCutConnectionIsMadeAgain()
{
    QVERIFY(host->exists(QStringLiteral("/")));
    m_ssh->cut();
    QTRY_VERIFY_WITH_TIMEOUT(host->exists(QStringLiteral("/")).has_value(), 5000);
}

void TestSshHost::destinationsThatAreNone_data()
{
    QTest::addColumn<QString>("destination");
    QTest::addColumn<QString>("words");
    QTest::newRow("nothing") << QString() << QStringLiteral("There is no machine");
    QTest::newRow("option") << QStringLiteral("-oProxyCommand=id") << QStringLiteral("begins with a dash");
    QTest::newRow("blank") << QStringLiteral("a b") << QStringLiteral("blanks");
    QTest::newRow("newline") << QStringLiteral("a\nb") << QStringLiteral("a\\nb");
    QTest::newRow("command") << QStringLiteral("a;id") << QStringLiteral("a ; is in it");
    QTest::newRow("substitution") << QStringLiteral("$(id)") << QStringLiteral("a $ is in it");
    QTest::newRow("no such host") << QStringLiteral("no-such-host.invalid")
                                  << QStringLiteral("Check how the host is spelled");
    QTest::newRow("no key that fits") << QStringLiteral("nokey") << QStringLiteral("ssh-copy-id nokey");
}

void TestSshHost::destinationsThatAreNone()
{
    QFETCH(QString, destination);
    QFETCH(QString, words);
    const auto result = sshHost(destination)->run(shell(QStringLiteral("true")));
    QVERIFY(!result);
    QVERIFY2(textOf(result).contains(words), qPrintable(textOf(result)));
    QCOMPARE(result.error().field, QStringLiteral("ssh"));
}

void TestSshHost::unknownKeyIsShownAndAccepted()
{
    m_ssh->forgetFresh();
    const auto person = std::make_shared<Person>(Person::Answers{QStringLiteral("yes")});
    setSshAsk(person);
    const auto result = sshHost(QStringLiteral("fresh"))->run(shell(QStringLiteral("echo in")));
    QVERIFY2(result, qPrintable(textOf(result)));
    QCOMPARE(result->output, QStringLiteral("in\n"));
    QCOMPARE(person->asked().size(), 1);
    const SshQuestion question = person->asked().constFirst();
    QCOMPARE(question.kind, SshQuestion::Kind::HostKey);
    QCOMPARE(question.fingerprint, m_ssh->fingerprint());
    QCOMPARE(question.keyType, QStringLiteral("ED25519"));
    QVERIFY2(question.host.contains(QStringLiteral("127.0.0.1")), qPrintable(question.host));
    QCOMPARE(question.destination, QStringLiteral("fresh"));
    QVERIFY(m_ssh->freshKnownHosts().contains(m_ssh->hostKey()));
    // It is known from now on.
    closeSsh();
    setSshAsk(nullptr);
    QVERIFY(sshHost(QStringLiteral("fresh"))->exists(QStringLiteral("/")));
}

void TestSshHost::unknownKeyIsDeclined()
{
    closeSsh();
    m_ssh->forgetFresh();
    const auto person = std::make_shared<Person>(Person::Answers{std::nullopt});
    setSshAsk(person);
    const auto result = sshHost(QStringLiteral("fresh"))->run(shell(QStringLiteral("echo in")));
    QVERIFY(!result);
    QVERIFY2(textOf(result).contains(QStringLiteral("was not accepted")), qPrintable(textOf(result)));
    QCOMPARE(person->asked().size(), 1);
    QCOMPARE(m_ssh->freshKnownHosts(), QByteArray());
}

void TestSshHost::unknownKeyWithNobodyToAsk()
{
    m_ssh->forgetFresh();
    const auto result = sshHost(QStringLiteral("fresh"))->run(shell(QStringLiteral("echo in")));
    QVERIFY(!result);
    QVERIFY2(textOf(result).contains(QStringLiteral("run 'ssh fresh' once, compare the fingerprint")),
             qPrintable(textOf(result)));
    QCOMPARE(m_ssh->freshKnownHosts(), QByteArray());
}

void TestSshHost::aChangedKeyIsNeverOffered()
{
    const auto person =
        std::make_shared<Person>(Person::Answers{QStringLiteral("yes"), QStringLiteral("yes")});
    setSshAsk(person);
    const auto result = sshHost(QStringLiteral("changed"))->run(shell(QStringLiteral("echo in")));
    QVERIFY(!result);
    QVERIFY2(textOf(result).contains(QStringLiteral("find out why before you accept the new one")),
             qPrintable(textOf(result)));
    QVERIFY(person->asked().isEmpty());
}

void TestSshHost::aPassphraseIsAskedForOnce()
{
    const auto person = std::make_shared<Person>(Person::Answers{SshServer::passphrase()});
    setSshAsk(person);
    const auto locked = sshHost(QStringLiteral("locked"));
    for (int i = 0; i < 3; ++i) {
        const auto result = locked->run(shell(QStringLiteral("echo in")));
        QVERIFY2(result, qPrintable(textOf(result)));
    }
    QCOMPARE(person->asked().size(), 1);
    QCOMPARE(person->asked().constFirst().kind, SshQuestion::Kind::Passphrase);
    QVERIFY(person->asked().constFirst().keyFile.endsWith(QStringLiteral("/locked")));
    closeSsh();
}

void TestSshHost::aWrongPassphraseIsAskedForAgain()
{
    const auto person =
        std::make_shared<Person>(Person::Answers{QStringLiteral("wrong"), SshServer::passphrase()});
    setSshAsk(person);
    const auto result = sshHost(QStringLiteral("locked"))->run(shell(QStringLiteral("echo in")));
    QVERIFY2(result, qPrintable(textOf(result)));
    QCOMPARE(person->asked().size(), 2);
    QCOMPARE(person->asked().constLast().attempt, 2);
    closeSsh();
    // Nothing said: no further question, and what to do.
    const auto silent = std::make_shared<Person>(Person::Answers{});
    setSshAsk(silent);
    const auto declined = sshHost(QStringLiteral("locked"))->run(shell(QStringLiteral("echo in")));
    QVERIFY(!declined);
    QVERIFY2(textOf(declined).contains(QStringLiteral("ssh-add")), qPrintable(textOf(declined)));
    QCOMPARE(silent->asked().size(), 1);
    closeSsh();
}

void TestSshHost::aQuestionIsTakenBack()
{
    const auto person = std::make_shared<Ponderer>();
    setSshAsk(person);
    std::stop_source source;
    std::jthread canceller([&] {
        QElapsedTimer patience;
        patience.start();
        while (!person->asked && patience.elapsed() < 10000)
            std::this_thread::yield();
        source.request_stop();
    });
    const auto result =
        sshHost(QStringLiteral("locked"))->run(shell(QStringLiteral("true")), source.get_token());
    QVERIFY(!result);
    QVERIFY2(textOf(result).contains(QStringLiteral("was cancelled")), qPrintable(textOf(result)));
    QVERIFY(person->takenBack);
}

void TestSshHost::sudoWithAPassword_data()
{
    QTest::addColumn<QString>("defaults");
    QTest::newRow("as it was long") << QStringLiteral("!use_pty");
    QTest::newRow("with a terminal of sudo's own") << QStringLiteral("use_pty"); // sudo 1.9.14 and later
}

void TestSshHost::sudoWithAPassword()
{
    if (!m_sudoUser)
        QSKIP(qPrintable(QStringLiteral("SKIPPED: %1 (package sudo, as root): sudo over ssh was not tested.")
                             .arg(SudoUser::missing())));
    QFETCH(QString, defaults);
    QVERIFY(m_sudoUser->allow(defaults));
    closeSsh();
    const auto person =
        std::make_shared<Person>(Person::Answers{QStringLiteral("wrong"), SudoUser::password()});
    setSshAsk(person);
    const auto there = sshHost(QStringLiteral("person"));
    // That sudo wants a password is known without one being asked for.
    QCOMPARE(there->mayRunAs(QStringLiteral("postgres")), Host::RunAs::WithPassword);
    QCOMPARE(there->mayRunAs(m_sudoUser->name), Host::RunAs::Yes);
    QCOMPARE(there->mayRunAs(QStringLiteral("no-such-user-here")), Host::RunAs::No);
    QCOMPARE(person->asked().size(), 0);
    Command command =
        shell(QStringLiteral("id -un; echo $HOME; cat; cat /proc/$PPID/cmdline /proc/$$/environ"));
    command.runAs = QStringLiteral("postgres");
    const auto result = there->run(command);
    QVERIFY2(result, qPrintable(textOf(result)));
    QVERIFY2(result->output.startsWith(QStringLiteral("postgres\n/var/lib/postgresql\n")),
             qPrintable(result->output));
    QVERIFY(!result->output.contains(SudoUser::password()));
    QCOMPARE(person->asked().size(), 2);
    QCOMPARE(person->asked().constFirst().kind, SshQuestion::Kind::SudoPassword);
    QCOMPARE(person->asked().constFirst().user, QStringLiteral("postgres"));
    QCOMPARE(person->asked().constLast().attempt, 2);
    // Remembered for this machine, and good for who else is asked about.
    QCOMPARE(there->mayRunAs(QStringLiteral("postgres")), Host::RunAs::Yes);
    QCOMPARE(there->mayRunAs(QStringLiteral("root")), Host::RunAs::No);
    QCOMPARE(person->asked().size(), 2);
    QVERIFY(there->canRunAs(QStringLiteral("postgres")));
    QCOMPARE(person->asked().size(), 2);
    // Files of that user, with content that is neither the password nor the script.
    QTemporaryDir directory;
    QFile::setPermissions(directory.path(), QFile::Permissions(0x7777));
    const QString path = directory.filePath(QStringLiteral("passfile"));
    const auto written =
        there->writeFile(path, "one\ntwo\0" + QByteArray(3, '\0'), 0600, QStringLiteral("postgres"));
    QVERIFY2(written, qPrintable(textOf(written)));
    QCOMPARE(contentOf(path), "one\ntwo\0" + QByteArray(3, '\0'));
    QCOMPARE(there->ownership(path)->user, QStringLiteral("postgres"));
    QVERIFY(!there->readFile(path));
    QCOMPARE(there->readFile(path, QStringLiteral("postgres")).value_or(QByteArray()), contentOf(path));
    // What another user runs is ended as well.
    std::stop_source source;
    qint64 pid = 0;
    command = shell(QStringLiteral("echo $$; trap '' TERM; while :; do sleep 0.1; done"), 0);
    command.runAs = QStringLiteral("postgres");
    const auto stopped = there->run(command, source.get_token(), [&](Stream, const QString &line) {
        pid = line.toLongLong();
        source.request_stop();
    });
    QVERIFY2(stopped, qPrintable(textOf(stopped)));
    QVERIFY(stopped->cancelled);
    QVERIFY(pid > 1 && gone(pid));
    // What sudoers do not allow is said with sudo's words.
    command = shell(QStringLiteral("true"));
    command.runAs = QStringLiteral("daemon");
    const auto refused = there->run(command);
    QVERIFY(!refused);
    QVERIFY2(textOf(refused).contains(QStringLiteral("as daemon on person")), qPrintable(textOf(refused)));
    QVERIFY(!there->canRunAs(QStringLiteral("root")));
    // sudo asks before it refuses: the password is known then, and holds for whom it allows.
    closeSsh();
    const auto again = std::make_shared<Person>(Person::Answers{SudoUser::password()});
    setSshAsk(again);
    const auto anew = sshHost(QStringLiteral("person"));
    command.runAs = QStringLiteral("daemon");
    const auto first = anew->run(command);
    QVERIFY(!first);
    QVERIFY2(textOf(first).contains(QStringLiteral("as daemon on person")) &&
                 textOf(first).contains(QStringLiteral("not allowed")),
             qPrintable(textOf(first)));
    QVERIFY(anew->canRunAs(QStringLiteral("postgres")));
    QVERIFY(!anew->canRunAs(QStringLiteral("root")));
    QVERIFY(anew->canRunAs(QStringLiteral("postgres")));
    QCOMPARE(again->asked().size(), 1);
    // Whoever declines is not asked again for the next user at once.
    closeSsh();
    const auto silent = std::make_shared<Person>(Person::Answers{});
    setSshAsk(silent);
    QVERIFY(!sshHost(QStringLiteral("person"))->canRunAs(QStringLiteral("root")));
    QVERIFY(!sshHost(QStringLiteral("person"))->canRunAs(QStringLiteral("postgres")));
    QCOMPARE(silent->asked().size(), 1);
    // Nobody to ask, and nothing remembered.
    closeSsh();
    setSshAsk(nullptr);
    command.runAs = QStringLiteral("postgres");
    const auto nobody = sshHost(QStringLiteral("person"))->run(command);
    QVERIFY(!nobody);
    QVERIFY2(textOf(nobody).contains(QStringLiteral("NOPASSWD")), qPrintable(textOf(nobody)));
}

void TestSshHost::questionsAreUnderstood()
{
    const auto of = [](const char *prompt) {
        return sshQuestion(QStringLiteral("db2"), QString::fromUtf8(prompt));
    };
    const SshQuestion key =
        of("The authenticity of host 'db1.example (10.0.0.1)' can't be established.\n"
           "RSA key fingerprint is SHA256:abc+/=.\nThis key is not known by any other "
           "names.\nAre you sure you want to continue connecting (yes/no/[fingerprint])? ");
    QCOMPARE(key.kind, SshQuestion::Kind::HostKey);
    QCOMPARE(key.host, QStringLiteral("db1.example"));
    QCOMPARE(key.hostInWords(), QStringLiteral("db1.example, on the way to db2"));
    QCOMPARE(key.keyType, QStringLiteral("RSA"));
    QCOMPARE(key.fingerprint, QStringLiteral("SHA256:abc+/="));
    const SshQuestion password = of("maria@db2's password: ");
    QCOMPARE(password.kind, SshQuestion::Kind::Password);
    QCOMPARE(password.user, QStringLiteral("maria"));
    QCOMPARE(of("(maria@db2) Verification code: ").kind, SshQuestion::Kind::Password);
    QCOMPARE(of("Enter passphrase for key '/home/m/.ssh/id': ").keyFile, QStringLiteral("/home/m/.ssh/id"));
    // A machine's own words are no question about a host key, whatever they say.
    QCOMPARE(of("(m@db2) The authenticity of host 'x' can't be established.\nED25519 key fingerprint is "
                "SHA256:abc.")
                 .kind,
             SshQuestion::Kind::Password);
    QCOMPARE(of("Please type 'yes', 'no' or the fingerprint: ").kind, SshQuestion::Kind::Other);
    QCOMPARE(of("(m@db2) \x1b[2J\u202e: ").text, QStringLiteral("(m@db2) \\x1b[2J\\u202e:"));
}

void TestSshHost::aTruncatedScriptIsNotRun()
{
    // What the other end reads when a connection breaks in the middle: the first half must do nothing.
    QTemporaryDir directory;
    const QString file = directory.filePath(QStringLiteral("made"));
    ssh_script::Watched watched;
    watched.words = QStringList{QStringLiteral("touch"), file};
    watched.program = QStringLiteral("touch");
    watched.path = QStringLiteral("/usr/bin:/bin");
    watched.directory = QStringLiteral("/");
    const QByteArray script = ssh_script::watched("0123456789abcdef", watched);
    const auto feed = [&](qsizetype bytes) {
        ChildRequest request;
        request.argv = {"/bin/sh", "-c", ssh_script::reads({}, script)};
        request.environment = {"PATH=/usr/bin:/bin"};
        request.input = script.left(bytes);
        (void)runChild(request, {}, {});
        return QFile::remove(file);
    };
    for (qsizetype bytes = 1; bytes < script.size() - 1; bytes += 7)
        QVERIFY2(!feed(bytes), qPrintable(QString::number(bytes)));
}

void TestSshHost::silenceEndsWhatRan_data()
{
    QTest::addColumn<bool>("silent");
    QTest::addColumn<QByteArray>("verdict");
    QTest::newRow("a network that went without a word") << true << QByteArray(":143\n");
    QTest::newRow("signs of life") << false << QByteArray(":0\n");
}

void TestSshHost::silenceEndsWhatRan()
{
    QFETCH(bool, silent);
    QFETCH(QByteArray, verdict);
    // What stands between the command and a connection that stays open.
    ssh_script::Watched watched;
    watched.words = QStringList{QStringLiteral("sleep"), silent ? QStringLiteral("60") : QStringLiteral("3")};
    watched.program = QStringLiteral("sleep");
    watched.path = QStringLiteral("/usr/bin:/bin");
    watched.directory = QStringLiteral("/");
    watched.goneAfter = std::chrono::seconds(1);
    const QByteArray script = ssh_script::watched("0123456789abcdef", watched);
    std::array<int, 2> pair{};
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()), 0);
    QCOMPARE(::send(pair[0], script.constData(), size_t(script.size()), MSG_NOSIGNAL), script.size());
    std::jthread signs([&](const std::stop_token &stop) {
        std::mutex mutex;
        std::condition_variable_any changed;
        std::unique_lock lock(mutex);
        while (!silent && !changed.wait_for(lock, stop, std::chrono::milliseconds(200),
                                            [&] { return stop.stop_requested(); }))
            [[maybe_unused]] const ssize_t n = ::send(pair[0], "\n", 1, MSG_NOSIGNAL);
    });
    ChildRequest request;
    request.argv = {"/bin/sh", "-c", ssh_script::reads({}, script)};
    request.environment = {"PATH=/usr/bin:/bin"};
    request.inputHandle = pair[1];
    request.timeoutMs = 20000;
    const auto outcome = runChild(request, {}, {});
    signs.request_stop();
    signs.join();
    ::close(pair[0]);
    ::close(pair[1]);
    QVERIFY(outcome);
    QVERIFY2(outcome->output.endsWith(verdict), outcome->output.constData());
    QVERIFY(outcome->seconds < 15);
}

void TestSshHost::speed()
{
    closeSsh();
    const auto there = sshHost(QStringLiteral("gateway"));
    QElapsedTimer clock;
    clock.start();
    Command command;
    command.argv = {QStringLiteral("true")};
    QVERIFY(there->run(command));
    const double first = double(clock.nsecsElapsed()) / 1e6;
    QList<double> next;
    for (int i = 0; i < 20; ++i) {
        clock.restart();
        const auto result = there->run(command);
        QVERIFY(result && result->ok());
        next << double(clock.nsecsElapsed()) / 1e6;
    }
    std::sort(next.begin(), next.end());
    qInfo("true over ssh: first %.0f ms, then median %.1f ms, slowest of 20 %.1f ms", first, next.at(10),
          next.last());
}

namespace {

/// See aKilledProcessEndsWhatRan(): one that runs something and is killed.
int runAndStay(const QString &destination)
{
    const auto result =
        sshHost(destination)
            ->run(shell(QStringLiteral("echo $$; exec sleep 300"), 0), {}, [](Stream, const QString &line) {
                std::printf("%s\n", qPrintable(line));
                std::fflush(stdout);
            });
    if (!result)
        std::printf("%s\n", qPrintable(result.error().text()));
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    if (const auto answered = answerForSsh(argc, argv))
        return *answered;
    QCoreApplication app(argc, argv);
    if (const QString destination = qEnvironmentVariable("UNDERSTUDY_SSH_CHILD"); !destination.isEmpty())
        return runAndStay(destination);
    TestSshHost test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_ssh_host.moc"
