// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/StopServers.h"

#include "hosts/PostmasterPid.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QThread>
#include <algorithm>
#include <csignal>

namespace understudy {

namespace {

QByteArray statOf(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    return file.open(QIODevice::ReadOnly) ? file.read(4096) : QByteArray();
}

/// "state ppid ..." of a process; empty when it is gone. A zombie is gone: its parent is slow, that is all.
QList<QByteArray> stateOf(qint64 pid)
{
    const QByteArray stat = statOf(pid);
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 1).simplified().split(' ');
    return fields.size() < 2 || fields.constFirst() == "Z" ? QList<QByteArray>() : fields;
}

bool gone(qint64 pid)
{
    return stateOf(pid).isEmpty();
}

QList<qint64> childrenOf(qint64 pid)
{
    QList<qint64> out;
    for (const QString &name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const qint64 child = name.toLongLong();
        if (child > 0 && stateOf(child).value(1).toLongLong() == pid)
            out << child;
    }
    return out;
}

void signal(qint64 pid, int number)
{
    ::kill(pid_t(pid), number);
}

/// True once all of them are gone.
bool waitFor(const QList<qint64> &pids, int ms)
{
    const QDeadlineTimer deadline(ms);
    while (!std::all_of(pids.cbegin(), pids.cend(), gone)) {
        if (deadline.hasExpired())
            return false;
        QThread::msleep(20);
    }
    return true;
}

void stopAll(const QList<qint64> &postmasters)
{
    QList<qint64> everybody = postmasters;
    for (const qint64 pid : postmasters) {
        everybody << childrenOf(pid);
        signal(pid, SIGINT); // fast
    }
    // A frozen server (a demonstration of a fault) must hear what it was told.
    for (const qint64 pid : everybody)
        signal(pid, SIGCONT);
    if (waitFor(postmasters, 2500))
        return;
    for (const qint64 pid : postmasters)
        signal(pid, SIGQUIT); // immediate
    if (waitFor(postmasters, 1500))
        return;
    for (const qint64 pid : postmasters) {
        const QList<qint64> children = childrenOf(pid);
        signal(pid, SIGKILL);
        for (const qint64 child : children)
            signal(child, SIGKILL);
    }
    waitFor(everybody, 1000);
}

} // namespace

void stopServers(const QList<FolderServer> &servers)
{
    // A primary that stops first waits for its standbys.
    for (const bool standbys : {true, false}) {
        QList<qint64> pids;
        for (const FolderServer &server : servers) {
            if (server.running() && server.standby == standbys)
                pids << server.pid;
        }
        if (!pids.isEmpty())
            stopAll(pids);
    }
}

} // namespace understudy
