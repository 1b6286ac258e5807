// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"
#include "paint/TidyTree.h"

#include <QHash>
#include <QSet>

namespace understudy {

/// Who feeds whom, as numbers: whatever comes in, what goes out is a forest. Of structure alone (ids, names,
/// roles, links, who is a ghost), never of numbers and states.
struct GraphStructure
{
    QList<const Node *> nodes;           ///< In drawing order: by name; each id once
    TidyTree tree;                       ///< The trees; siblings in drawing order
    QList<int> detached;                 ///< Roots that stand beside the tree: nobody is known to feed them
    QList<int> ghosts;                   ///< Ghosts that feed nobody
    QList<int> parent;                   ///< -1: none
    QList<int> size;                     ///< Of the tree below each and itself, as if nothing were collapsed
    QHash<NodeId, QList<NodeId>> hidden; ///< By collapsed node: all that is below it
    int leaves = 0;                      ///< As if nothing were collapsed
};

/// "standby2" before "standby10"; equal names by id, so that the order is always the same.
bool drawnBefore(const Node &a, const Node &b);

/// Linear in nodes and links but for the sorting; never hangs on cycles or doubled nodes.
GraphStructure graphStructure(const Topology &topology, const QSet<NodeId> &collapsed);

} // namespace understudy
