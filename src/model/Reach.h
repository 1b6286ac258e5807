// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"

#include <memory>

namespace understudy {

/// Error::field of a way that takes longer than one could wait: ask again.
inline const QString stillOpening = QStringLiteral("opening");

/// The way to servers that cannot be connected to directly (Endpoint::ssh). One a process, made by main and
/// asked by every connection; the implementation lives in `hosts`. Any thread.
class Reach
{
public:
    virtual ~Reach() = default;
    /// Where to connect to instead, for @p endpoint with an `ssh`: the same host name, so that TLS still
    /// checks it, with hostaddr and port of this machine's end. Blocks for at most @p timeoutMs; the error is
    /// one sentence with ssh's own words. The way stays open afterwards and is mended when it breaks.
    virtual Result<Endpoint> open(const Endpoint &endpoint, int timeoutMs) = 0;
    /// What was said on the way lately, one line: why a connection through it broke. Empty: nothing.
    virtual QString words(const Endpoint &endpoint) const = 0;
};

/// Installed once at the start, before any connection; null takes it away.
void setReach(std::shared_ptr<Reach> reach);
/// What @p endpoint connects to: itself, unless it has an `ssh`.
Result<Endpoint> reached(const Endpoint &endpoint, int timeoutMs);
QString wordsOnTheWay(const Endpoint &endpoint);

} // namespace understudy
