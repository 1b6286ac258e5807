// SPDX-License-Identifier: GPL-3.0-or-later
#include "Watch.h"

#include <QSet>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;
using test::Watch;

/// Which walsender is which node, and how sure that is, on clusters of every shape.
class TestIdentity : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void starOfWalreceivers();
    void threeLevels();
    void byApplicationName();
    void sameNameTwiceIsNeverCertain();
    void byAddress();
    void unwatchedStandbyIsAGhost();
    void sendersThatAreNoStandbys();
    void twoClustersInOneWindow();
    void splitBrain();

private:
    static std::unique_ptr<QProcess> start(const TestServer &server, const QString &program,
                                           const QStringList &arguments);
};

namespace {

QString name(int i)
{
    return QStringLiteral("standby%1").arg(i);
}

} // namespace

// Started as the user that runs the servers, ended when the result goes.
std::unique_ptr<QProcess> TestIdentity::start(const TestServer &server, const QString &program,
                                              const QStringList &arguments)
{
    auto process = std::make_unique<QProcess>();
    process->start(TestServer::binDir() + u'/' + program,
                   QStringList{QStringLiteral("-h"), server.socketDir(), QStringLiteral("-p"),
                               QString::number(server.port()), QStringLiteral("-U"),
                               QStringLiteral("postgres")} +
                       arguments);
    return process;
}

void TestIdentity::starOfWalreceivers()
{
    ServerFolder folder;
    const auto primary = TestServer::primary(folder, QStringLiteral("primary"));
    QVERIFY(primary);
    std::vector<std::unique_ptr<TestServer>> standbys;
    QList<WatchedNode> nodes = Watch::nodes(primary);
    for (int i = 1; i <= 4; ++i) {
        standbys.push_back(primary->standby(name(i), QStringLiteral("slot%1").arg(i)));
        QVERIFY(standbys.back());
        nodes << Watch::node(*standbys.back());
    }
    Watch watch(nodes);
    QSet<int> pids;
    for (int i = 0; i < 4; ++i) {
        SEE(watch, watch.isWell(standbys[size_t(i)], watch.node(*primary).id, Confidence::Certain), 10000);
        const Link *link = watch.linkTo(standbys[size_t(i)]);
        QCOMPARE(link->applicationName, QStringLiteral("walreceiver"));
        QCOMPARE(link->slot, QStringLiteral("slot%1").arg(i + 1));
        QCOMPARE(link->matchedBy, MatchedBy::Slot);
        pids.insert(*link->pid);
    }
    QCOMPARE(pids.size(), 4);
    QVERIFY2(watch.isClear(), watch.dump().constData());
    // Only the one that stops is called disconnected.
    QVERIFY(standbys[2]->stop());
    SEE(watch, watch.finding("standby_disconnected", watch.node(*standbys[2]).id), 5000);
    for (const size_t i : {size_t(0), size_t(1), size_t(3)}) {
        QVERIFY(!watch.finding("standby_disconnected", watch.node(*standbys[i]).id));
        QCOMPARE(watch.linkTo(standbys[i])->confidence, Confidence::Certain);
    }
}

void TestIdentity::threeLevels()
{
    ServerFolder folder;
    const auto primary = TestServer::primary(folder, QStringLiteral("primary"));
    QVERIFY(primary);
    const auto one = primary->standby(name(1), QStringLiteral("s"));
    QVERIFY(one);
    const auto two = one->standby(name(2), QStringLiteral("s"));
    QVERIFY(two);
    const auto three = two->standby(name(3), QStringLiteral("s")); // Every slot is called the same.
    QVERIFY(three);
    Watch watch(Watch::nodes(three, primary, two, one)); // In no order.
    SEE(watch, watch.isWell(one, watch.node(*primary).id, Confidence::Certain), 10000);
    SEE(watch, watch.isWell(two, watch.node(*one).id, Confidence::Certain), 10000);
    SEE(watch, watch.isWell(three, watch.node(*two).id, Confidence::Certain), 10000);
    QCOMPARE(watch.clusters().size(), 1);
    QCOMPARE(watch.clusters().first().links.size(), 3);
    SEE(watch, watch.isClear(), 5000);
    // The one in the middle goes: what is below it waits, what is above goes on.
    one->kill9();
    SEE(watch,
        watch.isLag(one, LagState::Disconnected) && watch.isLag(two, LagState::NoReceiver) &&
            watch.isState(one, NodeState::Down),
        5000);
    QCOMPARE(watch.linkTo(three)->upstream, watch.node(*two).id);
    QVERIFY(watch.linkTo(three)->state == LinkState::Streaming);
    QVERIFY(one->start());
    SEE(watch, watch.isClear() && watch.isWell(two, watch.node(*one).id, Confidence::Certain), 15000);
}

void TestIdentity::byApplicationName()
{
    ServerFolder folder;
    const auto primary = TestServer::primary(folder, QStringLiteral("primary"));
    QVERIFY(primary);
    const auto one = primary->standby(name(1), {}, {}, QStringLiteral("reports"));
    const auto two = primary->standby(name(2), {}, {QStringLiteral("cluster_name = 'backup_site'")});
    QVERIFY(one && two);
    Watch watch(Watch::nodes(primary, one, two));
    SEE(watch, watch.isWell(one, watch.node(*primary).id, Confidence::Likely), 10000);
    SEE(watch, watch.isWell(two, watch.node(*primary).id, Confidence::Likely), 10000);
    QCOMPARE(watch.linkTo(one)->matchedBy, MatchedBy::ApplicationName);
    QCOMPARE(watch.linkTo(one)->applicationName, QStringLiteral("reports"));
    QCOMPARE(watch.linkTo(two)->applicationName, QStringLiteral("backup_site"));
    QVERIFY(watch.finding("no_slot", watch.node(*one).id));
    QVERIFY(watch.isClear());
}

// Nothing tells the two walsenders apart: which is which may be guessed or left open, never called certain.
void TestIdentity::sameNameTwiceIsNeverCertain()
{
    ServerFolder folder;
    const auto primary = TestServer::primary(folder, QStringLiteral("primary"));
    QVERIFY(primary);
    const auto one = primary->standby(name(1), {}, {}, QStringLiteral("twin"));
    const auto two = primary->standby(name(2), {}, {}, QStringLiteral("twin"));
    QVERIFY(one && two);
    Watch watch(Watch::nodes(primary, one, two));
    SEE(watch, watch.linkTo(one) && watch.linkTo(two) && watch.clusters().first().links.size() >= 2, 10000);
    // One of them is held back, so that a mix-up would show.
    QVERIFY(!two->psql(QStringLiteral("SELECT pg_wal_replay_pause()")).isNull());
    QVERIFY(
        !primary->psql(QStringLiteral("CREATE TABLE t AS SELECT generate_series(1, 50000) AS n")).isNull());
    QVERIFY(one->waitFor(QStringLiteral("SELECT count(*) FROM t"), QStringLiteral("50000")));
    SEE(watch, watch.isLag(two, LagState::ReplayPaused) && watch.isLag(one, LagState::CaughtUp), 5000);
    QVERIFY(watch.linkTo(two)->lagBytes.value_or(0) > 100000);
    for (const auto *standby : {&one, &two}) {
        const Link *link = watch.linkTo(*standby);
        QCOMPARE(link->confidence, Confidence::Guess);
        QCOMPARE(link->matchedBy, MatchedBy::ApplicationName);
        // A link that could not be told is no reason for an alarm about a standby that is fed.
        QVERIFY2(!watch.finding("standby_disconnected", watch.node(**standby).id), watch.dump().constData());
    }
    QCOMPARE(watch.clusters().first().nodes.size(), 3); // and no ghosts beside them
    SEE(watch, watch.finding("replay_paused", watch.node(*two).id), 3000);
    QVERIFY(!watch.finding("replay_paused", watch.node(*one).id));
    QVERIFY(!two->psql(QStringLiteral("SELECT pg_wal_replay_resume()")).isNull());
    // One goes: what is left is one of each, and no guess any more.
    QVERIFY(one->stop());
    SEE(watch, watch.finding("standby_disconnected", watch.node(*one).id), 5000);
    QVERIFY(!watch.finding("standby_disconnected", watch.node(*two).id));
}

void TestIdentity::byAddress()
{
    ServerFolder folder;
    const auto primary = TestServer::primary(folder, QStringLiteral("primary"));
    QVERIFY(primary);
    const auto one = primary->standby(name(1), {}, {}, QStringLiteral("some_name"));
    QVERIFY(one);
    // Without pg_monitor it says neither its name nor whom it follows: only where it is.
    Watch watch({Watch::node(*primary), Watch::node(*one, QStringLiteral("plain"))});
    SEE(watch, watch.linkTo(one) && watch.linkTo(one)->state == LinkState::Streaming, 10000);
    QCOMPARE(watch.linkTo(one)->matchedBy, MatchedBy::Address);
    QCOMPARE(watch.linkTo(one)->confidence, Confidence::Guess);
    QCOMPARE(watch.clusters().first().nodes.size(), 2); // and no ghost beside it
}

void TestIdentity::unwatchedStandbyIsAGhost()
{
    ServerFolder folder;
    const auto primary = TestServer::primary(folder, QStringLiteral("primary"));
    QVERIFY(primary);
    auto one = primary->standby(name(1), QStringLiteral("ghost_slot"));
    QVERIFY(one);
    Watch watch(Watch::nodes(primary));
    SEE(watch, watch.clusters().size() == 1 && watch.clusters().first().links.size() == 1, 10000);
    const Node *ghost = watch.at(watch.clusters().first().links.first().downstream);
    QVERIFY(ghost);
    QCOMPARE(ghost->state, NodeState::Ghost);
    QVERIFY2(ghost->reason.contains(QStringLiteral("Seen by primary as walreceiver from 127.0.0.1")),
             qPrintable(ghost->reason));
    const NodeId id = ghost->id;
    QVERIFY(one->stop());
    SEE(watch, watch.linkTo(id) && watch.linkTo(id)->state == LinkState::Broken, 5000);
    QVERIFY(watch.finding("standby_disconnected", id));
    QVERIFY(one->start());
    SEE(watch, watch.linkTo(id) && watch.linkTo(id)->state == LinkState::Streaming, 10000);
    SEE(watch, watch.isClear(), 5000);
}

void TestIdentity::sendersThatAreNoStandbys()
{
    ServerFolder folder;
    const auto primary =
        TestServer::primary(folder, QStringLiteral("primary"), {QStringLiteral("wal_level = logical")});
    QVERIFY(primary);
    const auto one = primary->standby(name(1), QStringLiteral("s"));
    QVERIFY(one);
    QVERIFY(
        !primary->psql(QStringLiteral("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n")).isNull());
    Watch watch(Watch::nodes(primary, one));
    SEE(watch, watch.isWell(one, watch.node(*primary).id, Confidence::Certain), 10000);

    QTemporaryDir archive, backup;
    const auto receive = start(*primary, QStringLiteral("pg_receivewal"),
                               {QStringLiteral("-D"), archive.path(), QStringLiteral("--no-loop")});
    QVERIFY(!primary
                 ->psql(QStringLiteral("SELECT pg_create_logical_replication_slot('l', 'pgoutput'); "
                                       "CREATE PUBLICATION p FOR ALL TABLES"))
                 .isNull());
    const auto logical = start(
        *primary, QStringLiteral("pg_recvlogical"),
        {QStringLiteral("-d"), QStringLiteral("postgres"), QStringLiteral("-S"), QStringLiteral("l"),
         QStringLiteral("--start"), QStringLiteral("-f"), QStringLiteral("/dev/null"), QStringLiteral("-o"),
         QStringLiteral("proto_version=1"), QStringLiteral("-o"), QStringLiteral("publication_names=p")});
    const auto copy = start(*primary, QStringLiteral("pg_basebackup"),
                            {QStringLiteral("-D"), backup.path() + QStringLiteral("/copy"),
                             QStringLiteral("-c"), QStringLiteral("fast"), QStringLiteral("-X"),
                             QStringLiteral("stream"), QStringLiteral("--max-rate=1M")});
    const auto kinds = [&] {
        QSet<Sender::Kind> out;
        for (const Sender &sender : watch.clusters().first().senders)
            out.insert(sender.kind);
        return out;
    };
    SEE(watch,
        kinds().contains(Sender::Kind::BaseBackup) && kinds().contains(Sender::Kind::ReceiveWal) &&
            kinds().contains(Sender::Kind::Logical),
        10000);
    QCOMPARE(watch.clusters().first().links.size(), 1);
    QCOMPARE(watch.clusters().first().nodes.size(), 2);
    SEE(watch, watch.isWell(one, watch.node(*primary).id, Confidence::Certain), 5000);
    for (QProcess *process : {receive.get(), logical.get(), copy.get()})
        QCOMPARE(process->state(), QProcess::Running);
    // The child of pg_basebackup outlives its parent and keeps its connections: they are ended at the server.
    QVERIFY(!primary
                 ->psql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_replication "
                                       "WHERE application_name LIKE 'pg\\_%'"))
                 .isNull());
    for (QProcess *process : {receive.get(), logical.get(), copy.get()}) {
        process->terminate();
        QVERIFY(process->waitForFinished(10000));
    }
    SEE(watch, watch.clusters().first().senders.isEmpty() && watch.clusters().first().links.size() == 1,
        10000);
    QVERIFY(!watch.finding("standby_disconnected"));
}

void TestIdentity::twoClustersInOneWindow()
{
    ServerFolder left, right;
    const auto primary1 = TestServer::primary(left, QStringLiteral("primary1"));
    const auto primary2 = TestServer::primary(right, QStringLiteral("primary2"));
    QVERIFY(primary1 && primary2);
    const auto standby1 = primary1->standby(name(1), QStringLiteral("same_slot"));
    const auto standby2 = primary2->standby(name(2), QStringLiteral("same_slot"));
    QVERIFY(standby1 && standby2);
    Watch watch(Watch::nodes(primary1, standby2, primary2, standby1));
    SEE(watch, watch.isWell(standby1, watch.node(*primary1).id, Confidence::Certain), 10000);
    SEE(watch, watch.isWell(standby2, watch.node(*primary2).id, Confidence::Certain), 10000);
    QCOMPARE(watch.clusters().size(), 2);
    for (const Cluster &cluster : watch.clusters()) {
        QCOMPARE(cluster.nodes.size(), 2);
        QCOMPARE(cluster.links.size(), 1);
        for (const Node &node : cluster.nodes)
            QCOMPARE(node.systemIdentifier, cluster.systemIdentifier);
    }
    SEE(watch, watch.isClear(), 5000); // Two primaries, but of two clusters: no split brain.
    // A node that is down stays where it was.
    QVERIFY(standby2->stop());
    SEE(watch, watch.isLag(standby2, LagState::Disconnected), 5000);
    QCOMPARE(watch.clusters().size(), 2);
    QCOMPARE(watch.linkTo(standby2)->upstream, watch.node(*primary2).id);
}

void TestIdentity::splitBrain()
{
    ServerFolder folder;
    const auto primary = TestServer::primary(folder, QStringLiteral("primary"));
    QVERIFY(primary);
    const auto one = primary->standby(name(1), QStringLiteral("s1"));
    const auto two = primary->standby(name(2), QStringLiteral("s2"));
    QVERIFY(one && two);
    Watch watch(Watch::nodes(primary, one, two));
    SEE(watch, watch.isWell(one, watch.node(*primary).id, Confidence::Certain), 10000);
    QVERIFY(one->psql(QStringLiteral("SELECT pg_promote(true, 30)")) == QLatin1String("t"));
    SEE(watch, watch.finding("split_brain"), 3000);
    QCOMPARE(watch.finding("split_brain")->severity, Severity::Critical);
    QCOMPARE(watch.clusters().size(), 1);
    QCOMPARE(watch.at(one)->role, Role::Primary);
    QCOMPARE(watch.at(one)->timeline, std::optional<int>(2)); // At once, not after the next checkpoint.
    QVERIFY2(watch.finding("split_brain")->evidence.contains(QStringLiteral("timeline 2")),
             qPrintable(watch.finding("split_brain")->evidence));
    QVERIFY(watch.isWell(two, watch.node(*primary).id, Confidence::Certain)); // It follows the old one.
    QVERIFY(primary->stop());
    SEE(watch, !watch.finding("split_brain") && watch.isState(primary, NodeState::Down), 5000);
}

QTEST_GUILESS_MAIN(TestIdentity)
#include "tst_identity.moc"
