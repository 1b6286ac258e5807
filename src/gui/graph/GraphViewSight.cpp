// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphViewPrivate.h"

#include <array>
#include <cmath>

namespace understudy {

namespace {

constexpr double usualLeast = 0.05, mostZoom = 2;
constexpr std::array<double, 14> steps{0.05, 0.1,  0.15, 0.2, 0.25, 0.33, 0.4,
                                       0.5,  0.67, 0.85, 1,   1.25, 1.5,  2};

} // namespace

QPointF GraphView::Private::toScene(const QPointF &widget) const
{
    return (widget - pan) / zoom;
}

QRectF GraphView::Private::toWidget(const QRectF &rect) const
{
    return QRectF(rect.topLeft() * zoom + pan, rect.size() * zoom);
}

GraphSight GraphView::Private::sight() const
{
    return glide.isRunning() ? glide.now() : GraphSight{scene.layout(), zoom, pan};
}

double GraphView::Private::fitting(const GraphView *view) const
{
    const QRectF room = view->contentsRect();
    const QRectF bounds = scene.layout().bounds;
    if (bounds.isEmpty() || room.isEmpty())
        return 1;
    return qMin(1.0, qMin(room.width() / bounds.width(), room.height() / bounds.height()));
}

/// However large it is: from there all of it can be seen.
double GraphView::Private::leastZoom(const GraphView *view) const
{
    return qMin(usualLeast, fitting(view));
}

void GraphView::Private::setZoom(GraphView *view, double wanted, const QPointF &about)
{
    const double now = qBound(leastZoom(view), wanted, mostZoom);
    const QPointF scenePoint = toScene(about);
    autoFit = false;
    glide.stop();
    if (qFuzzyCompare(now, zoom))
        return;
    zoom = now;
    pan = about - scenePoint * zoom;
    keepInSight(view);
    view->update();
    Q_EMIT view->zoomChanged(zoom);
    Q_EMIT view->sightChanged();
}

void GraphView::Private::panTo(GraphView *view, const QPointF &wanted)
{
    autoFit = false;
    glide.stop();
    pan = wanted;
    keepInSight(view);
    view->update();
    Q_EMIT view->sightChanged();
}

/// Some of the graph always stays in the window.
void GraphView::Private::keepInSight(const GraphView *view)
{
    const QRectF shown = toWidget(scene.layout().bounds);
    const double rim = 64;
    const QRectF room = view->rect();
    if (shown.right() < rim)
        pan.rx() += rim - shown.right();
    if (shown.left() > room.right() - rim)
        pan.rx() -= shown.left() - (room.right() - rim);
    if (shown.bottom() < rim)
        pan.ry() += rim - shown.bottom();
    if (shown.top() > room.bottom() - rim)
        pan.ry() -= shown.top() - (room.bottom() - rim);
    pan = QPointF(std::round(pan.x()), std::round(pan.y()));
}

void GraphView::Private::fitInto(GraphView *view)
{
    const QRectF room = view->contentsRect();
    const QRectF bounds = scene.layout().bounds;
    if (bounds.isEmpty() || room.isEmpty())
        return;
    const double before = zoom;
    zoom = fitting(view);
    pan = room.center() - bounds.center() * zoom;
    pan = QPointF(std::round(pan.x()), std::round(pan.y()));
    view->update();
    if (!qFuzzyCompare(before, zoom))
        Q_EMIT view->zoomChanged(zoom);
    Q_EMIT view->sightChanged();
}

void GraphView::Private::showRect(GraphView *view, const QRectF &wanted)
{
    const QRectF room = view->contentsRect();
    if (wanted.isEmpty() || room.isEmpty())
        return;
    const GraphSight before = sight();
    const double close = qMin(room.width() / wanted.width(), room.height() / wanted.height());
    autoFit = false;
    zoom = qBound(leastZoom(view), close, 1.0);
    pan = room.center() - wanted.center() * zoom;
    keepInSight(view);
    Q_EMIT view->zoomChanged(zoom);
    Q_EMIT view->sightChanged();
    if (view->isVisible())
        glide.begin(before, {scene.layout(), zoom, pan});
    view->update();
}

double GraphView::zoom() const
{
    return d->zoom;
}

QRectF GraphView::cardRect(const NodeId &node) const
{
    return d->toWidget(d->scene.layout().cards.value(node));
}

QRectF GraphView::shownRect(const NodeId &node) const
{
    const GraphSight now = d->sight();
    const QRectF card = now.layout.cards.value(node);
    return {card.topLeft() * now.zoom + now.pan, card.size() * now.zoom};
}

bool GraphView::isGliding() const
{
    return d->glide.isRunning();
}

QRectF GraphView::visibleScene() const
{
    return {d->toScene(QPointF(0, 0)), QSizeF(size()) / d->zoom};
}

void GraphView::lookAt(const QPointF &scenePoint)
{
    d->panTo(this, QRectF(contentsRect()).center() - scenePoint * d->zoom);
}

void GraphView::zoomIn()
{
    for (const double step : steps) {
        if (step > d->zoom * 1.01)
            return zoomTo(d->zoom < usualLeast ? qMin(step, d->zoom * 2) : step);
    }
}

void GraphView::zoomOut()
{
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (*step < d->zoom * 0.99)
            return zoomTo(*step);
    }
    zoomTo(d->zoom / 2);
}

void GraphView::resetZoom()
{
    zoomTo(1);
}

void GraphView::zoomTo(double zoom)
{
    d->setZoom(this, zoom, QRectF(contentsRect()).center());
}

void GraphView::showNode(const NodeId &node)
{
    const QRectF card = d->scene.layout().cards.value(node);
    if (!card.isEmpty())
        lookAt(card.center());
}

void GraphView::fit()
{
    const GraphSight before = d->sight();
    d->autoFit = true;
    d->fitInto(this);
    if (isVisible())
        d->glide.begin(before, {d->scene.layout(), d->zoom, d->pan});
}

void GraphView::zoomToSelection()
{
    const QHash<NodeId, QRectF> &cards = d->scene.layout().cards;
    if (const Link *link = d->link.isEmpty() ? nullptr : d->scene.linkTo(d->link))
        return d->showRect(
            this, (cards.value(link->upstream) | cards.value(link->downstream)).adjusted(-24, -24, 24, 24));
    QRectF wanted = cards.value(d->selected);
    if (wanted.isEmpty())
        return;
    for (auto card = cards.cbegin(); card != cards.cend(); ++card) {
        const Link *link = d->scene.linkTo(card.key());
        const Link *own = d->scene.linkTo(d->selected);
        if ((link && link->upstream == d->selected) || (own && own->upstream == card.key()))
            wanted |= card.value();
    }
    d->showRect(this, wanted.adjusted(-24, -24, 24, 24));
}

void GraphView::zoomToMatches()
{
    QRectF wanted;
    const QList<NodeId> found = matches();
    for (const NodeId &id : found)
        wanted |= d->scene.layout().cards.value(d->scene.shownAs(id));
    if (!wanted.isEmpty())
        d->showRect(this, wanted.adjusted(-24, -24, 24, 24));
}

void GraphView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    d->glide.stop();
    if (d->autoFit)
        d->fitInto(this);
    else
        d->keepInSight(this);
    Q_EMIT sightChanged();
}

} // namespace understudy
