// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"

#include <QByteArray>

namespace understudy {

/// The largest real Compose files are a few hundred kilobytes.
inline constexpr qint64 largestYaml = 4 << 20;

/// Refuses YAML that grows when it is read: aliases of aliases ("a billion laughs"), an alias inside what it
/// names, nesting without end, sheer size. Reads the text once, as events, and builds nothing. YAML that is
/// wrong in itself is not judged here: whoever reads it says it better. @p name stands in the sentence. Pure;
/// any thread.
Result<void> checkYamlSize(const QByteArray &text, const QString &name);

} // namespace understudy
