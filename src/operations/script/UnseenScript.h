// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Plan.h"

namespace understudy::script {

/// The script of a plan whose machine this program cannot reach (Plan::unseen). A person copies it there and
/// runs it: it checks the machine, does the plan, undoes what it made when a step fails, and when it was
/// killed, the next run undoes that first.
QString unseenScript(const Plan &plan);

} // namespace understudy::script
