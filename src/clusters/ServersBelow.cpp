// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ServersBelow.h"

#include "hosts/PostmasterPid.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>

namespace understudy {

namespace {

QByteArray content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(1 << 20) : QByteArray();
}

/// The last "port = N" of a configuration file: a later line wins, as in the server.
int portIn(const QString &path)
{
    static const QRegularExpression line(QStringLiteral("^\\s*port\\s*=?\\s*'?(\\d{1,5})\\b"),
                                         QRegularExpression::MultilineOption |
                                             QRegularExpression::CaseInsensitiveOption);
    int port = 0;
    auto matches = line.globalMatch(QString::fromUtf8(content(path)));
    while (matches.hasNext())
        port = matches.next().captured(1).toInt();
    return port;
}

int portOf(const QString &directory)
{
    if (const auto stale = PostmasterPid::parse(content(directory + QLatin1String("/postmaster.pid"))))
        return stale->port;
    if (const int port = portIn(directory + QLatin1String("/postgresql.auto.conf")))
        return port;
    return portIn(directory + QLatin1String("/postgresql.conf"));
}

} // namespace

QList<FolderServer> serversBelow(const QString &folder)
{
    QList<FolderServer> out;
    if (folder.isEmpty())
        return out;
    for (const QFileInfo &entry :
         QDir(folder).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks)) {
        const QString directory = entry.filePath();
        if (!QFileInfo::exists(directory + QLatin1String("/PG_VERSION")))
            continue;
        FolderServer server;
        server.name = entry.fileName();
        server.dataDirectory = directory;
        server.owner = entry.owner();
        server.standby = QFileInfo::exists(directory + QLatin1String("/standby.signal"));
        if (const auto running = serverIn(directory)) {
            server.pid = running->pid.pid;
            server.port = running->pid.port;
        } else {
            server.port = portOf(directory);
        }
        out << server;
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const FolderServer &a, const FolderServer &b) { return a.standby < b.standby; });
    return out;
}

} // namespace understudy
