// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/GraphStructure.h"

#include <algorithm>

namespace understudy {

namespace {

class Builder
{
public:
    Builder(const Topology &topology, const QSet<NodeId> &collapsed)
        : m_topology(topology), m_collapsed(collapsed)
    {
    }

    GraphStructure build()
    {
        collectNodes();
        collectParents();
        plantRoots();
        measure();
        chooseDetached();
        collapse();
        return s;
    }

private:
    void collectNodes()
    {
        QHash<const Node *, int> clusters;
        for (int c = 0; c < m_topology.clusters.size(); ++c) {
            for (const Node &node : m_topology.clusters.at(c).nodes) {
                s.nodes << &node;
                clusters.insert(&node, c);
            }
        }
        std::stable_sort(s.nodes.begin(), s.nodes.end(),
                         [](const Node *a, const Node *b) { return drawnBefore(*a, *b); });
        m_index.reserve(s.nodes.size());
        qsizetype kept = 0;
        for (const Node *node : std::as_const(s.nodes)) {
            if (m_index.contains(node->id))
                continue;
            m_index.insert(node->id, int(kept));
            m_cluster << clusters.value(node);
            s.nodes[kept++] = node;
        }
        s.nodes.resize(kept);
    }

    void collectParents()
    {
        const qsizetype n = s.nodes.size();
        s.parent.fill(-1, n);
        m_feeds.fill(false, n);
        for (const Cluster &cluster : m_topology.clusters) {
            for (const Link &link : cluster.links) {
                const int up = m_index.value(link.upstream, -1), down = m_index.value(link.downstream, -1);
                if (up < 0 || down < 0 || up == down || s.parent.at(down) >= 0)
                    continue;
                s.parent[down] = up;
                m_feeds[up] = true;
            }
        }
    }

    void plantRoots()
    {
        const int n = int(s.nodes.size());
        s.tree.children.resize(n);
        QList<int> starts;
        for (int v = 0; v < n; ++v) {
            // A ghost that feeds somebody is part of the tree; the others stand in their lane.
            if (s.nodes.at(v)->state == NodeState::Ghost && !m_feeds.at(v))
                s.ghosts << v;
            else if (s.parent.at(v) >= 0)
                s.tree.children[s.parent.at(v)] << v;
            else
                starts << v;
        }
        std::stable_partition(starts.begin(), starts.end(),
                              [this](int v) { return s.nodes.at(v)->role == Role::Primary; });
        m_reached.fill(false, n);
        for (const int root : std::as_const(starts))
            reach(root);
        for (const int ghost : std::as_const(s.ghosts))
            m_reached[ghost] = true;
        // Nodes that are on a cycle hang below no root: the first of each cycle becomes one, and loses its
        // parent.
        for (int v = 0; v < n; ++v) {
            if (m_reached.at(v))
                continue;
            s.tree.children[s.parent.at(v)].removeOne(v);
            s.parent[v] = -1;
            reach(v);
        }
    }

    void reach(int root)
    {
        s.tree.roots << root;
        m_reached[root] = true;
        QList<int> stack{root};
        while (!stack.isEmpty()) {
            const int v = stack.takeLast();
            m_downwards << v;
            s.leaves += s.tree.children.at(v).isEmpty();
            for (const int child : s.tree.children.at(v)) {
                m_reached[child] = true;
                stack << child;
            }
        }
    }

    void measure()
    {
        s.size.fill(1, s.nodes.size());
        for (auto v = m_downwards.crbegin(); v != m_downwards.crend(); ++v) {
            if (s.parent.at(*v) >= 0)
                s.size[s.parent.at(*v)] += s.size.at(*v);
        }
    }

    /// A cluster's tree is the one below its primary, of several primaries the one with most below it.
    void chooseDetached()
    {
        const qsizetype clusters = m_topology.clusters.size();
        QList<int> main(clusters, -1), deepest(clusters, 1);
        bool identified = false;
        for (const int root : std::as_const(s.tree.roots)) {
            const int c = m_cluster.at(root);
            identified = identified || !m_topology.clusters.at(c).systemIdentifier.isEmpty();
            deepest[c] = qMax(deepest.at(c), s.size.at(root));
            if (s.nodes.at(root)->role == Role::Primary &&
                (main.at(c) < 0 || s.size.at(root) > s.size.at(main.at(c))))
                main[c] = root;
        }
        const auto stays = [&](int root) {
            const int c = m_cluster.at(root);
            // Who they are is not known, beside clusters of whom it is.
            if (identified && m_topology.clusters.at(c).systemIdentifier.isEmpty())
                return false;
            if (main.at(c) >= 0)
                return root == main.at(c);
            // No primary was ever seen: where there are trees, what hangs on none of them stands apart.
            return deepest.at(c) == 1 || s.size.at(root) > 1;
        };
        QList<int> roots;
        for (const int root : std::as_const(s.tree.roots)) {
            if (stays(root))
                roots << root;
            else
                s.detached << root;
        }
        s.tree.roots = roots;
    }

    void collapse()
    {
        if (m_collapsed.isEmpty())
            return;
        QList<bool> gone(s.nodes.size(), false);
        for (const int v : std::as_const(m_downwards)) {
            const NodeId &id = s.nodes.at(v)->id;
            if (gone.at(v) || !m_collapsed.contains(id) || s.tree.children.at(v).isEmpty())
                continue;
            QList<NodeId> below;
            QList<int> stack = s.tree.children.at(v);
            while (!stack.isEmpty()) {
                const int w = stack.takeFirst();
                below << s.nodes.at(w)->id;
                stack << s.tree.children.at(w);
                gone[w] = true;
            }
            s.hidden.insert(id, below);
        }
        for (auto it = s.hidden.cbegin(); it != s.hidden.cend(); ++it)
            s.tree.children[m_index.value(it.key())].clear();
    }

    const Topology &m_topology;
    const QSet<NodeId> &m_collapsed;
    GraphStructure s;
    QHash<NodeId, int> m_index;
    QList<int> m_cluster, m_downwards;
    QList<bool> m_feeds, m_reached;
};

} // namespace

bool drawnBefore(const Node &a, const Node &b)
{
    const QString &x = a.name, &y = b.name;
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
    return a.id < b.id;
}

GraphStructure graphStructure(const Topology &topology, const QSet<NodeId> &collapsed)
{
    return Builder(topology, collapsed).build();
}

} // namespace understudy
