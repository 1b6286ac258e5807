// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "WindowFixture.h"
#include "clusters/SessionSecrets.h"
#include "gui/MainWindow.h"
#include "gui/Style.h"
#include "gui/graph/GraphScene.h"
#include "gui/graph/GraphView.h"
#include "gui/graph/RewindBar.h"
#include "gui/panels/Banner.h"
#include "gui/panels/ClusterBar.h"
#include "gui/panels/PastStrip.h"
#include "history/Recording.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QDir>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace understudy;
using namespace understudy::fixture;

namespace {

constexpr int before = 60, down = 20; ///< Seconds: well, then without its standby, then well again.

template <typename T>
T *child(const QWidget &window, const char *name)
{
    return window.findChild<T *>(QString::fromLatin1(name));
}

Topology lookAt(int i)
{
    const qint64 at = start + i * second;
    return i >= before && i < before + down ? broken(at) : healthy(at, spike(i));
}

/// A cluster that nobody polls, with an incident behind it.
std::unique_ptr<LiveCluster> afterAnIncident()
{
    ClusterSpec spec;
    spec.title = QStringLiteral("appdb demo");
    spec.source = QStringLiteral("service=appdb");
    auto cluster = std::make_unique<LiveCluster>(spec, std::make_shared<SessionSecrets>());
    cluster->monitor().setPaused(true);
    for (int i = 0; i < 120; ++i)
        cluster->feed(lookAt(i));
    return cluster;
}

void shoot(QWidget &window, const char *name)
{
    const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
    if (folder.isEmpty())
        return;
    QDir().mkpath(folder);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    window.grab().save(folder + u'/' + QString::fromLatin1(name) + QStringLiteral(".png"));
}

bool saysItIsThePast(const QWidget &window)
{
    const auto strips = window.findChildren<PastStrip *>();
    return std::any_of(strips.begin(), strips.end(),
                       [](const PastStrip *strip) { return strip->isVisible(); });
}

QString title(const QWidget &window)
{
    return child<QLabel>(window, "rewindTitle")->text();
}

/// The state words of the standby, as the graph has them.
QString standbyState(const MainWindow &window)
{
    const GraphScene &scene = window.findChild<GraphView *>()->scene();
    const NodeId id = QStringLiteral("127.0.0.1:5433");
    const Node *node = scene.node(id);
    const Link *link = scene.linkTo(id);
    return node && link ? words(node->state) + u'|' + words(link->lag) : QString();
}

} // namespace

class TestRewind final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(qEnvironmentVariable("UNDERSTUDY_THEME") == QLatin1String("dark")
                                    ? Style::Choice::Dark
                                    : Style::Choice::Light);
    }

    void thePastIsShownAndSaidSo()
    {
        MainWindow window;
        window.resize(1440, 900);
        window.setCluster(afterAnIncident());
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        auto *bar = child<RewindBar>(window, "rewindBar");
        QVERIFY(!bar->isVisible());
        QVERIFY(!saysItIsThePast(window));
        QTest::mouseClick(child<QPushButton>(window, "rewindButton"), Qt::LeftButton);
        QVERIFY(bar->isVisible());
        QCOMPARE(title(window), QStringLiteral("Live"));
        QVERIFY(!standbyState(window).contains(QStringLiteral("Down")));
        QVERIFY(child<QPushButton>(window, "addStandbyButton")->isEnabled());
        QVERIFY(child<QPushButton>(window, "reattachButton")->isVisible());
        shoot(window, "rewind-live");

        // Back from event to event: the last one is that it streams again, the one before that it was gone.
        QTest::mouseClick(child<QPushButton>(window, "rewindBefore"), Qt::LeftButton);
        QTest::mouseClick(child<QPushButton>(window, "rewindBefore"), Qt::LeftButton);
        QVERIFY2(standbyState(window).contains(QStringLiteral("Down")), qPrintable(standbyState(window)));
        QCOMPARE(title(window), QStringLiteral("The past, as it was at 13:36:00 UTC"));
        QVERIFY(child<QLabel>(window, "rewindDetail")->text().endsWith(QStringLiteral(" ago")));
        QVERIFY(saysItIsThePast(window));
        // How it is now is said as well, and nothing can be changed from here.
        QVERIFY(child<QWidget>(window, "rewindLive")->accessibleName().contains(QStringLiteral("Healthy")));
        QVERIFY(!child<QPushButton>(window, "addStandbyButton")->isEnabled());
        QVERIFY(!window.findChild<QAction *>(QStringLiteral("actionAddStandby"))->isEnabled());
        QVERIFY(!window.findChild<QAction *>(QStringLiteral("actionReattach"))->isEnabled());
        QVERIFY(!child<QPushButton>(window, "reattachButton")->isVisible());
        shoot(window, "rewind-past");

        QTest::mouseClick(child<QPushButton>(window, "rewindNow"), Qt::LeftButton);
        QCOMPARE(title(window), QStringLiteral("Live"));
        QVERIFY(!standbyState(window).contains(QStringLiteral("Down")));
        QVERIFY(child<QPushButton>(window, "addStandbyButton")->isEnabled());
        QVERIFY(!saysItIsThePast(window));
    }

    void newLooksDoNotMoveThePast()
    {
        MainWindow window;
        window.resize(1440, 900);
        window.setCluster(afterAnIncident());
        window.show();
        window.findChild<QAction *>(QStringLiteral("actionRewind"))->trigger();
        window.rewindTo(start + (before + 5) * second);
        const QString then = standbyState(window);
        QVERIFY(then.contains(QStringLiteral("Down")));
        for (int i = 120; i < 140; ++i)
            window.cluster()->feed(lookAt(i));
        QCOMPARE(standbyState(window), then);
        QCOMPARE(title(window), QStringLiteral("The past, as it was at 13:36:05 UTC"));
        // It gets worse meanwhile: the bar says so while the graph stays in the past.
        window.cluster()->feed(broken(start + 141 * second));
        QVERIFY(
            child<QWidget>(window, "rewindLive")->accessibleName().contains(QStringLiteral("1 critical")));
        QCOMPARE(title(window), QStringLiteral("The past, as it was at 13:36:05 UTC"));
        // Closing the bar is going back to live.
        QTest::mouseClick(child<QPushButton>(window, "rewindClose"), Qt::LeftButton);
        QVERIFY(!child<RewindBar>(window, "rewindBar")->isVisible());
        QVERIFY(!window.findChild<QAction *>(QStringLiteral("actionRewind"))->isChecked());
        window.cluster()->feed(healthy(start + 142 * second));
        QVERIFY(!standbyState(window).contains(QStringLiteral("Down")));
    }

    void keysMoveAlongTheTime()
    {
        MainWindow window;
        window.resize(1440, 900);
        window.setCluster(afterAnIncident());
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.findChild<QAction *>(QStringLiteral("actionRewind"))->trigger();
        auto *track = child<TimeTrack>(window, "timeTrack");
        QTRY_VERIFY(track->hasFocus());
        const auto at = [track](int i) { return track->moment() == std::optional(start + i * second); };
        QTest::keyClick(track, Qt::Key_Left);
        QVERIFY(at(118));
        QTest::keyClick(track, Qt::Key_Left);
        QVERIFY(at(117));
        QTest::keyClick(track, Qt::Key_Right);
        QVERIFY(at(118));
        QTest::keyClick(track, Qt::Key_Right);
        QVERIFY(!track->moment());
        QTest::keyClick(track, Qt::Key_Home);
        QVERIFY(at(0));
        QTest::keyClick(track, Qt::Key_Left);
        QVERIFY(at(0));
        QTest::keyClick(track, Qt::Key_Right, Qt::ControlModifier);
        QVERIFY2(at(before), qPrintable(title(window)));
        QTest::keyClick(track, Qt::Key_Right, Qt::ControlModifier);
        QVERIFY2(at(before + down), qPrintable(title(window)));
        QTest::keyClick(track, Qt::Key_Left, Qt::ControlModifier);
        QVERIFY(at(before));
        QTest::keyClick(track, Qt::Key_PageDown);
        QVERIFY(*track->moment() > start + before * second);
        QTest::keyClick(track, Qt::Key_End);
        QVERIFY(!track->moment());
        QTest::keyClick(track, Qt::Key_Left);
        QTest::keyClick(track, Qt::Key_Escape);
        QVERIFY(!track->moment());
        QVERIFY(child<RewindBar>(window, "rewindBar")->isVisible());
        QTest::keyClick(track, Qt::Key_Escape);
        QVERIFY(!child<RewindBar>(window, "rewindBar")->isVisible());
    }

    void theMouseDragsAndAScreenReaderHears()
    {
        TimeTrack track;
        track.resize(620, track.sizeHint().height());
        QList<qint64> moments;
        for (int i = 0; i <= 100; ++i)
            moments << start + i * second;
        track.setHistory(moments, {{start + 50 * second, QStringLiteral("standby1 is down"),
                                    QStringLiteral("x"), Severity::Critical, false}});
        track.show();
        connect(&track, &TimeTrack::chosen, &track, [&track](qint64 atUs) { track.setMoment(atUs); });
        connect(&track, &TimeTrack::nowWanted, &track, [&track] { track.setMoment({}); });
        QTest::mousePress(&track, Qt::LeftButton, {}, {160, 24});
        QVERIFY(std::abs(*track.moment() - (start + 25 * second)) < second);
        QTest::mouseMove(&track, {460, 24});
        QVERIFY(std::abs(*track.moment() - (start + 75 * second)) < second);
        QTest::mouseRelease(&track, Qt::LeftButton, {}, {460, 24});
        QTest::mouseMove(&track, {200, 24});
        QVERIFY(std::abs(*track.moment() - (start + 75 * second)) < second);
        // A click on a mark means its very moment.
        QTest::mouseClick(&track, Qt::LeftButton, {}, {313, 8});
        QCOMPARE(*track.moment(), start + 50 * second);
        QAccessibleInterface *spoken = QAccessible::queryAccessibleInterface(&track);
        QVERIFY(spoken && spoken->valueInterface());
        QCOMPARE(spoken->text(QAccessible::Name), QStringLiteral("Time shown"));
        QCOMPARE(spoken->text(QAccessible::Description), QStringLiteral("13:35:50 UTC, standby1 is down"));
        QCOMPARE(spoken->valueInterface()->currentValue().toInt(), 50);
        spoken->valueInterface()->setCurrentValue(20);
        QCOMPARE(*track.moment(), start + 20 * second);
        QTest::mouseClick(&track, Qt::LeftButton, {}, {615, 24});
        QVERIFY(!track.moment());
    }

    void aRecordingIsOpenedAndReplayed()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("night.understudy-recording"));
        {
            const auto cluster = afterAnIncident();
            cluster->past().waitUntilPacked();
            QVERIFY(writeRecording(
                {QStringLiteral("appdb demo"), cluster->past().packed(), cluster->history().events()}, path));
        }
        MainWindow window;
        window.resize(1440, 900);
        window.show();
        QSignalSpy opened(&window, &MainWindow::clusterOpened);
        window.openCluster(path);
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, 20000);
        QVERIFY(window.cluster()->isRecording());
        QCOMPARE(window.findChild<LiveLabel *>()->words(), QStringLiteral("Recording"));
        QVERIFY(!child<QPushButton>(window, "pauseButton")->isVisible());
        QVERIFY(child<RewindBar>(window, "rewindBar")->isVisible());
        QCOMPARE(title(window), QStringLiteral("The end of this recording"));
        QVERIFY(standbyState(window).contains(QStringLiteral("Caught up")) ||
                standbyState(window).contains(QStringLiteral("Replaying")));
        QVERIFY(!child<QPushButton>(window, "addStandbyButton")->isEnabled());
        window.rewindTo(start + (before + 5) * second);
        QVERIFY(standbyState(window).contains(QStringLiteral("Down")));
        shoot(window, "rewind-recording");
        // Nothing to go back to: the bar stays.
        QTest::keyClick(child<TimeTrack>(window, "timeTrack"), Qt::Key_Escape);
        QVERIFY(child<RewindBar>(window, "rewindBar")->isVisible());
    }

    void aDamagedRecordingIsSaid()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("x.understudy-recording")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("understudy recording 1\nnonsense");
        file.close();
        MainWindow window;
        window.show();
        QSignalSpy failed(&window, &MainWindow::openingFailed);
        window.openCluster(file.fileName());
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20000);
        QVERIFY(window.bannerSentence().contains(QStringLiteral("is damaged")));
    }
};

QTEST_MAIN(TestRewind)
#include "tst_rewind.moc"
