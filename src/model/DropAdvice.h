// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace understudy {

/// What dropping a standby's card on another node's card would mean.
enum class DropVerdict {
    Safe,      ///< Nothing speaks against it
    Risky,     ///< It can be done; the reason says what it costs
    Impossible ///< It cannot be done; the reason says why
};

/// The verdict with its reason in a few words, as they stand below the target's card: "no free walsender".
/// Empty is right for Safe alone.
struct DropAdvice
{
    DropVerdict verdict = DropVerdict::Impossible;
    QString reason;
};

} // namespace understudy
