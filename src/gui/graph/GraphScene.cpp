// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphScene.h"

#include <limits>

namespace understudy {

void GraphScene::index()
{
    m_nodes.clear();
    m_links.clear();
    for (const Cluster &cluster : std::as_const(m_topology.clusters)) {
        for (const Node &node : cluster.nodes)
            m_nodes.insert(node.id, &node);
        for (const Link &link : cluster.links) {
            if (!m_links.contains(link.downstream))
                m_links.insert(link.downstream, &link);
        }
    }
}

/// All that the layout depends on. Names count: they order siblings.
QByteArray GraphScene::structure() const
{
    QByteArray all;
    const auto add = [&all](const QString &text) { all += text.toUtf8() + '\0'; };
    for (const Cluster &cluster : m_topology.clusters) {
        all += cluster.systemIdentifier.isEmpty() ? '?' : '#';
        for (const Node &node : cluster.nodes) {
            add(node.id);
            add(node.name);
            all += node.state == NodeState::Ghost ? 'g' : node.role == Role::Primary ? 'p' : 'n';
        }
        for (const Link &link : cluster.links) {
            add(link.upstream);
            add(link.downstream);
        }
    }
    return all;
}

bool GraphScene::setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras,
                             double textScale)
{
    m_topology = topology;
    m_extras = extras;
    index();
    const QByteArray now = structure();
    if (now == m_structure)
        return false;
    m_structure = now;
    relayout(textScale);
    return true;
}

void GraphScene::setDirection(std::optional<Direction> direction, double textScale)
{
    m_wanted = direction;
    relayout(textScale);
}

void GraphScene::relayout(double textScale)
{
    ++m_layouts;
    LayoutOptions options = scaledLayout(textScale);
    options.direction = m_wanted ? m_wanted : m_chosen;
    options.collapsed = m_collapsed;
    m_layout = layoutGraph(m_topology, options);
    options.places = m_places.now().of(m_layout.direction);
    if (!options.places.isEmpty()) {
        options.direction = m_layout.direction;
        m_layout = layoutGraph(m_topology, options);
    }
    // A first picture of one lonely node says nothing about the shape to come.
    if (!m_wanted && !m_chosen && m_layout.cards.size() > 1)
        m_chosen = m_layout.direction;
}

void GraphScene::setCollapsed(const NodeId &id, bool collapsed, double textScale)
{
    if (collapsed == m_collapsed.contains(id) || (collapsed && !m_layout.below.contains(id)))
        return;
    if (collapsed)
        m_collapsed.insert(id);
    else
        m_collapsed.remove(id);
    relayout(textScale);
}

void GraphScene::setCollapsed(const QSet<NodeId> &all, double textScale)
{
    if (all == m_collapsed)
        return;
    m_collapsed = all;
    relayout(textScale);
}

NodeId GraphScene::shownAs(const NodeId &id) const
{
    if (m_layout.cards.contains(id))
        return id;
    for (auto it = m_layout.hidden.cbegin(); it != m_layout.hidden.cend(); ++it) {
        if (it.value().contains(id))
            return it.key();
    }
    return {};
}

bool GraphScene::unfold(const NodeId &id, double textScale)
{
    bool unfolded = false;
    for (NodeId above = shownAs(id); !above.isEmpty() && above != id; above = shownAs(id)) {
        setCollapsed(above, false, textScale);
        unfolded = true;
    }
    return unfolded;
}

NodeId GraphScene::first() const
{
    for (const Cluster &cluster : m_topology.clusters) {
        const Node *primary = cluster.primary();
        if (primary && m_layout.cards.contains(primary->id))
            return primary->id;
    }
    return m_layout.order.value(0);
}

bool GraphScene::drawsLink(const NodeId &downstream) const
{
    const Link *link = m_links.value(downstream);
    const auto card = m_layout.cards.constFind(downstream);
    return link && card != m_layout.cards.constEnd() && link->upstream != downstream &&
           m_layout.cards.contains(link->upstream) && !m_layout.ghostLane.contains(*card);
}

QList<NodeId> GraphScene::drawnLinks() const
{
    QList<NodeId> drawn;
    for (const NodeId &id : m_layout.order) {
        if (drawsLink(id))
            drawn << id;
    }
    return drawn;
}

NodeId GraphScene::nodeAt(const QPointF &scene) const
{
    for (auto it = m_layout.cards.cbegin(); it != m_layout.cards.cend(); ++it) {
        if (it.value().contains(scene))
            return it.key();
    }
    return {};
}

NodeId GraphScene::neighbour(const NodeId &from, int key) const
{
    if (!m_layout.cards.contains(from))
        return first();
    const bool across = m_layout.direction == Direction::LeftToRight;
    const int towards = across ? Qt::Key_Right : Qt::Key_Down, back = across ? Qt::Key_Left : Qt::Key_Up;
    const QRectF here = m_layout.cards.value(from);
    const auto beside = [across](const QPointF &p) { return across ? p.y() : p.x(); };
    const auto along = [across](const QPointF &p) { return across ? p.x() : p.y(); };
    if (key == back) {
        const Link *link = m_links.value(from);
        return link && m_layout.cards.contains(link->upstream) ? link->upstream : NodeId();
    }
    NodeId best;
    double least = std::numeric_limits<double>::max();
    for (const NodeId &id : m_layout.order) {
        if (id == from)
            continue;
        const QPointF there = m_layout.cards.value(id).center();
        const double away = beside(there) - beside(here.center());
        if (key == towards) {
            const Link *link = m_links.value(id);
            if (!link || link->upstream != from)
                continue;
        } else {
            const bool forward = key == Qt::Key_Right || key == Qt::Key_Down;
            const auto apart = [this](const QPointF &p, const NodeId &node) {
                return m_layout.ghostLane.contains(p) || m_layout.detachedLane.contains(p) ||
                       m_layout.placed.contains(node);
            };
            const bool sameRank = qAbs(along(there) - along(here.center())) < 1 || apart(there, id) ||
                                  apart(here.center(), from);
            if (!sameRank || (forward ? away <= 0 : away >= 0))
                continue;
        }
        if (qAbs(away) < least) {
            least = qAbs(away);
            best = id;
        }
    }
    return best;
}

} // namespace understudy
