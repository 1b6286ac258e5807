// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "model/Topology.h"

/// What the inspector says about a node, in words. Pure.
namespace understudy {

QString nodeName(const Node &node); ///< Its name, else its address
/// "Standby of primary, up 2 h 14 min"
QString roleLine(const Topology &topology, const Node &node);
QList<FactsGrid::Fact> replicationFacts(const Topology &topology, const Node &node);
QList<FactsGrid::Fact> machineFacts(const Topology &topology, const Node &node);

/// The slots that matter to a node: its own on its upstream, or all that it keeps as an upstream.
struct NodeSlots
{
    QString title; ///< "Slot on primary", "Slots"
    QList<Slot> rows;
};
NodeSlots slotsOf(const Topology &topology, const Node &node);
/// Findings about a node or its link.
QList<Finding> findingsAbout(const Topology &topology, const NodeId &node);
QString runwayWords(const Slot &slot);

} // namespace understudy
