// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Background.h"
#include "gui/Motion.h"
#include "gui/PlaceStore.h"
#include "gui/graph/GraphPanePrivate.h"

#include <QMenu>

namespace understudy {

void GraphPane::addViewActions(QMenu *menu, const NodeId &node)
{
    GraphView *view = d->view;
    if (!node.isEmpty()) {
        if (view->canCollapse(node)) {
            const bool folded = view->isCollapsed(node);
            menu->addAction(folded ? tr("Show what is below it") : tr("Fold what is below it"), view,
                            [view, node, folded] { view->setCollapsed(node, !folded); });
        }
        menu->addAction(tr("Zoom to it"), view, &GraphView::zoomToSelection);
        if (view->isPlaced(node))
            menu->addAction(tr("Reset its place"), view, [view, node] { view->resetPlace(node); });
        return;
    }
    menu->addAction(tr("Fit"), view, &GraphView::fit);
    menu->addAction(tr("Zoom to the selection"), view, &GraphView::zoomToSelection)
        ->setEnabled(!view->selected().isEmpty() || !view->selectedLink().isEmpty());
    menu->addSeparator();
    menu->addAction(tr("Unfold everything"), view, &GraphView::expandAll)
        ->setEnabled(!view->scene().layout().hidden.isEmpty());
    QAction *undo = menu->addAction(tr("Undo moving a card"), view, &GraphView::undoPlaces);
    undo->setEnabled(view->canUndoPlaces());
    QAction *reset = menu->addAction(tr("Reset places and folded trees"), view, &GraphView::resetPlaces);
    reset->setObjectName(QStringLiteral("resetPlaces"));
    reset->setEnabled(!view->places().of(view->direction()).isEmpty() || !view->folds().isEmpty());
    menu->addSeparator();
    QAction *map = menu->addAction(tr("Overview map"));
    map->setCheckable(true);
    map->setChecked(d->map->isWanted());
    connect(map, &QAction::toggled, d->map, &GraphMiniMap::setWanted);
    QAction *motion = menu->addAction(tr("Show changes as movement"));
    motion->setCheckable(true);
    motion->setChecked(!Motion::instance().reduced());
    connect(motion, &QAction::toggled, this, [](bool moving) {
        Motion::instance().setChoice(moving ? Motion::Choice::Full : Motion::Choice::Reduced);
    });
}

/// Places and folded trees are kept by cluster; what was kept comes from a worker.
void GraphPane::askForPlaces()
{
    for (const Cluster &cluster : d->topology.clusters) {
        const QString &system = cluster.systemIdentifier;
        if (system.isEmpty())
            continue;
        for (const Node &node : cluster.nodes)
            d->systems.insert(node.id, system);
        if (d->asked.contains(system))
            continue;
        d->asked.insert(system);
        inBackground(
            this, [system] { return placestore::load(system); },
            [this, system](const Arrangement &kept) {
                d->loaded.insert(system);
                const bool early = d->view->canUndoPlaces() || !d->view->folds().isEmpty();
                if (!kept.places.isEmpty())
                    d->view->loadPlaces(kept.places);
                if (!kept.folded.isEmpty())
                    d->view->loadFolds(kept.folded);
                // Moved or folded before that came: kept together with it.
                if (early)
                    keepPlaces();
            });
    }
}

void GraphPane::keepPlaces()
{
    if (d->saving) {
        d->saveAgain = true;
        return;
    }
    QHash<QString, Arrangement> bySystem;
    for (const QString &system : std::as_const(d->loaded))
        bySystem.insert(system, {});
    for (const Direction direction : {Direction::TopToBottom, Direction::LeftToRight}) {
        const QHash<NodeId, QPointF> &places = d->view->places().of(direction);
        for (auto place = places.cbegin(); place != places.cend(); ++place) {
            const QString system = d->systems.value(place.key());
            if (d->loaded.contains(system))
                bySystem[system].places.of(direction).insert(place.key(), place.value());
        }
    }
    for (const NodeId &id : d->view->folds()) {
        const QString system = d->systems.value(id);
        if (d->loaded.contains(system))
            bySystem[system].folded.insert(id);
    }
    d->saving = true;
    inBackground(
        this,
        [bySystem] {
            for (auto it = bySystem.cbegin(); it != bySystem.cend(); ++it)
                placestore::save(it.key(), it.value());
            return true;
        },
        [this](bool) {
            d->saving = false;
            if (std::exchange(d->saveAgain, false))
                keepPlaces();
        });
}

} // namespace understudy
