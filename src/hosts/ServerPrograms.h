// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QStringList>
#include <functional>

namespace understudy {

/// A folder with initdb, pg_ctl, postgres and pg_basebackup of one major version.
struct ServerPrograms
{
    int major = 0;
    QString directory;
};

/// The major version in "postgres (PostgreSQL) 15.18 (Debian...)", 0 if it is none. 9.6 gives 9.
int majorOf(const QString &versionLine);

/// Where distributions put the server programs, then the folders of PATH. @p versionLine runs
/// `PROGRAM --version` where a folder's name does not say the version.
QList<ServerPrograms> serverPrograms(const QStringList &path,
                                     const std::function<QString(const QString &program)> &versionLine);

/// The newest folder of @p major (0: any) among them; @p machine is for the words of the error.
Result<QString> pickPrograms(const QList<ServerPrograms> &found, int major,
                             const QString &machine = QStringLiteral("this machine"));

} // namespace understudy
