// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/WalFlow.h"

#include "model/Format.h"

namespace understudy {

namespace {

QString standbys(int count)
{
    return format::plural(count, QStringLiteral("standby"), QStringLiteral("standbys"));
}

} // namespace

QHash<NodeId, WalFlow> walFlows(const Cluster &cluster)
{
    QHash<NodeId, WalFlow> flows;
    QHash<NodeId, NodeState> states;
    for (const Node &node : cluster.nodes) {
        states.insert(node.id, node.state);
        if (node.state != NodeState::Down && node.state != NodeState::NotResponding)
            flows[node.id].written = node.walRate;
    }
    for (const Link &link : cluster.links) {
        // Without a walsender nothing is sent, and a plan sends nothing.
        if (link.state == LinkState::Broken ||
            states.value(link.downstream, NodeState::Unknown) == NodeState::Planned)
            continue;
        WalFlow &flow = flows[link.upstream];
        ++flow.links;
        if (link.walRate)
            flow.sent = flow.sent.value_or(0) + *link.walRate;
        else
            ++flow.unmeasured;
    }
    for (const Sender &sender : cluster.senders)
        ++flows[sender.node].otherSenders;
    return flows;
}

WalFlow walFlow(const Cluster &cluster, const NodeId &upstream)
{
    return walFlows(cluster).value(upstream);
}

QString sendsWords(const WalFlow &flow)
{
    if (!flow.feeds())
        return {};
    if (!flow.sent)
        return QStringLiteral("unknown to %1").arg(standbys(flow.links));
    QString words = QStringLiteral("%1 to %2").arg(format::rate(flow.sent), standbys(flow.links));
    if (flow.unmeasured == 0)
        return words;
    return QStringLiteral("at least %1, %2 of them not measured").arg(words).arg(flow.unmeasured);
}

QString walWords(const WalFlow &flow)
{
    const QString written = flow.written ? QStringLiteral("WAL %1").arg(format::rate(flow.written))
                                         : QStringLiteral("WAL rate unknown");
    const QString sends = sendsWords(flow);
    return sends.isEmpty() ? written : QStringLiteral("%1, sends %2").arg(written, sends);
}

QString walExplained(const WalFlow &flow, const QString &name)
{
    QStringList words{
        flow.written ? QStringLiteral("%1 writes %2 of WAL (pg_current_wal_lsn(), between two looks).")
                           .arg(name, format::rate(flow.written))
                     : QStringLiteral("What %1 writes is unknown until it was looked at twice.").arg(name)};
    if (!flow.feeds()) {
        words << QStringLiteral("It sends nothing: no standby streams from it.");
    } else {
        words << (flow.sent
                      ? QStringLiteral("Its walsenders send %1 in all, to %2: each gets the whole WAL once\n"
                                       "(pg_stat_replication.sent_lsn). One that stalls counts with what was "
                                       "measured, which may be 0.")
                            .arg(format::rate(flow.sent), standbys(flow.links))
                      : QStringLiteral(
                            "What its walsenders send to %1 is unknown until they were looked at twice.")
                            .arg(standbys(flow.links)));
        if (flow.sent && flow.unmeasured > 0)
            words << QStringLiteral("%1 not measured yet: the sum is at least that.")
                         .arg(flow.unmeasured == 1 ? QStringLiteral("1 of them is")
                                                   : QStringLiteral("%1 of them are").arg(flow.unmeasured));
    }
    if (flow.otherSenders > 0)
        words << QStringLiteral(
                     "Not counted: %1 that no standby stands behind; the view has no rate of them.")
                     .arg(format::plural(flow.otherSenders, QStringLiteral("walsender"),
                                         QStringLiteral("walsenders")));
    return words.join(u'\n');
}

} // namespace understudy
