// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Background.h"
#include "gui/MainWindowPrivate.h"
#include "gui/Style.h"
#include "history/Recording.h"
#include "model/Format.h"

#include <QFileDialog>
#include <QStatusBar>
#include <QVBoxLayout>

namespace understudy {

namespace {

constexpr qint64 lookBackUs =
    Q_INT64_C(86400000000); ///< So much of it fits a line where a person can still aim.

} // namespace

void MainWindow::buildRewind()
{
    d->graphPage = new QWidget(d->centre);
    d->graph = new GraphPane(d->graphPage);
    d->rewind = new RewindBar(d->graphPage);
    auto *column = new QVBoxLayout(d->graphPage);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(d->graph, 1);
    column->addWidget(d->rewind);
    d->graphPage->setFocusProxy(d->graph);
    d->rewind->hide();
    auto *button =
        makeButton(tr("Rewind"), QStringLiteral("smallFlat"), QStringLiteral("view-history"), d->graph);
    button->setObjectName(QStringLiteral("rewindButton"));
    button->setToolTip(tr("See the graph as it was"));
    button->setProperty("floats", true);
    d->graph->addToHead(button);
    connect(button, &QPushButton::clicked, d->ui.actionRewind, &QAction::toggle);
    connect(d->ui.actionRewind, &QAction::toggled, this, &MainWindow::setRewind);
    connect(d->rewind, &RewindBar::chosen, this, [this](qint64 atUs) { rewindTo(atUs); });
    connect(d->rewind, &RewindBar::nowWanted, this, [this] { rewindTo({}); });
    connect(d->rewind, &RewindBar::closed, this, [this] { d->ui.actionRewind->setChecked(false); });
    connect(d->ui.actionSaveRecording, &QAction::triggered, this, &MainWindow::saveRecording);
    connect(d->ui.actionOpenRecording, &QAction::triggered, this, [this] {
        if (planIsRunning())
            return;
        auto *dialog = new QFileDialog(this, tr("Open recording"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setNameFilter(tr("Recordings (*.understudy-recording)"));
        connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openRecording);
        dialog->open();
    });
}

void MainWindow::setRewind(bool on)
{
    d->rewind->setVisible(on && d->cluster);
    d->longAgo = {};
    if (!on)
        rewindTo({});
    else
        readKeptPast();
    refreshRewind();
    if (on && d->cluster)
        d->rewind->setFocus(Qt::OtherFocusReason);
    else
        d->graph->setFocus(Qt::OtherFocusReason);
}

void MainWindow::readKeptPast()
{
    HistoryKeeper *keeper = d->cluster ? d->cluster->keeper() : nullptr;
    if (!keeper || d->cluster->past().isEmpty())
        return;
    const qint64 until = d->cluster->past().oldestUs();
    keeper->readPast(until - lookBackUs, until, [this, keeper](const KeptPast &past) {
        if (!d->cluster || d->cluster->keeper() != keeper || !d->rewind->isVisible())
            return;
        d->longAgo = past;
        refreshRewind();
    });
}

void MainWindow::rewindTo(std::optional<qint64> atUs)
{
    const quint64 generation = ++d->lookingBack;
    HistoryKeeper *keeper = d->cluster ? d->cluster->keeper() : nullptr;
    if (keeper && atUs && !d->longAgo.moments.isEmpty() && *atUs < d->cluster->past().oldestUs()) {
        keeper->readLook(*atUs, [this, generation, keeper](const std::optional<Topology> &look) {
            if (generation != d->lookingBack || !d->cluster || d->cluster->keeper() != keeper || !look)
                return;
            d->pastLook = look;
            refresh();
        });
        return;
    }
    std::optional<Topology> look;
    if (d->cluster && atUs && *atUs < d->cluster->past().newestUs())
        look = d->cluster->past().at(*atUs);
    if (!look && !d->pastLook)
        return refreshRewind();
    d->pastLook = std::move(look);
    refresh();
}

const Topology &MainWindow::shownTopology() const
{
    return d->pastLook ? *d->pastLook : d->cluster->topology();
}

bool MainWindow::showsNow() const
{
    return d->cluster && !d->pastLook && !d->cluster->isRecording();
}

void MainWindow::refreshRewind()
{
    const bool open = d->cluster != nullptr, recording = open && d->cluster->isRecording();
    const std::optional<qint64> at = d->pastLook ? std::optional(d->pastLook->takenAtUs) : std::nullopt;
    d->ui.actionRewind->setEnabled(open && !recording);
    d->ui.actionSaveRecording->setEnabled(open && !d->cluster->past().isEmpty());
    d->lag->setMarked(at);
    for (PastStrip *strip : std::as_const(d->asOf))
        strip->setMoment(at);
    // What changes a cluster would change it now, whatever is shown.
    const bool acts = showsNow();
    d->ui.actionAddStandby->setEnabled(acts);
    d->bar->addStandby->setEnabled(acts);
    d->bar->addStandby->setToolTip(acts ? QString()
                                        : tr("This is the past. Go back to live to change the cluster."));
    if (!d->rewind->isVisible() || !open)
        return;
    QList<Finding> findings;
    for (const Cluster &cluster : d->cluster->topology().clusters)
        findings += cluster.findings;
    Glyph live = Glyph::Up;
    for (auto it = findings.crbegin(); it != findings.crend(); ++it)
        if (it->severity != Severity::Notice)
            live = glyphFor(it->severity); // the worst is the first
    // What is in memory goes on from what is kept on disk.
    const qint64 inMemory = d->cluster->past().oldestUs();
    QList<qint64> moments;
    QList<HistoryEvent> events;
    for (const qint64 moment : std::as_const(d->longAgo.moments))
        if (moment < inMemory)
            moments << moment;
    for (const HistoryEvent &event : std::as_const(d->longAgo.events))
        if (event.atUs < inMemory)
            events << event;
    moments += d->cluster->past().moments();
    events += d->cluster->history().events();
    d->rewind->set(moments, events, live, healthWords(findings));
    d->rewind->setMoment(at);
}

void MainWindow::saveRecording()
{
    if (!d->cluster)
        return;
    auto *dialog = new QFileDialog(this, tr("Save recording"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Recordings (*.understudy-recording)"));
    dialog->setDefaultSuffix(QStringLiteral("understudy-recording"));
    dialog->selectFile(pictureName(d->cluster->spec().title, {}, QStringLiteral("understudy-recording")));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        if (!d->cluster)
            return;
        const Recording recording{d->cluster->spec().title, d->cluster->past().packed(),
                                  d->cluster->history().events()};
        inBackground(
            this, [recording, path] { return writeRecording(recording, path); },
            [this, path](const Result<void> &written) {
                if (written)
                    statusBar()->showMessage(tr("Recording saved as %1").arg(path), 8000);
                else
                    d->banner->say(QStringLiteral("recording"), Glyph::FindingWarning,
                                   written.error().text());
            });
    });
    dialog->open();
}

void MainWindow::openRecording(const QString &path)
{
    if (planIsRunning())
        return;
    const quint64 generation = ++d->opening;
    d->banner->clear(QStringLiteral("open"));
    inBackground(
        this,
        [path]() -> Result<Replay> {
            const auto recording = readRecording(path);
            return recording ? replayOf(*recording) : tl::unexpected(recording.error());
        },
        [this, generation, path](const Result<Replay> &replay) {
            if (generation != d->opening)
                return;
            if (!replay) {
                failOpening(replay.error().text());
                return;
            }
            setCluster(std::make_unique<LiveCluster>(*replay, path));
        });
}

} // namespace understudy
