// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandby.h"

namespace understudy {

/// Several standbys of one upstream, on one machine, in one plan: one lock, one journal, one undo.
struct SeveralStandbys
{
    QList<AddStandbyRequest> requests; ///< Full, one a standby.
    QList<Plan> each; ///< The plan of every one alone: what is verified is verified against it.
    Plan plan;        ///< All their steps, one standby after the other.
    Topology after;
};

/// Fills @p request for the first standby and numbers names, slots, ports and directories on for the others.
/// Errors name what belongs to one standby alone, or the place that cannot have several. Blocking,
/// milliseconds.
Result<SeveralStandbys> planSeveral(const AddStandbyRequest &request, int count,
                                    const AddStandbyFacts &facts);

/// The steps of several plans as one: step ids, stored values and titles tell the standbys apart. Pure.
Plan joinedPlan(const QList<Plan> &plans);

} // namespace understudy
