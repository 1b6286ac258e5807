// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>

namespace understudy {

/// Ends what hangs on a socket from another thread. It holds a duplicate of the descriptor: the original may
/// be closed meanwhile, and its number be somebody else's. Safe on any thread.
class SocketCut
{
public:
    SocketCut() = default;
    ~SocketCut() { release(); }
    SocketCut(const SocketCut &) = delete;
    SocketCut &operator=(const SocketCut &) = delete;

    void adopt(int fd); ///< Duplicates @p fd, in place of an earlier one.
    void cut();         ///< Shuts both directions down: a blocked read returns with an error.
    void release();     ///< Closes the duplicate.

private:
    std::mutex m_mutex;
    int m_fd = -1;
};

} // namespace understudy
