// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandby.h"

namespace understudy {

/// The world as it will be for the next standby of the same plan once @p request (full) is done: its name,
/// slot, port, service and volume are taken, the Compose file holds it, and commits wait for it where it is
/// synchronous. Pure.
AddStandbyFacts factsAfter(const AddStandbyRequest &request, AddStandbyFacts facts);

} // namespace understudy
