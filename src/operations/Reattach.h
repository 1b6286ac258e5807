// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ReattachAddress.h"
#include "operations/Plan.h"

namespace understudy {

/// A standby that is to stream from another node.
struct ReattachRequest
{
    NodeId standby;
    NodeId target;
    QString cluster; ///< What people call it.
    QString slot;    ///< On the target; empty: reattachSlot().
    QString host;    ///< The target as the standby reaches it; empty: as addressSeenBy() knows.
    int port = 0;
};

/// The slot's name on the target: the one it has, where that is free there; else one made from its name.
QString reattachSlot(const ReattachScene &scene, const NodeId &standby, const NodeId &target);

/// The steps, as they are shown, copied and (one day) run. Whether it is wise is not asked: see
/// reattachReasons(). Pure; the same request and scene give the same steps.
Result<Plan> planReattach(const ReattachRequest &request, const ReattachScene &scene);

/// The value of primary_conninfo that makes a standby stream from @p host: as @p old where it says nothing of
/// an address, without any password, with @p passfile if there is one.
Result<QString> conninfoOver(const QString &old, const QString &host, int port, const QString &passfile);

} // namespace understudy
