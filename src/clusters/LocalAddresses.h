// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace understudy {

/// An address of this machine (loopback or of an interface), or a socket directory. Names are not resolved.
bool isLocalAddress(const QString &address);

/// Ports of the PostgreSQL sockets in the usual directories, whoever owns them.
QList<int> portsOfLocalSockets();

} // namespace understudy
