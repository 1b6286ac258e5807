// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/LinkWays.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <queue>

namespace understudy {

namespace {

constexpr double stub = 20, clear = 10, bendCost = 90, wrongSideCost = 70;
constexpr double none = std::numeric_limits<double>::max();

/// A side of a card, as the direction that leads away from it.
struct Port
{
    QPointF at, out; ///< On the edge; one stub away from it
    bool natural = false;
};

std::array<Port, 4> portsOf(const QRectF &card, const QPointF &natural, double unit)
{
    const double s = stub * unit;
    const std::array<std::pair<QPointF, QPointF>, 4> sides{
        {{QPointF(card.center().x(), card.bottom()), QPointF(0, 1)},
         {QPointF(card.right(), card.center().y()), QPointF(1, 0)},
         {QPointF(card.center().x(), card.top()), QPointF(0, -1)},
         {QPointF(card.left(), card.center().y()), QPointF(-1, 0)}}};
    std::array<Port, 4> ports;
    for (size_t i = 0; i < sides.size(); ++i)
        ports[i] = {sides[i].first, sides[i].first + sides[i].second * s, sides[i].second == natural};
    return ports;
}

bool touches(const QPointF &a, const QPointF &b, const QRectF &card, double away)
{
    return qMax(a.x(), b.x()) > card.left() - away && qMin(a.x(), b.x()) < card.right() + away &&
           qMax(a.y(), b.y()) > card.top() - away && qMin(a.y(), b.y()) < card.bottom() + away;
}

/// Without points that lie on a straight line between their neighbours.
QList<QPointF> tidied(const QList<QPointF> &way)
{
    QList<QPointF> out;
    for (const QPointF &p : way) {
        if (!out.isEmpty() && (out.constLast() - p).manhattanLength() < 0.01)
            continue;
        if (out.size() > 1) {
            const QPointF a = out.at(out.size() - 2), b = out.constLast();
            const bool upright = qAbs(a.x() - b.x()) < 0.01 && qAbs(b.x() - p.x()) < 0.01;
            const bool level = qAbs(a.y() - b.y()) < 0.01 && qAbs(b.y() - p.y()) < 0.01;
            if (upright || level)
                out.removeLast();
        }
        out << p;
    }
    return out;
}

double costOf(const QList<QPointF> &way, double unit)
{
    double length = 0;
    for (qsizetype i = 1; i < way.size(); ++i)
        length += (way.at(i) - way.at(i - 1)).manhattanLength();
    return length + bendCost * unit * double(qMax<qsizetype>(0, way.size() - 2));
}

class Router
{
public:
    Router(const QRectF &from, const QRectF &to, Direction direction, const QList<QRectF> &cards, double unit)
        : m_from(from), m_to(to), m_unit(unit)
    {
        const QPointF along = direction == Direction::LeftToRight ? QPointF(1, 0) : QPointF(0, 1);
        m_starts = portsOf(from, along, unit);
        m_ends = portsOf(to, -along, unit);
        const double reach = 400 * unit;
        const QRectF near = (from | to).adjusted(-reach, -reach, reach, reach);
        for (const QRectF &card : cards) {
            if (card.intersects(near))
                m_cards << card;
        }
    }

    QList<QPointF> route()
    {
        if (m_from.intersects(m_to))
            return {};
        simple();
        if (m_best.isEmpty())
            search();
        return m_best;
    }

private:
    bool free(const QList<QPointF> &way) const
    {
        const qsizetype last = way.size() - 1;
        for (const QRectF &card : m_cards) {
            const bool first = card == m_from, end = card == m_to;
            for (qsizetype i = 1; i <= last; ++i) {
                if ((first && i == 1) || (end && i == last))
                    continue;
                if (touches(way.at(i - 1), way.at(i), card, (first || end ? 0.5 : clear) * m_unit))
                    return false;
            }
        }
        return true;
    }

    void offer(const Port &a, const Port &b, const QList<QPointF> &between)
    {
        QList<QPointF> way{a.at, a.out};
        way << between << b.out << b.at;
        way = tidied(way);
        // A way that turns back on itself is tidied into one that runs through its own card.
        const QPointF leaving = way.value(1) - way.value(0), wanted = a.out - a.at;
        const QPointF coming = way.value(way.size() - 2) - way.constLast(), wished = b.out - b.at;
        if (QPointF::dotProduct(leaving, wanted) <= 0 || QPointF::dotProduct(coming, wished) <= 0)
            return;
        const double cost = costOf(way, m_unit) + (a.natural ? 0 : wrongSideCost * m_unit) +
                            (b.natural ? 0 : wrongSideCost * m_unit);
        if (cost >= m_least || !free(way))
            return;
        m_least = cost;
        m_best = way;
    }

    /// Straight, one bend or a Z, between all sides.
    void simple()
    {
        for (const Port &a : m_starts) {
            for (const Port &b : m_ends) {
                offer(a, b, {QPointF(a.out.x(), b.out.y())});
                offer(a, b, {QPointF(b.out.x(), a.out.y())});
                for (const double part : {0.5, 0.0, 1.0}) {
                    const double x = a.out.x() + (b.out.x() - a.out.x()) * part;
                    const double y = a.out.y() + (b.out.y() - a.out.y()) * part;
                    offer(a, b, {QPointF(x, a.out.y()), QPointF(x, b.out.y())});
                    offer(a, b, {QPointF(a.out.x(), y), QPointF(b.out.x(), y)});
                }
            }
        }
    }

    /// The cheapest way over the lines that run beside all cards.
    void search()
    {
        QList<double> xs, ys;
        const double away = (clear + 1) * m_unit;
        for (const QRectF &card : std::as_const(m_cards)) {
            // A line through the middle, too: no step can leap over a card.
            xs << card.left() - away << card.center().x() << card.right() + away;
            ys << card.top() - away << card.center().y() << card.bottom() + away;
        }
        for (const auto *ports : {&m_starts, &m_ends}) {
            for (const Port &port : *ports) {
                xs << port.out.x();
                ys << port.out.y();
            }
        }
        const auto unique = [](QList<double> &values) {
            std::sort(values.begin(), values.end());
            values.erase(std::unique(values.begin(), values.end()), values.end());
        };
        unique(xs);
        unique(ys);
        const int w = int(xs.size()), h = int(ys.size());
        if (qint64(w) * h > 250'000)
            return;
        std::vector<char> blocked(size_t(w) * size_t(h), 0);
        for (const QRectF &card : std::as_const(m_cards)) {
            const double rim = card == m_from || card == m_to ? 1 * m_unit : clear * m_unit;
            const auto x0 = std::upper_bound(xs.cbegin(), xs.cend(), card.left() - rim) - xs.cbegin();
            const auto x1 = std::lower_bound(xs.cbegin(), xs.cend(), card.right() + rim) - xs.cbegin();
            const auto y0 = std::upper_bound(ys.cbegin(), ys.cend(), card.top() - rim) - ys.cbegin();
            const auto y1 = std::lower_bound(ys.cbegin(), ys.cend(), card.bottom() + rim) - ys.cbegin();
            for (auto y = y0; y < y1; ++y) {
                for (auto x = x0; x < x1; ++x)
                    blocked[size_t(y) * size_t(w) + size_t(x)] = 1;
            }
        }
        walk(xs, ys, blocked);
    }

    struct Open
    {
        double cost;
        int state; ///< Point * 4 + the direction it was reached in
        bool operator<(const Open &other) const { return cost > other.cost; }
    };

    void walk(const QList<double> &xs, const QList<double> &ys, const std::vector<char> &blocked)
    {
        const int w = int(xs.size()), h = int(ys.size());
        const auto pointOf = [&](const QPointF &p) {
            const auto x = std::lower_bound(xs.cbegin(), xs.cend(), p.x()) - xs.cbegin();
            const auto y = std::lower_bound(ys.cbegin(), ys.cend(), p.y()) - ys.cbegin();
            return int(y) * w + int(x);
        };
        static constexpr std::array<int, 4> dx{0, 1, 0, -1}, dy{1, 0, -1, 0}; // As portsOf counts sides.
        std::vector<double> least(blocked.size() * 4, none);
        std::vector<int> before(blocked.size() * 4, -1);
        std::priority_queue<Open> open;
        for (int side = 0; side < 4; ++side) {
            const int at = pointOf(m_starts[size_t(side)].out);
            if (blocked[size_t(at)])
                continue;
            const double cost = m_starts[size_t(side)].natural ? 0 : wrongSideCost * m_unit;
            least[size_t(at * 4 + side)] = cost;
            open.push({cost, at * 4 + side});
        }
        std::array<int, 4> goals{};
        for (size_t side = 0; side < 4; ++side)
            goals[side] = pointOf(m_ends[side].out);
        int reached = -1, arrival = -1;
        double bestCost = none;
        while (!open.empty()) {
            const Open now = open.top();
            open.pop();
            if (now.cost > least[size_t(now.state)] || now.cost >= bestCost)
                continue;
            const int at = now.state / 4, heading = now.state % 4;
            for (int side = 0; side < 4; ++side) {
                if (goals[size_t(side)] != at || heading == side)
                    continue;
                // Arriving at a side means heading against it.
                const double bend = heading == (side + 2) % 4 ? 0 : bendCost * m_unit;
                const double cost =
                    now.cost + bend + (m_ends[size_t(side)].natural ? 0 : wrongSideCost * m_unit);
                if (cost < bestCost) {
                    bestCost = cost;
                    reached = now.state;
                    arrival = side;
                }
            }
            const int x = at % w, y = at / w;
            for (int turn = 0; turn < 4; ++turn) {
                if (turn == (heading + 2) % 4)
                    continue;
                const int nx = x + dx[size_t(turn)], ny = y + dy[size_t(turn)];
                if (nx < 0 || ny < 0 || nx >= w || ny >= h || blocked[size_t(ny * w + nx)])
                    continue;
                const double cost = now.cost + qAbs(xs.at(nx) - xs.at(x)) + qAbs(ys.at(ny) - ys.at(y)) +
                                    (turn == heading ? 0 : bendCost * m_unit);
                const int next = (ny * w + nx) * 4 + turn;
                if (cost >= least[size_t(next)])
                    continue;
                least[size_t(next)] = cost;
                before[size_t(next)] = now.state;
                open.push({cost, next});
            }
        }
        if (reached < 0)
            return;
        QList<QPointF> way{m_ends[size_t(arrival)].at};
        int first = 0;
        for (int state = reached; state >= 0; state = before[size_t(state)]) {
            way.prepend(QPointF(xs.at(state / 4 % w), ys.at(state / 4 / w)));
            first = state % 4;
        }
        way.prepend(m_starts[size_t(first)].at);
        m_best = tidied(way);
    }

    QRectF m_from, m_to;
    double m_unit;
    QList<QRectF> m_cards;
    std::array<Port, 4> m_starts, m_ends;
    QList<QPointF> m_best;
    double m_least = none;
};

} // namespace

QList<QPointF> wayAround(const QRectF &from, const QRectF &to, Direction direction,
                         const QList<QRectF> &cards, double unit)
{
    return Router(from, to, direction, cards, unit).route();
}

} // namespace understudy
