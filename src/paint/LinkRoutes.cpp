// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/LinkRoutes.h"

#include "paint/PaintUnits.h"

#include <QHash>

namespace understudy {

namespace {

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

} // namespace

double LinkRoute::radius() const
{
    const double lateral = qAbs(beside(from) - beside(to));
    return qMax(0.0, qMin(8.0, qMin(lateral / 2, qMin(trunk - along(from), along(to) - trunk) - 2)));
}

double LinkRoute::dotsFrom() const
{
    const double begin = stretchFrom(), room = along(to) - 9 - begin;
    const double stub = straight() && !sharing ? qBound(0.0, room * 0.42, 66.0) : qBound(0.0, room - 52, 8.0);
    return begin + stub + 20;
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
    QList<LinkRoute> routes;
    QHash<NodeId, Reach> reach;
    for (const Cluster &cluster : topology.clusters) {
        QHash<NodeId, const Node *> nodes;
        nodes.reserve(cluster.nodes.size());
        for (const Node &node : cluster.nodes)
            nodes.insert(node.id, &node);
        for (const Link &link : cluster.links) {
            const Node *down = nodes.value(link.downstream);
            const auto from = layout.cards.constFind(link.upstream),
                       to = layout.cards.constFind(link.downstream);
            if (!down || from == layout.cards.constEnd() || to == layout.cards.constEnd())
                continue;
            if (!layout.ghostLane.isEmpty() && layout.ghostLane.contains(*to))
                continue;
            LinkRoute r;
            r.link = &link;
            r.downstream = down;
            r.across = across;
            r.look = lookOf(*down, link);
            r.width = r.look == LinkLook::Solid && link.lag != LagState::Idle ? linkWidth(link.walRate) : 1;
            if (detailLevel(style.zoom) == DetailLevel::Far)
                r.width = qMin(r.width, 2.0);
            r.from = (across ? QPointF(from->right(), from->center().y())
                             : QPointF(from->center().x(), from->bottom())) *
                     k;
            r.to =
                (across ? QPointF(to->left(), to->center().y()) : QPointF(to->center().x(), to->top())) * k;
            const double gap = r.along(r.to) - r.along(r.from);
            if (gap < 8)
                continue;
            r.trunk = r.along(r.from) + (style.compactCards ? gap / 4 : qMin(52.0 * style.zoom, gap * 0.4));
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
        const Reach &shared = reach[r.link->upstream];
        r.sharing = shared.links > 1;
        const double own = r.beside(r.to) - r.beside(r.from);
        const double reached =
            own < 0 ? qMax(own + r.radius(), shared.least) : qMin(own - r.radius(), shared.most);
        r.ownFrom = r.beside(r.from) + (shared.solid > 0 ? reached : 0);
        if (across)
            r.labelRoom = r.along(r.to) - 12 - r.stretchFrom() - 2;
    }
    return routes;
}

} // namespace understudy
