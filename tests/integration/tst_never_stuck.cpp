// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeServer.h"
#include "Watch.h"

#include <QDir>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <algorithm>
#include <map>

using namespace understudy;
using test::FakeServer;
using test::ServerFolder;
using test::TestServer;
using test::Watch;
using Manner = FakeServer::Manner;

/// Nodes that hang, drop, stall, lie and hang up, in one monitor with a healthy primary and standby.
class TestNeverStuck : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void eachIsCalledWhatItIs();
    void healthyOnesKeepTheirPace();
    void threadsAreBounded();
    void comesBack();
    void attemptsBackOff();
    void establishedConnectionGoesSilent();
    void endsAtOnce();

private:
    struct Bad
    {
        const char *name;
        Manner manner;
        std::unique_ptr<FakeServer> server;
    };
    /// All of them stand before the same primary.
    WatchedNode bad(const Bad &b) const
    {
        return Watch::through(*m_primary, b.server->port(), QString::fromLatin1(b.name));
    }
    static WatchedNode unresolvable();
    QList<WatchedNode> everybody() const;
    NodeId idOf(const char *name) const;
    std::unique_ptr<Watch> watchAll(int intervalMs = 200) const;
    /// Every bad one was looked at and called something.
    bool allJudged(const Watch &watch) const;

    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_primary, m_standby;
    std::vector<Bad> m_bad;
    int m_ownThreads = 0; ///< Before anything was watched.
};

namespace {

int threadsOfThisProcess()
{
    return int(QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size());
}

} // namespace

WatchedNode TestNeverStuck::unresolvable()
{
    WatchedNode node;
    node.endpoint.host = QStringLiteral("no-such-host.invalid");
    node.endpoint.user = QStringLiteral("understudy");
    node.id = node.endpoint.address();
    node.name = QStringLiteral("unresolvable");
    return node;
}

QList<WatchedNode> TestNeverStuck::everybody() const
{
    QList<WatchedNode> nodes = Watch::nodes(m_primary, m_standby);
    for (const Bad &b : m_bad)
        nodes << bad(b);
    nodes << unresolvable();
    return nodes;
}

NodeId TestNeverStuck::idOf(const char *name) const
{
    for (const Bad &b : m_bad) {
        if (qstrcmp(b.name, name) == 0)
            return bad(b).id;
    }
    return {};
}

std::unique_ptr<Watch> TestNeverStuck::watchAll(int intervalMs) const
{
    ClusterMonitor::Options options = Watch::quick();
    options.intervalMs = intervalMs;
    return std::make_unique<Watch>(everybody(), options);
}

bool TestNeverStuck::allJudged(const Watch &watch) const
{
    const auto judged = [&](const NodeId &id) { return watch.at(id) && !watch.at(id)->reason.isEmpty(); };
    return std::all_of(m_bad.begin(), m_bad.end(), [&](const Bad &b) { return judged(bad(b).id); }) &&
           judged(unresolvable().id);
}

void TestNeverStuck::initTestCase()
{
    m_primary = TestServer::primary(m_folder, QStringLiteral("primary"));
    QVERIFY(m_primary);
    m_standby = m_primary->standby(QStringLiteral("standby"), QStringLiteral("standby_slot"));
    QVERIFY(m_standby);
    for (const auto &[name, manner] :
         std::initializer_list<std::pair<const char *, Manner>>{{"silent", Manner::Silent},
                                                                {"stalls in login", Manner::StallInLogin},
                                                                {"garbage", Manner::Garbage},
                                                                {"trickle", Manner::Trickle},
                                                                {"hangs up", Manner::Hangup},
                                                                {"queue full", Manner::Full}})
        m_bad.push_back({name, manner, std::make_unique<FakeServer>(manner, m_primary->port())});
    m_ownThreads = threadsOfThisProcess();
}

void TestNeverStuck::eachIsCalledWhatItIs()
{
    QElapsedTimer timer;
    timer.start();
    const auto watch = watchAll();
    SEE(*watch, allJudged(*watch), 5000);
    // The deadline, a tick, and a busy machine.
    QVERIFY2(timer.elapsed() < 1500 + 200 + 800, qPrintable(QString::number(timer.elapsed())));
    for (const char *name : {"silent", "stalls in login", "trickle", "queue full"}) {
        QCOMPARE(watch->at(idOf(name))->state, NodeState::NotResponding);
        QVERIFY(watch->finding("node_not_responding", idOf(name)));
    }
    const QString garbage = watch->at(idOf("garbage"))->reason;
    QCOMPARE(watch->at(idOf("garbage"))->state, NodeState::Unknown);
    QVERIFY2(garbage.startsWith(QStringLiteral("Not a PostgreSQL server")), qPrintable(garbage));
    const QString hangup = watch->at(idOf("hangs up"))->reason;
    QCOMPARE(watch->at(idOf("hangs up"))->state, NodeState::Unknown);
    QVERIFY2(hangup.contains(QStringLiteral("closed the connection")), qPrintable(hangup));
    // A resolver that is silent itself is beyond libpq's reach: then it is the deadline that speaks.
    const Node *lost = watch->at(unresolvable().id);
    QVERIFY2(lost->reason.contains(QStringLiteral("no-such-host.invalid")) ||
                 lost->state == NodeState::NotResponding,
             qPrintable(lost->reason));
    SEE(*watch, watch->finding("node_unknown", idOf("garbage")), 2000);
    SEE(*watch, watch->isWell(m_standby, watch->node(*m_primary).id, Confidence::Certain), 2000);
}

void TestNeverStuck::healthyOnesKeepTheirPace()
{
    constexpr int interval = 100;
    const auto watch = watchAll(interval);
    SEE(*watch, allJudged(*watch), 5000);
    std::map<NodeId, std::vector<qint64>> seen;
    QElapsedTimer timer;
    timer.start();
    const NodeId primary = watch->node(*m_primary).id;
    const NodeId standby = watch->node(*m_standby).id;
    connect(&watch->monitor, &ClusterMonitor::snapshotTaken, this,
            [&](const NodeSnapshot &s) { seen[s.id].push_back(timer.elapsed()); });
    QSignalSpy told(&watch->monitor, &ClusterMonitor::topologyChanged);
    QTRY_VERIFY_WITH_TIMEOUT(seen[primary].size() > 60 && seen[standby].size() > 60, 15000);
    const auto spent = double(timer.elapsed());
    disconnect(&watch->monitor, nullptr, this, nullptr);
    for (const NodeId &id : {primary, standby}) {
        std::vector<qint64> gaps;
        for (size_t i = 1; i < seen[id].size(); ++i)
            gaps.push_back(seen[id][i] - seen[id][i - 1]);
        std::sort(gaps.begin(), gaps.end());
        const qint64 median = gaps[gaps.size() / 2];
        const qint64 p99 = gaps[gaps.size() * 99 / 100];
        qInfo("%s: period %lld ms, p99 %lld ms", qPrintable(id), median, p99);
        QVERIFY(qAbs(median - interval) <= 15);
        QVERIFY(p99 < 3 * interval); // One hung node would cost the deadline, 15 intervals.
    }
    QVERIFY(double(told.size()) > 0.8 * spent / interval); // And the picture as a whole as well.
}

void TestNeverStuck::threadsAreBounded()
{
    const auto watch = watchAll();
    SEE(*watch, allJudged(*watch), 5000);
    int most = 0;
    QSignalSpy ticks(&watch->monitor, &ClusterMonitor::topologyChanged);
    while (ticks.size() < 40) { // 8 s: several rounds of giving up
        QVERIFY(ticks.wait(3000));
        most = std::max(most, threadsOfThisProcess() - m_ownThreads);
    }
    // One a node, and no more than three that are stuck where nothing reaches them.
    const auto nodes = int(everybody().size());
    qInfo("%d threads for %d nodes", most, nodes);
    QVERIFY2(most <= nodes + 3 * int(m_bad.size() + 1), qPrintable(QString::number(most)));
}

// Each goes bad as a machine does, with the connection that was there, stays so for some rounds, and
// recovers.
void TestNeverStuck::comesBack()
{
    std::map<NodeId, std::pair<std::unique_ptr<FakeServer>, Manner>> proxies;
    QList<WatchedNode> nodes;
    for (const Bad &b : m_bad) {
        auto proxy = std::make_unique<FakeServer>(Manner::PassThrough, m_primary->port());
        nodes << Watch::through(*m_primary, proxy->port(), QString::fromLatin1(b.name));
        proxies[nodes.last().id] = {std::move(proxy), b.manner};
    }
    ClusterMonitor::Options options = Watch::quick();
    options.intervalMs = 1000; // as people use it
    Watch watch(nodes, options);
    const auto all = [&](bool up) {
        return std::all_of(nodes.begin(), nodes.end(), [&](const WatchedNode &node) {
            return watch.at(node.id) && watch.isState(node.id, NodeState::Up) == up;
        });
    };
    SEE(watch, all(true), 5000);
    for (auto &[id, proxy] : proxies)
        proxy.first->become(Manner::Hangup);
    SEE(watch, all(false), 5000);
    for (auto &[id, proxy] : proxies)
        proxy.first->become(proxy.second);
    QSignalSpy ticks(&watch.monitor, &ClusterMonitor::topologyChanged);
    while (ticks.size() < 5)
        QVERIFY(ticks.wait(5000));
    QVERIFY2(all(false), watch.dump().constData());
    QMap<NodeId, qint64> back;
    QElapsedTimer timer;
    connect(&watch.monitor, &ClusterMonitor::snapshotTaken, this, [&](const NodeSnapshot &s) {
        if (s.answered() && !back.contains(s.id))
            back.insert(s.id, timer.elapsed());
    });
    timer.start();
    for (auto &[id, proxy] : proxies)
        proxy.first->become(Manner::PassThrough);
    SEE(watch, all(true), 10000);
    for (const WatchedNode &node : nodes) {
        qInfo("%s: back after %lld ms", qPrintable(node.name), back.value(node.id));
        // Two polls, and what a busy machine takes.
        QVERIFY2(back.value(node.id) < 2 * options.intervalMs + 400, qPrintable(node.name));
    }
    SEE(watch, !watch.finding("node_not_responding") && !watch.finding("node_unknown"), 8000);
}

void TestNeverStuck::attemptsBackOff()
{
    FakeServer hangup(Manner::Hangup, m_primary->port());
    WatchedNode node = Watch::through(*m_primary, hangup.port(), QStringLiteral("hangs up"));
    // One connection an attempt: without this libpq tries with and without TLS.
    node.endpoint.options.insert(QStringLiteral("sslmode"), QStringLiteral("disable"));
    ClusterMonitor::Options options = Watch::quick();
    options.intervalMs = 50;
    Watch watch({node}, options);
    QSignalSpy ticks(&watch.monitor, &ClusterMonitor::topologyChanged);
    int last = 0;
    int next = 0;
    int held = 0;
    while (ticks.size() < 100) {
        QVERIFY(ticks.wait(3000));
        const int now = hangup.accepted();
        (now > last ? next : held) += 1;
        last = now;
    }
    const int attempts = hangup.accepted();
    qInfo("%d attempts in 100 polls, %d polls held back", attempts, held);
    QVERIFY2(attempts <= 80, qPrintable(QString::number(attempts)));
    QVERIFY2(attempts >= 45, qPrintable(QString::number(attempts))); // never longer than two polls
    QVERIFY(held >= 15);
    // Jitter: not simply every second one.
    QVERIFY2(attempts >= 53, qPrintable(QString::number(attempts)));
}

// Both directions of a connection that was there hang, and nobody says so: a partition.
void TestNeverStuck::establishedConnectionGoesSilent()
{
    FakeServer proxy(Manner::PassThrough, m_primary->port());
    const WatchedNode node = Watch::through(*m_primary, proxy.port(), QStringLiteral("behind a wall"));
    QList<WatchedNode> nodes = Watch::nodes(m_standby);
    nodes << node;
    Watch watch(nodes);
    SEE(watch, watch.isState(node.id, NodeState::Up) && watch.isState(m_standby, NodeState::Up), 3000);
    proxy.become(Manner::Frozen);
    SEE(watch, watch.isState(node.id, NodeState::NotResponding), 1500 + 200 + 800);
    QVERIFY(watch.finding("node_not_responding", node.id));
    QVERIFY(watch.at(node.id)->versionNum > 0);
    QVERIFY(watch.at(node.id)->role == Role::Primary);
    QVERIFY(watch.isState(m_standby, NodeState::Up));
    proxy.become(Manner::PassThrough);
    SEE(watch, watch.isState(node.id, NodeState::Up), 2400);
    SEE(watch, watch.isClear(), 5000);
}

void TestNeverStuck::endsAtOnce()
{
    auto watch = watchAll();
    SEE(*watch, allJudged(*watch), 5000);
    QElapsedTimer timer;
    timer.start();
    watch.reset();
    QVERIFY2(timer.elapsed() < 200, qPrintable(QString::number(timer.elapsed())));
    QElapsedTimer look;
    look.start();
    const Topology topology = lookOnce(everybody(), std::make_shared<LibpqSecrets>(), Watch::quick(), 2, 200);
    QVERIFY2(look.elapsed() < 2 * 1500 + 200 + 1000, qPrintable(QString::number(look.elapsed())));
    QCOMPARE(topology.node(Watch::node(*m_primary).id)->state, NodeState::Up);
    QCOMPARE(topology.node(idOf("silent"))->state, NodeState::NotResponding);
}

QTEST_GUILESS_MAIN(TestNeverStuck)
#include "tst_never_stuck.moc"
