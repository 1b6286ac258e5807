// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphPainter.h"

#include <cmath>

/// Made-up clusters for tests of what is painted.
namespace understudy::samples {

inline constexpr qint64 now = qint64(1700000000) * 1000000;
inline constexpr double kB = 1024, MB = 1024 * kB;

struct Graph
{
    Topology topology;
    QHash<NodeId, CardExtras> extras;
};

inline Node node(const QString &name, int port, Role role, const QString &host = QStringLiteral("127.0.0.1"))
{
    Node n;
    n.id = QStringLiteral("%1:%2").arg(host).arg(port);
    n.name = name;
    n.host = host;
    n.port = port;
    n.role = role;
    n.state = NodeState::Up;
    n.factsAtUs = now;
    n.versionNum = 150018;
    n.timeline = 1;
    n.lsn = Lsn(0xF0BA410);
    n.diskFree = qint64(51) << 30;
    return n;
}

inline Link link(const Node &up, const Node &down, const QString &slot, LagState lag, qint64 bytes)
{
    Link l;
    l.upstream = up.id;
    l.downstream = down.id;
    l.slot = slot;
    l.lag = lag;
    l.state = lag == LagState::LinkStalled                                   ? LinkState::Stalled
              : lag == LagState::Disconnected || lag == LagState::NoReceiver ? LinkState::Broken
                                                                             : LinkState::Streaming;
    l.sync = SyncState::Async;
    l.lagBytes = bytes;
    l.lagSeconds = 0.0;
    l.walRate = 18 * kB;
    return l;
}

inline QList<double> wave(int seed)
{
    QList<double> values;
    for (int i = 0; i < 60; ++i)
        values << qMax(0.0, std::sin(i * 0.7 + seed) + std::sin(i * 1.9 + seed) - 0.4) * 1000;
    return values;
}

/// One primary, one standby that is caught up, one planned: the quiet picture.
inline Graph healthy(bool planned = true)
{
    Graph g;
    Cluster c;
    Node p = node(QStringLiteral("primary"), 5432, Role::Primary);
    p.walRate = 18 * kB;
    const Node s = node(QStringLiteral("standby1"), 5433, Role::Standby);
    c.nodes = {p, s};
    c.links = {link(p, s, QStringLiteral("standby_slot"), LagState::CaughtUp, 0)};
    if (planned) {
        Node n = node(QStringLiteral("standby2"), 5434, Role::Standby);
        n.state = NodeState::Planned;
        n.reason = QStringLiteral("Draft of 13:38. Nothing has been created yet.");
        c.nodes << n;
        c.links << link(p, n, QStringLiteral("standby2_slot"), LagState::Unknown, 0);
    }
    g.topology.takenAtUs = now;
    g.topology.clusters = {c};
    g.extras[p.id].sparkline = wave(3);
    g.extras[s.id] = {0, wave(1), 0, Severity::Notice};
    return g;
}

/// Twelve nodes, a cascade, a ghost, and everything that can go wrong at once.
inline Graph incident()
{
    Graph g;
    Cluster c;
    const auto add = [&](const char *name, int i, Role role = Role::Standby) {
        Node n = node(QString::fromLatin1(name), 5432, role, QStringLiteral("10.20.0.%1").arg(i));
        c.nodes << n;
        return n;
    };
    const Node p = add("pg-ams-1", 1, Role::Primary);
    c.nodes.last().walRate = 8.4 * MB;
    struct Row
    {
        const char *name, *slot;
        LagState lag;
        double bytes;
        int slotNumber;
    };
    const auto hang = [&](const Node &up, const Row &row, int i) {
        const Node n = add(row.name, i);
        Link l = link(up, n, QString::fromLatin1(row.slot), row.lag, qint64(row.bytes));
        l.walRate = 8.4 * MB;
        c.links << l;
        g.extras[n.id] = {row.slotNumber, wave(i), 0, Severity::Notice};
        return n;
    };
    hang(p, {"pg-ams-2", "ams2_slot", LagState::CaughtUp, 0, 0}, 2);
    c.links.last().sync = SyncState::Sync;
    const Node ams3 = hang(p, {"pg-ams-3", "ams3_slot", LagState::CaughtUp, 0, 1}, 3);
    const Node fra1 = hang(p, {"pg-fra-1", "fra1_slot", LagState::Replaying, 1434 * MB, 2}, 4);
    c.links.last().lagging = true;
    c.links.last().lagSeconds = 171;
    g.extras[fra1.id].findings = 1;
    g.extras[fra1.id].worst = Severity::Warning;
    hang(p, {"pg-fra-2", "fra2_slot", LagState::LinkStalled, 403 * MB, 3}, 5);
    c.links.last().sinceUs = now - qint64(48) * 1000000;
    hang(p, {"pg-lon-1", "lon1_slot", LagState::Disconnected, 0, 4}, 6);
    c.links.last().lagBytes.reset();
    c.links.last().sinceUs = now - qint64(480) * 1000000;
    hang(p, {"pg-rpt-1", "rpt1_slot", LagState::ReplayPaused, 4096 * MB, 5}, 7);
    hang(ams3, {"pg-ams-4", "ams4_slot", LagState::CaughtUp, 0, 6}, 8);
    const Node dr1 = hang(ams3, {"pg-dr-1", "dr1_slot", LagState::Replaying, 96 * kB, 7}, 9);
    hang(dr1, {"pg-dr-2", "dr2_slot", LagState::Replaying, 184 * kB, 8}, 10);
    hang(fra1, {"pg-fra-3", "", LagState::CaughtUp, 0, 9}, 11);
    Node ghost = node(QStringLiteral("walreceiver"), 0, Role::Standby, QStringLiteral("172.18.0.4"));
    ghost.state = NodeState::Ghost;
    ghost.factsAtUs = 0;
    c.nodes << ghost;
    c.links << link(p, ghost, QStringLiteral("old_dr_slot"), LagState::Unknown, 0);
    g.topology.takenAtUs = now;
    g.topology.clusters = {c};
    return g;
}

inline NodeId idOf(const Graph &graph, const QString &name)
{
    for (const Node &node : graph.topology.clusters.first().nodes) {
        if (node.name == name)
            return node.id;
    }
    return {};
}

/// Another poll: every number is another one, the structure is the same.
inline Graph later(Graph graph)
{
    graph.topology.takenAtUs += 1'000'000;
    for (Cluster &cluster : graph.topology.clusters) {
        for (Link &link : cluster.links)
            link.lagBytes = link.lagBytes.value_or(0) + 7'654'321;
        for (Node &node : cluster.nodes)
            node.lsn = Lsn(node.lsn.value_or(Lsn()).bytes() + 4096);
    }
    return graph;
}

inline void without(Graph &graph, const NodeId &id)
{
    Cluster &cluster = graph.topology.clusters.first();
    cluster.nodes.removeIf([&](const Node &node) { return node.id == id; });
    cluster.links.removeIf([&](const Link &link) { return link.upstream == id || link.downstream == id; });
}

} // namespace understudy::samples
