// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace understudy {

/// A data directory found below a folder, and the server in it.
struct FolderServer
{
    QString name; ///< The directory's own name.
    QString dataDirectory;
    QString owner;        ///< Operating-system user of the directory.
    int port = 0;         ///< Of the running server, else as its files say; 0 if they do not.
    qint64 pid = 0;       ///< 0: not running.
    bool standby = false; ///< It has a standby.signal.
    bool running() const { return pid != 0; }
};

/// The data directories directly below @p folder, primaries first, then by name. Blocking, milliseconds.
QList<FolderServer> serversBelow(const QString &folder);

} // namespace understudy
