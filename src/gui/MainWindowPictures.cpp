// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Background.h"
#include "gui/MainWindowPrivate.h"
#include "gui/Style.h"

#include <QMenu>
#include <QStatusBar>

namespace understudy {

void MainWindow::connectPictures()
{
    Ui::MainWindow &ui = d->ui;
    connect(ui.actionSaveGraph, &QAction::triggered, this, &MainWindow::askPicture);
    connect(ui.actionCopyGraph, &QAction::triggered, this, [this] {
        if (d->cluster)
            d->saver->copyGraph(pictureSubject());
    });
    connect(ui.actionSaveChart, &QAction::triggered, this, [this] {
        if (d->cluster)
            d->saver->askChart(*d->cluster, *d->lag);
    });
    auto *pictures = new QMenu(d->bar->snapshot);
    pictures->addActions({ui.actionSaveGraph, ui.actionCopyGraph, ui.actionSaveChart});
    d->bar->snapshot->setMenu(pictures);
}

PictureSubject MainWindow::pictureSubject() const
{
    const GraphView &view = *d->graph->graph();
    const GraphScene &scene = view.scene();
    const Direction direction = view.direction();
    PictureSubject subject;
    subject.topology = shownTopology();
    subject.extras = d->cluster->extrasOf(subject.topology);
    subject.arrangement = {direction, scene.places().now().of(direction), scene.collapsed()};
    subject.window = view.size();
    subject.theme = Style::instance().theme().kind;
    subject.title = d->cluster->spec().title;
    // A recording is the past whatever moment of it is shown.
    subject.past = !showsNow();
    return subject;
}

void MainWindow::askPicture()
{
    if (!d->cluster)
        return;
    if (d->picture) {
        d->picture->setSubject(pictureSubject());
        d->picture->raise();
        d->picture->activateWindow();
        return;
    }
    // The picture is of the moment it was asked for.
    inBackground(
        this, [] { return PictureChoices::load(); },
        [this, subject = pictureSubject()](const PictureChoices &choices) {
            if (d->picture)
                return;
            d->picture = new PictureDialog(subject, choices, this);
            connect(d->picture, &PictureDialog::told, this,
                    [this](const QString &sentence) { statusBar()->showMessage(sentence, 8000); });
            d->picture->show();
        });
}

} // namespace understudy
