// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/PlanRunner.h"

namespace understudy {

/// Whether a plan that a journal tells of can be picked up: it was cut off, or it left something behind, and
/// no process runs it now.
bool isUnfinished(const JournalEntry &entry);

/// Whether going on takes the password of the replication role: a step that stores it is still to be done.
/// To undo takes none. Pure.
bool takesReplicationPassword(const JournalEntry &entry);

/// Whose password that is, and where. Pure.
Endpoint replicationLogin(const Plan &plan);

/// It, from where the cluster says it is, else what @p typed knows of replicationLogin(). Blocking, about a
/// second; worker threads.
std::optional<QString> storedReplicationPassword(const Plan &plan, const SecretSource &typed);

/// All that picking it up takes: its hosts, its journal, locked against a second one, and the passwords. None
/// of those is in a journal: they are looked up again where the cluster says they are; for the nodes @p typed
/// is asked first. Blocking, about a second; worker threads.
Result<RunContext> pickUpContext(const JournalEntry &entry, std::shared_ptr<const SecretSource> typed);

} // namespace understudy
