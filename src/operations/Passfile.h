// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"

#include <QByteArray>
#include <optional>

namespace understudy {

/// Reads a .pgpass file as libpq does: the first line that matches wins, '*' matches all, a backslash
/// escapes. A replication connection is looked up under the database "replication".
/// https://www.postgresql.org/docs/current/libpq-pgpass.html
std::optional<QString> passfilePassword(const QByteArray &content, const QString &host, int port,
                                        const QString &database, const QString &user);

/// One line for replication as @p user at @p upstream; its password is the placeholder ${secret:replication}.
QString passfileLine(const Endpoint &upstream, const QString &user);

} // namespace understudy
