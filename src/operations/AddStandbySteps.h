// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandby.h"

namespace understudy {

/// A checked request with everything looked up that its steps need. The steps of adding a standby on this
/// machine are made from it, one function a step; pure.
struct AddStandbyDraft
{
    AddStandbyRequest request;
    NodeId upstreamId;
    QString upstream; ///< Key into Plan::endpoints, and what people call it
    Endpoint upstreamEndpoint;
    bool upstreamIsStandby = false;
    QMap<QString, ServerSetting> settings; ///< The upstream's.
    bool sharesMachine = false;            ///< The upstream was proved to run on this machine.
    bool ownConfiguration =
        false; ///< The upstream's files are outside its data directory, so no copy has them.
    QString bin, runAs;
    bool asRoot = false; ///< We are root, and the server's user is not.
    QString role;        ///< That replicates.
    QString passfile;    ///< In primary_conninfo; empty: none is needed.
    bool writesPassfile = false;
    double databaseMb = 0;

    QString logFile() const;
    QString program(const char *name) const { return bin + u'/' + QLatin1String(name); }
    /// An action on this machine, as the server's user or (@p asWeAre) as we are.
    CommandAction command(const QStringList &argv, bool asWeAre = false) const;
    /// A shell line with @p arguments as $1, $2...
    CommandAction script(const QString &line, const QStringList &arguments, bool asWeAre = false) const;
    /// FROM and WHERE that find the walsender behind our slot.
    QString senderOfSlot() const;
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
Step startStep(const AddStandbyDraft &);
Step streamStep(const AddStandbyDraft &);
Step syncStep(const AddStandbyDraft &);
Step verifyStep(const AddStandbyDraft &);

/// synchronous_standby_names with one more standby that commits wait for; @p old is PostgreSQL's own text.
QString withSynchronous(const QString &old, const QString &name);

} // namespace understudy
