// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "WindowFixture.h"
#include "clusters/SessionSecrets.h"
#include "gui/MainWindow.h"
#include "gui/Style.h"
#include "gui/graph/GraphScene.h"
#include "gui/graph/GraphView.h"
#include "gui/graph/RewindBar.h"
#include "history/StoreReader.h"
#include "history/StoreWriter.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

using namespace understudy;
using namespace understudy::fixture;

namespace {

constexpr int soon = 60000; ///< A deadline, not a wait.

/// Gone once nobody writes into it any more: a window that is closed leaves that to a worker.
class Folder : public QTemporaryDir
{
public:
    ~Folder() { QThreadPool::globalInstance()->waitForDone(); }
};

std::unique_ptr<LiveCluster> handFed(bool demo = false)
{
    ClusterSpec spec;
    spec.title = QStringLiteral("appdb");
    spec.source = QStringLiteral("service=appdb");
    spec.isDemo = demo;
    auto cluster = std::make_unique<LiveCluster>(spec, std::make_shared<SessionSecrets>());
    cluster->monitor().setPaused(true);
    return cluster;
}

QString pathIn(const QTemporaryDir &folder)
{
    return folder.filePath(HistoryKeeper::fileName(healthy(start).clusters.constFirst().systemIdentifier));
}

qint64 newestIn(const QString &path)
{
    const auto reader = StoreReader::open(path);
    return reader ? (*reader)->extent().value_or(StoreReader::Extent()).newestUs : -1;
}

QAction *keepAction(const MainWindow &window)
{
    return window.findChild<QAction *>(QStringLiteral("actionKeepHistory"));
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

} // namespace

class TestHistory final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        HistorySettings::setKeep(true);
        Style::instance().apply(qEnvironmentVariable("UNDERSTUDY_THEME") == QLatin1String("dark")
                                    ? Style::Choice::Dark
                                    : Style::Choice::Light);
    }

    void fileNamesAreHarmless()
    {
        QCOMPARE(HistoryKeeper::fileName(QStringLiteral("7573920148826316834")),
                 QStringLiteral("7573920148826316834.sqlite"));
        const QString hostile = HistoryKeeper::fileName(QStringLiteral("../../etc/passwd"));
        QVERIFY(!hostile.contains(u'/') && hostile.endsWith(QLatin1String(".sqlite")));
    }

    void looksAreKept()
    {
        const Folder folder;
        {
            MainWindow window;
            window.setKeepsHistory(folder.path());
            window.setCluster(handFed());
            for (int i = 0; i < 10; ++i)
                window.cluster()->feed(healthy(start + i * second, i));
            QTRY_COMPARE_WITH_TIMEOUT(newestIn(pathIn(folder)), start + 9 * second, soon);
            window.cluster()->feed(healthy(start + 10 * second));
        }
        // The window is gone; the last look is written by somebody else.
        QTRY_COMPARE_WITH_TIMEOUT(newestIn(pathIn(folder)), start + 10 * second, soon);
    }

    void onlyWhatIsWantedIsKept()
    {
        const Folder folder;
        MainWindow window;
        window.setCluster(handFed());
        QVERIFY(!window.cluster()->keeper()); // Nobody asked for it.
        window.setKeepsHistory(folder.path());
        window.setCluster(handFed(true));
        QVERIFY(!window.cluster()->keeper()); // A demo.
        window.setCluster(handFed());
        QVERIFY(window.cluster()->keeper());
        keepAction(window)->setChecked(false);
        QVERIFY(!window.cluster()->keeper());
        QVERIFY(!HistorySettings::load().keep);
        window.setCluster(handFed());
        window.cluster()->feed(healthy(start));
        QVERIFY(!window.cluster()->keeper());
        keepAction(window)->setChecked(true);
        QVERIFY(window.cluster()->keeper());
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void aProblemIsSaidAndMonitoringGoesOn()
    {
        const Folder folder;
        QFile file(pathIn(folder));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray("nonsense").repeated(2000));
        file.close();
        MainWindow window;
        window.resize(1440, 900);
        window.setKeepsHistory(folder.path());
        window.setCluster(handFed());
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        for (int i = 0; i < 60; ++i)
            window.cluster()->feed(healthy(start + i * second, spike(i)));
        QTRY_VERIFY_WITH_TIMEOUT(
            window.bannerSentence().contains(QStringLiteral("was set aside beside it as")), soon);
        // As high as the sentence needs at its width, and no higher.
        const auto *banner = window.findChild<QWidget *>(QStringLiteral("banner"));
        QTRY_VERIFY_WITH_TIMEOUT(banner->height() < 80, soon);
        shoot(window, "history-set-aside");
        QCOMPARE(window.cluster()->topology().takenAtUs, start + 59 * second);
        QTRY_COMPARE_WITH_TIMEOUT(newestIn(pathIn(folder)), start + 59 * second, soon);
    }

    void aSecondWindowOfTheSameClusterReads()
    {
        const Folder folder;
        MainWindow first, second_;
        for (MainWindow *window : {&first, &second_}) {
            window->setKeepsHistory(folder.path());
            window->setCluster(handFed());
        }
        first.cluster()->feed(healthy(start));
        QTRY_COMPARE_WITH_TIMEOUT(newestIn(pathIn(folder)), start, soon);
        second_.cluster()->feed(healthy(start));
        QTRY_VERIFY_WITH_TIMEOUT(second_.bannerSentence().contains(QStringLiteral("only reads it")), soon);
        QVERIFY(first.bannerSentence().isEmpty());
    }

    void theGraphOfYesterday()
    {
        const Folder folder;
        const qint64 before = start - 5 * 3600 * second;
        {
            StoreWriter::Options options;
            options.path = pathIn(folder);
            options.batchMs = 5;
            StoreWriter writer(options);
            for (int i = 0; i < 900; ++i)
                writer.add(i >= 400 && i < 500 ? broken(before + i * second)
                                               : healthy(before + i * second, i));
            QVERIFY(writer.waitUntilWritten(soon));
        }
        MainWindow window;
        window.resize(1440, 900);
        window.setKeepsHistory(folder.path());
        window.setCluster(handFed());
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        for (int i = 0; i < 120; ++i)
            window.cluster()->feed(healthy(start + i * second, spike(i)));
        QTest::mouseClick(window.findChild<QPushButton *>(QStringLiteral("rewindButton")), Qt::LeftButton);
        auto *track = window.findChild<TimeTrack *>(QStringLiteral("timeTrack"));
        // The line of time begins where the store does.
        QTRY_VERIFY_WITH_TIMEOUT(track->maximum() > 4 * 3600, soon);
        QVERIFY(track->eventBefore());
        window.rewindTo(before + 450 * second);
        QTRY_COMPARE_WITH_TIMEOUT(track->moment(), std::optional(before + 450 * second), soon);
        const GraphScene &scene = window.findChild<GraphView *>()->scene();
        QCOMPARE(scene.node(QStringLiteral("127.0.0.1:5433"))->state, NodeState::Down);
        shoot(window, "history-yesterday");
        window.rewindTo({});
        QVERIFY(!track->moment());
        QCOMPARE(scene.node(QStringLiteral("127.0.0.1:5433"))->state, NodeState::Up);
        // An answer that comes after a person went back to now changes nothing.
        window.rewindTo(before + 450 * second);
        window.rewindTo({});
        window.rewindTo(start + 50 * second);
        QCOMPARE(track->moment(), std::optional(start + 50 * second));
    }
};

QTEST_MAIN(TestHistory)
#include "tst_history.moc"
