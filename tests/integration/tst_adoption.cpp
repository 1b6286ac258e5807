// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"
#include "clusters/Adoption.h"

#include <QTest>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

/// A standby that only its primary knows is taken in, and nothing else is taken for it.
class TestAdoption : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void knowsWhatIsMissing();
    void takesTheStandby();
    void refuses_data();
    void refuses();

private:
    Endpoint endpoint(int port, const QString &user = QStringLiteral("understudy")) const
    {
        Endpoint e;
        e.port = port;
        e.user = user;
        e.options.insert(QStringLiteral("passfile"), m_folder.passfile());
        return e;
    }

    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_primary, m_standby, m_stranger;
    std::shared_ptr<LibpqSecrets> m_secrets = std::make_shared<LibpqSecrets>();
    QList<WatchedNode> m_nodes;
    QList<NodeSnapshot> m_looks;
    std::optional<Adoption> m_adoption;
};

void TestAdoption::initTestCase()
{
    m_primary = TestServer::primary(m_folder, QStringLiteral("primary"));
    QVERIFY(m_primary);
    m_standby = m_primary->standby(QStringLiteral("standby"), QStringLiteral("standby_slot"));
    m_stranger = TestServer::primary(m_folder, QStringLiteral("stranger"));
    QVERIFY(m_standby && m_stranger);
    QVERIFY(m_primary->waitFor(QStringLiteral("SELECT state FROM pg_stat_replication"),
                               QStringLiteral("streaming")));
    const Endpoint at = endpoint(m_primary->port());
    m_nodes = {{at.address(), QStringLiteral("primary"), at}};
    const Topology topology = lookOnce(m_nodes, m_secrets, {}, 1, 0, &m_looks);
    QCOMPARE(topology.clusters.size(), 1);
    const Cluster &cluster = topology.clusters.first();
    QCOMPARE(cluster.nodes.size(), 2);
    const Node &ghost = cluster.nodes.last();
    QCOMPARE(ghost.state, NodeState::Ghost);
    QCOMPARE(ghost.reason,
             QStringLiteral("Seen by primary as walreceiver from 127.0.0.1, no address to reach it."));
    m_adoption = adoptionOf(topology, ghost.id, m_nodes);
    QVERIFY(m_adoption);
    QVERIFY(!adoptionOf(topology, m_nodes[0].id, m_nodes)); // the primary is no ghost
    QVERIFY(!adoptionOf(topology, QStringLiteral("nobody"), m_nodes));
}

void TestAdoption::knowsWhatIsMissing()
{
    QCOMPARE(m_adoption->guess.host, QStringLiteral("127.0.0.1"));
    QCOMPARE(m_adoption->guess.user, QStringLiteral("understudy"));
    QCOMPARE(m_adoption->guess.options.value(QStringLiteral("passfile")), m_folder.passfile());
    QCOMPARE(m_adoption->called, QStringLiteral("walreceiver"));
    QCOMPARE(m_adoption->systemIdentifier, m_looks.first().systemIdentifier);
}

void TestAdoption::takesTheStandby()
{
    const auto node = adoptNode(*m_adoption, endpoint(m_standby->port()), m_looks, m_secrets);
    QVERIFY2(node, node ? "" : qPrintable(node.error().text()));
    QCOMPARE(node->id, QStringLiteral("127.0.0.1:%1").arg(m_standby->port()));
    QCOMPARE(node->name, QString()); // walreceiver is no name
    // The ghost is gone: its walsender has a node now.
    const Topology topology = lookOnce(m_nodes + QList<WatchedNode>{*node}, m_secrets, {}, 1, 0);
    QCOMPARE(topology.clusters.size(), 1);
    QCOMPARE(topology.clusters[0].nodes.size(), 2);
    QCOMPARE(topology.clusters[0].links.size(), 1);
    QCOMPARE(topology.clusters[0].links[0].downstream, node->id);
    QCOMPARE(topology.clusters[0].links[0].confidence, Confidence::Certain);
}

void TestAdoption::refuses_data()
{
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("says");
    QTest::addColumn<QString>("field");
    const QString me = QStringLiteral("understudy");
    const QString here = QStringLiteral("127.0.0.1");
    QTest::newRow("the primary itself") << m_primary->port() << me << here << "shown already"
                                        << "port";
    QTest::newRow("the primary by another address") << m_primary->port() << me << "localhost"
                                                    << "primary, which is shown already"
                                                    << "host";
    QTest::newRow("another cluster") << m_stranger->port() << me << here << "another cluster"
                                     << "host";
    QTest::newRow("nobody there") << TestServer::freePort() << me << here << "Nothing listens"
                                  << "port";
    QTest::newRow("a wrong user") << m_standby->port() << "nobody" << here << "refused the login"
                                  << "user";
    QTest::newRow("no such host") << 5432 << me << "no-such-host.invalid"
                                  << "could not"
                                  << "host";
}

void TestAdoption::refuses()
{
    QFETCH(int, port);
    QFETCH(QString, user);
    QFETCH(QString, host);
    QFETCH(QString, says);
    QFETCH(QString, field);
    Endpoint at = endpoint(port, user);
    at.host = host;
    const auto node = adoptNode(*m_adoption, at, m_looks, m_secrets);
    QVERIFY(!node);
    QVERIFY2(node.error().text().contains(says), qPrintable(node.error().text()));
    QCOMPARE(node.error().field, field);
}

QTEST_GUILESS_MAIN(TestAdoption)
#include "tst_adoption.moc"
