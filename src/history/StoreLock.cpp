// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreLock.h"

#include <QDateTime>
#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace understudy {

Stored<std::unique_ptr<StoreLock>> StoreLock::take(const QString &storePath)
{
    const QByteArray path = QFile::encodeName(storePath + QStringLiteral(".writer"));
    // No child process keeps it: it is closed when another program is started.
    const int descriptor = ::open(path.constData(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        const int why = errno;
        return storeFail(storeProblem(why == ENOSPC || why == EDQUOT ? StoreProblem::Kind::Full
                                                                     : StoreProblem::Kind::ReadOnly,
                                      storePath, QString::fromLocal8Bit(std::strerror(why))));
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return storeFail(storeProblem(StoreProblem::Kind::AnotherWriter, storePath));
    }
    return std::unique_ptr<StoreLock>(new StoreLock(descriptor));
}

StoreLock::~StoreLock()
{
    ::close(m_descriptor);
}

Stored<QString> setStoreAside(const QString &storePath, qint64 nowUs)
{
    const QString time = QDateTime::fromMSecsSinceEpoch(nowUs / 1000, Qt::UTC)
                             .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
    QString aside = storePath + QStringLiteral(".set-aside-") + time;
    for (int i = 2; QFile::exists(aside); ++i)
        aside = QStringLiteral("%1.set-aside-%2-%3").arg(storePath, time).arg(i);
    // Its journal belongs to it; the file itself goes last, so that a kill in between leaves it to be found.
    for (const QString &beside :
         {QStringLiteral("-wal"), QStringLiteral("-shm"), QStringLiteral("-journal")}) {
        if (QFile::exists(storePath + beside))
            QFile::rename(storePath + beside, aside + beside);
    }
    QFile file(storePath);
    if (!file.rename(aside))
        return storeFail(storeProblem(StoreProblem::Kind::ReadOnly, storePath, file.errorString()));
    return aside;
}

} // namespace understudy
