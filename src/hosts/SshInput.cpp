// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshInput.h"

#include "hosts/SshAskSocket.h"
#include "hosts/SshScript.h"

#include <array>
#include <sys/socket.h>
#include <unistd.h>

namespace understudy {

SshInput::SshInput(QByteArray bytes, bool staysOpen) : m_bytes(std::move(bytes)), m_staysOpen(staysOpen)
{
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
        return;
    m_near = pair[0];
    m_far = pair[1];
    m_thread = std::jthread([this] { feed(); });
}

SshInput::~SshInput()
{
    close();
    if (m_thread.joinable())
        m_thread.join();
    if (m_near >= 0) {
        ::close(m_near);
        ::close(m_far);
    }
}

void SshInput::close()
{
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    if (m_near >= 0)
        ::shutdown(m_near, SHUT_RDWR); // Wakes a thread that is sending.
    m_changed.notify_all();
}

void SshInput::feed()
{
    if (!sendAll(m_near, m_bytes))
        return;
    if (!m_staysOpen) {
        ::shutdown(m_near, SHUT_WR);
        return;
    }
    std::unique_lock lock(m_mutex);
    while (!m_closed) {
        if (m_changed.wait_for(lock, sshLifeSignEvery) == std::cv_status::timeout && !m_closed &&
            ::send(m_near, "\n", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
            return;
    }
}

} // namespace understudy
