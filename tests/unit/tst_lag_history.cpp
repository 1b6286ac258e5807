// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/LagHistory.h"

#include <QTest>
#include <cmath>

using namespace understudy;

namespace {

constexpr qint64 second = 1000000;
constexpr qint64 start = qint64(1700000000) * second;

Node node(const QString &name, Role role, NodeState state = NodeState::Up)
{
    Node node;
    node.id = name + QStringLiteral(":1");
    node.name = name;
    node.role = role;
    node.state = state;
    node.walRate = 1000;
    return node;
}

Link link(const QString &down, std::optional<qint64> bytes, LagState lag = LagState::CaughtUp)
{
    Link link;
    link.upstream = QStringLiteral("primary:1");
    link.downstream = down + QStringLiteral(":1");
    link.lag = lag;
    link.state = lag == LagState::Disconnected ? LinkState::Broken : LinkState::Streaming;
    link.lagBytes = bytes;
    link.lagSeconds = bytes ? std::optional<double>(0.5) : std::nullopt;
    return link;
}

Topology look(qint64 atUs, const QList<Node> &standbys, const QList<Link> &links)
{
    Cluster cluster;
    cluster.nodes = {node(QStringLiteral("primary"), Role::Primary)};
    cluster.nodes += standbys;
    cluster.links = links;
    return {atUs, {cluster}};
}

Node standby(const char *name, NodeState state = NodeState::Up)
{
    return node(QString::fromLatin1(name), Role::Standby, state);
}

QStringList texts(const LagHistory &history)
{
    QStringList texts;
    for (const HistoryEvent &event : history.events())
        texts << event.text;
    return texts;
}

const QString a = QStringLiteral("a"), a1 = QStringLiteral("a:1"), b1 = QStringLiteral("b:1"),
              c1 = QStringLiteral("c:1");

} // namespace

class TestLagHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void unknownIsNaNAndZeroIsZero()
    {
        LagHistory history;
        history.add(look(start, {standby("a")}, {link(a, 0)}));
        history.add(look(start + second, {standby("a")}, {link(a, std::nullopt)}));
        history.add(look(start + 2 * second, {standby("a")}, {}));
        const QList<LagSample> &samples = history.samples(a1);
        QCOMPARE(samples.size(), 3);
        QCOMPARE(samples.at(0).bytes, 0.0);
        QCOMPARE(samples.at(0).seconds, 0.5);
        QVERIFY(std::isnan(samples.at(1).bytes));
        QVERIFY(std::isnan(samples.at(1).seconds));
        QVERIFY(std::isnan(samples.at(2).bytes));
        QVERIFY(history.samples(QStringLiteral("nobody")).isEmpty());
    }

    void slotsAreLowestFreeAndKeptForLife()
    {
        LagHistory history;
        history.add(look(start, {standby("a"), standby("b"), standby("c")}, {}));
        QCOMPARE(history.seriesSlot(a1), 0);
        QCOMPARE(history.seriesSlot(b1), 1);
        QCOMPARE(history.seriesSlot(c1), 2);
        QCOMPARE(history.seriesSlot(QStringLiteral("primary:1")), -1);
        history.add(look(start + second, {standby("c"), standby("a")}, {}));
        QCOMPARE(history.seriesSlot(b1), -1);
        QCOMPARE(history.seriesSlot(c1), 2);
        history.add(look(start + 2 * second, {standby("c"), standby("a"), standby("d")}, {}));
        QCOMPARE(history.seriesSlot(QStringLiteral("d:1")), 1);
        QCOMPARE(history.standbys(), QList<NodeId>({a1, c1, QStringLiteral("d:1")}));
        // Down is not gone.
        history.add(
            look(start + 3 * second, {standby("c"), standby("a", NodeState::Down), standby("d")}, {}));
        QCOMPARE(history.seriesSlot(a1), 0);
    }

    void ghostsHaveNoSeries()
    {
        LagHistory history;
        history.add(look(start, {standby("a", NodeState::Ghost)}, {link(a, 0)}));
        QCOMPARE(history.seriesSlot(a1), -1);
        QVERIFY(history.standbys().isEmpty());
    }

    void transitionsBecomeEvents()
    {
        LagHistory history;
        qint64 at = start;
        const auto next = [&](NodeState state, LagState lag) {
            at += 20 * second;
            history.add(look(at, {standby("a", state)}, {link(a, 0, lag)}));
        };
        next(NodeState::Up, LagState::CaughtUp);
        QVERIFY(history.events().isEmpty());
        next(NodeState::Up, LagState::Replaying);
        next(NodeState::Up, LagState::CaughtUp);
        QVERIFY2(history.events().isEmpty(), "ordinary replay is no event");
        next(NodeState::Up, LagState::Disconnected);
        next(NodeState::Down, LagState::Disconnected);
        next(NodeState::Up, LagState::Disconnected);
        next(NodeState::Up, LagState::CaughtUp);
        next(NodeState::Up, LagState::ReplayPaused);
        next(NodeState::Up, LagState::CaughtUp);
        next(NodeState::Up, LagState::LinkStalled);
        QCOMPARE(texts(history),
                 QStringList({QStringLiteral("a disconnected"), QStringLiteral("a is down"),
                              QStringLiteral("a is up again"), QStringLiteral("a streams again"),
                              QStringLiteral("Replay paused on a"), QStringLiteral("Replay resumed on a"),
                              QStringLiteral("The link to a stalled")}));
        QCOMPARE(history.events().at(0).severity, Severity::Critical);
        QVERIFY(!history.events().at(0).neutral);
        QCOMPARE(history.events().at(0).node, a1);
        QVERIFY(history.events().at(3).neutral);
    }

    void downAndDisconnectedAtOnceIsOneEvent()
    {
        LagHistory history;
        history.add(look(start, {standby("a")}, {link(a, 0)}));
        history.add(look(start + second, {standby("a", NodeState::Down)},
                         {link(a, std::nullopt, LagState::Disconnected)}));
        QCOMPARE(texts(history), QStringList(QStringLiteral("a is down")));
    }

    void joiningPromotionAndRemoval()
    {
        LagHistory history;
        history.add(look(start, {}, {}));
        history.add(look(start + second, {standby("a")}, {}));
        history.add(look(start + 2 * second, {node(a, Role::Primary)}, {}));
        history.add(look(start + 3 * second, {}, {}));
        QCOMPARE(texts(history), QStringList({QStringLiteral("a joined"), QStringLiteral("a was promoted"),
                                              QStringLiteral("a was removed")}));
    }

    void findingsAreMarkedOnceAndNoticesNot()
    {
        LagHistory history;
        Topology one = look(start, {standby("a")}, {link(a, 0)});
        history.add(one);
        Finding warning;
        warning.name = QStringLiteral("slot_retains");
        warning.severity = Severity::Warning;
        warning.title = QStringLiteral("A slot keeps 2 GB");
        warning.node = QStringLiteral("primary:1");
        Finding notice = warning;
        notice.name = QStringLiteral("no_limit");
        notice.severity = Severity::Notice;
        one.clusters[0].findings = {warning, notice};
        for (int i = 1; i < 4; ++i) {
            one.takenAtUs = start + i * 20 * second;
            history.add(one);
        }
        one.clusters[0].findings = {};
        one.takenAtUs += 20 * second;
        history.add(one);
        QCOMPARE(texts(history), QStringList({QStringLiteral("A slot keeps 2 GB"),
                                              QStringLiteral("Cleared: A slot keeps 2 GB")}));
        QCOMPARE(history.events().at(0).severity, Severity::Warning);
    }

    void memoryIsBounded()
    {
        LagHistory history(10 * second);
        for (int i = 0; i < 100; ++i) {
            history.add(look(start + i * second, {standby("a")}, {link(a, i)}));
            history.addEvent({start + i * second, QStringLiteral("x"), {}, Severity::Notice, true});
        }
        QCOMPARE(history.samples(a1).size(), 11);
        QCOMPARE(history.samples(a1).constFirst().bytes, 89.0);
        QVERIFY(history.events().size() <= 12);
    }

    void aClockThatJumpsBackKeepsOrderAndLosesNothing()
    {
        LagHistory history;
        history.add(look(start, {standby("a")}, {link(a, 1)}));
        history.add(look(start + second, {standby("a")}, {link(a, 2)}));
        history.addEvent({start + second, QStringLiteral("x"), {}, Severity::Notice, true});
        history.add(look(start - 1000 * second, {standby("a")}, {link(a, 3)}));
        const QList<LagSample> &samples = history.samples(a1);
        QCOMPARE(samples.size(), 3);
        QCOMPARE(samples.constLast().atUs, start - 1000 * second);
        for (int i = 1; i < 3; ++i)
            QVERIFY(samples.at(i - 1).atUs < samples.at(i).atUs);
        QCOMPARE(samples.at(1).atUs - samples.at(0).atUs, second);
        QCOMPARE(history.events().constFirst().atUs, samples.at(1).atUs);
    }

    void theSameLookTwiceIsOneSample()
    {
        LagHistory history;
        const Topology one = look(start, {standby("a")}, {link(a, 1)});
        history.add(one);
        history.add(one);
        QCOMPARE(history.samples(a1).size(), 1);
    }

    void sparklinesGrowFromTheRightAndKeepGaps()
    {
        LagHistory history;
        QVERIFY(history.lagTail(a1, 60).isEmpty());
        for (int i = 0; i < 10; ++i)
            history.add(look(start + i * second, {standby("a")}, {link(a, i)}));
        QList<double> values = history.lagTail(a1, 60);
        QVERIFY(values.size() >= 58 && values.size() <= 61);
        QVERIFY(std::isnan(values.constFirst()));
        QCOMPARE(values.constLast(), 9.0);
        for (int i = 0; i < 10; ++i)
            history.add(look(start + (30 + i) * second, {standby("a")}, {link(a, 100 + i)}));
        values = history.lagTail(a1, 60);
        QVERIFY2(std::isnan(values.at(values.size() - 15)), "twenty seconds nobody looked are a gap");
        QCOMPARE(values.constLast(), 109.0);
        QCOMPARE(history.walRates(QStringLiteral("primary:1"), 60).constLast(), 1000.0);
    }
};

QTEST_GUILESS_MAIN(TestLagHistory)
#include "tst_lag_history.moc"
