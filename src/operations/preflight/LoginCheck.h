// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/preflight/CheckContext.h"
#include "operations/preflight/LoginWords.h"

/// What every kind of place asks and says around the login that it tries in its own way.
namespace understudy::checks {

/// What is known of the attempt, for the words of a refusal.
LoginAttempt loginAttempt(CheckRun &run, const QString &user);
/// What the catalog says against the role, as the server would say it; empty when nothing is wrong with it.
QString roleFault(CheckRun &run, const QString &user);
/// Fails the check: nobody knows whom the standby is to log in as.
void noReplicationUser(CheckRun &run);
/// Whether the answer to IDENTIFY_SYSTEM came from the upstream's cluster; else the check has failed.
bool reachesOurCluster(CheckRun &run, const QString &identifySystem);

} // namespace understudy::checks
