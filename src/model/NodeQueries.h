// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

namespace understudy {

/// The settings that decide what a node can do in replication, in the order they are shown. Nothing for a
/// node of unknown role.
QStringList settingsThatMatter(Role role);

/// Statements that show what is known of a node, with the views that it comes from: for psql on the node and
/// on its upstream, in the words of its version. Empty if its version is not known. Pure.
QString factsAsSql(const Topology &topology, const NodeId &node);

/// The same of the link to @p downstream: the walsender, its stages and its slot on the upstream, the
/// walreceiver on the downstream. Empty if neither end's version is known. Pure.
QString linkAsSql(const Topology &topology, const NodeId &downstream);

} // namespace understudy
