// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "ReattachScenes.h"
#include "WindowFixture.h"
#include "clusters/SessionSecrets.h"
#include "gui/MainWindow.h"
#include "gui/Style.h"
#include "gui/graph/GraphView.h"
#include "gui/graph/NodeTable.h"
#include "gui/panels/NodePanel.h"
#include "gui/panels/ReattachChooser.h"
#include "gui/panels/ReattachReview.h"
#include "gui/wizard/AddStandbyWizard.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDir>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QPointer>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace understudy;
using namespace understudy::fixture;
using test::ReattachLab;

namespace {

template <typename T>
T *child(const QWidget &window, const char *name)
{
    return window.findChild<T *>(QString::fromLatin1(name));
}

void shoot(QWidget &window, const char *name)
{
    const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
    if (folder.isEmpty())
        return;
    QDir().mkpath(folder);
    if (QApplication::font().pixelSize() > 20 && !qobject_cast<QMainWindow *>(&window))
        window.resize(window.size() * 1.6); // As on a screen that has the room
    window.grab().save(folder + u'/' + QString::fromLatin1(name) + QStringLiteral(".png"));
}

QHash<NodeId, CardExtras> series()
{
    QHash<NodeId, CardExtras> extras;
    for (int i = 1; i < 4; ++i)
        extras[ReattachLab::id(i)].seriesSlot = i - 1;
    return extras;
}

QString clipboard()
{
    return QGuiApplication::clipboard()->text();
}

std::unique_ptr<ReattachReview> reviewOf(const ReattachLab &lab, int standby = 2, int target = 1)
{
    auto review = std::make_unique<ReattachReview>(lab.scene, series(), ReattachLab::id(standby),
                                                   ReattachLab::id(target), QStringLiteral("demo"));
    review->setAttribute(Qt::WA_DeleteOnClose, false);
    review->show();
    return review;
}

/// A window over a made-up look: the primary, its standby and, if wanted, a ghost.
std::unique_ptr<MainWindow> windowOver(const Topology &topology)
{
    ClusterSpec spec;
    spec.title = QStringLiteral("appdb demo");
    auto cluster = std::make_unique<LiveCluster>(spec, std::make_shared<SessionSecrets>());
    cluster->monitor().setPaused(true);
    auto window = std::make_unique<MainWindow>();
    window->setCluster(std::move(cluster));
    window->resize(1440, 900);
    window->show();
    window->cluster()->feed(topology);
    return window;
}

QStringList entries(const QMenu &menu)
{
    QStringList texts;
    for (const QAction *action : menu.actions()) {
        if (!action->isSeparator())
            texts << action->text();
    }
    return texts;
}

/// The Menu key on a node of the table: what its menu offers.
QStringList offered(MainWindow &window, const NodeId &node)
{
    window.selectNode(node);
    auto *graph = window.findChild<GraphView *>();
    QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(), QPoint());
    QCoreApplication::sendEvent(graph, &event);
    QPointer<QMenu> menu = window.findChild<QMenu *>(QStringLiteral("nodeMenu"));
    if (!menu)
        return {};
    const QStringList texts = entries(*menu);
    delete menu;
    return texts;
}

} // namespace

/// Re-attaching, as far as a window goes: who is offered what, what the review says, and that it acts on
/// nothing.
class TestReattachWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void theReviewSaysWhatItWouldDo();
    void theReviewCanBeTakenAway();
    void theReviewFitsASmallWindowAtTwiceTheText();
    void riskAndImpossibility();
    void theReviewFollowsTheCluster();
    void namesFromOutsideArePlainText();
    void theChooserIsForTheKeyboard();
    void theMenuFitsTheNode();
    void fromTheMenuToTheReview();
    void aCardThatIsDroppedOpensTheReview();
    void addBelowBeginsThere();
    void thePanelSaysEverything();
    void thePanelNamesBothKindsOfSlots();
};

void TestReattachWindow::initTestCase()
{
    fixture::useOwnPlaces();
}

void TestReattachWindow::init()
{
    Style::instance().apply(qEnvironmentVariable("UNDERSTUDY_THEME") == QLatin1String("dark")
                                ? Style::Choice::Dark
                                : Style::Choice::Light);
    // For people: UNDERSTUDY_TEXT=26 shows text at 200 %.
    if (const int pixels = qEnvironmentVariableIntValue("UNDERSTUDY_TEXT"); pixels > 0) {
        QFont font = QApplication::font();
        font.setPixelSize(pixels);
        QApplication::setFont(font);
    }
}

void TestReattachWindow::theReviewSaysWhatItWouldDo()
{
    const ReattachLab lab;
    const auto review = reviewOf(lab);
    QVERIFY(QTest::qWaitForWindowExposed(review.get()));
    QVERIFY(!review->isModal());
    QCOMPARE(review->windowTitle(), QStringLiteral("Re-attach standby2 to standby1"));
    QCOMPARE(child<GlyphLabel>(*review, "reattachVerdict")->glyph(), Glyph::CheckPass);
    for (const char *step : {"check", "login", "slot", "point", "stream", "arrived", "drop"})
        QVERIFY2(child<QWidget>(*review, QByteArray(QByteArray("step_") + step).constData()), step);
    // It says that it does nothing, and offers nothing that looks as if it would.
    QVERIFY(
        child<QLabel>(*review, "reattachSaid")->text().contains(QStringLiteral("does not run the steps")));
    QStringList buttons;
    for (const QAbstractButton *button : review->findChildren<QAbstractButton *>())
        buttons << button->text();
    QCOMPARE(buttons, (QStringList{QStringLiteral("Copy as text"), QStringLiteral("Copy as Markdown"),
                                   QStringLiteral("Copy as SQL"), QStringLiteral("Close")}));
    const auto pictures = review->findChildren<GraphPreview *>();
    QCOMPARE(pictures.size(), 2);
    QVERIFY(pictures.at(1)->accessibleDescription().contains(QStringLiteral("moved")));
    shoot(*review, "reattach-safe");
    QTest::keyClick(review.get(), Qt::Key_Escape);
    QVERIFY(!review->isVisible());
}

void TestReattachWindow::theReviewCanBeTakenAway()
{
    ReattachLab lab;
    lab.at(1).replayPaused = true;
    const auto review = reviewOf(lab);
    QTest::mouseClick(child<QPushButton>(*review, "copySqlButton"), Qt::LeftButton);
    const QString sql = clipboard();
    QVERIFY(sql.contains(QStringLiteral("-- on primary\nSELECT NOT EXISTS")));
    QVERIFY(sql.contains(
        QStringLiteral("-- on standby2\nALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=5433")));
    bool shell = false;
    for (const QString &line : sql.split(u'\n', Qt::SkipEmptyParts)) {
        shell |= line.contains(QStringLiteral("/srv/passfile, added:"));
        QVERIFY2(line.startsWith(QLatin1String("--")) || line.contains(u';'), qPrintable(line));
    }
    QVERIFY(shell);
    QTest::mouseClick(child<QPushButton>(*review, "copyMarkdownButton"), Qt::LeftButton);
    QVERIFY(clipboard().startsWith(QStringLiteral("# Re-attach standby2 to standby1\n\n**Risky**")));
    QVERIFY(clipboard().contains(QStringLiteral("```sql\n")));
    QTest::mouseClick(child<QPushButton>(*review, "copyTextButton"), Qt::LeftButton);
    QVERIFY(clipboard().contains(QStringLiteral("- Risky: Replay is paused on standby1.")));
    QVERIFY(clipboard().contains(QStringLiteral("Undo: set the old values")));
    QVERIFY(clipboard().contains(QStringLiteral("does not run these steps yet")));
    QVERIFY(child<QLabel>(*review, "reattachSaid")->text().startsWith(QStringLiteral("Copied")));
}

void TestReattachWindow::theReviewFitsASmallWindowAtTwiceTheText()
{
    const QFont usual = QApplication::font();
    QFont large = usual;
    large.setPixelSize(26);
    QApplication::setFont(large);
    const ReattachLab lab;
    const auto review = reviewOf(lab);
    review->resize(review->minimumSize());
    QVERIFY(QTest::qWaitForWindowExposed(review.get()));
    const auto scrolls = review->findChildren<QScrollArea *>();
    QVERIFY(scrolls.size() >= 3); // The sheet, the steps, the reasons
    // Nothing is cut off at the side, and the steps have room to be read in.
    const auto settled = [&] {
        QCoreApplication::sendPostedEvents();
        return std::all_of(scrolls.cbegin(), scrolls.cend(), [](const QScrollArea *area) {
            return area->widget()->minimumSizeHint().width() <= area->viewport()->width();
        });
    };
    QTRY_VERIFY(settled());
    for (const QPushButton *button : review->findChildren<QPushButton *>())
        QTRY_VERIFY2(button->width() >= button->minimumSizeHint().width(), qPrintable(button->text()));
    const auto *step =
        review->findChild<QWidget *>(QStringLiteral("step_") + review->paper().plan->steps.first().id);
    QVERIFY(step);
    const QScrollArea *steps = nullptr;
    for (const QScrollArea *area : scrolls) {
        if (area->widget() == step->parentWidget())
            steps = area;
    }
    QVERIFY(steps);
    QTRY_VERIFY(steps->viewport()->height() >= 8 * QFontMetrics(large).height());
    const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
    if (!folder.isEmpty()) {
        review->grab().save(folder + QStringLiteral("/reattach-small.png"));
        auto *sheet = review->findChild<QScrollArea *>(QStringLiteral("reattachSheet"));
        sheet->verticalScrollBar()->setValue(360);
        review->grab().save(folder + QStringLiteral("/reattach-small-below.png"));
    }
    QApplication::setFont(usual);
}

void TestReattachWindow::riskAndImpossibility()
{
    ReattachLab lab;
    lab.at(1).replayPaused = true;
    lab.set(0, "synchronous_standby_names", "FIRST 1 (standby2)");
    lab.link(2).sync = SyncState::Sync;
    for (int i = 0; i < 4; ++i)
        lab.at(i).versionNum = 120022;
    const auto risky = reviewOf(lab);
    QCOMPARE(child<GlyphLabel>(*risky, "reattachVerdict")->glyph(), Glyph::CheckWarning);
    QVERIFY(child<QWidget>(*risky, "reason_commits_wait"));
    QVERIFY(child<QWidget>(*risky, "reason_target_paused"));
    QVERIFY(child<QWidget>(*risky, "step_restart"));
    shoot(*risky, "reattach-risky");

    lab.set(1, "max_wal_senders", "1");
    const auto impossible = reviewOf(lab);
    QCOMPARE(child<GlyphLabel>(*impossible, "reattachVerdict")->glyph(), Glyph::CheckFail);
    QVERIFY(!child<QWidget>(*impossible, "step_point"));
    QVERIFY(
        child<QLabel>(*impossible, "reattachProblem")->text().contains(QStringLiteral("max_wal_senders")));
    shoot(*impossible, "reattach-impossible");
}

void TestReattachWindow::theReviewFollowsTheCluster()
{
    ReattachLab lab;
    const auto review = reviewOf(lab);
    lab.at(1).replayPaused = true;
    review->follow(lab.scene, series());
    QCOMPARE(child<GlyphLabel>(*review, "reattachVerdict")->glyph(), Glyph::CheckWarning);
    // Somebody followed the steps: it is there, and the rest of them stays to be read.
    lab.at(1).replayPaused = false;
    lab.link(2).upstream = ReattachLab::id(1);
    review->follow(lab.scene, series());
    QCOMPARE(child<GlyphLabel>(*review, "reattachVerdict")->glyph(), Glyph::CheckPass);
    QVERIFY(child<QLabel>(*review, "reattachSentence")
                ->text()
                .contains(QStringLiteral("streams from there now")));
    QVERIFY(child<QWidget>(*review, "step_drop"));
}

void TestReattachWindow::namesFromOutsideArePlainText()
{
    ReattachLab lab;
    const QString hostile = QStringLiteral("<img src=x>\u202eevil");
    lab.at(1).name = hostile;
    const auto review = reviewOf(lab);
    for (const QLabel *label : review->findChildren<QLabel *>())
        QVERIFY(label->textFormat() == Qt::PlainText || !label->text().contains(u'<'));
    QVERIFY(!review->paper().asSql().contains(QChar(0x202e)) ||
            !review->paper().asSql().contains(QStringLiteral("-- on <img src=x>\u202e")));
    QVERIFY(!review->paper().asMarkdown().contains(QStringLiteral("\n<img")));
}

void TestReattachWindow::theChooserIsForTheKeyboard()
{
    ReattachLab lab;
    lab.at(0).replayPaused = false;
    lab.at(1).replayPaused = true;
    QPointer<ReattachChooser> chooser = new ReattachChooser(lab.scene, ReattachLab::id(2));
    chooser->show();
    QVERIFY(QTest::qWaitForWindowExposed(chooser));
    auto *table = child<QTableView>(*chooser, "targetTable");
    auto *review = child<QPushButton>(*chooser, "reviewButton");
    const auto heard = [table] {
        return table->currentIndex().siblingAtColumn(0).data(Qt::AccessibleTextRole).toString();
    };
    // Safe, risky, impossible; each says why.
    QCOMPARE(table->model()->rowCount(), 3);
    QCOMPARE(heard(), QStringLiteral("cascade1, safe: nothing speaks against it"));
    QVERIFY(review->isEnabled());
    shoot(*chooser, "reattach-chooser");
    QTest::keyClick(table, Qt::Key_Down);
    QCOMPARE(heard(), QStringLiteral("standby1, risky: its replay is paused"));
    QVERIFY(child<QLabel>(*chooser, "targetReasons")->text().contains(QStringLiteral("WAL passes through")));
    QTest::keyClick(table, Qt::Key_Down);
    QCOMPARE(heard(), QStringLiteral("primary, impossible: its upstream already"));
    QVERIFY(!review->isEnabled());
    QVERIFY(review->accessibleDescription().contains(QStringLiteral("nothing to do")));
    QSignalSpy wanted(chooser, &ReattachChooser::reviewWanted);
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(wanted.count(), 0);
    // The same words filter.
    QTest::keyClicks(child<QLineEdit>(*chooser, "targetFilter"), QStringLiteral("risky"));
    QCOMPARE(table->model()->rowCount(), 1);
    QCOMPARE(chooser->chosen(), ReattachLab::id(1));
    lab.at(1).replayPaused = false;
    chooser->follow(lab.scene);
    child<QLineEdit>(*chooser, "targetFilter")->clear();
    QCOMPARE(table->model()->rowCount(), 3);
    table->selectRow(1);
    QCOMPARE(heard(), QStringLiteral("standby1, safe: nothing speaks against it"));
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.at(0).at(1).toString(), ReattachLab::id(1));
    QTRY_VERIFY(!chooser);
}

void TestReattachWindow::theMenuFitsTheNode()
{
    Topology topology = healthy(start);
    Node ghost = node(QStringLiteral("walreceiver"), 0, Role::Standby, NodeState::Ghost);
    ghost.id = QStringLiteral("ghost");
    topology.clusters[0].nodes << ghost;
    const auto window = windowOver(topology);
    const QString reattach = QStringLiteral("Re-attach\u2026"),
                  below = QStringLiteral("Add a standby below this one\u2026"),
                  adopt = QStringLiteral("Adopt\u2026"), sql = QStringLiteral("Copy SQL that shows them");
    const QStringList standby = offered(*window, QStringLiteral("127.0.0.1:5433"));
    QVERIFY(standby.contains(QStringLiteral("Zoom to it")));
    QVERIFY(standby.contains(reattach) && standby.contains(below) && standby.contains(sql));
    QVERIFY(!standby.contains(adopt));
    const QStringList primary = offered(*window, QStringLiteral("127.0.0.1:5432"));
    QVERIFY(!primary.contains(reattach) && primary.contains(below));
    const QStringList unknown = offered(*window, QStringLiteral("ghost"));
    QVERIFY(unknown.contains(adopt) && !unknown.contains(reattach) && !unknown.contains(below));
    // In the menu bar what cannot be done is grey.
    QVERIFY(!child<QAction>(*window, "actionReattach")->isEnabled());
    // A node that is down feeds nobody.
    window->cluster()->feed(broken(start + second));
    QVERIFY(!offered(*window, QStringLiteral("127.0.0.1:5433")).contains(below));
    window->setCluster(nullptr);
    QVERIFY(!child<QAction>(*window, "actionCopyFacts")->isEnabled());
}

void TestReattachWindow::fromTheMenuToTheReview()
{
    Topology topology = healthy(start);
    topology.clusters[0].nodes << node(QStringLiteral("standby2"), 5434, Role::Standby);
    const auto window = windowOver(topology);
    window->selectNode(QStringLiteral("127.0.0.1:5433"));
    QVERIFY(QTest::qWaitForWindowActive(window.get()));
    QTest::keyClick(window.get(), Qt::Key_R, Qt::ControlModifier);
    auto *chooser = window->findChild<ReattachChooser *>();
    QVERIFY(chooser && chooser->isVisible());
    auto *table = child<QTableView>(*chooser, "targetTable");
    QCOMPARE(chooser->chosen(), QStringLiteral("127.0.0.1:5434"));
    QTest::keyClick(table, Qt::Key_Return);
    auto *review = window->findChild<ReattachReview *>();
    QVERIFY(review && review->isVisible());
    QCOMPARE(review->windowTitle(), QStringLiteral("Re-attach standby1 to standby2"));
    // Without the server's own words no step is invented.
    QVERIFY(child<QLabel>(*review, "reattachProblem")->text().contains(QStringLiteral("primary_conninfo")));
    // The same pair again is the same window, and it goes with the cluster.
    QCOMPARE(window->reviewReattach(review->standby(), review->target()), review);
    const QPointer<ReattachReview> left = review;
    window->setCluster(nullptr);
    QVERIFY(!left);
}

void TestReattachWindow::aCardThatIsDroppedOpensTheReview()
{
    Topology topology = healthy(start);
    topology.clusters[0].nodes << node(QStringLiteral("standby2"), 5434, Role::Standby);
    const auto window = windowOver(topology);
    QVERIFY(QTest::qWaitForWindowExposed(window.get()));
    auto *graph = window->findChild<GraphView *>();
    const auto drag = [graph](const NodeId &from, const NodeId &to) {
        const QPointF begin = graph->cardRect(from).center(), end = graph->cardRect(to).center();
        const auto send = [graph](QEvent::Type type, const QPointF &at, Qt::MouseButtons buttons) {
            QMouseEvent event(type, at, graph->mapToGlobal(at),
                              type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton, buttons, {});
            QCoreApplication::sendEvent(graph, &event);
        };
        send(QEvent::MouseButtonPress, begin, Qt::LeftButton);
        for (int i = 1; i <= 10; ++i)
            send(QEvent::MouseMove, begin + (end - begin) * i / 10, Qt::LeftButton);
        send(QEvent::MouseButtonRelease, end, Qt::NoButton);
    };
    // On its own upstream nothing is to be done, and nothing opens.
    drag(QStringLiteral("127.0.0.1:5433"), QStringLiteral("127.0.0.1:5432"));
    QVERIFY(!window->findChild<ReattachReview *>());
    drag(QStringLiteral("127.0.0.1:5433"), QStringLiteral("127.0.0.1:5434"));
    auto *review = window->findChild<ReattachReview *>();
    QVERIFY(review && review->isVisible());
    QCOMPARE(review->target(), QStringLiteral("127.0.0.1:5434"));
    // Nothing but the window came of it.
    QCOMPARE(window->cluster()->topology(), topology);
}

void TestReattachWindow::addBelowBeginsThere()
{
    const auto window = windowOver(healthy(start));
    window->selectNode(QStringLiteral("127.0.0.1:5433"));
    child<QAction>(*window, "actionAddBelow")->trigger();
    auto *wizard = window->openAddStandby();
    QVERIFY(wizard && wizard->isVisible());
    QCOMPARE(wizard->request().upstream, QStringLiteral("127.0.0.1:5433"));
    QVERIFY(wizard->close());
}

void TestReattachWindow::thePanelSaysEverything()
{
    Topology topology = healthy(start);
    Node &standby = topology.clusters[0].nodes[1];
    for (const auto &[name, value] : {std::pair{"hot_standby", "on"},
                                      {"hot_standby_feedback", "off"},
                                      {"max_standby_streaming_delay", "30000"},
                                      {"recovery_min_apply_delay", "0"},
                                      {"recovery_target_timeline", "latest"},
                                      {"restore_command", ""},
                                      {"wal_receiver_timeout", "60000"},
                                      {"max_wal_senders", "10"},
                                      {"max_replication_slots", "10"},
                                      {"wal_keep_size", "0"},
                                      {"max_slot_wal_keep_size", "-1"},
                                      {"data_checksums", "on"},
                                      {"wal_log_hints", "off"},
                                      {"fsync", "on"}})
        standby.settings.insert(QLatin1String(name), QLatin1String(value));
    const auto window = windowOver(topology);
    window->selectNode(standby.id);
    Topology gone = broken(start + second);
    gone.clusters[0].nodes[1].settings = standby.settings;
    window->cluster()->feed(gone);
    topology.takenAtUs = start + 2 * second;
    window->cluster()->feed(topology);
    auto *panel = window->findChild<NodePanel *>();
    QTest::mouseClick(child<QPushButton>(*window, "reattachButton"), Qt::LeftButton);
    QVERIFY(window->findChild<ReattachChooser *>());
    delete window->findChild<ReattachChooser *>();

    child<QAction>(*window, "copyFactsAsText")->trigger();
    const QString text = clipboard();
    QVERIFY2(text.contains(QStringLiteral("max_slot_wal_keep_size\t-1, without limit")), qPrintable(text));
    QVERIFY(text.contains(QStringLiteral("max_standby_streaming_delay\t30.0 s")));
    QVERIFY(text.contains(QStringLiteral("restore_command\tnone")));
    QVERIFY(text.contains(QStringLiteral("recovery_min_apply_delay\t0, off")));
    QVERIFY(text.contains(QStringLiteral("wal_keep_size\t0 B")));
    QVERIFY(!text.contains(QStringLiteral("fsync")));
    QVERIFY(text.contains(QStringLiteral("Slot on primary\nstandby_slot\tyes\treserved\t0 B")));
    QVERIFY2(text.contains(QStringLiteral("UTC\tstandby1 is down")), qPrintable(text));
    child<QAction>(*window, "copyFactsAsSql")->trigger();
    QVERIFY(clipboard().contains(QStringLiteral("FROM pg_stat_wal_receiver;")));
    QVERIFY(clipboard().contains(QStringLiteral("-- On primary, its upstream:")));
    QVERIFY(clipboard().contains(QStringLiteral("WHERE slot_name = 'standby_slot';")));
    QCOMPARE(clipboard(), panel->asSql());
    // Nothing is wider than the panel at its usual width.
    QVERIFY(QTest::qWaitForWindowExposed(window.get()));
    auto *settings = child<FactsGrid>(*panel, "nodeSettings");
    QTRY_VERIFY(settings->height() > 200);
    const bool usual = QApplication::font().pixelSize() < 20;
    for (const QScrollArea *area : usual ? panel->findChildren<QScrollArea *>() : QList<QScrollArea *>())
        QTRY_COMPARE(area->horizontalScrollBar()->maximum(), 0);
    shoot(*window, "panel");
    for (QScrollArea *area : panel->findChildren<QScrollArea *>())
        area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum());
    shoot(*window, "panel-end");
}

void TestReattachWindow::thePanelNamesBothKindsOfSlots()
{
    const ReattachLab lab;
    const Node &middle = *lab.scene.topology.node(ReattachLab::id(1));
    const QList<NodeSlots> kept = slotsOf(lab.scene.topology, middle);
    QCOMPARE(kept.size(), 2);
    QCOMPARE(kept.at(0).title, QStringLiteral("Slot on primary"));
    QCOMPARE(kept.at(0).rows.constFirst().name, QStringLiteral("standby1_slot"));
    QCOMPARE(kept.at(1).title, QStringLiteral("Slots it keeps"));
    QCOMPARE(kept.at(1).rows.constFirst().name, QStringLiteral("cascade1_slot"));
    const auto facts = settingFacts(lab.scene.topology, middle);
    const auto senders = std::find_if(facts.begin(), facts.end(), [](const FactsGrid::Fact &fact) {
        return fact.label == QLatin1String("max_wal_senders");
    });
    QVERIFY(senders != facts.end());
    QCOMPARE(senders->value, QStringLiteral("10, 1 in use"));
    NodePanel panel;
    panel.set(lab.scene.topology, series(), middle.id);
    QVERIFY(panel.asText().contains(QStringLiteral("Slots it keeps\ncascade1_slot\tyes")));
}

QTEST_MAIN(TestReattachWindow)
#include "tst_reattach_window.moc"
