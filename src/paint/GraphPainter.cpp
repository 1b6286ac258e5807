// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/GraphPainter.h"

#include "paint/FarMarks.h"
#include "paint/GraphFit.h"
#include "paint/Numbers.h"
#include "paint/PaintUnits.h"

#include <QHash>

#include <cmath>

namespace understudy {

DetailLevel detailLevel(double zoom)
{
    // A hair's breadth below the limit is rounding, not a decision.
    if (zoom >= 0.85 - 1e-6)
        return DetailLevel::Near;
    return zoom >= 0.4 - 1e-6 ? DetailLevel::Mid : DetailLevel::Far;
}

constexpr double leastForSlot = 90;  ///< "Through the slot"
constexpr double compactWidth = 168; ///< Of a card, where a usual one has 288

/// What a lane is measured in; in compact pictures lanes are smaller with their cards.
double laneUnit(const GraphStyle &style)
{
    return style.zoom * (style.compactCards ? compactWidth / 288 : 1);
}

/// Above a lane's cards; nothing where that has no room for a line of text.
void paintLaneTitle(QPainter &painter, const QRectF &lane, const QString &title, const GraphStyle &style)
{
    const GraphFonts &fonts = graphFonts(style.font);
    const double unit = laneUnit(style), inset = 32 * unit, head = 76 * unit;
    if (head < (style.compactCards ? 28 : 20) ||
        (detailLevel(style.zoom) == DetailLevel::Far && lane.width() < 160))
        return;
    painter.setPen((style.theme ? *style.theme : Theme::light()).text2);
    drawTabular(painter, fonts.labelStrong,
                QRectF(lane.left() + inset, lane.top() + (head - 16) / 2, lane.width() - 2 * inset, 16),
                Qt::AlignLeft | Qt::AlignVCenter,
                elided(title, fonts.labelStrong, lane.width() - 2 * inset, Qt::ElideRight));
}

void paintDetachedLane(QPainter &painter, const Topology &topology, const GraphLayout &layout,
                       const GraphStyle &style)
{
    if (layout.detachedLane.isEmpty())
        return;
    const Theme &theme = style.theme ? *style.theme : Theme::light();
    const double k = unitsPerScene(style);
    bool primaries = false, others = false;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes) {
            const auto card = layout.cards.constFind(node.id);
            if (card == layout.cards.constEnd() || !layout.detachedLane.contains(*card))
                continue;
            const bool fed = cluster.linkTo(node.id) != nullptr;
            primaries = primaries || node.role == Role::Primary;
            others = others || (node.role != Role::Primary && !fed);
        }
    }
    const QString title = !primaries ? QStringLiteral("No upstream is known")
                          : !others  ? QStringLiteral("Another primary")
                                     : QStringLiteral("Apart from the tree");
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    const QRectF frame = onPixels(painter, layout.detachedLane);
    painter.scale(1 / k, 1 / k);
    const QRectF lane(frame.topLeft() * k, frame.size() * k);
    fillFramed(painter, lane, 8, theme.border, Qt::transparent);
    paintLaneTitle(painter, lane, title, style);
    painter.restore();
}

void paintGhostLane(QPainter &painter, const Topology &topology, const GraphLayout &layout,
                    const GraphStyle &style)
{
    if (layout.ghostLane.isEmpty())
        return;
    const Theme &theme = style.theme ? *style.theme : Theme::light();
    const GraphFonts &fonts = graphFonts(style.font);
    const double k = unitsPerScene(style);
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    const QRectF frame = onPixels(painter, layout.ghostLane);
    painter.scale(1 / k, 1 / k);
    const QRectF lane(frame.topLeft() * k, frame.size() * k);
    fillFramed(painter, lane, 8, theme.border, Qt::transparent);
    if (detailLevel(style.zoom) == DetailLevel::Far && lane.width() < 160) {
        painter.restore();
        return;
    }
    NodeId seenBy;
    bool several = false;
    struct Row
    {
        QRectF card;
        QString slot;
    };
    QList<Row> rows;
    const Node *by = nullptr;
    for (const Cluster &cluster : topology.clusters) {
        for (const Link &link : cluster.links) {
            const auto card = layout.cards.constFind(link.downstream);
            if (card == layout.cards.constEnd() || !layout.ghostLane.contains(*card))
                continue;
            several = several || (!seenBy.isEmpty() && seenBy != link.upstream);
            seenBy = link.upstream;
            by = cluster.node(seenBy);
            rows << Row{QRectF(card->topLeft() * k, card->size() * k), link.slot};
        }
    }
    const QString title = by && !several
                              ? QStringLiteral("Seen by %1, not reachable from here").arg(shownName(*by))
                              : QStringLiteral("Seen by other nodes, not reachable from here");
    paintLaneTitle(painter, lane, title, style);
    const double w = 330 * laneUnit(style) - 32;
    if (detailLevel(style.zoom) != DetailLevel::Far && w >= leastForSlot) {
        for (const Row &row : std::as_const(rows)) {
            const double x = row.card.right() + 16, y = row.card.center().y();
            painter.setFont(fonts.small);
            painter.setPen(theme.text2);
            painter.drawText(QRectF(x, y - 17, w, 16), Qt::AlignLeft | Qt::AlignVCenter,
                             row.slot.isEmpty() ? QStringLiteral("Without a slot")
                                                : QStringLiteral("Through the slot"));
            painter.setFont(fonts.mono);
            painter.drawText(QRectF(x, y, w, 16), Qt::AlignLeft | Qt::AlignVCenter,
                             elided(row.slot, fonts.mono, w));
        }
    }
    painter.restore();
}

void paintScene(QPainter &painter, const Topology &topology, const GraphLayout &layout,
                const QHash<NodeId, CardExtras> &extras, const GraphStyle &style)
{
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
    const QRectF seen =
        painter.hasClipping() ? painter.clipBoundingRect().adjusted(-12, -12, 12, 12) : QRectF();
    paintGhostLane(painter, topology, layout, style);
    paintDetachedLane(painter, topology, layout, style);
    paintLinks(painter, topology, layout, extras, style);
    if (isDense(layout, style))
        return paintDense(painter, nodes, links, layout, style);
    for (const NodeId &id : layout.order) {
        const Node *node = nodes.value(id);
        const QRectF rect = layout.cards.value(id);
        if (node && (seen.isNull() || rect.intersects(seen)))
            paintCard(painter, rect, *node, links.value(id), topology, extras.value(id), style);
    }
}

constexpr double tooSmallForLabels = 0.6;

LayoutOptions layoutFor(const GraphStyle &style)
{
    const double scale = textScale(style.font);
    LayoutOptions options = scaledLayout(scale);
    if (style.compactCards) {
        options.card = QSizeF(compactWidth, 48) * scale;
        options.siblingGap = 40 * scale;
        options.rankGap = 56 * scale;
        options.rankGapAcross = 190 * scale;
    }
    return options;
}

void paintGraph(QPainter &painter, const QRectF &target, const Topology &topology,
                const QHash<NodeId, CardExtras> &extras, GraphStyle style)
{
    LayoutOptions options = layoutFor(style);
    GraphLayout layout = layoutGraph(topology, options);
    // Drawn so small, no label fits between the ranks: the cards have that room.
    if (style.compactCards && target.width() < layout.bounds.width() * tooSmallForLabels) {
        options.rankGapAcross *= 2.0 / 3;
        layout = layoutGraph(topology, options);
    }
    const GraphFit fit = fitGraph(target, topology, layout, extras, style);
    if (fit.zoom <= 0)
        return;
    style.zoom = fit.zoom;
    painter.save();
    painter.setTransform(fit.toTarget, true);
    paintScene(painter, topology, layout, extras, style);
    painter.restore();
}

namespace {

struct LegendItem
{
    QString words;
    double width = 1; ///< 0: dashed
    bool rail = false;
};

const QList<LegendItem> &legendItems()
{
    static const QList<LegendItem> items{
        {QStringLiteral("< 10 kB/s"), 1},         {QStringLiteral("< 1 MB/s"), 2},
        {QStringLiteral("< 10 MB/s"), 3},         {QStringLiteral("10 MB/s and up"), 4},
        {QStringLiteral("synchronous"), 2, true}, {QStringLiteral("planned or inferred"), 0}};
    return items;
}

constexpr double legendLine = 26, legendGap = 6, legendSpace = 16, legendRow = 16;

/// Where each item begins, and what all of them take; unscaled.
QList<QPointF> legendPlaces(const QFont &font, double width, QSizeF *all)
{
    QList<QPointF> places;
    QPointF at;
    for (const LegendItem &item : legendItems()) {
        const double wide = legendLine + legendGap + tabularWidth(graphFonts(font).label, item.words);
        if (at.x() > 0 && at.x() + wide > width)
            at = QPointF(0, at.y() + legendRow);
        places << at;
        *all = all->expandedTo(QSizeF(at.x() + wide, at.y() + legendRow));
        at.rx() += wide + legendSpace;
    }
    return places;
}

} // namespace

QSizeF legendSize(const QFont &font, double width)
{
    QSizeF all;
    legendPlaces(font, width / textScale(font), &all);
    return all * textScale(font);
}

void paintLegend(QPainter &painter, const QPointF &corner, const GraphStyle &style, double width)
{
    const Theme &theme = style.theme ? *style.theme : Theme::light();
    const GraphFonts &fonts = graphFonts(style.font);
    painter.save();
    painter.translate(corner);
    painter.scale(textScale(style.font), textScale(style.font));
    painter.setFont(fonts.label);
    QSizeF all;
    const QList<QPointF> places = legendPlaces(style.font, width / textScale(style.font), &all);
    for (qsizetype i = 0; i < places.size(); ++i) {
        const LegendItem &item = legendItems().at(i);
        const double x = places.at(i).x(), y = places.at(i).y();
        if (item.width == 0) {
            for (int dash = 0; dash < int(legendLine); dash += 8)
                painter.fillRect(QRectF(x + dash, y + 8, qMin(5.0, legendLine - dash), 1), theme.ctl);
        } else {
            const double top = y + std::floor(8.5 - item.width / 2) - (item.rail ? 1 : 0);
            painter.fillRect(QRectF(x, top, legendLine, item.width), theme.ctl);
            if (item.rail)
                painter.fillRect(QRectF(x, top + item.width + 2, legendLine, 1), theme.ctl);
        }
        painter.setPen(theme.text3);
        const double wide = tabularWidth(fonts.label, item.words);
        drawTabular(painter, QRectF(x + legendLine + legendGap, y, wide + 1, legendRow),
                    Qt::AlignLeft | Qt::AlignVCenter, item.words);
    }
    painter.restore();
}

} // namespace understudy
