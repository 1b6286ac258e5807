// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/compose/ComposeEdit.h"
#include "operations/AddStandbySteps.h"

namespace understudy {

/// Where a standby lives as a service of a Compose project. The steps of a Compose standby are made from it
/// and from the draft that every standby has, one function a step; pure.
struct ComposeDraft
{
    ComposeTarget target;
    ComposeEdit edit;
    EditAction fileEdit;             ///< `edit` as an action that keeps no secret.
    QString service, volume, oneOff; ///< oneOff: name of the container that the copy runs in
    QString directory;               ///< Of the new data on this machine; then `volume` is empty.
    bool directoryIsThere = false;   ///< It is, and empty: it is left like that by an undo.
    bool ownFile = false;            ///< The service goes into a new file.
    bool readByItself = false;       ///< Which Compose reads by itself.
    QString callWords;               ///< How Compose is called with that file.
    bool writesPassfile = false;     ///< The credential goes into a passfile beside the data.
    Endpoint upstream;               ///< As it is reached in the project's network.

    /// An action of the engine's: Compose on the project, or docker.
    CommandAction compose(const QStringList &words) const;
    CommandAction script(const QString &line, const QStringList &arguments) const;
    /// All words by which a running Compose is known to be this action's, as one argument.
    static QString wordsOf(const CommandAction &action);
};

/// What the request's service is in the file, or in a file of its own. Errors as of composeDraft(). Pure.
Result<ComposeEdit> composeEditFor(const AddStandbyRequest &, const ComposeTarget &);

/// The edit and what follows from it. Errors: the file cannot be edited; the sentence says which line and
/// why.
Result<ComposeDraft> composeDraft(const AddStandbyDraft &, const ComposeTarget &, const QString &planId);

/// How a new standby reaches @p upstream from inside of the project's network: as the model reaches its own,
/// or a service by its name.
Endpoint composeUpstream(const ComposeTarget &target, const NodeId &upstream, const QString &upstreamName,
                         const QString &role);
/// The same as words of a conninfo, "host=postgres-primary"...; no password, that is in the service's
/// environment.
QStringList composeConninfo(const Endpoint &);
/// Where a standby's own passfile is, in its container.
QString composePassfile(const ComposeTarget &target);
/// "the volume db2" or "the directory /srv/db2"
QString composeDataWords(const ComposeDraft &);

Step composeFileStep(const ComposeDraft &);
Step composeDirectoryStep(const ComposeDraft &);
Step composeServiceStep(const ComposeDraft &);
Step composeCopyStep(const AddStandbyDraft &, const ComposeDraft &);
Step composeVerifyBackupStep(const AddStandbyDraft &, const ComposeDraft &);
Step composeStartStep(const AddStandbyDraft &, const ComposeDraft &);
/// What the new service said last: explains why it does not stream.
CommandAction composeLog(const ComposeDraft &);

} // namespace understudy
