// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphPlaces.h"
#include "paint/GraphPainter.h"

#include <QHash>

namespace understudy {

/// What the view shows and where it stands, without any widget: lookups by id, neighbours, hit tests, zoom
/// and pan. GUI thread.
class GraphScene
{
public:
    /// True when the structure changed and everything was laid out anew.
    bool setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras, double textScale);
    void setDirection(std::optional<Direction> direction, double textScale);
    void relayout(double textScale); ///< Also after the places were changed

    GraphPlaces &places() { return m_places; }
    const GraphPlaces &places() const { return m_places; }
    void setCollapsed(const NodeId &id, bool collapsed, double textScale);
    void setCollapsed(const QSet<NodeId> &all, double textScale); ///< Also of nodes that are not there yet
    bool isCollapsed(const NodeId &id) const { return m_layout.hidden.contains(id); }
    const QSet<NodeId> &collapsed() const { return m_collapsed; }
    /// The collapsed node below which @p id is hidden; @p id itself where it is shown; empty if it is not
    /// there at all.
    NodeId shownAs(const NodeId &id) const;
    /// Shows it: whatever hides it is unfolded. True if something was.
    bool unfold(const NodeId &id, double textScale);

    const Topology &topology() const { return m_topology; }
    const QHash<NodeId, CardExtras> &extras() const { return m_extras; }
    const GraphLayout &layout() const { return m_layout; }
    quint64 layoutNumber() const { return m_layouts; } ///< Another one for every layout
    const Node *node(const NodeId &id) const { return m_nodes.value(id); }
    const Link *linkTo(const NodeId &id) const { return m_links.value(id); }
    bool drawsLink(const NodeId &downstream) const; ///< Not so in the ghosts' lane and in folded trees
    QList<NodeId> drawnLinks() const;               ///< By downstream, in drawing order
    const QHash<NodeId, const Node *> &nodes() const { return m_nodes; }
    const QHash<NodeId, const Link *> &links() const { return m_links; } ///< By downstream
    NodeId first() const; ///< The primary, or what is drawn first
    bool isEmpty() const { return m_layout.cards.isEmpty(); }

    NodeId nodeAt(const QPointF &scene) const;
    /// Where an arrow key leads: along the edges, and to the neighbour in the rank.
    NodeId neighbour(const NodeId &from, int key) const;

private:
    void index();
    QByteArray structure() const;

    Topology m_topology;
    QHash<NodeId, CardExtras> m_extras;
    QHash<NodeId, const Node *> m_nodes;
    QHash<NodeId, const Link *> m_links;
    GraphLayout m_layout;
    quint64 m_layouts = 0;
    QByteArray m_structure;
    GraphPlaces m_places;
    QSet<NodeId> m_collapsed;
    std::optional<Direction> m_wanted; ///< By the person
    std::optional<Direction> m_chosen; ///< Once, by us, and kept
};

} // namespace understudy
