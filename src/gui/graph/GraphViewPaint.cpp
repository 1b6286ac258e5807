// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Style.h"
#include "gui/graph/GraphViewPrivate.h"
#include "gui/graph/GraphWords.h"
#include "paint/FoldChip.h"
#include "paint/PaintUnits.h"

#include <QAccessible>
#include <QGuiApplication>
#include <QPaintEvent>
#include <QPainter>

namespace understudy {

double GraphView::Private::scale() const
{
    return textScale(QGuiApplication::font());
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
    look.selectedLink = link;
    look.hoveredLink = hoveredLink;
    if (const Link *shown = link.isEmpty() ? nullptr : scene.linkTo(link)) {
        // Whatever the filter says: what hangs on it can be read.
        look.dimmed.remove(shown->upstream);
        look.dimmed.remove(link);
    }
    if (view->hasFocus() && keyboard)
        (link.isEmpty() ? look.focused : look.focusedLink) = link.isEmpty() ? current : link;
    return look;
}

QList<NodeId> GraphView::Private::chips() const
{
    QList<NodeId> out = scene.layout().hidden.keys();
    // Where nothing is folded the picture stays calm: only where a person is.
    for (const NodeId &id : {selected, hovered, keyboard && link.isEmpty() ? current : NodeId()}) {
        if (scene.layout().below.contains(id) && scene.layout().cards.contains(id) && !out.contains(id))
            out << id;
    }
    return out;
}

QRectF GraphView::Private::chipRect(const NodeId &node, const GraphStyle &look, QString *text) const
{
    const bool folded = scene.isCollapsed(node);
    const bool far = detailLevel(look.zoom) == DetailLevel::Far;
    if (far && !folded)
        return {};
    QString said;
    if (!folded)
        said = QStringLiteral("\u2212 %1").arg(scene.layout().below.value(node));
    else
        said = foldedWords(foldedTree(scene.layout().hidden.value(node), scene.nodes(), scene.links()),
                           look.zoom);
    if (text)
        *text = said;
    return foldChipRect(scene.layout().cards.value(node), scene.layout().direction, said, folded, look);
}

NodeId GraphView::Private::chipAt(const QPointF &widgetPosition, const GraphView *view) const
{
    const GraphStyle look = style(view);
    const QPointF at = toScene(widgetPosition);
    const QList<NodeId> shown = chips();
    for (const NodeId &id : shown) {
        if (chipRect(id, look).contains(at))
            return id;
    }
    return {};
}

void GraphView::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    GraphStyle look = d->style(this);
    painter.fillRect(event->rect(), look.theme->canvas);
    if (d->scene.isEmpty())
        return;
    painter.setClipRect(event->rect());
    const GraphSight now = d->sight();
    look.zoom = now.zoom;
    painter.translate(now.pan);
    painter.scale(now.zoom, now.zoom);
    paintScene(painter, d->scene.topology(), now.layout, d->scene.extras(), look);
    if (d->glide.isRunning())
        return;
    const QList<NodeId> chips = d->chips();
    for (const NodeId &id : chips) {
        QString text;
        const QRectF chip = d->chipRect(id, look, &text);
        if (chip.isEmpty())
            continue;
        const FoldedTree tree =
            foldedTree(d->scene.layout().hidden.value(id), d->scene.nodes(), d->scene.links());
        paintFoldChip(painter, chip, text, d->scene.isCollapsed(id) ? &tree : nullptr, look);
    }
    d->drag.paint(painter, d->scene, look);
}

void GraphView::Private::describe(GraphView *view)
{
    QString words = graphwords::summary(scene.topology());
    if (const Node *node = scene.node(selected))
        words += QLatin1Char(' ') +
                 GraphView::tr("Selected: %1.").arg(graphwords::nodeSentence(*node, scene.topology()));
    if (const Link *shown = link.isEmpty() ? nullptr : scene.linkTo(link))
        words += QLatin1Char(' ') +
                 GraphView::tr("Selected: link %1.").arg(graphwords::linkName(*shown, scene.topology()));
    if (words == view->accessibleDescription())
        return;
    view->setAccessibleDescription(words);
    if (!QAccessible::isActive())
        return;
    QAccessibleEvent event(view, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

void GraphView::Private::applyFilter()
{
    misses = filter.misses(scene.topology());
    dimmed = misses;
    // A folded tree is as interesting as what is in it.
    for (auto it = scene.layout().hidden.cbegin(); it != scene.layout().hidden.cend() && !misses.isEmpty();
         ++it) {
        if (std::any_of(it.value().cbegin(), it.value().cend(),
                        [this](const NodeId &id) { return !misses.contains(id); }))
            dimmed.remove(it.key());
    }
}

void GraphView::setFilter(const QString &text)
{
    d->filter = GraphFilter(text);
    d->applyFilter();
    update();
}

bool GraphView::isDimmed(const NodeId &node) const
{
    return d->dimmed.contains(node);
}

QList<NodeId> GraphView::matches() const
{
    QList<NodeId> found;
    const auto take = [&](const NodeId &id) {
        if (!d->misses.contains(id))
            found << id;
    };
    for (const NodeId &id : d->scene.layout().order) {
        take(id);
        for (const NodeId &hidden : d->scene.layout().hidden.value(id))
            take(hidden);
    }
    return found;
}

} // namespace understudy
