// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphAccessible.h"
#include "gui/graph/GraphViewPrivate.h"
#include "paint/FarMarks.h"
#include "paint/PaintUnits.h"

#include <QApplication>
#include <QGestureEvent>
#include <QGuiApplication>
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

namespace {

constexpr double denseReach = 8; ///< Half of what a pointer hits at ease

} // namespace

void GraphView::Private::setHovered(GraphView *view, const NodeId &node, const NodeId &overLink)
{
    if (node == hovered && overLink == hoveredLink)
        return;
    hovered = node;
    hoveredLink = overLink;
    view->update();
}

void GraphView::Private::reveal(GraphView *view, const NodeId &node)
{
    reveal(view, toWidget(scene.layout().cards.value(node)));
}

void GraphView::Private::reveal(GraphView *view, const QRectF &shown)
{
    const QRectF card = shown.adjusted(-8, -8, 8, 8);
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
        if (d->tipAt(this, help->pos(), help->globalPos()))
            return true;
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
        if (d->link.isEmpty())
            graphaccess::focusChanged(this, d->current);
        else
            graphaccess::linkFocused(this, d->link);
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
        d->picksOld = true;
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
    const QPointF at = toScene(widgetPosition);
    NodeId under = scene.nodeAt(at);
    GraphStyle look;
    look.font = QGuiApplication::font();
    look.zoom = zoom;
    if (!under.isEmpty() || !isDense(scene.layout(), look))
        return under;
    // Cards are smaller than a pixel there: the mark that is nearest is meant.
    NodeId nearest;
    double least = denseReach / unitsPerScene(look);
    for (auto card = scene.layout().cards.cbegin(); card != scene.layout().cards.cend(); ++card) {
        const QPointF away = denseMark(card.value(), look).center() - at;
        const double distance = std::hypot(away.x(), away.y());
        if (distance < least) {
            least = distance;
            nearest = card.key();
        }
    }
    return nearest;
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
    if (id.isEmpty()) {
        // Chosen when it is let go: moving on from there moves the picture, as everywhere on the canvas.
        d->pressed = d->linkAt(event->position(), this);
        if (!d->pressed.isEmpty())
            d->press = Private::Press::Link;
        return;
    }
    d->press = Private::Press::Card;
    d->pressed = id;
    setSelected(id);
}

void GraphView::mouseMoveEvent(QMouseEvent *event)
{
    if (d->press == Private::Press::None) {
        const NodeId chip = d->chipAt(event->position(), this);
        const NodeId over = chip.isEmpty() ? d->cardAt(event->position()) : chip;
        const NodeId link = over.isEmpty() ? d->linkAt(event->position(), this) : NodeId();
        d->setHovered(this, over, link);
        const bool hand = !chip.isEmpty() || !link.isEmpty() || !d->actionAt(event->position()).isEmpty();
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
    if (press == Private::Press::Link)
        return setSelectedLink(d->pressed);
    if (press != Private::Press::Card)
        return;
    if (const NodeId id = d->actionAt(event->position()); !id.isEmpty())
        Q_EMIT actionClicked(id);
}

void GraphView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !d->chipAt(event->position(), this).isEmpty())
        return;
    if (const NodeId id = d->cardAt(event->position()); !id.isEmpty())
        Q_EMIT activated(id);
    else if (const NodeId link = d->linkAt(event->position(), this); !link.isEmpty())
        openLink(link);
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
