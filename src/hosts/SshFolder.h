// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

namespace understudy {

/// A folder of this process, 0700, for the sockets of its ssh connections; its path is short enough for
/// them. Made when it is first asked for; folders that killed processes left go at the same time. Any thread.
Result<QString> sshFolder();
void removeSshFolder();

} // namespace understudy
