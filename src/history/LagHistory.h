// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

#include <QHash>
#include <QList>
#include <limits>

namespace understudy {

/// One moment of one standby's lag. NaN where it is not known: a gap, never a zero.
struct LagSample
{
    qint64 atUs = 0;
    double bytes = 0;
    double seconds = 0;
    LagState state = LagState::Unknown;
};

/// Something that happened, to be marked on the chart.
struct HistoryEvent
{
    qint64 atUs = 0;
    QString text; ///< "standby1 disconnected", "Write load paused"
    NodeId node;
    Severity severity = Severity::Notice;
    bool neutral = true; ///< Neither good nor bad: something a person did.
};

/// The last hour (by default) of every standby, in memory. A plain value container for one thread. Times only
/// grow: when our clock jumps back, what was seen before moves back with it, so that nothing is lost and the
/// newest times are true.
class LagHistory
{
public:
    static constexpr qint64 newest = std::numeric_limits<qint64>::max();

    explicit LagHistory(qint64 keepUs = qint64(3600) * 1000000);

    /// Takes over one folded look; derives events (disconnected, came back, promoted, finding raised,
    /// cleared) from the transition.
    void add(const Topology &topology);
    void addEvent(const HistoryEvent &event);

    QList<NodeId> standbys() const; ///< In the order first seen.
    const QList<LagSample> &samples(const NodeId &standby) const;
    const QList<HistoryEvent> &events() const;
    /// For sparklines: what was seen in the seconds before @p untilUs, newest last.
    QList<double> walRates(const NodeId &node, int seconds, qint64 untilUs = newest) const;
    QList<double> lagTail(const NodeId &standby, int seconds, qint64 untilUs = newest) const;
    /// The series slot (0..) of a standby: lowest free when first seen, kept for life, freed when removed.
    int seriesSlot(const NodeId &standby) const;

private:
    void follow(const Cluster &cluster, qint64 atUs);
    void compare(const Topology &now, qint64 atUs);
    void compareLinks(const Cluster &before, const Cluster &now, qint64 atUs);
    void compareFindings(const Cluster &before, const Cluster &now, qint64 atUs);
    void mark(qint64 atUs, const QString &text, const NodeId &node, Severity severity, bool neutral);
    bool markedLately(const NodeId &node, qint64 atUs) const;
    void shift(qint64 byUs);
    void trim(qint64 atUs);

    qint64 m_keepUs;
    qint64 m_newestUs = 0;
    Topology m_last;
    QList<NodeId> m_order;
    QHash<NodeId, QList<LagSample>> m_samples;
    QHash<NodeId, QList<std::pair<qint64, double>>> m_rates;
    QHash<NodeId, int> m_slots;
    QList<HistoryEvent> m_events;
};

} // namespace understudy
