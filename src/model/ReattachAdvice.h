// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/DropAdvice.h"
#include "model/HostBinding.h"
#include "model/Topology.h"

#include <QHash>

namespace understudy {

/// What is known of a cluster when somebody thinks of hanging a standby below another node. A value.
struct ReattachScene
{
    Topology topology;
    QHash<NodeId, NodeSnapshot> facts; ///< The newest answered look at each node that has one.
    QList<HostBinding> bindings;       ///< Nodes that were proved to run on a host we can act on.

    bool isProven(const NodeId &node) const;
    static ReattachScene of(const Topology &topology, const QList<NodeSnapshot> &snapshots,
                            const QList<HostBinding> &bindings = {});
};

/// One thing that speaks against streaming from the target, or (Safe) that is worth knowing.
struct ReattachReason
{
    QString id; ///< Stable: "loop", "other_system"...
    DropVerdict verdict = DropVerdict::Safe;
    QString brief; ///< A few words, as they stand below the target's card.
    QString text;  ///< What it is, what it means, what to do next.
    bool operator==(const ReattachReason &) const = default;
};

/// Everything that is to be said of @p standby streaming from @p target, the worst first. Pure; any thread.
QList<ReattachReason> reattachReasons(const ReattachScene &scene, const NodeId &standby,
                                      const NodeId &target);
/// The worst of them with its brief words; Safe when nothing speaks against it.
DropAdvice reattachAdvice(const ReattachScene &scene, const NodeId &standby, const NodeId &target);
DropVerdict worstOf(const QList<ReattachReason> &reasons);

/// "standby2", else its address.
QString reattachName(const Node &node);

/// The cluster with the link of @p standby moved below @p target, behind @p slot. What was measured of the
/// old link is unknown of the new one.
Topology topologyAfterReattach(Topology topology, const NodeId &standby, const NodeId &target,
                               const QString &slot);

} // namespace understudy
