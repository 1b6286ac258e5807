// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace understudy {

/// A query of resources/sql, by name ("look_13"), without its comments. Safe on any thread.
QString sqlFile(const QString &name);

/// Which look_*.sql fits a server; the newest one for servers newer than we know.
QString lookFileFor(int versionNum);
/// The same for vitals_*.sql.
QString vitalsFileFor(int versionNum);

constexpr int oldestVersion = 120000;

} // namespace understudy
