// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

#include <QHash>

namespace understudy {

/// What one node's WAL costs to send: it goes out once for each standby. Sums hold what was measured; who was
/// not is counted, never taken for 0. Pure.
struct WalFlow
{
    std::optional<double> written; ///< Bytes a second it writes (primary) or receives (standby)
    std::optional<double> sent; ///< Bytes a second over all its links that were measured; none: not one was
    int links = 0;              ///< Links that a walsender stands behind
    int unmeasured = 0;         ///< Those of them whose rate is not known
    int otherSenders = 0;       ///< Base backups and the like: their rate is in no view
    bool feeds() const { return links > 0; }
};

WalFlow walFlow(const Cluster &cluster, const NodeId &upstream);
QHash<NodeId, WalFlow> walFlows(const Cluster &cluster); ///< Of every node, in one go

/// "36 kB/s to 2 standbys", "at least 18 kB/s to 2 standbys, 1 of them not measured yet", "unknown to 1
/// standby"; empty where nobody is fed.
QString sendsWords(const WalFlow &flow);
/// What a primary writes and what sending it costs: "WAL 18 kB/s, sends 36 kB/s to 2 standbys".
QString walWords(const WalFlow &flow);
/// The same in sentences, with where the numbers come from.
QString walExplained(const WalFlow &flow, const QString &name);

} // namespace understudy
