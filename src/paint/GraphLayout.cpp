// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/GraphLayout.h"

#include "paint/TidyTree.h"

#include <algorithm>

namespace understudy {

namespace {

constexpr int ghostRows = 4;

/// "standby2" before "standby10"; equal names by id, so that the order is always the same.
bool before(const Node *a, const Node *b)
{
    const QString &x = a->name, &y = b->name;
    qsizetype i = 0, j = 0;
    const auto digit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    while (i < x.size() && j < y.size()) {
        if (digit(x.at(i)) && digit(y.at(j))) {
            const qsizetype fromX = i, fromY = j;
            while (i < x.size() && x.at(i) == u'0')
                ++i;
            while (j < y.size() && y.at(j) == u'0')
                ++j;
            qsizetype endX = i, endY = j;
            while (endX < x.size() && digit(x.at(endX)))
                ++endX;
            while (endY < y.size() && digit(y.at(endY)))
                ++endY;
            if (endX - i != endY - j)
                return endX - i < endY - j;
            for (; i < endX; ++i, ++j) {
                if (x.at(i) != y.at(j))
                    return x.at(i) < y.at(j);
            }
            if (i - fromX != j - fromY)
                return i - fromX < j - fromY;
            continue;
        }
        if (x.at(i) != y.at(j))
            return x.at(i) < y.at(j);
        ++i;
        ++j;
    }
    if (x.size() - i != y.size() - j)
        return x.size() - i < y.size() - j;
    return a->id < b->id;
}

/// Who feeds whom, as numbers; whatever comes in, what goes out is a forest.
struct Structure
{
    QList<const Node *> nodes; ///< In drawing order: by name
    TidyTree tree;
    QList<int> ghosts;
    int leaves = 0;
};

Structure structureOf(const Topology &topology)
{
    Structure s;
    QHash<NodeId, int> index;
    for (const Cluster &cluster : topology.clusters) {
        for (const Node &node : cluster.nodes)
            s.nodes << &node;
    }
    std::stable_sort(s.nodes.begin(), s.nodes.end(), before);
    index.reserve(s.nodes.size());
    QList<const Node *> unique;
    unique.reserve(s.nodes.size());
    for (const Node *node : std::as_const(s.nodes)) {
        if (index.contains(node->id))
            continue;
        index.insert(node->id, int(unique.size()));
        unique << node;
    }
    s.nodes = unique;

    const int n = int(s.nodes.size());
    QList<int> parent(n, -1);
    QList<bool> feeds(n, false);
    for (const Cluster &cluster : topology.clusters) {
        for (const Link &link : cluster.links) {
            const int up = index.value(link.upstream, -1), down = index.value(link.downstream, -1);
            if (up < 0 || down < 0 || up == down || parent.at(down) >= 0)
                continue;
            parent[down] = up;
            feeds[up] = true;
        }
    }
    // A ghost that feeds somebody is part of the tree; the others stand in their lane.
    s.tree.children.resize(n);
    QList<int> starts;
    for (int v = 0; v < n; ++v) {
        const bool ghost = s.nodes.at(v)->state == NodeState::Ghost && !feeds.at(v);
        if (ghost)
            s.ghosts << v;
        else if (parent.at(v) >= 0)
            s.tree.children[parent.at(v)] << v;
        else
            starts << v;
    }
    std::stable_partition(starts.begin(), starts.end(),
                          [&](int v) { return s.nodes.at(v)->role == Role::Primary; });

    // Nodes that are on a cycle hang below no root: the first of each cycle becomes one, and loses its
    // parent.
    QList<bool> reached(n, false);
    QList<int> stack;
    const auto reach = [&](int root) {
        s.tree.roots << root;
        reached[root] = true;
        stack << root;
        while (!stack.isEmpty()) {
            const int v = stack.takeLast();
            s.leaves += s.tree.children.at(v).isEmpty();
            for (const int child : s.tree.children.at(v)) {
                reached[child] = true;
                stack << child;
            }
        }
    };
    for (const int root : std::as_const(starts))
        reach(root);
    for (const int ghost : std::as_const(s.ghosts))
        reached[ghost] = true;
    for (int v = 0; v < n; ++v) {
        if (reached.at(v))
            continue;
        s.tree.children[parent.at(v)].removeOne(v);
        reach(v);
    }
    return s;
}

/// The framed lane of the ghosts: beside or below the tree, or in its free corner.
void placeGhosts(GraphLayout &layout, const Structure &s, const LayoutOptions &options, double freeCornerX,
                 double freeCornerY)
{
    if (s.ghosts.isEmpty())
        return;
    const double unit = options.card.width() / 288;
    const double pad = 32 * unit, head = 76 * unit, gap = 24 * unit;
    const double column = options.card.width() + 330 * unit;
    const int rows = qMin(int(s.ghosts.size()), ghostRows);
    const int columns = (int(s.ghosts.size()) + rows - 1) / rows;
    const QSizeF size(2 * pad + columns * column, head + rows * (options.card.height() + gap) + pad - gap);
    QPointF at(0, 0);
    if (!layout.bounds.isEmpty()) {
        const double away = options.siblingGap;
        const bool corner = layout.direction == Direction::LeftToRight &&
                            layout.bounds.right() - freeCornerX >= size.width() &&
                            layout.bounds.bottom() - freeCornerY >= size.height() + away;
        if (corner)
            at = QPointF(layout.bounds.right() - size.width(), layout.bounds.bottom() - size.height());
        else if (layout.direction == Direction::LeftToRight)
            at = QPointF(layout.bounds.left(), layout.bounds.bottom() + away);
        else
            at = QPointF(layout.bounds.right() + away, layout.bounds.top());
    }
    layout.ghostLane = QRectF(at, size);
    for (int i = 0; i < s.ghosts.size(); ++i) {
        const NodeId id = s.nodes.at(s.ghosts.at(i))->id;
        const QPointF place(at.x() + pad + (i / rows) * column,
                            at.y() + head + (i % rows) * (options.card.height() + gap));
        layout.cards.insert(id, QRectF(place, options.card));
        layout.order << id;
    }
    layout.bounds |= layout.ghostLane;
}

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
    const Structure s = structureOf(topology);
    GraphLayout layout;
    layout.direction =
        options.direction.value_or(s.leaves > 4 ? Direction::LeftToRight : Direction::TopToBottom);
    const bool across = layout.direction == Direction::LeftToRight;
    const TidyPlaces places = tidyPlaces(s.tree);

    const QSizeF card = options.card;
    const double along = across ? card.height() + options.siblingGap / 2 : card.width() + options.siblingGap;
    const double ranks = across ? card.width() + qMax(options.rankGap, options.rankGapAcross)
                                : card.height() + options.rankGap;
    double least = 0;
    for (int v = 0; v < s.nodes.size(); ++v)
        least = qMin(least, places.along.at(v));

    QList<QList<int>> byRank;
    double freeX = 0, freeY = 0;
    for (const int root : s.tree.roots) {
        QList<int> level{root};
        for (int depth = 0; !level.isEmpty(); ++depth) {
            while (byRank.size() <= depth)
                byRank << QList<int>();
            byRank[depth] << level;
            QList<int> below;
            for (const int v : std::as_const(level))
                below << s.tree.children.at(v);
            level = below;
        }
    }
    layout.cards.reserve(s.nodes.size());
    for (int depth = 0; depth < byRank.size(); ++depth) {
        for (const int v : std::as_const(byRank[depth])) {
            const double a = (places.along.at(v) - least) * along, r = depth * ranks;
            const QRectF rect(across ? QPointF(r, a) : QPointF(a, r), card);
            layout.cards.insert(s.nodes.at(v)->id, rect);
            layout.order << s.nodes.at(v)->id;
            layout.bounds |= rect;
            if (across && depth >= 2)
                freeY = qMax(freeY, rect.bottom());
            if (across && depth < 2)
                freeX = qMax(freeX, rect.right());
        }
    }
    placeGhosts(layout, s, options, freeX, freeY);
    return layout;
}

} // namespace understudy
