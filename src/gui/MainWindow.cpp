// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/MainWindow.h"

#include "clusters/Keyring.h"
#include "demo/DemoCluster.h"
#include "gui/Application.h"
#include "gui/Background.h"
#include "gui/MainWindowPrivate.h"
#include "gui/WindowLayout.h"
#include "gui/panels/PasswordDialog.h"
#include "report/PictureSource.h"

#include <QCloseEvent>
#include <QStandardPaths>

namespace understudy {

namespace {

constexpr int keyringWaitMs = 20000; // a person may have to unlock it

} // namespace

MainWindow::MainWindow(QWidget *parent) : QMainWindow(parent), d(std::make_unique<Private>())
{
    d->pictures = makePictureSource();
    build();
    connectActions();
    connectGraph();
    refresh();
    d->ask = std::make_shared<GuiAsk>(this);
    setSshAsk(d->ask);
}

MainWindow::~MainWindow()
{
    if (sshAsk() == d->ask)
        setSshAsk(nullptr);
    // The wizard looks at the cluster until it is gone.
    delete d->wizard.data();
}

LiveCluster *MainWindow::cluster() const
{
    return d->cluster.get();
}

QString MainWindow::bannerSentence() const
{
    return d->banner->sentence();
}

void MainWindow::openCluster(const QString &text)
{
    const QString wanted = text.trimmed();
    if (wanted == QLatin1String("demo")) {
        openDemo();
        return;
    }
    if (isRecordingName(wanted)) {
        openRecording(wanted);
        return;
    }
    if (planIsRunning())
        return;
    const quint64 generation = ++d->opening;
    d->banner->clear(QStringLiteral("open"));
    d->start->showProgress(tr("Opening the cluster"));
    d->start->say(tr("Finding its nodes"));
    inBackground(
        this,
        [wanted, kept = d->kept] {
            auto spec = resolveCluster(wanted);
            // Now, not on the probes' threads: a person may have to unlock the keyring first.
            if (spec) {
                QList<Endpoint> endpoints;
                for (const WatchedNode &node : spec->nodes)
                    endpoints << node.endpoint;
                kept->prefetch(endpoints);
            }
            return spec;
        },
        [this, generation](const Result<ClusterSpec> &spec) {
            if (generation != d->opening)
                return;
            if (!spec) {
                failOpening(spec.error().text());
                return;
            }
            setCluster(std::make_unique<LiveCluster>(*spec, d->secrets));
        });
}

void MainWindow::openDemo()
{
    if (planIsRunning())
        return;
    const quint64 generation = ++d->opening;
    d->banner->clear(QStringLiteral("open"));
    d->start->showProgress(tr("Starting the demo cluster"));
    if (!d->cluster)
        d->centre->setCurrentWidget(d->start);
    const std::shared_ptr<ReplyBox> box = ReplyBox::of(this);
    const auto say = [box, this, generation](const QString &what) {
        box->post([this, generation, what] {
            if (generation == d->opening)
                d->start->say(what);
        });
    };
    using Started = Result<std::shared_ptr<DemoCluster>>;
    inBackground(
        this,
        [say]() -> Started {
            Result<std::unique_ptr<DemoCluster>> demo = DemoCluster::attach();
            if (!demo)
                demo = DemoCluster::start(false, say);
            if (!demo)
                return tl::unexpected<Error>(demo.error());
            return std::shared_ptr<DemoCluster>(std::move(*demo));
        },
        [this, generation](Started demo) {
            if (generation != d->opening) {
                // Somebody wished for something else meanwhile; stopping servers takes its time.
                QThreadPool::globalInstance()->start(
                    [demo = std::move(demo)]() mutable { demo = Started(); });
                return;
            }
            if (!demo) {
                failOpening(demo.error().text());
                return;
            }
            auto cluster = std::make_unique<LiveCluster>((*demo)->spec(), d->secrets);
            cluster->setDemo(*demo);
            setCluster(std::move(cluster));
        });
}

void MainWindow::failOpening(const QString &sentence)
{
    d->start->showChoice();
    d->banner->say(QStringLiteral("open"), Glyph::FindingCritical, sentence);
    Q_EMIT openingFailed(sentence);
}

void MainWindow::setCluster(std::unique_ptr<LiveCluster> cluster)
{
    ++d->opening;
    delete d->wizard.data();
    closeReattach();
    if (d->cluster) {
        std::shared_ptr<DemoCluster> demo = d->cluster->demo();
        d->cluster.reset();
        if (demo)
            QThreadPool::globalInstance()->start([demo = std::move(demo)]() mutable { demo.reset(); });
    }
    d->cluster = std::move(cluster);
    d->selected.clear();
    d->onLink = false;
    d->asked.clear();
    d->pastLook.reset();
    d->longAgo = {};
    d->start->showChoice();
    const bool open = d->cluster != nullptr;
    if (open) {
        const Thresholds thresholds = thresholdstore::load(d->cluster->spec());
        d->cluster->setThresholds(thresholds);
        d->lag->setThresholds(thresholds);
        connect(d->cluster.get(), &LiveCluster::updated, this, &MainWindow::refresh);
        connect(d->cluster.get(), &LiveCluster::nodesChanged, this, &MainWindow::refresh);
        connect(d->cluster.get(), &LiveCluster::historyProblemChanged, this, &MainWindow::noteHistoryProblem);
        startKeeping();
        connect(&d->cluster->monitor(), &ClusterMonitor::snapshotTaken, this, &MainWindow::noteLogin);
        for (QAction *action : d->ui.menuInterval->actions()) {
            if (action->isChecked())
                d->cluster->monitor().setIntervalMs(action->data().toInt());
        }
        setWindowTitle(d->cluster->spec().title);
        d->bar->cluster->set(d->cluster->spec().title, d->cluster->spec().source);
    } else {
        setWindowTitle({});
        d->bar->cluster->set({}, {});
    }
    const bool recording = open && d->cluster->isRecording();
    d->rewind->setRecording(recording);
    d->ui.actionRewind->setChecked(recording);
    d->rewind->setVisible(recording);
    d->ui.actionPause->setChecked(false);
    d->ui.actionPauseLoad->setChecked(false);
    d->centre->setCurrentWidget(open ? d->graphPage : d->start);
    d->bar->setClusterOpen(open);
    if (open && !d->laidOut)
        d->toggleInspector->setChecked(true), d->toggleCharts->setChecked(true);
    d->inspector->setVisible(open && d->toggleInspector->isChecked());
    d->charts->setVisible(open && d->toggleCharts->isChecked());
    if (open && !d->laidOut) {
        d->laidOut = true;
        const QByteArray docks = d->remembers ? WindowLayout::load().docks : QByteArray();
        if (docks.isEmpty() || !restoreState(docks)) {
            resizeDocks({d->inspector}, {344}, Qt::Horizontal);
            resizeDocks({d->charts}, {264}, Qt::Vertical);
        }
    }
    refresh();
    d->banner->clear(QStringLiteral("notes"));
    if (open && !d->cluster->spec().notes.isEmpty())
        d->banner->say(QStringLiteral("notes"), Glyph::FindingNotice, d->cluster->spec().notes.join(u' '));
    if (open)
        Q_EMIT clusterOpened();
}

AddStandbyWizard *MainWindow::openAddStandby(const NodeId &upstream)
{
    if (!d->cluster)
        return nullptr;
    if (!d->wizard) {
        d->wizard = new AddStandbyWizard(d->cluster.get(), d->pictures.get(), upstream);
        d->wizard->setAttribute(Qt::WA_DeleteOnClose);
        connect(d->wizard, &AddStandbyWizard::standbyAdded, this, [this](const WatchedNode &node) {
            if (d->cluster)
                d->cluster->addNode(node);
            d->operations->refresh();
        });
        connect(d->wizard, &QObject::destroyed, d->operations, &OperationsPanel::refresh);
    }
    d->wizard->show();
    d->wizard->raise();
    d->wizard->activateWindow();
    return d->wizard;
}

void MainWindow::lookForInterrupted()
{
    d->operations->refresh();
}

bool MainWindow::planIsRunning()
{
    const bool picksUp = d->operations->running();
    if (!picksUp && (!d->wizard || !d->wizard->planRunning()))
        return false;
    d->banner->say(
        QStringLiteral("plan"), Glyph::FindingWarning,
        picksUp
            ? tr("An interrupted plan is being picked up. Wait for its end; then this can be done.")
            : tr("A plan is changing this cluster. Wait for its end, or cancel it there; then this can be "
                 "done."),
        tr("Show the plan"), [this, picksUp] {
            if (picksUp)
                d->ui.actionShowOperations->trigger();
            else
                openAddStandby();
        });
    return true;
}

void MainWindow::noteLogin(const NodeSnapshot &snapshot)
{
    const QString address = snapshot.endpoint.address();
    if (snapshot.answered()) {
        if (d->asked.remove(address))
            d->banner->clear(QStringLiteral("login ") + address);
        return;
    }
    if (snapshot.answer != Answer::LoginFailed || d->asked.contains(address) ||
        !snapshot.error.contains(QLatin1String("password"), Qt::CaseInsensitive))
        return;
    d->asked.insert(address);
    const QString name = snapshot.name.isEmpty() ? address : snapshot.name;
    d->banner->say(QStringLiteral("login ") + address, Glyph::NoPermission,
                   tr("%1 lets %2 in with a password only, and no password that fits was found.")
                       .arg(name, snapshot.endpoint.user),
                   tr("Enter password…"), [this, endpoint = snapshot.endpoint] { askPassword(endpoint); });
}

void MainWindow::askPassword(const Endpoint &endpoint)
{
    auto *dialog = new PasswordDialog(endpoint, this);
    connect(dialog, &PasswordDialog::entered, this, [this, endpoint](const QString &password, bool keep) {
        d->secrets->set(endpoint, password);
        // Whoever still refuses is told again.
        d->asked.clear();
        d->banner->clear(d->banner->key());
        if (keep)
            keepPassword(endpoint, password);
    });
    // Whether a keyring runs is known once it has answered.
    inBackground(
        dialog,
        [keyring = d->keyring, endpoint] {
            return keyring->read(keyringKey(endpoint), keyringWaitMs).state != Keyring::State::Unavailable;
        },
        [dialog](bool runs) { dialog->setKeyringRuns(runs); });
    dialog->open();
}

void MainWindow::keepPassword(const Endpoint &endpoint, const QString &password)
{
    inBackground(
        this,
        [keyring = d->keyring, kept = d->kept, endpoint, password] {
            auto written = keyring->write(keyringKey(endpoint), password, keyringWaitMs);
            kept->forget(endpoint);
            return written;
        },
        [this](const Result<void> &written) {
            if (!written)
                d->banner->say(QStringLiteral("keyring"), Glyph::FindingWarning, written.error().text());
        });
}

void MainWindow::setRemembersLayout(bool remembers)
{
    d->remembers = remembers && !QStandardPaths::isTestModeEnabled();
    if (d->remembers)
        restoreGeometry(WindowLayout::load().geometry);
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    if (!event->spontaneous() && !d->cluster)
        d->start->focusField();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (planIsRunning()) {
        event->ignore();
        if (d->wizard)
            d->wizard->raise();
        return;
    }
    if (d->wizard)
        d->wizard->close();
    if (d->remembers) {
        WindowLayout layout;
        layout.geometry = saveGeometry();
        layout.docks = d->laidOut ? saveState() : QByteArray();
        layout.theme = Style::instance().choice();
        layout.save();
    }
    event->accept();
}

} // namespace understudy
