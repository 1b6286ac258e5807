// SPDX-License-Identifier: GPL-3.0-or-later
#include "FoldScene.h"

#include <QTest>

using namespace understudy;
using test::FoldScene;

class TestFold : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matchesBySlotThoughAllAreCalledWalreceiver();
    void matchesByName();
    void matchesByAddress();
    void otherSendersAreNoStandbys();
    void ghosts();
    void disconnectedIsRemembered();
    void noReceiver();
    void caughtUpThenIdle();
    void singleLookIsNeverIdle();
    void lagInBytesAndSeconds();
    void negativeDifferenceIsZero();
    void stalled();
    void paused();
    void lagging();
    void noPermissionIsNoBrokenLink();
    void frozenNodeKeepsItsFacts();
    void splitBrain();
    void hysteresis();
    void twoClusters();
    void rates();
};

void TestFold::matchesBySlotThoughAllAreCalledWalreceiver()
{
    FoldScene s(2);
    // The rows come in another order than the standbys.
    s.primary().senders.swapItemsAt(0, 1);
    s.fold();
    for (int i = 1; i <= 2; ++i) {
        QCOMPARE(s.link(i).pid, std::optional<int>(100 + i));
        QCOMPARE(s.link(i).slot, QStringLiteral("slot%1").arg(i));
        QCOMPARE(s.link(i).matchedBy, MatchedBy::Slot);
        QCOMPARE(s.link(i).confidence, Confidence::Certain);
    }
    QCOMPARE(healthWords(s.cluster().findings), QStringLiteral("Healthy, 2 notices"));
}

void TestFold::matchesByName()
{
    FoldScene s(2);
    for (int i = 1; i <= 2; ++i) {
        s.standby(i).receiver->slotName.clear();
        s.standby(i).primarySlotName.clear();
        s.sender(i).applicationName = s.standby(i).clusterName = QStringLiteral("name%1").arg(i);
    }
    s.primary().slots_.clear();
    s.fold();
    QCOMPARE(s.link(2).pid, std::optional<int>(102));
    QCOMPARE(s.link(2).matchedBy, MatchedBy::ApplicationName);
    QCOMPARE(s.link(2).confidence, Confidence::Likely);
    QVERIFY(s.has("no_slot"));
}

void TestFold::matchesByAddress()
{
    FoldScene s(2);
    for (int i = 1; i <= 2; ++i) {
        NodeSnapshot &n = s.standby(i);
        n.receiver->slotName.clear();
        n.primarySlotName.clear();
        n.endpoint.host = s.sender(i).clientAddress = QStringLiteral("10.0.0.%1").arg(i);
        n.id = n.endpoint.address();
    }
    s.primary().slots_.clear();
    s.fold();
    const Link *link = s.cluster().linkTo(s.standby(1).id);
    QVERIFY(link);
    QCOMPARE(link->pid, std::optional<int>(101));
    QCOMPARE(link->matchedBy, MatchedBy::Address);
    QCOMPARE(link->confidence, Confidence::Guess);
}

void TestFold::otherSendersAreNoStandbys()
{
    FoldScene s(1);
    SenderRow w = s.sender(1);
    w.pid = 500;
    w.applicationName = QStringLiteral("pg_basebackup");
    w.state = QStringLiteral("backup");
    s.primary().senders << w;
    w.pid = 501;
    w.applicationName = QStringLiteral("pg_receivewal");
    w.state = QStringLiteral("streaming");
    s.primary().senders << w;
    w.pid = 502;
    w.applicationName = QStringLiteral("sub");
    w.logical = true;
    s.primary().senders << w;
    s.fold();
    QCOMPARE(s.cluster().nodes.size(), 2);
    QCOMPARE(s.cluster().links.size(), 1);
    QCOMPARE(s.cluster().senders.size(), 3);
    QCOMPARE(s.cluster().senders[0].kind, Sender::Kind::BaseBackup);
    QCOMPARE(s.cluster().senders[1].kind, Sender::Kind::ReceiveWal);
    QCOMPARE(s.cluster().senders[2].kind, Sender::Kind::Logical);
}

void TestFold::ghosts()
{
    FoldScene s(2);
    s.sender(2).clientAddress = QStringLiteral("172.18.0.4");
    s.snapshots.removeLast(); // Nobody gave us its address.
    s.fold();
    QCOMPARE(s.cluster().nodes.size(), 3);
    const Node ghost = s.cluster().nodes.last();
    QCOMPARE(ghost.state, NodeState::Ghost);
    QCOMPARE(ghost.reason,
             QStringLiteral("Seen by primary as walreceiver from 172.18.0.4, no address to reach it."));
    const Link *link = s.cluster().linkTo(ghost.id);
    QVERIFY(link);
    QCOMPARE(link->lag, LagState::CaughtUp);
    // Its walsender comes back with another pid: the same ghost.
    s.sender(2).pid = 777;
    s.primary().slots_[1].activePid = 777;
    s.fold();
    QCOMPARE(s.cluster().nodes.last().id, ghost.id);
    // And when it goes, it is missed.
    s.primary().senders.removeLast();
    s.primary().slots_[1].active = false;
    s.primary().slots_[1].activePid.reset();
    s.fold();
    QCOMPARE(s.cluster().linkTo(ghost.id)->lag, LagState::Disconnected);
    QVERIFY(s.has("standby_disconnected"));
}

void TestFold::disconnectedIsRemembered()
{
    FoldScene s(2);
    s.fold();
    s.disconnect(2);
    s.refuse(2);
    s.fold();
    QCOMPARE(s.link(2).state, LinkState::Broken);
    QCOMPARE(s.link(2).lag, LagState::Disconnected);
    QCOMPARE(s.link(2).upstream, FoldScene::id(0));
    QCOMPARE(s.link(2).slot, QStringLiteral("slot2"));
    QVERIFY(!s.link(2).pid);
    QCOMPARE(s.link(2).sinceUs, std::optional<qint64>(s.nowUs));
    QVERIFY(s.has("standby_disconnected")); // Critical: at once.
    QVERIFY(s.has("node_down"));
    QCOMPARE(s.cluster().node(FoldScene::id(2))->versionNum, 150018);
    const qint64 since = s.nowUs;
    s.write(5000, {1});
    s.fold();
    QCOMPARE(s.link(2).sinceUs, std::optional<qint64>(since));
    QCOMPARE(s.link(2).lagBytes, std::optional<qint64>(5000));
}

void TestFold::noReceiver()
{
    FoldScene s(1);
    s.fold();
    s.disconnect(1);
    s.fold();
    QCOMPARE(s.link(1).lag, LagState::NoReceiver);
    QVERIFY(s.has("standby_disconnected"));
}

void TestFold::caughtUpThenIdle()
{
    FoldScene s(1);
    s.fold();
    QCOMPARE(s.link(1).lag, LagState::CaughtUp);
    for (int i = 0; i < 59; ++i)
        s.fold();
    QCOMPARE(s.link(1).lag, LagState::CaughtUp);
    s.fold();
    QCOMPARE(s.link(1).lag, LagState::Idle);
    s.write(100, {1});
    s.fold();
    QCOMPARE(s.link(1).lag, LagState::CaughtUp);
}

void TestFold::singleLookIsNeverIdle()
{
    FoldScene s(1);
    s.singleLook = true;
    s.fold();
    s.fold(120);
    QCOMPARE(s.link(1).lag, LagState::CaughtUp);
}

void TestFold::lagInBytesAndSeconds()
{
    FoldScene s(1);
    s.fold();
    s.fold();
    for (int i = 1; i <= 4; ++i) {
        s.write(1000, {});
        s.sender(1).sent = s.sender(1).written = s.sender(1).flushed = s.primary().currentLsn;
        s.standby(1).receivedLsn = s.primary().currentLsn;
        s.fold();
    }
    QCOMPARE(s.link(1).lag, LagState::Replaying);
    QCOMPARE(s.link(1).lagBytes, std::optional<qint64>(4000));
    QCOMPARE(s.link(1).stages.sent, std::optional<qint64>(0));
    QCOMPARE(s.link(1).stages.replayed, std::optional<qint64>(4000));
    QCOMPARE(s.link(1).lagSeconds, std::optional<double>(4.0));
    s.standby(1).replayedLsn = Lsn(s.primary().currentLsn->bytes() - 500);
    s.fold(0.5);
    QCOMPARE(s.link(1).lagBytes, std::optional<qint64>(500));
    QCOMPARE(s.link(1).lagSeconds, std::optional<double>(1.0));
}

void TestFold::negativeDifferenceIsZero()
{
    FoldScene s(1);
    s.fold();
    // The standby was read a moment after the primary.
    s.standby(1).replayedLsn = Lsn(s.primary().currentLsn->bytes() + 400);
    s.sender(1).replayed = s.standby(1).replayedLsn;
    s.fold();
    QCOMPARE(s.link(1).lagBytes, std::optional<qint64>(0));
    QCOMPARE(s.link(1).lagSeconds, std::optional<double>(0.0));
    QCOMPARE(s.link(1).lag, LagState::CaughtUp);
}

void TestFold::stalled()
{
    FoldScene s(2);
    s.fold();
    for (int i = 0; i < 3; ++i) {
        s.write(1000, {2});
        s.fold();
        QVERIFY(s.link(1).lag != LagState::LinkStalled || i > 1);
    }
    s.write(1000, {2});
    s.fold();
    QCOMPARE(s.link(1).lag, LagState::LinkStalled);
    QCOMPARE(s.link(1).state, LinkState::Stalled);
    QVERIFY(s.has("link_stalled"));
    QCOMPARE(s.link(2).lag, LagState::CaughtUp);
    s.write(0, {1, 2});
    s.fold();
    QCOMPARE(s.link(1).lag, LagState::CaughtUp);
    QVERIFY(!s.has("link_stalled"));
    // Standing still without WAL that waits is no stall.
    for (int i = 0; i < 20; ++i)
        s.fold();
    QCOMPARE(s.link(1).lag, LagState::CaughtUp);
}

void TestFold::paused()
{
    FoldScene s(1);
    s.fold();
    s.standby(1).replayPaused = true;
    for (int i = 0; i < 6; ++i) {
        s.write(1000, {});
        s.sender(1).sent = s.sender(1).written = s.sender(1).flushed = s.primary().currentLsn;
        s.fold();
    }
    QCOMPARE(s.link(1).lag, LagState::ReplayPaused);
    QCOMPARE(s.link(1).state, LinkState::Streaming);
    QCOMPARE(s.link(1).lagBytes, std::optional<qint64>(6000));
    QVERIFY(s.has("replay_paused"));
}

void TestFold::lagging()
{
    FoldScene s(1);
    s.fold();
    s.write(qint64(20) << 20, {});
    s.sender(1).sent = s.sender(1).written = s.sender(1).flushed = s.primary().currentLsn;
    s.fold();
    QVERIFY(!s.has("standby_lagging")); // A warning must last.
    QVERIFY(!s.link(1).lagging);
    s.fold();
    s.fold();
    QVERIFY(s.has("standby_lagging"));
    QVERIFY(s.link(1).lagging);
    QCOMPARE(s.link(1).lag, LagState::Replaying);
}

void TestFold::noPermissionIsNoBrokenLink()
{
    FoldScene s(1);
    for (NodeSnapshot &n : s.snapshots)
        n.canMonitor = false;
    SenderRow bare;
    bare.pid = 101;
    bare.applicationName = QStringLiteral("walreceiver");
    s.primary().senders = {bare};
    ReceiverRow nothing;
    nothing.pid = 901;
    s.standby(1).receiver = nothing;
    for (int i = 0; i < 5; ++i)
        s.fold();
    QCOMPARE(s.cluster().node(FoldScene::id(0))->state, NodeState::NoPermission);
    QVERIFY(s.link(1).state != LinkState::Broken);
    QCOMPARE(s.link(1).lag, LagState::Unknown);
    QVERIFY(!s.link(1).lagBytes);
    QVERIFY(s.has("no_permission"));
    QVERIFY(!s.has("standby_disconnected"));
}

void TestFold::frozenNodeKeepsItsFacts()
{
    FoldScene s(1);
    s.fold();
    const qint64 read = s.nowUs;
    s.refuse(1);
    s.snapshots[1].answer = Answer::NotResponding;
    s.fold(5);
    const Node *node = s.cluster().node(FoldScene::id(1));
    QCOMPARE(node->state, NodeState::NotResponding);
    QCOMPARE(node->role, Role::Standby);
    QCOMPARE(node->factsAtUs, read);
    QVERIFY(!node->reason.isEmpty());
    QCOMPARE(s.link(1).confidence, Confidence::Certain); // The same walsender as before.
    QVERIFY(s.has("node_not_responding"));
}

void TestFold::splitBrain()
{
    FoldScene s(1);
    s.fold();
    s.disconnect(1);
    s.standby(1).role = Role::Primary;
    s.standby(1).currentLsn = Lsn(0x3000100);
    s.standby(1).timeline = 2;
    s.fold();
    QVERIFY(s.has("split_brain"));
    QCOMPARE(s.cluster().findings.first().severity, Severity::Critical);
    QVERIFY(s.cluster().links.isEmpty());
}

void TestFold::hysteresis()
{
    FoldScene s(1);
    s.fold();
    s.standby(1).replayPaused = true;
    s.fold();
    QVERIFY(!s.has("replay_paused"));
    s.standby(1).replayPaused = false;
    s.fold();
    s.standby(1).replayPaused = true;
    for (int i = 0; i < 3; ++i)
        s.fold();
    QVERIFY(s.has("replay_paused"));
    s.standby(1).replayPaused = false;
    s.fold();
    QVERIFY(s.has("replay_paused"));
    for (int i = 0; i < 3; ++i)
        s.fold();
    QVERIFY(!s.has("replay_paused"));
    // A single look has no later one to confirm it.
    FoldScene once(1);
    once.singleLook = true;
    once.standby(1).replayPaused = true;
    once.fold();
    QVERIFY(once.has("replay_paused"));
}

void TestFold::twoClusters()
{
    FoldScene s(1);
    NodeSnapshot other = FoldScene::node(QStringLiteral("other"), 6000, Role::Primary);
    other.systemIdentifier = QStringLiteral("7000000000000000002");
    s.snapshots << other;
    NodeSnapshot unknown;
    unknown.endpoint.port = 6001;
    unknown.id = unknown.endpoint.address();
    unknown.answer = Answer::Refused;
    s.snapshots << unknown;
    s.fold();
    QCOMPARE(s.topology.clusters.size(), 3);
    QVERIFY(s.topology.clusterOf(unknown.id)->systemIdentifier.isEmpty());
    QVERIFY(!s.has("split_brain"));
    // With one identified cluster there is no choice.
    s.snapshots.removeAt(2);
    s.memory = nullptr;
    s.fold();
    QCOMPARE(s.topology.clusters.size(), 1);
}

void TestFold::rates()
{
    FoldScene s(1);
    s.fold();
    QVERIFY(!s.cluster().primary()->walRate);
    s.write(3000, {1});
    s.fold(2);
    QCOMPARE(s.cluster().primary()->walRate, std::optional<double>(1500.0));
    QCOMPARE(s.link(1).walRate, std::optional<double>(1500.0));
    for (int i = 0; i < 7; ++i)
        s.fold();
    QCOMPARE(s.cluster().primary()->walRate, std::optional<double>(0.0));
}

QTEST_APPLESS_MAIN(TestFold)
#include "tst_fold.moc"
