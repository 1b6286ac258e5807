// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/OsUser.h"
#include "hosts/PostmasterPid.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>

namespace understudy {

namespace {

QByteArray firstBytes(const QString &path, qint64 most)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(most) : QByteArray();
}

struct Process
{
    QByteArray name;
    qint64 parent = 0;
};

/// The second field of /proc/PID/stat is in parentheses and may hold anything, parentheses too.
std::optional<Process> processOf(const QString &pid)
{
    const QByteArray stat = firstBytes(QStringLiteral("/proc/%1/stat").arg(pid), 4096);
    const qsizetype open = stat.indexOf('('), close = stat.lastIndexOf(')');
    const QList<QByteArray> rest = stat.mid(close + 1).simplified().split(' ');
    if (open < 0 || close < open || rest.size() < 2 || rest.at(0) == "Z")
        return {};
    return Process{stat.mid(open + 1, close - open - 1), rest.at(1).toLongLong()};
}

bool isServerName(const QByteArray &name)
{
    return name == "postgres" || name == "postmaster";
}

} // namespace

std::optional<LocalServer> serverIn(const QString &dataDirectory)
{
    const auto file =
        PostmasterPid::parse(firstBytes(dataDirectory + QLatin1String("/postmaster.pid"), 16384));
    if (!file)
        return {};
    const QString number = QString::number(file->pid);
    const auto process = processOf(number);
    if (!process || !isServerName(process->name))
        return {};
    // The file of a killed server stays, and its number may be somebody else's by now.
    const QString directory = QFileInfo(QStringLiteral("/proc/%1/cwd").arg(number)).canonicalFilePath();
    if (!directory.isEmpty() && directory != QFileInfo(dataDirectory).canonicalFilePath())
        return {};
    struct stat status;
    const QByteArray path = QByteArray("/proc/") + number.toLatin1();
    if (::stat(path.constData(), &status) != 0)
        return {};
    const auto owner = OsUser::byId(status.st_uid);
    return LocalServer{*file, owner ? owner->name : QString::number(status.st_uid)};
}

QList<LocalServer> localServers()
{
    QList<LocalServer> out;
    const QStringList names = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : names) {
        if (!name.at(0).isDigit())
            continue;
        const auto process = processOf(name);
        if (!process || !isServerName(process->name))
            continue;
        const auto parent = processOf(QString::number(process->parent));
        if (parent && isServerName(parent->name))
            continue; // a backend
        const QString directory = QFileInfo(QStringLiteral("/proc/%1/cwd").arg(name)).canonicalFilePath();
        if (directory.isEmpty())
            continue; // not ours to read
        auto server = serverIn(directory);
        // In a container the file holds another number: that server is not this machine's to control.
        if (server && QString::number(server->pid.pid) == name)
            out << *server;
    }
    return out;
}

} // namespace understudy
