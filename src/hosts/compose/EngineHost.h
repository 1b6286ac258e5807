// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Host.h"

namespace understudy {

/// This machine as the person's own `docker` and Compose see it: every command gets their environment
/// (DOCKER_HOST, contexts, the values for `${...}` of a Compose file), which stands in no plan and in no
/// journal. Files are this machine's.
std::shared_ptr<Host> engineHost();

} // namespace understudy
