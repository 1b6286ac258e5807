// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphPainter.h"

#include <QList>

namespace understudy {

/// How one link looks, decided by both its own state and its downstream's.
enum class LinkLook { Solid, Stalled, Broken, Inferred };

/// The way of one link, in units (see unitsPerScene): from the upstream's edge to the trunk that siblings
/// share, along it, and down to the downstream's edge; or a way of its own around cards.
struct LinkRoute
{
    const Link *link = nullptr;
    const Node *downstream = nullptr;
    LinkLook look = LinkLook::Solid;
    bool across = false;  ///< Left to right
    bool sharing = false; ///< Siblings hang on the same trunk
    bool small = false;   ///< Its ranks stand so near to each other that the arrow is a small one
    double width = 1;
    QPointF from, to;     ///< Edge of the upstream, edge of the downstream
    double trunk = 0;     ///< Position of the trunk along the way
    double ownFrom = 0;   ///< On the trunk: where nobody else's solid line goes on
    double labelRoom = 0; ///< Widest label that touches nothing
    QList<QPointF> way;   ///< Not empty: all corners of its own way, both ends among them

    /// Along the way and beside it, whatever the direction.
    double along(const QPointF &p) const { return across ? p.x() : p.y(); }
    double beside(const QPointF &p) const { return across ? p.y() : p.x(); }
    QPointF at(double alongWay, double besideWay) const
    {
        return across ? QPointF(alongWay, besideWay) : QPointF(besideWay, alongWay);
    }
    bool straight() const { return qAbs(beside(from) - beside(to)) < 1; }
    double radius() const;
    /// Where the stretch next to the downstream begins.
    double stretchFrom() const { return straight() ? (sharing ? trunk : along(from)) : trunk + radius(); }
    /// Broken: where the dots begin behind the cross.
    double dotsFrom() const;
    double crossAt() const { return dotsFrom() - 10; }

    /// The stretch next to the downstream: where it begins, where it ends, and which way it leads.
    QPointF tailFrom() const;
    QPointF heading() const;
};

/// All links that are drawn: those of ghosts in their lane are not.
QList<LinkRoute> linkRoutes(const Topology &topology, const GraphLayout &layout, const GraphStyle &style);

/// Device-independent width of a link that carries so many bytes a second.
double linkWidth(std::optional<double> bytesPerSecond);

} // namespace understudy
