// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/WizardState.h"

namespace understudy {

Topology WizardState::topologyNow() const
{
    if (cluster && !cluster->topology().clusters.isEmpty())
        return cluster->topology();
    return facts ? facts->topology : Topology();
}

const Node *WizardState::node(const NodeId &id) const
{
    if (cluster) {
        if (const Node *node = cluster->topology().node(id))
            return node;
    }
    return facts ? facts->topology.node(id) : nullptr;
}

QString WizardState::nodeName(const NodeId &id) const
{
    for (const WatchedNode &watched : spec.nodes) {
        if (watched.id == id && !watched.name.isEmpty())
            return watched.name;
    }
    const Node *known = node(id);
    return known && !known->name.isEmpty() ? known->name : id;
}

QHash<NodeId, CardExtras> WizardState::extras() const
{
    if (cluster)
        return cluster->extras();
    QHash<NodeId, CardExtras> found;
    int slot = 0;
    for (const Cluster &seen : topologyNow().clusters) {
        for (const Node *standby : seen.standbys())
            found[standby->id].seriesSlot = slot++;
    }
    return found;
}

QMap<QString, QString> WizardState::secretValues(const ClusterSpec &spec, const AddStandbyRequest &request,
                                                 const QString &typed)
{
    const QString name = QStringLiteral("replication");
    if (!typed.isEmpty())
        return {{name, typed}};
    const std::optional<QString> found = replicationPassword(spec, request);
    return found ? QMap<QString, QString>{{name, *found}} : QMap<QString, QString>{};
}

} // namespace understudy
