// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphViewPrivate.h"
#include "gui/graph/GraphWords.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QGestureEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPinchGesture>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

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
    autoFit = false;
    pan = QPointF(std::round(pan.x() + by.x()), std::round(pan.y() + by.y()));
    view->update();
}

bool GraphView::event(QEvent *event)
{
    switch (event->type()) {
    case QEvent::ToolTip: {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QPointF at = d->toScene(help->pos());
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
        update();
        break;
    }
    case QEvent::FocusOut:
        update();
        break;
    case QEvent::ApplicationFontChange:
        d->scene.relayout(d->scale());
        if (d->autoFit)
            d->fitInto(this);
        update();
        break;
    default:
        break;
    }
    return QWidget::event(event);
}

void GraphView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return event->ignore();
    d->keyboard = false;
    d->pressed = true;
    d->dragging = false;
    d->pressedAt = event->position();
    d->panAtPress = d->pan;
    const NodeId id = d->scene.nodeAt(d->toScene(event->position()));
    if (event->button() == Qt::LeftButton && !id.isEmpty())
        setSelected(id);
}

void GraphView::mouseMoveEvent(QMouseEvent *event)
{
    if (!d->pressed) {
        d->setHovered(this, d->scene.nodeAt(d->toScene(event->position())));
        setCursor(d->actionAt(event->position()).isEmpty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
        return;
    }
    const QPointF by = event->position() - d->pressedAt;
    if (!d->dragging && by.manhattanLength() < QApplication::startDragDistance())
        return;
    if (!d->dragging) {
        d->dragging = true;
        setCursor(Qt::ClosedHandCursor);
    }
    d->autoFit = false;
    d->pan = d->panAtPress + by;
    d->keepInSight(this);
    update();
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
    const bool clicked = d->pressed && !d->dragging && event->button() == Qt::LeftButton;
    d->pressed = false;
    if (d->dragging)
        unsetCursor();
    d->dragging = false;
    if (const NodeId id = clicked ? d->actionAt(event->position()) : NodeId(); !id.isEmpty())
        Q_EMIT actionClicked(id);
}

void GraphView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const NodeId id = d->scene.nodeAt(d->toScene(event->position()));
    if (event->button() == Qt::LeftButton && !id.isEmpty())
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
    d->autoFit = false;
    d->pan += by;
    d->keepInSight(this);
    update();
    event->accept();
}

void GraphView::keyPressEvent(QKeyEvent *event)
{
    const auto moveTo = [this](const NodeId &id) {
        d->keyboard = true;
        if (id.isEmpty())
            return update();
        d->current = id;
        setSelected(id);
        d->reveal(this, id);
        update();
    };
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        moveTo(d->selected.isEmpty() ? (d->current.isEmpty() ? d->scene.first() : d->current)
                                     : d->scene.neighbour(d->current, event->key()));
        return;
    case Qt::Key_Home:
        moveTo(d->scene.first());
        return;
    case Qt::Key_End:
        moveTo(d->scene.layout().order.isEmpty() ? NodeId() : d->scene.layout().order.constLast());
        return;
    case Qt::Key_Space:
        moveTo(d->current);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (d->current.isEmpty())
            break;
        moveTo(d->current);
        Q_EMIT activated(d->current);
        return;
    case Qt::Key_Escape:
        if (d->selected.isEmpty())
            break;
        setSelected({});
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomIn();
        return;
    case Qt::Key_Minus:
        zoomOut();
        return;
    case Qt::Key_0:
        resetZoom();
        return;
    case Qt::Key_F:
        if (event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier))
            break;
        fit();
        return;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void GraphView::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Keyboard) {
        const NodeId id = d->selected.isEmpty() ? d->current : d->selected;
        if (id.isEmpty())
            return event->ignore();
        Q_EMIT contextMenuRequested(
            id, mapToGlobal(d->toWidget(d->scene.layout().cards.value(id)).center().toPoint()));
        return event->accept();
    }
    const NodeId id = d->scene.nodeAt(d->toScene(event->pos()));
    if (!id.isEmpty())
        setSelected(id);
    Q_EMIT contextMenuRequested(id, event->globalPos());
    event->accept();
}

void GraphView::leaveEvent(QEvent *event)
{
    d->setHovered(this, {});
    QWidget::leaveEvent(event);
}

} // namespace understudy
