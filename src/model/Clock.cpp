// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Clock.h"

#include <chrono>

namespace understudy {

namespace {

template <typename C>
qint64 microseconds()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(C::now().time_since_epoch()).count();
}

} // namespace

qint64 SystemClock::nowUs() const
{
    return microseconds<std::chrono::system_clock>();
}

qint64 SystemClock::monotonicUs() const
{
    return microseconds<std::chrono::steady_clock>();
}

const SystemClock &SystemClock::instance()
{
    static const SystemClock clock;
    return clock;
}

} // namespace understudy
