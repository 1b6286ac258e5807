// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Background.h"
#include "gui/MainWindowPrivate.h"
#include "gui/panels/AdoptDialog.h"
#include "gui/panels/ThresholdsDialog.h"

#include <QSignalBlocker>

#include <QFileDialog>
#include <QRegularExpression>
#include <QStatusBar>

namespace understudy {

void MainWindow::connectDialogs()
{
    connect(d->node, &NodePanel::adoptWanted, this, &MainWindow::askAdoption);
    connect(d->graph->graph(), &GraphView::actionClicked, this, &MainWindow::askAdoption);
    connect(d->ui.actionThresholds, &QAction::triggered, this, &MainWindow::askThresholds);
    connect(d->ui.actionKeepHistory, &QAction::toggled, this, [this](bool keep) {
        HistorySettings::setKeep(keep);
        if (keep)
            startKeeping();
        else if (d->cluster)
            d->cluster->stopKeepingHistory();
    });
    connect(d->ui.actionSaveCluster, &QAction::triggered, this, &MainWindow::saveClusterFile);
}

void MainWindow::setKeepsHistory(const QString &folder)
{
    d->historyFolder = folder;
    const QSignalBlocker quiet(d->ui.actionKeepHistory);
    d->ui.actionKeepHistory->setChecked(HistorySettings::load().keep);
    d->ui.actionKeepHistory->setEnabled(!folder.isEmpty());
}

void MainWindow::startKeeping()
{
    const HistorySettings settings = HistorySettings::load();
    if (d->cluster && !d->historyFolder.isEmpty() && settings.keep)
        d->cluster->keepHistory(d->historyFolder, settings.store);
}

void MainWindow::noteHistoryProblem()
{
    const HistoryKeeper *keeper = d->cluster ? d->cluster->keeper() : nullptr;
    const QString about = QStringLiteral("history");
    if (!keeper || !keeper->problem()) {
        d->banner->clear(about);
        return;
    }
    // A second window of the same cluster is nothing to worry about.
    const StoreProblem &problem = *keeper->problem();
    const bool calm = problem.kind == StoreProblem::Kind::AnotherWriter;
    d->banner->say(about, calm ? Glyph::FindingNotice : Glyph::FindingWarning, problem.text());
}

void MainWindow::askAdoption(const NodeId &ghost)
{
    if (!showsNow())
        return;
    const Topology &topology = d->cluster->topology();
    const Node *node = topology.node(ghost);
    const auto adoption = adoptionOf(topology, ghost, d->cluster->spec().nodes);
    if (!node || !adoption)
        return;
    auto *dialog =
        new AdoptDialog(*adoption, node->reason, d->cluster->snapshots(), d->cluster->secrets(), this);
    connect(dialog, &AdoptDialog::adopted, this, [this](const WatchedNode &found) {
        if (!d->cluster)
            return;
        d->cluster->addNode(found);
        selectNode(found.id);
    });
    dialog->open();
}

void MainWindow::askThresholds()
{
    if (!d->cluster)
        return;
    const ClusterSpec &spec = d->cluster->spec();
    const bool inFile = !spec.savedFile.isEmpty() && !spec.isDemo;
    auto *dialog = new ThresholdsDialog(spec.thresholds,
                                        inFile ? tr("Kept in %1.").arg(spec.savedFile)
                                               : tr("Kept on this machine for %1.").arg(spec.title),
                                        this);
    connect(dialog, &ThresholdsDialog::changed, this, [this](const Thresholds &thresholds) {
        if (!d->cluster)
            return;
        d->cluster->setThresholds(thresholds);
        d->lag->setThresholds(thresholds);
        refresh();
    });
    // Written once, when the person is done with it.
    connect(dialog, &QDialog::finished, this, [this, dialog, before = spec.thresholds, spec] {
        if (dialog->thresholds() == before)
            return;
        inBackground(
            this,
            [spec, thresholds = dialog->thresholds()] { return thresholdstore::save(spec, thresholds); },
            [this](const Result<void> &saved) {
                if (!saved)
                    d->banner->say(QStringLiteral("thresholds"), Glyph::FindingWarning, saved.error().text());
            });
    });
    dialog->show();
}

void MainWindow::saveClusterFile()
{
    if (!d->cluster)
        return;
    QString name = d->cluster->spec().title;
    name.replace(QRegularExpression(QStringLiteral("[^A-Za-z0-9._-]+")), QStringLiteral("-"));
    auto *dialog = new QFileDialog(this, tr("Save cluster file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Cluster files (*.json)"));
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->selectFile(name + QStringLiteral(".json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        if (!d->cluster)
            return;
        ClusterSpec spec = d->cluster->spec();
        spec.isDemo = false; // The demo goes; its addresses are worth nothing without it.
        inBackground(
            this, [spec, path] { return saveCluster(spec, path); },
            [this, path](const Result<void> &saved) {
                if (saved)
                    statusBar()->showMessage(tr("Saved %1. There is no password in it.").arg(path), 8000);
                else
                    d->banner->say(QStringLiteral("clusterfile"), Glyph::FindingWarning,
                                   saved.error().text());
            });
    });
    dialog->open();
}

} // namespace understudy
