// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/DropAdvice.h"
#include "paint/GraphPainter.h"

namespace understudy {

/// The glyph of a verdict; always shown with its words.
Glyph glyphFor(DropVerdict verdict);
/// "Safe", or the reason.
QString words(const DropAdvice &advice);

/// What dropping on @p card would mean: a frame around it and a line of words at its lower edge. @p aimed:
/// the pointer is on it. @p findings: the count on the card's upper edge stays in sight.
void paintDropMark(QPainter &painter, const QRectF &card, const DropAdvice &advice, bool aimed,
                   const GraphStyle &style, bool findings = false);

} // namespace understudy
