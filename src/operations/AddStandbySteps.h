// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Deployment.h"
#include "operations/AddStandby.h"

namespace understudy {

/// A checked request with everything looked up that its steps need. The steps of adding a standby on a
/// machine are made from it, one function a step; pure.
struct AddStandbyDraft
{
    AddStandbyRequest request;
    NodeId upstreamId;
    QString upstream;          ///< Key into Plan::endpoints, and what people call it
    Endpoint upstreamEndpoint; ///< As we reach it.
    Endpoint upstreamSeen;     ///< As the new standby reaches it.
    bool upstreamIsStandby = false;
    QMap<QString, ServerSetting> settings; ///< The upstream's.
    bool unseen = false; ///< Its machine cannot be reached: the plan is for its script. See UnseenMachine.h.
    bool sharesMachine = false;                   ///< The upstream was proved to run on the same machine.
    QString host;                                 ///< Key of the machine's Host
    std::shared_ptr<const Deployment> deployment; ///< What keeps the server; null for Compose.
    bool ownConfiguration =
        false;             ///< The upstream's files are outside its data directory, so no copy has them.
    LoginRules loginRules; ///< For the standby, where its upstream's are not in the copy.
    QString bin, runAs;
    bool asRoot = false; ///< We are root, and the server's user is not.
    QString role;        ///< That replicates.
    QString passfile;    ///< In primary_conninfo; empty: none is needed.
    bool writesPassfile = false;
    double databaseMb = 0;

    QString program(const char *name) const { return bin + u'/' + QLatin1String(name); }
    /// An action on the machine, as the server's user or (@p asWeAre) as we are.
    CommandAction command(const QStringList &argv, bool asWeAre = false) const;
    /// A shell line with @p arguments as $1, $2...
    CommandAction script(const QString &line, const QStringList &arguments, bool asWeAre = false) const;
    CommandAction keeper(const KeeperCommand &) const;
    /// On another machine the upstream's own addresses mean nothing: where it is open to others, so is the
    /// new standby; pg_hba.conf says to whom.
    bool listensToOthers() const;
    /// FROM and WHERE that find the walsender of the new standby: behind its slot, or of its name (which
    /// nobody else has) where it has none. It is called r.
    QString sender() const;
    QString slotFact() const; ///< The slot in words: "standby2_slot", or "no slot".
    QString slotLiteral() const;
};

/// The draft of a request whose upstream is watched. Pure.
AddStandbyDraft standbyDraft(const AddStandbyRequest &request, const AddStandbyFacts &facts,
                             const Node &upstream);

Step baselineStep(const AddStandbyDraft &);
Step directoryStep(const AddStandbyDraft &);
Step passfileStep(const AddStandbyDraft &);
Step slotStep(const AddStandbyDraft &);
Step copyStep(const AddStandbyDraft &);
Step configureStep(const AddStandbyDraft &);
Step registerStep(const AddStandbyDraft &); ///< Only where the keeper registers its servers.
Step startStep(const AddStandbyDraft &);
Step streamStep(const AddStandbyDraft &);
Step syncStep(const AddStandbyDraft &);
Step verifyStep(const AddStandbyDraft &);

/// Whether the folder above a data directory is made by the plan: only below those of our own, or where
/// Debian keeps its data. Elsewhere a typing error would fill a disk that nobody looks at.
bool makesParent(const QString &dataDirectory);

/// synchronous_standby_names with one more standby that commits wait for; @p old is PostgreSQL's own text.
QString withSynchronous(const QString &old, const QString &name);

} // namespace understudy
