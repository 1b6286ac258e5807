// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace understudy {

/// Machines that a person may mean when asked for one behind ssh.
namespace ssh_host_names {

/// The names after Host in an ssh configuration; patterns are none. Pure.
QStringList inConfiguration(const QByteArray &text);
/// Those that were connected to from here before, then those of ~/.ssh/config. Reads files: worker threads.
QStringList known();
/// Keeps @p destination as the newest. Worker threads.
void remember(const QString &destination);

} // namespace ssh_host_names

} // namespace understudy
