// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphDrag.h"

#include "paint/DropMarks.h"
#include "paint/PaintUnits.h"

#include <QPainterPath>

#include <cmath>

namespace understudy {

void GraphDrag::begin(const NodeId &node, const QPointF &grip, const GraphScene &scene,
                      const DropAdviser &adviser)
{
    end();
    const Node *dragged = scene.node(node);
    if (!dragged)
        return;
    m_node = node;
    m_grip = grip;
    m_card = scene.layout().cards.value(node);
    // Only a standby that exists can be given another upstream.
    if (dragged->role == Role::Standby && dragged->state != NodeState::Ghost &&
        dragged->state != NodeState::Planned)
        m_adviser = adviser;
}

void GraphDrag::end()
{
    m_node.clear();
    m_target.clear();
    m_adviser = {};
    m_advice.clear();
}

void GraphDrag::moveTo(const QPointF &scenePosition, const GraphScene &scene)
{
    m_card.moveTopLeft(scenePosition - m_grip);
    m_target = scene.nodeAt(scenePosition);
    if (m_target == m_node)
        m_target.clear();
}

std::optional<DropAdvice> GraphDrag::adviceFor(const NodeId &target) const
{
    if (!isActive() || !m_adviser || target.isEmpty() || target == m_node)
        return {};
    auto known = m_advice.constFind(target);
    if (known == m_advice.constEnd())
        known = m_advice.insert(target, m_adviser(m_node, target));
    return *known;
}

bool GraphDrag::wantsAttaching() const
{
    const std::optional<DropAdvice> advice = adviceFor(m_target);
    return advice && advice->verdict != DropVerdict::Impossible;
}

void GraphDrag::paint(QPainter &painter, const GraphScene &scene, const GraphStyle &style) const
{
    if (!isActive())
        return;
    const QRectF seen = painter.clipBoundingRect().adjusted(-16, -16, 16, 16);
    const auto mark = [&](const NodeId &id, bool aimed) {
        const QRectF card = scene.layout().cards.value(id);
        const std::optional<DropAdvice> advice = adviceFor(id);
        if (advice && card.intersects(seen))
            paintDropMark(painter, card, *advice, aimed, style, scene.extras().value(id).findings > 0);
    };
    if (m_adviser) {
        for (const NodeId &id : scene.layout().order) {
            if (id != m_target && scene.layout().cards.value(id).intersects(seen))
                mark(id, false);
        }
    }

    const Node *node = scene.node(m_node);
    if (!node)
        return;
    // As one picture: parts that lie over each other must not shine through each other.
    const double scale = painter.deviceTransform().m11();
    QImage picture((m_card.size() * scale).toSize() + QSize(8, 32), QImage::Format_ARGB32_Premultiplied);
    picture.fill(Qt::transparent);
    QPainter inner(&picture);
    inner.translate(4, 16);
    inner.scale(scale, scale);
    GraphStyle plain = style;
    plain.selected = plain.hovered = plain.focused = NodeId();
    plain.dimmed.clear();
    paintCard(inner, QRectF(QPointF(), m_card.size()), *node, scene.linkTo(m_node), scene.topology(),
              scene.extras().value(m_node), plain);
    inner.end();
    painter.save();
    // Lifted, not glass: what it is held over must not shine through its words.
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath below;
    below.addRoundedRect(m_card, 8 * textScale(style.font), 8 * textScale(style.font));
    painter.fillPath(below, style.theme ? style.theme->canvas : Theme::light().canvas);
    painter.setOpacity(0.7);
    painter.drawImage(QRectF(m_card.topLeft() - QPointF(4, 16) / scale, QSizeF(picture.size()) / scale),
                      picture);
    painter.setOpacity(1);
    painter.setRenderHint(QPainter::Antialiasing);
    const double k = unitsPerScene(style);
    painter.scale(1 / k, 1 / k);
    strokeDashed(painter, QRectF(m_card.topLeft() * k, m_card.size() * k), 7,
                 style.theme ? style.theme->accent : Theme::light().accent);
    painter.restore();
    // Its words stay readable even below the card that is held over them.
    if (!m_target.isEmpty())
        mark(m_target, true);
}

} // namespace understudy
