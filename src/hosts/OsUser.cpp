// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/OsUser.h"

#include <pwd.h>
#include <unistd.h>
#include <vector>

namespace understudy {

namespace {

std::optional<OsUser> convert(const passwd *entry)
{
    if (!entry)
        return {};
    return OsUser{entry->pw_uid, entry->pw_gid, QString::fromLocal8Bit(entry->pw_name),
                  QString::fromLocal8Bit(entry->pw_dir)};
}

} // namespace

std::optional<OsUser> OsUser::byName(const QString &name)
{
    std::vector<char> buffer(16384);
    passwd entry;
    passwd *found = nullptr;
    ::getpwnam_r(name.toLocal8Bit().constData(), &entry, buffer.data(), buffer.size(), &found);
    return convert(found);
}

std::optional<OsUser> OsUser::byId(uid_t uid)
{
    std::vector<char> buffer(16384);
    passwd entry;
    passwd *found = nullptr;
    ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
    return convert(found);
}

OsUser OsUser::current()
{
    if (auto user = byId(::geteuid()))
        return *user;
    return {::geteuid(), ::getegid(), QString::number(::geteuid()), QStringLiteral("/")};
}

} // namespace understudy
