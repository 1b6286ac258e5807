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
    QString home;            ///< Of the new server's user.
    bool canAdmin = false;   ///< We may act as root there...
    QString admin;           ///< ...as Command::runAs takes it; empty: we are.
    bool adminAsks = false;  ///< sudo wants a password before it says whether we may.
    bool serverAsks = false; ///< The same of the new server's user: nothing was read as that one yet.
    QStringList keepers;     ///< What can keep a server there, see Deployment::keeper().
    /// Hosts by which it reaches the nodes, where they differ from those by which we do.
    QMap<NodeId, QString> seenHosts;

    bool canKeep(const QString &keeper) const { return keepers.contains(keeper); }
    /// Whether @p keeper is told what to do by root, @p serverUser being the new server's user. Where that
    /// costs a question of its own, only what does not go without root is.
    bool usesRoot(const QString &keeper, const QString &serverUser) const;
    bool isLocal() const { return place == QLatin1String("local"); }
};

/// An address that means the machine itself on which it is used: 127.0.0.1, a socket's folder.
bool isLoopback(const QString &host);

} // namespace understudy
