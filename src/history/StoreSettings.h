// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace understudy {

/// How much history is kept.
struct StoreSettings
{
    int rawHours = 24;   ///< Every look.
    int minuteDays = 30; ///< Minimum, maximum and last of every minute; whole looks.
    int hourMonths = 24; ///< The same of every hour; events. A month is 30 days.
    qint64 mostBytes =
        Q_INT64_C(2) << 30;    ///< Before this is reached the oldest goes: looks first, hours last.
    int keyframeSeconds = 300; ///< A whole look so often, also where nothing changed.
    bool operator==(const StoreSettings &) const = default;
};

} // namespace understudy
