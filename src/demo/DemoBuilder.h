// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"

#include <functional>

namespace understudy {

/// What a freshly built demo needs to be reached.
struct BuiltDemo
{
    int primaryPort = 0;
    int standbyPort = 0;
};

/// Makes the servers of the demo in its folder and starts them: the primary with roles and rows, and one
/// standby that streams. Blocking, a few seconds. Errors carry the failed program's own words.
Result<BuiltDemo> buildDemo(const QString &folder, const QString &serverUser,
                            const std::function<void(const QString &)> &say);

QString demoPassfile(const QString &folder);
QString demoDatabase();
QString demoUser();            ///< The role Understudy watches and works as.
QString demoReplicationUser(); ///< The role standbys stream as.
QString demoLoadRole();        ///< The role that writes, and owns nothing but its own table.
/// One of the demo's servers on the database of the demo, passwords from its passfile.
Endpoint demoEndpoint(const QString &folder, int port, const QString &role);

} // namespace understudy
