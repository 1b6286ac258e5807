// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ServersBelow.h"

namespace understudy {

/// Stops servers of the demo, standbys first: fast, then immediate, then by force. Also ones that are
/// frozen. Blocking, at most about 10 s.
void stopServers(const QList<FolderServer> &servers);

} // namespace understudy
