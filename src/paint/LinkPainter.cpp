// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/GraphPainter.h"
#include "paint/LinkLabels.h"
#include "paint/LinkRoutes.h"
#include "paint/PaintUnits.h"

#include <QPainterPath>
#include <QPainterPathStroker>

#include <algorithm>
#include <cmath>

namespace understudy {

namespace {

constexpr int plainAbove = 200; ///< So many links are drawn square and without antialiasing.

/// Centre of a line of @p width whose edges fall on whole pixels.
double sharp(double centre, double width)
{
    return std::round(centre - width / 2) + width / 2;
}

QPainterPath stroked(const QPainterPath &path, double width, const QList<double> &dashes = {})
{
    QPainterPathStroker stroker;
    stroker.setWidth(width);
    stroker.setCapStyle(Qt::FlatCap);
    stroker.setJoinStyle(Qt::MiterJoin);
    if (!dashes.isEmpty()) {
        QList<qreal> pattern;
        for (const double dash : dashes)
            pattern << dash / width;
        stroker.setDashPattern(pattern);
    }
    return stroker.createStroke(path);
}

/// From @p start on the trunk (or the upstream's edge) around the elbow to @p end.
QPainterPath wayOf(const LinkRoute &r, bool fromEdge, double end)
{
    const double w = r.width;
    const double trunk = sharp(r.trunk, w), to = sharp(r.beside(r.to), w), from = sharp(r.beside(r.from), w);
    QPainterPath path;
    if (r.straight()) {
        path.moveTo(r.at(fromEdge || !r.sharing ? r.along(r.from) : trunk, to));
        path.lineTo(r.at(end, to));
        return path;
    }
    const double radius = r.radius();
    const double side = to < from ? -1 : 1;
    if (fromEdge) {
        path.moveTo(r.at(r.along(r.from), from));
        path.lineTo(r.at(trunk - radius, from));
        path.quadTo(r.at(trunk, from), r.at(trunk, from + side * radius));
    } else {
        path.moveTo(r.at(trunk, r.ownFrom));
    }
    path.lineTo(r.at(trunk, to - side * radius));
    path.quadTo(r.at(trunk, to), r.at(trunk + radius, to));
    path.lineTo(r.at(end, to));
    return path;
}

void fillArrow(QPainter &p, const LinkRoute &r, const QColor &color, bool small)
{
    const double length = small ? 6.8 : 8.5, half = small ? 4 : 5;
    const double tip = r.along(r.to) - 1, at = sharp(r.beside(r.to), r.width);
    QPainterPath path;
    path.addPolygon(QPolygonF({r.at(tip, at), r.at(tip - length, at - half), r.at(tip - length, at + half)}));
    path.closeSubpath();
    p.fillPath(path, color);
}

QList<double> railDashes(SyncState sync)
{
    if (sync == SyncState::Quorum)
        return {8, 4};
    if (sync == SyncState::Potential)
        return {2, 4};
    return {};
}

void paintSolid(QPainter &p, const LinkRoute &r, const QColor &color)
{
    const double end = r.along(r.to) - 8;
    p.fillPath(stroked(wayOf(r, true, end), r.width), color);
    const SyncState sync = r.link->sync;
    if (sync == SyncState::Sync || sync == SyncState::Quorum || sync == SyncState::Potential) {
        // The second rail: the answer comes back.
        const double at = sharp(r.beside(r.to), r.width) + r.width / 2 + 2.5;
        QPainterPath rail(r.at(r.stretchFrom() + 4, at));
        rail.lineTo(r.at(end - 2, at));
        p.fillPath(stroked(rail, 1, railDashes(sync)), color);
    }
    fillArrow(p, r, color, false);
}

void paintInferred(QPainter &p, const LinkRoute &r, const QColor &color)
{
    p.fillPath(stroked(wayOf(r, !r.sharing || r.ownFrom == r.beside(r.from), r.along(r.to) - 7), 1, {5, 4}),
               color);
    fillArrow(p, r, color, true);
}

void paintStalled(QPainter &p, const LinkRoute &r, const QColor &color)
{
    p.fillPath(stroked(wayOf(r, !r.sharing, r.along(r.to) - 9), 2, {2, 3}), color);
    fillArrow(p, r, color, false);
}

void paintBroken(QPainter &p, const LinkRoute &r, const QColor &color)
{
    const double at = sharp(r.beside(r.to), 1);
    const double dots = r.dotsFrom(), cross = r.crossAt();
    p.fillPath(stroked(wayOf(r, !r.sharing, qMax(r.stretchFrom(), dots - 20)), 2), color);
    QPainterPath mark;
    const QPointF centre = r.at(cross, at);
    mark.moveTo(centre + QPointF(-4, -4));
    mark.lineTo(centre + QPointF(4, 4));
    mark.moveTo(centre + QPointF(4, -4));
    mark.lineTo(centre + QPointF(-4, 4));
    p.fillPath(stroked(mark, 1.8), color);
    QPainterPath rest(r.at(dots, at));
    rest.lineTo(r.at(r.along(r.to) - 9, at));
    p.fillPath(stroked(rest, 1, {2, 4}), color);
    fillArrow(p, r, color, false);
}

/// Hundreds of links: filled rectangles, square corners.
void paintPlain(QPainter &p, const LinkRoute &r, const QColor &color)
{
    const double w = r.width, half = w / 2;
    const double trunk = sharp(r.trunk, w), from = sharp(r.beside(r.from), w), to = sharp(r.beside(r.to), w);
    const auto bar = [&](double a, double b, double c, double d) {
        p.fillRect(QRectF(r.at(qMin(a, c) - (a == c ? half : 0), qMin(b, d) - (b == d ? half : 0)),
                          r.at(qMax(a, c) + (a == c ? half : 0), qMax(b, d) + (b == d ? half : 0)))
                       .normalized(),
                   color);
    };
    bar(r.along(r.from), from, trunk, from);
    bar(trunk, from, trunk, to);
    bar(trunk, to, r.along(r.to), to);
}

QRectF boundsOf(const LinkRoute &r)
{
    return QRectF(r.from, r.to).normalized().adjusted(-12, -12, 12, 12);
}

} // namespace

void paintLinks(QPainter &painter, const Topology &topology, const GraphLayout &layout,
                const QHash<NodeId, CardExtras> &extras, const GraphStyle &style)
{
    const Theme &theme = style.theme ? *style.theme : Theme::light();
    const double k = unitsPerScene(style);
    QList<LinkRoute> routes = linkRoutes(topology, layout, style);
    painter.save();
    painter.scale(1 / k, 1 / k);
    if (painter.hasClipping()) {
        const QRectF seen = painter.clipBoundingRect();
        routes.erase(std::remove_if(routes.begin(), routes.end(),
                                    [&](const LinkRoute &r) { return !boundsOf(r).intersects(seen); }),
                     routes.end());
    }
    // Trouble on top.
    std::stable_sort(routes.begin(), routes.end(), [&](const LinkRoute &a, const LinkRoute &b) {
        const auto rank = [&](const LinkRoute &r) {
            const bool fresh = style.fresh.contains(r.link->downstream);
            return r.look == LinkLook::Inferred ? 0 : r.look == LinkLook::Solid ? 1 + fresh : 3;
        };
        return rank(a) < rank(b);
    });
    const bool plain = routes.size() > plainAbove;
    painter.setRenderHint(QPainter::Antialiasing, !plain);
    const double opacity = painter.opacity();
    for (LinkRoute &r : routes) {
        const bool fresh = style.fresh.contains(r.link->downstream);
        if (fresh)
            r.look = LinkLook::Solid;
        if (fresh && r.width < 2)
            r.width = 2;
        const bool trouble = r.look == LinkLook::Broken || r.look == LinkLook::Stalled;
        const QColor color = trouble ? theme.crit : fresh ? theme.accent : theme.ctl;
        painter.setOpacity(style.dimmed.contains(r.link->downstream) ? opacity * 0.35 : opacity);
        if (plain)
            paintPlain(painter, r, color);
        else if (r.look == LinkLook::Solid)
            paintSolid(painter, r, color);
        else if (r.look == LinkLook::Inferred)
            paintInferred(painter, r, color);
        else if (r.look == LinkLook::Stalled)
            paintStalled(painter, r, color);
        else
            paintBroken(painter, r, color);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (const LinkRoute &r : std::as_const(routes)) {
        painter.setOpacity(style.dimmed.contains(r.link->downstream) ? opacity * 0.35 : opacity);
        paintLinkLabel(painter, linkLabel(r, topology, extras.value(r.link->downstream), style), theme);
    }
    painter.restore();
}

QHash<NodeId, QRectF> linkLabelRects(const Topology &topology, const GraphLayout &layout,
                                     const QHash<NodeId, CardExtras> &extras, const GraphStyle &style)
{
    QHash<NodeId, QRectF> rects;
    const double k = unitsPerScene(style);
    for (const LinkRoute &r : linkRoutes(topology, layout, style)) {
        const LinkLabel label = linkLabel(r, topology, extras.value(r.link->downstream), style);
        if (!label.rect.isEmpty())
            rects.insert(r.link->downstream, QRectF(label.rect.topLeft() / k, label.rect.size() / k));
    }
    return rects;
}

QRectF linkLabelRect(const Link &link, const Topology &topology, const GraphLayout &layout,
                     const GraphStyle &style)
{
    return linkLabelRects(topology, layout, {}, style).value(link.downstream);
}

} // namespace understudy
