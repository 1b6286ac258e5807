// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/LagHistory.h"

#include <QSet>
#include <algorithm>

namespace understudy {

namespace {

constexpr qint64 second = 1000000;
constexpr qsizetype mostSamples = 20000; ///< Of one standby: an hour at five looks a second.
constexpr qsizetype mostEvents = 500;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

QString nameOf(const Node &node)
{
    return node.name.isEmpty() ? node.id : node.name;
}

bool broken(const Link *link)
{
    return !link || link->state == LinkState::Broken || link->lag == LagState::Disconnected ||
           link->lag == LagState::NoReceiver;
}

bool unreachable(NodeState state)
{
    return state == NodeState::Down || state == NodeState::NotResponding;
}

/// Evenly spaced values of the last @p seconds: what was not seen is NaN, so a short past stands at the
/// right.
QList<double> tail(const QList<std::pair<qint64, double>> &seen, int seconds)
{
    if (seen.isEmpty())
        return {};
    const qint64 from = seen.constLast().first - qint64(seconds) * second;
    const auto begin = std::lower_bound(seen.begin(), seen.end(), from,
                                        [](const auto &one, qint64 at) { return one.first < at; });
    const qsizetype count = seen.end() - begin;
    if (count < 2)
        return {seen.constLast().second};
    QList<qint64> gaps;
    for (auto it = begin + 1; it != seen.end(); ++it)
        gaps.append(it->first - (it - 1)->first);
    std::nth_element(gaps.begin(), gaps.begin() + gaps.size() / 2, gaps.end());
    const qint64 step = std::max<qint64>(gaps.at(gaps.size() / 2), second / 20);
    QList<double> values;
    const auto pad = [&values, step](qint64 missing) {
        for (qint64 i = 0; i < missing / step && values.size() < 2000; ++i)
            values.append(unknown);
    };
    pad(begin->first - from - step);
    for (auto it = begin; it != seen.end(); ++it) {
        if (it != begin && it->first - (it - 1)->first > 3 * step)
            pad(it->first - (it - 1)->first - step);
        values.append(it->second);
    }
    return values;
}

} // namespace

LagHistory::LagHistory(qint64 keepUs) : m_keepUs(keepUs) {}

void LagHistory::add(const Topology &topology)
{
    if (topology.takenAtUs == m_last.takenAtUs && topology == m_last)
        return;
    const qint64 atUs = topology.takenAtUs;
    if (m_newestUs > 0 && atUs <= m_newestUs)
        shift(m_newestUs - atUs + 1);
    m_newestUs = atUs;
    const bool first = std::all_of(m_last.clusters.begin(), m_last.clusters.end(),
                                   [](const Cluster &cluster) { return cluster.nodes.isEmpty(); });
    if (!first)
        compare(topology, atUs);
    QSet<NodeId> present;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes)
            present.insert(node.id);
        follow(cluster, atUs);
    }
    const auto gone = [&present](const NodeId &id) { return !present.contains(id); };
    m_order.removeIf(gone);
    m_slots.removeIf([&gone](const auto &one) { return gone(one.key()); });
    m_samples.removeIf([&gone](const auto &one) { return gone(one.key()); });
    m_rates.removeIf([&gone](const auto &one) { return gone(one.key()); });
    m_last = topology;
    trim(atUs);
}

void LagHistory::follow(const Cluster &cluster, qint64 atUs)
{
    for (const Node &node : cluster.nodes) {
        if (node.state == NodeState::Ghost || node.state == NodeState::Planned)
            continue;
        m_rates[node.id].append({atUs, node.walRate.value_or(unknown)});
        const Link *link = cluster.linkTo(node.id);
        if (!m_slots.contains(node.id)) {
            if (node.role != Role::Standby && !link)
                continue;
            const QList<int> taken = m_slots.values();
            int slot = 0;
            while (taken.contains(slot))
                ++slot;
            m_slots.insert(node.id, slot);
            m_order.append(node.id);
        }
        LagSample sample{atUs, unknown, unknown, LagState::Unknown};
        if (link) {
            if (link->lagBytes)
                sample.bytes = double(*link->lagBytes);
            sample.seconds = link->lagSeconds.value_or(unknown);
            sample.state = link->lag;
        }
        m_samples[node.id].append(sample);
    }
}

void LagHistory::compare(const Topology &now, qint64 atUs)
{
    for (const Cluster &before : std::as_const(m_last.clusters)) {
        for (const Node &node : before.nodes) {
            if (!now.node(node.id) && m_slots.contains(node.id))
                mark(atUs, QStringLiteral("%1 was removed").arg(nameOf(node)), node.id, Severity::Notice,
                     true);
        }
    }
    for (const Cluster &cluster : now.clusters) {
        for (const Node &node : cluster.nodes) {
            const Node *was = m_last.node(node.id);
            if (node.state == NodeState::Ghost || node.state == NodeState::Planned)
                continue;
            if (!was) {
                if (node.role == Role::Standby)
                    mark(atUs, QStringLiteral("%1 joined").arg(nameOf(node)), node.id, Severity::Notice,
                         true);
                continue;
            }
            if (was->role == Role::Standby && node.role == Role::Primary)
                mark(atUs, QStringLiteral("%1 was promoted").arg(nameOf(node)), node.id, Severity::Notice,
                     true);
            if (node.state == was->state)
                continue;
            if (node.state == NodeState::Down)
                mark(atUs, QStringLiteral("%1 is down").arg(nameOf(node)), node.id, Severity::Critical,
                     false);
            else if (node.state == NodeState::NotResponding)
                mark(atUs, QStringLiteral("%1 stopped responding").arg(nameOf(node)), node.id,
                     Severity::Critical, false);
            else if (node.state == NodeState::Up && unreachable(was->state))
                mark(atUs, QStringLiteral("%1 is up again").arg(nameOf(node)), node.id, Severity::Notice,
                     true);
        }
        // The cluster this one was: it may have had no system identifier at the first look.
        const Cluster *before = nullptr;
        for (const Node &node : cluster.nodes) {
            if (!before)
                before = m_last.clusterOf(node.id);
        }
        if (before) {
            compareLinks(*before, cluster, atUs);
            compareFindings(*before, cluster, atUs);
        }
    }
}

void LagHistory::compareLinks(const Cluster &before, const Cluster &now, qint64 atUs)
{
    for (const Link &link : now.links) {
        const Link *was = before.linkTo(link.downstream);
        const Node *node = now.node(link.downstream);
        if (!was || !node || was->lag == link.lag || !m_slots.contains(link.downstream))
            continue;
        const QString name = nameOf(*node);
        if (broken(&link) && !broken(was)) {
            if (!markedLately(node->id, atUs))
                mark(atUs, QStringLiteral("%1 disconnected").arg(name), node->id, Severity::Critical, false);
        } else if (!broken(&link) && broken(was) && link.lag != LagState::Unknown) {
            mark(atUs, QStringLiteral("%1 streams again").arg(name), node->id, Severity::Notice, true);
        } else if (link.lag == LagState::LinkStalled) {
            mark(atUs, QStringLiteral("The link to %1 stalled").arg(name), node->id, Severity::Critical,
                 false);
        } else if (was->lag == LagState::LinkStalled) {
            mark(atUs, QStringLiteral("The link to %1 moves again").arg(name), node->id, Severity::Notice,
                 true);
        } else if (link.lag == LagState::ReplayPaused) {
            mark(atUs, QStringLiteral("Replay paused on %1").arg(name), node->id, Severity::Notice, true);
        } else if (was->lag == LagState::ReplayPaused) {
            mark(atUs, QStringLiteral("Replay resumed on %1").arg(name), node->id, Severity::Notice, true);
        }
    }
}

void LagHistory::compareFindings(const Cluster &before, const Cluster &now, qint64 atUs)
{
    QSet<QString> known;
    for (const Finding &finding : before.findings)
        known.insert(finding.key());
    QSet<QString> still;
    for (const Finding &finding : now.findings) {
        still.insert(finding.key());
        const NodeId node = finding.downstream.isEmpty() ? finding.node : finding.downstream;
        // A finding about a change of state that is marked already says nothing new on a chart.
        if (finding.severity != Severity::Notice && !known.contains(finding.key()) &&
            !markedLately(node, atUs))
            mark(atUs, finding.title, node, finding.severity, false);
    }
    for (const Finding &finding : before.findings) {
        const NodeId node = finding.downstream.isEmpty() ? finding.node : finding.downstream;
        if (finding.severity != Severity::Notice && !still.contains(finding.key()) &&
            !markedLately(node, atUs))
            mark(atUs, QStringLiteral("Cleared: %1").arg(finding.title), node, Severity::Notice, true);
    }
}

void LagHistory::mark(qint64 atUs, const QString &text, const NodeId &node, Severity severity, bool neutral)
{
    addEvent({atUs, text, node, severity, neutral});
}

bool LagHistory::markedLately(const NodeId &node, qint64 atUs) const
{
    return std::any_of(m_events.rbegin(), m_events.rend(), [&](const HistoryEvent &event) {
        return event.node == node && atUs - event.atUs < 10 * second;
    });
}

void LagHistory::addEvent(const HistoryEvent &event)
{
    const auto at = std::upper_bound(m_events.begin(), m_events.end(), event,
                                     [](const auto &a, const auto &b) { return a.atUs < b.atUs; });
    m_events.insert(at, event);
    while (m_events.size() > mostEvents)
        m_events.removeFirst();
}

void LagHistory::shift(qint64 byUs)
{
    for (QList<LagSample> &samples : m_samples) {
        for (LagSample &sample : samples)
            sample.atUs -= byUs;
    }
    for (auto &rates : m_rates) {
        for (auto &rate : rates)
            rate.first -= byUs;
    }
    for (HistoryEvent &event : m_events)
        event.atUs -= byUs;
}

void LagHistory::trim(qint64 atUs)
{
    const qint64 oldest = atUs - m_keepUs;
    for (QList<LagSample> &samples : m_samples) {
        while (!samples.isEmpty() && (samples.constFirst().atUs < oldest || samples.size() > mostSamples))
            samples.removeFirst();
    }
    // Rates are kept for sparklines only.
    for (auto &rates : m_rates) {
        while (!rates.isEmpty() && (rates.constFirst().first < std::max(oldest, atUs - 600 * second) ||
                                    rates.size() > mostSamples))
            rates.removeFirst();
    }
    while (!m_events.isEmpty() && m_events.constFirst().atUs < oldest)
        m_events.removeFirst();
}

QList<NodeId> LagHistory::standbys() const
{
    return m_order;
}

const QList<LagSample> &LagHistory::samples(const NodeId &standby) const
{
    static const QList<LagSample> none;
    const auto it = m_samples.constFind(standby);
    return it == m_samples.constEnd() ? none : *it;
}

const QList<HistoryEvent> &LagHistory::events() const
{
    return m_events;
}

QList<double> LagHistory::walRates(const NodeId &node, int seconds, qint64 untilUs) const
{
    QList<std::pair<qint64, double>> seen = m_rates.value(node);
    while (!seen.isEmpty() && seen.constLast().first > untilUs)
        seen.removeLast();
    return tail(seen, seconds);
}

QList<double> LagHistory::lagTail(const NodeId &standby, int seconds, qint64 untilUs) const
{
    QList<std::pair<qint64, double>> seen;
    const QList<LagSample> &all = samples(standby);
    for (auto it = all.rbegin(); it != all.rend(); ++it) {
        if (it->atUs > untilUs)
            continue;
        if (!seen.isEmpty() && seen.constLast().first - it->atUs > qint64(seconds) * second)
            break;
        seen.prepend({it->atUs, it->bytes});
    }
    return tail(seen, seconds);
}

int LagHistory::seriesSlot(const NodeId &standby) const
{
    return m_slots.value(standby, -1);
}

} // namespace understudy
