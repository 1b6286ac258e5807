// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/GraphFit.h"

#include "paint/FoldChip.h"
#include "paint/PaintUnits.h"

#include <cmath>

namespace understudy {

namespace {

/// What is drawn keeps its size on the screen, so that it is the larger in the scene the farther one is.
QRectF drawnBounds(const Topology &topology, const GraphLayout &layout,
                   const QHash<NodeId, CardExtras> &extras, const GraphStyle &style)
{
    QRectF bounds = layout.bounds;
    const double k = unitsPerScene(style);
    // Arrow heads and rails.
    const double beside = 10 / k;
    for (const QList<QPointF> &way : layout.ways) {
        for (const QPointF &corner : way)
            bounds |= QRectF(corner - QPointF(beside, beside), QSizeF(2 * beside, 2 * beside));
    }
    const QHash<NodeId, QRectF> labels = linkLabelRects(topology, layout, extras, style);
    for (const QRectF &label : labels)
        bounds |= label;
    const QHash<NodeId, QRectF> chips = foldedChips(topology, layout, style);
    for (const QRectF &chip : chips)
        bounds |= chip;
    return bounds;
}

} // namespace

GraphFit fitGraph(const QRectF &target, const Topology &topology, const GraphLayout &layout,
                  const QHash<NodeId, CardExtras> &extras, GraphStyle style)
{
    GraphFit fit;
    // Focus, hover and the count of findings may stand out of the cards by a little.
    const double room = 8;
    const QRectF inside = target.adjusted(room, room, -room, -room);
    if (layout.cards.isEmpty() || inside.width() <= 0 || inside.height() <= 0)
        return fit;
    const auto zoomOf = [&inside](const QRectF &bounds) {
        return qMin(1.0, qMin(inside.width() / bounds.width(), inside.height() / bounds.height()));
    };
    QRectF bounds = layout.bounds;
    style.zoom = zoomOf(bounds);
    // Too wide a label makes everything smaller until labels are left out.
    for (int i = 0; i < 16; ++i) {
        bounds = drawnBounds(topology, layout, extras, style);
        const double zoom = zoomOf(bounds);
        if (zoom >= style.zoom)
            break;
        style.zoom = zoom;
    }
    fit.zoom = style.zoom;
    const QPointF corner = inside.center() - bounds.center() * fit.zoom;
    fit.toTarget.translate(std::round(corner.x()), std::round(corner.y()));
    fit.toTarget.scale(fit.zoom, fit.zoom);
    return fit;
}

} // namespace understudy
