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

constexpr double leastRail = 12; ///< A shorter second rail looks like dirt.
constexpr int plainAbove = 200;  ///< So many links are drawn square and without antialiasing.

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

/// A way of its own, with round corners, up to @p shorten before its tip.
QPainterPath roundedWay(const LinkRoute &r, double shorten)
{
    QList<QPointF> corners;
    for (const QPointF &corner : r.way)
        corners << QPointF(sharp(corner.x(), r.width), sharp(corner.y(), r.width));
    corners.last() -= r.heading() * shorten;
    QPainterPath path(corners.constFirst());
    for (qsizetype i = 1; i + 1 < corners.size(); ++i) {
        const QPointF in = corners.at(i) - corners.at(i - 1), out = corners.at(i + 1) - corners.at(i);
        const double before = std::hypot(in.x(), in.y()), after = std::hypot(out.x(), out.y());
        const double radius = qMin(8.0, qMin(before, after) / 2);
        if (before < 0.1 || after < 0.1)
            continue;
        path.lineTo(corners.at(i) - in / before * radius);
        path.quadTo(corners.at(i), corners.at(i) + out / after * radius);
    }
    path.lineTo(corners.constLast());
    return path;
}

/// From the trunk (or the upstream's edge) around the elbow, up to @p shorten before the downstream's edge.
QPainterPath wayOf(const LinkRoute &r, bool fromEdge, double shorten)
{
    if (!r.way.isEmpty())
        return roundedWay(r, shorten);
    const double w = r.width, end = r.along(r.to) - shorten;
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
    } else if (qAbs(r.ownFrom - from) < 1) {
        // Nobody else goes this way: the elbow at the upstream is its own.
        path.moveTo(r.at(trunk - radius, from));
        path.quadTo(r.at(trunk, from), r.at(trunk, from + side * radius));
    } else {
        path.moveTo(r.at(trunk, r.ownFrom));
    }
    path.lineTo(r.at(trunk, to - side * radius));
    path.quadTo(r.at(trunk, to), r.at(trunk + radius, to));
    path.lineTo(r.at(end, to));
    return path;
}

/// The last stretch: its middle line on whole pixels, its direction, and what is beside it.
struct Tail
{
    QPointF tip, heading, side;
    double length = 0;
    explicit Tail(const LinkRoute &r, double width) : heading(r.heading())
    {
        side = QPointF(heading.y() == 0 ? 0 : 1, heading.x() == 0 ? 0 : 1);
        tip = heading.x() == 0 ? QPointF(sharp(r.to.x(), width), r.to.y())
                               : QPointF(r.to.x(), sharp(r.to.y(), width));
        length = QPointF::dotProduct(tip - r.tailFrom(), heading);
    }
    QPointF at(double beforeTip, double beside = 0) const
    {
        return tip - heading * beforeTip + side * beside;
    }
};

void fillArrow(QPainter &p, const Tail &tail, const QColor &color, bool small, double before = 1)
{
    const double length = small ? 6.8 : 8.5, half = small ? 4 : 5;
    QPainterPath path;
    path.addPolygon(
        QPolygonF({tail.at(before), tail.at(before + length, -half), tail.at(before + length, half)}));
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

/// A straight piece of a line: as fast as filling can be, where it lies on whole pixels.
void fillBar(QPainter &p, const QPointF &a, const QPointF &b, double width, const QColor &color)
{
    const double half = width / 2;
    const QRectF line(QPointF(qMin(a.x(), b.x()), qMin(a.y(), b.y())),
                      QPointF(qMax(a.x(), b.x()), qMax(a.y(), b.y())));
    p.fillRect(qAbs(a.y() - b.y()) < qAbs(a.x() - b.x()) ? line.adjusted(0, -half, 0, half)
                                                         : line.adjusted(-half, 0, half, 0),
               color);
}

/// The same as filling the stroke of wayOf(): only its elbows need a path. In a file it stays one shape.
void fillWay(QPainter &p, const LinkRoute &r, double shorten, const QColor &color)
{
    if (!paintsPixels(p) || !r.way.isEmpty()) {
        p.fillPath(stroked(wayOf(r, true, shorten), r.width), color);
        return;
    }
    const double w = r.width, end = r.along(r.to) - shorten;
    const double trunk = sharp(r.trunk, w), to = sharp(r.beside(r.to), w), from = sharp(r.beside(r.from), w);
    if (r.straight()) {
        fillBar(p, r.at(r.along(r.from), to), r.at(end, to), w, color);
        return;
    }
    const double radius = r.radius(), side = to < from ? -1 : 1;
    fillBar(p, r.at(r.along(r.from), from), r.at(trunk - radius, from), w, color);
    fillBar(p, r.at(trunk, from + side * radius), r.at(trunk, to - side * radius), w, color);
    fillBar(p, r.at(trunk + radius, to), r.at(end, to), w, color);
    QPainterPath elbows(r.at(trunk - radius, from));
    elbows.quadTo(r.at(trunk, from), r.at(trunk, from + side * radius));
    elbows.moveTo(r.at(trunk, to - side * radius));
    elbows.quadTo(r.at(trunk, to), r.at(trunk + radius, to));
    p.fillPath(stroked(elbows, w), color);
}

void paintSolid(QPainter &p, const LinkRoute &r, const QColor &color)
{
    fillWay(p, r, 8, color);
    const Tail tail(r, r.width);
    const SyncState sync = r.link->sync;
    const bool answers = sync == SyncState::Sync || sync == SyncState::Quorum || sync == SyncState::Potential;
    if (answers && tail.length > 13 + 4 + leastRail) {
        // The second rail: the answer comes back.
        const double beside = r.width / 2 + 2.5;
        QPainterPath rail(tail.at(tail.length - 4, beside));
        rail.lineTo(tail.at(13, beside));
        p.fillPath(stroked(rail, 1, railDashes(sync)), color);
    }
    fillArrow(p, tail, color, r.small);
    // Catching up: it runs after what it has missed.
    if (r.link->state == LinkState::Catchup)
        fillArrow(p, tail, color, r.small, 8);
}

void paintInferred(QPainter &p, const LinkRoute &r, const QColor &color)
{
    p.fillPath(stroked(wayOf(r, !r.sharing || r.ownFrom == r.beside(r.from), 7), 1, {5, 4}), color);
    fillArrow(p, Tail(r, r.width), color, true);
}

void paintStalled(QPainter &p, const LinkRoute &r, const QColor &color)
{
    p.fillPath(stroked(wayOf(r, !r.sharing, 9), 2, {2, 3}), color);
    fillArrow(p, Tail(r, r.width), color, r.small);
}

void paintBroken(QPainter &p, const LinkRoute &r, const QColor &color)
{
    const Tail tail(r, 1);
    const double whole = r.along(r.to);
    double dots = whole - r.dotsFrom(), cross = whole - r.crossAt();
    double stub = whole - qMax(r.stretchFrom(), r.dotsFrom() - 20);
    if (!r.way.isEmpty()) {
        stub = tail.length - qBound(0.0, (tail.length - 9) * 0.42, 66.0);
        cross = stub - 10;
        dots = stub - 20;
    }
    p.fillPath(stroked(wayOf(r, !r.sharing, stub), 2), color);
    QPainterPath mark;
    const QPointF centre = tail.at(cross);
    mark.moveTo(centre + QPointF(-4, -4));
    mark.lineTo(centre + QPointF(4, 4));
    mark.moveTo(centre + QPointF(4, -4));
    mark.lineTo(centre + QPointF(-4, 4));
    p.fillPath(stroked(mark, 1.8), color);
    QPainterPath rest(tail.at(dots));
    rest.lineTo(tail.at(9));
    p.fillPath(stroked(rest, 1, {2, 4}), color);
    fillArrow(p, tail, color, r.small);
}

/// Hundreds of links: filled rectangles, square corners.
void paintPlain(QPainter &p, const LinkRoute &r, const QColor &color)
{
    const double w = r.width, half = w / 2;
    QList<QPointF> corners = r.way;
    if (corners.isEmpty())
        corners = {r.from, r.at(r.trunk, r.beside(r.from)), r.at(r.trunk, r.beside(r.to)), r.to};
    for (QPointF &corner : corners)
        corner = QPointF(sharp(corner.x(), w), sharp(corner.y(), w));
    for (qsizetype i = 1; i < corners.size(); ++i) {
        const QPointF &a = corners.at(i - 1), &b = corners.at(i);
        p.fillRect(QRectF(QPointF(qMin(a.x(), b.x()) - half, qMin(a.y(), b.y()) - half),
                          QPointF(qMax(a.x(), b.x()) + half, qMax(a.y(), b.y()) + half)),
                   color);
    }
}

QRectF boundsOf(const LinkRoute &r)
{
    QRectF bounds = QRectF(r.from, r.to).normalized();
    for (const QPointF &corner : r.way)
        bounds |= QRectF(corner, QSizeF(0.1, 0.1));
    return bounds.adjusted(-12, -12, 12, 12);
}

/// Under all links: a tube of light around one of them, so that it is told apart where others share its way.
void paintHalo(QPainter &p, const LinkRoute &r, const GraphStyle &style, const Theme &theme)
{
    const NodeId &id = r.link->downstream;
    const QPainterPath way = wayOf(r, true, 1);
    const bool selected = style.selectedLink == id;
    if (selected || style.hoveredLink == id) {
        QColor light = selected ? theme.accent : theme.ctl;
        light.setAlphaF(selected ? 0.3F : 0.22F);
        p.fillPath(stroked(way, r.width + (selected ? 9 : 7)), light);
    }
    if (style.focusedLink == id) {
        p.fillPath(stroked(way, r.width + 10), theme.accent);
        p.fillPath(stroked(way, r.width + 6), theme.canvas);
    }
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
            if (style.selectedLink == r.link->downstream)
                return 4;
            return r.look == LinkLook::Inferred ? 0 : r.look == LinkLook::Solid ? 1 + fresh : 3;
        };
        return rank(a) < rank(b);
    });
    const bool plain = routes.size() > plainAbove;
    painter.setRenderHint(QPainter::Antialiasing);
    for (const LinkRoute &r : std::as_const(routes)) {
        const NodeId &id = r.link->downstream;
        if (id == style.selectedLink || id == style.hoveredLink || id == style.focusedLink)
            paintHalo(painter, r, style, theme);
    }
    painter.setRenderHint(QPainter::Antialiasing, !plain);
    const double opacity = painter.opacity();
    for (LinkRoute &r : routes) {
        const bool fresh = style.fresh.contains(r.link->downstream);
        if (fresh)
            r.look = LinkLook::Solid;
        if (fresh && r.width < 2)
            r.width = 2;
        const bool trouble = r.look == LinkLook::Broken || r.look == LinkLook::Stalled;
        const bool selected = style.selectedLink == r.link->downstream;
        const QColor color = trouble ? theme.crit : fresh || selected ? theme.accent : theme.ctl;
        painter.setOpacity(style.dimmed.contains(r.link->downstream) ? opacity * 0.35 : opacity);
        if (selected)
            painter.setRenderHint(QPainter::Antialiasing); // It is the last one
        if (plain && !selected)
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
    if (detailLevel(style.zoom) != DetailLevel::Far) {
        painter.setRenderHint(QPainter::Antialiasing);
        const QList<QRectF> cards = labelObstacles(layout, k);
        for (const LinkRoute &r : std::as_const(routes)) {
            painter.setOpacity(style.dimmed.contains(r.link->downstream) ? opacity * 0.35 : opacity);
            paintLinkLabel(painter, linkLabel(r, topology, extras.value(r.link->downstream), style, cards),
                           theme);
        }
    }
    painter.restore();
}

} // namespace understudy
