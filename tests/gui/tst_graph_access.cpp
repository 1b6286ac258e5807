// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "SampleGraphs.h"

#include "gui/Motion.h"
#include "gui/Style.h"
#include "gui/graph/GraphAccessible.h"
#include "gui/graph/GraphView.h"

#include <QAccessible>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace understudy;
using samples::idOf, samples::without;

namespace {

struct Heard
{
    QAccessible::Event what;
    QString name;
};
QList<Heard> heard;

void listen(QAccessibleEvent *event)
{
    QAccessibleInterface *who = event->accessibleInterface();
    heard << Heard{event->type(), who ? who->text(QAccessible::Name) : QString()};
}

bool wasHeard(QAccessible::Event what, const QString &name)
{
    return std::any_of(heard.cbegin(), heard.cend(),
                       [&](const Heard &one) { return one.what == what && one.name == name; });
}

} // namespace

/// What a screen reader finds in the graph, asked the way it asks.
class TestGraphAccess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(Style::Choice::Light);
        Motion::instance().setChoice(Motion::Choice::Reduced);
        graphaccess::setTeller(listen);
    }
    void cleanupTestCase() { graphaccess::setTeller(nullptr); }
    void init() { heard.clear(); }

    void everyNodeIsAChild()
    {
        GraphView view;
        view.resize(1100, 560);
        auto graph = samples::incident();
        graph.topology.clusters.first().findings << Finding{QStringLiteral("replay_slow"),
                                                            Severity::Warning,
                                                            idOf(graph, QStringLiteral("pg-fra-1")),
                                                            {},
                                                            {},
                                                            QStringLiteral("pg-fra-1 replays too slowly"),
                                                            {},
                                                            {},
                                                            {},
                                                            {},
                                                            0};
        view.setTopology(graph.topology, graph.extras);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QAccessibleInterface *all = QAccessible::queryAccessibleInterface(&view);
        QVERIFY(all);
        QCOMPARE(all->role(), QAccessible::List);
        QCOMPARE(all->text(QAccessible::Name), QStringLiteral("Replication graph"));
        QCOMPARE(all->childCount(), 12 + 10); // The nodes, then the links: that of the ghost is not drawn
        QSet<QString> names;
        for (int i = 0; i < all->childCount(); ++i) {
            QAccessibleInterface *child = all->child(i);
            QVERIFY(child && child->isValid());
            QCOMPARE(child->role(), QAccessible::ListItem);
            QCOMPARE(child->parent(), all);
            QCOMPARE(all->indexOfChild(child), i);
            const QPoint middle = child->rect().center();
            QCOMPARE(all->childAt(middle.x(), middle.y()), child);
            names << child->text(QAccessible::Name);
        }
        QCOMPARE(names.size(), 22);
        QCOMPARE(all->child(22), nullptr);
        const int slow = int(view.scene().layout().order.indexOf(idOf(graph, QStringLiteral("pg-fra-1"))));
        QCOMPARE(all->child(slow)->text(QAccessible::Description),
                 QStringLiteral("Standby of pg-ams-1, Lagging, 1.40 GB behind through slot fra1_slot. "
                                "pg-fra-1 replays too slowly."));
    }

    void statesFollowThePerson()
    {
        QWidget window;
        GraphView view(&window);
        QLineEdit other(&window);
        window.resize(1100, 620);
        view.setGeometry(0, 0, 1100, 560);
        other.setGeometry(0, 570, 200, 32);
        const auto graph = samples::healthy();
        view.setTopology(graph.topology, graph.extras);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QAccessibleInterface *all = QAccessible::queryAccessibleInterface(&view);
        const auto child = [&](const char *name) {
            return all->child(
                int(view.scene().layout().order.indexOf(idOf(graph, QString::fromLatin1(name)))));
        };
        QVERIFY(child("standby1")->state().selectable && child("standby1")->state().focusable);
        QVERIFY(!child("standby1")->state().selected);
        view.setFocus(Qt::TabFocusReason);
        QTest::keyClick(&view, Qt::Key_Home);
        heard.clear();
        QTest::keyClick(&view, Qt::Key_Down);
        QVERIFY(child("standby1")->state().selected);
        QVERIFY(child("standby1")->state().focused);
        QVERIFY(!child("primary")->state().focused);
        QCOMPARE(all->focusChild(), child("standby1"));
        QVERIFY(wasHeard(QAccessible::Selection, QStringLiteral("standby1")));
        QVERIFY(wasHeard(QAccessible::Focus, QStringLiteral("standby1")));
        other.setFocus();
        QVERIFY(!child("standby1")->state().focused);
        QVERIFY(child("primary")->state().expanded);
        view.setCollapsed(idOf(graph, QStringLiteral("primary")), true);
        QVERIFY(child("primary")->state().collapsed);
        QCOMPARE(all->childCount(), 1);
        QVERIFY(child("primary")
                    ->text(QAccessible::Description)
                    .contains(QStringLiteral("Folded: 2 standbys, worst: planned.")));
    }

    void pressingOpens()
    {
        GraphView view;
        view.resize(1100, 560);
        const auto graph = samples::healthy();
        view.setTopology(graph.topology, graph.extras);
        QAccessibleInterface *all = QAccessible::queryAccessibleInterface(&view);
        QAccessibleInterface *primary = all->child(0);
        auto *actions = primary->actionInterface();
        QVERIFY(actions);
        QVERIFY(actions->actionNames().contains(QAccessibleActionInterface::pressAction()));
        QSignalSpy opened(&view, &GraphView::activated), menu(&view, &GraphView::contextMenuRequested);
        actions->doAction(QAccessibleActionInterface::pressAction());
        QCOMPARE(opened.count(), 1);
        QCOMPARE(view.selected(), idOf(graph, QStringLiteral("primary")));
        actions->doAction(QAccessibleActionInterface::showMenuAction());
        QCOMPARE(menu.count(), 1);
        actions->doAction(QAccessibleActionInterface::toggleAction());
        QVERIFY(view.isCollapsed(idOf(graph, QStringLiteral("primary"))));
        QVERIFY(!actions->keyBindingsForAction(QAccessibleActionInterface::pressAction()).isEmpty());
    }

    void whoIsGoneIsGone()
    {
        GraphView view;
        view.resize(1100, 560);
        auto graph = samples::healthy();
        view.setTopology(graph.topology, graph.extras);
        QAccessibleInterface *all = QAccessible::queryAccessibleInterface(&view);
        QCOMPARE(all->childCount(), 5);
        for (int i = 0; i < 5; ++i)
            QVERIFY(all->child(i));
        heard.clear();
        without(graph, idOf(graph, QStringLiteral("standby2")));
        view.setTopology(graph.topology, graph.extras);
        QCOMPARE(all->childCount(), 3);
        QVERIFY(std::any_of(heard.cbegin(), heard.cend(),
                            [](const Heard &one) { return one.what == QAccessible::ObjectReorder; }));
        // A state that changes is told, once.
        view.setTopology(graph.topology, graph.extras);
        heard.clear();
        graph.topology.clusters.first().links.first().lag = LagState::Disconnected;
        graph.topology.clusters.first().links.first().state = LinkState::Broken;
        view.setTopology(graph.topology, graph.extras);
        QVERIFY(wasHeard(QAccessible::DescriptionChanged, QStringLiteral("standby1")));
        QVERIFY(!wasHeard(QAccessible::DescriptionChanged, QStringLiteral("primary")));
        QVERIFY(wasHeard(QAccessible::NameChanged,
                         QStringLiteral("primary to standby1, no walsender, slot standby_slot, 0 B behind")));
    }

    void aLinkIsAChildToo()
    {
        QWidget window;
        GraphView view(&window);
        window.resize(1100, 620);
        view.setGeometry(0, 0, 1100, 560);
        auto graph = samples::incident();
        const NodeId slow = idOf(graph, QStringLiteral("pg-fra-1"));
        Finding finding;
        finding.name = QStringLiteral("replay_slow");
        finding.severity = Severity::Warning;
        finding.downstream = slow;
        finding.title = QStringLiteral("pg-fra-1 replays too slowly");
        graph.topology.clusters.first().findings << finding;
        view.setTopology(graph.topology, graph.extras);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        view.setFocus(Qt::TabFocusReason);
        QAccessibleInterface *all = QAccessible::queryAccessibleInterface(&view);
        const int at = 12 + int(view.scene().drawnLinks().indexOf(slow));
        QAccessibleInterface *link = all->child(at);
        QVERIFY(link && link->isValid());
        QCOMPARE(link->text(QAccessible::Name),
                 QStringLiteral("pg-ams-1 to pg-fra-1, streaming, slot fra1_slot, 1.40 GB behind"));
        QCOMPARE(link->text(QAccessible::Description),
                 QStringLiteral("Replaying, asynchronous, sends 8.4 MB/s. pg-fra-1 replays too slowly."));
        QVERIFY(!link->state().selected);
        view.setSelected(slow);
        heard.clear();
        QTest::keyClick(&view, Qt::Key_L);
        QCOMPARE(view.selectedLink(), slow);
        QVERIFY(link->state().selected && link->state().focused);
        QVERIFY(!all->child(at - 12)->state().focused);
        QCOMPARE(all->focusChild(), link);
        QVERIFY(wasHeard(QAccessible::Focus, link->text(QAccessible::Name)));
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("Selected: link pg-ams-1 to pg-fra-1")));
        QSignalSpy opened(&view, &GraphView::linkActivated), menu(&view, &GraphView::linkMenuRequested);
        link->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        link->actionInterface()->doAction(QAccessibleActionInterface::showMenuAction());
        QCOMPARE(opened.count(), 1);
        QCOMPARE(menu.count(), 1);
        // Folded away it is none any more.
        view.setCollapsed(idOf(graph, QStringLiteral("pg-ams-1")), true);
        QCOMPARE(all->childCount(), 2); // The primary and the ghost
    }
};

QTEST_MAIN(TestGraphAccess)
#include "tst_graph_access.moc"
