// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Health.h"

// Private to findingsNow: the rules, by what they look at. Each appends what it finds.
namespace understudy::health {

void nodeFindings(const Cluster &, QList<Finding> &out);
void linkFindings(const Cluster &, const Thresholds &, QList<Finding> &out);
void slotFindings(const Cluster &, const Thresholds &, QList<Finding> &out);
void vacuumFindings(const Cluster &, const Thresholds &, QList<Finding> &out);
void clusterFindings(const Cluster &, QList<Finding> &out);

/// The facts of this look are there: the node answered and may be read.
inline bool isReadable(const Node &node)
{
    return node.state == NodeState::Up;
}
QString nameOf(const Cluster &, const NodeId &);
qint64 setting(const Node &, const char *name, qint64 unknown);

} // namespace understudy::health
