// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreEvents.h"

#include <QHash>
#include <QSet>

namespace understudy {

namespace {

QString nameOf(const Node &node)
{
    return node.name.isEmpty() ? node.id : node.name;
}

bool brokenLink(const Link *link)
{
    return !link || link->state == LinkState::Broken || link->lag == LagState::Disconnected ||
           link->lag == LagState::NoReceiver;
}

bool unreachable(NodeState state)
{
    return state == NodeState::Down || state == NodeState::NotResponding;
}

bool isServer(const Node &node)
{
    return node.state != NodeState::Ghost && node.state != NodeState::Planned;
}

class Comparison
{
public:
    Comparison(const Topology &before, const Topology &now) : m_before(before), m_now(now)
    {
        for (const Cluster &cluster : before.clusters) {
            for (const Node &node : cluster.nodes)
                m_nodes.insert(node.id, {&cluster, &node});
            for (const Link &link : cluster.links)
                m_links.insert(link.downstream, &link);
        }
    }

    QList<StoreEvent> events()
    {
        QSet<NodeId> present;
        for (const Cluster &cluster : m_now.clusters) {
            m_cluster = cluster.systemIdentifier;
            QHash<NodeId, const Link *> links;
            for (const Link &link : cluster.links)
                links.insert(link.downstream, &link);
            const Cluster *was = nullptr;
            for (const Node &node : cluster.nodes) {
                present.insert(node.id);
                const auto found = m_nodes.constFind(node.id);
                if (found == m_nodes.constEnd()) {
                    if (isServer(node))
                        add("node_joined", node, QStringLiteral(" joined"));
                    continue;
                }
                was = was ? was : found->first;
                if (isServer(node))
                    compare(*found->second, node);
                compareLinks(m_links.value(node.id), links.value(node.id), node);
            }
            if (was)
                compareFindings(was->findings, cluster.findings);
        }
        for (const Cluster &cluster : m_before.clusters) {
            m_cluster = cluster.systemIdentifier;
            for (const Node &node : cluster.nodes)
                if (isServer(node) && !present.contains(node.id))
                    add("node_removed", node, QStringLiteral(" was removed"));
        }
        return m_events;
    }

private:
    void add(const char *kind, const Node &node, const QString &text, Severity severity = Severity::Notice,
             bool neutral = true)
    {
        // Names may hold anything, also what looks like a place for a word: they are put in front, never
        // into.
        m_events << StoreEvent{m_now.takenAtUs, QString::fromLatin1(kind), severity, m_cluster,
                               node.id,         nameOf(node) + text,       neutral};
    }

    void compare(const Node &was, const Node &now)
    {
        if (was.role != now.role && was.role != Role::Unknown && now.role != Role::Unknown)
            add("role", now,
                now.role == Role::Primary ? QStringLiteral(" was promoted")
                                          : QStringLiteral(" is a standby now"));
        if (was.timeline && now.timeline && was.timeline != now.timeline)
            add("timeline", now,
                QStringLiteral(" went from timeline %1 to %2").arg(*was.timeline).arg(*now.timeline));
        if (was.startTimeUs && now.startTimeUs && *now.startTimeUs > *was.startTimeUs)
            add("restarted", now, QStringLiteral(" was restarted"));
        if (was.lsn && now.lsn && *now.lsn < *was.lsn)
            add("lsn_back", now,
                QStringLiteral(" went back in the WAL from %1 to %2: it was restored, rebuilt or replaced")
                    .arg(was.lsn->toString(), now.lsn->toString()));
        if (was.replayPaused != now.replayPaused)
            add("replay", now,
                now.replayPaused ? QStringLiteral(": replay was paused")
                                 : QStringLiteral(": replay was resumed"));
        if (was.state == now.state)
            return;
        if (now.state == NodeState::Down)
            add("node_down", now, QStringLiteral(" is down"), Severity::Critical, false);
        else if (now.state == NodeState::NotResponding)
            add("node_silent", now, QStringLiteral(" stopped responding"), Severity::Critical, false);
        else if (now.state == NodeState::Up && unreachable(was.state))
            add("node_up", now, QStringLiteral(" is up again"));
    }

    void compareLinks(const Link *was, const Link *now, const Node &node)
    {
        if (!was || (now && now->lag == LagState::Unknown))
            return;
        if (brokenLink(now) && !brokenLink(was))
            add("link_lost", node, QStringLiteral(" disconnected"), Severity::Critical, false);
        else if (!brokenLink(now) && brokenLink(was))
            add("link_back", node, QStringLiteral(" streams again"));
        if (now && now->upstream != was->upstream)
            add("upstream", node,
                QStringLiteral(" follows %1 now, before it followed %2").arg(now->upstream, was->upstream));
    }

    void compareFindings(const QList<Finding> &before, const QList<Finding> &now)
    {
        const auto keysOf = [](const QList<Finding> &findings) {
            QSet<QString> keys;
            for (const Finding &finding : findings)
                keys.insert(finding.key());
            return keys;
        };
        const QSet<QString> known = keysOf(before), still = keysOf(now);
        const auto tell = [this](const char *kind, const Finding &finding, const QString &text, Severity how,
                                 bool neutral) {
            m_events << StoreEvent{m_now.takenAtUs,
                                   QString::fromLatin1(kind),
                                   how,
                                   m_cluster,
                                   finding.downstream.isEmpty() ? finding.node : finding.downstream,
                                   text,
                                   neutral};
        };
        for (const Finding &finding : now)
            if (!known.contains(finding.key()))
                tell("finding_raised", finding, finding.title, finding.severity,
                     finding.severity == Severity::Notice);
        for (const Finding &finding : before)
            if (!still.contains(finding.key()))
                tell("finding_cleared", finding, QStringLiteral("Cleared: %1").arg(finding.title),
                     Severity::Notice, true);
    }

    const Topology &m_before;
    const Topology &m_now;
    QHash<NodeId, std::pair<const Cluster *, const Node *>> m_nodes;
    QHash<NodeId, const Link *> m_links;
    QString m_cluster;
    QList<StoreEvent> m_events;
};

} // namespace

QList<StoreEvent> eventsBetween(const Topology &before, const Topology &now)
{
    return Comparison(before, now).events();
}

} // namespace understudy
