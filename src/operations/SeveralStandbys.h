// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Verify.h"

namespace understudy {

/// Several standbys of one upstream, in one place, in one plan: one lock, one journal, one undo.
struct SeveralStandbys
{
    QList<AddStandbyRequest> requests; ///< Full, one a standby.
    QList<Plan> each; ///< The plan of every one alone: what is verified is verified against it.
    Plan plan;        ///< All their steps, one standby after the other.
    Topology after;

    QList<WatchedNode> nodes() const; ///< The new ones, as they are watched from then on.
};

/// At most so many in one plan.
constexpr int mostStandbys = 16;

/// The requests of @p count standbys, every field filled. @p asked is of the first one; what belongs to one
/// standby alone is numbered on for the others, and their common choices are its. @p others: name, slot,
/// port, directory, service and volume that a person gave the second and later, empty where not. Asks the
/// host what is free; blocking, milliseconds.
QList<AddStandbyRequest> suggestSeveral(const AddStandbyRequest &asked,
                                        const QList<AddStandbyRequest> &others, int count,
                                        const AddStandbyFacts &facts);

/// What is wrong with each of several full requests, given those before it. Pure.
QList<QList<Error>> validateSeveral(const QList<AddStandbyRequest> &requests, const AddStandbyFacts &facts);

/// The facts as each of the requests finds them: those before it are planned. Pure.
QList<AddStandbyFacts> factsForEach(const QList<AddStandbyRequest> &requests, const AddStandbyFacts &facts);

/// The plan of full requests. Errors name the standby and the field. Pure.
Result<SeveralStandbys> planSeveral(const QList<AddStandbyRequest> &requests, const AddStandbyFacts &facts);

/// Suggests and plans. Blocking, milliseconds.
Result<SeveralStandbys> planSeveral(const AddStandbyRequest &asked, int count, const AddStandbyFacts &facts);

/// The steps of several plans as one: step ids, stored values and titles tell the standbys apart. Pure.
Plan joinedPlan(const QList<Plan> &plans);

/// verifyStandby() of every one, its rows named after it; the tables are counted once, on all nodes.
VerifyResult verifySeveral(const SeveralStandbys &several, ClusterSpec spec,
                           const std::shared_ptr<const SecretSource> &secrets, std::stop_token stop = {},
                           const std::function<void(const QString &)> &say = {},
                           const VerifyOptions &options = {});

} // namespace understudy
