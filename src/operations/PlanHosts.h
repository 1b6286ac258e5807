// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Plan.h"

namespace understudy {

const inline QString localHostKey = QStringLiteral("local");   ///< This machine.
const inline QString engineHostKey = QStringLiteral("engine"); ///< This machine's Docker engine and Compose.

/// The hosts that a plan's commands run on, by the keys of Plan::hosts. An unknown key is left out; the
/// runner says so.
QMap<QString, std::shared_ptr<Host>> hostsOf(const Plan &plan);

} // namespace understudy
