// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Health.h"
#include "model/Topology.h"

#include <cmath>

/// Looks made by hand for tests of the window: what a monitor would have folded.
namespace understudy::fixture {

constexpr qint64 second = 1000000;
constexpr qint64 start = qint64(1763386500) * second; // 13:35:00 UTC

inline Node node(const QString &name, int port, Role role, NodeState state = NodeState::Up)
{
    Node node;
    node.host = QStringLiteral("127.0.0.1");
    node.port = port;
    node.id = QStringLiteral("127.0.0.1:%1").arg(port);
    node.name = name;
    node.role = role;
    node.state = state;
    node.versionNum = 150018;
    node.timeline = 1;
    node.systemIdentifier = QStringLiteral("7573920148826316834");
    node.startTimeUs = start - qint64(8040) * second;
    node.lsn = Lsn::parse(QStringLiteral("0/F0BA410"));
    node.receivedLsn = node.lsn;
    node.diskFree = qint64(51) << 30;
    node.diskTotal = qint64(56) << 30;
    node.probeMs = 0.14;
    node.walRate = 18 * 1024;
    return node;
}

inline Link link(const Node &up, const Node &down, const QString &slot, qint64 bytes)
{
    Link link;
    link.upstream = up.id;
    link.downstream = down.id;
    link.slot = slot;
    link.pid = 4127;
    link.applicationName = QStringLiteral("walreceiver");
    link.state = LinkState::Streaming;
    link.sync = SyncState::Async;
    link.lag = bytes == 0 ? LagState::CaughtUp : LagState::Replaying;
    link.lagBytes = bytes;
    link.lagSeconds = bytes == 0 ? 0.0 : 0.4;
    link.stages = {0, 0, 0, bytes};
    link.matchedBy = MatchedBy::Slot;
    link.confidence = Confidence::Certain;
    link.lastMessageS = 0.4;
    link.walRate = 18 * 1024;
    return link;
}

inline Slot slot(const Node &on, const QString &name, bool active = true)
{
    Slot slot;
    slot.node = on.id;
    slot.name = name;
    slot.active = active;
    slot.walStatus = QStringLiteral("reserved");
    slot.retainedBytes = active ? 0 : qint64(42) << 20;
    if (!active)
        slot.runwaySeconds = 24 * 60;
    return slot;
}

inline Finding finding(const QString &name, Severity severity, const QString &title, const NodeId &node = {})
{
    Finding finding;
    finding.name = name;
    finding.severity = severity;
    finding.title = title;
    finding.node = node;
    finding.evidence = QStringLiteral("max_slot_wal_keep_size = -1");
    finding.meaning = QStringLiteral("An abandoned slot keeps WAL until the disk is full.");
    finding.action = QStringLiteral("Set a limit that leaves room on the disk.");
    finding.sql = QStringLiteral("ALTER SYSTEM SET max_slot_wal_keep_size = '16GB';");
    finding.sinceUs = start;
    return finding;
}

/// A primary and its standby, as the demo has them.
inline Topology healthy(qint64 atUs, qint64 bytes = 0)
{
    Cluster cluster;
    cluster.systemIdentifier = QStringLiteral("7573920148826316834");
    const Node primary = node(QStringLiteral("primary"), 5432, Role::Primary);
    const Node standby = node(QStringLiteral("standby1"), 5433, Role::Standby);
    cluster.nodes = {primary, standby};
    cluster.links = {link(primary, standby, QStringLiteral("standby_slot"), bytes)};
    cluster.slots_ = {slot(primary, QStringLiteral("standby_slot"))};
    cluster.findings = {finding(QStringLiteral("slots_without_limit"), Severity::Notice,
                                QStringLiteral("Slots may keep WAL without limit"), primary.id)};
    return {atUs, {cluster}};
}

/// The same with the standby killed.
inline Topology broken(qint64 atUs)
{
    Topology topology = healthy(atUs);
    Cluster &cluster = topology.clusters[0];
    Node &standby = cluster.nodes[1];
    standby.state = NodeState::Down;
    standby.reason = QStringLiteral("Nothing listens on 127.0.0.1:5433.");
    Link &link = cluster.links[0];
    link.state = LinkState::Broken;
    link.lag = LagState::Disconnected;
    link.pid.reset();
    link.lagBytes.reset();
    link.lagSeconds.reset();
    link.stages = {};
    link.lastMessageS.reset();
    cluster.slots_ = {slot(cluster.nodes[0], QStringLiteral("standby_slot"), false)};
    Finding down = finding(QStringLiteral("standby_down"), Severity::Critical,
                           QStringLiteral("standby1 is down"), standby.id);
    down.evidence = QStringLiteral("standby_slot: active = f, keeps 42 MB");
    down.meaning =
        QStringLiteral("No walsender since 13:40:02. At 18 kB/s the slot fills the disk in about 33 days.");
    down.action = QStringLiteral("Start it, or open its log.");
    down.sql.clear();
    cluster.findings.prepend(down);
    return topology;
}

/// Lag as a demo's write load makes it: spikes that are gone a second later.
inline qint64 spike(int second)
{
    const double wave = std::sin(second * 1.7) * std::sin(second * 0.31 + 1) * std::sin(second * 0.053);
    return wave > 0.25 ? qint64(wave * 60000) : 0;
}

} // namespace understudy::fixture
