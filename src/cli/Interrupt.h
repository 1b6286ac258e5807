// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <thread>

namespace understudy::cli {

/// While one lives, Ctrl-C (and TERM, and a closed terminal) asks for a stop instead of ending the process,
/// so that a plan can undo what it made. One at a time.
class Interrupt
{
public:
    explicit Interrupt(const char *sentence); ///< Said to stderr when it happens; nothing if null.
    ~Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;

    std::stop_token token() const { return m_source.get_token(); }
    bool happened() const { return m_source.stop_requested(); }

private:
    std::stop_source m_source;
    std::thread m_thread;
};

} // namespace understudy::cli
