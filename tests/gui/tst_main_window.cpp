// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "WindowFixture.h"
#include "clusters/SessionSecrets.h"
#include "gui/Application.h"
#include "gui/MainWindow.h"
#include "gui/Style.h"
#include "gui/charts/LagChart.h"
#include "gui/graph/GraphView.h"
#include "gui/panels/Banner.h"
#include "gui/panels/ClusterBar.h"
#include "gui/panels/DockHead.h"
#include "gui/panels/FindingsPanel.h"
#include "gui/panels/NodePanel.h"
#include "gui/panels/NodeSlotRows.h"
#include "gui/panels/SlotsPanel.h"
#include "gui/panels/StartPage.h"
#include "gui/wizard/AddStandbyWizard.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace understudy;
using namespace understudy::fixture;

namespace {

/// A cluster that nobody polls: its looks are fed by hand.
std::unique_ptr<LiveCluster> handFed()
{
    ClusterSpec spec;
    spec.title = QStringLiteral("appdb demo");
    spec.source = QStringLiteral("service=appdb");
    auto cluster = std::make_unique<LiveCluster>(spec, std::make_shared<SessionSecrets>());
    cluster->monitor().setPaused(true);
    return cluster;
}

template <typename T>
T *child(const QWidget &window, const char *name)
{
    return window.findChild<T *>(QString::fromLatin1(name));
}

QString textOf(const QWidget &window, const char *name)
{
    const auto *label = child<QLabel>(window, name);
    return label ? label->text() : QStringLiteral("(no such label)");
}

bool anyLabelHolds(const QWidget &window, const QString &text)
{
    for (const QLabel *label : window.findChildren<QLabel *>()) {
        if (label->text().contains(text) && label->textFormat() == Qt::PlainText)
            return true;
    }
    return false;
}

/// For people: UNDERSTUDY_SHOTS=folder keeps what the window looks like.
void shoot(QWidget &window, const char *name)
{
    const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
    if (folder.isEmpty())
        return;
    QDir().mkpath(folder);
    window.grab().save(folder + u'/' + QString::fromLatin1(name) + QStringLiteral(".png"));
}

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(Style::Choice::Light);
    }

    void init() { Style::instance().apply(Style::Choice::Light); }

    void slotsFitTheSidePanelAtTwiceTheText()
    {
        const QFont usual = QApplication::font();
        QFont large = usual;
        large.setPixelSize(26);
        QApplication::setFont(large);
        Slot slot;
        slot.name = QStringLiteral("standby_slot");
        slot.walStatus = QStringLiteral("unreserved");
        slot.retainedBytes = 1234567890;
        NodeSlotRows rows;
        rows.set({QStringLiteral("Slots"), {slot, slot}});
        rows.ensurePolished();
        const int wide = rows.minimumSizeHint().width();
        QApplication::setFont(usual);
        rows.set({QStringLiteral("Slots"), {slot}}); // And back again.
        QVERIFY(rows.asText().contains(QStringLiteral("standby_slot")));
        QVERIFY2(wide <= 312, qPrintable(QString::number(wide)));
    }

    void startPageOffersBothWaysIn()
    {
        MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        auto *page = child<StartPage>(window, "startPage");
        QVERIFY(page->isVisible());
        auto *open = child<QPushButton>(window, "openClusterButton");
        QVERIFY(!open->isEnabled());
        QTest::keyClicks(child<QLineEdit>(window, "clusterField"), QStringLiteral("  "));
        QVERIFY(!open->isEnabled());
        QTest::keyClicks(child<QLineEdit>(window, "clusterField"), QStringLiteral("service=x"));
        QVERIFY(open->isEnabled());
        QVERIFY(child<QPushButton>(window, "openDemoButton")->isVisible());
        QVERIFY(!child<QPushButton>(window, "addStandbyButton")->isVisible());
        shoot(window, "start");
    }

    void whatCannotBeOpenedIsSaidInABanner()
    {
        MainWindow window;
        window.show();
        QSignalSpy failed(&window, &MainWindow::openingFailed);
        window.openCluster(QStringLiteral("/no/such/file.understudy"));
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(!window.bannerSentence().isEmpty());
        QVERIFY(child<Banner>(window, "banner")->isVisible());
        QVERIFY(child<QPushButton>(window, "openClusterButton")->isVisible());
        QVERIFY(!window.cluster());
        shoot(window, "banner");
    }

    void theWholeWindowSaysTheSame()
    {
        MainWindow window;
        window.setCluster(handFed());
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        for (int i = 0; i < 300; ++i)
            window.cluster()->feed(healthy(start + i * second, i == 299 ? 0 : spike(i)));
        QCOMPARE(textOf(window, "statusCounts"), QStringLiteral("2 nodes"));
        QVERIFY(textOf(window, "statusLastPoll").contains(QLatin1String("UTC")));
        QCOMPARE(textOf(window, "statusSystem"), QStringLiteral("System 7573920148826316834"));
        QCOMPARE(textOf(window, "nodeName"), QStringLiteral("standby1"));
        QCOMPARE(textOf(window, "nodeRole"), QStringLiteral("Standby of primary, up 2 h 18 min"));
        QCOMPARE(window.findChild<GraphView *>()->selected(), QStringLiteral("127.0.0.1:5433"));
        QTRY_COMPARE(child<LagChart>(window, "lagChart")->lineCount(), 1);
        QVERIFY(child<QPushButton>(window, "addStandbyButton")->isVisible());
        shoot(window, "healthy-light");
        Style::instance().apply(Style::Choice::Dark);
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        shoot(window, "healthy-dark");
    }

    void dockTitlesAreThereFromTheStart()
    {
        MainWindow window;
        window.resize(1440, 900);
        window.setCluster(handFed());
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.cluster()->feed(healthy(start));
        const QList<HeadTabs *> heads = window.findChildren<HeadTabs *>();
        QCOMPARE(heads.size(), 2);
        for (HeadTabs *head : heads) {
            QTRY_VERIFY(head->isVisible());
            for (int tab = 0; tab < head->count(); ++tab) {
                QTRY_VERIFY2(head->rect().contains(head->tabRect(tab)), qPrintable(head->tabText(tab)));
                const QImage image = head->grab().toImage();
                const QRect words = head->tabRect(tab).adjusted(0, 8, 0, -8);
                int ink = 0;
                for (int y = words.top(); y <= words.bottom(); ++y) {
                    for (int x = words.left(); x <= words.right(); ++x)
                        ink += image.pixelColor(x, y).lightness() < 128 ? 1 : 0;
                }
                QVERIFY2(ink > 20, qPrintable(head->tabText(tab)));
            }
        }
    }

    void aKilledStandbyIsSaidInWordsAndClearsAgain()
    {
        MainWindow window;
        window.setCluster(handFed());
        window.show();
        for (int i = 0; i < 120; ++i)
            window.cluster()->feed(healthy(start + i * second, spike(i)));
        for (int i = 120; i < 160; ++i)
            window.cluster()->feed(broken(start + i * second));
        auto *state = child<GlyphLabel>(window, "nodeState");
        QCOMPARE(state->glyph(), Glyph::Down);
        QVERIFY(textOf(window, "nodeRole").contains(QLatin1String("Nothing listens")));
        QVERIFY(anyLabelHolds(window, QStringLiteral("standby1 is down")));
        QCOMPARE(window.cluster()->history().events().constFirst().text, QStringLiteral("standby1 is down"));
        shoot(window, "broken-light");
        auto *tabs = window.findChild<HeadTabs *>();
        tabs->setCurrentIndex(1);
        shoot(window, "broken-findings");
        Style::instance().apply(Style::Choice::Dark);
        shoot(window, "broken-findings-dark");
        for (int i = 160; i < 163; ++i)
            window.cluster()->feed(healthy(start + i * second));
        QCOMPARE(state->glyph(), Glyph::CaughtUp);
        // The history still tells of it; no finding does.
        const auto anyFindingSays = [&window](const QString &title) {
            const auto cards = window.findChildren<FindingCard *>();
            return std::any_of(cards.begin(), cards.end(),
                               [&title](const FindingCard *card) { return card->finding().title == title; });
        };
        QTRY_VERIFY(!anyFindingSays(QStringLiteral("standby1 is down")));
    }

    void findingsKeepOrderScrollAndWhatWasOpened()
    {
        FindingsPanel panel;
        panel.resize(344, 300);
        Topology topology = healthy(start);
        QList<Finding> &findings = topology.clusters[0].findings;
        findings.clear();
        for (int i = 0; i < 6; ++i)
            findings.append(finding(QStringLiteral("f%1").arg(i),
                                    i < 4 ? Severity::Warning : Severity::Notice,
                                    QStringLiteral("Finding %1").arg(i)));
        panel.set(topology);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        const QList<FindingCard *> before = panel.cards();
        QCOMPARE(before.size(), 6);
        QVERIFY(before.at(0)->isOpen());
        QVERIFY(!before.at(5)->isOpen());
        before.at(5)->setOpen(true);
        QTRY_VERIFY(panel.area()->verticalScrollBar()->maximum() > 100);
        panel.area()->verticalScrollBar()->setValue(100);
        for (int i = 1; i < 5; ++i) {
            topology.takenAtUs += second;
            findings[2].evidence = QStringLiteral("now %1").arg(i);
            panel.set(topology);
        }
        QCOMPARE(panel.cards(), before);
        QVERIFY(before.at(5)->isOpen());
        QCOMPARE(panel.area()->verticalScrollBar()->value(), 100);
        // A critical one comes first; the others keep their cards.
        findings.append(finding(QStringLiteral("worst"), Severity::Critical, QStringLiteral("Worst")));
        panel.set(topology);
        QCOMPARE(panel.cards().constFirst()->finding().title, QStringLiteral("Worst"));
        QCOMPARE(panel.cards().mid(1), before);
        findings.clear();
        panel.set(topology);
        QVERIFY(panel.cards().isEmpty());
        QVERIFY(anyLabelHolds(panel, QStringLiteral("No findings")));
    }

    void whatComesFromOutsideIsPlainText()
    {
        const QString hostile = QStringLiteral("<img src=x><b>standby</b>");
        MainWindow window;
        window.setCluster(handFed());
        window.show();
        Topology topology = healthy(start);
        topology.clusters[0].nodes[1].name = hostile;
        topology.clusters[0].findings[0].title = hostile;
        window.cluster()->feed(topology);
        QCOMPARE(textOf(window, "nodeName"), hostile);
        for (const QLabel *label : window.findChildren<QLabel *>())
            QVERIFY2(label->textFormat() == Qt::PlainText || !label->text().contains(u'<'),
                     qPrintable(label->text()));
        shoot(window, "hostile");
    }

    void theSlotsTableKeepsItsRows()
    {
        SlotsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        Topology topology = healthy(start);
        QList<Slot> &slots = topology.clusters[0].slots_;
        const Node primary = topology.clusters[0].nodes.at(0);
        slots = {slot(primary, QStringLiteral("a")), slot(primary, QStringLiteral("b")),
                 slot(primary, QStringLiteral("c"), false)};
        model.set(topology);
        QCOMPARE(model.rowCount(), 3);
        const QPersistentModelIndex third = model.index(2, SlotsModel::Name);
        slots.removeAt(1);
        slots.append(slot(primary, QStringLiteral("d")));
        model.set(topology);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(third.data().toString(), QStringLiteral("c"));
        QCOMPARE(model.index(third.row(), SlotsModel::Active).data().toString(), QStringLiteral("no"));
        QCOMPARE(model.index(third.row(), SlotsModel::Keeps).data().toString(), QStringLiteral("42 MB"));
        QCOMPARE(model.index(0, SlotsModel::Runway).data().toString(), QStringLiteral("unknown"));
        model.set({});
        QCOMPARE(model.rowCount(), 0);
    }

    void factsSayUnknownNeverZero()
    {
        Topology topology = healthy(start);
        topology.clusters[0].nodes[1].diskFree.reset();
        topology.clusters[0].nodes[1].timeline.reset();
        topology.clusters[0].links[0].lagBytes.reset();
        topology.clusters[0].links[0].lagSeconds.reset();
        const Node &standby = topology.clusters[0].nodes.at(1);
        for (const FactsGrid::Fact &fact :
             replicationFacts(topology, standby) + machineFacts(topology, standby)) {
            if (fact.label == QLatin1String("Behind") || fact.label == QLatin1String("Delay") ||
                fact.label == QLatin1String("Timeline") || fact.label == QLatin1String("Disk"))
                QVERIFY2(fact.value.startsWith(QLatin1String("unknown")), qPrintable(fact.value));
        }
        NodePanel panel;
        panel.set(topology, {}, standby.id);
        QVERIFY(panel.asText().contains(QStringLiteral("standby_slot")));
    }

    void themesSwitchLive()
    {
        MainWindow window;
        window.setCluster(handFed());
        window.show();
        window.cluster()->feed(healthy(start));
        auto *chart = child<LagChart>(window, "lagChart");
        QTRY_COMPARE(chart->grab().toImage().pixelColor(3, 3), Theme::light().panel);
        child<QAction>(window, "actionThemeDark")->trigger();
        QCOMPARE(Style::instance().theme().kind, ThemeKind::Dark);
        QTRY_COMPARE(chart->grab().toImage().pixelColor(3, 3), Theme::dark().panel);
        QVERIFY(child<QAction>(window, "actionThemeDark")->isChecked());
        QVERIFY(!child<QAction>(window, "actionThemeLight")->isChecked());
    }

    void pausingIsSaid()
    {
        MainWindow window;
        auto cluster = handFed();
        cluster->monitor().setPaused(false);
        window.setCluster(std::move(cluster));
        window.show();
        auto *live = window.findChild<LiveLabel *>();
        QCOMPARE(live->words(), QStringLiteral("Live, every 1 s"));
        QTest::mouseClick(child<QPushButton>(window, "pauseButton"), Qt::LeftButton);
        QCOMPARE(live->words(), QStringLiteral("Paused"));
        QVERIFY(window.cluster()->monitor().isPaused());
        QTest::mouseClick(child<QPushButton>(window, "pauseButton"), Qt::LeftButton);
        child<QAction>(window, "actionEvery500")->trigger();
        QCOMPARE(live->words(), QStringLiteral("Live, every 0.5 s"));
        QCOMPARE(window.cluster()->monitor().intervalMs(), 500);
    }

    void aComposeProjectOpensTheWizardToo()
    {
        MainWindow window;
        window.show();
        ClusterSpec spec;
        spec.title = QStringLiteral("shop");
        spec.composeFile = QStringLiteral("/srv/shop/docker-compose.yml");
        spec.notes = {QStringLiteral("Service <b>x</b> publishes no port.")};
        auto cluster = std::make_unique<LiveCluster>(spec, std::make_shared<SessionSecrets>());
        cluster->monitor().setPaused(true);
        window.setCluster(std::move(cluster));
        QCOMPARE(window.bannerSentence(), spec.notes.at(0));
        AddStandbyWizard *wizard = window.openAddStandby();
        QVERIFY(wizard && wizard->isVisible());
        QVERIFY(wizard->close());
        window.setCluster(handFed());
        QVERIFY(window.bannerSentence().isEmpty());
    }

    void passwordsStayInMemoryPerUserAndHost()
    {
        SessionSecrets secrets;
        Endpoint one;
        one.user = QStringLiteral("monitor");
        Endpoint other = one;
        other.user = QStringLiteral("postgres");
        QVERIFY(!secrets.password(one));
        secrets.set(one, QStringLiteral("s3cret"));
        QCOMPARE(*secrets.password(one), QStringLiteral("s3cret"));
        QVERIFY(!secrets.password(other));
        secrets.forget(one);
        QVERIFY(!secrets.password(one));
    }

    void everyIconOnlyButtonHasAName()
    {
        MainWindow window;
        window.setCluster(handFed());
        window.cluster()->feed(broken(start));
        for (const QAbstractButton *button : window.findChildren<QAbstractButton *>()) {
            // A dock's own buttons and the glass of a field are Qt's.
            if (button->objectName().startsWith(QLatin1String("qt_")) ||
                qobject_cast<QLineEdit *>(button->parent()))
                continue;
            if (button->text().isEmpty() && !button->isHidden())
                QVERIFY2(!button->accessibleName().isEmpty(),
                         qPrintable(button->objectName() + QLatin1String(" in ") +
                                    QLatin1String(button->parent()->metaObject()->className())));
        }
    }

    void aTickDoesNotBlock()
    {
        MainWindow window;
        window.setCluster(handFed());
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        for (int i = 0; i < 600; ++i)
            window.cluster()->feed(healthy(start + i * second, spike(i)));
        QList<qint64> took;
        for (int i = 600; i < 621; ++i) {
            QElapsedTimer timer;
            timer.start();
            window.cluster()->feed(healthy(start + i * second, spike(i)));
            took.append(timer.elapsed());
            QCoreApplication::sendPostedEvents();
        }
        std::sort(took.begin(), took.end());
        QVERIFY2(took.at(10) <= 50, qPrintable(QString::number(took.at(10))));
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
