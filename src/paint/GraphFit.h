// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphPainter.h"

#include <QTransform>

namespace understudy {

/// How a whole graph stands in a rectangle.
struct GraphFit
{
    double zoom = 0;     ///< 0: there is nothing to draw, or no room
    QTransform toTarget; ///< From the scene to where the rectangle is
};

/// The largest zoom up to 100 % at which everything that is drawn is inside @p target: cards and lanes, the
/// ways of links, their labels, and the words of what is folded. Pure; any thread.
GraphFit fitGraph(const QRectF &target, const Topology &topology, const GraphLayout &layout,
                  const QHash<NodeId, CardExtras> &extras, GraphStyle style);

} // namespace understudy
