// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/NodeFacts.h"

#include "gui/panels/LinkFacts.h"
#include "model/Format.h"
#include "model/WalFlow.h"

#include <QCoreApplication>

namespace understudy {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("NodePanel", text);
}

QString unknown()
{
    return tr("unknown");
}

QString lsn(const std::optional<Lsn> &value)
{
    return value ? value->toString() : unknown();
}

} // namespace

QString nodeAddress(const Node &node)
{
    if (node.port <= 0) // Of a ghost only the walsender's end is known.
        return node.host.isEmpty() ? unknown() : tr("%1, port unknown").arg(node.host);
    return node.host.contains(u':') ? QStringLiteral("[%1]:%2").arg(node.host).arg(node.port)
                                    : QStringLiteral("%1:%2").arg(node.host).arg(node.port);
}

QString nodeName(const Node &node)
{
    return node.name.isEmpty() ? node.id : node.name;
}

QString roleLine(const Topology &topology, const Node &node)
{
    QString line = tr("Role unknown");
    const Cluster *cluster = topology.clusterOf(node.id);
    const Link *link = cluster ? cluster->linkTo(node.id) : nullptr;
    if (node.role == Role::Primary) {
        line = tr("Primary");
    } else if (node.role == Role::Standby || link) {
        const Node *upstream = link ? cluster->node(link->upstream) : nullptr;
        line = upstream ? tr("Standby of %1").arg(nodeName(*upstream)) : tr("Standby, upstream unknown");
    }
    if (node.state == NodeState::Up && node.startTimeUs && topology.takenAtUs > *node.startTimeUs)
        return tr("%1, up %2").arg(line, format::age(topology.takenAtUs - *node.startTimeUs));
    if (!node.reason.isEmpty())
        return line + QStringLiteral(". ") + node.reason;
    return line;
}

QList<FactsGrid::Fact> replicationFacts(const Topology &topology, const Node &node)
{
    QList<FactsGrid::Fact> facts;
    const Cluster *cluster = topology.clusterOf(node.id);
    if (!cluster)
        return facts;
    const Link *link = cluster->linkTo(node.id);
    if (link) {
        const Node *upstream = cluster->node(link->upstream);
        facts.append({tr("Upstream"), upstream ? tr("%1, %2").arg(nodeName(*upstream), nodeAddress(*upstream))
                                               : link->upstream});
        facts.append({tr("Slot"), link->slot.isEmpty() ? tr("no slot") : link->slot, !link->slot.isEmpty()});
        facts.append(
            {tr("Walsender"), link->pid ? tr("pid %1, %2, %3")
                                              .arg(*link->pid)
                                              .arg(linkwords::state(link->state), words(link->sync).toLower())
                                        : linkwords::state(link->state)});
        facts.append({tr("Application name"),
                      link->applicationName.isEmpty() ? unknown() : link->applicationName,
                      !link->applicationName.isEmpty()});
        facts.append({tr("Behind"), format::bytes(link->lagBytes)});
        facts.append({tr("Delay"), format::seconds(link->lagSeconds)});
        facts.append({tr("Matched by"), linkwords::matchedBy(*link)});
        facts.append({tr("Last message"),
                      link->lastMessageS ? tr("%1 ago").arg(format::age(qint64(*link->lastMessageS * 1e6)))
                                         : unknown()});
    }
    const QList<const Link *> below = cluster->linksFrom(node.id);
    if (node.role == Role::Primary || !below.isEmpty()) {
        qsizetype streaming = 0;
        for (const Link *one : below)
            streaming += one->state == LinkState::Streaming || one->state == LinkState::Catchup ? 1 : 0;
        facts.append({node.role == Role::Primary ? tr("Standbys") : tr("Feeds"),
                      tr("%1 of %2 streaming").arg(streaming).arg(below.size())});
    }
    const WalFlow flow = walFlow(*cluster, node.id);
    if (node.role == Role::Primary)
        facts.append({tr("WAL rate"), tr("%1 written").arg(format::rate(flow.written)), false,
                      walExplained(flow, nodeName(node))});
    else if (node.walRate)
        facts.append({tr("Receives"), format::rate(node.walRate)});
    // What feeding them costs: its WAL goes out once for each.
    if (flow.feeds())
        facts.append({tr("Sends"), sendsWords(flow), false, walExplained(flow, nodeName(node))});
    if (node.role == Role::Primary) {
        const QString names = node.settings.value(QStringLiteral("synchronous_standby_names"));
        if (node.settings.contains(QStringLiteral("synchronous_standby_names")))
            facts.append({tr("Synchronous"), names.isEmpty() ? tr("none") : names, !names.isEmpty()});
    }
    return facts;
}

QList<FactsGrid::Fact> machineFacts(const Topology &, const Node &node)
{
    QList<FactsGrid::Fact> facts;
    facts.append({tr("Address"), nodeAddress(node), true});
    facts.append({tr("Version"), node.versionNum > 0
                                     ? tr("PostgreSQL %1").arg(format::version(node.versionNum))
                                     : unknown()});
    if (node.role == Role::Primary) {
        facts.append({tr("WAL position"), lsn(node.lsn), node.lsn.has_value()});
    } else {
        facts.append({tr("Received"), lsn(node.receivedLsn), node.receivedLsn.has_value()});
        facts.append({tr("Replayed"), lsn(node.lsn), node.lsn.has_value()});
    }
    facts.append({tr("Timeline"), node.timeline ? QString::number(*node.timeline) : unknown()});
    if (node.diskFree && node.diskTotal && *node.diskTotal > 0)
        facts.append(
            {tr("Disk"), tr("%1 free of %2 (%3)")
                             .arg(format::bytes(*node.diskFree), format::bytes(*node.diskTotal),
                                  format::percent(double(*node.diskFree) / double(*node.diskTotal)))});
    else
        facts.append({tr("Disk"), tr("unknown, not seen from here")});
    if (node.databaseBytes)
        facts.append({tr("Databases"), format::bytes(node.databaseBytes)});
    if (!node.dataDirectory.isEmpty())
        facts.append({tr("Data directory"), node.dataDirectory, true});
    return facts;
}

QList<NodeSlots> slotsOf(const Topology &topology, const Node &node)
{
    const Cluster *cluster = topology.clusterOf(node.id);
    if (!cluster)
        return {};
    const Link *link = node.role == Role::Primary ? nullptr : cluster->linkTo(node.id);
    NodeSlots its, kept;
    kept.title = node.role == Role::Primary ? tr("Slots") : tr("Slots it keeps");
    for (const Slot &slot : cluster->slots_) {
        if (slot.node == node.id)
            kept.rows.append(slot);
        else if (link && slot.node == link->upstream && slot.name == link->slot)
            its.rows.append(slot);
    }
    if (link) {
        const Node *upstream = cluster->node(link->upstream);
        its.title = tr("Slot on %1").arg(upstream ? nodeName(*upstream) : link->upstream);
    }
    QList<NodeSlots> found;
    for (const NodeSlots &some : {its, kept}) {
        if (!some.rows.isEmpty())
            found << some;
    }
    return found;
}

QList<Finding> findingsAbout(const Topology &topology, const NodeId &node)
{
    QList<Finding> about;
    const Cluster *cluster = topology.clusterOf(node);
    if (!cluster)
        return about;
    for (const Finding &finding : cluster->findings) {
        if (finding.node == node || finding.downstream == node)
            about.append(finding);
    }
    return about;
}

QString runwayWords(const Slot &slot)
{
    if (slot.walStatus == QLatin1String("lost"))
        return tr("lost");
    return slot.runwaySeconds ? tr("about %1").arg(format::age(qint64(*slot.runwaySeconds * 1e6)))
                              : tr("unknown");
}

} // namespace understudy
