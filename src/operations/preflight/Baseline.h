// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/preflight/CheckContext.h"

namespace understudy::preflight {

/// The state before: Taken, LSN, Standbys, Lag, WAL rate, asked on a session of its own. What cannot be
/// read is "unknown". Blocking; a server that does not answer costs nothing.
QList<std::pair<QString, QString>> baseline(CheckContext &cx);

} // namespace understudy::preflight
