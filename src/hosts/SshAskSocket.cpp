// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshAskSocket.h"
#include "hosts/SshAsk.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace understudy {

QByteArray readToEnd(int fd)
{
    QByteArray all;
    std::array<char, 4096> buffer;
    while (all.size() < 65536) {
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        all.append(buffer.data(), qsizetype(n));
    }
    return all;
}

bool sendAll(int fd, const QByteArray &bytes)
{
    qsizetype sent = 0;
    while (sent < bytes.size()) {
        const ssize_t n = ::send(fd, bytes.constData() + sent, size_t(bytes.size() - sent), MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return false;
        sent += n > 0 ? n : 0;
    }
    return true;
}

bool socketName(const QByteArray &path, sockaddr_un &name)
{
    std::memset(&name, 0, sizeof name);
    name.sun_family = AF_UNIX;
    if (path.size() >= qsizetype(sizeof name.sun_path))
        return false;
    std::memcpy(name.sun_path, path.constData(), size_t(path.size()));
    return true;
}

std::optional<int> answerForSsh(int argc, char **argv)
{
    const QByteArray where = qgetenv(askVariable);
    if (where.isEmpty())
        return std::nullopt;
    const qsizetype colon = where.indexOf(':');
    sockaddr_un name;
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || colon < 0 || !socketName(where.mid(colon + 1), name) ||
        ::connect(fd, reinterpret_cast<const sockaddr *>(&name), sizeof name) != 0 ||
        !sendAll(fd, where.left(colon) + '\n' + QByteArray(argc > 1 ? argv[1] : "")))
        return 1;
    ::shutdown(fd, SHUT_WR);
    const QByteArray answer = readToEnd(fd);
    ::close(fd);
    if (!answer.startsWith('+'))
        return 1;
    std::fwrite(answer.constData() + 1, 1, size_t(answer.size() - 1), stdout);
    std::fputc('\n', stdout);
    return std::fflush(stdout) == 0 ? 0 : 1;
}

} // namespace understudy
