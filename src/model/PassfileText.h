// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <optional>

namespace understudy {

/// Reads a .pgpass file as libpq does: the first line that matches wins, '*' matches all, a backslash
/// escapes. A replication connection is looked up under the database "replication".
/// https://www.postgresql.org/docs/current/libpq-pgpass.html
std::optional<QString> passfilePassword(const QByteArray &content, const QString &host, int port,
                                        const QString &database, const QString &user);

} // namespace understudy
