// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

namespace understudy {

/// PostgreSQL's rule: 1 to 63 of a-z, 0-9 and underscore.
Result<QString> checkSlotName(const QString &name);
/// A name for a standby: 1 to 63 of a-z, A-Z, 0-9, '-', '_' and '.', beginning with a letter or digit.
Result<QString> checkNodeName(const QString &name);

} // namespace understudy
