// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/preflight/CheckContext.h"

namespace understudy::checks {

/// Gives the check of the login its fix: @p line at the end of the upstream's pg_hba.conf, in its container,
/// and a reload. As a command to copy, and as a plan where we may do it.
void composeHbaFix(CheckRun &run, const QString &line, const QString &hbaFile);

} // namespace understudy::checks
