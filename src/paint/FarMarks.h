// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphPainter.h"

namespace understudy {

/// From so far that cards stand closer than their glyphs are large: a wide star seen as a whole.
bool isDense(const GraphLayout &layout, const GraphStyle &style);

/// Where a node's mark stands then, in scene units: as large as a glyph, whatever the card is.
QRectF denseMark(const QRectF &card, const GraphStyle &style);

/// All nodes at once: who is well is a small mark, and on top of them, never hidden, the primary and whoever
/// needs a person, the worst last, with names where these touch nothing.
void paintDense(QPainter &, const QHash<NodeId, const Node *> &nodes,
                const QHash<NodeId, const Link *> &links, const GraphLayout &, const GraphStyle &);

} // namespace understudy
