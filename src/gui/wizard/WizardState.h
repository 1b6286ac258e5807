// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/LiveCluster.h"
#include "operations/RunRecord.h"
#include "operations/SeveralStandbys.h"
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

    AddStandbyRequest request; ///< Of the standby, or of the first of several
    /// What belongs to the second and later standbys of the plan alone; all else they have from the first.
    QList<AddStandbyRequest> others;
    QList<QSet<QString>> othersEdited; ///< As `edited`, of each of them
    QSet<QString> edited;              ///< Fields that the person typed: suggestions leave them alone
    QString typedPassword;             ///< Typed; in memory only, never saved
    std::optional<AddStandbyFacts> facts;
    std::optional<Plan> plan;
    std::optional<SeveralStandbys> several; ///< What `plan` is made of, where it is for several
    RunbookInput book;
    bool added = false;       ///< The plan is done: the standby exists
    QStringList fixesApplied; ///< Settings that pre-flight's fixes changed on the way; they stay

    /// The new standby will be a service of the Compose project that the cluster was opened from.
    bool inCompose() const { return request.on == QLatin1String("compose"); }
    bool isSeveral() const { return !others.isEmpty(); }
    int count() const { return int(others.size()) + 1; }
    /// Of every standby of the plan, complete.
    QList<AddStandbyRequest> requests() const;
    /// The same by its place among them, to be changed.
    AddStandbyRequest &own(int index) { return index == 0 ? request : others[index - 1]; }
    QSet<QString> &ownEdited(int index) { return index == 0 ? edited : othersEdited[index - 1]; }
    /// The new ones as people call them: "standby2", "standby2 and standby3", "4 standbys".
    QString subject() const;
    QString streamingWords() const; ///< "standby2 is streaming", "4 standbys are streaming"
    QString fileName() const;       ///< For files about this plan: "add-standby2-standby3"
    /// Sets `plan` and `several`, or neither.
    Result<void> makePlan();
    /// Which standby a step of the plan belongs to.
    int standbyOfStep(int step) const;
    QList<WatchedNode> newNodes() const;      ///< Of the plan that ran.
    QString nodeName(const NodeId &id) const; ///< As people call it; its address if it has no name
    const Node *node(const NodeId &id) const; ///< In the newest look, else in the facts; null if unknown
    /// Values for `${secret:...}`. Reads files: worker threads.
    static QMap<QString, QString> secretValues(const ClusterSpec &spec, const AddStandbyRequest &request,
                                               const QString &typed);
    Topology topologyNow() const;
    QHash<NodeId, CardExtras> extras() const;
};

/// A field of text by its name: name, slot, dataDirectory, service, volume, replicationUser.
QString &textField(AddStandbyRequest &request, const QString &field);
QString textField(const AddStandbyRequest &request, const QString &field);

} // namespace understudy
