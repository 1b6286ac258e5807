// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/MainWindowPrivate.h"
#include "model/WalFlow.h"

#include <QMenu>

namespace understudy {

void MainWindow::buildLinkPage()
{
    d->facts = new QStackedWidget(d->inspector);
    d->node = new NodePanel(d->facts);
    d->link = new LinkPanel(d->facts);
    d->facts->addWidget(d->node);
    d->facts->addWidget(d->link);
}

void MainWindow::connectLinks()
{
    connect(d->graph, &GraphPane::linkSelected, this, &MainWindow::selectLink);
    connect(d->graph->graph(), &GraphView::linkActivated, this, [this](const NodeId &downstream) {
        selectLink(downstream);
        d->inspector->show();
        d->inspector->setCurrentPage(0);
    });
    connect(d->graph->graph(), &GraphView::linkMenuRequested, this, &MainWindow::linkMenu);
    connect(d->link, &LinkPanel::nodeWanted, this, &MainWindow::selectNode);
    connect(d->link, &LinkPanel::reattachWanted, this, &MainWindow::askReattach);
}

void MainWindow::selectNode(const NodeId &node)
{
    if (node == d->selected && !d->onLink)
        return;
    d->selected = node;
    d->onLink = false;
    d->graph->graph()->setSelected(node);
    refresh();
}

void MainWindow::selectLink(const NodeId &downstream)
{
    if (d->onLink && downstream == d->selected)
        return;
    d->selected = downstream;
    d->onLink = true;
    refresh();
}

/// The graph and the inspector show the same, whoever chose it.
void MainWindow::showSelection(const Topology &topology, const QHash<NodeId, CardExtras> &extras)
{
    GraphView *graph = d->graph->graph();
    if (d->onLink) {
        graph->setSelectedLink(d->selected);
        // It may be gone, or drawn no more: then its standby is what is left of it.
        d->onLink = graph->selectedLink() == d->selected;
    }
    if (!d->onLink && graph->selected() != d->selected)
        graph->setSelected(d->selected);
    d->node->set(topology, extras, d->selected, showsNow());
    d->node->setHistory(d->cluster ? d->cluster->history() : LagHistory());
    if (d->onLink)
        d->link->set(topology, d->selected, showsNow());
    d->facts->setCurrentWidget(d->onLink ? static_cast<QWidget *>(d->link) : d->node);
    const QString title = d->onLink ? tr("Link") : tr("Node");
    if (d->inspector->tabs()->tabText(0) != title)
        d->inspector->tabs()->setTabText(0, title);
    refreshNodeActions();
}

void MainWindow::linkMenu(const NodeId &downstream, const QPoint &at)
{
    const Cluster *cluster = d->cluster ? shownTopology().clusterOf(downstream) : nullptr;
    const Link *link = cluster ? cluster->linkTo(downstream) : nullptr;
    if (!link)
        return;
    selectLink(downstream);
    const auto nameOf = [&](const NodeId &id) {
        const Node *node = cluster->node(id);
        // Names come from outside: an ampersand in one is no shortcut.
        return (node ? nodeName(*node) : QString(id)).replace(u'&', QStringLiteral("&&"));
    };
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("linkMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const NodeId &end : {link->upstream, link->downstream}) {
        QAction *select =
            menu->addAction(end == link->upstream ? tr("Select its upstream, %1").arg(nameOf(end))
                                                  : tr("Select its downstream, %1").arg(nameOf(end)));
        select->setEnabled(cluster->node(end));
        connect(select, &QAction::triggered, this, [this, end] { selectNode(end); });
    }
    menu->addSeparator();
    if (d->ui.actionReattach->isEnabled())
        menu->addAction(d->ui.actionReattach);
    menu->addSeparator();
    for (QAction *action : {d->ui.actionCopyFacts, d->ui.actionCopyFactsSql}) {
        if (action->isEnabled())
            menu->addAction(action);
    }
    menu->addSeparator();
    menu->addAction(tr("Zoom to it"), d->graph->graph(), &GraphView::zoomToSelection);
    menu->popup(at);
}

/// What is written, and what sending it costs, for every cluster that is watched.
void MainWindow::refreshWal(const Topology &topology)
{
    QStringList words, tips;
    for (const Cluster &cluster : topology.clusters) {
        const Node *primary = cluster.primary();
        if (!primary)
            continue;
        const WalFlow flow = walFlow(cluster, primary->id);
        words << (topology.clusters.size() > 1 ? tr("%1: %2").arg(nodeName(*primary), walWords(flow))
                                               : walWords(flow));
        tips << walExplained(flow, nodeName(*primary));
    }
    const QString text = words.isEmpty() ? tr("WAL rate unknown") : words.join(QStringLiteral(", "));
    if (d->wal->text() != text)
        d->wal->setText(text);
    d->wal->setToolTip(tips.isEmpty() ? tr("No primary is seen.") : tips.join(QStringLiteral("\n\n")));
    d->wal->setAccessibleDescription(d->wal->toolTip());
    d->wal->show();
}

} // namespace understudy
