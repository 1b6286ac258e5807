// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandby.h"

namespace understudy {

/// Of an upstream: how the new standby's machine reaches it, as a person says it: "db1", "db1:5433",
/// "[2001:db8::1]:5433". Without a port: @p port.
Result<std::pair<QString, int>> parseUpstreamAddress(const QString &text, int port);

/// What is wrong with the address of a request's upstream, or that one must be given: on another machine a
/// loopback address means that machine itself, and our ssh tunnel is not there. Pure.
QList<Error> upstreamAddressErrors(const AddStandbyRequest &request, const AddStandbyFacts &facts);

} // namespace understudy
