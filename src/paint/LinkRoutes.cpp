// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/LinkRoutes.h"

#include "paint/LinkWays.h"
#include "paint/PaintUnits.h"

#include <QHash>

namespace understudy {

namespace {

constexpr double nearRanks = 80;
constexpr double elbow = 8; ///< Widest radius

LinkLook lookOf(const Node &downstream, const Link &link)
{
    const Glyph glyph = glyphFor(downstream, &link);
    if (glyph == Glyph::Planned || glyph == Glyph::Ghost)
        return LinkLook::Inferred;
    if (link.state == LinkState::Broken || glyph == Glyph::Disconnected || glyph == Glyph::NoReceiver ||
        glyph == Glyph::Down)
        return LinkLook::Broken;
    if (link.state == LinkState::Stalled || glyph == Glyph::LinkStalled)
        return LinkLook::Stalled;
    if (glyph == Glyph::NotResponding || glyph == Glyph::NoPermission || glyph == Glyph::Unknown)
        return LinkLook::Inferred;
    return LinkLook::Solid;
}

/// Where siblings' solid lines end on their trunk, to both sides of the upstream.
struct Reach
{
    double least = 0, most = 0;
    int links = 0, solid = 0;
};

constexpr double labelBesideCross = 120; ///< A slot's name of some 14 letters, dots to both sides, the cross

/// Room for a label on the last stretch of a way of its own, when the label does not want to lie on a card.
double roomOn(const QPointF &from, const QPointF &tip)
{
    return qAbs(from.y() - tip.y()) < 1 ? qAbs(from.x() - tip.x()) - 16 : 220;
}

} // namespace

double LinkRoute::radius() const
{
    const double lateral = qAbs(beside(from) - beside(to));
    return qMax(0.0, qMin(elbow, qMin(lateral / 2, qMin(trunk - along(from), along(to) - trunk) - 2)));
}

double LinkRoute::dotsFrom() const
{
    const double begin = stretchFrom(), room = along(to) - 9 - begin;
    // The label has what is left: where that is little, the cross stands at the trunk.
    if (straight() && !sharing)
        return begin + qBound(0.0, qMin(room * 0.42, room - labelBesideCross), 66.0) + 20;
    return begin + qBound(0.0, room - labelBesideCross, 8.0) + qBound(16.0, room - labelBesideCross, 20.0);
}

QPointF LinkRoute::tailFrom() const
{
    if (way.size() > 1)
        return way.at(way.size() - 2);
    return at(stretchFrom(), beside(to));
}

QPointF LinkRoute::heading() const
{
    if (way.size() < 2)
        return across ? QPointF(1, 0) : QPointF(0, 1);
    const QPointF d = way.constLast() - way.at(way.size() - 2);
    if (qAbs(d.x()) > qAbs(d.y()))
        return {d.x() < 0 ? -1.0 : 1.0, 0};
    return {0, d.y() < 0 ? -1.0 : 1.0};
}

double linkWidth(std::optional<double> rate)
{
    if (!rate || *rate < 10.0 * 1024)
        return 1;
    if (*rate < 1024.0 * 1024)
        return 2;
    return *rate < 10.0 * 1024 * 1024 ? 3 : 4;
}

QList<LinkRoute> linkRoutes(const Topology &topology, const GraphLayout &layout, const GraphStyle &style)
{
    const double k = unitsPerScene(style);
    const bool across = layout.direction == Direction::LeftToRight;
    const bool far = detailLevel(style.zoom) == DetailLevel::Far;
    QList<LinkRoute> routes;
    QHash<NodeId, Reach> reach;
    for (const Cluster &cluster : topology.clusters) {
        QHash<NodeId, const Node *> nodes;
        nodes.reserve(cluster.nodes.size());
        for (const Node &node : cluster.nodes)
            nodes.insert(node.id, &node);
        routes.reserve(routes.size() + cluster.links.size());
        for (const Link &link : cluster.links) {
            const auto to = layout.cards.constFind(link.downstream);
            if (to == layout.cards.constEnd())
                continue;
            const auto from = layout.cards.constFind(link.upstream);
            const Node *down = nodes.value(link.downstream);
            if (!down || from == layout.cards.constEnd() || from == to)
                continue;
            if (!layout.ghostLane.isEmpty() && layout.ghostLane.contains(*to))
                continue;
            LinkRoute r;
            r.link = &link;
            r.downstream = down;
            r.across = across;
            r.look = lookOf(*down, link);
            r.width = r.look == LinkLook::Solid && link.lag != LagState::Idle ? linkWidth(link.walRate) : 1;
            if (far)
                r.width = qMin(r.width, 2.0);
            if (!layout.ways.isEmpty()) {
                const auto way = layout.ways.constFind({link.upstream, link.downstream});
                if (way != layout.ways.constEnd()) {
                    for (const QPointF &corner : *way)
                        r.way << corner * k;
                    if (r.way.size() < 2)
                        continue;
                    r.from = r.way.constFirst();
                    r.to = r.way.constLast();
                    r.across = r.heading().y() == 0;
                    r.labelRoom = roomOn(r.tailFrom(), r.to);
                    routes << r;
                    continue;
                }
            }
            r.from = (across ? QPointF(from->right(), from->center().y())
                             : QPointF(from->center().x(), from->bottom())) *
                     k;
            r.to =
                (across ? QPointF(to->left(), to->center().y()) : QPointF(to->center().x(), to->top())) * k;
            const double gap = r.along(r.to) - r.along(r.from);
            if (gap < 8)
                continue;
            r.small = gap < nearRanks;
            r.trunk =
                r.along(r.from) + (style.compactCards ? gap / 4 : trunkAway(gap, textScale(style.font) * k));
            r.labelRoom = across ? gap : (to->width() + 44 * textScale(style.font)) * k;
            Reach &shared = reach[link.upstream];
            ++shared.links;
            if (r.look == LinkLook::Solid) {
                const double lateral = r.beside(r.to) - r.beside(r.from);
                shared.least = qMin(shared.least, lateral);
                shared.most = qMax(shared.most, lateral);
                ++shared.solid;
            }
            routes << r;
        }
    }
    for (LinkRoute &r : routes) {
        if (!r.way.isEmpty())
            continue;
        const Reach &shared = reach[r.link->upstream];
        r.sharing = shared.links > 1;
        const double own = r.beside(r.to) - r.beside(r.from);
        // Where the last of the others turns off its elbow begins, one radius before its row.
        const double reached = own < 0 ? qMax(own + r.radius(), qMin(0.0, shared.least + elbow))
                                       : qMin(own - r.radius(), qMax(0.0, shared.most - elbow));
        r.ownFrom = r.beside(r.from) + (shared.solid > 0 ? reached : 0);
        if (across)
            r.labelRoom =
                r.along(r.to) - 14 - (r.look == LinkLook::Broken ? r.dotsFrom() - 4 : r.stretchFrom());
    }
    return routes;
}

} // namespace understudy
