// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandby.h"

namespace understudy {

/// Files that a server with these settings reads when it starts, and which no copy brings: those of TLS.
QStringList neededFiles(const QMap<QString, ServerSetting> &settings);
/// Libraries that it loads when it starts.
QStringList neededLibraries(const QMap<QString, ServerSetting> &settings);
/// Files that the standby's own connection to its upstream needs, by the option that names them; "system" is
/// none.
QMap<QString, QString> connectionFiles(const Endpoint &upstream);

} // namespace understudy
