// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/compose/YamlSource.h"

namespace understudy {

/// Finds where @p node begins behind its anchor and tag, and where it ends (the parser tells only where it
/// begins). The extents of what is inside it must be known. False if it stands there in a way that this does
/// not understand, so that nobody edits by guesswork. Pure.
bool findExtent(YamlSource &node, const QByteArray &bytes);

/// The offset at which the line of @p at begins, and the one at which the next line begins (or the end).
qsizetype lineStart(const QByteArray &bytes, qsizetype at);
qsizetype nextLine(const QByteArray &bytes, qsizetype at);
/// How the line of @p at ends; where it is the last one and has no ending, as the line before.
QByteArray lineEnding(const QByteArray &bytes, qsizetype at);

} // namespace understudy
