// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor/Connection.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace understudy {

/// A thread with one connection. Whoever holds it never waits longer than it says: a thread that is stuck in
/// libpq is cut off and left behind, and ends by itself as soon as the kernel lets it.
/// What a job touches must be owned by the job (captured by value or shared pointer).
class SqlThread
{
public:
    using Job = std::function<void(Connection &, const std::shared_ptr<SocketCut> &)>;
    enum class Wait { Done, TimedOut, Stopped };

    SqlThread();
    ~SqlThread(); ///< Returns at once.
    SqlThread(const SqlThread &) = delete;
    SqlThread &operator=(const SqlThread &) = delete;

    /// Starts @p job on the thread; false if the last one has not ended.
    bool post(Job job);
    bool isBusy() const;
    /// Waits until the posted job has ended.
    Wait wait(int timeoutMs, const std::stop_token &stop);
    /// Ends what waits for the server: the running job sees an error.
    void cut();

private:
    struct State;
    static void run(const std::shared_ptr<State> &state);
    std::shared_ptr<State> m_state;
};

/// A thread that wakes up after main() has ended must not touch Qt any more: it stays here for ever.
void parkIfExiting();

} // namespace understudy
