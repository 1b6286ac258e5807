// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphPainter.h"

#include <QPolygonF>

namespace understudy {

/// What of a drawn link can be pointed at, in scene units.
struct LinkPick
{
    NodeId downstream; ///< Of the first link to it: that is what a person means by "its link"
    QPolygonF way;     ///< All corners, from the upstream's edge to the downstream's
    QRectF label;      ///< Empty: it has none here
};

/// All links that are drawn, by painting order. Labels are laid out for those alone that touch @p seen (scene
/// units), since measuring their words is what costs.
QList<LinkPick> linkPicks(const Topology &, const GraphLayout &, const QHash<NodeId, CardExtras> &,
                          const GraphStyle &, const QRectF &seen);

/// The downstream of the link at @p at: its label, or its way within @p reach scene units. On a stretch that
/// siblings share it is @p preferred if that is one of them, else the one whose own stretch is nearest.
/// Empty: none is there.
NodeId linkAt(const QList<LinkPick> &picks, const QPointF &at, double reach, const NodeId &preferred = {});

} // namespace understudy
