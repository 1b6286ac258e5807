// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "WizardFacts.h"

#include "gui/Style.h"
#include "gui/wizard/CopyCards.h"
#include "gui/wizard/DonePage.h"
#include "gui/wizard/FieldError.h"
#include "gui/wizard/FileListing.h"
#include "gui/wizard/NamesPage.h"
#include "gui/wizard/OtherStandbys.h"
#include "gui/wizard/PreflightPage.h"
#include "gui/wizard/ReviewPage.h"
#include "gui/wizard/RunPage.h"
#include "operations/preflight/SeveralPreflight.h"

#include <QApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>

using namespace understudy;
using namespace understudy::test;

/// Several standbys in one plan, on every page; no server, no engine.
class TestWizardSeveral : public QObject
{
    Q_OBJECT

    template <typename T>
    static T *part(const QWidget &page, const char *name)
    {
        return page.findChild<T *>(QString::fromLatin1(name));
    }
    static QString said(const QWidget &page)
    {
        QStringList all;
        for (const QLabel *label : page.findChildren<QLabel *>())
            all << label->text();
        return all.join(u'\n');
    }
    static WizardState localState()
    {
        WizardState state = stateWithFacts();
        state.request.upstream = primaryId;
        return state;
    }
    static WizardState composeState()
    {
        WizardState state = stateWithComposeFacts();
        state.request.upstream = primaryId;
        state.request.on = QStringLiteral("compose");
        return state;
    }
    /// As the names page leaves it for so many.
    static void choose(WizardState &state, int count)
    {
        NamesPage page(state);
        page.show();
        page.enter();
        QTRY_VERIFY(!page.busy());
        part<QSpinBox>(page, "countSpin")->setValue(count);
        QTRY_VERIFY(!page.busy());
        QVERIFY2(page.canGoNext(), qPrintable(page.sentence()));
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

    void theOthersAreFilledInAndCanBeChanged()
    {
        WizardState state = localState();
        NamesPage page(state);
        page.resize(1160, 900);
        page.show();
        page.enter();
        QTRY_VERIFY(!page.busy());
        auto *others = part<OtherStandbys>(page, "otherStandbys");
        QVERIFY(!others->isVisible());
        QVERIFY(!state.isSeveral());

        part<QSpinBox>(page, "countSpin")->setValue(3);
        QTRY_VERIFY(!page.busy());
        QVERIFY2(page.canGoNext(), qPrintable(page.sentence()));
        QVERIFY(others->isVisible());
        QCOMPARE(part<QLineEdit>(page, "other_1_name")->text(), QStringLiteral("standby3"));
        QCOMPARE(part<QLineEdit>(page, "other_2_name")->text(), QStringLiteral("standby4"));
        QCOMPARE(part<QLineEdit>(page, "other_1_slot")->text(), QStringLiteral("standby3_slot"));
        QVERIFY(!part<QLineEdit>(page, "other_1_service"));
        const QList<AddStandbyRequest> all = state.requests();
        QCOMPARE(all.size(), 3);
        QVERIFY(all.at(1).port != all.at(0).port && all.at(2).port != all.at(1).port);
        QCOMPARE(all.at(2).choices.copies, 3);
        keepPicture(page, QStringLiteral("several-names"));

        // What is typed stays; what follows from it follows.
        type(part<QLineEdit>(page, "other_1_name"), QStringLiteral("reader"));
        QTRY_VERIFY(!page.busy());
        QCOMPARE(part<QLineEdit>(page, "other_1_slot")->text(), QStringLiteral("reader_slot"));
        QVERIFY(state.requests().at(1).dataDirectory.endsWith(QLatin1String("/reader")));
        QCOMPARE(part<QLineEdit>(page, "other_2_name")->text(), QStringLiteral("standby4"));

        // A choice of the first is one of all.
        type(part<QLineEdit>(page, "maxRateEdit"), QStringLiteral("20M"));
        QCOMPARE(state.requests().at(2).maxRate, QStringLiteral("20M"));

        // Two with one port: said at the one that comes second.
        type(part<QLineEdit>(page, "other_2_port"), QString::number(state.requests().at(1).port));
        QTRY_VERIFY(!page.busy());
        QVERIFY(!page.canGoNext());
        auto *error = part<FieldError>(page, "other_2_error");
        QVERIFY(error->isVisible());
        QVERIFY2(error->message().contains(QLatin1String("reader has port")), qPrintable(error->message()));
        keepPicture(page, QStringLiteral("several-names-error"));

        part<QSpinBox>(page, "countSpin")->setValue(1);
        QTRY_VERIFY(!page.busy());
        QVERIFY(page.canGoNext());
        QVERIFY(!others->isVisible());
        QCOMPARE(state.requests().size(), 1);
    }

    void servicesOfAProject()
    {
        WizardState state = composeState();
        NamesPage page(state);
        page.resize(1160, 900);
        page.show();
        page.enter();
        QTRY_VERIFY(!page.busy());
        part<QSpinBox>(page, "countSpin")->setValue(2);
        QTRY_VERIFY(!page.busy());
        QVERIFY2(page.canGoNext(), qPrintable(page.sentence()));
        QCOMPARE(part<QLineEdit>(page, "other_1_service")->text(), QStringLiteral("standby3"));
        QCOMPARE(part<QLineEdit>(page, "other_1_volume")->text(), QStringLiteral("standby3_data"));
        QVERIFY(!part<QLineEdit>(page, "other_1_dataDirectory"));
        keepPicture(page, QStringLiteral("several-names-compose"));
        // A file of its own holds one.
        part<Segment>(page, "composeFileSegment")->findChildren<QToolButton *>().at(1)->click();
        QVERIFY(!page.canGoNext());
        QVERIFY2(page.sentence().contains(QLatin1String("holds one service")), qPrintable(page.sentence()));
    }

    void checksAreThoseOfOneAndWhatEachHasOfItsOwn()
    {
        WizardState state = localState();
        choose(state, 2);
        const QList<AddStandbyRequest> requests = state.requests();
        const auto one = preflightChecks(requests.first(), *state.facts);
        const auto both = severalChecks(requests, *state.facts);
        QStringList ids;
        for (const CheckResult &check : both)
            ids << check.id;
        QVERIFY(ids.contains(QLatin1String("standby3/port")));
        QVERIFY(!ids.contains(QLatin1String("standby3/wal_level")));
        QCOMPARE(ids.indexOf(QStringLiteral("standby3/port")), ids.indexOf(QStringLiteral("port")) + 1);
        QVERIFY(both.size() > one.size() && both.size() < 2 * one.size());
        QCOMPARE(requestOf(QStringLiteral("standby3/port"), requests), std::pair(1, QStringLiteral("port")));
        QCOMPARE(requestOf(QStringLiteral("port"), requests), std::pair(0, QStringLiteral("port")));
        QCOMPARE(severalChecks({requests.first()}, *state.facts).first().title, one.first().title);
    }

    // A check of the second one changes the second one.
    void aFixIsOfItsOwnStandby()
    {
        WizardState state = localState();
        choose(state, 2);
        PreflightPage page(state);
        page.showChecks(severalChecks(state.requests(), *state.facts));
        CheckResult check;
        for (const CheckResult &each : severalChecks(state.requests(), *state.facts)) {
            if (each.id == QLatin1String("standby3/port"))
                check = each;
        }
        QVERIFY2(check.title.startsWith(QLatin1String("standby3: Port")), qPrintable(check.title));
        check.status = CheckStatus::Fail;
        check.fix = CheckFix{QStringLiteral("Use 15999"), {}, false, true, {}, QStringLiteral("port"),
                             QStringLiteral("15999")};
        page.takeCheck(check);
        const int before = state.request.port;
        for (PreflightRow *row : page.findChildren<PreflightRow *>()) {
            if (row->check().id == check.id)
                Q_EMIT row->fixRequested(check.id);
        }
        QCOMPARE(state.request.port, before);
        QCOMPARE(state.requests().at(1).port, 15999);
        QSignalSpy jumps(&page, &WizardPage::jumpRequested);
        for (PreflightRow *row : page.findChildren<PreflightRow *>()) {
            if (row->check().id == check.id)
                Q_EMIT row->fieldRequested(QStringLiteral("port"));
        }
        QCOMPARE(jumps.size(), 1);
        QCOMPARE(jumps.first().at(1).toString(), QStringLiteral("1/port"));
    }

    void theReviewShowsAll_data()
    {
        QTest::addColumn<bool>("compose");
        QTest::newRow("here") << false;
        QTest::newRow("project") << true;
    }
    void theReviewShowsAll()
    {
        QFETCH(bool, compose);
        WizardState state = compose ? composeState() : localState();
        choose(state, 2);
        ReviewPage page(state);
        page.resize(1160, 820);
        page.show();
        page.enter();
        QVERIFY2(page.canGoNext(), qPrintable(page.blockedBy()));
        QCOMPARE(page.nextText(), QStringLiteral("Add standby2 and standby3"));
        QVERIFY(state.several && state.several->each.size() == 2);
        QCOMPARE(state.plan->steps.size(),
                 state.several->each.at(0).steps.size() + state.several->each.at(1).steps.size());
        const QString words = said(page);
        for (const char *word : {"standby2: ", "standby3: ", "one undo for all", "standby3_slot"})
            QVERIFY2(words.contains(QLatin1String(word)), word);
        QCOMPARE(state.book.after.clusters.first().nodes.size(), 4);
        QCOMPARE(state.standbyOfStep(0), 0);
        QCOMPARE(state.standbyOfStep(int(state.plan->steps.size()) - 1), 1);
        if (compose) {
            const QString lines = page.findChild<FileListing *>()->lines().join(u'\n');
            for (const char *line :
                 {"+   standby2:", "+   standby3:", "+   standby2_data:", "+   standby3_data:"})
                QVERIFY2(lines.contains(QLatin1String(line)), qPrintable(lines));
            QVERIFY(!lines.contains(QLatin1String("replicator-secret")));
            keepPicture(page, QStringLiteral("several-review-compose"));
        } else {
            keepPicture(page, QStringLiteral("several-review"));
        }
    }

    void theRunTellsOfTheOneBeingMade()
    {
        WizardState state = localState();
        choose(state, 2);
        QVERIFY(state.makePlan());
        RunPage page(state);
        page.resize(1160, 820);
        page.show();
        QSignalSpy added(&page, &RunPage::standbyAdded);
        RunRecord record;
        record.plan = *state.plan;
        record.outcome = RunRecord::Outcome::Done;
        for (const Step &step : record.plan.steps) {
            StepRecord done;
            done.stepId = step.id;
            done.state = StepState::Done;
            record.steps << done;
        }
        page.takeRecord(record);
        QCOMPARE(added.size(), 2);
        QVERIFY2(page.sentence().startsWith(QLatin1String("standby2 and standby3 are streaming")),
                 qPrintable(page.sentence()));
        QVERIFY(state.added);
        const auto nodes = state.newNodes();
        QCOMPARE(nodes.at(1).name, QStringLiteral("standby3"));

        state.book.run = record;
        DonePage done(state);
        done.resize(1160, 820);
        done.show();
        done.enter();
        const QString words = said(done);
        for (const char *word : {"standby2 and standby3 are streaming", "standby3_slot"})
            QVERIFY2(words.contains(QLatin1String(word)), qPrintable(words));
        keepPicture(done, QStringLiteral("several-done"));
    }

    void manyAreCounted()
    {
        WizardState state = localState();
        choose(state, 8);
        QCOMPARE(state.subject(), QStringLiteral("8 standbys"));
        QVERIFY2(state.makePlan(), "no plan");
        QVERIFY(state.fileName().size() <= 124);
        NamesPage page(state);
        page.resize(1160, 900);
        page.show();
        page.enter();
        keepPicture(page, QStringLiteral("several-names-eight"));
    }
};

QTEST_MAIN(TestWizardSeveral)
#include "tst_wizard_several.moc"
