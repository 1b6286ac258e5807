// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ClusterSecrets.h"
#include "clusters/ComposeCluster.h"
#include "clusters/ContainerPaths.h"

#include <QtTest>

using namespace understudy;
using Found = ContainerPaths::Found;

namespace {

Result<QByteArray> noFile(const QString &path)
{
    return fail(path);
}

Result<ClusterSpec> clusterOf(const QByteArray &yaml, const QList<EngineContainer> &containers = {})
{
    const auto project = parseComposeConfig(yaml);
    if (!project)
        return tl::unexpected(project.error());
    return clusterOfProject(QStringLiteral("/srv/shop/docker-compose.yml"), *project, containers, noFile);
}

EngineContainer container(const QString &service, const QString &address, int published)
{
    EngineContainer out;
    out.name = QStringLiteral("shop_%1_1").arg(service);
    out.service = service;
    out.workingDirectory = QStringLiteral("/srv/shop");
    out.networks = {QStringLiteral("shop_default")};
    out.addresses = {address};
    out.aliases = {service, out.name};
    if (published > 0)
        out.ports = {{QStringLiteral("127.0.0.1"), published, published, 5432, QStringLiteral("tcp")}};
    return out;
}

} // namespace

class TestComposeNodes : public QObject
{
    Q_OBJECT
    QTemporaryDir m_home;

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("HOME", QFile::encodeName(m_home.path()));
        qunsetenv("PGPASSFILE");
        qunsetenv("PGPASSWORD");
    }

    void servicesBecomeNodes()
    {
        const auto spec = clusterOf("name: shop\nservices:\n"
                                    "  db: {image: postgres, ports: ['5432:5432'],"
                                    " environment: {POSTGRES_USER: app, POSTGRES_PASSWORD: p$$w}}\n"
                                    "  db-replica: {image: postgres, ports: ['127.0.0.1:5433:5432']}\n"
                                    "  hidden-replica: {image: postgres}\n"
                                    "  web: {image: nginx, ports: ['80:80']}\n");
        QVERIFY2(spec, spec ? "" : qPrintable(spec.error().text()));
        QCOMPARE(spec->title, QStringLiteral("shop"));
        QCOMPARE(spec->composeFile, QStringLiteral("/srv/shop/docker-compose.yml"));
        QCOMPARE(spec->nodes.size(), 2);
        QCOMPARE(spec->nodes.at(0).id, QStringLiteral("127.0.0.1:5432"));
        QCOMPARE(spec->nodes.at(1).name, QStringLiteral("db-replica"));
        QCOMPARE(spec->nodes.at(1).endpoint.user, QStringLiteral("app"));
        QCOMPARE(spec->nodes.at(1).endpoint.database, QStringLiteral("app"));
        QCOMPARE(spec->notes, QStringList{QStringLiteral("Service hidden-replica publishes no port.")});
        for (const WatchedNode &node : spec->nodes)
            QCOMPARE(secretsOf(*spec, nullptr)->password(node.endpoint), QStringLiteral("p$w"));
    }

    void aPortOfTheEnginesChoice()
    {
        const QByteArray yaml = "services: {db: {image: postgres, ports: ['5432']}}";
        const auto unknown = clusterOf(yaml);
        QVERIFY(!unknown);
        QVERIFY2(unknown.error().what.contains(QStringLiteral("the engine chooses")),
                 qPrintable(unknown.error().what));
        EngineContainer other = container(QStringLiteral("db"), QStringLiteral("172.18.0.2"), 40000);
        other.workingDirectory = QStringLiteral("/srv/another");
        const auto spec =
            clusterOf(yaml, {other, container(QStringLiteral("db"), QStringLiteral("172.19.0.2"), 49153)});
        QVERIFY(spec);
        QCOMPARE(spec->nodes.at(0).id, QStringLiteral("127.0.0.1:49153"));
        QCOMPARE(spec->title, QStringLiteral("shop"));
    }

    void aProfileThatNobodyStarted()
    {
        const QByteArray yaml = "services:\n  a: {image: postgres, ports: ['5432:5432']}\n"
                                "  b: {image: postgres, ports: ['5433:5432'], profiles: [extra]}\n";
        const auto without = clusterOf(yaml);
        QVERIFY(without);
        QCOMPARE(without->nodes.size(), 1);
        QCOMPARE(without->notes,
                 QStringList{QStringLiteral("Service b belongs to the profile extra and is not running.")});
        const auto with =
            clusterOf(yaml, {container(QStringLiteral("b"), QStringLiteral("172.18.0.2"), 5433)});
        QVERIFY(with && with->notes.isEmpty());
        QCOMPARE(with->nodes.size(), 2);
    }

    void whatCannotBeOpened_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("word");
        QTest::newRow("no services") << QByteArray("services: {}") << QStringLiteral("has no services");
        QTest::newRow("none of them") << QByteArray("services: {web: {image: nginx}, app: {image: x}}")
                                      << QStringLiteral("services are: web, app");
        QTest::newRow("not published") << QByteArray("services: {db: {image: postgres}}")
                                       << QStringLiteral("Service db publishes no port.");
    }

    void whatCannotBeOpened()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, word);
        const auto spec = clusterOf(yaml);
        QVERIFY(!spec);
        QVERIFY2(spec.error().text().contains(word), qPrintable(spec.error().text()));
    }

    void twoServicesAtOneAddress()
    {
        const auto spec = clusterOf("services:\n  a: {image: postgres, ports: ['5432:5432']}\n"
                                    "  b: {image: postgres, ports: ['5432:5432']}\n");
        QVERIFY(spec);
        QCOMPARE(spec->nodes.size(), 1);
        QVERIFY2(spec->notes.value(0).contains(QStringLiteral("a and b")), qPrintable(spec->notes.value(0)));
    }

    void aPasswordStaysWithItsHost()
    {
        DescribedSecrets secrets;
        Endpoint endpoint;
        endpoint.user = QStringLiteral("app");
        QCOMPARE(secrets.password(endpoint), std::nullopt);
        secrets.set(endpoint, QStringLiteral("one"));
        Endpoint beside = endpoint;
        beside.port = 5999;
        QCOMPARE(secrets.password(beside), QStringLiteral("one"));
        secrets.set(beside, QStringLiteral("two"));
        QCOMPARE(secrets.password(beside), QStringLiteral("two"));
        QCOMPARE(secrets.password(endpoint), QStringLiteral("one"));
        Endpoint elsewhere = endpoint;
        elsewhere.host = QStringLiteral("db.example");
        QCOMPARE(secrets.password(elsewhere), std::nullopt);
    }

    void aPassfileThatOthersMayReadDoesNotCount()
    {
        DescribedSecrets secrets;
        Endpoint endpoint;
        endpoint.user = QStringLiteral("app");
        secrets.set(endpoint, QStringLiteral("described"));
        const QString path = m_home.filePath(QStringLiteral(".pgpass"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("127.0.0.1:5432:*:app:his\n");
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        QCOMPARE(secrets.password(endpoint), std::nullopt);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther);
        QCOMPARE(secrets.password(endpoint), QStringLiteral("described"));
        QVERIFY(file.remove());
    }

    void waysThroughContainers()
    {
        int asked = 0;
        EngineContainer stranger = container(QStringLiteral("primary"), QStringLiteral("172.30.0.2"), 5500);
        stranger.name = QStringLiteral("other_primary_1");
        stranger.networks = {QStringLiteral("other_default")};
        ContainerPaths paths([&]() -> Result<QList<EngineContainer>> {
            ++asked;
            return QList<EngineContainer>{
                stranger, container(QStringLiteral("primary"), QStringLiteral("172.18.0.2"), 5432),
                container(QStringLiteral("standby"), QStringLiteral("172.18.0.3"), 5433),
                container(QStringLiteral("hidden"), QStringLiteral("172.18.0.4"), 0)};
        });
        const auto way = paths.toAddress(QStringLiteral("172.18.0.3"), {5432});
        QVERIFY(way.found == Found::Published);
        QCOMPARE(way.port, 5433);
        QCOMPARE(way.name, QStringLiteral("standby"));
        QVERIFY(paths.toAddress(QStringLiteral("192.0.2.1"), {5432}).found == Found::NoContainer);
        QVERIFY(paths.unreachable().isEmpty());
        QVERIFY(paths.toAddress(QStringLiteral("172.18.0.4"), {5432}).found == Found::Unpublished);
        QCOMPARE(paths.unreachable().value(QStringLiteral("172.18.0.4")),
                 QStringLiteral("Service hidden publishes no port."));

        // A name means what it means in the networks of the one who says it.
        Endpoint standby;
        standby.port = 5433;
        const auto up = paths.toName(QStringLiteral("primary"), 5432, standby);
        QVERIFY(up.found == Found::Published);
        QCOMPARE(up.port, 5432);
        standby.port = 5777;
        QVERIFY(paths.toName(QStringLiteral("primary"), 5432, standby).found == Found::NoContainer);
        QCOMPARE(asked, 1);

        ContainerPaths none([] { return Result<QList<EngineContainer>>(fail(QStringLiteral("no engine"))); });
        QVERIFY(none.toAddress(QStringLiteral("172.18.0.3"), {5432}).found == Found::NoContainer);
    }

    void ghostsSayWhy()
    {
        Topology topology;
        topology.clusters.resize(1);
        Node ghost, up;
        ghost.state = NodeState::Ghost;
        ghost.host = up.host = QStringLiteral("172.18.0.4");
        ghost.reason = QStringLiteral("Seen.");
        up.state = NodeState::Up;
        topology.clusters[0].nodes = {ghost, up};
        const QMap<QString, QString> why{
            {QStringLiteral("172.18.0.4"), QStringLiteral("Service x publishes no port.")}};
        const Topology told = withGhostReasons(topology, why);
        QCOMPARE(told.clusters[0].nodes[0].reason, QStringLiteral("Seen. Service x publishes no port."));
        QVERIFY(told.clusters[0].nodes[1].reason.isEmpty());
        QCOMPARE(withGhostReasons(topology, {}), topology);
    }
};

QTEST_GUILESS_MAIN(TestComposeNodes)
#include "tst_compose_nodes.moc"
