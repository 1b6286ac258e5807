// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphLayout.h"

namespace understudy {

/// Where a person put cards, for each direction of the graph: top left corners, for text of the usual size.
struct PlaceSet
{
    QHash<NodeId, QPointF> down, across;

    const QHash<NodeId, QPointF> &of(Direction direction) const
    {
        return direction == Direction::LeftToRight ? across : down;
    }
    QHash<NodeId, QPointF> &of(Direction direction)
    {
        return direction == Direction::LeftToRight ? across : down;
    }
    bool isEmpty() const { return down.isEmpty() && across.isEmpty(); }
    bool operator==(const PlaceSet &) const = default;
};

/// What a person made of the picture of a cluster, as it is kept.
struct Arrangement
{
    PlaceSet places;
    QSet<NodeId> folded; ///< Nodes below which everything is folded away
    bool isEmpty() const { return places.isEmpty() && folded.isEmpty(); }
    bool operator==(const Arrangement &) const = default;
};

/// The places with what was done to them, so that it can be undone.
class GraphPlaces
{
public:
    static constexpr double grid = 4;
    static QPointF snapped(const QPointF &place);

    const PlaceSet &now() const { return m_now; }
    /// From where they are kept: nothing a person did, nothing to undo. Places of nodes that were moved
    /// meanwhile win.
    void load(const PlaceSet &kept);
    void put(Direction direction, const NodeId &node, const QPointF &place);
    void reset(Direction direction);
    void reset(Direction direction, const NodeId &node);
    bool undo();
    bool redo();
    bool canUndo() const { return !m_before.isEmpty(); }

private:
    void change(const PlaceSet &next);
    PlaceSet m_now;
    QList<PlaceSet> m_before, m_after;
};

/// Where a card that is dropped at @p card comes to stand: there, or beside the cards it would lie on.
QRectF freePlace(const QRectF &card, const QList<QRectF> &others, double gap);

} // namespace understudy
