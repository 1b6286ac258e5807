// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphAccessible.h"
#include "gui/graph/GraphViewPrivate.h"

namespace understudy {

namespace {

constexpr double rim = 28, rimStep = 14; ///< Where a held card moves the picture, and how far each time

double towards(double at, double from, double to)
{
    return at < from + rim ? rimStep : at > to - rim ? -rimStep : 0;
}

} // namespace

void GraphView::Private::beginDrag(GraphView *view, const QPointF &at)
{
    glide.stop();
    const QPointF held = toScene(pressedAt);
    drag.begin(pressed, held - scene.layout().cards.value(pressed).topLeft(), scene, adviser);
    if (!drag.isActive())
        return;
    setHovered(view, {});
    edgeTimer.start();
    dragTo(view, at);
}

void GraphView::Private::dragTo(GraphView *view, const QPointF &at)
{
    if (!drag.isActive())
        return;
    pointer = at;
    const QPointF by(towards(at.x(), 0, view->width()), towards(at.y(), 0, view->height()));
    if (!by.isNull())
        panTo(view, pan + by);
    const QRectF before = drag.card();
    drag.moveTo(toScene(at), scene);
    const bool nowhere = !drag.target().isEmpty() && !drag.wantsAttaching();
    const Qt::CursorShape shape = nowhere ? Qt::ForbiddenCursor : Qt::ClosedHandCursor;
    if (view->cursor().shape() != shape)
        view->setCursor(shape);
    if (before != drag.card() || !by.isNull())
        view->update();
}

void GraphView::Private::cancelDrag(GraphView *view)
{
    if (!drag.isActive())
        return;
    drag.end();
    edgeTimer.stop();
    press = Press::None;
    view->unsetCursor();
    view->update();
}

void GraphView::Private::drop(GraphView *view)
{
    const NodeId node = drag.node(), target = drag.target();
    const bool attaching = drag.wantsAttaching(), placing = drag.wantsPlace();
    const QRectF card = drag.card();
    cancelDrag(view);
    if (attaching) {
        Q_EMIT view->reattachWanted(node, target);
        return;
    }
    if (!placing)
        return;
    QList<QRectF> others;
    for (auto other = scene.layout().cards.cbegin(); other != scene.layout().cards.cend(); ++other) {
        if (other.key() != node)
            others << other.value();
    }
    const double unit = scale();
    const QRectF onGrid(GraphPlaces::snapped(card.topLeft() / unit) * unit, card.size());
    view->place(node, freePlace(onGrid, others, 8 * unit).topLeft());
}

void GraphView::Private::placesChanged(GraphView *view, const GraphSight &before)
{
    // A picture that a person arranges does not move under their hands.
    autoFit = false;
    scene.relayout(scale());
    changed(view, before);
    Q_EMIT view->placesChanged();
}

const PlaceSet &GraphView::places() const
{
    return d->scene.places().now();
}

void GraphView::loadPlaces(const PlaceSet &kept)
{
    const GraphSight before = d->sight();
    d->scene.places().load(kept);
    d->scene.relayout(d->scale());
    d->changed(this, before);
}

void GraphView::place(const NodeId &node, const QPointF &topLeft)
{
    if (!d->scene.layout().cards.contains(node))
        return;
    const GraphSight before = d->sight();
    d->scene.places().put(direction(), node, topLeft / d->scale());
    d->placesChanged(this, before);
}

/// Who is folded away cannot stay selected, and no link to him: the node it is folded into stands for both.
void GraphView::Private::foldedAway(GraphView *view, const GraphSight &before)
{
    const NodeId chosen = link.isEmpty() || scene.drawsLink(link) ? selected : link;
    const NodeId shown = scene.shownAs(chosen);
    changed(view, before);
    if (!current.isEmpty())
        current = scene.shownAs(current);
    if (shown != selected)
        view->setSelected(shown);
    graphaccess::structureChanged(view);
}

bool GraphView::canUndoPlaces() const
{
    return d->scene.places().canUndo();
}

bool GraphView::isPlaced(const NodeId &node) const
{
    return d->scene.layout().placed.contains(node);
}

void GraphView::resetPlace(const NodeId &node)
{
    const GraphSight before = d->sight();
    d->scene.places().reset(direction(), node);
    d->placesChanged(this, before);
}

void GraphView::resetPlaces()
{
    const GraphSight before = d->sight();
    d->scene.places().reset(direction());
    const bool folded = !folds().isEmpty();
    d->scene.setCollapsed(QSet<NodeId>(), d->scale());
    d->placesChanged(this, before);
    if (!folded)
        return;
    graphaccess::structureChanged(this);
    Q_EMIT foldsChanged();
}

void GraphView::undoPlaces()
{
    const GraphSight before = d->sight();
    if (d->scene.places().undo())
        d->placesChanged(this, before);
}

void GraphView::redoPlaces()
{
    const GraphSight before = d->sight();
    if (d->scene.places().redo())
        d->placesChanged(this, before);
}

void GraphView::setDropAdviser(DropAdviser adviser)
{
    d->adviser = std::move(adviser);
}

bool GraphView::isDragging() const
{
    return d->drag.isActive();
}

const QSet<NodeId> &GraphView::folds() const
{
    return d->scene.collapsed();
}

void GraphView::loadFolds(const QSet<NodeId> &kept)
{
    const GraphSight before = d->sight();
    d->scene.setCollapsed(kept | folds(), d->scale());
    d->foldedAway(this, before);
}

bool GraphView::canCollapse(const NodeId &node) const
{
    return d->scene.layout().below.contains(node);
}

bool GraphView::isCollapsed(const NodeId &node) const
{
    return d->scene.isCollapsed(node);
}

void GraphView::setCollapsed(const NodeId &node, bool collapsed)
{
    if (!canCollapse(node) || isCollapsed(node) == collapsed)
        return;
    const GraphSight before = d->sight();
    d->scene.setCollapsed(node, collapsed, d->scale());
    d->foldedAway(this, before);
    Q_EMIT foldsChanged();
}

void GraphView::expandAll()
{
    const GraphSight before = d->sight();
    const QSet<NodeId> collapsed = d->scene.collapsed();
    for (const NodeId &id : collapsed)
        d->scene.setCollapsed(id, false, d->scale());
    d->changed(this, before);
    graphaccess::structureChanged(this);
    Q_EMIT foldsChanged();
}

} // namespace understudy
