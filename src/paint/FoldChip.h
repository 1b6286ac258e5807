// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphPainter.h"

namespace understudy {

/// How bad a state is, to name the worst of many: 0 is fine, down is the worst.
int trouble(Glyph glyph);

/// What is folded away below a node.
struct FoldedTree
{
    int nodes = 0;
    Glyph worst = Glyph::CaughtUp;
};
FoldedTree foldedTree(const QList<NodeId> &hidden, const QHash<NodeId, const Node *> &nodes,
                      const QHash<NodeId, const Link *> &links);

/// "12 standbys, worst: lagging"; "1 standby, caught up".
QString words(const FoldedTree &tree);

/// The chip at the edge of a card from which its links leave: folded it says what is below, unfolded it
/// counts it. In scene units.
QRectF foldChipRect(const QRectF &card, Direction direction, const QString &text, bool folded,
                    const GraphStyle &style);
void paintFoldChip(QPainter &painter, const QRectF &rect, const QString &text, const FoldedTree *folded,
                   const GraphStyle &style);

/// What a folded chip says: the words, from far away the number alone.
QString foldedWords(const FoldedTree &tree, double zoom);
/// The chips of all that is folded, where they stand at @p style's zoom; scene units.
QHash<NodeId, QRectF> foldedChips(const Topology &, const GraphLayout &, const GraphStyle &);
void paintFolded(QPainter &, const Topology &, const GraphLayout &, const GraphStyle &);

} // namespace understudy
