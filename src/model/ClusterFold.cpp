// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ClusterFold.h"

#include "model/FoldMemory.h"

#include <QSet>
#include <algorithm>

namespace understudy {

namespace {

constexpr qint64 ghostForUs = 60000000; // A walsender that went without a slot is remembered this long.

void rememberNode(NodeMemory &memory, const NodeSnapshot &now)
{
    if (!now.answered())
        return;
    const auto head = now.headLsn();
    const bool moved = memory.last.id.isEmpty() || memory.last.headLsn() != head;
    if (moved)
        memory.movedUs = now.finishedUs;
    memory.last = now;
    if (now.vitals)
        rememberConflicts(memory.conflicts, {now.vitals->readUs, now.vitals->conflicts});
    if (!head)
        return;
    remember(memory.ring, {now.finishedUs, *head});
    rememberRecent(memory.recent, {now.finishedUs, *head});
}

// Which cluster each node belongs to: by system identifier, else where it is claimed, else where there is no
// choice.
QMap<NodeId, QString> clustersOf(const QList<NodeSnapshot> &snapshots, const FoldMemory &memory)
{
    QMap<NodeId, QString> out;
    QSet<QString> identified;
    for (const NodeSnapshot &now : snapshots) {
        const QString id = memory.nodes.value(now.id).last.systemIdentifier;
        out.insert(now.id, id);
        if (!id.isEmpty())
            identified.insert(id);
    }
    for (const NodeSnapshot &now : snapshots) {
        if (!out.value(now.id).isEmpty())
            continue;
        if (identified.size() == 1) {
            out.insert(now.id, *identified.begin());
            continue;
        }
        // A standby that names it as its upstream claims it.
        for (const NodeMemory &other : memory.nodes) {
            const auto named = Endpoint::parse(other.last.primaryConninfo);
            if (named && !named->isEmpty() && named->first().port == now.endpoint.port &&
                named->first().host == now.endpoint.host)
                out.insert(now.id, other.last.systemIdentifier);
        }
    }
    return out;
}

NodeId ghostId(const Match &match, const QSet<NodeId> &used)
{
    QString who = match.slot;
    if (who.isEmpty())
        who = match.sender.applicationName + u'@' + match.sender.clientAddress;
    const NodeId base = QStringLiteral("ghost:%1:%2").arg(match.upstream, who);
    NodeId id = base;
    for (int i = 2; used.contains(id); ++i)
        id = QStringLiteral("%1:%2").arg(base).arg(i);
    return id;
}

class Folding
{
public:
    Folding(const FoldMemory &before, FoldMemory &after, const FoldInput &input)
        : m_before(before), m_after(after), m_input(input)
    {
    }

    Cluster cluster(const QString &systemIdentifier, const QList<NodeSnapshot> &snapshots)
    {
        m_look = {snapshots, {}, &m_before, m_input.nowUs, m_input.singleLook, m_input.thresholds};
        m_cluster = {};
        m_cluster.systemIdentifier = systemIdentifier;
        for (const NodeSnapshot &now : snapshots) {
            const NodeSnapshot &last = m_after.nodes.value(now.id).last;
            if (!last.id.isEmpty())
                m_look.facts.insert(now.id, last);
        }
        nodes();
        links();
        for (const NodeSnapshot &now : snapshots)
            slotsAndSenders(now.id);
        return m_cluster;
    }

private:
    void nodes()
    {
        for (const NodeSnapshot &now : m_look.now) {
            Node node = foldNode(now, m_look.fact(now.id));
            if (now.answered())
                node.walRate = rateOf(m_after.nodes.value(now.id).recent);
            node.recentConflicts = risenConflicts(m_after.nodes.value(now.id).conflicts);
            for (const HostFacts &facts : m_input.hostFacts) {
                if (facts.id == now.id) {
                    node.diskFree = facts.diskFree;
                    node.diskTotal = facts.diskTotal;
                }
            }
            m_cluster.nodes << node;
        }
    }

    void links()
    {
        QSet<NodeId> linked;
        QSet<QString> slotsInUse;
        QSet<QString> known; // Walsenders, by upstream and pid.
        QList<Node> ghosts;
        for (Match match : matchSenders(m_look)) {
            const bool stranger = match.downstream.isEmpty();
            known.insert(senderKey(match.upstream, match.sender.pid));
            // It has not said yet what it wants. Who has no slot, or the wrong one, comes and goes like this.
            if (stranger && match.sender.state == QLatin1String("startup"))
                continue;
            Node ghost;
            if (stranger) {
                match.downstream = ghostId(match, linked);
                ghost = ghostNode(m_look, match, match.downstream);
                ghosts << ghost;
            }
            LinkMemory memory = m_before.links.value(match.downstream);
            memory.ghost = ghost;
            m_cluster.links << foldLink(m_look, match, memory, m_after.nodes.value(match.upstream));
            m_after.links.insert(match.downstream, memory);
            linked.insert(match.downstream);
            slotsInUse.insert(match.upstream + u'|' + match.slot);
        }
        for (const NodeSnapshot &now : m_look.now) {
            if (!linked.contains(now.id))
                brokenLink(now.id);
        }
        for (auto it = m_before.links.begin(); it != m_before.links.end(); ++it) {
            // A ghost that turned out to be somebody has not gone.
            if (!it->ghost.id.isEmpty() && !linked.contains(it.key()) &&
                !known.contains(senderKey(it->link.upstream, it->link.pid.value_or(0))) &&
                !slotsInUse.contains(it->link.upstream + u'|' + it->link.slot))
                vanishedGhost(it.key(), *it, ghosts);
        }
        m_cluster.nodes << ghosts;
    }

    static QString senderKey(const NodeId &upstream, int pid)
    {
        return upstream + u'|' + QString::number(pid);
    }

    void brokenLink(const NodeId &id)
    {
        const NodeSnapshot *facts = m_look.fact(id);
        if (!facts || facts->role != Role::Standby)
            return;
        // Without a receiver and without an upstream in its settings it lives on archived WAL alone.
        const bool archiveOnly = facts->canMonitor && !facts->receiver && facts->primaryConninfo.isEmpty();
        const NodeId upstream = upstreamOf(m_look, id);
        if (upstream.isEmpty() || archiveOnly)
            return;
        const auto known = m_before.links.constFind(id);
        const Link link =
            foldBrokenLink(m_look, id, upstream, known == m_before.links.constEnd() ? nullptr : &*known);
        LinkMemory memory = m_before.links.value(id);
        memory.link = link;
        m_after.links.insert(id, memory);
        m_cluster.links << link;
    }

    void vanishedGhost(const NodeId &id, const LinkMemory &known, QList<Node> &ghosts)
    {
        const NodeSnapshot *upstream = m_look.fact(known.link.upstream);
        if (!upstream)
            return;
        const bool hasSlot =
            std::any_of(upstream->slots_.begin(), upstream->slots_.end(), [&](const SlotRow &s) {
                return !known.link.slot.isEmpty() && s.name == known.link.slot && !s.active;
            });
        if (!hasSlot && m_input.nowUs - known.lastSeenUs > ghostForUs && m_look.answered(known.link.upstream))
            return;
        const Link link = foldBrokenLink(m_look, id, known.link.upstream, &known);
        LinkMemory memory = known;
        memory.link = link;
        m_after.links.insert(id, memory);
        m_cluster.links << link;
        ghosts << known.ghost;
    }

    void slotsAndSenders(const NodeId &id)
    {
        const NodeSnapshot *facts = m_look.fact(id);
        if (!facts)
            return;
        const auto rate = rateOf(m_after.nodes.value(id).recent);
        std::optional<qint64> diskFree;
        if (const Node *node = m_cluster.node(id))
            diskFree = node->diskFree;
        for (const SlotRow &row : facts->slots_)
            m_cluster.slots_ << slotOf(id, row, *facts, rate, diskFree);
        if (!m_look.answered(id))
            return;
        for (const SenderRow &row : facts->senders) {
            if (const auto kind = otherSenderKind(*facts, row))
                m_cluster.senders << Sender{id, row.pid, row.applicationName, *kind};
        }
    }

    static Slot slotOf(const NodeId &id, const SlotRow &row, const NodeSnapshot &facts,
                       std::optional<double> rate, std::optional<qint64> diskFree)
    {
        Slot slot;
        slot.node = id;
        slot.name = row.name;
        slot.logical = row.logical;
        slot.active = row.active;
        slot.walStatus = row.walStatus;
        slot.invalidationReason = row.invalidationReason;
        slot.xminAge = row.xminAge;
        slot.restartLsn = row.restartLsn;
        if (const auto head = facts.headLsn(); row.restartLsn && head)
            slot.retainedBytes = row.restartLsn->bytesTo(*head);
        // Only what stands still runs out.
        std::optional<qint64> room = row.safeWalSize;
        if (diskFree && (!room || *diskFree < *room))
            room = diskFree;
        if (!row.active && row.restartLsn && room && rate && *rate > 0)
            slot.runwaySeconds = double(std::max<qint64>(0, *room)) / *rate;
        return slot;
    }

    const FoldMemory &m_before;
    FoldMemory &m_after;
    const FoldInput &m_input;
    ClusterLook m_look;
    Cluster m_cluster;
};

void markLagging(Cluster &cluster)
{
    for (Link &link : cluster.links) {
        link.lagging =
            link.lag == LagState::Replaying &&
            std::any_of(cluster.findings.begin(), cluster.findings.end(), [&](const Finding &f) {
                return f.name == QLatin1String("standby_lagging") && f.downstream == link.downstream;
            });
    }
}

} // namespace

std::pair<FoldMemoryPtr, Topology> next(const FoldMemoryPtr &memory, const FoldInput &input)
{
    static const FoldMemory nothing;
    const FoldMemory &before = memory ? *memory : nothing;
    auto after = std::make_shared<FoldMemory>();
    for (const NodeSnapshot &now : input.snapshots) {
        NodeMemory node = before.nodes.value(now.id);
        rememberNode(node, now);
        after->nodes.insert(now.id, node);
    }

    after->cleared = before.cleared;
    after->cleared.removeIf([&](const Cleared &c) {
        return input.nowUs - c.clearedUs >= clearedForUs || input.nowUs < c.clearedUs;
    });

    Topology topology;
    topology.takenAtUs = input.nowUs;
    const auto membership = clustersOf(input.snapshots, *after);
    QStringList order;
    for (const NodeSnapshot &now : input.snapshots) {
        if (!order.contains(membership.value(now.id)))
            order << membership.value(now.id);
    }
    Folding folding(before, *after, input);
    for (const QString &identifier : order) {
        QList<NodeSnapshot> members;
        for (const NodeSnapshot &now : input.snapshots) {
            if (membership.value(now.id) == identifier)
                members << now;
        }
        Cluster cluster = folding.cluster(identifier, members);
        foldFindings(cluster, before, *after, input);
        markLagging(cluster);
        topology.clusters << cluster;
    }
    return {std::move(after), topology};
}

} // namespace understudy
