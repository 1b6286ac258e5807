// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphScene.h"
#include "model/DropAdvice.h"

#include <QImage>
#include <functional>

namespace understudy {

using DropAdviser = std::function<DropAdvice(const NodeId &dragged, const NodeId &target)>;

/// A card on its way: which one, where it is held, what each other card would say to it. GUI thread.
class GraphDrag
{
public:
    bool isActive() const { return !m_node.isEmpty(); }
    const NodeId &node() const { return m_node; }
    const NodeId &target() const { return m_target; }
    /// @p grip: where the card is held, from its corner; scene units. Asks the adviser about standbys alone,
    /// about each target once.
    void begin(const NodeId &node, const QPointF &grip, const GraphScene &scene, const DropAdviser &adviser);
    void end();
    void moveTo(const QPointF &scenePosition, const GraphScene &scene);
    /// Where the card would stand.
    QRectF card() const { return m_card; }
    /// Dropping it on the target would ask for a new upstream.
    bool wantsAttaching() const;
    /// Not over any card: dropping it gives it a place.
    bool wantsPlace() const { return isActive() && m_target.isEmpty(); }
    std::optional<DropAdvice> adviceFor(const NodeId &target) const;

    /// Marks on the other cards, then the card itself at 70 %.
    void paint(QPainter &painter, const GraphScene &scene, const GraphStyle &style) const;

private:
    NodeId m_node, m_target;
    QPointF m_grip;
    QRectF m_card;
    DropAdviser m_adviser;
    mutable QHash<NodeId, DropAdvice> m_advice;
};

} // namespace understudy
