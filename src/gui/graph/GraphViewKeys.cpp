// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphAccessible.h"
#include "gui/graph/GraphViewPrivate.h"

#include <QContextMenuEvent>
#include <QKeyEvent>

namespace understudy {

/// Folds or unfolds below the node where the keyboard stands; false where that has nothing below it or is so
/// already.
bool GraphView::Private::fold(GraphView *view, bool folded)
{
    const NodeId &at = selected.isEmpty() ? current : selected;
    if (selected.isEmpty() || !scene.layout().below.contains(at) || scene.isCollapsed(at) == folded)
        return false;
    view->setCollapsed(at, folded);
    return true;
}

/// A card is placed by the keyboard, too.
void GraphView::Private::nudge(GraphView *view, int key)
{
    const double step = 4 * GraphPlaces::grid;
    const QRectF card = scene.layout().cards.value(selected);
    if (card.isEmpty())
        return;
    const QPointF by(key == Qt::Key_Left    ? -step
                     : key == Qt::Key_Right ? step
                                            : 0,
                     key == Qt::Key_Up     ? -step
                     : key == Qt::Key_Down ? step
                                           : 0);
    view->place(selected, card.topLeft() + by * scale());
    reveal(view, selected);
}

void GraphView::Private::keyTo(GraphView *view, const NodeId &node)
{
    keyboard = true;
    if (node.isEmpty())
        return view->update();
    current = node;
    view->setSelected(node);
    reveal(view, node);
    graphaccess::focusChanged(view, node);
    view->update();
}

void GraphView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Undo))
        return undoPlaces();
    if (event->matches(QKeySequence::Redo))
        return redoPlaces();
    if (d->linkKey(this, *event))
        return;
    const auto moveTo = [this](const NodeId &id) { d->keyTo(this, id); };
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (event->modifiers() & Qt::ShiftModifier)
            return d->nudge(this, event->key());
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
        if (d->drag.isActive()) {
            d->cancelDrag(this);
            return;
        }
        if (d->selected.isEmpty())
            break;
        setSelected({});
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus:
        if (!d->fold(this, event->key() == Qt::Key_Minus))
            event->key() == Qt::Key_Minus ? zoomOut() : zoomIn();
        return;
    case Qt::Key_0:
        resetZoom();
        return;
    case Qt::Key_F:
        if (event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier))
            break;
        fit();
        return;
    case Qt::Key_L:
        if (event->modifiers() & ~Qt::KeypadModifier)
            break;
        d->keyToLink(this, d->selected.isEmpty() ? d->current : d->selected);
        return;
    case Qt::Key_Z:
        if (event->modifiers() & ~Qt::KeypadModifier)
            break;
        zoomToSelection();
        return;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void GraphView::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Keyboard) {
        if (!d->link.isEmpty()) {
            Q_EMIT linkMenuRequested(d->link, mapToGlobal(linkRect(d->link).center().toPoint()));
            return event->accept();
        }
        const NodeId id = d->selected.isEmpty() ? d->current : d->selected;
        if (id.isEmpty())
            return event->ignore();
        Q_EMIT contextMenuRequested(
            id, mapToGlobal(d->toWidget(d->scene.layout().cards.value(id)).center().toPoint()));
        return event->accept();
    }
    if (d->drag.isActive())
        return event->accept();
    const NodeId id = d->cardAt(event->pos());
    if (const NodeId link = id.isEmpty() ? d->linkAt(event->pos(), this) : NodeId(); !link.isEmpty()) {
        setSelectedLink(link);
        Q_EMIT linkMenuRequested(link, event->globalPos());
        return event->accept();
    }
    if (!id.isEmpty())
        setSelected(id);
    Q_EMIT contextMenuRequested(id, event->globalPos());
    event->accept();
}

} // namespace understudy
