// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestServer.h"

#include <arpa/inet.h>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace understudy::test {

namespace {

// Below the ports that the kernel gives to connections, so that none of those can be on it when a server
// comes.
constexpr int firstPort = 20001, ports = 12000, step = 7;

/// A name in the kernel alone that one process at a time can have, until it ends.
bool isOurs(int port)
{
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const QByteArray text = "understudy-test-port-" + QByteArray::number(port);
    std::memcpy(name.sun_path + 1, text.constData(), size_t(text.size()));
    const auto size = socklen_t(offsetof(sockaddr_un, sun_path) + 1 + size_t(text.size()));
    if (::bind(fd, reinterpret_cast<sockaddr *>(&name), size) == 0)
        return true; // Kept open: nobody else is given it while this test runs.
    ::close(fd);
    return false;
}

bool nobodyListens(int port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    address.sin_port = htons(quint16(port));
    const bool free = ::bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
    ::close(fd);
    return free;
}

} // namespace

int TestServer::freePort()
{
    // Tests that run beside each other begin far from each other, and the ports behind one are left alone:
    // the next one up is what is suggested for a new standby.
    static int next = int(qint64(::getpid()) * 7919 % ports);
    for (int tried = 0; tried < ports; ++tried) {
        const int port = firstPort + next;
        next = (next + step) % ports;
        if (nobodyListens(port) && isOurs(port))
            return port;
    }
    return 0;
}

} // namespace understudy::test
