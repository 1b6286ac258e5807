// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"
#include "operations/ComposeTarget.h"
#include "operations/Plan.h"
#include "operations/StandbyChoices.h"
#include "operations/TargetMachine.h"

namespace understudy {

/// What a person chose on the first two pages, or on the command line. Empty or 0: the suggestion.
struct AddStandbyRequest
{
    NodeId upstream;
    /// "HOST" or "HOST:PORT" by which the new standby reaches its upstream; empty: as was found.
    QString upstreamAddress;
    /// Place: "local", "compose", "ssh:HOST", or "script:NAME" for one that cannot be reached (the name may
    /// be left out). Empty: as fits the cluster.
    QString on = QStringLiteral("local");
    QString keeper; ///< Not Compose: what keeps the server, see Deployment::keeper().
    QString name;
    QString slot;
    int port = 0;
    QString dataDirectory;
    QString service; ///< Compose: the new service; its volume, as the file calls it.
    QString volume;  ///< Where the model's data is in a directory: the new one's path, as the file says it.
    bool overrideFile = false;      ///< Compose: the service goes into a file of its own.
    bool useEmptyDirectory = false; ///< The directory is there and empty: used, and left empty by an undo.
                                    ///< Set by suggest().
    bool synchronous = false;
    bool fastCheckpoint = true;
    QString maxRate; ///< pg_basebackup's --max-rate; empty: no limit
    QString replicationUser;
    StandbyChoices choices;
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

/// Who may log in to a server: the text of its pg_hba.conf and pg_ident.conf.
struct LoginRules
{
    QString hba, ident;
    /// For a server whose upstream's cannot be had: logins from its own machine only.
    static LoginRules ofItsOwn();
    bool operator==(const LoginRules &) const = default;
};

/// Everything that planning and pre-flight know of the world, gathered once on a worker thread. A value.
struct AddStandbyFacts
{
    ClusterSpec spec;
    Topology topology;
    QList<NodeSnapshot> snapshots;
    QList<HostBinding> bindings;
    TargetMachine target; ///< What is said of "the target" was looked at there.
    QString binDirectory; ///< Programs of the upstream's major version on the target; empty: not installed
    QString runAs;        ///< Operating-system user of the new server on the target; empty: as we are
    QString currentUser;  ///< As whom we are on the target.
    bool haveReplicationSecret =
        false; ///< A passfile with the replication role's password was found, or typed
    qint64 gatheredUs = 0;
    QMap<NodeId, QMap<QString, ServerSetting>> serverSettings; ///< Of every node that answered.
    QMap<NodeId, QList<Tablespace>> tablespaces;               ///< Likewise; without the default ones.
    /// Of nodes that keep them outside of their data directory, so that no copy has them; none where we may
    /// not read them or where they hold a password.
    QMap<NodeId, LoginRules> loginRules;
    /// By upstream: a passfile on the target that the new server's user may read and that has a line for
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
    /// A watched node as the target reaches it.
    Endpoint seen(const WatchedNode &node) const;
    /// The same where a request says how its upstream is reached.
    Endpoint seen(const WatchedNode &node, const AddStandbyRequest &request) const;
    QString serverUser() const { return runAs.isEmpty() ? currentUser : runAs; }
};

/// Looks at the cluster and at this machine as the target. Blocking; seconds at most.
Result<AddStandbyFacts> gatherFacts(const ClusterSpec &spec,
                                    const std::shared_ptr<const SecretSource> &secrets,
                                    std::stop_token stop = {});

/// The same facts with another machine as the target: everything that belongs to a target is looked at
/// again. @p on as in the request; a Compose project's target is this machine, and of one that only a script
/// will see nothing is looked at. Blocking; over ssh a second or two, and ssh may ask (SshAsk). Nobody is
/// asked for sudo's password unless that is allowed, and then only for the new server's user: root is looked
/// at without, see TargetMachine::adminAsks.
enum class Asking { Never, Allowed };
Result<AddStandbyFacts> gatherPlace(AddStandbyFacts facts, const QString &on, std::stop_token stop = {},
                                    Asking asking = Asking::Never);

/// Fills every empty field: standby2, standby2_slot, the next free port, a directory beside the upstream's.
/// Asks the host which ports and directories are free; blocking, milliseconds.
AddStandbyRequest suggest(AddStandbyRequest request, const AddStandbyFacts &facts);

/// The slot of a standby of this name, whether it is free or not.
QString slotNameFor(const QString &name);

/// What keeps the new server if the person does not say: as its neighbour is kept on this machine, elsewhere
/// what starts it on boot. Pure.
QString keeperFor(const AddStandbyRequest &request, const AddStandbyFacts &facts);

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
