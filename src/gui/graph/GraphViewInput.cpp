// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphAccessible.h"
#include "gui/graph/GraphViewPrivate.h"
#include "gui/graph/GraphWords.h"

#include <QApplication>
#include <QGestureEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPinchGesture>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>
#include <utility>

namespace understudy {

void GraphView::Private::setHovered(GraphView *view, const NodeId &node)
{
    if (node == hovered)
        return;
    hovered = node;
    view->update();
}

void GraphView::Private::reveal(GraphView *view, const NodeId &node)
{
    const QRectF card = toWidget(scene.layout().cards.value(node)).adjusted(-8, -8, 8, 8);
    const QRectF room = view->contentsRect();
    QPointF by;
    if (card.left() < room.left())
        by.rx() = room.left() - card.left();
    else if (card.right() > room.right())
        by.rx() = qMax(room.right() - card.right(), room.left() - card.left());
    if (card.top() < room.top())
        by.ry() = room.top() - card.top();
    else if (card.bottom() > room.bottom())
        by.ry() = qMax(room.bottom() - card.bottom(), room.top() - card.top());
    if (by.isNull())
        return;
    panTo(view, pan + by);
}

bool GraphView::event(QEvent *event)
{
    switch (event->type()) {
    case QEvent::ToolTip: {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QPointF at = d->toScene(help->pos());
        if (const NodeId chip = d->chipAt(help->pos(), this); !chip.isEmpty()) {
            QToolTip::showText(help->globalPos(),
                               d->scene.isCollapsed(chip) ? tr("Show what is below it (+)")
                                                          : tr("Fold what is below it (\u2212)"),
                               this);
            return true;
        }
        const NodeId id = d->scene.nodeAt(at);
        if (const Node *node = d->scene.node(id)) {
            QToolTip::showText(help->globalPos(),
                               graphwords::nodeTip(*node, d->scene.linkTo(id), d->scene.topology()), this,
                               d->toWidget(d->scene.layout().cards.value(id)).toAlignedRect());
            return true;
        }
        const auto labels =
            linkLabelRects(d->scene.topology(), d->scene.layout(), d->scene.extras(), d->style(this));
        for (auto it = labels.cbegin(); it != labels.cend(); ++it) {
            const Link *link = d->scene.linkTo(it.key());
            if (!link || !it.value().contains(at))
                continue;
            QToolTip::showText(help->globalPos(), graphwords::linkTip(*link, d->scene.topology()), this,
                               d->toWidget(it.value()).toAlignedRect());
            return true;
        }
        QToolTip::hideText();
        event->ignore();
        return true;
    }
    case QEvent::Gesture: {
        auto *gesture = static_cast<QGestureEvent *>(event);
        if (auto *pinch = static_cast<QPinchGesture *>(gesture->gesture(Qt::PinchGesture))) {
            const QPointF about = mapFromGlobal(pinch->hotSpot());
            d->setZoom(this, d->zoom * pinch->scaleFactor(), about);
            gesture->accept(pinch);
            return true;
        }
        break;
    }
    case QEvent::NativeGesture: {
        auto *native = static_cast<QNativeGestureEvent *>(event);
        if (native->gestureType() == Qt::ZoomNativeGesture) {
            d->setZoom(this, d->zoom * (1 + native->value()), native->position());
            return true;
        }
        break;
    }
    case QEvent::FocusIn: {
        const auto reason = static_cast<QFocusEvent *>(event)->reason();
        d->keyboard = reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason ||
                      reason == Qt::ShortcutFocusReason;
        if (d->current.isEmpty())
            d->current = d->selected.isEmpty() ? d->scene.first() : d->selected;
        graphaccess::focusChanged(this, d->current);
        update();
        break;
    }
    case QEvent::FocusOut:
        d->cancelDrag(this);
        update();
        break;
    case QEvent::ShortcutOverride: {
        // Undo belongs to the graph while a person works in it.
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo) ||
            (key->key() == Qt::Key_Escape && d->drag.isActive())) {
            event->accept();
            return true;
        }
        break;
    }
    case QEvent::ApplicationFontChange:
        d->glide.stop();
        d->scene.relayout(d->scale());
        if (d->autoFit)
            d->fitInto(this);
        update();
        Q_EMIT sightChanged();
        break;
    default:
        break;
    }
    return QWidget::event(event);
}

NodeId GraphView::Private::cardAt(const QPointF &widgetPosition) const
{
    return scene.nodeAt(toScene(widgetPosition));
}

void GraphView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::RightButton && d->drag.isActive()) {
        d->cancelDrag(this);
        return;
    }
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return event->ignore();
    d->keyboard = false;
    d->panning = false;
    d->pressedAt = event->position();
    d->panAtPress = d->pan;
    d->press = Private::Press::Canvas;
    if (event->button() == Qt::MiddleButton)
        return;
    if (const NodeId chip = d->chipAt(event->position(), this); !chip.isEmpty()) {
        d->press = Private::Press::Chip;
        d->pressed = chip;
        return;
    }
    const NodeId id = d->cardAt(event->position());
    if (id.isEmpty())
        return;
    d->press = Private::Press::Card;
    d->pressed = id;
    setSelected(id);
}

void GraphView::mouseMoveEvent(QMouseEvent *event)
{
    if (d->press == Private::Press::None) {
        const NodeId chip = d->chipAt(event->position(), this);
        d->setHovered(this, chip.isEmpty() ? d->cardAt(event->position()) : chip);
        const bool hand = !chip.isEmpty() || !d->actionAt(event->position()).isEmpty();
        setCursor(hand ? Qt::PointingHandCursor : Qt::ArrowCursor);
        return;
    }
    if (d->drag.isActive())
        return d->dragTo(this, event->position());
    const QPointF by = event->position() - d->pressedAt;
    if (!d->panning && by.manhattanLength() < QApplication::startDragDistance())
        return;
    if (d->press == Private::Press::Card) {
        d->beginDrag(this, event->position());
        return;
    }
    if (!d->panning) {
        d->panning = true;
        setCursor(Qt::ClosedHandCursor);
    }
    d->panTo(this, d->panAtPress + by);
}

NodeId GraphView::Private::actionAt(const QPointF &widgetPosition) const
{
    const QPointF at = toScene(widgetPosition);
    const NodeId id = scene.nodeAt(at);
    const Node *node = scene.node(id);
    if (!node)
        return {};
    const QRectF part = cardAction(*node, detailLevel(zoom));
    const QRectF card = scene.layout().cards.value(id);
    const QRectF action(card.x() + part.x() * card.width(), card.y() + part.y() * card.height(),
                        part.width() * card.width(), part.height() * card.height());
    return action.contains(at) ? id : NodeId();
}

void GraphView::mouseReleaseEvent(QMouseEvent *event)
{
    const Private::Press press = std::exchange(d->press, Private::Press::None);
    if (d->drag.isActive())
        return d->drop(this);
    if (std::exchange(d->panning, false)) {
        unsetCursor();
        return;
    }
    if (event->button() != Qt::LeftButton)
        return;
    if (press == Private::Press::Chip && d->chipAt(event->position(), this) == d->pressed)
        return setCollapsed(d->pressed, !isCollapsed(d->pressed));
    if (press != Private::Press::Card)
        return;
    if (const NodeId id = d->actionAt(event->position()); !id.isEmpty())
        Q_EMIT actionClicked(id);
}

void GraphView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const NodeId id = d->cardAt(event->position());
    if (event->button() == Qt::LeftButton && !id.isEmpty() && d->chipAt(event->position(), this).isEmpty())
        Q_EMIT activated(id);
}

void GraphView::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers() & Qt::ControlModifier) {
        const double turns = event->angleDelta().y() / 120.0;
        d->setZoom(this, d->zoom * std::pow(1.15, turns), event->position());
        event->accept();
        return;
    }
    QPointF by =
        event->pixelDelta().isNull() ? QPointF(event->angleDelta()) / 2 : QPointF(event->pixelDelta());
    if (event->modifiers() & Qt::ShiftModifier)
        by = QPointF(by.y(), by.x());
    d->panTo(this, d->pan + by);
    event->accept();
}

void GraphView::leaveEvent(QEvent *event)
{
    d->setHovered(this, {});
    QWidget::leaveEvent(event);
}

} // namespace understudy
