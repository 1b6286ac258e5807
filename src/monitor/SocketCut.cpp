// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/SocketCut.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace understudy {

void SocketCut::adopt(int fd)
{
    const std::lock_guard lock(m_mutex);
    if (m_fd >= 0)
        ::close(m_fd);
    m_fd = fd < 0 ? -1 : ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

void SocketCut::cut()
{
    const std::lock_guard lock(m_mutex);
    if (m_fd >= 0)
        ::shutdown(m_fd, SHUT_RDWR);
}

void SocketCut::release()
{
    const std::lock_guard lock(m_mutex);
    if (m_fd >= 0)
        ::close(m_fd);
    m_fd = -1;
}

} // namespace understudy
