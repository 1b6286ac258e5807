// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/CardText.h"

#include "model/Format.h"

namespace understudy::cardtext {

QString roleWord(const Node &node)
{
    switch (node.role) {
    case Role::Primary:
        return QStringLiteral("Primary");
    case Role::Standby:
        return QStringLiteral("Standby");
    case Role::Unknown:
        break;
    }
    return QStringLiteral("Role unknown");
}

QString behind(const Link *link)
{
    return format::bytes(link ? link->lagBytes : std::nullopt);
}

QString delay(const Link *link)
{
    return format::seconds(link ? link->lagSeconds : std::nullopt);
}

QString lsn(const Node &node)
{
    return node.lsn ? node.lsn->toString() : QStringLiteral("unknown");
}

QString timeline(const Node &node)
{
    return node.timeline ? QString::number(*node.timeline) : QStringLiteral("unknown");
}

QString since(const Link *link, qint64 nowUs)
{
    if (!link || !link->sinceUs || nowUs < *link->sinceUs)
        return {};
    return format::age(nowUs - *link->sinceUs);
}

QString standbys(const Node &node, const Topology &topology)
{
    const Cluster *cluster = topology.clusterOf(node.id);
    if (!cluster)
        return {};
    int all = 0, streaming = 0;
    for (const Link &link : cluster->links) {
        if (link.upstream != node.id)
            continue;
        const Node *down = cluster->node(link.downstream);
        if (down && (down->state == NodeState::Planned || down->state == NodeState::Ghost))
            continue;
        ++all;
        streaming += link.state == LinkState::Streaming || link.state == LinkState::Catchup;
    }
    return QStringLiteral("%1 of %2").arg(streaming).arg(all);
}

QString figure(const Node &node, const Link *link, const Topology &topology)
{
    if (node.role == Role::Primary)
        return node.walRate ? format::rate(node.walRate) : QString();
    if (!link)
        return {};
    const bool broken = link->state == LinkState::Broken;
    if (broken) {
        QString age = since(link, topology.takenAtUs);
        if (!age.isEmpty())
            return age;
    }
    return behind(link);
}

QString sentence(const Node &node, const Link *link, const Topology &topology)
{
    if (!node.reason.isEmpty())
        return node.reason;
    if (node.state == NodeState::Planned)
        return QStringLiteral("Nothing has been created yet.");
    const Cluster *cluster = topology.clusterOf(node.id);
    const Node *upstream = cluster && link ? cluster->node(link->upstream) : nullptr;
    if (node.state == NodeState::Ghost && upstream)
        return QStringLiteral("Seen by %1, not reachable from here.")
            .arg(upstream->name.isEmpty() ? upstream->id : upstream->name);
    return {};
}

} // namespace understudy::cardtext
