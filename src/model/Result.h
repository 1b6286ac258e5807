// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <tl/expected.hpp>

namespace understudy {

/// What went wrong, in words a person can act on.
struct Error
{
    QString what;   ///< What happened, one sentence.
    QString action; ///< What to do next; may be empty.
    QString field;  ///< The input that is at fault ("port", "slot"...); empty if none.

    QString text() const { return action.isEmpty() ? what : what + QLatin1Char(' ') + action; }
    bool operator==(const Error &) const = default;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(QString what, QString action = {}, QString field = {})
{
    return tl::unexpected<Error>(Error{std::move(what), std::move(action), std::move(field)});
}

} // namespace understudy
