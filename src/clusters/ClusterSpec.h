// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/HostBinding.h"
#include "model/SecretSource.h"
#include "monitor/ClusterMonitor.h"

#include <memory>

namespace understudy {

/// A cluster as a person named it, resolved to what can be watched. No field but `secrets` holds a password.
struct ClusterSpec
{
    QString title;  ///< "demo", "appdb"
    QString source; ///< What the person gave: "demo", "service=orders", "/srv/docker-compose.yml"
    bool isDemo = false;
    QString demoFolder; ///< Where the demo's servers live; empty if it is not the demo.
    QString savedFile;  ///< The saved cluster file it came from; empty if none.
    QList<WatchedNode> nodes;
    QString replicationUser;     ///< Empty: taken from the existing standbys, else asked for.
    Thresholds thresholds;       ///< Of the saved cluster file, else the defaults.
    QString replicationPassfile; ///< Where its password is, on this machine; empty if unknown.
    QString composeFile;         ///< Absolute path of the Compose file it came from; empty if none.
    QStringList notes;           ///< What a person should know of how it was found, a sentence each.
    /// Passwords that its description holds; null if none. In memory only, asked through secretsOf().
    std::shared_ptr<const SecretSource> secrets;
    /// Why a server at an address that its nodes speak of cannot be reached, as discoverNodes() found.
    QMap<QString, QString> unreachable;
};

/// From what a person has at hand to a cluster: "demo", a saved cluster file, a Compose file, a libpq URI or
/// conninfo (several hosts: several nodes), "service=name" or a bare service name. One clear sentence when it
/// cannot be. Reads files; call on a worker or from a verb.
Result<ClusterSpec> resolveCluster(const QString &text);

/// Finds further nodes on this machine and in its containers: servers with the same system identifier that
/// the given looks speak of (a walsender's address, a walreceiver's sender). Asks each candidate; blocking,
/// bounded. @p unreachable is told of addresses that cannot be reached, and why.
QList<WatchedNode> discoverNodes(const ClusterSpec &spec, const QList<NodeSnapshot> &snapshots,
                                 const std::shared_ptr<const SecretSource> &secrets,
                                 QMap<QString, QString> *unreachable = nullptr);

/// Binds nodes to this machine on proof: the port and start time of postmaster.pid and the system identifier.
/// Nodes without proof are not in the answer. Blocking, milliseconds.
QList<HostBinding> bindLocalNodes(const QList<NodeSnapshot> &snapshots);

/// Free space below each bound node.
QList<HostFacts> hostFacts(const QList<HostBinding> &bindings);

/// Writes a cluster file: small readable JSON, safe to keep in git.
Result<void> saveCluster(const ClusterSpec &spec, const QString &path);
Result<ClusterSpec> loadCluster(const QString &path);
QString demoClusterFile(); ///< Where `demo start` leaves its cluster; below the user's state folder.

} // namespace understudy
