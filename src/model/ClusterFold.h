// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Health.h"
#include "model/Topology.h"

#include <memory>
#include <utility>

namespace understudy {

/// What must be remembered from the last looks to tell silence, stalls, rates and vanished standbys.
/// An immutable value: each fold gives a new one. Opaque to everybody but the fold.
struct FoldMemory;
using FoldMemoryPtr = std::shared_ptr<const FoldMemory>;

struct FoldInput
{
    QList<NodeSnapshot> snapshots; ///< The newest look at each node; one a node.
    QList<HostFacts> hostFacts;
    qint64 nowUs = 0;
    Thresholds thresholds;
    bool singleLook = false; ///< No hysteresis: there will be no later look.
};

/// The cluster as a fold without a clock of its own. @p memory is null at the first look. Pure; any thread.
std::pair<FoldMemoryPtr, Topology> next(const FoldMemoryPtr &memory, const FoldInput &input);

} // namespace understudy
