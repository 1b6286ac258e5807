// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace understudy {

/// The stdin of an ssh: first what the other end reads, then a sign of life now and again. Closing it is how
/// the other end is told to stop; it is closed as well when this process dies.
class SshInput
{
public:
    /// @p staysOpen: until close(); else it ends behind @p bytes.
    SshInput(QByteArray bytes, bool staysOpen);
    ~SshInput();
    SshInput(const SshInput &) = delete;
    SshInput &operator=(const SshInput &) = delete;

    bool isValid() const { return m_far >= 0; }
    int handle() const { return m_far; } ///< For the child.
    void close();                        ///< Any thread.

private:
    void feed();

    const QByteArray m_bytes;
    const bool m_staysOpen;
    int m_near = -1;
    int m_far = -1;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_closed = false;
    std::jthread m_thread;
};

} // namespace understudy
