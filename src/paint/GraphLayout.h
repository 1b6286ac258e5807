// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

#include <QHash>
#include <QPointF>
#include <QRectF>
#include <QSet>

namespace understudy {

enum class Direction { TopToBottom, LeftToRight };

/// Where everything stands, in scene units. A pure function of structure and of the person's wishes, never of
/// numbers and states.
struct GraphLayout
{
    Direction direction = Direction::TopToBottom;
    QHash<NodeId, QRectF> cards;
    QList<NodeId> order;                 ///< Painting and tabbing order: rank by rank, then the lanes
    QRectF ghostLane;                    ///< Empty when there are no ghosts
    QRectF detachedLane;                 ///< Of nodes that nobody is known to feed; empty when there are none
    QSet<NodeId> placed;                 ///< Where a person put them
    QHash<NodeId, QList<NodeId>> hidden; ///< By collapsed node: all that is below it
    QHash<NodeId, int> below; ///< Of each node that feeds others: how many are below it, shown or not
    /// Links that cannot take the way of the tree: from edge to edge around all cards.
    QHash<std::pair<NodeId, NodeId>, QList<QPointF>> ways;
    QRectF bounds;
};

struct LayoutOptions
{
    QSizeF card{288, 120};
    double siblingGap = 64;             ///< Half of it when left to right
    double rankGap = 132;               ///< Top to bottom
    double rankGapAcross = 310;         ///< Left to right; the labels stand in it
    std::optional<Direction> direction; ///< None: left to right when there are more than 4 leaves
    QHash<NodeId, QPointF> places;      ///< By a person: top left corners, for text of the usual size
    QSet<NodeId> collapsed;
};

/// Options for text that is @p textScale times as large as usual: everything grows alike.
LayoutOptions scaledLayout(double textScale);

/// Linear in nodes and links but for the sorting of names; never hangs on cycles or doubled nodes.
GraphLayout layoutGraph(const Topology &topology, const LayoutOptions &options = {});

} // namespace understudy
