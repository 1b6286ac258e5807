// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Tour.h"

#include "clusters/SessionSecrets.h"
#include "demo/DemoCluster.h"
#include "gui/Application.h"
#include "gui/Background.h"
#include "gui/MainWindow.h"
#include "gui/QuitSignals.h"
#include "gui/Style.h"
#include "model/Format.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <cstdio>

namespace understudy {

Tour::Tour(const QString &folder, const QString &cluster, QObject *parent)
    : QObject(parent), m_folder(QDir(folder).absolutePath()), m_cluster(cluster)
{
    m_poll.setInterval(100);
    connect(&m_poll, &QTimer::timeout, this, &Tour::check);
}

Tour::~Tour() = default;

void Tour::print(const QString &line) const
{
    std::fprintf(stdout, "%s\n", qPrintable(line));
    std::fflush(stdout);
}

void Tour::say(const QString &words) const
{
    print(QStringLiteral("[%1] %2").arg(
        QString::number(double(m_clock.elapsed()) / 1000, 'f', 1).rightJustified(5), words));
}

void Tour::start()
{
    m_clock.start();
    print(m_cluster.isEmpty()
              ? tr("Guided tour of Understudy: adding a standby to the demo cluster, page by page.")
              : tr("Guided tour of Understudy: %1 in the window.").arg(m_cluster));
    if (!QDir().mkpath(m_folder) || !QFileInfo(m_folder).isWritable()) {
        print(tr("The folder %1 cannot be written; name another one.").arg(m_folder));
        QMetaObject::invokeMethod(
            this, [this] { Q_EMIT finished(1); }, Qt::QueuedConnection);
        return;
    }
    if (!m_cluster.isEmpty()) {
        m_started = true;
        beginCluster();
        return;
    }
    say(tr("Starting the demo cluster: a primary and one standby, real PostgreSQL."));
    const std::shared_ptr<ReplyBox> box = ReplyBox::of(this);
    const auto tell = [box, this](const QString &what) { box->post([this, what] { say(what); }); };
    using Started = Result<std::shared_ptr<DemoCluster>>;
    inBackground(
        this,
        [tell]() -> Started {
            Result<std::unique_ptr<DemoCluster>> demo = DemoCluster::start(false, tell);
            if (!demo)
                return tl::unexpected<Error>(demo.error());
            return std::shared_ptr<DemoCluster>(std::move(*demo));
        },
        [this](Started demo) {
            m_started = true;
            if (!demo) {
                m_failure = demo.error().text();
                end(1);
                return;
            }
            m_demo = *demo;
            if (m_ending)
                stopDemo();
            else
                begin();
        });
}

void Tour::begin()
{
    m_window = std::make_unique<MainWindow>();
    m_window->resize(1440, 900);
    auto cluster = std::make_unique<LiveCluster>(m_demo->spec(), std::make_shared<SessionSecrets>());
    cluster->setDemo(m_demo);
    m_window->setCluster(std::move(cluster));
    m_window->show();
    planStart();
    planWizard();
    planRun();
    planProof();
    planEnd();
    m_stageClock.start();
    m_poll.start();
}

void Tour::stage(const QString &waitsFor, std::function<bool()> ready, std::function<void()> act,
                 int deadlineMs)
{
    m_stages.append(Stage{waitsFor, std::move(ready), std::move(act), deadlineMs});
}

void Tour::check()
{
    if (m_ending || m_at >= m_stages.size())
        return;
    const QString trouble = problem();
    if (!trouble.isEmpty()) {
        stop(trouble);
        return;
    }
    const Stage &stage = m_stages.at(m_at);
    if (stage.ready()) {
        // Copied: acting may end the tour.
        const auto act = stage.act;
        ++m_at;
        m_stageClock.restart();
        act();
    } else if (m_stageClock.elapsed() > stage.deadlineMs) {
        stop(tr("Waited %1 for %2, and it did not come.")
                 .arg(format::seconds(double(stage.deadlineMs) / 1000), stage.waitsFor));
    }
}

void Tour::shoot(QWidget *widget, const QString &name, const QString &words)
{
    const QString file = QStringLiteral("%1-%2.png").arg(++m_pictures, 2, 10, QLatin1Char('0')).arg(name);
    const QImage picture = widget->grab().toImage();
    // Written on another thread; the names are given here, so the order on disk does not matter.
    inBackground(
        this, [picture, path = QDir(m_folder).filePath(file)] { return picture.save(path); },
        [this, file](bool saved) {
            if (!saved && !m_ending)
                stop(tr("%1 could not be written; is the disk full?").arg(file));
        });
    say(QStringLiteral("%1  %2").arg(file, words));
}

void Tour::stop(const QString &why)
{
    if (m_ending)
        return;
    m_failure = why;
    end(1);
}

void Tour::end(int code)
{
    m_ending = true;
    m_poll.stop();
    if (code != 0 && m_failure.isEmpty())
        m_failure = tr("The tour did not reach its end.");
    if (m_started)
        stopDemo();
}

void Tour::stopDemo()
{
    if (m_demo)
        say(tr("Stopping the demo cluster."));
    // The window goes first: a plan that still runs is rolled back with it, while the servers are there.
    m_window.reset();
    inBackground(
        this,
        [demo = std::move(m_demo)]() mutable {
            demo.reset();
            return 0;
        },
        [this](int) {
            if (m_failure.isEmpty() && !m_cluster.isEmpty()) {
                print(tr("Look at %1: the pictures in their order.").arg(m_folder));
            } else if (m_failure.isEmpty()) {
                print(tr("standby2 streamed and all row counts matched."));
                print(tr("Look at %1: the pictures in their order, and add-standby2.html, the finished "
                         "runbook.")
                          .arg(m_folder));
            } else {
                print(tr("The tour stopped: %1").arg(m_failure));
            }
            Q_EMIT finished(m_failure.isEmpty() ? 0 : 1);
        });
}

int runTour(QApplication &app, const QString &folder, const QString &cluster)
{
    // The tour opens and closes windows on its own terms.
    app.setQuitOnLastWindowClosed(false);
    int code = 1;
    Tour tour(folder, cluster);
    QuitSignals signals_;
    QObject::connect(&signals_, &QuitSignals::quitRequested, &tour,
                     [&tour] { tour.stop(Tour::tr("It was interrupted.")); });
    QObject::connect(&tour, &Tour::finished, &app, [&code](int exitCode) {
        code = exitCode;
        QCoreApplication::quit();
    });
    QMetaObject::invokeMethod(&tour, &Tour::start, Qt::QueuedConnection);
    app.exec();
    return code;
}

} // namespace understudy
