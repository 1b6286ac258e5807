// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"
#include "model/NodeSnapshot.h"

#include <QMap>
#include <QStringList>

namespace understudy {

/// The machine that a new standby is made on, as far as it was looked at: this one, or one reached over ssh.
struct TargetMachine
{
    QString place = QStringLiteral("local"); ///< Key of its Host: "local" or "ssh:HOST".
    QString name;                            ///< As it calls itself.
    /// As others reach it: the host name that ssh connects to; empty for this machine.
    QString address;
    QString home;          ///< Of the new server's user.
    bool canAdmin = false; ///< We may act as root there...
    QString admin;         ///< ...as Command::runAs takes it; empty: we are.
    QStringList keepers;   ///< What can keep a server there, see Deployment::keeper().
    /// Hosts by which it reaches the nodes, where they differ from those by which we do.
    QMap<NodeId, QString> seenHosts;

    bool canKeep(const QString &keeper) const { return keepers.contains(keeper); }
    bool isLocal() const { return place == QLatin1String("local"); }
};

} // namespace understudy
