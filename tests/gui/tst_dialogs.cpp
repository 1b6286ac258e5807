// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "WindowFixture.h"
#include "clusters/SessionSecrets.h"
#include "gui/MainWindow.h"
#include "gui/Style.h"
#include "gui/ThresholdStore.h"
#include "gui/graph/GraphView.h"
#include "gui/panels/AdoptDialog.h"
#include "gui/panels/ClearedList.h"
#include "gui/panels/FindingsPanel.h"
#include "gui/panels/ThresholdsDialog.h"
#include "gui/wizard/FieldError.h"
#include "model/ThresholdFields.h"

#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace understudy;
using namespace understudy::fixture;

namespace {

/// A primary with a standby that nothing but its walsender is known of.
Topology withGhost(qint64 atUs)
{
    Topology topology = healthy(atUs);
    Cluster &cluster = topology.clusters[0];
    Node ghost = node(QStringLiteral("dr_slot"), 0, Role::Standby, NodeState::Ghost);
    ghost.id = QStringLiteral("ghost:127.0.0.1:5432:dr_slot");
    ghost.host = QStringLiteral("172.18.0.4");
    ghost.reason = QStringLiteral("Seen by primary as walreceiver from 172.18.0.4, no address to reach it.");
    ghost.versionNum = 0;
    cluster.nodes << ghost;
    cluster.links << link(cluster.nodes[0], ghost, QStringLiteral("dr_slot"), 0);
    return topology;
}

ClusterSpec specOfFixture()
{
    ClusterSpec spec;
    spec.title = QStringLiteral("appdb demo");
    spec.source = QStringLiteral("service=appdb");
    Endpoint at;
    at.user = QStringLiteral("monitor");
    spec.nodes = {{QStringLiteral("127.0.0.1:5432"), QStringLiteral("primary"), at}};
    return spec;
}

std::unique_ptr<LiveCluster> handFed(const ClusterSpec &spec)
{
    auto cluster = std::make_unique<LiveCluster>(spec, std::make_shared<SessionSecrets>());
    cluster->monitor().setPaused(true);
    return cluster;
}

/// For people: UNDERSTUDY_SHOTS=folder keeps what it looks like.
void shoot(QWidget &window, const QString &name)
{
    const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
    if (folder.isEmpty())
        return;
    QDir().mkpath(folder);
    for (int i = 0; i < 3; ++i) // What a line that wraps changes reaches the boxes around it step by step.
        QCoreApplication::sendPostedEvents();
    window.grab().save(folder + u'/' + name + QStringLiteral(".png"));
}

template <typename T>
T *child(const QWidget &window, const char *name)
{
    return window.findChild<T *>(QString::fromLatin1(name));
}

} // namespace

/// The small dialogs of the window, driven through their widgets.
class TestDialogs : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

private Q_SLOTS:
    void initTestCase();
    void init() { Style::instance().apply(Style::Choice::Light); }
    void thresholdsTakeEffectAtOnce();
    void thresholdsAreKept();
    void ghostIsAdoptedFromItsCard();
    void adoptionSaysWhatIsWrong();
    void clearedIsShown();
};

void TestDialogs::initTestCase()
{
    fixture::useOwnPlaces();
}

void TestDialogs::thresholdsTakeEffectAtOnce()
{
    ThresholdsDialog dialog(Thresholds(), QStringLiteral("Kept here."));
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    dialog.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    QSignalSpy changed(&dialog, &ThresholdsDialog::changed);
    for (const ThresholdField &field : thresholdFields()) {
        const auto *box = dialog.findChild<QDoubleSpinBox *>(field.key);
        QVERIFY2(box, qPrintable(field.key));
        // What is shown is what is stored: no default is lost in rounding.
        QCOMPARE(box->value() * field.scale, field.stored(Thresholds()));
        QVERIFY(!box->accessibleName().isEmpty());
    }
    QCOMPARE(changed.count(), 0);
    auto *box = dialog.findChild<QDoubleSpinBox *>(QStringLiteral("lag_bytes"));
    box->setFocus();
    box->selectAll();
    QTest::keyClicks(box, QStringLiteral("64"));
    QTest::keyClick(box, Qt::Key_Tab);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(dialog.thresholds().lagBytes, qint64(64) << 20);
    for (const Style::Choice choice : {Style::Choice::Light, Style::Choice::Dark}) {
        Style::instance().apply(choice);
        shoot(dialog, choice == Style::Choice::Light ? QStringLiteral("thresholds-light")
                                                     : QStringLiteral("thresholds-dark"));
    }
    QTest::mouseClick(child<QPushButton>(dialog, "defaults"), Qt::LeftButton);
    QCOMPARE(dialog.thresholds(), Thresholds());
    QCOMPARE(box->value(), 16.0);
}

void TestDialogs::thresholdsAreKept()
{
    const ClusterSpec typed = specOfFixture();
    Thresholds mine;
    mine.lagSeconds = 5;
    QVERIFY(thresholdstore::save(typed, mine));
    QCOMPARE(thresholdstore::load(typed), mine);
    ClusterSpec other = typed;
    other.source = QStringLiteral("service=other");
    QCOMPARE(thresholdstore::load(other), Thresholds());

    // A cluster file holds its own, and nothing else of it changes.
    const QString path = m_folder.filePath(QStringLiteral("appdb.json"));
    QVERIFY(saveCluster(typed, path));
    auto saved = loadCluster(path);
    QVERIFY(saved);
    QVERIFY(thresholdstore::save(*saved, mine));
    const auto again = loadCluster(path);
    QVERIFY(again);
    QCOMPARE(again->thresholds, mine);
    QCOMPARE(again->nodes.size(), saved->nodes.size());
    QCOMPARE(thresholdstore::load(*again), mine);
    QVERIFY(thresholdstore::save(typed, Thresholds()));
}

void TestDialogs::ghostIsAdoptedFromItsCard()
{
    MainWindow window;
    window.resize(1440, 900);
    window.setCluster(handFed(specOfFixture()));
    window.cluster()->feed(withGhost(start));
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    auto *graph = window.findChild<GraphView *>();
    graph->resetZoom();
    const QRectF card = graph->cardRect(QStringLiteral("ghost:127.0.0.1:5432:dr_slot"));
    QVERIFY(!card.isEmpty());
    QTest::mouseClick(graph, Qt::LeftButton, {}, card.center().toPoint()); // selects, asks nothing
    QVERIFY(!window.findChild<AdoptDialog *>());
    auto *button = child<QPushButton>(window, "adoptButton");
    QVERIFY(button->isVisible());
    shoot(window, QStringLiteral("ghost-light"));
    Style::instance().apply(Style::Choice::Dark);
    shoot(window, QStringLiteral("ghost-dark"));
    Style::instance().apply(Style::Choice::Light);
    QTest::mouseClick(graph, Qt::LeftButton, {},
                      QPoint(int(card.left() + 30), int(card.bottom() - card.height() * 0.1)));
    auto *dialog = window.findChild<AdoptDialog *>();
    QVERIFY(dialog && dialog->isVisible());
    QCOMPARE(child<QLineEdit>(*dialog, "hostEdit")->text(), QStringLiteral("172.18.0.4"));
    QCOMPARE(child<QLineEdit>(*dialog, "portEdit")->text(), QStringLiteral("5432"));
    QCOMPARE(child<QLineEdit>(*dialog, "userEdit")->text(), QStringLiteral("monitor"));
    shoot(*dialog, QStringLiteral("adopt"));
    QTest::mouseClick(child<QPushButton>(*dialog, "cancel"), Qt::LeftButton);
    QTRY_VERIFY(!window.findChild<AdoptDialog *>());
    // The same from the panel; the primary has no such button.
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(window.findChild<AdoptDialog *>());
    window.selectNode(QStringLiteral("127.0.0.1:5432"));
    QVERIFY(!button->isVisible());
}

void TestDialogs::adoptionSaysWhatIsWrong()
{
    Adoption adoption{QStringLiteral("ghost:x"), QStringLiteral("walreceiver"), QStringLiteral("1"),
                      Endpoint()};
    AdoptDialog dialog(adoption, QStringLiteral("<b>Seen</b> by primary"), {},
                       std::make_shared<LibpqSecrets>());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy adopted(&dialog, &AdoptDialog::adopted);
    dialog.show();
    QCOMPARE(child<QLabel>(dialog, "what")->textFormat(), Qt::PlainText);
    auto *port = child<QLineEdit>(dialog, "portEdit");
    const auto *error = child<FieldError>(dialog, "portError");
    port->setText(QStringLiteral("70000"));
    QTest::mouseClick(child<QPushButton>(dialog, "adopt"), Qt::LeftButton);
    QVERIFY(error->message().contains(QStringLiteral("1 to 65535")));
    QVERIFY(dialog.isVisible());
    port->setText(QStringLiteral("1")); // Nobody listens there.
    QTest::mouseClick(child<QPushButton>(dialog, "adopt"), Qt::LeftButton);
    QTRY_VERIFY2_WITH_TIMEOUT(error->message().contains(QStringLiteral("Nothing listens at 127.0.0.1:1")),
                              qPrintable(error->message()), 10000);
    QVERIFY(error->isVisible() && child<QPushButton>(dialog, "adopt")->isEnabled());
    shoot(dialog, QStringLiteral("adopt-error"));
    child<QLineEdit>(dialog, "hostEdit")->clear();
    QTest::mouseClick(child<QPushButton>(dialog, "adopt"), Qt::LeftButton);
    QVERIFY(child<FieldError>(dialog, "hostError")->message().contains(QStringLiteral("host is empty")));
    QVERIFY(error->message().isEmpty());
    QCOMPARE(adopted.count(), 0);
}

void TestDialogs::clearedIsShown()
{
    FindingsPanel panel;
    panel.resize(392, 700);
    panel.show();
    const auto *list = child<ClearedList>(panel, "clearedList");
    panel.set(healthy(start));
    QVERIFY(!list->isVisible());
    Topology topology = healthy(start + 60 * second);
    Finding gone = finding(QStringLiteral("standby_disconnected"), Severity::Critical,
                           QStringLiteral("standby1 is disconnected"), QStringLiteral("127.0.0.1:5432"));
    topology.clusters[0].cleared = {{gone, start + 48 * second}};
    panel.set(topology);
    QVERIFY(list->isVisible());
    QCOMPARE(list->lines(), QStringList{QStringLiteral("standby1 is disconnected: 13:35:48, after 48 s")});
    shoot(panel, QStringLiteral("cleared"));
    panel.set(healthy(start));
    QVERIFY(!list->isVisible());
    QCOMPARE(list->lines(), QStringList());
}

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    TestDialogs test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_dialogs.moc"
