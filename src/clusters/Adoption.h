// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"

namespace understudy {

/// A node that is only known through its walsender, as far as it is known.
struct Adoption
{
    NodeId ghost;             ///< Its id in the topology.
    QString called;           ///< What its upstream calls it; "walreceiver" says nothing.
    QString systemIdentifier; ///< Of the cluster that it belongs to.
    Endpoint
        guess; ///< Where it may be: its upstream's user, database and options, at the walsender's address.
};

/// What is known of @p ghost in @p topology; nothing if it is no ghost. @p nodes are those that are watched.
std::optional<Adoption> adoptionOf(const Topology &topology, const NodeId &ghost,
                                   const QList<WatchedNode> &nodes);

/// Looks at @p endpoint and takes it for the ghost if it proves to be another node of the same cluster.
/// Errors name the field (host, port, user) that is at fault. Blocking, bounded by 3 s.
Result<WatchedNode> adoptNode(const Adoption &adoption, const Endpoint &endpoint,
                              const QList<NodeSnapshot> &known,
                              const std::shared_ptr<const SecretSource> &secrets);

} // namespace understudy
