// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphView.h"

#include "gui/Style.h"
#include "gui/graph/GraphAccessible.h"
#include "gui/graph/GraphViewPrivate.h"

namespace understudy {

GraphView::GraphView(QWidget *parent) : QWidget(parent), d(std::make_shared<Private>())
{
    // Before anything that a screen reader hears of.
    graphaccess::install();
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    grabGesture(Qt::PinchGesture);
    setAccessibleName(tr("Replication graph"));
    setMinimumSize(160, 120);
    connect(&Style::instance(), &Style::changed, this, [this] { update(); });
    connect(&d->glide, &GraphGlide::moved, this, [this] { update(); });
    connect(&d->glide, &QAbstractAnimation::finished, this, [this] { update(); });
    d->edgeTimer.setInterval(16);
    connect(&d->edgeTimer, &QTimer::timeout, this, [this] { d->dragTo(this, d->pointer); });
}

GraphView::~GraphView()
{
    d->glide.stop();
    d->edgeTimer.stop();
}

void GraphView::Private::changed(GraphView *view, const GraphSight &before)
{
    if (autoFit)
        fitInto(view);
    else
        keepInSight(view);
    applyFilter();
    picksOld = true;
    if (!hovered.isEmpty() && !scene.layout().cards.contains(hovered))
        hovered.clear();
    if (!scene.drawsLink(hoveredLink))
        hoveredLink.clear();
    if (view->isVisible())
        glide.begin(before, {scene.layout(), zoom, pan});
    view->update();
    Q_EMIT view->sightChanged();
}

void GraphView::setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras)
{
    const GraphSight before = d->sight();
    const bool changed = d->scene.setTopology(topology, extras, d->scale());
    d->picksOld = true;
    if (changed) {
        if (d->drag.isActive() && !d->scene.node(d->drag.node()))
            d->cancelDrag(this);
        if (!d->current.isEmpty() && !d->scene.node(d->current))
            d->current.clear();
        d->changed(this, before);
        graphaccess::structureChanged(this);
        if (!d->selected.isEmpty() && !d->scene.node(d->selected))
            setSelected({});
        if (!d->link.isEmpty() && !d->scene.drawsLink(d->link))
            setSelectedLink({});
    }
    d->applyFilter();
    d->describe(this);
    graphaccess::looked(this);
    update();
}

NodeId GraphView::selected() const
{
    return d->selected;
}

void GraphView::setSelected(const NodeId &node)
{
    const NodeId wanted = d->scene.node(node) ? node : NodeId();
    const GraphSight before = d->sight();
    if (d->scene.unfold(wanted, d->scale())) {
        d->changed(this, before);
        Q_EMIT foldsChanged();
    }
    const bool wasLink = !d->link.isEmpty();
    if (wanted == d->selected && !wasLink)
        return;
    d->link.clear();
    d->selected = wanted;
    if (!wanted.isEmpty())
        d->current = wanted;
    d->describe(this);
    update();
    graphaccess::selectionChanged(this, wanted);
    if (wasLink)
        Q_EMIT linkSelected({});
    Q_EMIT selectionChanged(wanted);
}

NodeId GraphView::current() const
{
    return d->current;
}

void GraphView::open(const NodeId &node)
{
    setSelected(node);
    if (d->selected == node && !node.isEmpty())
        Q_EMIT activated(node);
}

void GraphView::setDirection(std::optional<Direction> direction)
{
    const GraphSight before = d->sight();
    d->scene.setDirection(direction, d->scale());
    d->autoFit = true;
    d->changed(this, before);
}

Direction GraphView::direction() const
{
    return d->scene.layout().direction;
}

const GraphScene &GraphView::scene() const
{
    return d->scene;
}

} // namespace understudy
