// SPDX-License-Identifier: GPL-3.0-or-later
#include "FoldScene.h"

#include <QTest>

using namespace understudy;
using test::FoldScene;

/// What real servers show only by chance: WAL caught on its way, and standbys that cannot be told apart.
class TestFoldMatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void walOnItsWayIsNoStall();
    void walThatWaitsIsAStall();
    void stallNeedsTheSameWait();
    void namesakesAreGuessedByPosition();
    void namesakesFewerWalsenders();
    void namesakeThatWasGuessedGoes();
    void ghostThatTurnsOutToBeSomebody();
    void walsenderThatHasOnlyBegun();

private:
    static void forgetSlots(FoldScene &scene);
};

void TestFoldMatch::walOnItsWayIsNoStall()
{
    FoldScene scene(1);
    for (int i = 0; i < 10; ++i)
        scene.fold(); // Ten quiet seconds: the stage has not moved for longer than a stall takes.
    scene.write(1 << 20, {});
    scene.fold();
    QCOMPARE(scene.link(1).lag, LagState::Replaying);
    QVERIFY(!scene.has("link_stalled"));
    scene.write(0, {1});
    scene.fold();
    QCOMPARE(scene.link(1).lag, LagState::CaughtUp);
}

void TestFoldMatch::walThatWaitsIsAStall()
{
    FoldScene scene(1);
    scene.fold();
    scene.write(1 << 20, {});
    scene.fold();
    scene.fold(scene.thresholds.stallAfterSeconds - 0.1);
    QCOMPARE(scene.link(1).lag, LagState::Replaying);
    scene.fold(0.2);
    QCOMPARE(scene.link(1).lag, LagState::LinkStalled);
    QVERIFY(scene.has("link_stalled"));
}

void TestFoldMatch::stallNeedsTheSameWait()
{
    FoldScene scene(1);
    for (int i = 0; i < 10; ++i) {
        // WAL waits at every look, and at every look it is other WAL.
        scene.fold();
        const auto head = scene.primary().currentLsn;
        scene.write(1 << 20, {});
        scene.sender(1).sent = scene.sender(1).written = scene.sender(1).flushed = head;
    }
    QVERIFY(scene.link(1).lag != LagState::LinkStalled);
}

void TestFoldMatch::forgetSlots(FoldScene &scene)
{
    scene.primary().slots_.clear();
    for (int i = 1; i < scene.snapshots.size(); ++i) {
        scene.standby(i).primarySlotName.clear();
        scene.standby(i).receiver->slotName.clear();
        scene.standby(i).serverTimeUs = 100000000;
        scene.standby(i).receiver->lastMessageReceivedUs = 99000000;
        scene.standby(i).receiver->written = scene.standby(i).receiver->flushed =
            scene.standby(i).receivedLsn;
    }
}

void TestFoldMatch::namesakesAreGuessedByPosition()
{
    FoldScene scene(3);
    scene.write(1 << 20, {1, 3}); // standby 2 is late
    forgetSlots(scene);
    std::reverse(scene.primary().senders.begin(), scene.primary().senders.end());
    const Cluster &cluster = scene.fold();
    QCOMPARE(cluster.nodes.size(), 4);
    QCOMPARE(cluster.links.size(), 3);
    for (int i = 1; i <= 3; ++i) {
        QCOMPARE(scene.link(i).confidence, Confidence::Guess);
        QCOMPARE(scene.link(i).lagBytes, std::optional<qint64>(i == 2 ? 1 << 20 : 0));
    }
    QCOMPARE(scene.link(2).pid, std::optional<int>(102));
    QVERIFY(!scene.has("standby_disconnected"));
    // The guess may be wrong; what the standby says of itself is not hidden by another one's walsender.
    scene.write(1 << 20, {1, 2});
    scene.standby(2).receivedLsn = scene.standby(2).replayedLsn = Lsn(0x3000000);
    scene.standby(2).receiver->written = scene.standby(2).receiver->flushed = Lsn(0x3000000);
    scene.fold();
    QVERIFY(scene.link(2).lagBytes.value_or(0) >= 2 << 20);
}

void TestFoldMatch::namesakesFewerWalsenders()
{
    FoldScene scene(3);
    forgetSlots(scene);
    scene.primary().senders.removeLast();
    scene.standby(2).receiver->lastMessageReceivedUs = 40000000; // It has heard nothing for a minute.
    scene.fold();
    QCOMPARE(scene.link(1).state, LinkState::Streaming);
    QCOMPARE(scene.link(3).state, LinkState::Streaming);
    QCOMPARE(scene.link(2).lag, LagState::Disconnected);
    QVERIFY(scene.has("standby_disconnected"));
    QCOMPARE(scene.cluster().nodes.size(), 4);
}

void TestFoldMatch::namesakeThatWasGuessedGoes()
{
    for (const int gone : {1, 2}) {
        FoldScene scene(2);
        forgetSlots(scene);
        scene.fold();
        scene.refuse(gone);
        scene.primary().senders.removeFirst(); // Whichever was taken for which: one walsender is left.
        scene.fold();
        QCOMPARE(scene.link(3 - gone).state, LinkState::Streaming);
        QCOMPARE(scene.link(gone).lag, LagState::Disconnected);
    }
}

void TestFoldMatch::ghostThatTurnsOutToBeSomebody()
{
    // After a restart of the primary: the walsender is there before it has its slot, and the standby is asked
    // too early to know of its receiver.
    FoldScene scene(1);
    const auto receiver = scene.standby(1).receiver;
    const SlotRow slot = scene.primary().slots_.first();
    scene.standby(1).receiver.reset();
    scene.primary().slots_[0].active = false;
    scene.primary().slots_[0].activePid.reset();
    scene.fold();
    QCOMPARE(scene.cluster().nodes.size(), 3); // Seen, and not told who it is.
    scene.standby(1).receiver = receiver;
    scene.primary().slots_[0] = slot;
    scene.fold();
    QCOMPARE(scene.link(1).confidence, Confidence::Certain);
    QCOMPARE(scene.cluster().nodes.size(), 2);
    QVERIFY(!scene.has("standby_disconnected"));
}

void TestFoldMatch::walsenderThatHasOnlyBegun()
{
    FoldScene scene(1);
    SenderRow begun;
    begun.pid = 777;
    begun.applicationName = QStringLiteral("walreceiver");
    begun.clientAddress = QStringLiteral("127.0.0.1");
    begun.state = QStringLiteral("startup");
    scene.primary().senders << begun;
    scene.fold();
    QCOMPARE(scene.cluster().nodes.size(), 2);
    scene.primary().senders.removeLast();
    scene.fold();
    QCOMPARE(scene.cluster().nodes.size(), 2);
    QVERIFY(!scene.has("standby_disconnected"));
}

QTEST_GUILESS_MAIN(TestFoldMatch)
#include "tst_fold_match.moc"
