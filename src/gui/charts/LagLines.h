// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/LagScale.h"
#include "gui/charts/SpanLayer.h"

namespace understudy {

/// Keeps the lines of a chart at what the history says, by adding what is new. GUI thread.
class LagLines
{
public:
    /// One line a standby, in the order of the history. Pens stay as they were.
    void follow(std::vector<SpanLayer::Line> &lines, const LagHistory &history, LagUnit unit);
    SpanLayer::Line *
    line(const NodeId &standby) const; ///< Valid until the next follow(); null if there is none

private:
    std::vector<SpanLayer::Line> *m_lines = nullptr;
    QList<NodeId> m_order;
    LagUnit m_unit = LagUnit::Bytes;
};

/// The last known values within [from, to] (microseconds) after which nothing was known for a while: x in
/// microseconds, y in the unit.
QList<QPointF> breaks(const QList<LagSample> &samples, LagUnit unit, qint64 fromUs, qint64 toUs);

} // namespace understudy
