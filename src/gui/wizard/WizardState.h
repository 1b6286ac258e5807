// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/LiveCluster.h"
#include "operations/RunRecord.h"
#include "report/Runbook.h"

#include <QSet>

namespace understudy {

/// What the pages of one wizard share: what was chosen, what is known of the world, and the book that is
/// being written. A plain value owned by the wizard; GUI thread.
struct WizardState
{
    LiveCluster *cluster = nullptr;    ///< Null in tests that bring their own facts
    PictureSource *pictures = nullptr; ///< May be null: the runbook then has no charts
    ClusterSpec spec;
    std::shared_ptr<const SecretSource> secrets;

    AddStandbyRequest request;
    QSet<QString> edited;  ///< Fields that the person typed: suggestions leave them alone
    QString typedPassword; ///< Typed; in memory only, never saved
    std::optional<AddStandbyFacts> facts;
    std::optional<Plan> plan;
    RunbookInput book;
    bool added = false;       ///< The plan is done: the standby exists
    QStringList fixesApplied; ///< Settings that pre-flight's fixes changed on the way; they stay

    /// The new standby will be a service of the Compose project that the cluster was opened from.
    bool inCompose() const { return request.on == QLatin1String("compose"); }
    QString nodeName(const NodeId &id) const; ///< As people call it; its address if it has no name
    const Node *node(const NodeId &id) const; ///< In the newest look, else in the facts; null if unknown
    /// Values for `${secret:...}`. Reads files: worker threads.
    static QMap<QString, QString> secretValues(const ClusterSpec &spec, const AddStandbyRequest &request,
                                               const QString &typed);
    Topology topologyNow() const;
    QHash<NodeId, CardExtras> extras() const;
};

} // namespace understudy
