// SPDX-License-Identifier: GPL-3.0-or-later
#include "Certificates.h"
#include "SshServer.h"
#include "TestServer.h"
#include "hosts/SshTunnels.h"
#include "hosts/SshWords.h"
#include "monitor/ClusterMonitor.h"

#include <QElapsedTimer>
#include <QTest>
#include <algorithm>
#include <csignal>

using namespace understudy;
using test::Certificates;
using test::ServerFolder;
using test::SshServer;
using test::TestServer;

/// A node that is reached through a real sshd: up, cut off, back; and nothing left behind.
class TestSshTunnel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void upAndBackAgain();
    void tlsChecksTheRealName();
    void overTheServersSocket();
    void whatFailsIsSaidInWords_data();
    void whatFailsIsSaidInWords();
    void aHungTunnelHoldsNobodyUp();
    void endsWithTheProcess();
    void words();

private:
    WatchedNode through(const QString &sshHost) const;
    NodeSnapshot look(const WatchedNode &node, int polls = 1) const;

    ServerFolder m_folder;
    Certificates m_certificates{m_folder};
    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<SshServer> m_ssh;
};

void TestSshTunnel::initTestCase()
{
    if (const QString missing = SshServer::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED: no %1 (packages openssh-server, openssh-client): no tunnel "
                                        "was tested.")
                             .arg(missing)));
    m_ssh = std::make_unique<SshServer>();
    QVERIFY(m_ssh->make());
    QVERIFY(m_certificates.makeAuthority(QStringLiteral("ca")));
    QVERIFY(m_certificates.makeServer(QStringLiteral("server"), QStringLiteral("localhost"),
                                      QStringLiteral("ca")));
    m_server = TestServer::primary(m_folder, QStringLiteral("primary"),
                                   m_certificates.settings(QStringLiteral("server")));
    QVERIFY(m_server);
    // A line of the server's own port only: the tunnel's port must not be looked for.
    QFile passfile(m_folder.filePath(QStringLiteral("exact")));
    QVERIFY(passfile.open(QIODevice::WriteOnly));
    for (const char *host : {"127.0.0.1", "localhost", "db1.example"})
        passfile.write(QStringLiteral("%1:%2:postgres:understudy:%3\n")
                           .arg(QLatin1String(host))
                           .arg(m_server->port())
                           .arg(ServerFolder::password(QStringLiteral("understudy")))
                           .toUtf8());
    passfile.close();
    QVERIFY(passfile.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    setReach(std::make_shared<SshTunnels>());
}

void TestSshTunnel::cleanup()
{
    // Every test starts without a tunnel and ends without an ssh.
    setReach(nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(!m_ssh || m_ssh->clients().isEmpty(), 5000);
    setReach(std::make_shared<SshTunnels>());
}

WatchedNode TestSshTunnel::through(const QString &sshHost) const
{
    WatchedNode node;
    node.endpoint.port = m_server->port();
    node.endpoint.user = QStringLiteral("understudy");
    node.endpoint.options.insert(QStringLiteral("passfile"), m_folder.filePath(QStringLiteral("exact")));
    node.endpoint.ssh = sshHost;
    node.id = node.endpoint.address();
    return node;
}

NodeSnapshot TestSshTunnel::look(const WatchedNode &node, int polls) const
{
    QList<NodeSnapshot> snapshots;
    lookOnce({node}, std::make_shared<LibpqSecrets>(), {}, polls, 100, &snapshots);
    return snapshots.value(0);
}

void TestSshTunnel::upAndBackAgain()
{
    ClusterMonitor::Options options;
    options.intervalMs = 200;
    ClusterMonitor monitor(std::make_shared<LibpqSecrets>(), options);
    const WatchedNode node = through(QStringLiteral("gateway"));
    const auto state = [&] {
        const Node *seen = monitor.topology().node(node.id);
        return seen ? seen->state : NodeState::Ghost;
    };
    const auto reason = [&] {
        const Node *seen = monitor.topology().node(node.id);
        return seen ? seen->reason : QString();
    };
    monitor.setNodes({node});
    QTRY_VERIFY2_WITH_TIMEOUT(state() == NodeState::Up, qPrintable(reason()), 15000);
    // The node is called by its own address, as it is where it runs.
    QCOMPARE(node.id, QStringLiteral("127.0.0.1:%1").arg(m_server->port()));
    const QList<pid_t> first = m_ssh->clients();
    QCOMPARE(first.size(), 1);

    // The server behind it is stopped: down, in words, as without a tunnel.
    QVERIFY(m_server->stop());
    QTRY_VERIFY2_WITH_TIMEOUT(state() == NodeState::Down, qPrintable(reason()), 15000);
    QVERIFY(m_server->start());
    QTRY_VERIFY2_WITH_TIMEOUT(state() == NodeState::Up, qPrintable(reason()), 15000);
    QCOMPARE(m_ssh->clients(), first);

    // The SSH server goes, and its connections with it: the node is unknown, and why is said.
    m_ssh->stop();
    ::kill(first.constFirst(), SIGKILL);
    QTRY_VERIFY2_WITH_TIMEOUT(state() == NodeState::Unknown || state() == NodeState::NotResponding,
                              qPrintable(reason()), 15000);
    QTRY_VERIFY2_WITH_TIMEOUT(reason().contains(QStringLiteral("ssh to gateway failed")),
                              qPrintable(reason()), 15000);
    QVERIFY2(reason().contains(QStringLiteral("No SSH server listens there")), qPrintable(reason()));
    QVERIFY(m_ssh->start());
    QTRY_VERIFY2_WITH_TIMEOUT(state() == NodeState::Up, qPrintable(reason()), 15000);

    // ssh alone is killed: the way is opened again by itself.
    const QList<pid_t> second = m_ssh->clients();
    QCOMPARE(second.size(), 1);
    ::kill(second.constFirst(), SIGKILL);
    QTRY_VERIFY_WITH_TIMEOUT(m_ssh->clients().size() == 1 && m_ssh->clients() != second, 15000);
    QTRY_VERIFY2_WITH_TIMEOUT(state() == NodeState::Up, qPrintable(reason()), 15000);
}

void TestSshTunnel::tlsChecksTheRealName()
{
    WatchedNode node = through(QStringLiteral("gateway"));
    node.endpoint.host = QStringLiteral("localhost");
    node.endpoint.options.insert(QStringLiteral("hostaddr"), QStringLiteral("127.0.0.1"));
    node.endpoint.options.insert(QStringLiteral("sslmode"), QStringLiteral("verify-full"));
    node.endpoint.options.insert(QStringLiteral("sslrootcert"),
                                 m_certificates.authority(QStringLiteral("ca")));
    const NodeSnapshot right = look(node, 2);
    QVERIFY2(right.answered(), qPrintable(right.error));
    node.endpoint.host = QStringLiteral("db1.example");
    const NodeSnapshot wrong = look(node, 2);
    QVERIFY(!wrong.answered());
    QVERIFY2(wrong.error.contains(QStringLiteral("does not match host name \"db1.example\"")),
             qPrintable(wrong.error));
    QCOMPARE(m_ssh->clients().size(), 1); // one way for one target
}

void TestSshTunnel::overTheServersSocket()
{
    WatchedNode node = through(QStringLiteral("gateway"));
    node.endpoint.host = m_server->socketDir();
    const NodeSnapshot seen = look(node, 2);
    QVERIFY2(seen.answered(), qPrintable(seen.error));
}

void TestSshTunnel::whatFailsIsSaidInWords_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("words");
    QTest::newRow("unknown host key")
        << QStringLiteral("stranger") << QStringLiteral("run 'ssh stranger' once, compare the fingerprint");
    QTest::newRow("no key that fits") << QStringLiteral("nokey") << QStringLiteral("ssh-copy-id nokey");
    QTest::newRow("no such host") << QStringLiteral("no-such-host.invalid")
                                  << QStringLiteral("Check how the host is spelled");
}

void TestSshTunnel::whatFailsIsSaidInWords()
{
    QFETCH(QString, host);
    QFETCH(QString, words);
    const NodeSnapshot seen = look(through(host), 2);
    QCOMPARE(seen.answer, Answer::Failed);
    QVERIFY2(seen.error.startsWith(QStringLiteral("ssh to %1 failed: ").arg(host)), qPrintable(seen.error));
    QVERIFY2(seen.error.contains(words), qPrintable(seen.error));
}

void TestSshTunnel::aHungTunnelHoldsNobodyUp()
{
    ClusterMonitor::Options options;
    options.intervalMs = 100;
    options.deadlineMs = 1000;
    ClusterMonitor monitor(std::make_shared<LibpqSecrets>(), options);
    WatchedNode far = through(QStringLiteral("gateway"));
    WatchedNode near = through(QString());
    near.endpoint.host = QStringLiteral("localhost");
    near.endpoint.options.insert(QStringLiteral("hostaddr"), QStringLiteral("127.0.0.1"));
    near.id = near.endpoint.address();
    const auto stateOf = [&](const WatchedNode &node) {
        const Node *seen = monitor.topology().node(node.id);
        return seen ? seen->state : NodeState::Ghost;
    };
    monitor.setNodes({far, near});
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(far), NodeState::Up, 15000);
    const pid_t ssh = m_ssh->clients().value(0);
    QVERIFY(ssh > 0);
    ::kill(ssh, SIGSTOP);
    QTRY_VERIFY2_WITH_TIMEOUT(stateOf(far) == NodeState::NotResponding,
                              qPrintable(monitor.topology().node(far.id)->reason), 5000);
    // The other one is asked on and on meanwhile.
    int looks = 0;
    connect(&monitor, &ClusterMonitor::snapshotTaken, &monitor, [&](const NodeSnapshot &snapshot) {
        looks += snapshot.id == near.id && snapshot.answered() ? 1 : 0;
    });
    QTRY_VERIFY_WITH_TIMEOUT(looks >= 10, 3000);
    QVERIFY2(stateOf(far) == NodeState::NotResponding, qPrintable(monitor.topology().node(far.id)->reason));
    ::kill(ssh, SIGCONT);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(far), NodeState::Up, 15000);
}

void TestSshTunnel::endsWithTheProcess()
{
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("UNDERSTUDY_TUNNEL_CHILD"),
                       QStringLiteral("127.0.0.1:%1").arg(m_server->port()));
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), QStringList());
    QByteArray said;
    while (!said.contains("open ") && child.waitForReadyRead(20000))
        said += child.readAllStandardOutput();
    QVERIFY2(said.contains("open ") && !said.contains("open 0\n"), said.constData());
    QCOMPARE(m_ssh->clients().size(), 1);
    child.kill(); // nobody can tidy up after this
    QVERIFY(child.waitForFinished(5000));
    QTRY_VERIFY_WITH_TIMEOUT(m_ssh->clients().isEmpty(), 5000);
}

void TestSshTunnel::words()
{
    const Error evil = sshError(QStringLiteral("h"), QStringLiteral("a\x1b[31m\n<b>b</b>\u202e."));
    QCOMPARE(evil.what, QStringLiteral("ssh to h failed: a\\x1b[31m <b>b</b>\\u202e."));
    QVERIFY(sshError(QStringLiteral("h"), QString()).what.contains(QStringLiteral("without a word")));
    QVERIFY(
        sshError(QStringLiteral("h"), QStringLiteral("ssh: connect to host h port 22: Connection refused"))
            .action.contains(QStringLiteral("No SSH server listens there")));
    QVERIFY(sshError(QStringLiteral("h"), QStringLiteral("REMOTE HOST IDENTIFICATION HAS CHANGED"))
                .action.contains(QStringLiteral("ssh-keygen -R h")));
}

namespace {

/// See endsWithTheProcess(): one that opens a tunnel and is killed. It makes no folder that would stay.
int openAndStay(const QString &target)
{
    SshTunnel tunnel(QStringLiteral("gateway"), target);
    const auto port = tunnel.port(20000);
    std::printf("open %d\n", port ? *port : 0);
    std::fflush(stdout);
    ::pause();
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (const QString target = qEnvironmentVariable("UNDERSTUDY_TUNNEL_CHILD"); !target.isEmpty())
        return openAndStay(target);
    TestSshTunnel test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_ssh_tunnel.moc"
