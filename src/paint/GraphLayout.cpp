// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/GraphLayout.h"

#include "paint/GraphStructure.h"
#include "paint/LinkWays.h"

namespace understudy {

namespace {

constexpr int laneRows = 4;

/// Cards of a part of the graph, in order, the part's corner being the origin.
struct Block
{
    QList<std::pair<int, QRectF>> cards;
    QSizeF size;
};

class Placer
{
public:
    Placer(const Topology &topology, const LayoutOptions &options)
        : m_options(options), m_structure(graphStructure(topology, options.collapsed)),
          m_unit(options.card.width() / 288)
    {
        m_layout.direction = options.direction.value_or(m_structure.leaves > 4 ? Direction::LeftToRight
                                                                               : Direction::TopToBottom);
        m_layout.hidden = m_structure.hidden;
        m_layout.cards.reserve(m_structure.nodes.size());
        m_layout.order.reserve(m_structure.nodes.size());
        for (int v = 0; v < m_structure.nodes.size(); ++v) {
            if (m_structure.size.at(v) > 1)
                m_layout.below.insert(m_structure.nodes.at(v)->id, m_structure.size.at(v) - 1);
        }
    }

    GraphLayout place(const Topology &topology)
    {
        put(forest(m_structure.tree.roots), {0, 0});
        placeDetached();
        placeGhosts();
        placeByHand();
        addWays(m_layout, topology, m_structure, m_unit);
        return m_layout;
    }

private:
    bool across() const { return m_layout.direction == Direction::LeftToRight; }
    bool byHand(int v) const { return m_options.places.contains(m_structure.nodes.at(v)->id); }

    Block forest(const QList<int> &roots) const
    {
        Block block;
        if (roots.isEmpty())
            return block;
        const TidyPlaces places = tidyPlaces({m_structure.tree.children, roots});
        const QSizeF card = m_options.card;
        const double along =
            across() ? card.height() + m_options.siblingGap / 2 : card.width() + m_options.siblingGap;
        const double ranks = across() ? card.width() + qMax(m_options.rankGap, m_options.rankGapAcross)
                                      : card.height() + m_options.rankGap;
        QList<QList<int>> byRank;
        for (const int root : roots) {
            QList<int> level{root};
            for (int depth = 0; !level.isEmpty(); ++depth) {
                while (byRank.size() <= depth)
                    byRank << QList<int>();
                byRank[depth] << level;
                QList<int> below;
                for (const int v : std::as_const(level))
                    below << m_structure.tree.children.at(v);
                level = below;
            }
        }
        double least = std::numeric_limits<double>::max();
        for (const QList<int> &level : std::as_const(byRank)) {
            for (const int v : level)
                least = qMin(least, places.along.at(v));
        }
        QRectF all;
        for (int depth = 0; depth < byRank.size(); ++depth) {
            for (const int v : std::as_const(byRank[depth])) {
                const double a = (places.along.at(v) - least) * along, r = depth * ranks;
                const QRectF rect(across() ? QPointF(r, a) : QPointF(a, r), card);
                block.cards << std::pair(v, rect);
                all |= rect;
            }
        }
        block.size = QSizeF(all.right(), all.bottom());
        return block;
    }

    /// Cards in columns of at most four, @p column apart.
    Block grid(const QList<int> &nodes, double column) const
    {
        Block block;
        const double row = m_options.card.height() + 24 * m_unit;
        for (int i = 0; i < nodes.size(); ++i) {
            const QRectF rect(QPointF((i / laneRows) * column, (i % laneRows) * row), m_options.card);
            block.cards << std::pair(nodes.at(i), rect);
            block.size = block.size.expandedTo(QSizeF(rect.left() + column, rect.bottom()));
        }
        return block;
    }

    void put(const Block &block, const QPointF &corner)
    {
        for (const auto &[v, rect] : block.cards) {
            const QRectF at = rect.translated(corner);
            const NodeId &id = m_structure.nodes.at(v)->id;
            m_layout.cards.insert(id, at);
            m_layout.order << id;
            m_layout.bounds |= at;
            // The words of a collapsed subtree stand where its cards stood.
            if (m_layout.hidden.contains(id))
                m_layout.bounds |= at.adjusted(0, 0, across() ? 260 * m_unit : 0, across() ? 0 : 44 * m_unit);
        }
    }

    /// Puts a framed lane of @p inner where nothing else stands, and gives its frame.
    QRectF placeLane(const QSizeF &inner)
    {
        const double pad = 32 * m_unit, head = 76 * m_unit, away = m_options.siblingGap;
        const QSizeF size(inner.width() + 2 * pad, head + inner.height() + pad);
        const QRectF bounds = m_layout.bounds;
        // The free corner of a tree that is short in its later ranks, else behind everything.
        const QRectF corner = freeCorner(size);
        const bool first = m_beside.isEmpty();
        const QPointF behind = across() ? QPointF(bounds.left(), bounds.bottom() + away)
                                        : QPointF(bounds.right() + away, bounds.top());
        QPointF at(0, 0);
        if (first && across() && !corner.isEmpty())
            at = corner.topLeft();
        else if (!bounds.isEmpty() && (first || m_inCorner))
            at = behind;
        else if (!bounds.isEmpty())
            at = across() ? m_beside.topRight() + QPointF(away, 0) : m_beside.bottomLeft() + QPointF(0, away);
        m_inCorner = first && across() && !corner.isEmpty();
        m_beside = QRectF(at, size);
        m_layout.bounds |= m_beside;
        return m_beside;
    }

    /// Level with the last rows and behind their cards. May stand out at the right where that takes less than
    /// rows of its own would. Empty if there is none.
    QRectF freeCorner(const QSizeF &size) const
    {
        const QRectF bounds = m_layout.bounds;
        const double away = m_options.siblingGap, top = bounds.bottom() - size.height();
        double left = bounds.right() - size.width();
        if (left < bounds.left() || top < bounds.top())
            return {};
        for (auto card = m_layout.cards.cbegin(); card != m_layout.cards.cend(); ++card) {
            const bool feeds = m_layout.below.contains(card.key()); // Its trunk goes up from here
            if (card->bottom() > top - away)
                left = qMax(left, card->right() + (feeds ? 2 : 1) * away);
        }
        const double wide = qMax(bounds.right(), left + size.width()) - bounds.left();
        const bool saves = wide * bounds.height() < bounds.width() * (bounds.height() + away + size.height());
        if (!saves || left + size.width() > bounds.right() + 2 * m_options.card.width())
            return {};
        return {QPointF(left, top), size};
    }

    QPointF insideOf(const QRectF &lane) const { return lane.topLeft() + QPointF(32, 76) * m_unit; }

    void placeDetached()
    {
        QList<int> trees, single;
        for (const int root : std::as_const(m_structure.detached)) {
            if (!m_structure.tree.children.at(root).isEmpty())
                trees << root;
            else if (byHand(root))
                m_loose << root;
            else
                single << root;
        }
        const double gap = m_options.siblingGap / 2;
        const Block big = forest(trees), small = grid(single, m_options.card.width() + gap);
        if (big.cards.isEmpty() && small.cards.isEmpty())
            return;
        const double second = big.cards.isEmpty() ? 0 : big.size.width() + m_options.siblingGap;
        const double smallWidth = small.cards.isEmpty() ? -m_options.siblingGap : small.size.width() - gap;
        m_layout.detachedLane =
            placeLane(QSizeF(second + smallWidth, qMax(big.size.height(), small.size.height())));
        const QPointF corner = insideOf(m_layout.detachedLane);
        put(big, corner);
        put(small, corner + QPointF(second, 0));
    }

    void placeGhosts()
    {
        QList<int> ghosts;
        for (const int ghost : std::as_const(m_structure.ghosts)) {
            if (byHand(ghost))
                m_loose << ghost;
            else
                ghosts << ghost;
        }
        if (ghosts.isEmpty())
            return;
        const Block block = grid(ghosts, m_options.card.width() + 330 * m_unit);
        m_layout.ghostLane = placeLane(block.size);
        put(block, insideOf(m_layout.ghostLane));
    }

    /// A card that a person placed stands there whatever else moves; its place in the tree stays empty.
    void placeByHand()
    {
        for (const int v : std::as_const(m_loose)) {
            m_layout.cards.insert(m_structure.nodes.at(v)->id, QRectF(QPointF(), m_options.card));
            m_layout.order << m_structure.nodes.at(v)->id;
        }
        if (m_options.places.isEmpty())
            return;
        QRectF bounds = m_layout.ghostLane | m_layout.detachedLane;
        for (const NodeId &id : std::as_const(m_layout.order)) {
            QRectF &card = m_layout.cards[id];
            if (const auto place = m_options.places.constFind(id); place != m_options.places.constEnd()) {
                card.moveTopLeft(*place * m_unit);
                m_layout.placed << id;
            }
            bounds |= card;
        }
        m_layout.bounds = bounds;
    }

    const LayoutOptions &m_options;
    GraphStructure m_structure;
    double m_unit;
    GraphLayout m_layout;
    QRectF m_beside; ///< The lane placed last
    bool m_inCorner = false;
    QList<int> m_loose; ///< Would stand in a lane, and stand elsewhere
};

} // namespace

LayoutOptions scaledLayout(double textScale)
{
    LayoutOptions options;
    options.card *= textScale;
    options.siblingGap *= textScale;
    options.rankGap *= textScale;
    options.rankGapAcross *= textScale;
    return options;
}

GraphLayout layoutGraph(const Topology &topology, const LayoutOptions &options)
{
    return Placer(topology, options).place(topology);
}

} // namespace understudy
