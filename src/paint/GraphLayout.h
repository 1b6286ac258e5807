// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

#include <QHash>
#include <QRectF>

namespace understudy {

enum class Direction { TopToBottom, LeftToRight };

/// Where everything stands, in scene units. A pure function of structure, never of numbers.
struct GraphLayout
{
    Direction direction = Direction::TopToBottom;
    QHash<NodeId, QRectF> cards;
    QList<NodeId> order; ///< Painting and tabbing order: rank by rank
    QRectF ghostLane;    ///< Empty when there are no ghosts
    QRectF bounds;
};

struct LayoutOptions
{
    QSizeF card{288, 120};
    double siblingGap = 64;             ///< Half of it when left to right
    double rankGap = 132;               ///< Top to bottom
    double rankGapAcross = 310;         ///< Left to right; the labels stand in it
    std::optional<Direction> direction; ///< None: left to right when there are more than 4 leaves
};

/// Options for text that is @p textScale times as large as usual: everything grows alike.
LayoutOptions scaledLayout(double textScale);

/// Linear in nodes and links; never hangs on cycles or doubled nodes.
GraphLayout layoutGraph(const Topology &topology, const LayoutOptions &options = {});

} // namespace understudy
