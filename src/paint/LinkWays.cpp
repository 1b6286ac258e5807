// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/LinkWays.h"

#include <algorithm>

namespace understudy {

namespace {

constexpr double rimOfCards = 5; ///< A link that comes so near to a placed card goes around it

bool touches(const QPointF &a, const QPointF &b, const QRectF &card, double away)
{
    return card.adjusted(-away, -away, away, away)
        .intersects(QRectF(a, b).normalized().adjusted(-0.01, -0.01, 0.01, 0.01));
}

} // namespace

double trunkAway(double gap, double unit)
{
    return qMin(52.0 * unit, gap * 0.4);
}

void addWays(GraphLayout &layout, const Topology &topology, const GraphStructure &structure, double unit)
{
    const bool across = layout.direction == Direction::LeftToRight;
    QHash<NodeId, NodeId> parents;
    parents.reserve(structure.nodes.size());
    for (int v = 0; v < structure.nodes.size(); ++v) {
        if (structure.parent.at(v) >= 0)
            parents.insert(structure.nodes.at(v)->id, structure.nodes.at(structure.parent.at(v))->id);
    }
    const auto inGhostLane = [&layout](const QRectF &card) {
        return !layout.ghostLane.isEmpty() && layout.ghostLane.contains(card);
    };
    QList<QRectF> byHand;
    for (const NodeId &id : std::as_const(layout.placed))
        byHand << layout.cards.value(id);
    // The tree's way, past a card that somebody put into it.
    const auto obstructed = [&](const QRectF &up, const QRectF &down) {
        QPointF from(up.center().x(), up.bottom()), to(down.center().x(), down.top());
        QPointF bend, turn;
        if (across) {
            from = QPointF(up.right(), up.center().y());
            to = QPointF(down.left(), down.center().y());
            bend = QPointF(from.x() + trunkAway(to.x() - from.x(), unit), from.y());
            turn = QPointF(bend.x(), to.y());
        } else {
            bend = QPointF(from.x(), from.y() + trunkAway(to.y() - from.y(), unit));
            turn = QPointF(to.x(), bend.y());
        }
        return std::any_of(byHand.cbegin(), byHand.cend(), [&](const QRectF &card) {
            const double rim = rimOfCards * unit;
            return touches(from, bend, card, rim) || touches(bend, turn, card, rim) ||
                   touches(turn, to, card, rim);
        });
    };
    QList<QRectF> cards;
    for (const Cluster &cluster : topology.clusters) {
        for (const Link &link : cluster.links) {
            const auto up = layout.cards.constFind(link.upstream),
                       down = layout.cards.constFind(link.downstream);
            const bool tree = parents.value(link.downstream) == link.upstream;
            if (tree && byHand.isEmpty())
                continue;
            if (up == layout.cards.constEnd() || down == layout.cards.constEnd() || up == down ||
                inGhostLane(*down))
                continue;
            const bool moved =
                layout.placed.contains(link.upstream) || layout.placed.contains(link.downstream);
            if (tree && !moved && !obstructed(*up, *down))
                continue;
            if (cards.isEmpty())
                cards = layout.cards.values();
            const std::pair key(link.upstream, link.downstream);
            if (!layout.ways.contains(key))
                layout.ways.insert(key, wayAround(*up, *down, layout.direction, cards, unit));
        }
    }
}

} // namespace understudy
