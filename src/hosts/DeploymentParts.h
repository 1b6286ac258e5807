// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Deployment.h"

/// What the kinds of Deployment make their commands from.
namespace understudy::deployment {

/// A command that may take as long as a server needs to start or stop.
KeeperCommand slow(const QStringList &argv, const QString &runAs);
/// A shell line with @p arguments as $1, $2...
KeeperCommand script(const QString &line, const QStringList &arguments, const QString &runAs);

} // namespace understudy::deployment
