// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace understudy {

/// synchronous_standby_names, read: '', 's1, s2', 'FIRST 2 (s1, s2)', 'ANY 1 (*)', '2 (a, b)'.
/// https://www.postgresql.org/docs/current/runtime-config-replication.html
struct SyncNames
{
    bool any = false; ///< ANY n; else FIRST n
    int needed = 0;
    QStringList names; ///< As written, without quotes; "*" matches all.

    static SyncNames parse(const QString &setting);
    bool matches(const QString &applicationName) const;
};

} // namespace understudy
