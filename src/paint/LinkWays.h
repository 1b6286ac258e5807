// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphLayout.h"
#include "paint/GraphStructure.h"

namespace understudy {

/// How far below the upstream's edge the trunk of its links runs, given the gap to the downstream's rank.
/// @p unit: how much larger than usual everything is.
double trunkAway(double gap, double unit);

/// Adds to @p layout a way around all cards for each link that cannot take the tree's: from or to a card that
/// a person placed, past such a card, or not to the next rank.
void addWays(GraphLayout &layout, const Topology &topology, const GraphStructure &structure, double unit);

/// A way of right angles from one card to another that touches no card of @p cards but at its two ends;
/// leaves and arrives as @p direction says where that costs no detour. Empty if the two overlap.
QList<QPointF> wayAround(const QRectF &from, const QRectF &to, Direction direction,
                         const QList<QRectF> &cards, double unit);

} // namespace understudy
