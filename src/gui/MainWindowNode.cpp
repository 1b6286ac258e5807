// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/MainWindowPrivate.h"
#include "gui/graph/GraphWords.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

namespace understudy {

namespace {

/// A standby whose settings somebody could change.
bool isStandbyOfOurs(const Node &node)
{
    return node.role == Role::Standby && node.state != NodeState::Ghost && node.state != NodeState::Planned;
}

bool canFeed(const Node &node)
{
    return (node.state == NodeState::Up || node.state == NodeState::NoPermission) &&
           node.role != Role::Unknown;
}

} // namespace

void MainWindow::connectNodeActions()
{
    connect(d->ui.actionReattach, &QAction::triggered, this, [this] { askReattach(d->selected); });
    connect(d->node, &NodePanel::reattachWanted, this, &MainWindow::askReattach);
    d->graph->graph()->setDropAdviser([this](const NodeId &standby, const NodeId &target) {
        if (!showsNow())
            return DropAdvice{DropVerdict::Impossible, tr("This is the past")};
        return reattachAdvice(reattachScene(), standby, target);
    });
    connect(d->graph->graph(), &GraphView::reattachWanted, this, &MainWindow::reviewReattach);
    connect(d->ui.actionAddBelow, &QAction::triggered, this, [this] { openAddStandby(d->selected); });
    connect(d->ui.actionAdopt, &QAction::triggered, this, [this] { askAdoption(d->selected); });
    connect(d->ui.actionCopyAddress, &QAction::triggered, this, [this] {
        if (const Node *node = selectedNode())
            QGuiApplication::clipboard()->setText(graphwords::addressOf(*node));
    });
    connect(d->ui.actionCopyFacts, &QAction::triggered, this, [this] {
        QGuiApplication::clipboard()->setText(d->onLink ? d->link->asText() : d->node->asText());
    });
    connect(d->ui.actionCopyFactsSql, &QAction::triggered, this, [this] {
        QGuiApplication::clipboard()->setText(d->onLink ? d->link->asSql() : d->node->asSql());
    });
}

const Node *MainWindow::selectedNode() const
{
    return d->cluster ? shownTopology().node(d->selected) : nullptr;
}

void MainWindow::refreshNodeActions()
{
    const Node *node = selectedNode();
    // What changes a cluster would change it now, whatever is shown.
    const bool now = showsNow();
    d->ui.actionReattach->setEnabled(now && node && isStandbyOfOurs(*node));
    d->ui.actionAddBelow->setEnabled(now && node && canFeed(*node));
    d->ui.actionAdopt->setEnabled(now && node && node->state == NodeState::Ghost);
    d->ui.actionCopyAddress->setEnabled(node);
    d->ui.actionCopyFacts->setEnabled(node);
    d->ui.actionCopyFactsSql->setEnabled(node &&
                                         !(d->onLink ? d->link->asSql() : d->node->asSql()).isEmpty());
}

void MainWindow::nodeMenu(const NodeId &id, const QPoint &at)
{
    const Node *node = d->cluster ? shownTopology().node(id) : nullptr;
    if (!node)
        return;
    selectNode(id);
    refreshNodeActions();
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("nodeMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    // What makes no sense for this node is not there; what it lacks is in the menu bar, greyed.
    for (QAction *action : {d->ui.actionAdopt, d->ui.actionReattach, d->ui.actionAddBelow}) {
        if (action->isEnabled())
            menu->addAction(action);
    }
    menu->addSeparator();
    for (QAction *action : {d->ui.actionCopyAddress, d->ui.actionCopyFacts, d->ui.actionCopyFactsSql}) {
        if (action->isEnabled())
            menu->addAction(action);
    }
    menu->addSeparator();
    d->graph->addViewActions(menu, id);
    menu->popup(at);
}

const ReattachScene &MainWindow::reattachScene()
{
    static const ReattachScene nothing;
    if (!d->cluster)
        return nothing;
    // A drag asks for every card of a look.
    const Topology &topology = d->cluster->topology();
    if (d->scene.topology.takenAtUs != topology.takenAtUs || d->scene.topology.takenAtUs == 0)
        d->scene = ReattachScene::of(topology, d->cluster->snapshots(), d->cluster->bindings());
    return d->scene;
}

void MainWindow::askReattach(const NodeId &standby)
{
    const Node *node = d->cluster ? d->cluster->topology().node(standby) : nullptr;
    if (!node || !showsNow() || !isStandbyOfOurs(*node))
        return;
    delete d->chooser.data();
    d->chooser = new ReattachChooser(reattachScene(), standby, this);
    connect(d->chooser, &ReattachChooser::reviewWanted, this, &MainWindow::reviewReattach);
    d->chooser->show();
}

ReattachReview *MainWindow::reviewReattach(const NodeId &standby, const NodeId &target)
{
    if (!d->cluster)
        return nullptr;
    d->reviews.removeIf([](const QPointer<ReattachReview> &review) { return !review; });
    for (const QPointer<ReattachReview> &open : std::as_const(d->reviews)) {
        if (open->standby() == standby && open->target() == target) {
            open->show();
            open->raise();
            open->activateWindow();
            return open;
        }
    }
    auto *review = new ReattachReview(reattachScene(), d->cluster->extras(), standby, target,
                                      d->cluster->spec().title, this);
    d->reviews << review;
    review->show();
    return review;
}

void MainWindow::followReattach()
{
    if (d->chooser)
        d->chooser->follow(reattachScene());
    for (const QPointer<ReattachReview> &review : std::as_const(d->reviews)) {
        if (review)
            review->follow(reattachScene(), d->cluster->extras());
    }
}

void MainWindow::closeReattach()
{
    delete d->chooser.data();
    for (const QPointer<ReattachReview> &review : std::as_const(d->reviews))
        delete review.data();
    d->reviews.clear();
    d->scene = {};
}

} // namespace understudy
