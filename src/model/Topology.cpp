// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Topology.h"

#include <algorithm>

namespace understudy {

const Node *Cluster::node(const NodeId &id) const
{
    const auto it = std::find_if(nodes.begin(), nodes.end(), [&](const Node &n) { return n.id == id; });
    return it == nodes.end() ? nullptr : &*it;
}

const Node *Cluster::primary() const
{
    const Node *lastKnown = nullptr;
    for (const Node &n : nodes) {
        if (n.role != Role::Primary)
            continue;
        if (n.state == NodeState::Up || n.state == NodeState::NoPermission)
            return &n;
        if (!lastKnown || n.factsAtUs > lastKnown->factsAtUs)
            lastKnown = &n;
    }
    return lastKnown;
}

const Link *Cluster::linkTo(const NodeId &downstream) const
{
    const auto it =
        std::find_if(links.begin(), links.end(), [&](const Link &l) { return l.downstream == downstream; });
    return it == links.end() ? nullptr : &*it;
}

QList<const Link *> Cluster::linksFrom(const NodeId &upstream) const
{
    QList<const Link *> out;
    for (const Link &l : links) {
        if (l.upstream == upstream)
            out << &l;
    }
    return out;
}

QList<const Node *> Cluster::standbys() const
{
    QList<const Node *> out;
    for (const Node &n : nodes) {
        if (n.role == Role::Standby)
            out << &n;
    }
    return out;
}

const Cluster *Topology::clusterOf(const NodeId &id) const
{
    for (const Cluster &c : clusters) {
        if (c.node(id))
            return &c;
    }
    return nullptr;
}

const Node *Topology::node(const NodeId &id) const
{
    const Cluster *c = clusterOf(id);
    return c ? c->node(id) : nullptr;
}

QString stableName(Role role)
{
    switch (role) {
    case Role::Primary:
        return QStringLiteral("primary");
    case Role::Standby:
        return QStringLiteral("standby");
    case Role::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

QString stableName(NodeState state)
{
    switch (state) {
    case NodeState::Up:
        return QStringLiteral("up");
    case NodeState::NotResponding:
        return QStringLiteral("not_responding");
    case NodeState::Down:
        return QStringLiteral("down");
    case NodeState::NoPermission:
        return QStringLiteral("no_permission");
    case NodeState::Ghost:
        return QStringLiteral("ghost");
    case NodeState::Unknown:
    case NodeState::Planned: // Drawn by the wizard only; outside of it nothing is known of such a node.
        break;
    }
    return QStringLiteral("unknown");
}

QString stableName(LinkState state)
{
    switch (state) {
    case LinkState::Streaming:
        return QStringLiteral("streaming");
    case LinkState::Catchup:
        return QStringLiteral("catchup");
    case LinkState::Stalled:
        return QStringLiteral("stalled");
    case LinkState::Broken:
        break;
    }
    return QStringLiteral("broken");
}

QString stableName(LagState state)
{
    switch (state) {
    case LagState::CaughtUp:
        return QStringLiteral("caught_up");
    case LagState::Replaying:
        return QStringLiteral("replaying");
    case LagState::Idle:
        return QStringLiteral("idle");
    case LagState::ReplayPaused:
        return QStringLiteral("replay_paused");
    case LagState::LinkStalled:
        return QStringLiteral("link_stalled");
    case LagState::NoReceiver:
        return QStringLiteral("no_receiver");
    case LagState::Disconnected:
        return QStringLiteral("disconnected");
    case LagState::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

QString stableName(SyncState state)
{
    switch (state) {
    case SyncState::Async:
        return QStringLiteral("async");
    case SyncState::Sync:
        return QStringLiteral("sync");
    case SyncState::Quorum:
        return QStringLiteral("quorum");
    case SyncState::Potential:
        return QStringLiteral("potential");
    case SyncState::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

QString stableName(MatchedBy matchedBy)
{
    switch (matchedBy) {
    case MatchedBy::Slot:
        return QStringLiteral("slot");
    case MatchedBy::ApplicationName:
        return QStringLiteral("application_name");
    case MatchedBy::Address:
        break;
    }
    return QStringLiteral("address");
}

QString stableName(Confidence confidence)
{
    switch (confidence) {
    case Confidence::Certain:
        return QStringLiteral("certain");
    case Confidence::Likely:
        return QStringLiteral("likely");
    case Confidence::Guess:
        break;
    }
    return QStringLiteral("guess");
}

QString stableName(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return QStringLiteral("critical");
    case Severity::Warning:
        return QStringLiteral("warning");
    case Severity::Notice:
        break;
    }
    return QStringLiteral("notice");
}

QString stableName(Sender::Kind kind)
{
    switch (kind) {
    case Sender::Kind::BaseBackup:
        return QStringLiteral("base_backup");
    case Sender::Kind::ReceiveWal:
        return QStringLiteral("receivewal");
    case Sender::Kind::Logical:
        return QStringLiteral("logical");
    case Sender::Kind::Other:
        break;
    }
    return QStringLiteral("other");
}

QString words(NodeState state)
{
    switch (state) {
    case NodeState::Up:
        return QStringLiteral("Up");
    case NodeState::NotResponding:
        return QStringLiteral("Not responding");
    case NodeState::Down:
        return QStringLiteral("Down");
    case NodeState::NoPermission:
        return QStringLiteral("No permission");
    case NodeState::Ghost:
        return QStringLiteral("Not reachable");
    case NodeState::Planned:
        return QStringLiteral("Planned");
    case NodeState::Unknown:
        break;
    }
    return QStringLiteral("Unknown");
}

QString words(LagState state)
{
    switch (state) {
    case LagState::CaughtUp:
        return QStringLiteral("Caught up");
    case LagState::Replaying:
        return QStringLiteral("Replaying");
    case LagState::Idle:
        return QStringLiteral("Idle");
    case LagState::ReplayPaused:
        return QStringLiteral("Replay paused");
    case LagState::LinkStalled:
        return QStringLiteral("Link stalled");
    case LagState::NoReceiver:
        return QStringLiteral("No receiver");
    case LagState::Disconnected:
        return QStringLiteral("Disconnected");
    case LagState::Unknown:
        break;
    }
    return QStringLiteral("Unknown");
}

QString words(SyncState state)
{
    return state == SyncState::Unknown ? QStringLiteral("unknown") : stableName(state);
}

} // namespace understudy
