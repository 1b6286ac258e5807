// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"
#include "operations/ComposeTarget.h"
#include "operations/Plan.h"

namespace understudy {

/// What a person chose on the first two pages, or on the command line. Empty or 0: the suggestion.
struct AddStandbyRequest
{
    NodeId upstream;
    /// Method: "local" or "compose"; "ssh:HOST" is refused for now in words. Empty: as fits the cluster.
    QString on = QStringLiteral("local");
    QString name;
    QString slot;
    int port = 0;
    QString dataDirectory;
    QString service; ///< Compose: the new service; its volume, as the file calls it.
    QString volume;
    bool useEmptyDirectory = false; ///< The directory is there and empty: used, and left empty by an undo.
                                    ///< Set by suggest().
    bool synchronous = false;
    bool fastCheckpoint = true;
    QString maxRate; ///< pg_basebackup's --max-rate; empty: no limit
    QString replicationUser;
    QMap<QString, QString> waived; ///< Check id -> reason
    bool operator==(const AddStandbyRequest &) const = default;
};

/// A server's setting as pg_settings tells it.
struct ServerSetting
{
    QString value;  ///< With its unit, as current_setting() says it.
    QString source; ///< "default", "configuration file", "command line"...
    QString file;   ///< Empty when unknown.
    bool operator==(const ServerSetting &) const = default;
};

/// Everything that planning and pre-flight know of the world, gathered once on a worker thread. A value.
struct AddStandbyFacts
{
    ClusterSpec spec;
    Topology topology;
    QList<NodeSnapshot> snapshots;
    QList<HostBinding> bindings;
    QString binDirectory; ///< Programs of the upstream's major version on the target; empty: not installed
    QString runAs;        ///< Operating-system user of the new server; empty: as we are
    QString currentUser;
    bool haveReplicationSecret =
        false; ///< A passfile with the replication role's password was found, or typed
    qint64 gatheredUs = 0;
    QMap<NodeId, QMap<QString, ServerSetting>> serverSettings; ///< Of every node that answered.
    /// By upstream: a passfile on this machine that the new server's user may read and that has a line for
    /// the replication role there. Then no further one is written.
    QMap<NodeId, QString> sharedPassfiles;
    /// Of a Compose file: the project, or why nothing can be added to it.
    std::optional<ComposeTarget> compose;
    std::optional<Error> composeProblem;

    const HostBinding *binding(const NodeId &id) const;
    /// The node that a request means: its upstream, or the primary of the first cluster that has one; else
    /// null.
    const Node *upstreamOf(const AddStandbyRequest &request) const;
    const WatchedNode *watched(const NodeId &id) const;
};

/// Looks at the cluster and this machine. Blocking; seconds at most.
Result<AddStandbyFacts> gatherFacts(const ClusterSpec &spec,
                                    const std::shared_ptr<const SecretSource> &secrets,
                                    std::stop_token stop = {});

/// Fills every empty field: standby2, standby2_slot, the next free port, a directory beside the upstream's.
/// Asks the host which ports and directories are free; blocking, milliseconds.
AddStandbyRequest suggest(AddStandbyRequest request, const AddStandbyFacts &facts);

/// What can be known without asking anybody: one Error a bad field, naming the field and the fix. Pure.
QList<Error> validate(const AddStandbyRequest &request, const AddStandbyFacts &facts);

/// The plan. Pure: the same request and facts give the same plan (but for its id).
Result<Plan> planAddStandby(const AddStandbyRequest &request, const AddStandbyFacts &facts);

/// The topology as it will be, the new node as NodeState::Planned, for the review's second picture.
Topology topologyAfter(const AddStandbyRequest &request, const AddStandbyFacts &facts);

/// Password for ${secret:replication}: typed by the person, else read from the passfile of `spec`.
std::optional<QString> replicationPassword(const ClusterSpec &spec, const AddStandbyRequest &request);

} // namespace understudy

Q_DECLARE_METATYPE(understudy::AddStandbyRequest)
