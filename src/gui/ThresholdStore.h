// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"

namespace understudy {

/// Where the thresholds of a cluster are kept: in its cluster file if it came from one, else among the
/// window's settings, by what the person had typed.
namespace thresholdstore {

/// Those of the file, else the ones kept here, else the defaults. GUI thread.
Thresholds load(const ClusterSpec &spec);
/// Nothing is an error that the person could do anything about but a cluster file that cannot be written.
/// Worker thread.
Result<void> save(const ClusterSpec &spec, const Thresholds &thresholds);

} // namespace thresholdstore
} // namespace understudy
