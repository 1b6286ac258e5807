// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Verify.h"

#include <algorithm>

namespace understudy::verifying {

/// Everything that the rows are made from: the last look, taken once the new node streams or time is up.
struct Scene
{
    QList<WatchedNode> nodes;
    NodeId upstream, subject;
    Topology topology;
    QList<NodeSnapshot> snapshots;

    const Cluster *cluster() const { return topology.clusterOf(upstream); }
    const Node *node(const NodeId &id) const { return topology.node(id); }
    QString name(const NodeId &id) const
    {
        for (const WatchedNode &watched : nodes) {
            if (watched.id == id && !watched.name.isEmpty())
                return watched.name;
        }
        const Node *node = topology.node(id);
        return node && !node->name.isEmpty() ? node->name : id;
    }
    const Link *link() const
    {
        const Cluster *c = topology.clusterOf(subject);
        return c ? c->linkTo(subject) : nullptr;
    }
    QList<const Link *> links() const
    {
        const Cluster *c = cluster();
        auto out = c ? c->linksFrom(upstream) : QList<const Link *>();
        std::stable_sort(out.begin(), out.end(), [this](const Link *a, const Link *b) {
            return name(a->downstream) < name(b->downstream);
        });
        return out;
    }
    bool streams(const QString &slot) const
    {
        const Link *l = link();
        return l && l->state == LinkState::Streaming && l->upstream == upstream &&
               (slot.isEmpty() || l->slot == slot);
    }
};

/// Looks until the new node streams through its slot, or time is up.
Scene lookUntilStreaming(const Plan &plan, const ClusterSpec &spec,
                         const std::shared_ptr<const SecretSource> &secrets, std::stop_token stop);

/// The node that is up and out of recovery, of the upstream's cluster; null if none.
const WatchedNode *primaryOf(const Scene &scene);

/// A fact of the plan, empty when it is not there.
QString fact(const Plan &plan, const char *key);

// One row each, from what was seen.
VerifyRow streamingRow(const Scene &scene);
VerifyRow slotsRow(const Plan &plan, const Scene &scene);
VerifyRow upstreamRow(const Scene &scene);
VerifyRow syncRow(const Plan &plan, const Scene &scene);

/// The new standby has replayed everything that was written when the proof began. Blocking.
VerifyRow caughtUpRow(const Plan &plan, const Scene &scene, const SecretSource &secrets,
                      std::stop_token stop);

} // namespace understudy::verifying
