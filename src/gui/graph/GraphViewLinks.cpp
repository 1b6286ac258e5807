// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphAccessible.h"
#include "gui/graph/GraphViewPrivate.h"
#include "gui/graph/GraphWords.h"

#include <QKeyEvent>
#include <QToolTip>

namespace understudy {

namespace {

constexpr double reach = 8; ///< How far beside a link it is still meant, at 100 % text

} // namespace

/// Labels are words to be measured: only as often as something changed, and only for what is in the window.
const QList<LinkPick> &GraphView::Private::linksNow(const GraphView *view) const
{
    const QRectF seen = view->visibleScene();
    if (picksOld || picksSeen != seen) {
        picksOld = false;
        picksSeen = seen;
        picks = linkPicks(scene.topology(), scene.layout(), scene.extras(), style(view), seen);
    }
    return picks;
}

const LinkPick *GraphView::Private::pickOf(const NodeId &downstream, const GraphView *view) const
{
    for (const LinkPick &pick : linksNow(view)) {
        if (pick.downstream == downstream)
            return &pick;
    }
    return nullptr;
}

NodeId GraphView::Private::linkAt(const QPointF &widgetPosition, const GraphView *view) const
{
    if (glide.isRunning() || !cardAt(widgetPosition).isEmpty())
        return {};
    return understudy::linkAt(linksNow(view), toScene(widgetPosition), reach * scale() / zoom, link);
}

NodeId GraphView::linkAt(const QPointF &widgetPosition) const
{
    return d->linkAt(widgetPosition, this);
}

QRectF GraphView::linkRect(const NodeId &downstream) const
{
    const LinkPick *pick = d->scene.drawsLink(downstream) ? d->pickOf(downstream, this) : nullptr;
    if (!pick)
        return {};
    if (!pick->label.isEmpty())
        return d->toWidget(pick->label);
    const QRectF tail = QRectF(pick->way.at(pick->way.size() - 2), pick->way.constLast()).normalized();
    const double around = reach * d->scale();
    return d->toWidget(tail).adjusted(-around, -around, around, around);
}

NodeId GraphView::selectedLink() const
{
    return d->link;
}

void GraphView::setSelectedLink(const NodeId &downstream)
{
    const GraphSight before = d->sight();
    if (d->scene.linkTo(downstream) && d->scene.unfold(downstream, d->scale())) {
        d->changed(this, before);
        Q_EMIT foldsChanged();
    }
    const NodeId wanted = d->scene.drawsLink(downstream) ? downstream : NodeId();
    if (wanted == d->link)
        return;
    d->link = wanted;
    if (!wanted.isEmpty()) {
        d->selected.clear();
        d->current = wanted;
    }
    d->describe(this);
    update();
    graphaccess::linkSelected(this, wanted);
    Q_EMIT linkSelected(wanted);
}

void GraphView::openLink(const NodeId &downstream)
{
    setSelectedLink(downstream);
    if (d->link == downstream && !downstream.isEmpty())
        Q_EMIT linkActivated(downstream);
}

// A copy: what the caller's refers to changes on the way.
// NOLINTNEXTLINE(performance-unnecessary-value-param)
void GraphView::Private::keyToLink(GraphView *view, NodeId downstream)
{
    keyboard = true;
    view->update();
    if (!scene.drawsLink(downstream))
        return;
    view->setSelectedLink(downstream);
    reveal(view, view->linkRect(downstream));
    graphaccess::linkFocused(view, downstream);
}

bool GraphView::Private::linkKey(GraphView *view, const QKeyEvent &event)
{
    const Link *shown = link.isEmpty() ? nullptr : scene.linkTo(link);
    if (!shown)
        return false;
    const bool across = scene.layout().direction == Direction::LeftToRight;
    const NodeId at = link;
    switch (event.key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        // Along it to its ends, beside it to the next link.
        if (event.key() == (across ? Qt::Key_Left : Qt::Key_Up))
            keyTo(view, shown->upstream);
        else if (event.key() == (across ? Qt::Key_Right : Qt::Key_Down))
            keyTo(view, at);
        else
            keyToLink(view, scene.neighbour(at, event.key()));
        return true;
    case Qt::Key_Escape:
    case Qt::Key_L:
        if (event.modifiers() != Qt::NoModifier || drag.isActive())
            return false;
        keyTo(view, at);
        return true;
    case Qt::Key_Space:
        keyToLink(view, at);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        keyboard = true;
        view->openLink(at);
        return true;
    default:
        return false;
    }
}

bool GraphView::Private::tipAt(GraphView *view, const QPoint &at, const QPoint &global)
{
    if (const NodeId chip = chipAt(at, view); !chip.isEmpty()) {
        QToolTip::showText(global,
                           scene.isCollapsed(chip) ? GraphView::tr("Show what is below it (+)")
                                                   : GraphView::tr("Fold what is below it (\u2212)"),
                           view);
        return true;
    }
    const NodeId id = cardAt(at);
    if (const Node *node = scene.node(id)) {
        QToolTip::showText(global, graphwords::nodeTip(*node, scene.linkTo(id), scene.topology()), view,
                           toWidget(scene.layout().cards.value(id)).toAlignedRect());
        return true;
    }
    const NodeId over = linkAt(at, view);
    const Link *shown = over.isEmpty() ? nullptr : scene.linkTo(over);
    if (!shown)
        return false;
    const QRect around(at - QPoint(4, 4), QSize(9, 9));
    QToolTip::showText(global, graphwords::linkTip(*shown, scene.topology()), view, around);
    return true;
}

} // namespace understudy
