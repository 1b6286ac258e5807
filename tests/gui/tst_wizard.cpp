// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "WizardFacts.h"

#include "gui/Application.h"
#include "gui/Style.h"
#include "gui/wizard/AddStandbyWizard.h"
#include "gui/wizard/FieldError.h"
#include "gui/wizard/NamesPage.h"
#include "gui/wizard/PreflightPage.h"
#include "gui/wizard/RunPage.h"
#include "gui/wizard/VerifyPage.h"
#include "gui/wizard/WherePage.h"
#include "gui/wizard/WizardRail.h"
#include "gui/wizard/WizardWorker.h"

#include <QApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTest>
#include <atomic>

using namespace understudy;
using namespace understudy::test;

namespace {

CheckResult check(const QString &id, CheckGroup group, CheckStatus status, const QString &evidence)
{
    CheckResult result;
    result.id = id;
    result.group = group;
    result.title = QStringLiteral("Check ") + id;
    result.status = status;
    result.evidence = evidence;
    result.tookMs = 2;
    return result;
}

} // namespace

class TestWizard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(Style::Choice::Light);
    }

    void railShowsWhereOneIs()
    {
        WizardRail rail({QStringLiteral("One"), QStringLiteral("Two"), QStringLiteral("Three")});
        rail.setHead(QStringLiteral("Add a standby"), QStringLiteral("<b>demo</b>"), QStringLiteral("demo"));
        rail.setCurrent(1);
        rail.setNote(
            {Glyph::CheckPass, QStringLiteral("Nothing changed yet."), QStringLiteral("It only reads.")});
        QCOMPARE(rail.noteHead(), QStringLiteral("Nothing changed yet."));
        QStringList names;
        for (const QWidget *step : rail.findChildren<QWidget *>()) {
            if (step->accessibleName().startsWith(QLatin1String("Step ")))
                names << step->accessibleName();
        }
        QCOMPARE(names, QStringList({QStringLiteral("Step 1, One, done"),
                                     QStringLiteral("Step 2, Two, current step"),
                                     QStringLiteral("Step 3, Three, to come")}));
    }

    void whereChoosesThePrimaryAndSaysWhyNot()
    {
        WizardState state = stateWithFacts();
        state.facts->topology.clusters[0].nodes[1].state = NodeState::Down;
        state.facts->topology.clusters[0].nodes[1].reason = QStringLiteral("Connection refused.");
        WherePage page(state);
        page.enter();
        QCOMPARE(state.request.upstream, primaryId);
        QVERIFY(page.canGoNext());
        const auto *primary = page.findChild<ChoiceRow *>(QStringLiteral("upstream_") + primaryId);
        const auto *standby = page.findChild<ChoiceRow *>(QStringLiteral("upstream_") + standbyId);
        QVERIFY(primary && primary->isChecked() && primary->isEnabled());
        QVERIFY(standby && !standby->isEnabled());
        QVERIFY(standby->accessibleDescription().contains(QLatin1String("Connection refused.")));
    }

    void whereBlocksWhenNothingIsUp()
    {
        WizardState state = stateWithFacts();
        for (Node &node : state.facts->topology.clusters[0].nodes)
            node.state = NodeState::Down;
        WherePage page(state);
        page.enter();
        QVERIFY(!page.canGoNext());
        QVERIFY(!page.blockedBy().isEmpty());
    }

    void namesAreSuggestedAndKept()
    {
        WizardState state = stateWithFacts();
        state.request.upstream = primaryId;
        NamesPage page(state);
        page.show();
        page.enter();
        QTRY_VERIFY(!page.busy());
        auto *name = page.findChild<QLineEdit *>(QStringLiteral("nameEdit"));
        auto *slot = page.findChild<QLineEdit *>(QStringLiteral("slotEdit"));
        auto *port = page.findChild<QLineEdit *>(QStringLiteral("portEdit"));
        QCOMPARE(name->text(), QStringLiteral("standby2"));
        QCOMPARE(slot->text(), QStringLiteral("standby2_slot"));
        QVERIFY(port->text().toInt() > 0);
        QVERIFY2(page.canGoNext(), qPrintable(page.sentence()));

        // The slot follows the name until somebody types one.
        type(name, QStringLiteral("reader"));
        QTRY_COMPARE(slot->text(), QStringLiteral("reader_slot"));
        type(slot, QStringLiteral("mine"));
        type(name, QStringLiteral("other"));
        QTRY_VERIFY(!page.busy());
        QCOMPARE(slot->text(), QStringLiteral("mine"));
        QCOMPARE(state.request.name, QStringLiteral("other"));

        // Back and forth loses nothing.
        const AddStandbyRequest before = state.request;
        page.enter();
        QTRY_VERIFY(!page.busy());
        QCOMPARE(state.request, before);
        QCOMPARE(name->text(), QStringLiteral("other"));
    }

    void namesSayWhatIsWrongAtTheField_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("bad slot") << "slot"
                                  << "Bad-Slot"
                                  << "slot";
        QTest::newRow("slot taken") << "slot"
                                    << "standby_slot"
                                    << "already has a slot";
        QTest::newRow("port out of range") << "port"
                                           << "70000"
                                           << "70000";
        QTest::newRow("no number") << "port"
                                   << "abc"
                                   << "1 and 65535";
        QTest::newRow("relative directory") << "dataDirectory"
                                            << "some/where"
                                            << "absolute path";
        QTest::newRow("name taken") << "name"
                                    << "standby1"
                                    << "already called";
        QTest::newRow("rate") << "maxRate"
                              << "fast"
                              << "rate limit";
    }
    void namesSayWhatIsWrongAtTheField()
    {
        QFETCH(QString, field);
        QFETCH(QString, text);
        QFETCH(QString, says);
        WizardState state = stateWithFacts();
        state.request.upstream = primaryId;
        NamesPage page(state);
        page.show();
        page.enter();
        QTRY_VERIFY(!page.busy());
        QVERIFY2(page.canGoNext(), qPrintable(page.sentence()));
        page.focusField(field);
        auto *edit = page.findChild<QLineEdit *>(field + QStringLiteral("Edit"));
        type(edit, text);
        QTRY_VERIFY(!page.busy());
        const auto *error = page.findChild<FieldError *>(field + QStringLiteral("Error"));
        QVERIFY2(error->message().contains(says, Qt::CaseInsensitive), qPrintable(error->message()));
        QVERIFY(error->isVisible());
        QVERIFY(!page.canGoNext());
        QVERIFY(!page.blockedBy().isEmpty());
    }

    void aTypedPasswordIsHiddenAndStaysOutOfTheRequest()
    {
        WizardState state = stateWithFacts();
        state.facts->haveReplicationSecret = false;
        state.request.upstream = primaryId;
        NamesPage page(state);
        page.show();
        page.enter();
        QTRY_VERIFY(!page.busy());
        auto *password = page.findChild<QLineEdit *>(QStringLiteral("passwordEdit"));
        QVERIFY(password->isVisible());
        QCOMPARE(password->echoMode(), QLineEdit::Password);
        type(password, QStringLiteral("s3cret"));
        QCOMPARE(WizardState::secretValues(state.spec, state.request, state.typedPassword)
                     .value(QStringLiteral("replication")),
                 QStringLiteral("s3cret"));
    }

    void preflightRowsOpenByThemselves()
    {
        WizardState state = stateWithFacts();
        PreflightPage page(state);
        page.resize(1160, 800);
        page.show();
        CheckResult warning = check(QStringLiteral("slot_retention"), CheckGroup::Upstream,
                                    CheckStatus::Warning, QStringLiteral("max_slot_wal_keep_size = -1"));
        warning.why = QStringLiteral("If it stops, its slot keeps WAL.");
        warning.waivable = true;
        CheckFix fix;
        fix.button = QStringLiteral("Use 15436 and check again");
        fix.command = QStringLiteral("ALTER SYSTEM SET max_slot_wal_keep_size = '16GB';");
        fix.setField = QStringLiteral("port");
        fix.setValue = QStringLiteral("15436");
        warning.fix = fix;
        PreflightResult result;
        result.checks = {
            check(QStringLiteral("a"), CheckGroup::Upstream, CheckStatus::Pass, QStringLiteral("2 ms")),
            warning, check(QStringLiteral("b"), CheckGroup::Target, CheckStatus::Pass, {})};
        page.showChecks(result.checks);
        page.takeResult(result, {});
        const auto *passed = page.findChild<PreflightRow *>(QStringLiteral("check_a"));
        auto *row = page.findChild<PreflightRow *>(QStringLiteral("check_slot_retention"));
        QVERIFY(passed && !passed->isOpen());
        QVERIFY(row && row->isOpen());
        QVERIFY(row->findChild<QPushButton *>(QStringLiteral("applyFix")));
        QVERIFY(page.canGoNext()); // a warning does not block
        QCOMPARE(page.findChild<FilterChip *>(QStringLiteral("chip0"))->count(), 3);
        QCOMPARE(page.findChild<FilterChip *>(QStringLiteral("chip2"))->count(), 1);

        // The reason is asked for in place.
        QTest::mouseClick(row->findChild<QPushButton *>(QStringLiteral("waiveButton")), Qt::LeftButton);
        QTRY_VERIFY(row->findChild<QLineEdit *>(QStringLiteral("waiveReason")));
        QVERIFY(!row->findChild<QPushButton *>(QStringLiteral("waiveConfirm"))->isEnabled());
        QSignalSpy waived(row, &PreflightRow::waiveRequested);
        row->disconnect(&page);
        QTest::keyClicks(row->findChild<QLineEdit *>(QStringLiteral("waiveReason")),
                         QStringLiteral("disk is watched"));
        QTest::mouseClick(row->findChild<QPushButton *>(QStringLiteral("waiveConfirm")), Qt::LeftButton);
        QCOMPARE(waived.count(), 1);
        QCOMPARE(waived.first().at(1).toString(), QStringLiteral("disk is watched"));

        // Filter: only the warning and its group stay.
        QTest::mouseClick(page.findChild<FilterChip *>(QStringLiteral("chip2")), Qt::LeftButton);
        QVERIFY(row->isVisible());
        QVERIFY(!passed->isVisible());
    }

    void aFailedCheckBlocksAndLeadsToItsField()
    {
        WizardState state = stateWithFacts();
        PreflightPage page(state);
        page.resize(1160, 800);
        page.show();
        CheckResult failed = check(QStringLiteral("port"), CheckGroup::Target, CheckStatus::Fail,
                                   QStringLiteral("something listens"));
        failed.field = QStringLiteral("port");
        PreflightResult result;
        result.checks = {failed};
        page.takeResult(result, {});
        QVERIFY(!page.canGoNext());
        QVERIFY(page.blockedBy().contains(QLatin1String("Check port")));
        QSignalSpy jumped(&page, &WizardPage::jumpRequested);
        auto *row = page.findChild<PreflightRow *>(QStringLiteral("check_port"));
        QTest::mouseClick(row->findChild<QPushButton *>(QStringLiteral("jumpToField")), Qt::LeftButton);
        QCOMPARE(jumped.count(), 1);
        QCOMPARE(jumped.first().at(0).toInt(), int(AddStandbyWizard::Names));
        QCOMPARE(jumped.first().at(1).toString(), QStringLiteral("port"));
    }

    void whatComesFromOutsideIsPlainText()
    {
        const QString hostile = QStringLiteral("<img src=x onerror=1><b>bold</b>");
        WizardState state = stateWithFacts();
        state.facts->topology.clusters[0].nodes[0].name = hostile;
        WherePage where(state);
        where.enter();
        PreflightPage page(state);
        PreflightResult result;
        result.checks = {check(QStringLiteral("x"), CheckGroup::Upstream, CheckStatus::Fail, hostile)};
        page.takeResult(result, {});
        VerifyPage verify(state);
        VerifyResult verified;
        verified.rows << VerifyRow{hostile, hostile, hostile, true, false};
        RowCount counts;
        counts.table = hostile;
        counts.nodes << RowCount::OnNode{primaryId, hostile, hostile, 3, {}};
        verified.counts << counts;
        verify.showResult(verified);
        int seen = 0;
        for (const QWidget *top : {static_cast<QWidget *>(&where), static_cast<QWidget *>(&page),
                                   static_cast<QWidget *>(&verify)}) {
            for (const QLabel *label : top->findChildren<QLabel *>()) {
                if (!label->text().contains(QLatin1String("<img")))
                    continue;
                ++seen;
                QCOMPARE(label->textFormat(), Qt::PlainText);
            }
        }
        QVERIFY(seen >= 5);
    }

    void aFailedRunSaysSoAndOffersAnotherTry()
    {
        WizardState state = stateWithFacts();
        state.request.name = QStringLiteral("standby2");
        RunPage page(state);
        RunRecord record;
        record.outcome = RunRecord::Outcome::FailedAndUndone;
        record.error = QStringLiteral("The disk is full.");
        page.takeRecord(record);
        QVERIFY(page.canGoNext());
        QVERIFY(page.canGoBack());
        QCOMPARE(page.nextText(), QStringLiteral("Try again"));
        QVERIFY(page.findChild<QLabel *>(QStringLiteral("currentWords"))
                    ->text()
                    .contains(QLatin1String("disk is full")));
        QCOMPARE(page.changeNote().head, QStringLiteral("Nothing is left."));

        record.outcome = RunRecord::Outcome::LeftBehind;
        record.leftBehind = QStringList{QStringLiteral("slot standby2_slot on primary")};
        page.takeRecord(record);
        QVERIFY(page.changeNote().text.contains(QLatin1String("slot standby2_slot")));
    }

    void anOldAnswerNeverOverwritesANewerQuestion()
    {
        WizardWorker worker;
        QStringList answers;
        std::atomic<bool> release{false};
        worker.start([&](std::stop_token, const WizardWorker::Post &post) {
            while (!release.load())
                QThread::yieldCurrentThread();
            post([&] { answers << QStringLiteral("old"); });
        });
        worker.start([&](std::stop_token, const WizardWorker::Post &post) {
            post([&] { answers << QStringLiteral("new"); });
        });
        release = true;
        QTRY_VERIFY(!worker.busy());
        QCOMPARE(answers, QStringList{QStringLiteral("new")});
    }

    void escapeClosesAndNothingIsReadTwice()
    {
        // No server is there: the page says so in words and can be tried again.
        ClusterSpec spec;
        spec.title = QStringLiteral("nowhere");
        Endpoint endpoint;
        endpoint.port = 1;
        spec.nodes << WatchedNode{endpoint.address(), QStringLiteral("primary"), endpoint};
        LiveCluster cluster(spec, std::make_shared<LibpqSecrets>());
        AddStandbyWizard wizard(&cluster, nullptr);
        wizard.show();
        QCOMPARE(wizard.currentPage(), AddStandbyWizard::Where);
        QTRY_VERIFY_WITH_TIMEOUT(!wizard.busy(), 20000);
        QVERIFY(!wizard.canGoNext());
        QVERIFY(!wizard.findChild<QPushButton *>(QStringLiteral("nextButton"))->isEnabled());
        QTest::keyClick(&wizard, Qt::Key_Return);
        QCOMPARE(wizard.currentPage(), AddStandbyWizard::Where);
        QTest::keyClick(&wizard, Qt::Key_Escape);
        QTRY_VERIFY(!wizard.isVisible());
    }

    void itFitsItsSmallestSizeAndFoldsTheSideAway()
    {
        ClusterSpec spec;
        spec.title = QStringLiteral("nowhere");
        Endpoint endpoint;
        endpoint.port = 1;
        spec.nodes << WatchedNode{endpoint.address(), QStringLiteral("primary"), endpoint};
        LiveCluster cluster(spec, std::make_shared<LibpqSecrets>());
        AddStandbyWizard wizard(&cluster, nullptr);
        wizard.show();
        QCOMPARE(wizard.size(), QSize(1440, 900));
        wizard.resize(1040, 700);
        QCOMPARE(wizard.size(), QSize(1040, 700));
        const auto *pages = wizard.findChild<QStackedWidget *>(QStringLiteral("pages"));
        QCOMPARE(pages->count(), int(AddStandbyWizard::PageCount));
        for (int i = 0; i < pages->count(); ++i) {
            const auto *page = qobject_cast<WizardPage *>(pages->widget(i));
            QVERIFY2(
                page->minimumSizeHint().width() <= 1040 - 248,
                qPrintable(
                    QStringLiteral("%1: %2").arg(page->objectName()).arg(page->minimumSizeHint().width())));
        }
        QTRY_VERIFY_WITH_TIMEOUT(!wizard.busy(), 20000);
    }
};

QTEST_MAIN(TestWizard)
#include "tst_wizard.moc"
