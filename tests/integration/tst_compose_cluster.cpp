// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeLab.h"
#include "TestServer.h"
#include "clusters/ClusterSecrets.h"
#include "clusters/ContainerPaths.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace understudy;
using test::ComposeLab;

namespace {

const QString primaryName = QStringLiteral("postgres-primary");
const QString standbyName = QStringLiteral("postgres-standby");

} // namespace

/// A Compose project on a real engine: opened, watched, and what can happen to containers.
class TestComposeCluster : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void theFileIsTheCluster();
    void theVerbSaysIt();
    void aPassfileGoesFirst();
    void addingIsRefused();
    void pausedContainer();
    void partition();
    void replicationNetworkLost();
    void killedPrimary();
    void otherAddressesAfterARestart();
    void discoveredThroughTheEngine();
    void unpublishedIsAGhostWithAReason();
    void withoutAnEngine();
    void cleanupTestCase();

private:
    static ClusterMonitor::Options quick();
    void watch();
    const Cluster *cluster() const;
    const Node *node(const QString &name) const;
    const Link *link() const;
    bool hasFinding(const char *name) const;
    bool allClear() const;
    QString dump() const;
    QString alone(int port) const; ///< A conninfo of one node; its password is in a passfile.
    struct Said
    {
        int code = -1;
        QByteArray out, err;
    };
    Said understudy(const QStringList &words) const;

    std::unique_ptr<ComposeLab> m_lab;
    QTemporaryDir m_own;
    ClusterSpec m_spec;
    std::unique_ptr<ClusterMonitor> m_monitor;
};

ClusterMonitor::Options TestComposeCluster::quick()
{
    ClusterMonitor::Options options;
    options.intervalMs = 200;
    options.deadlineMs = 1500;
    options.thresholds.stallAfterSeconds = 1;
    options.thresholds.raiseAfterSeconds = 0.5;
    options.thresholds.clearAfterSeconds = 0.5;
    return options;
}

void TestComposeCluster::watch()
{
    m_monitor =
        std::make_unique<ClusterMonitor>(secretsOf(m_spec, std::make_shared<LibpqSecrets>()), quick());
    m_monitor->setNodes(m_spec.nodes);
}

const Cluster *TestComposeCluster::cluster() const
{
    const auto &clusters = m_monitor->topology().clusters;
    return clusters.size() == 1 ? &clusters.first() : nullptr;
}

const Node *TestComposeCluster::node(const QString &name) const
{
    if (cluster()) {
        for (const Node &each : cluster()->nodes) {
            if (each.name == name)
                return &each;
        }
    }
    return nullptr;
}

const Link *TestComposeCluster::link() const
{
    const Node *standby = node(standbyName);
    return standby ? cluster()->linkTo(standby->id) : nullptr;
}

bool TestComposeCluster::hasFinding(const char *name) const
{
    return cluster() && std::any_of(cluster()->findings.begin(), cluster()->findings.end(),
                                    [name](const Finding &f) { return f.name == QLatin1String(name); });
}

bool TestComposeCluster::allClear() const
{
    return link() && link()->lag == LagState::CaughtUp && link()->confidence == Confidence::Certain &&
           node(primaryName) && node(primaryName)->state == NodeState::Up &&
           node(standbyName)->state == NodeState::Up &&
           std::none_of(cluster()->findings.begin(), cluster()->findings.end(),
                        [](const Finding &f) { return f.severity != Severity::Notice; });
}

QString TestComposeCluster::dump() const
{
    return QString::fromUtf8(QJsonDocument(toJson(m_monitor->topology())).toJson());
}

QString TestComposeCluster::alone(int port) const
{
    return QStringLiteral("host=127.0.0.1 port=%1 user=postgres dbname=appdb passfile=%2")
        .arg(port)
        .arg(m_own.filePath(QStringLiteral("passfile")));
}

TestComposeCluster::Said TestComposeCluster::understudy(const QStringList &words) const
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_STATE_HOME"), m_own.path());
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_own.path());
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(UNDERSTUDY_BINARY), words);
    process.closeWriteChannel();
    Said said;
    if (process.waitForFinished(60000) && process.exitStatus() == QProcess::NormalExit)
        said.code = process.exitCode();
    said.out = process.readAllStandardOutput();
    said.err = process.readAllStandardError();
    return said;
}

void TestComposeCluster::initTestCase()
{
    if (const QString missing = ComposeLab::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED, nothing was tested with Docker: ") + missing));
    // Nobody's own passwords take part.
    qputenv("HOME", QFile::encodeName(m_own.path()));
    qunsetenv("PGPASSFILE");
    qunsetenv("PGPASSWORD");
    QFile passfile(m_own.filePath(QStringLiteral("passfile")));
    QVERIFY(passfile.open(QIODevice::WriteOnly));
    passfile.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    passfile.write("*:*:*:postgres:" + ComposeLab::password().toUtf8() + "\n");
    passfile.close();

    m_lab = std::make_unique<ComposeLab>();
    QVERIFY(m_lab->up());
    const auto spec = resolveCluster(m_lab->file());
    QVERIFY2(spec, spec ? "" : qPrintable(spec.error().text()));
    m_spec = *spec;
    QCOMPARE(m_lab->psql(standbyName, QStringLiteral("SELECT count(*) FROM orders")),
             QStringLiteral("50004"));
}

void TestComposeCluster::init()
{
    watch();
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
}

void TestComposeCluster::cleanup()
{
    m_monitor.reset();
}

void TestComposeCluster::cleanupTestCase()
{
    const QString folder = m_lab ? m_lab->folder() : QString();
    m_lab.reset();
    if (folder.isEmpty())
        return;
    QVERIFY2(!QFile::exists(folder), qPrintable(folder));
    QFile mounts(QStringLiteral("/proc/mounts"));
    QVERIFY(mounts.open(QIODevice::ReadOnly));
    QVERIFY(!mounts.readAll().contains(folder.toUtf8()));
}

void TestComposeCluster::theFileIsTheCluster()
{
    QCOMPARE(m_spec.composeFile, m_lab->file());
    QVERIFY2(m_spec.notes.isEmpty(), qPrintable(m_spec.notes.join(u' ')));
    QCOMPARE(m_spec.nodes.size(), 2);
    QCOMPARE(m_spec.nodes.at(0).name, primaryName);
    QCOMPARE(m_spec.nodes.at(0).id, QStringLiteral("127.0.0.1:%1").arg(m_lab->primaryPort()));
    QCOMPARE(m_spec.nodes.at(1).name, standbyName);
    QCOMPARE(m_spec.nodes.at(1).id, QStringLiteral("127.0.0.1:%1").arg(m_lab->standbyPort()));
    QCOMPARE(m_spec.nodes.at(1).endpoint.user, QStringLiteral("postgres"));
    QCOMPARE(m_spec.nodes.at(1).endpoint.database, QStringLiteral("appdb"));

    QCOMPARE(node(primaryName)->role, Role::Primary);
    QCOMPARE(link()->slot, QStringLiteral("standby_slot"));
    QCOMPARE(link()->matchedBy, MatchedBy::Slot);
    QCOMPARE(link()->applicationName, QStringLiteral("walreceiver"));

    // The password is in memory and nowhere else.
    const QString saved = m_own.filePath(QStringLiteral("saved.json"));
    QVERIFY(saveCluster(m_spec, saved));
    QFile file(saved);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("ecret"));
    for (const WatchedNode &each : m_spec.nodes)
        QVERIFY(!each.endpoint.conninfo().contains(QStringLiteral("ecret")));
}

void TestComposeCluster::theVerbSaysIt()
{
    const Said said = understudy({QStringLiteral("topology"), m_lab->file(), QStringLiteral("--json")});
    QVERIFY2(said.code == 0, said.err.constData());
    const QJsonArray clusters =
        QJsonDocument::fromJson(said.out).object().value(QStringLiteral("clusters")).toArray();
    QCOMPARE(clusters.size(), 1);
    const QJsonValue one = clusters.at(0);
    QCOMPARE(one[QStringLiteral("nodes")].toArray().size(), 2);
    const QJsonArray nodes = one[QStringLiteral("nodes")].toArray();
    for (const QJsonValue &each : nodes)
        QCOMPARE(each[QStringLiteral("state")].toString(), QStringLiteral("up"));
    const QJsonArray links = one[QStringLiteral("links")].toArray();
    QCOMPARE(links.size(), 1);
    QCOMPARE(links.at(0)[QStringLiteral("confidence")].toString(), QStringLiteral("certain"));
    QCOMPARE(links.at(0)[QStringLiteral("matched_by")].toString(), QStringLiteral("slot"));
    QCOMPARE(links.at(0)[QStringLiteral("lag_state")].toString(), QStringLiteral("caught_up"));
    QVERIFY(!said.out.contains("ecret") && !said.err.contains("ecret"));
}

void TestComposeCluster::aPassfileGoesFirst()
{
    const auto secrets = secretsOf(m_spec, std::make_shared<LibpqSecrets>());
    Endpoint endpoint = m_spec.nodes.at(0).endpoint;
    QCOMPARE(secrets->password(endpoint), ComposeLab::password());
    Endpoint stranger = endpoint;
    stranger.host = QStringLiteral("192.0.2.1");
    QCOMPARE(secrets->password(stranger), std::nullopt);
    stranger = endpoint;
    stranger.user = QStringLiteral("somebody");
    QCOMPARE(secrets->password(stranger), std::nullopt);
    // libpq finds it there by itself.
    endpoint.options.insert(QStringLiteral("passfile"), m_own.filePath(QStringLiteral("passfile")));
    QCOMPARE(secrets->password(endpoint), std::nullopt);
    qputenv("PGPASSWORD", "x");
    QCOMPARE(secrets->password(m_spec.nodes.at(0).endpoint), std::nullopt);
    qunsetenv("PGPASSWORD");
}

void TestComposeCluster::addingIsRefused()
{
    for (const QStringList &words :
         {QStringList{QStringLiteral("preflight"), m_lab->file()},
          QStringList{QStringLiteral("add-standby"), m_lab->file(), QStringLiteral("--yes")},
          QStringList{QStringLiteral("add-standby"), m_lab->file(), QStringLiteral("--dry-run")}}) {
        const Said said = understudy(words);
        QVERIFY(said.code == 1 || said.code == 2);
        QVERIFY2(said.err.contains("Compose project is not there yet"), said.err.constData());
        QCOMPARE(said.err.trimmed().count('\n'), 0);
    }
    QCOMPARE(m_lab->psql(primaryName, QStringLiteral("SELECT count(*) FROM pg_replication_slots")),
             QStringLiteral("1"));
}

void TestComposeCluster::pausedContainer()
{
    const QString standby = m_lab->container(standbyName);
    QVERIFY(!m_lab->docker({QStringLiteral("pause"), standby}).isNull());
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY2_WITH_TIMEOUT(node(standbyName)->state == NodeState::NotResponding, qPrintable(dump()), 2500);
    QVERIFY(hasFinding("node_not_responding"));
    QCOMPARE(node(standbyName)->role, Role::Standby); // What was known stays known.
    QSignalSpy ticks(m_monitor.get(), &ClusterMonitor::topologyChanged);
    const qint64 before = node(primaryName)->factsAtUs;
    timer.restart();
    QTRY_VERIFY_WITH_TIMEOUT(ticks.size() >= 10, 5000);
    QVERIFY2(timer.elapsed() < 4000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(node(primaryName)->factsAtUs > before);
    QCOMPARE(node(primaryName)->state, NodeState::Up);
    // The primary gives the walsender up after its wal_sender_timeout (2 s).
    QTRY_VERIFY2_WITH_TIMEOUT(link() && link()->state == LinkState::Broken, qPrintable(dump()), 8000);
    QVERIFY(!m_lab->docker({QStringLiteral("unpause"), standby}).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 15000);
}

void TestComposeCluster::partition()
{
    // The published port goes with the network: nobody reaches the standby any more.
    const QString standby = m_lab->container(standbyName);
    QVERIFY(
        !m_lab->docker({QStringLiteral("network"), QStringLiteral("disconnect"), m_lab->network(), standby})
             .isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(node(standbyName)->state != NodeState::Up && link() &&
                                  link()->lag == LagState::Disconnected && hasFinding("standby_disconnected"),
                              qPrintable(dump()), 8000);
    QCOMPARE(link()->state, LinkState::Broken);
    QCOMPARE(node(primaryName)->state, NodeState::Up);
    QVERIFY(!m_lab
                 ->docker({QStringLiteral("network"), QStringLiteral("connect"), QStringLiteral("--alias"),
                           standbyName, m_lab->network(), standby})
                 .isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
}

void TestComposeCluster::replicationNetworkLost()
{
    // A second network keeps the standby in sight while its upstream is out of its reach.
    const QString standby = m_lab->container(standbyName);
    const QString second = m_lab->network() + QStringLiteral("-second");
    QVERIFY(!m_lab
                 ->docker({QStringLiteral("network"), QStringLiteral("create"), QStringLiteral("--label"),
                           QStringLiteral("understudy.lab=") + m_lab->network().section(u'_', 0, 0), second})
                 .isNull());
    QVERIFY(!m_lab->docker({QStringLiteral("network"), QStringLiteral("connect"), second, standby}).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 10000);
    QVERIFY(
        !m_lab->docker({QStringLiteral("network"), QStringLiteral("disconnect"), m_lab->network(), standby})
             .isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(
        node(standbyName)->state == NodeState::Up && link() && link()->state == LinkState::Broken &&
            (link()->lag == LagState::Disconnected || link()->lag == LagState::NoReceiver) &&
            hasFinding("standby_disconnected"),
        qPrintable(dump()), 15000);
    QCOMPARE(node(primaryName)->state, NodeState::Up);
    QVERIFY(!m_lab
                 ->docker({QStringLiteral("network"), QStringLiteral("connect"), QStringLiteral("--alias"),
                           standbyName, m_lab->network(), standby})
                 .isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
    QVERIFY(
        !m_lab->docker({QStringLiteral("network"), QStringLiteral("disconnect"), second, standby}).isNull());
    QVERIFY(!m_lab->docker({QStringLiteral("network"), QStringLiteral("rm"), second}).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
}

void TestComposeCluster::killedPrimary()
{
    const QString primary = m_lab->container(primaryName);
    QVERIFY(!m_lab->docker({QStringLiteral("kill"), QStringLiteral("-s"), QStringLiteral("KILL"), primary})
                 .isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(node(primaryName)->state == NodeState::Down && link() &&
                                  link()->lag == LagState::NoReceiver && hasFinding("node_down"),
                              qPrintable(dump()), 8000);
    QCOMPARE(node(primaryName)->role, Role::Primary);
    QCOMPARE(node(standbyName)->state, NodeState::Up);
    QVERIFY(!m_lab->docker({QStringLiteral("start"), primary}).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
}

void TestComposeCluster::otherAddressesAfterARestart()
{
    const QString primary = m_lab->container(primaryName), standby = m_lab->container(standbyName);
    const QString before = m_lab->address(primaryName);
    QVERIFY(!m_lab->docker({QStringLiteral("stop"), standby, primary}).isNull());
    QTRY_VERIFY2_WITH_TIMEOUT(node(primaryName)->state == NodeState::Down &&
                                  node(standbyName)->state == NodeState::Down,
                              qPrintable(dump()), 10000);
    // The first that starts takes the first address.
    QVERIFY(!m_lab->docker({QStringLiteral("start"), standby}).isNull());
    QVERIFY(!m_lab->docker({QStringLiteral("start"), primary}).isNull());
    QCOMPARE(m_lab->address(standbyName), before);
    QVERIFY(m_lab->address(primaryName) != before);
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
    QCOMPARE(link()->matchedBy, MatchedBy::Slot);
}

void TestComposeCluster::discoveredThroughTheEngine()
{
    const struct
    {
        int from, to;
        QString name;
    } ways[] = {{m_lab->primaryPort(), m_lab->standbyPort(), standbyName},
                {m_lab->standbyPort(), m_lab->primaryPort(), primaryName}};
    for (const auto &way : ways) {
        const auto spec = resolveCluster(alone(way.from));
        QVERIFY2(spec, spec ? "" : qPrintable(spec.error().text()));
        const auto secrets = std::make_shared<LibpqSecrets>();
        QList<NodeSnapshot> looks;
        lookOnce(spec->nodes, secrets, quick(), 1, 0, &looks);
        QMap<QString, QString> unreachable;
        const QList<WatchedNode> found = discoverNodes(*spec, looks, secrets, &unreachable);
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.at(0).id, QStringLiteral("127.0.0.1:%1").arg(way.to));
        QCOMPARE(found.at(0).name, way.name);
        QVERIFY(unreachable.isEmpty());
    }
}

void TestComposeCluster::unpublishedIsAGhostWithAReason()
{
    QVERIFY(m_lab->publishStandby(false));
    QTRY_COMPARE_WITH_TIMEOUT(
        m_lab->psql(primaryName,
                    QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")),
        QStringLiteral("1"), 20000);
    const QString reason = QStringLiteral("Service postgres-standby publishes no port.");
    for (const QString &cluster : {alone(m_lab->primaryPort()), m_lab->file()}) {
        const Said said = understudy({QStringLiteral("topology"), cluster, QStringLiteral("--json")});
        QVERIFY2(said.code == 0, said.err.constData());
        const QJsonValue one = QJsonDocument::fromJson(said.out)[QStringLiteral("clusters")].toArray().at(0);
        const QJsonArray nodes = one[QStringLiteral("nodes")].toArray();
        QCOMPARE(nodes.size(), 2);
        const QJsonValue ghost =
            nodes.at(nodes.at(0)[QStringLiteral("state")].toString() == QLatin1String("ghost") ? 0 : 1);
        QCOMPARE(ghost[QStringLiteral("state")].toString(), QStringLiteral("ghost"));
        QVERIFY2(ghost[QStringLiteral("reason")].toString().endsWith(reason),
                 qPrintable(ghost[QStringLiteral("reason")].toString()));
        // Never by the container's own address, though this machine could reach it.
        QVERIFY(ghost[QStringLiteral("id")].toString() !=
                m_lab->address(standbyName) + QStringLiteral(":5432"));
        QCOMPARE(said.err.contains(reason.toUtf8()), cluster == m_lab->file());
    }
    QVERIFY(m_lab->publishStandby(true));
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
}

void TestComposeCluster::withoutAnEngine()
{
    // The file says where the nodes are, whether or not anything runs.
    const QByteArray host = qgetenv("DOCKER_HOST");
    qputenv("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    const auto spec = resolveCluster(m_lab->file());
    if (host.isEmpty())
        qunsetenv("DOCKER_HOST");
    else
        qputenv("DOCKER_HOST", host);
    QVERIFY2(spec, spec ? "" : qPrintable(spec.error().text()));
    QCOMPARE(spec->nodes.size(), 2);
    QCOMPARE(spec->notes.size(), 1);
    QVERIFY2(spec->notes.at(0).startsWith(QStringLiteral("The Docker engine does not answer")),
             qPrintable(spec->notes.at(0)));
    // No Compose at all: one sentence, and what can be done.
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", "/nonexistent");
    const auto none = resolveCluster(m_lab->file());
    qputenv("PATH", path);
    QVERIFY(!none);
    QVERIFY2(none.error().what.startsWith(QStringLiteral("Compose is not installed")),
             qPrintable(none.error().text()));
}

QTEST_GUILESS_MAIN(TestComposeCluster)
#include "tst_compose_cluster.moc"
