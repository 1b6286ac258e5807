// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/FoldChip.h"

#include "paint/Numbers.h"
#include "paint/PaintUnits.h"

#include "model/Format.h"

#include <cmath>

namespace understudy {

namespace {

constexpr double height = 20, padding = 8, glyphSize = 12, gap = 5, away = 8;

} // namespace

int trouble(Glyph glyph)
{
    switch (glyph) {
    case Glyph::Down:
        return 12;
    case Glyph::Disconnected:
    case Glyph::NoReceiver:
        return 11;
    case Glyph::NotResponding:
        return 10;
    case Glyph::LinkStalled:
        return 9;
    case Glyph::Lagging:
        return 8;
    case Glyph::ReplayPaused:
        return 7;
    case Glyph::NoPermission:
        return 6;
    case Glyph::Unknown:
        return 5;
    case Glyph::Ghost:
        return 4;
    case Glyph::Replaying:
        return 3;
    case Glyph::Planned:
        return 2;
    case Glyph::Idle:
        return 1;
    default:
        return 0;
    }
}

FoldedTree foldedTree(const QList<NodeId> &hidden, const QHash<NodeId, const Node *> &nodes,
                      const QHash<NodeId, const Link *> &links)
{
    FoldedTree tree;
    for (const NodeId &id : hidden) {
        const Node *node = nodes.value(id);
        if (!node)
            continue;
        ++tree.nodes;
        const Glyph glyph = glyphFor(*node, links.value(id));
        if (tree.nodes == 1 || trouble(glyph) > trouble(tree.worst))
            tree.worst = glyph;
    }
    return tree;
}

QString words(const FoldedTree &tree)
{
    const QString count = format::plural(tree.nodes, QStringLiteral("standby"), QStringLiteral("standbys"));
    const QString state = glyphWord(tree.worst).toLower();
    return tree.nodes == 1 ? count + QStringLiteral(", ") + state
                           : count + QStringLiteral(", worst: ") + state;
}

QRectF foldChipRect(const QRectF &card, Direction direction, const QString &text, bool folded,
                    const GraphStyle &style)
{
    const double k = unitsPerScene(style);
    const QFont &font = graphFonts(style.font).labelStrong;
    const double width = std::ceil(tabularWidth(font, text)) + 2 * padding + (folded ? glyphSize + gap : 0);
    const bool across = direction == Direction::LeftToRight;
    const QPointF edge =
        (across ? QPointF(card.right(), card.center().y()) : QPointF(card.center().x(), card.bottom())) * k;
    // Folded it hangs behind the card, where the links were; unfolded it sits on the card's edge.
    QPointF corner = across ? QPointF(edge.x() + (folded ? away : -width / 2), edge.y() - height / 2)
                            : QPointF(edge.x() - width / 2, edge.y() + (folded ? away : -height / 2));
    corner = QPointF(std::round(corner.x()), std::round(corner.y()));
    return {corner / k, QSizeF(width, height) / k};
}

void paintFoldChip(QPainter &painter, const QRectF &rect, const QString &text, const FoldedTree *folded,
                   const GraphStyle &style)
{
    const Theme &theme = style.theme ? *style.theme : Theme::light();
    const GraphFonts &fonts = graphFonts(style.font);
    const double k = unitsPerScene(style);
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.translate(rect.topLeft());
    painter.scale(1 / k, 1 / k);
    const QRectF pill(QPointF(0, 0), rect.size() * k);
    const bool loud = folded && isAbnormal(folded->worst);
    fillFramed(painter, pill, height / 2, loud ? glyphColor(folded->worst, theme) : theme.ctl,
               loud ? glyphTint(folded->worst, theme) : theme.panel);
    double x = padding;
    if (folded) {
        paintGlyph(painter, QRectF(x, (height - glyphSize) / 2, glyphSize, glyphSize), folded->worst, theme);
        x += glyphSize + gap;
    }
    painter.setPen(loud ? glyphTextColor(folded->worst, theme) : theme.text2);
    drawTabular(painter, fonts.labelStrong, QRectF(x, 0, pill.width() - x, height),
                Qt::AlignLeft | Qt::AlignVCenter, text);
    painter.restore();
}

QString foldedWords(const FoldedTree &tree, double zoom)
{
    return detailLevel(zoom) == DetailLevel::Far ? QStringLiteral("+%1").arg(tree.nodes) : words(tree);
}

namespace {

QHash<NodeId, FoldedTree> foldedTrees(const Topology &topology, const GraphLayout &layout)
{
    QHash<NodeId, FoldedTree> trees;
    if (layout.hidden.isEmpty())
        return trees;
    QHash<NodeId, const Node *> nodes;
    QHash<NodeId, const Link *> links;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes)
            nodes.insert(node.id, &node);
        for (const Link &link : cluster.links) {
            if (!links.contains(link.downstream))
                links.insert(link.downstream, &link);
        }
    }
    for (auto it = layout.hidden.cbegin(); it != layout.hidden.cend(); ++it)
        trees.insert(it.key(), foldedTree(it.value(), nodes, links));
    return trees;
}

} // namespace

QHash<NodeId, QRectF> foldedChips(const Topology &topology, const GraphLayout &layout,
                                  const GraphStyle &style)
{
    QHash<NodeId, QRectF> chips;
    const QHash<NodeId, FoldedTree> trees = foldedTrees(topology, layout);
    for (auto it = trees.cbegin(); it != trees.cend(); ++it)
        chips.insert(it.key(), foldChipRect(layout.cards.value(it.key()), layout.direction,
                                            foldedWords(*it, style.zoom), true, style));
    return chips;
}

void paintFolded(QPainter &painter, const Topology &topology, const GraphLayout &layout,
                 const GraphStyle &style)
{
    const QHash<NodeId, FoldedTree> trees = foldedTrees(topology, layout);
    // In the order of the cards: the same picture has the same bytes.
    for (const NodeId &id : layout.order) {
        const auto tree = trees.constFind(id);
        if (tree == trees.cend())
            continue;
        const QString said = foldedWords(*tree, style.zoom);
        paintFoldChip(painter, foldChipRect(layout.cards.value(id), layout.direction, said, true, style),
                      said, &*tree, style);
    }
}

} // namespace understudy
