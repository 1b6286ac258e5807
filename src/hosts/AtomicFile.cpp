// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/AtomicFile.h"

#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace understudy {

namespace {

bool writeAll(int fd, const QByteArray &content)
{
    qsizetype written = 0;
    while (written < content.size()) {
        const ssize_t n = ::write(fd, content.constData() + written, size_t(content.size() - written));
        if (n < 0 && errno != EINTR)
            return false;
        written += n > 0 ? n : 0;
    }
    return true;
}

} // namespace

Result<void> writeAtomically(const QString &path, const QByteArray &content, int mode,
                             const std::optional<OsUser> &owner, const QString &asideName, bool mustBeNew)
{
    const QFileInfo info(path);
    const QByteArray name = QFile::encodeName(info.fileName());
    const QByteArray aside =
        asideName.isEmpty()
            ? '.' + name + '.' + QByteArray::number(QRandomGenerator::system()->generate(), 16)
            : QFile::encodeName(asideName);
    const auto cannot = [&](int code) {
        return fail(QStringLiteral("%1 could not be written: %2.")
                        .arg(path, QString::fromLocal8Bit(std::strerror(code))));
    };
    // The directory is opened once: whatever is renamed meanwhile, everything happens in this one.
    const int directory =
        ::open(QFile::encodeName(info.path()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return cannot(errno);
    int code = 0;
    if (!asideName.isEmpty())
        ::unlinkat(directory, aside.constData(), 0);
    // A link is made where a new name would take the place of what is there: it fails then.
    const auto put = [&] {
        if (!mustBeNew)
            return ::renameat(directory, aside.constData(), directory, name.constData()) == 0;
        return ::linkat(directory, aside.constData(), directory, name.constData(), 0) == 0 &&
               ::unlinkat(directory, aside.constData(), 0) == 0;
    };
    const int fd = ::openat(directory, aside.constData(),
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        code = errno;
    } else {
        const bool done = writeAll(fd, content) && (!owner || ::fchown(fd, owner->uid, owner->gid) == 0) &&
                          ::fchmod(fd, mode_t(mode)) == 0 && ::fsync(fd) == 0 && put();
        if (!done) {
            code = errno;
            ::unlinkat(directory, aside.constData(), 0);
        }
        ::close(fd);
        if (done)
            ::fsync(directory);
    }
    ::close(directory);
    if (code != 0)
        return cannot(code);
    return {};
}

QString atomicWriteScript()
{
    return QStringLiteral(
        "umask 077; t=$(mktemp -- \"$1.XXXXXX\") || exit 1; "
        "{ cat > \"$t\" && chmod \"$2\" \"$t\" && sync \"$t\" && mv -fT -- \"$t\" \"$1\"; } "
        "|| { rm -f -- \"$t\"; exit 1; }");
}

} // namespace understudy
