// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphScene.h"
#include "gui/graph/GraphView.h"

namespace understudy {

/// The view's state; its painting is in GraphView.cpp, its input in GraphViewInput.cpp.
struct GraphView::Private
{
    GraphScene scene;
    NodeId selected, hovered, current; ///< current: where the keyboard stands
    QSet<NodeId> dimmed;
    QString filter;
    double zoom = 1;
    QPointF pan;           ///< Where the scene's origin stands in the widget; whole pixels
    bool autoFit = true;   ///< Until the person zooms
    bool keyboard = false; ///< The last input came from it: the focus is shown
    bool dragging = false, pressed = false;
    QPointF pressedAt, panAtPress;

    double scale() const;
    QPointF toScene(const QPointF &widget) const;
    QRectF toWidget(const QRectF &scene) const;
    GraphStyle style(const GraphView *view) const;
    NodeId actionAt(
        const QPointF &widgetPosition) const; ///< The node whose card's action stands there; empty if none
    void setZoom(GraphView *view, double zoom, const QPointF &about);
    void keepInSight(const GraphView *view);
    void fitInto(GraphView *view);
    void describe(GraphView *view);
    void applyFilter();
    void reveal(GraphView *view, const NodeId &node);
    void setHovered(GraphView *view, const NodeId &node);
};

} // namespace understudy
