// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace understudy::test {

/// A port of this machine that something else has.
class TakenPort
{
public:
    bool take(int port)
    {
        m_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int yes = 1;
        ::setsockopt(m_fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(quint16(port));
        return ::bind(m_fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0 &&
               ::listen(m_fd, 1) == 0;
    }
    ~TakenPort()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }

private:
    int m_fd = -1;
};

} // namespace understudy::test
