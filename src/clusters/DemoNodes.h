// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"

namespace understudy {

/// The demo as it is now: the saved nodes whose directories are still there, and every server that runs
/// below its folder (standbys added later), named as their directories. Blocking, milliseconds.
ClusterSpec withRunningServers(ClusterSpec demo);

} // namespace understudy
