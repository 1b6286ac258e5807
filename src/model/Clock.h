// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace understudy {

/// Time, behind a seam so that a test can script it. Safe on any thread.
class Clock
{
public:
    virtual ~Clock() = default;
    virtual qint64 nowUs() const = 0;       ///< Wall clock: microseconds since 1970 UTC. May jump.
    virtual qint64 monotonicUs() const = 0; ///< Never goes back; only differences mean something.
};

class SystemClock final : public Clock
{
public:
    qint64 nowUs() const override;
    qint64 monotonicUs() const override;
    static const SystemClock &instance();
};

} // namespace understudy
