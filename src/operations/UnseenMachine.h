// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandbySteps.h"

/// A machine that this program cannot reach, as the place of a new standby: nothing of it is looked at, and
/// its script checks it where it is run. What is known only there stands in the plan as `${bin}` (folder of
/// the server programs), `${server_user}` and `${socket_directory}`.
namespace understudy {

/// "script" or "script:NAME".
bool isScriptPlace(const QString &on);
/// What people call the machine of such a place: NAME, or "the other machine".
QString scriptMachine(const QString &on);

/// The facts with such a machine as the target. Pure.
AddStandbyFacts unseenPlace(AddStandbyFacts facts, const QString &on);
/// Fills every empty field, without asking anybody. Pure.
AddStandbyRequest suggestUnseen(AddStandbyRequest request, const AddStandbyFacts &facts);

/// What the script has to check by itself. Pure.
UnseenTarget unseenTarget(const AddStandbyDraft &draft, const AddStandbyFacts &facts, const Node &upstream);
/// The step that does so, first of all.
Step checkMachineStep(const AddStandbyDraft &draft);

} // namespace understudy
