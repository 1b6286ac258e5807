// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"

namespace understudy {

/// How the server asks @p user for proof on a replication connection: "scram-sha-256", "md5", "trust"... Read
/// from its first message, on a plain TCP or socket connection that is closed again before any proof is
/// given. Empty when it cannot be told (the server wants TLS first, refuses, or is slow). Blocking, at most
/// @p timeoutMs a read.
QString authMethod(const Endpoint &endpoint, const QString &user, int timeoutMs);

} // namespace understudy
