// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"

#include <QMap>
#include <QString>
#include <optional>

namespace understudy {

/// What this machine's libpq takes where a connection string says nothing.
struct LibpqDefaults
{
    QMap<QString, QString> environment; ///< By keyword, of the PG* variables that are set; never a password.
    QMap<QString, QString> variables;   ///< The names of those variables, by keyword.
    QString socketDirectory;            ///< Where it looks when no host is given.
};

/// What the passfile says that libpq would read for @p endpoint (its own, PGPASSFILE's, ~/.pgpass), looked up
/// as libpq does: one that others may read is ignored. Reads a file; worker threads and verbs only.
std::optional<QString> passfilePasswordOf(const Endpoint &endpoint);

/// Asks libpq itself. Reads the environment; worker threads and verbs only.
LibpqDefaults libpqDefaults();

} // namespace understudy
