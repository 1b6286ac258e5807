// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/LinkPick.h"

#include "paint/LinkLabels.h"
#include "paint/PaintUnits.h"

#include <QSet>

#include <cmath>
#include <limits>

namespace understudy {

namespace {

double distance(const QPointF &at, const QPointF &a, const QPointF &b)
{
    const QPointF along = b - a;
    const double length = QPointF::dotProduct(along, along);
    const double share = length > 0 ? qBound(0.0, QPointF::dotProduct(at - a, along) / length, 1.0) : 0.0;
    const QPointF away = at - (a + along * share);
    return std::hypot(away.x(), away.y());
}

double distance(const QPointF &at, const QPolygonF &way)
{
    double least = std::numeric_limits<double>::max();
    for (qsizetype i = 1; i < way.size(); ++i)
        least = qMin(least, distance(at, way.at(i - 1), way.at(i)));
    return least;
}

} // namespace

QList<LinkPick> linkPicks(const Topology &topology, const GraphLayout &layout,
                          const QHash<NodeId, CardExtras> &extras, const GraphStyle &style,
                          const QRectF &seen)
{
    const double k = unitsPerScene(style);
    const QList<QRectF> cards = labelObstacles(layout, k);
    const QList<LinkRoute> routes = linkRoutes(topology, layout, style);
    QList<LinkPick> picks;
    picks.reserve(routes.size());
    QSet<NodeId> known;
    for (const LinkRoute &r : routes) {
        const NodeId &id = r.link->downstream;
        if (known.contains(id))
            continue;
        known.insert(id);
        LinkPick pick;
        pick.downstream = id;
        if (r.way.isEmpty()) {
            pick.way = {r.from, r.at(r.trunk, r.beside(r.from)), r.at(r.trunk, r.beside(r.to)), r.to};
        } else {
            pick.way = r.way;
        }
        for (QPointF &corner : pick.way)
            corner /= k;
        if (pick.way.boundingRect().adjusted(-1, -1, 1, 1).intersects(seen)) {
            const LinkLabel label = linkLabel(r, topology, extras.value(id), style, cards);
            pick.label = {label.rect.topLeft() / k, label.rect.size() / k};
        }
        picks << pick;
    }
    return picks;
}

NodeId linkAt(const QList<LinkPick> &picks, const QPointF &at, double reach, const NodeId &preferred)
{
    NodeId best;
    double least = reach, leastTail = std::numeric_limits<double>::max();
    const double same = reach / 8; // Siblings share pixels, not always fractions of them.
    for (const LinkPick &pick : picks) {
        if (pick.label.contains(at))
            return pick.downstream;
        if (!pick.way.boundingRect().adjusted(-reach, -reach, reach, reach).contains(at))
            continue;
        const double away = distance(at, pick.way);
        if (away > least + same)
            continue;
        double tail = distance(at, pick.way.at(pick.way.size() - 2), pick.way.constLast());
        if (pick.downstream == preferred)
            tail = -1;
        if (away < least - same || tail < leastTail) {
            best = pick.downstream;
            leastTail = tail;
        }
        least = qMin(least, away);
    }
    return best;
}

QHash<NodeId, QRectF> linkLabelRects(const Topology &topology, const GraphLayout &layout,
                                     const QHash<NodeId, CardExtras> &extras, const GraphStyle &style)
{
    QHash<NodeId, QRectF> rects;
    for (const LinkPick &pick : linkPicks(topology, layout, extras, style, layout.bounds)) {
        if (!pick.label.isEmpty())
            rects.insert(pick.downstream, pick.label);
    }
    return rects;
}

QRectF linkLabelRect(const Link &link, const Topology &topology, const GraphLayout &layout,
                     const GraphStyle &style)
{
    return linkLabelRects(topology, layout, {}, style).value(link.downstream);
}

} // namespace understudy
