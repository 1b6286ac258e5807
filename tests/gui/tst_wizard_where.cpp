// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "WizardFacts.h"

#include "gui/Style.h"
#include "gui/parts/Parts.h"
#include "gui/wizard/KeeperChoice.h"
#include "gui/wizard/NamesPage.h"
#include "gui/wizard/SshPlace.h"
#include "gui/wizard/WherePage.h"

#include <QApplication>
#include <QLabel>
#include <QStandardPaths>

using namespace understudy;
using namespace understudy::test;

/// What keeps the new server, chosen on the first page; and that page where there is little room.
class TestWizardWhere : public QObject
{
    Q_OBJECT

    static const QStringList &all()
    {
        static const QStringList keepers{QStringLiteral("pg_ctl"), QStringLiteral("pg_ctlcluster"),
                                         QStringLiteral("systemd")};
        return keepers;
    }
    /// The primary is a cluster of postgresql-common here, the standby is not.
    static WizardState stateWithKeepers(const QStringList &keepers)
    {
        WizardState state = stateWithFacts();
        state.facts->target.keepers = keepers;
        state.facts->serverSettings[primaryId][QStringLiteral("config_file")].value =
            QStringLiteral("/etc/postgresql/15/main/postgresql.conf");
        state.facts->serverSettings[standbyId][QStringLiteral("config_file")].value =
            QStringLiteral("/srv/standby1/postgresql.conf");
        return state;
    }
    static AddStandbyFacts elsewhere(AddStandbyFacts facts, const QStringList &keepers)
    {
        facts.target.place = QStringLiteral("ssh:db2");
        facts.target.name = facts.target.address = QStringLiteral("db2.example");
        facts.target.home = QStringLiteral("/var/lib/postgresql");
        facts.target.keepers = keepers;
        facts.runAs = QStringLiteral("postgres");
        return facts;
    }
    static QStringList segments(const QWidget &page)
    {
        QStringList texts;
        if (const auto *segment = page.findChild<Segment *>(QStringLiteral("keeperSegment"))) {
            for (const QToolButton *button : segment->findChildren<QToolButton *>())
                texts << button->text();
        }
        return texts;
    }
    static QToolButton *segment(const QWidget &page, int index)
    {
        return page.findChild<Segment *>(QStringLiteral("keeperSegment"))
            ->findChildren<QToolButton *>()
            .at(index);
    }
    static QString words(const QWidget &page)
    {
        return page.findChild<QLabel *>(QStringLiteral("keeperWords"))->text();
    }
    static KeeperChoice *choice(const QWidget &page)
    {
        return page.findChild<KeeperChoice *>(QStringLiteral("keeperChoice"));
    }
    static void open(WherePage &page)
    {
        page.resize(900, 760);
        page.show();
        page.enter();
    }

private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(qEnvironmentVariable("UNDERSTUDY_THEME") == QLatin1String("dark")
                                    ? Style::Choice::Dark
                                    : Style::Choice::Light);
    }
    void cleanup() { QApplication::setFont(applicationFont()); }

    void theNeighboursKeeperIsSuggestedAndAnotherCanBeChosen()
    {
        WizardState state = stateWithKeepers(all());
        WherePage page(state);
        open(page);
        QVERIFY(choice(page)->isVisible());
        QCOMPARE(segments(page), (QStringList{QStringLiteral("pg_ctlcluster (suggested)"),
                                              QStringLiteral("pg_ctl"), QStringLiteral("systemd unit")}));
        QVERIFY(segment(page, 0)->isChecked());
        QCOMPARE(state.request.keeper, QStringLiteral("pg_ctlcluster"));
        QVERIFY2(words(page).contains(QLatin1String("starts with the machine")), qPrintable(words(page)));
        keepPicture(page, QStringLiteral("where-keeper-local"));

        QTest::mouseClick(segment(page, 1), Qt::LeftButton);
        QCOMPARE(state.request.keeper, QStringLiteral("pg_ctl"));
        QVERIFY2(words(page).contains(QLatin1String("by hand")), qPrintable(words(page)));
        // What a person chose stays: with another upstream, and when the page is shown again.
        QTest::mouseClick(page.findChild<ChoiceRow *>(QStringLiteral("upstream_") + standbyId),
                          Qt::LeftButton);
        QCOMPARE(state.request.keeper, QStringLiteral("pg_ctl"));
        QTest::mouseClick(page.findChild<ChoiceRow *>(QStringLiteral("upstream_") + primaryId),
                          Qt::LeftButton);
        page.enter();
        QCOMPARE(state.request.keeper, QStringLiteral("pg_ctl"));
        QVERIFY(segment(page, 1)->isChecked());
        QTest::mouseClick(segment(page, 2), Qt::LeftButton);
        QCOMPARE(state.request.keeper, QStringLiteral("systemd"));
        QVERIFY2(words(page).contains(QLatin1String("postgresql-NAME.service")), qPrintable(words(page)));
    }

    void whereNobodyChoseItFollowsTheUpstream()
    {
        WizardState state = stateWithKeepers(all());
        WherePage page(state);
        open(page);
        QCOMPARE(state.request.keeper, QStringLiteral("pg_ctlcluster"));
        QTest::mouseClick(page.findChild<ChoiceRow *>(QStringLiteral("upstream_") + standbyId),
                          Qt::LeftButton);
        QCOMPARE(state.request.keeper, QStringLiteral("pg_ctl"));
        QCOMPARE(segments(page).first(), QStringLiteral("pg_ctl (suggested)"));
        QVERIFY(segment(page, 0)->isChecked());
    }

    void anotherMachineHasItsOwn()
    {
        WizardState state = stateWithKeepers(all());
        WherePage page(state);
        open(page);
        QTest::mouseClick(segment(page, 1), Qt::LeftButton);
        QTest::mouseClick(page.findChild<ChoiceRow *>(QStringLiteral("methodSsh")), Qt::LeftButton);
        // Nothing is known of it yet.
        QVERIFY(!choice(page)->isVisible());
        QCOMPARE(state.request.keeper, QString());
        const QStringList there{QStringLiteral("pg_ctl"), QStringLiteral("systemd")};
        auto *place = page.findChild<SshPlace *>(QStringLiteral("sshPlace"));
        Q_EMIT place->found(elsewhere(*state.facts, there));
        QTRY_VERIFY(choice(page)->isVisible());
        QCOMPARE(state.request.keeper, QStringLiteral("systemd"));
        QCOMPARE(segments(page),
                 (QStringList{QStringLiteral("systemd unit (suggested)"), QStringLiteral("pg_ctl")}));
        // By keyboard: below the machine's own field.
        auto *button = place->lastStop();
        QTRY_VERIFY(choice(page)->y() > place->y());
        QCOMPARE(button->nextInFocusChain(), static_cast<QWidget *>(segment(page, 0)));
        keepPicture(page, QStringLiteral("where-keeper-ssh"));
    }

    void whereThereIsOnlyOneItSaysWhy()
    {
        WizardState state = stateWithKeepers({QStringLiteral("pg_ctl")});
        WherePage page(state);
        open(page);
        QVERIFY(choice(page)->isVisible());
        QVERIFY(segments(page).isEmpty());
        QVERIFY2(words(page).contains(QLatin1String("Nothing else")), qPrintable(words(page)));
        QCOMPARE(state.request.keeper, QStringLiteral("pg_ctl"));
        keepPicture(page, QStringLiteral("where-keeper-one"));
    }

    void aProjectKeepsItsOwn()
    {
        WizardState state = stateWithComposeFacts();
        state.facts->target.keepers = all();
        WherePage page(state);
        open(page);
        QCOMPARE(state.request.on, QStringLiteral("compose"));
        QVERIFY(!choice(page)->isVisible());
        QCOMPARE(state.request.keeper, QString());
        QTest::mouseClick(page.findChild<ChoiceRow *>(QStringLiteral("methodLocal")), Qt::LeftButton);
        QVERIFY(choice(page)->isVisible());
        QTest::mouseClick(segment(page, 1), Qt::LeftButton);
        QTest::mouseClick(page.findChild<ChoiceRow *>(QStringLiteral("methodCompose")), Qt::LeftButton);
        QVERIFY(!choice(page)->isVisible());
        QCOMPARE(state.request.keeper, QString());
    }

    void theNamesFollowTheKeeper()
    {
        WizardState state = stateWithKeepers(all());
        WherePage where(state);
        open(where);
        NamesPage names(state);
        names.show();
        names.enter();
        QTRY_VERIFY(!names.busy());
        QCOMPARE(state.request.dataDirectory, QStringLiteral("/var/lib/postgresql/15/standby2"));
        QTest::mouseClick(segment(where, 1), Qt::LeftButton);
        names.enter();
        QTRY_VERIFY(!names.busy());
        QVERIFY2(!state.request.dataDirectory.startsWith(QLatin1String("/var/lib/postgresql/15/")),
                 qPrintable(state.request.dataDirectory));
        const auto plan = planAddStandby(state.request, *state.facts);
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        QCOMPARE(plan->facts.value(QStringLiteral("keeper")), QStringLiteral("pg_ctl"));
    }

    void manyServersAndLargeTextScroll()
    {
        QFont large = QApplication::font();
        large.setPixelSize(26);
        QApplication::setFont(large);
        WizardState state = stateWithKeepers(all());
        for (int i = 2; i < 14; ++i)
            state.facts->topology.clusters.first().nodes
                << nodeOf(QStringLiteral("127.0.0.1:%1").arg(15432 + i), QStringLiteral("standby%1").arg(i),
                          Role::Standby, NodeState::Up);
        WherePage page(state);
        page.resize(792, 640);
        page.show();
        page.enter();
        QVERIFY(page.minimumSizeHint().height() <= 640);
        QVERIFY2(page.minimumSizeHint().width() <= 792,
                 qPrintable(QString::number(page.minimumSizeHint().width())));
        // Nothing is wider than the page, so nothing is cut at its side.
        const auto *segment = page.findChild<Segment *>(QStringLiteral("keeperSegment"));
        QTRY_VERIFY(segment->isVisible());
        QVERIFY2(segment->mapTo(&page, QPoint(segment->width(), 0)).x() <= page.width() - 16,
                 qPrintable(QString::number(segment->mapTo(&page, QPoint(segment->width(), 0)).x())));
        keepPicture(page, QStringLiteral("where-many-large"));
    }
};

QTEST_MAIN(TestWizardWhere)
#include "tst_wizard_where.moc"
