// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ReattachAdvice.h"

namespace understudy {

/// Where a standby reaches another node. Between containers or behind a tunnel that is not where we reach it.
struct SeenAddress
{
    QString host;
    int port = 0;
    bool sure = false; ///< Somebody in the same place uses it, or our addresses mean the same there.
    bool operator==(const SeenAddress &) const = default;
};

/// As far as the looks tell; else our own address, not sure. Pure.
SeenAddress addressSeenBy(const ReattachScene &scene, const NodeId &standby, const NodeId &target);

} // namespace understudy
