// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

namespace understudy {

/// What PostgreSQL's programs and servers say when a step fails, told as: what happened, what it means, what
/// to do. @p said: everything that was said, oldest first. @p doing begins the sentence: "Copy the primary".
/// An unknown text is quoted as it is.
Error failureInWords(const QString &doing, const QString &said);

/// The line of @p said that tells most: the last one with FATAL, ERROR or error, else the last one.
QString tellingLine(const QString &said);

} // namespace understudy
