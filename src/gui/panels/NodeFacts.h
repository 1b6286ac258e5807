// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "model/Topology.h"

/// What the inspector says about a node, in words. Pure.
namespace understudy {

QString nodeName(const Node &node);    ///< Its name, else its address
QString nodeAddress(const Node &node); ///< "10.0.0.1:5432"; says so where the port or all of it is unknown
/// "Standby of primary, up 2 h 14 min"
QString roleLine(const Topology &topology, const Node &node);
QList<FactsGrid::Fact> replicationFacts(const Topology &topology, const Node &node);
QList<FactsGrid::Fact> machineFacts(const Topology &topology, const Node &node);
/// The settings that matter to a node of its role, as its server has them; none if they were never read.
QList<FactsGrid::Fact> settingFacts(const Topology &topology, const Node &node);

/// The slots that matter to a node: its own on its upstream, and all that it keeps as an upstream.
struct NodeSlots
{
    QString title; ///< "Slot on primary", "Slots"
    QList<Slot> rows;
};
QList<NodeSlots> slotsOf(const Topology &topology, const Node &node);
/// Findings about a node or its link.
QList<Finding> findingsAbout(const Topology &topology, const NodeId &node);
QString runwayWords(const Slot &slot);

} // namespace understudy
