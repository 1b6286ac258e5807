// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <sys/socket.h>
#include <sys/un.h>

namespace understudy {

/// The variable that makes a start of this program one that answers ssh: "TOKEN:PATH of the socket".
inline constexpr const char *askVariable = "UNDERSTUDY_ASKPASS";

/// Reads what the other end sends until it closes; at most 64 KB.
QByteArray readToEnd(int fd);
bool sendAll(int fd, const QByteArray &bytes);
/// False when @p path is too long for a socket.
bool socketName(const QByteArray &path, sockaddr_un &name);

} // namespace understudy
