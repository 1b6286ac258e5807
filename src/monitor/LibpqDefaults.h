// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>

namespace understudy {

/// What this machine's libpq takes where a connection string says nothing.
struct LibpqDefaults
{
    QMap<QString, QString> environment; ///< By keyword, of the PG* variables that are set; never a password.
    QMap<QString, QString> variables;   ///< The names of those variables, by keyword.
    QString socketDirectory;            ///< Where it looks when no host is given.
};

/// Asks libpq itself. Reads the environment; worker threads and verbs only.
LibpqDefaults libpqDefaults();

} // namespace understudy
