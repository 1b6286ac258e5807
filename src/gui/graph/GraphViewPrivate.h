// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphFilter.h"
#include "gui/graph/GraphGlide.h"
#include "gui/graph/GraphScene.h"
#include "gui/graph/GraphView.h"
#include "paint/LinkPick.h"

#include <QTimer>

namespace understudy {

/// The view's state. Looking and the structure are in GraphView.cpp, painting in GraphViewPaint.cpp, the
/// mouse in GraphViewInput.cpp, the keyboard in GraphViewKeys.cpp, links in GraphViewLinks.cpp.
struct GraphView::Private
{
    enum class Press { None, Canvas, Card, Chip, Link };

    GraphScene scene;
    NodeId selected, hovered, current; ///< current: where the keyboard stands
    NodeId link, hoveredLink;          ///< Selected and under the pointer, by their downstreams
    QSet<NodeId> dimmed, misses;
    GraphFilter filter;
    double zoom = 1;
    QPointF pan;           ///< Where the scene's origin stands in the widget; whole pixels
    bool autoFit = true;   ///< Until the person zooms
    bool keyboard = false; ///< The last input came from it: the focus is shown
    Press press = Press::None;
    bool panning = false;
    NodeId pressed;
    QPointF pressedAt, panAtPress, pointer;
    GraphDrag drag;
    DropAdviser adviser;
    GraphGlide glide;
    QTimer edgeTimer; ///< Moves the picture while a card is held at its rim

    /// What of the links can be pointed at, as of when it was last asked for.
    mutable QList<LinkPick> picks;
    mutable QRectF picksSeen;
    mutable bool picksOld = true;

    double scale() const;
    QPointF toScene(const QPointF &widget) const;
    QRectF toWidget(const QRectF &scene) const;
    GraphSight sight() const; ///< What is seen just now
    GraphStyle style(const GraphView *view) const;
    NodeId actionAt(
        const QPointF &widgetPosition) const; ///< The node whose card's action stands there; empty if none
    NodeId cardAt(const QPointF &widgetPosition) const;
    NodeId chipAt(const QPointF &widgetPosition, const GraphView *view) const;
    /// The chip of a node, in scene units, and its words; empty where none is shown.
    QRectF chipRect(const NodeId &node, const GraphStyle &look, QString *words = nullptr) const;
    QList<NodeId> chips() const;                 ///< Nodes whose chip is shown
    double fitting(const GraphView *view) const; ///< The zoom at which all of it is seen; at most 1
    double leastZoom(const GraphView *view) const;
    void setZoom(GraphView *view, double zoom, const QPointF &about);
    void panTo(GraphView *view, const QPointF &wanted);
    void keepInSight(const GraphView *view);
    void fitInto(GraphView *view);
    void showRect(GraphView *view, const QRectF &scene);
    void describe(GraphView *view);
    void applyFilter();
    void reveal(GraphView *view, const NodeId &node);
    void reveal(GraphView *view, const QRectF &shown); ///< Widget coordinates
    void setHovered(GraphView *view, const NodeId &node, const NodeId &overLink = {});
    const QList<LinkPick> &linksNow(const GraphView *view) const;
    const LinkPick *pickOf(const NodeId &downstream, const GraphView *view) const;
    NodeId linkAt(const QPointF &widgetPosition, const GraphView *view) const;
    bool linkKey(GraphView *view, const QKeyEvent &event); ///< True: it was one for the selected link
    void keyTo(GraphView *view, const NodeId &node);       ///< By the keyboard
    void keyToLink(GraphView *view, NodeId downstream);    ///< A copy: what it may come from is cleared
    bool tipAt(GraphView *view, const QPoint &at, const QPoint &global);
    /// After the structure, the places or what is folded changed: from what was seen before.
    void changed(GraphView *view, const GraphSight &before);
    void foldedAway(GraphView *view, const GraphSight &before);
    void placesChanged(GraphView *view, const GraphSight &before);
    void beginDrag(GraphView *view, const QPointF &at);
    void dragTo(GraphView *view, const QPointF &at);
    void drop(GraphView *view);
    void cancelDrag(GraphView *view);
    void nudge(GraphView *view, int key);
    bool fold(GraphView *view, bool folded);
};

} // namespace understudy
