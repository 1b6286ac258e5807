// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QList>
#include <optional>

namespace understudy {

/// The lines of postmaster.pid: the proof that a data directory belongs to a running server.
/// https://www.postgresql.org/docs/current/storage-file-layout.html
struct PostmasterPid
{
    qint64 pid = 0;
    QString dataDirectory;
    qint64 startEpochS = 0;
    int port = 0;
    QString socketDirectory;
    QString listenAddress;
    QString status; ///< "ready", "standby", "starting"...

    static Result<PostmasterPid> parse(const QByteArray &content);
};

/// A PostgreSQL server that runs on this machine, found through the process table.
struct LocalServer
{
    PostmasterPid pid;
    QString owner; ///< Operating-system user.
};

/// The server that runs in this data directory now; nothing if none does or it may not be read. A stale file
/// of a killed server is no proof: the process must be a server and work in this very directory.
std::optional<LocalServer> serverIn(const QString &dataDirectory);

/// All servers on this machine whose data directory we may read. Blocking, milliseconds.
QList<LocalServer> localServers();

} // namespace understudy
