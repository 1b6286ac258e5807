// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>

namespace understudy {

/// A forest as plain numbers: children of each node in the order they are drawn in. No cycles, each node has
/// at most one parent.
struct TidyTree
{
    QList<QList<int>> children;
    QList<int> roots;
};

/// Where each node of the forest stands along the rank, one unit being the least distance of two neighbours:
/// the tidy tree of Reingold and Tilford in Buchheim's linear form. Also gives each node's depth.
struct TidyPlaces
{
    QList<double> along;
    QList<int> depth;
};
TidyPlaces tidyPlaces(const TidyTree &tree);

} // namespace understudy
