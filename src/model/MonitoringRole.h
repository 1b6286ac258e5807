// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QString>

namespace understudy {

/// The role that Understudy logs in with, and what it shall be able to do besides watching.
struct MonitoringRole
{
    QString name = QStringLiteral("understudy");
    int versionNum = 0;          ///< server_version_num of the oldest node; 0: unknown, the script says so.
    bool addsStandbys = false;   ///< Create slots and copy servers: REPLICATION.
    bool comparesCounts = false; ///< Read every table, to count its rows on every node.
    /// Where Understudy runs, as pg_hba.conf writes it; empty: a place to fill in.
    QString clientAddress;
};

/// A commented script for psql, to be run as superuser on the primary: the role, its grants, nothing more,
/// and the lines of pg_hba.conf that let it in. Never holds a password: psql asks for it. Fails for a version
/// that cannot be watched and for a name that a script cannot carry safely. Pure.
Result<QString> monitoringRoleScript(const MonitoringRole &role);

} // namespace understudy
