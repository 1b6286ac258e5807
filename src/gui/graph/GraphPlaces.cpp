// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphPlaces.h"

#include <cmath>

namespace understudy {

namespace {

constexpr qsizetype mostSteps = 100;

} // namespace

QPointF GraphPlaces::snapped(const QPointF &place)
{
    return {std::round(place.x() / grid) * grid, std::round(place.y() / grid) * grid};
}

void GraphPlaces::load(const PlaceSet &kept)
{
    PlaceSet all = kept;
    all.down.insert(m_now.down);
    all.across.insert(m_now.across);
    m_now = all;
}

void GraphPlaces::change(const PlaceSet &next)
{
    if (next == m_now)
        return;
    m_before << m_now;
    if (m_before.size() > mostSteps)
        m_before.removeFirst();
    m_after.clear();
    m_now = next;
}

void GraphPlaces::put(Direction direction, const NodeId &node, const QPointF &place)
{
    PlaceSet next = m_now;
    next.of(direction).insert(node, snapped(place));
    change(next);
}

void GraphPlaces::reset(Direction direction)
{
    PlaceSet next = m_now;
    next.of(direction).clear();
    change(next);
}

void GraphPlaces::reset(Direction direction, const NodeId &node)
{
    PlaceSet next = m_now;
    next.of(direction).remove(node);
    change(next);
}

bool GraphPlaces::undo()
{
    if (m_before.isEmpty())
        return false;
    m_after << m_now;
    m_now = m_before.takeLast();
    return true;
}

bool GraphPlaces::redo()
{
    if (m_after.isEmpty())
        return false;
    m_before << m_now;
    m_now = m_after.takeLast();
    return true;
}

QRectF freePlace(const QRectF &card, const QList<QRectF> &others, double gap)
{
    const auto inTheWay = [&](const QRectF &place) -> const QRectF * {
        for (const QRectF &other : others) {
            if (other.adjusted(-gap, -gap, gap, gap).intersects(place))
                return &other;
        }
        return nullptr;
    };
    const QRectF *first = inTheWay(card);
    if (!first)
        return card;
    // Out of the way by the shortest move that leads to room; further and further out until there is some.
    QList<QRectF> tried{card};
    for (qsizetype i = 0; i < tried.size() && tried.size() < 400; ++i) {
        const QRectF at = tried.at(i);
        const QRectF *other = inTheWay(at);
        if (!other)
            return at;
        const double grid = GraphPlaces::grid;
        const double left = std::floor((other->left() - gap - at.width()) / grid) * grid;
        const double right = std::ceil((other->right() + gap) / grid) * grid;
        const double above = std::floor((other->top() - gap - at.height()) / grid) * grid;
        const double below = std::ceil((other->bottom() + gap) / grid) * grid;
        QList<QRectF> ways{
            QRectF(QPointF(left, at.y()), at.size()), QRectF(QPointF(right, at.y()), at.size()),
            QRectF(QPointF(at.x(), above), at.size()), QRectF(QPointF(at.x(), below), at.size())};
        std::sort(ways.begin(), ways.end(), [&card](const QRectF &a, const QRectF &b) {
            return (a.topLeft() - card.topLeft()).manhattanLength() <
                   (b.topLeft() - card.topLeft()).manhattanLength();
        });
        for (const QRectF &way : std::as_const(ways)) {
            if (!tried.contains(way))
                tried << way;
        }
    }
    return card;
}

} // namespace understudy
