// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshFolder.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>

namespace understudy {

namespace {

// A socket's path has 107 bytes; ssh needs 17 of them for a name beside it, and we for our own names.
constexpr qsizetype longest = 60;

std::mutex mutex;
QString made;

/// A folder that only we can have filled: ours, no link, closed to others.
bool isPrivate(const QByteArray &path)
{
    struct stat status;
    return ::lstat(path.constData(), &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == ::geteuid() && (status.st_mode & 077) == 0;
}

void sweep(const QString &base)
{
    for (const QString &name : QDir(base).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const pid_t pid = name.section(u'.', 0, 0).toInt();
        if (pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH)
            QDir(base + u'/' + name).removeRecursively();
    }
}

} // namespace

Result<QString> sshFolder()
{
    const std::lock_guard lock(mutex);
    if (!made.isEmpty())
        return made;
    const QString runtime = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    QString base = runtime + QStringLiteral("/understudy-ssh");
    if (runtime.isEmpty() || QFile::encodeName(base).size() > longest)
        base = QStringLiteral("/tmp/understudy-ssh-%1").arg(::geteuid());
    const QByteArray raw = QFile::encodeName(base);
    if ((::mkdir(raw.constData(), 0700) != 0 && errno != EEXIST) || !isPrivate(raw))
        return fail(QStringLiteral("The folder %1 for ssh connections cannot be used.").arg(base),
                    QStringLiteral("It must be a folder of your own that nobody else can enter."));
    sweep(base);
    QByteArray path = raw + '/' + QByteArray::number(::getpid()) + ".XXXXXX";
    if (!::mkdtemp(path.data()))
        return fail(QStringLiteral("No folder could be made in %1: %2.")
                        .arg(base, QString::fromLocal8Bit(std::strerror(errno))));
    made = QFile::decodeName(path);
    return made;
}

void removeSshFolder()
{
    const std::lock_guard lock(mutex);
    if (!made.isEmpty())
        QDir(std::exchange(made, {})).removeRecursively();
}

} // namespace understudy
