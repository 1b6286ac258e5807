// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QStringList>
#include <memory>

namespace understudy {

/// One forwarding through the system's ssh: a port of this machine that leads to one address as its host sees
/// it. Kept by a thread of its own, which starts ssh when the way is first wanted and again when it broke;
/// the process dies with this one, however that ends. ~/.ssh/config, the agent, jump hosts and known_hosts
/// hold; nobody is asked anything, and host keys are always checked.
class SshTunnel
{
public:
    /// @p target as ssh's -L takes it: "db1:5432", "[::1]:5432" or a socket's path.
    SshTunnel(const QString &sshHost, const QString &target);
    ~SshTunnel(); ///< Ends ssh; within a second.
    SshTunnel(const SshTunnel &) = delete;
    SshTunnel &operator=(const SshTunnel &) = delete;

    /// The port on 127.0.0.1. Waits for at most @p timeoutMs while ssh connects; while it waits before the
    /// next try, the last failure is told at once.
    Result<int> port(int timeoutMs);
    /// What ssh said since it last connected, as a line; empty: nothing. ("connect failed: Connection
    /// refused": the host could not reach the target.)
    QString words() const;

private:
    struct State;
    static void keep(const std::shared_ptr<State> &state);
    std::shared_ptr<State> m_state;
    struct Thread;
    std::unique_ptr<Thread> m_thread;
};

} // namespace understudy
