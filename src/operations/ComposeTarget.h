// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"
#include "hosts/compose/ComposeProject.h"

namespace understudy {

/// The Compose project that a new standby goes into, and the service that it is modelled on. Holds what the
/// file holds, passwords too: in memory only, shown nowhere.
struct ComposeTarget
{
    QStringList base;    ///< The words before a subcommand: docker-compose -f FILE -p PROJECT...
    QString file;        ///< Absolute and free of links: what is edited.
    QByteArray content;  ///< As it was read.
    QString projectName; ///< Containers and volumes begin with it.
    ComposeProject project;

    QString model; ///< The service of an existing standby.
    NodeId modelNode;
    QString modelSlot;    ///< Empty: it has none.
    QString modelVolume;  ///< The named volume of its data, as the file calls it.
    QString dataPath;     ///< PGDATA in the container.
    QString mountPath;    ///< Where the volume is in the container: `dataPath` or above it.
    Endpoint upstream;    ///< How the model reaches its upstream: a name of the project's network.
    NodeId modelUpstream; ///< Which node that is.

    /// The engine's name for a volume of the project.
    QString volumeName(const QString &volume) const { return projectName + u'_' + volume; }
    /// Values that must not be shown or kept: of variables whose name says so, in every service.
    QStringList secrets() const;
};

/// Reads the project of `spec.composeFile` and picks the model: a standby that is up, one of @p upstream's if
/// there is one. Errors say what is missing. Blocking, about a second.
Result<ComposeTarget> composeTarget(const ClusterSpec &spec, const Topology &topology,
                                    const QList<NodeSnapshot> &snapshots, const NodeId &upstream,
                                    std::stop_token stop = {});

/// The next name after those of a kind: "standby_slot" and 2 give "standby2_slot", "postgres-standby1" and 2
/// give "postgres-standby2", "data" and 2 give "data2". Pure.
QString numberedName(const QString &model, int number);

} // namespace understudy
