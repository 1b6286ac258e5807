// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphView.h"

#include "gui/Style.h"
#include "gui/graph/GraphViewPrivate.h"
#include "gui/graph/GraphWords.h"
#include "paint/PaintUnits.h"

#include <QAccessible>
#include <QGuiApplication>
#include <QPaintEvent>
#include <QPainter>

#include <array>
#include <cmath>

namespace understudy {

namespace {

constexpr double leastZoom = 0.05, mostZoom = 2;
constexpr std::array<double, 14> steps{0.05, 0.1,  0.15, 0.2, 0.25, 0.33, 0.4,
                                       0.5,  0.67, 0.85, 1,   1.25, 1.5,  2};

} // namespace

GraphView::GraphView(QWidget *parent) : QWidget(parent), d(std::make_shared<Private>())
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    grabGesture(Qt::PinchGesture);
    setAccessibleName(tr("Replication graph"));
    setMinimumSize(160, 120);
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
}

double GraphView::Private::scale() const
{
    return textScale(QGuiApplication::font());
}

QPointF GraphView::Private::toScene(const QPointF &widget) const
{
    return (widget - pan) / zoom;
}

QRectF GraphView::Private::toWidget(const QRectF &rect) const
{
    return QRectF(rect.topLeft() * zoom + pan, rect.size() * zoom);
}

void GraphView::Private::setZoom(GraphView *view, double wanted, const QPointF &about)
{
    const double now = qBound(leastZoom, wanted, mostZoom);
    const QPointF scenePoint = toScene(about);
    autoFit = false;
    if (qFuzzyCompare(now, zoom))
        return;
    zoom = now;
    pan = about - scenePoint * zoom;
    keepInSight(view);
    view->update();
    Q_EMIT view->zoomChanged(zoom);
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
    const double fitting = qMin(room.width() / bounds.width(), room.height() / bounds.height());
    const double before = zoom;
    zoom = qBound(leastZoom, fitting, 1.0);
    pan = room.center() - bounds.center() * zoom;
    // A graph that is too large even at the least zoom begins at its beginning.
    pan.rx() = bounds.width() * zoom > room.width() ? room.left() - bounds.left() * zoom : pan.x();
    pan = QPointF(std::round(pan.x()), std::round(pan.y()));
    view->update();
    if (!qFuzzyCompare(before, zoom))
        Q_EMIT view->zoomChanged(zoom);
}

void GraphView::Private::describe(GraphView *view)
{
    QString words = graphwords::summary(scene.topology());
    if (const Node *node = scene.node(selected))
        words += QLatin1Char(' ') +
                 GraphView::tr("Selected: %1.").arg(graphwords::nodeSentence(*node, scene.topology()));
    if (words == view->accessibleDescription())
        return;
    view->setAccessibleDescription(words);
    QAccessibleEvent event(view, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

void GraphView::Private::applyFilter()
{
    dimmed.clear();
    if (filter.trimmed().isEmpty())
        return;
    for (const NodeId &id : scene.layout().order) {
        const Node *node = scene.node(id);
        if (node && !graphwords::matches(*node, scene.linkTo(id), filter))
            dimmed.insert(id);
    }
}

GraphStyle GraphView::Private::style(const GraphView *view) const
{
    GraphStyle look;
    look.theme = &Style::instance().theme();
    look.font = QGuiApplication::font();
    look.zoom = zoom;
    look.selected = selected;
    look.hovered = hovered;
    look.dimmed = dimmed;
    look.actions = true;
    if (view->hasFocus() && keyboard)
        look.focused = current;
    return look;
}

void GraphView::setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras)
{
    const bool changed = d->scene.setTopology(topology, extras, d->scale());
    if (changed) {
        if (d->autoFit)
            d->fitInto(this);
        else
            d->keepInSight(this);
        if (!d->hovered.isEmpty() && !d->scene.node(d->hovered))
            d->hovered.clear();
        if (!d->current.isEmpty() && !d->scene.node(d->current))
            d->current.clear();
        if (!d->selected.isEmpty() && !d->scene.node(d->selected))
            setSelected({});
    }
    d->applyFilter();
    d->describe(this);
    update();
}

NodeId GraphView::selected() const
{
    return d->selected;
}

void GraphView::setSelected(const NodeId &node)
{
    const NodeId wanted = d->scene.node(node) ? node : NodeId();
    if (wanted == d->selected)
        return;
    d->selected = wanted;
    if (!wanted.isEmpty())
        d->current = wanted;
    d->describe(this);
    update();
    Q_EMIT selectionChanged(wanted);
}

void GraphView::setDirection(std::optional<Direction> direction)
{
    d->scene.setDirection(direction, d->scale());
    d->autoFit = true;
    d->fitInto(this);
    update();
}

Direction GraphView::direction() const
{
    return d->scene.layout().direction;
}

void GraphView::setFilter(const QString &text)
{
    d->filter = text;
    d->applyFilter();
    update();
}

double GraphView::zoom() const
{
    return d->zoom;
}

QRectF GraphView::cardRect(const NodeId &node) const
{
    return d->toWidget(d->scene.layout().cards.value(node));
}

void GraphView::zoomIn()
{
    for (const double step : steps) {
        if (step > d->zoom * 1.01)
            return d->setZoom(this, step, QRectF(contentsRect()).center());
    }
}

void GraphView::zoomOut()
{
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (*step < d->zoom * 0.99)
            return d->setZoom(this, *step, QRectF(contentsRect()).center());
    }
}

void GraphView::resetZoom()
{
    d->setZoom(this, 1, QRectF(contentsRect()).center());
}

void GraphView::fit()
{
    d->autoFit = true;
    d->fitInto(this);
}

void GraphView::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    const GraphStyle look = d->style(this);
    painter.fillRect(event->rect(), look.theme->canvas);
    if (d->scene.isEmpty())
        return;
    painter.setClipRect(event->rect());
    painter.translate(d->pan);
    painter.scale(d->zoom, d->zoom);
    paintScene(painter, d->scene.topology(), d->scene.layout(), d->scene.extras(), look);
}

void GraphView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (d->autoFit)
        d->fitInto(this);
    else
        d->keepInSight(this);
}

} // namespace understudy
