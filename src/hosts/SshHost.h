// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/SshFacts.h"

namespace understudy {

/// A machine that is reached with the system's ssh: everything of Host happens there. @p destination is what
/// a person would type after ssh; ~/.ssh/config, the agent, jump hosts and known_hosts hold, and host keys
/// are always checked. One connection is shared by everything that goes to the same destination. What ssh or
/// sudo want to know is asked through SshAsk. It needs a POSIX shell, coreutils and util-linux there.
///
/// What runs there is ended when it is stopped, when the connection is lost and when this process dies. A
/// daemon that a command left behind lives on.
std::shared_ptr<Host> sshHost(const QString &destination);

/// Closes all connections and forgets passwords; at the end of main.
void closeSsh();

} // namespace understudy
