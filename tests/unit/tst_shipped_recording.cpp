// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/Recording.h"

#include <QFileInfo>
#include <QTest>

using namespace understudy;

/// The recording that README offers to learners: today's program reads it, and it shows what is said of it.
class TestShippedRecording final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void itIsSmallAndHoldsNoSecret();
    void itBeginsInPeace();
    void itIsACascade();
    void itEndsInTrouble();
    void thingsHappenInTheirOrder();
    void aMomentInTheMiddle();

private:
    const Cluster &at(qint64 atUs)
    {
        m_look = m_replay.past->at(atUs).value_or(Topology());
        return m_look.clusters.isEmpty() ? m_none : m_look.clusters.constFirst();
    }
    const Cluster &last() { return at(m_replay.past->newestUs()); }
    /// When the first event with this text was seen; 0 if there is none.
    qint64 when(const QString &text) const
    {
        for (const HistoryEvent &event : m_replay.history.events()) {
            if (event.text == text)
                return event.atUs;
        }
        return 0;
    }
    static const Node *named(const Cluster &cluster, const QString &name)
    {
        for (const Node &node : cluster.nodes) {
            if (node.name == name)
                return &node;
        }
        return nullptr;
    }
    static LagState lagOf(const Cluster &cluster, const QString &name)
    {
        const Node *node = named(cluster, name);
        const Link *link = node ? cluster.linkTo(node->id) : nullptr;
        return link ? link->lag : LagState::Unknown;
    }
    static QString upstreamOf(const Cluster &cluster, const QString &name)
    {
        const Node *node = named(cluster, name);
        const Link *link = node ? cluster.linkTo(node->id) : nullptr;
        const Node *upstream = link ? cluster.node(link->upstream) : nullptr;
        return upstream ? upstream->name : QString();
    }

    Recording m_recording;
    Replay m_replay;
    Topology m_look;
    Cluster m_none;
};

void TestShippedRecording::initTestCase()
{
    const auto recording = readRecording(QStringLiteral(SHIPPED_RECORDING));
    QVERIFY2(recording, recording ? "" : qPrintable(recording.error().text()));
    m_recording = *recording;
    const auto replay = replayOf(m_recording);
    QVERIFY2(replay, replay ? "" : qPrintable(replay.error().text()));
    m_replay = *replay;
}

void TestShippedRecording::itIsSmallAndHoldsNoSecret()
{
    QVERIFY(QFileInfo(QStringLiteral(SHIPPED_RECORDING)).size() < 500000);
    QCOMPARE(m_replay.title, QStringLiteral("orders"));
    for (const PackedLook &look : m_recording.looks) {
        const QByteArray bytes = qUncompress(look.bytes);
        QVERIFY(!bytes.isEmpty());
        for (const char *word : {"password=", "passfile", "/home/", "/root"})
            QVERIFY2(!bytes.contains(word), word);
    }
}

void TestShippedRecording::itBeginsInPeace()
{
    const Cluster &cluster = at(m_replay.past->oldestUs());
    QCOMPARE(cluster.nodes.size(), 12);
    QCOMPARE(cluster.links.size(), 11);
    for (const Link &link : cluster.links)
        QVERIFY(link.state == LinkState::Streaming);
}

void TestShippedRecording::itIsACascade()
{
    const Cluster &cluster = last();
    QVERIFY(cluster.primary());
    QCOMPARE(cluster.primary()->name, QStringLiteral("db1"));
    QVERIFY(cluster.primary()->walRate.value_or(0) > 1024);
    QCOMPARE(upstreamOf(cluster, QStringLiteral("read3")), QStringLiteral("read2"));
    QCOMPARE(upstreamOf(cluster, QStringLiteral("read2")), QStringLiteral("db3"));
    QCOMPARE(upstreamOf(cluster, QStringLiteral("db3")), QStringLiteral("db1"));
    QCOMPARE(cluster.linkTo(named(cluster, QStringLiteral("db2"))->id)->sync, SyncState::Sync);
    QCOMPARE(cluster.linkTo(named(cluster, QStringLiteral("db3"))->id)->sync, SyncState::Potential);
}

void TestShippedRecording::itEndsInTrouble()
{
    const Cluster &cluster = last();
    QCOMPARE(cluster.nodes.size(), 12);
    const Node *ghost = named(cluster, QStringLiteral("old_dr")),
               *dead = named(cluster, QStringLiteral("dr1"));
    QVERIFY(ghost && dead);
    QCOMPARE(ghost->state, NodeState::Ghost);
    QCOMPARE(cluster.linkTo(ghost->id)->state, LinkState::Streaming);
    QCOMPARE(dead->state, NodeState::Down);
    QCOMPARE(cluster.linkTo(dead->id)->state, LinkState::Broken);
    QCOMPARE(lagOf(cluster, QStringLiteral("staging")), LagState::LinkStalled);
    QVERIFY(cluster.linkTo(named(cluster, QStringLiteral("search1"))->id)->lagging);
    // It has what its upstream has: it is not lagging itself.
    QVERIFY(!cluster.linkTo(named(cluster, QStringLiteral("search2"))->id)->lagging);
    qint64 kept = 0;
    for (const Slot &slot : cluster.slots_) {
        if (slot.name == QLatin1String("dr1_slot") && !slot.active)
            kept = slot.retainedBytes.value_or(0);
    }
    QVERIFY(kept > 16 << 20);
}

void TestShippedRecording::thingsHappenInTheirOrder()
{
    qint64 before = 0;
    for (const char *text : {"staging is down", "staging is up again", "Replay paused on reports",
                             "dr1 is down", "The link to staging stalled", "Replay resumed on reports"}) {
        const qint64 now = when(QString::fromLatin1(text));
        QVERIFY2(now > before, text);
        before = now;
    }
    // When exactly depends on when vacuum comes by.
    QVERIFY(when(QStringLiteral("search1 is lagging")) > when(QStringLiteral("staging is down")));
}

void TestShippedRecording::aMomentInTheMiddle()
{
    const QString staging = QStringLiteral("staging"), reports = QStringLiteral("reports");
    const Cluster &down = at(when(QStringLiteral("staging is down")));
    QCOMPARE(named(down, staging)->state, NodeState::Down);
    QCOMPARE(named(down, QStringLiteral("dr1"))->state, NodeState::Up);
    const Cluster &paused = at(when(QStringLiteral("The link to staging stalled")));
    QCOMPARE(lagOf(paused, reports), LagState::ReplayPaused);
    QCOMPARE(named(paused, staging)->state, NodeState::Up);
    QVERIFY(lagOf(last(), reports) != LagState::ReplayPaused);
}

QTEST_GUILESS_MAIN(TestShippedRecording)
#include "tst_shipped_recording.moc"
