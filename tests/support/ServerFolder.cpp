// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"

#include <QFile>
#include <pwd.h>
#include <unistd.h>

namespace understudy::test {

namespace {

void giveToServerUser(const QString &path)
{
    if (geteuid() != 0)
        return;
    const passwd *user = getpwnam("postgres");
    if (!user || chown(QFile::encodeName(path).constData(), user->pw_uid, user->pw_gid) != 0)
        qWarning("cannot give %s to the user postgres", qPrintable(path));
}

} // namespace

ServerFolder::ServerFolder() : m_dir(QStringLiteral("/tmp/understudy-test-XXXXXX"))
{
    if (!m_dir.isValid())
        return;
    giveToServerUser(m_dir.path());
    QFile file(passfile());
    if (!file.open(QIODevice::WriteOnly))
        return;
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    for (const auto &role : {QStringLiteral("postgres"), QStringLiteral("understudy"),
                             QStringLiteral("plain"), QStringLiteral("replicator")})
        file.write(QStringLiteral("*:*:*:%1:%2\n").arg(role, password(role)).toUtf8());
    file.close();
    giveToServerUser(passfile());
}

QString ServerFolder::password(const QString &role)
{
    return QStringLiteral("secret-of-") + role;
}

} // namespace understudy::test
