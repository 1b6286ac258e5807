// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/LinkLabels.h"

#include "paint/CardText.h"
#include "paint/Numbers.h"
#include "paint/PaintUnits.h"

#include <algorithm>
#include <cmath>

namespace understudy {

namespace {

constexpr double height = 20, padding = 8, gap = 5, markSize = 9, widestName = 170;

double widthOf(const LinkLabel &label)
{
    double width = 2 * padding + (label.seriesSlot >= 0 ? markSize + gap : 0);
    for (const LinkLabel::Part &part : label.parts)
        width += part.width;
    return width + gap * double(qMax<qsizetype>(0, label.parts.size() - 1));
}

LinkLabel::Part part(const QString &text, const QFont &font, const QColor &color)
{
    return {text, font, color, std::ceil(tabularWidth(font, text))};
}

QString syncWord(const LinkRoute &route, bool always)
{
    const SyncState sync = route.link->sync;
    if (sync == SyncState::Unknown || (sync == SyncState::Async && !always))
        return {};
    return stableName(sync);
}

/// On the stretch nearest to the downstream where it lies on no card, of a way that is not the tree's.
QRectF onTheWay(const LinkRoute &route, const QSizeF &size, const QList<QRectF> &cards)
{
    for (qsizetype i = route.way.size() - 1; i > 0; --i) {
        const QPointF a = route.way.at(i - 1), b = route.way.at(i);
        const bool last = i == route.way.size() - 1;
        const double length = (b - a).manhattanLength() - (last ? 12 : 0);
        if (length < (qAbs(a.y() - b.y()) < 1 ? size.width() : size.height()) + 8)
            continue;
        const QPointF centre = (a + b - (last ? route.heading() * 12 : QPointF())) / 2;
        const QRectF rect(std::round(centre.x() - size.width() / 2),
                          std::round(centre.y() - size.height() / 2), size.width(), size.height());
        const bool covers = std::any_of(cards.cbegin(), cards.cend(),
                                        [&](const QRectF &card) { return card.intersects(rect); });
        if (!covers)
            return rect;
    }
    return {};
}

} // namespace

LinkLabel linkLabel(const LinkRoute &route, const Topology &topology, const CardExtras &extras,
                    const GraphStyle &style, const QList<QRectF> &cards)
{
    LinkLabel label;
    const DetailLevel level = detailLevel(style.zoom);
    if (level == DetailLevel::Far)
        return label;
    const Theme &theme = style.theme ? *style.theme : Theme::light();
    const GraphFonts &fonts = graphFonts(style.font);
    const Link &link = *route.link;
    const bool near = level == DetailLevel::Near && !style.compactCards;
    const bool fresh = style.fresh.contains(link.downstream);
    const bool trouble = !fresh && (route.look == LinkLook::Broken || route.look == LinkLook::Stalled);
    const bool planned = !fresh && route.downstream->state == NodeState::Planned;
    label.edge = trouble ? theme.crit : fresh ? theme.accent : theme.border;
    label.face = trouble ? theme.critTint : planned ? theme.canvas : theme.panel;
    label.dashed = planned;
    label.selected = style.selectedLink == link.downstream;
    label.focused = style.focusedLink == link.downstream;
    const QColor words = trouble ? theme.crit : fresh ? theme.accent : planned ? theme.text3 : theme.text2;

    const QString age = cardtext::since(&link, topology.takenAtUs);
    if (!fresh && route.look == LinkLook::Stalled) {
        label.parts << part(age.isEmpty() ? QStringLiteral("0 B/s") : QStringLiteral("0 B/s for ") + age,
                            fonts.label, words);
    } else {
        const QString slot = link.slot.isEmpty() ? QStringLiteral("no slot") : link.slot;
        label.parts << part(elided(slot, fonts.label, widestName), fonts.label, words);
        if (near && extras.seriesSlot >= 0 && !planned)
            label.seriesSlot = extras.seriesSlot;
        const QString sync = trouble || style.compactCards ? QString() : syncWord(route, near);
        const bool async = link.sync == SyncState::Async;
        if (!sync.isEmpty())
            label.parts << part(sync, async ? fonts.label : fonts.labelStrong,
                                fresh   ? theme.accent
                                : async ? theme.text3
                                        : words);
        if (!trouble && !fresh && link.state == LinkState::Catchup)
            label.parts << part(QStringLiteral("catching up"), fonts.labelStrong, theme.info);
        if (near && !planned && !trouble && link.lagBytes)
            label.parts << part(cardtext::behind(&link), fonts.labelStrong, theme.text);
    }

    // What does not fit goes, the least important first; the slot's name gives way last.
    const double room = route.labelRoom;
    while (widthOf(label) > room && label.parts.size() > 2)
        label.parts.removeAt(1);
    if (widthOf(label) > room)
        label.seriesSlot = -1;
    while (widthOf(label) > room && label.parts.size() > 1)
        label.parts.removeLast();
    if (widthOf(label) > room && !label.parts.isEmpty() && room > 56 && route.look != LinkLook::Stalled)
        label.parts.first() =
            part(elided(label.parts.first().text, fonts.label, room - 2 * padding - 2), fonts.label, words);
    const double width = widthOf(label);
    if (width > room)
        return {};

    if (!route.way.isEmpty()) {
        label.rect = onTheWay(route, QSizeF(width, height), cards);
        return label;
    }
    const double from = route.look == LinkLook::Broken && !fresh ? route.dotsFrom() : route.stretchFrom();
    const double to = route.along(route.to) - 9;
    const double size = route.across ? width : height;
    double middle = (from + to) / 2;
    if (!route.across && route.look != LinkLook::Broken)
        middle = (route.trunk + route.along(route.to)) / 2;
    if (to - from < size) {
        // Too little stretch: over the trunk is still on its own line, over a card never.
        middle = to - 2 - size / 2;
        if (middle - size / 2 < route.along(route.from) + 2)
            return {};
    }
    const QPointF centre = route.at(middle, route.beside(route.to));
    label.rect =
        QRectF(std::round(centre.x() - width / 2), std::round(centre.y() - height / 2), width, height);
    if (std::any_of(cards.cbegin(), cards.cend(),
                    [&](const QRectF &card) { return card.intersects(label.rect); }))
        label.rect = {};
    return label;
}

QList<QRectF> labelObstacles(const GraphLayout &layout, double unitsPerScene)
{
    QList<QRectF> cards;
    if (layout.placed.isEmpty() && layout.ways.isEmpty())
        return cards;
    for (const QRectF &card : layout.cards)
        cards << QRectF(card.topLeft() * unitsPerScene, card.size() * unitsPerScene);
    return cards;
}

void paintLinkLabel(QPainter &painter, const LinkLabel &label, const Theme &theme)
{
    if (label.rect.isEmpty())
        return;
    if (label.focused)
        fillFramed(painter, label.rect.adjusted(-3, -3, 3, 3), height / 2 + 3, theme.accent, theme.canvas, 2);
    if (label.selected)
        fillFramed(painter, label.rect, height / 2, theme.accent, label.face, 2);
    else
        fillFramed(painter, label.rect, height / 2, label.dashed ? label.face : label.edge, label.face);
    if (label.dashed && !label.selected)
        strokeDashed(painter, label.rect, height / 2, theme.ctl);
    double x = label.rect.left() + padding;
    if (label.seriesSlot >= 0) {
        paintSeriesMark(painter, QRectF(x, label.rect.top() + (height - markSize) / 2, markSize, markSize),
                        label.seriesSlot, theme);
        x += markSize + gap;
    }
    for (const LinkLabel::Part &part : label.parts) {
        painter.setPen(part.color);
        drawTabular(painter, part.font, QRectF(x, label.rect.top(), part.width + 1, height),
                    Qt::AlignLeft | Qt::AlignVCenter, part.text);
        x += part.width + gap;
    }
}

} // namespace understudy
