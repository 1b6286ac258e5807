// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/LinkFacts.h"

#include "gui/panels/NodeFacts.h"
#include "model/Format.h"

#include <QCoreApplication>

namespace understudy::linkwords {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("LinkPanel", text);
}

QString unknown()
{
    return tr("unknown");
}

QString sentenceOf(LagState lag, bool lagging)
{
    switch (lag) {
    case LagState::CaughtUp:
        return tr("All that was written has been replayed.");
    case LagState::Replaying:
        return lagging ? tr("It receives, but is further behind than the threshold allows.")
                       : tr("It receives and replays; what is missing is on its way.");
    case LagState::Idle:
        return tr("Nothing is being written, and all there is has been replayed.");
    case LagState::ReplayPaused:
        return tr("It receives, but replay is paused: it falls behind until replay is resumed.");
    case LagState::LinkStalled:
        return tr("A walsender is there, but what should move does not.");
    case LagState::NoReceiver:
        return tr("The standby runs without a walreceiver: nothing comes in.");
    case LagState::Disconnected:
        return tr("No walsender serves it: nothing goes out.");
    case LagState::Unknown:
        break;
    }
    return tr("How far it is cannot be seen from here.");
}

/// What is missing at the later stage and not yet at the earlier one; a position read a moment later may be
/// ahead.
std::optional<qint64> gap(const std::optional<qint64> &before, const std::optional<qint64> &after)
{
    if (!before || !after)
        return std::nullopt;
    return qMax<qint64>(0, *after - *before);
}

QString end(const Cluster &cluster, const NodeId &id)
{
    const Node *node = cluster.node(id);
    return node ? tr("%1, %2").arg(nodeName(*node), nodeAddress(*node)) : id;
}

} // namespace

QString state(LinkState state)
{
    switch (state) {
    case LinkState::Streaming:
        return tr("streaming");
    case LinkState::Catchup:
        return tr("catching up");
    case LinkState::Stalled:
        return tr("streaming, stalled");
    case LinkState::Broken:
        break;
    }
    return tr("no walsender");
}

QString sync(SyncState sync)
{
    switch (sync) {
    case SyncState::Async:
        return tr("asynchronous");
    case SyncState::Sync:
        return tr("synchronous");
    case SyncState::Quorum:
        return tr("one of a quorum");
    case SyncState::Potential:
        return tr("potential");
    case SyncState::Unknown:
        break;
    }
    return unknown();
}

QString matchedBy(const Link &link)
{
    const QString by = link.matchedBy == MatchedBy::Slot              ? tr("slot and pid")
                       : link.matchedBy == MatchedBy::ApplicationName ? tr("application name")
                                                                      : tr("address");
    const QString sure = link.confidence == Confidence::Certain  ? tr("certain")
                         : link.confidence == Confidence::Likely ? tr("likely")
                                                                 : tr("a guess");
    return by + QStringLiteral(", ") + sure;
}

QString lagSentence(const Link &link, qint64 nowUs)
{
    QString said = sentenceOf(link.lag, link.lagging);
    if (link.sinceUs && nowUs > *link.sinceUs)
        said += u' ' + tr("So for %1.").arg(format::age(nowUs - *link.sinceUs));
    return said;
}

StageGaps gapsOf(const Stages &s)
{
    return {s.sent, gap(s.sent, s.written), gap(s.written, s.flushed), gap(s.flushed, s.replayed)};
}

QList<FactsGrid::Fact> flowFacts(const Link &link)
{
    QList<FactsGrid::Fact> facts;
    facts.append({tr("State"), state(link.state)});
    const QString waits = link.sync == SyncState::Async       ? tr(", commits do not wait for it")
                          : link.sync == SyncState::Sync      ? tr(", commits wait for it")
                          : link.sync == SyncState::Quorum    ? tr(", commits wait for enough of them")
                          : link.sync == SyncState::Potential ? tr(", next when a synchronous one goes")
                                                              : QString();
    facts.append({tr("Sync state"), sync(link.sync) + waits});
    facts.append({tr("Behind"), format::bytes(link.lagBytes)});
    facts.append({tr("Delay"), format::seconds(link.lagSeconds)});
    facts.append({tr("WAL rate"), link.walRate ? tr("%1 sent").arg(format::rate(link.walRate)) : unknown()});
    facts.append({tr("Last message"), link.lastMessageS
                                          ? tr("%1 ago").arg(format::age(qint64(*link.lastMessageS * 1e6)))
                                          : unknown()});
    if (link.xminAge && *link.xminAge > 0)
        facts.append({tr("Holds back"), tr("vacuum, by %1 transactions").arg(format::count(*link.xminAge))});
    return facts;
}

QList<FactsGrid::Fact> stageFacts(const Topology &topology, const Link &link)
{
    const StageGaps gaps = gapsOf(link.stages);
    const Node *up = topology.node(link.upstream);
    const bool primary = up && up->role == Role::Primary;
    return {{primary ? tr("Primary to sent") : tr("Upstream to sent"), format::bytes(gaps.toSent)},
            {tr("Sent to written"), format::bytes(gaps.toWritten)},
            {tr("Written to flushed"), format::bytes(gaps.toFlushed)},
            {tr("Flushed to replayed"), format::bytes(gaps.toReplayed)}};
}

QList<FactsGrid::Fact> endFacts(const Topology &topology, const Link &link)
{
    QList<FactsGrid::Fact> facts;
    const Cluster *cluster = topology.clusterOf(link.downstream);
    if (!cluster)
        return facts;
    facts.append({tr("Upstream"), end(*cluster, link.upstream)});
    facts.append({tr("Downstream"), end(*cluster, link.downstream)});
    facts.append({tr("Slot"), link.slot.isEmpty() ? tr("no slot") : link.slot, !link.slot.isEmpty()});
    facts.append({tr("Application name"), link.applicationName.isEmpty() ? unknown() : link.applicationName,
                  !link.applicationName.isEmpty()});
    facts.append({tr("Walsender"), link.pid                          ? tr("pid %1").arg(*link.pid)
                                   : link.state == LinkState::Broken ? tr("none")
                                                                     : unknown()});
    facts.append({tr("Matched by"), matchedBy(link)});
    return facts;
}

QList<FactsGrid::Fact> slotFacts(const Topology &topology, const Link &link)
{
    QList<FactsGrid::Fact> facts;
    const Cluster *cluster = topology.clusterOf(link.downstream);
    for (const Slot &slot : cluster ? cluster->slots_ : QList<Slot>()) {
        if (link.slot.isEmpty() || slot.node != link.upstream || slot.name != link.slot)
            continue;
        facts = {{tr("In use"), slot.active ? tr("yes") : tr("no")},
                 {tr("WAL status"), slot.walStatus.isEmpty() ? unknown() : slot.walStatus},
                 {tr("Keeps"), format::bytes(slot.retainedBytes)}};
        if (slot.runwaySeconds || slot.walStatus == QLatin1String("lost"))
            facts.append({tr("Lasts"), runwayWords(slot)});
        break;
    }
    return facts;
}

QList<Finding> findings(const Topology &topology, const Link &link)
{
    QList<Finding> about;
    const Cluster *cluster = topology.clusterOf(link.downstream);
    for (const Finding &finding : cluster ? cluster->findings : QList<Finding>()) {
        const bool ofIt = finding.downstream == link.downstream;
        const bool ofItsSlot =
            finding.node == link.upstream && !link.slot.isEmpty() && finding.slot == link.slot;
        if (ofIt || ofItsSlot)
            about.append(finding);
    }
    return about;
}

} // namespace understudy::linkwords
