// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>
#include <sys/types.h>

namespace understudy {

/// A user of this machine's operating system.
struct OsUser
{
    uid_t uid = 0;
    gid_t gid = 0;
    QString name;
    QString home;

    static std::optional<OsUser> byName(const QString &name);
    static std::optional<OsUser> byId(uid_t uid);
    static OsUser current(); ///< By the effective id; its number as name when it has none.
};

} // namespace understudy
