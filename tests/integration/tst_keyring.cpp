// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "clusters/Keyring.h"
#include "monitor/ClusterMonitor.h"

#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTest>
#include <thread>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

namespace {

/// A keyring that does as it is told.
class Scripted final : public Keyring
{
public:
    Answer read(const QString &key, int timeoutMs) override
    {
        ++reads;
        lastTimeoutMs = timeoutMs;
        if (!runs)
            return {};
        return store.contains(key) ? Answer{State::Found, store.value(key)} : Answer{State::NotFound, {}};
    }
    Result<void> write(const QString &key, const QString &password, int) override
    {
        store.insert(key, password);
        return {};
    }
    Result<void> remove(const QString &key, int) override
    {
        store.remove(key);
        return {};
    }

    QHash<QString, QString> store;
    bool runs = true;
    int reads = 0;
    int lastTimeoutMs = 0;
};

} // namespace

/// Passwords from a keyring: what is asked, how often, and one round trip with a real one.
class TestKeyring : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aKeyNamesTheLoginWhole()
    {
        Endpoint endpoint;
        endpoint.host = QStringLiteral("::1");
        endpoint.user = QStringLiteral("app");
        QCOMPARE(keyringKey(endpoint), QStringLiteral("app@[::1]:5432/postgres"));
        endpoint.ssh = QStringLiteral("gateway");
        QCOMPARE(keyringKey(endpoint), QStringLiteral("app@[::1]:5432/postgres"));
    }

    void whatIsKnownIsNotAskedAgain()
    {
        auto keyring = std::make_shared<Scripted>();
        KeyringSecrets secrets(keyring, 123);
        Endpoint one;
        one.user = QStringLiteral("app");
        Endpoint other = one;
        other.port = 5433;
        keyring->store.insert(keyringKey(one), QStringLiteral("s3cret"));
        QCOMPARE(secrets.password(one), std::optional(QStringLiteral("s3cret")));
        QCOMPARE(secrets.password(one), std::optional(QStringLiteral("s3cret")));
        QCOMPARE(secrets.password(other), std::nullopt);
        QCOMPARE(secrets.password(other), std::nullopt);
        QCOMPARE(keyring->reads, 2);
        QCOMPARE(keyring->lastTimeoutMs, 123);
        keyring->store.insert(keyringKey(other), QStringLiteral("new"));
        secrets.forget(other);
        QCOMPARE(secrets.password(other), std::optional(QStringLiteral("new")));
    }

    void oneThatIsNotThereIsLeftAlone()
    {
        auto keyring = std::make_shared<Scripted>();
        keyring->runs = false;
        KeyringSecrets secrets(keyring);
        Endpoint endpoint;
        for (int i = 0; i < 500; ++i) {
            endpoint.port = 5000 + i;
            QVERIFY(!secrets.password(endpoint));
        }
        QCOMPARE(keyring->reads, 1);
    }

    void withoutASessionThereIsNone()
    {
        if (qEnvironmentVariableIsSet("UNDERSTUDY_KEYRING_CHILD"))
            return;
        const QByteArray bus = qgetenv("DBUS_SESSION_BUS_ADDRESS");
        const QByteArray runtime = qgetenv("XDG_RUNTIME_DIR");
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qunsetenv("XDG_RUNTIME_DIR");
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(systemKeyring()->read(QStringLiteral("x"), 5000).state, Keyring::State::Unavailable);
        QVERIFY(systemKeyring()
                    ->write(QStringLiteral("x"), QStringLiteral("y"), 5000)
                    .error()
                    .what.contains(QStringLiteral("No keyring runs")));
        QVERIFY2(timer.elapsed() < 100, qPrintable(QString::number(timer.elapsed())));
        if (!bus.isEmpty())
            qputenv("DBUS_SESSION_BUS_ADDRESS", bus);
        if (!runtime.isEmpty())
            qputenv("XDG_RUNTIME_DIR", runtime);
    }

    /// This test again, inside a session of its own with a real keyring.
    void aRealKeyring()
    {
        if (qEnvironmentVariableIsSet("UNDERSTUDY_KEYRING_CHILD"))
            return;
        for (const auto &program :
             {QStringLiteral("gnome-keyring-daemon"), QStringLiteral("dbus-run-session")}) {
            if (QStandardPaths::findExecutable(program).isEmpty())
                QSKIP(
                    qPrintable(QStringLiteral("SKIPPED: no %1 (packages gnome-keyring, dbus): no round trip "
                                              "with a real keyring was made.")
                                   .arg(program)));
        }
        QTemporaryDir home;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("UNDERSTUDY_KEYRING_CHILD"), QStringLiteral("1"));
        for (const auto &name : {QStringLiteral("HOME"), QStringLiteral("XDG_DATA_HOME"),
                                 QStringLiteral("XDG_RUNTIME_DIR"), QStringLiteral("XDG_CACHE_HOME")})
            environment.insert(name, home.path());
        environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        QProcess session;
        session.setProcessEnvironment(environment);
        session.setProcessChannelMode(QProcess::MergedChannels);
        // The daemon unlocks its keyring with what it reads. Asked before it has its name on the bus, the bus
        // would start a second one, which is locked.
        const QString script = QStringLiteral(
            "printf test | gnome-keyring-daemon --unlock --components=secrets --foreground & daemon=$!; "
            "left=400; until dbus-send --session --print-reply --dest=org.freedesktop.DBus / "
            "org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q 'boolean true'; do "
            "left=$((left - 1)); [ $left -gt 0 ] || exit 9; sleep 0.05; done; "
            "\"$0\" inTheSession; code=$?; kill $daemon; wait $daemon; exit $code");
        session.start(QStringLiteral("dbus-run-session"),
                      {QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"), script,
                       QCoreApplication::applicationFilePath()});
        QVERIFY(session.waitForFinished(60000));
        const QByteArray said = session.readAll();
        QVERIFY2(session.exitStatus() == QProcess::NormalExit && session.exitCode() == 0,
                 said.right(1200).constData());
        QVERIFY2(said.contains("PASS   : TestKeyring::inTheSession()"), said.constData());
    }

    void inTheSession()
    {
        if (!qEnvironmentVariableIsSet("UNDERSTUDY_KEYRING_CHILD"))
            return;
        const auto keyring = systemKeyring();
        const QString key = QStringLiteral("app@[::1]:5432/a b\"'é");
        const QString password = QStringLiteral("s3cret \"'\\ é\u202e");
        QCOMPARE(keyring->read(key, 20000).state, Keyring::State::NotFound);
        const auto written = keyring->write(key, password, 10000);
        QVERIFY2(written, written ? "" : qPrintable(written.error().text()));
        Keyring::Answer answer;
        // Several threads at once, as probes do.
        std::vector<std::jthread> threads;
        std::atomic<int> right{0};
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] { right += keyring->read(key, 10000).password == password ? 1 : 0; });
        threads.clear();
        QCOMPARE(right.load(), 8);
        QVERIFY(keyring->remove(key, 10000));
        QCOMPARE(keyring->read(key, 10000).state, Keyring::State::NotFound);
    }

    void aNodeIsWatchedWithIt()
    {
        if (qEnvironmentVariableIsSet("UNDERSTUDY_KEYRING_CHILD"))
            return;
        ServerFolder folder;
        const auto server = TestServer::primary(folder, QStringLiteral("primary"));
        QVERIFY(server);
        WatchedNode node;
        node.endpoint.port = server->port();
        node.endpoint.user = QStringLiteral("understudy");
        node.endpoint.options.insert(QStringLiteral("passfile"), QStringLiteral("/no/such/file"));
        node.id = node.endpoint.address();
        auto keyring = std::make_shared<Scripted>();
        QList<NodeSnapshot> snapshots;
        lookOnce({node}, std::make_shared<KeyringSecrets>(keyring), {}, 1, 0, &snapshots);
        QCOMPARE(snapshots.value(0).answer, Answer::LoginFailed);
        keyring->store.insert(keyringKey(node.endpoint),
                              ServerFolder::password(QStringLiteral("understudy")));
        lookOnce({node}, std::make_shared<KeyringSecrets>(keyring), {}, 1, 0, &snapshots);
        QVERIFY2(snapshots.value(0).answered(), qPrintable(snapshots.value(0).error));
    }
};

QTEST_GUILESS_MAIN(TestKeyring)
#include "tst_keyring.moc"
