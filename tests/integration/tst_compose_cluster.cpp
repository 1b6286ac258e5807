// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeWatch.h"

#include <QJsonArray>
#include <QTest>

using namespace understudy;
using namespace understudy::test;

/// A Compose project on a real engine: opened by its file, discovered from one of its nodes, and what is said
/// of both.
class TestComposeCluster : public QObject, private ComposeWatch
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_monitor.reset(); }
    void theFileIsTheCluster();
    void theVerbSaysIt();
    void aPassfileGoesFirst();
    void discoveredThroughTheEngine();
    void unpublishedIsAGhostWithAReason();
    void withoutAnEngine();
    void cleanupTestCase() { QCOMPARE(close(), QString()); }

private:
    QString alone(int port) const; ///< A conninfo of one node; its password is in a passfile.
    struct Said
    {
        int code = -1;
        QByteArray out, err;
    };
    Said understudy(const QStringList &words) const;
};

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
    QFile passfile(m_own.filePath(QStringLiteral("passfile")));
    QVERIFY(passfile.open(QIODevice::WriteOnly));
    passfile.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    passfile.write("*:*:*:postgres:" + ComposeLab::password().toUtf8() + "\n");
    passfile.close();

    QVERIFY(open());
    QCOMPARE(m_lab->psql(standbyName, QStringLiteral("SELECT count(*) FROM orders")),
             QStringLiteral("50004"));
}

void TestComposeCluster::init()
{
    watch();
    QTRY_VERIFY2_WITH_TIMEOUT(allClear(), qPrintable(dump()), 20000);
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
