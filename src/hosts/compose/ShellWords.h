// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace understudy {

/// Splits a line into words as Compose splits a `command:` that is text: blanks, both kinds of quotes,
/// backslashes. A quote that is not closed ends with the line. Nothing is run or expanded. Pure.
QStringList shellWords(const QString &line);

} // namespace understudy
