// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphLayout.h"
#include "paint/StateGlyph.h"

#include <QFont>
#include <QPainter>
#include <QSet>

namespace understudy {

/// What a card needs beside the topology.
struct CardExtras
{
    int seriesSlot = -1;     ///< -1: none (the primary)
    QList<double> sparkline; ///< Last 60 s, newest last; NaN is a gap
    int findings = 0;
    Severity worst = Severity::Notice;
};

struct GraphStyle
{
    const Theme *theme = nullptr;
    QFont font;      ///< The application's font
    double zoom = 1; ///< Chooses near, mid or far
    NodeId selected, hovered, focused;
    NodeId selectedLink, hoveredLink, focusedLink; ///< By their downstreams
    QSet<NodeId> dimmed;                           ///< Not matched by the filter
    QSet<NodeId> fresh;        ///< New nodes: they and their links in accent (review's second picture)
    bool compactCards = false; ///< Name and address only: review and reports
    bool actions = false;      ///< Cards that wait for a person say what can be done: never in a picture
};

enum class DetailLevel { Near, Mid, Far };
DetailLevel detailLevel(double zoom);

/// Where a card's action stands in the card, as a fraction of it: the foot of a near ghost. Empty: it has
/// none.
QRectF cardAction(const Node &, DetailLevel);

/// Paints one node's card into @p rect (scene units; the painter is already scaled by zoom).
void paintCard(QPainter &, const QRectF &rect, const Node &, const Link *, const Topology &,
               const CardExtras &, const GraphStyle &);
/// All links of a topology in one go: orthogonal, filled, abnormal ones last, then their labels.
void paintLinks(QPainter &, const Topology &, const GraphLayout &, const QHash<NodeId, CardExtras> &,
                const GraphStyle &);
/// Where a link's label pill stands, for hit tests and tooltips.
QRectF linkLabelRect(const Link &, const Topology &, const GraphLayout &, const GraphStyle &);
/// All of them at once, by downstream; scene units.
QHash<NodeId, QRectF> linkLabelRects(const Topology &, const GraphLayout &, const QHash<NodeId, CardExtras> &,
                                     const GraphStyle &);
void paintGhostLane(QPainter &, const Topology &, const GraphLayout &, const GraphStyle &);
void paintDetachedLane(QPainter &, const Topology &, const GraphLayout &, const GraphStyle &);
/// Lane, links and cards, as far as the painter's clip shows them; the painter is already scaled by zoom.
void paintScene(QPainter &, const Topology &, const GraphLayout &, const QHash<NodeId, CardExtras> &,
                const GraphStyle &);
/// How @p style wants a graph that nobody arranged: the size of its cards and the gaps between them.
LayoutOptions layoutFor(const GraphStyle &);
/// The whole graph, laid out anew and fitted into @p target: the review page.
void paintGraph(QPainter &, const QRectF &target, const Topology &, const QHash<NodeId, CardExtras> &,
                GraphStyle);
/// Width legend, as at the bottom of the graph; in as many rows as @p width asks for.
void paintLegend(QPainter &, const QPointF &at, const GraphStyle &, double width = 1e6);
QSizeF legendSize(const QFont &font, double width = 1e6);

} // namespace understudy
