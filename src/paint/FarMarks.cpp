// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/FarMarks.h"

#include "paint/Numbers.h"
#include "paint/PaintUnits.h"

#include <algorithm>
#include <cmath>

namespace understudy {

namespace {

constexpr double glyphSize = 12, markSize = 6, leastMark = 1;

struct Loud
{
    const Node *node = nullptr;
    Glyph glyph = Glyph::Unknown;
    QRectF mark;
    int rank = 0;
};

int rankOf(const Node &node, Glyph glyph, const Theme &theme)
{
    if (glyphTextColor(glyph, theme) == theme.crit)
        return 3;
    return isAbnormal(glyph) ? 2 : node.role == Role::Primary ? 1 : 0;
}

QRectF inUnits(const QRectF &rect, double k)
{
    return {rect.topLeft() * k, rect.size() * k};
}

} // namespace

bool isDense(const GraphLayout &layout, const GraphStyle &style)
{
    if (style.compactCards || layout.cards.isEmpty() || detailLevel(style.zoom) != DetailLevel::Far)
        return false;
    const QSizeF card = layout.cards.cbegin()->size() * unitsPerScene(style);
    return layout.direction == Direction::LeftToRight ? card.height() < 9 : card.width() < 10;
}

QRectF denseMark(const QRectF &card, const GraphStyle &style)
{
    const double k = unitsPerScene(style);
    const double size = glyphSize / k;
    return {card.left() + qMin(2 / k, card.width() / 4), card.center().y() - size / 2, size, size};
}

void paintDense(QPainter &painter, const QHash<NodeId, const Node *> &nodes,
                const QHash<NodeId, const Link *> &links, const GraphLayout &layout, const GraphStyle &style)
{
    const Theme &theme = style.theme ? *style.theme : Theme::light();
    const GraphFonts &fonts = graphFonts(style.font);
    const double k = unitsPerScene(style);
    const double opacity = painter.opacity();
    QList<Loud> loud;
    painter.save();
    painter.scale(1 / k, 1 / k);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto dimmed = [&](const NodeId &id) {
        return style.dimmed.contains(id) ? opacity * 0.35 : opacity;
    };
    for (const NodeId &id : layout.order) {
        const Node *node = nodes.value(id);
        if (!node)
            continue;
        const QRectF card = layout.cards.value(id);
        const QRectF mark = inUnits(denseMark(card, style), k);
        const Glyph glyph = glyphFor(*node, links.value(id));
        const int rank = rankOf(*node, glyph, theme);
        const bool held = id == style.selected || id == style.hovered || id == style.focused;
        if (rank > 0 || held) {
            loud << Loud{node, glyph, mark, held ? 4 : rank};
            continue;
        }
        const bool across = layout.direction == Direction::LeftToRight;
        const QSizeF size(across ? markSize : qBound(leastMark, card.width() * k, markSize),
                          across ? qBound(leastMark, card.height() * k, markSize) : markSize);
        painter.setOpacity(dimmed(id));
        painter.fillRect(QRectF(QPointF(mark.left(), mark.center().y() - size.height() / 2), size),
                         theme.ctl);
    }
    std::stable_sort(loud.begin(), loud.end(), [](const Loud &a, const Loud &b) { return a.rank < b.rank; });
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    for (const Loud &one : std::as_const(loud)) {
        const NodeId &id = one.node->id;
        painter.setOpacity(dimmed(id));
        const QRectF box = one.mark.adjusted(-3, -3, 3, 3);
        if (style.selected == id)
            fillFramed(painter, box, 4, theme.accent, theme.canvas, 2);
        else if (style.hovered == id)
            fillFramed(painter, box, 4, theme.ctl, theme.canvas);
        if (style.focused == id)
            fillFramed(painter, box.adjusted(-3, -3, 3, 3), 6, theme.accent, Qt::transparent, 2);
        paintGlyph(painter, one.mark,
                   one.node->role == Role::Primary && one.glyph == Glyph::Up ? Glyph::CylinderFilled
                                                                             : one.glyph,
                   theme);
    }
    // The worst are named first. Beside marks that stand in a row there is no room for names but the
    // selected.
    QList<QRectF> taken;
    for (const Loud &one : std::as_const(loud))
        taken << one.mark;
    for (auto one = loud.crbegin(); one != loud.crend(); ++one) {
        if (layout.direction == Direction::TopToBottom && one->rank < 4 && one->node->role != Role::Primary)
            continue;
        const QString name = elided(shownName(*one->node), fonts.label, 160);
        const QRectF room(one->mark.right() + 6, one->mark.center().y() - 8,
                          std::ceil(tabularWidth(fonts.label, name)) + 1, 16);
        const bool free = std::none_of(taken.cbegin(), taken.cend(), [&](const QRectF &other) {
            return other.adjusted(-1, -1, 1, 1).intersects(room);
        });
        if (!free)
            continue;
        taken << room;
        painter.fillRect(room, theme.canvas); // Marks and links go on below
        painter.setOpacity(dimmed(one->node->id));
        painter.setPen(isAbnormal(one->glyph) ? theme.text : theme.text2);
        drawTabular(painter, fonts.label, room, Qt::AlignLeft | Qt::AlignVCenter, name);
    }
    painter.restore();
}

} // namespace understudy
