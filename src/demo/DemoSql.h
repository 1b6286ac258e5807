// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QStringList>

namespace understudy {

/// Statements for the whole server: roles and the database. @p passwords by role.
QStringList demoServerStatements(int versionNum, const QMap<QString, QString> &passwords);
/// Rights that live in each database.
QStringList demoDatabaseStatements(int versionNum);
/// The rows that nothing touches, and the table of the write load.
QStringList demoContentStatements();

} // namespace understudy
