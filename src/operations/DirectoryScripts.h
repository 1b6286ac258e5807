// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace understudy::directory_scripts {

/// Fails where $1 is a directory that is not empty any more.
inline const QString stillEmpty =
    QStringLiteral("[ -z \"$(ls -A -- \"$1\")\" ] || { echo \"$1 exists but is not empty\" >&2; exit 1; }");

/// Removes the empty directory $1 and nothing else; fine when there is none. (A directory is only emptied by
/// the step that proves it is ours.)
inline const QString removeEmpty = QStringLiteral("[ ! -e \"$1\" ] || rmdir -- \"$1\"");

} // namespace understudy::directory_scripts
