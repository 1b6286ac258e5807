// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"
#include "model/PassfileText.h"

namespace understudy {

/// One line for replication as @p user at @p upstream; its password is the placeholder ${secret:replication}.
QString passfileLine(const Endpoint &upstream, const QString &user);

} // namespace understudy
