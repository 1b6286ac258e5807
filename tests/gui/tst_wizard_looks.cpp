// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "WizardFacts.h"

#include "gui/Style.h"
#include "gui/wizard/DonePage.h"
#include "gui/wizard/NamesPage.h"
#include "gui/wizard/PreflightPage.h"
#include "gui/wizard/ReadLoadPage.h"
#include "gui/wizard/ReviewPage.h"
#include "gui/wizard/RunPage.h"
#include "gui/wizard/VerifyPage.h"
#include "gui/wizard/WherePage.h"
#include "gui/wizard/WizardRail.h"
#include "operations/UnseenMachine.h"
#include "operations/preflight/SeveralPreflight.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QStandardPaths>

using namespace understudy;
using namespace understudy::test;

/// Every page of the wizard in the smallest window and at twice the text: no word is cut off. With
/// UNDERSTUDY_SHOTS the pictures are kept.
class TestWizardLooks : public QObject
{
    Q_OBJECT

    static WizardState localState()
    {
        WizardState state = stateWithFacts();
        state.facts->target.keepers = {QStringLiteral("pg_ctl"), QStringLiteral("pg_ctlcluster"),
                                       QStringLiteral("systemd")};
        state.request.upstream = primaryId;
        return state;
    }
    static WizardState sshState()
    {
        WizardState state = localState();
        state.facts->target.place = state.request.on = QStringLiteral("ssh:db2.example");
        state.facts->target.name = state.facts->target.address = QStringLiteral("db2.example");
        state.facts->target.home = QStringLiteral("/var/lib/postgresql");
        state.facts->runAs = QStringLiteral("postgres");
        return state;
    }
    static WizardState composeState()
    {
        WizardState state = stateWithComposeFacts();
        state.request.upstream = primaryId;
        state.request.on = QStringLiteral("compose");
        return state;
    }
    /// A machine that nobody can reach: what it is like the script finds out.
    static WizardState scriptState()
    {
        WizardState state = localState();
        state.request.on = QStringLiteral("script:db5.example");
        state.request.upstreamAddress = QStringLiteral("db1.example:5444");
        state.request.keeper = QStringLiteral("pg_ctl");
        state.facts = unseenPlace(*std::move(state.facts), state.request.on);
        return state;
    }

    static WizardState stateOf(const QString &kind)
    {
        WizardState state = kind == QLatin1String("compose")  ? composeState()
                            : kind == QLatin1String("ssh")    ? sshState()
                            : kind == QLatin1String("script") ? scriptState()
                                                              : localState();
        const int count = kind == QLatin1String("several") ? 3 : 1;
        // Names are what they are; nothing is asked of a machine that is none.
        QList<AddStandbyRequest> all;
        for (int i = 0; i < count; ++i) {
            AddStandbyRequest request = state.request;
            request.name = QStringLiteral("postgres-standby%1").arg(i + 2);
            request.slot = QStringLiteral("postgres_standby%1_slot").arg(i + 2);
            request.port = 15434 + i;
            request.replicationUser = QStringLiteral("replicator");
            if (kind == QLatin1String("compose")) {
                request.service = request.name;
                request.volume = request.name + QStringLiteral("_data");
            } else {
                request.dataDirectory = QStringLiteral("/var/lib/postgresql/15/") + request.name;
            }
            all << request;
        }
        state.request = all.takeFirst();
        state.others = all;
        state.othersEdited = QList<QSet<QString>>(all.size());
        return state;
    }

    static void addResults(WizardState &state)
    {
        QVERIFY(state.makePlan());
        RunRecord record;
        record.plan = *state.plan;
        record.outcome = RunRecord::Outcome::Done;
        record.startedUs = 1'700'000'000'000'000;
        record.finishedUs = record.startedUs + 12'300'000;
        for (const Step &step : record.plan.steps) {
            StepRecord done;
            done.stepId = step.id;
            done.state = StepState::Done;
            done.fact = QStringLiteral("shop_postgres_standby2_data");
            record.steps << done;
        }
        state.book.run = record;
        state.book.plan = record.plan;
        state.added = true;
        VerifyResult verify;
        for (const AddStandbyRequest &request : state.requests())
            for (const char *what : {"Rows in pg_stat_replication on primary", "Slot", "Timeline", "Lag"}) {
                VerifyRow row;
                row.what = QStringLiteral("%1: %2").arg(request.name, QString::fromLatin1(what));
                row.expected = QStringLiteral("4, all streaming");
                row.actual = QStringLiteral("4 streaming: standby1, ") + request.name;
                row.pass = true;
                verify.rows << row;
            }
        for (int i = 0; i < 6; ++i) {
            RowCount count;
            count.table = QStringLiteral("public.orders_of_the_year_20%1").arg(20 + i);
            count.exact = count.pass = true;
            count.words = QStringLiteral("All three have 50,004 rows at 0/8A3F21C.");
            for (const char *name : {"primary", "standby1", "postgres-standby2"})
                count.nodes << RowCount::OnNode{{}, QString::fromLatin1(name), {}, 50004, {}};
            verify.counts << count;
        }
        verify.startedUs = 1;
        verify.finishedUs = 2'000'001;
        state.book.verify = verify;
        ReadLoadResult load;
        load.workload = QStringLiteral("look-ups by primary key in public.orders");
        ReadLoadRun run;
        run.label = QStringLiteral("standby1");
        run.perSecond = 12345;
        run.medianMs = 0.3;
        run.p95Ms = 0.9;
        load.runs << run;
        state.book.readLoad = load;
    }

    /// Words of @p page that do not have the room they need, each with it.
    static QStringList cutOff(const QWidget &page)
    {
        QStringList out;
        const auto tell = [&](const QWidget *widget, const QString &text, int has, int needs) {
            out << QStringLiteral("%1 \"%2\": %3 of %4")
                       .arg(widget->objectName(), text.left(60))
                       .arg(has)
                       .arg(needs);
        };
        for (const QLabel *label : page.findChildren<QLabel *>()) {
            if (!label->isVisible() || label->text().isEmpty())
                continue;
            if (label->wordWrap()) {
                if (const int needs = label->heightForWidth(label->width()); label->height() < needs)
                    tell(label, label->text(), label->height(), needs);
            } else if (label->sizePolicy().horizontalPolicy() != QSizePolicy::Ignored &&
                       label->width() < label->sizeHint().width()) {
                tell(label, label->text(), label->width(), label->sizeHint().width());
            }
            if (label->height() < label->fontMetrics().height())
                tell(label, label->text(), label->height(), label->fontMetrics().height());
        }
        for (const QAbstractButton *button : page.findChildren<QAbstractButton *>()) {
            if (!button->isVisible() || button->text().isEmpty() || qobject_cast<const ChoiceRow *>(button))
                continue;
            if (button->width() < button->minimumSizeHint().width())
                tell(button, button->text(), button->width(), button->minimumSizeHint().width());
        }
        return out;
    }

    static CheckResult trouble(CheckResult check, CheckStatus status)
    {
        check.status = status;
        check.evidence =
            QStringLiteral("max_slot_wal_keep_size is 64 MB, the copy may write 1.2 GB meanwhile");
        check.why =
            QStringLiteral("The slot would be lost before the standby has read it, in about 24 min at "
                           "8.4 MB/s. Then the copy was for nothing.");
        check.fix = CheckFix{QStringLiteral("Apply 16 GB and check again"),
                             QStringLiteral("ALTER SYSTEM SET max_slot_wal_keep_size = '16GB';\n"
                                            "SELECT pg_reload_conf();"),
                             false,
                             true,
                             Plan(),
                             {},
                             {}};
        check.waivable = true;
        check.field = QStringLiteral("slot");
        return check;
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

    void noWordIsCutOff_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("text");
        for (const char *kind : {"local", "ssh", "compose", "several", "script"})
            for (const char *name :
                 {"where", "names", "preflight", "review", "run", "verify", "readload", "done"})
                for (const int percent : {100, 200}) {
                    // Of the others the script place has none: it runs nothing.
                    if (QLatin1String(kind) == QLatin1String("script") &&
                        QLatin1String(name) != QLatin1String("where") &&
                        QLatin1String(name) != QLatin1String("names") &&
                        QLatin1String(name) != QLatin1String("preflight") &&
                        QLatin1String(name) != QLatin1String("review"))
                        continue;
                    // Suggestions ask the machine.
                    if (QLatin1String(kind) == QLatin1String("ssh") &&
                        QLatin1String(name) == QLatin1String("names"))
                        continue;
                    const QString row =
                        QStringLiteral("%1-%2-%3")
                            .arg(QLatin1String(kind), QLatin1String(name), QString::number(percent));
                    QTest::newRow(qPrintable(row))
                        << QString::fromLatin1(kind) << QString::fromLatin1(name) << percent;
                }
    }
    void noWordIsCutOff()
    {
        QFETCH(QString, kind);
        QFETCH(QString, name);
        QFETCH(int, text);
        if (text == 200) {
            QFont large = applicationFont();
            large.setPixelSize(26);
            QApplication::setFont(large);
        }
        WizardState state = stateOf(kind);
        if (name != QLatin1String("where") && name != QLatin1String("names"))
            addResults(state);
        std::unique_ptr<WizardPage> page;
        if (name == QLatin1String("where"))
            page = std::make_unique<WherePage>(state);
        else if (name == QLatin1String("names"))
            page = std::make_unique<NamesPage>(state);
        else if (name == QLatin1String("preflight"))
            page = std::make_unique<PreflightPage>(state);
        else if (name == QLatin1String("review"))
            page = std::make_unique<ReviewPage>(state);
        else if (name == QLatin1String("run"))
            page = std::make_unique<RunPage>(state);
        else if (name == QLatin1String("verify"))
            page = std::make_unique<VerifyPage>(state);
        else if (name == QLatin1String("readload"))
            page = std::make_unique<ReadLoadPage>(state);
        else
            page = std::make_unique<DonePage>(state);
        // The smallest window, without its rail and its footer; the side column is folded there.
        const QSize room(1040 - 248, 700 - 60);
        if (page->side())
            page->side()->hide();
        page->resize(room);
        page->show();
        if (auto *preflight = qobject_cast<PreflightPage *>(page.get())) {
            preflight->showChecks(severalChecks(state.requests(), *state.facts));
            for (const CheckResult &check : severalChecks(state.requests(), *state.facts)) {
                if (kind == QLatin1String("script") && check.group == CheckGroup::Target) {
                    CheckResult left = check;
                    left.status = CheckStatus::Skipped;
                    left.evidence =
                        QStringLiteral("the script checks it on db5.example, before it makes anything");
                    preflight->takeCheck(left);
                    continue;
                }
                if (check.id == QLatin1String("slot_retention"))
                    preflight->takeCheck(trouble(check, CheckStatus::Warning));
                if (check.id == QLatin1String("wal_level"))
                    preflight->takeCheck(trouble(check, CheckStatus::Fail));
            }
        } else if (auto *run = qobject_cast<RunPage *>(page.get())) {
            run->takeRecord(*state.book.run);
        } else {
            page->enter();
        }
        if (qobject_cast<VerifyPage *>(page.get()))
            page->findChild<QPushButton *>(QStringLiteral("chooseTablesButton"));
        QTRY_VERIFY(!page->busy());
        const auto settled = [&] {
            QCoreApplication::sendPostedEvents();
            return cutOff(*page);
        };
        const bool whole = QTest::qWaitFor([&] { return settled().isEmpty(); }, 1000);
        keepPicture(*page, QStringLiteral("looks-%1-%2-%3").arg(kind, name).arg(text));
        if (kind == QLatin1String("script") && name == QLatin1String("preflight")) {
            QScrollBar *bar = page->findChildren<QScrollArea *>().constFirst()->verticalScrollBar();
            bar->setValue(bar->maximum() * 2 / 3);
            keepPicture(*page, QStringLiteral("looks-%1-%2-%3-below").arg(kind, name).arg(text));
        }
        QVERIFY2(whole, qPrintable(settled().join(u'\n')));
        if (name == QLatin1String("preflight")) {
            for (const QScrollArea *area : page->findChildren<QScrollArea *>())
                QVERIFY2(area->widget()->width() <= area->viewport()->width(),
                         qPrintable(QStringLiteral("the checks are %1 wide, there is room for %2")
                                        .arg(area->widget()->width())
                                        .arg(area->viewport()->width())));
        }
        QVERIFY2(page->minimumSizeHint().height() <= room.height(),
                 qPrintable(QStringLiteral("needs a height of %1").arg(page->minimumSizeHint().height())));
        if (text == 100)
            QVERIFY2(page->minimumSizeHint().width() <= room.width(),
                     qPrintable(QStringLiteral("needs a width of %1").arg(page->minimumSizeHint().width())));
    }

    // In the window as it opens, with its side column, as the names come in.
    void theSideShowsAllItsWords()
    {
        WizardState state = composeState();
        NamesPage page(state);
        page.resize(1440 - 248, 900 - 60);
        page.show();
        page.enter();
        QTRY_VERIFY(!page.busy());
        const auto settled = [&] {
            QCoreApplication::sendPostedEvents();
            return cutOff(page);
        };
        const bool whole = QTest::qWaitFor([&] { return settled().isEmpty(); }, 1000);
        keepPicture(page, QStringLiteral("looks-compose-names-wide"));
        QVERIFY2(whole, qPrintable(settled().join(u'\n')));
    }

    // What it says is above the bottom, in the smallest window and at twice the text.
    void theRailHasRoomForItsNote_data()
    {
        QTest::addColumn<int>("text");
        QTest::newRow("100") << 13;
        QTest::newRow("200") << 26;
    }
    void theRailHasRoomForItsNote()
    {
        QFETCH(int, text);
        QFont font = applicationFont();
        font.setPixelSize(text);
        QApplication::setFont(font);
        WizardRail rail({QStringLiteral("Where and from whom"), QStringLiteral("Names"),
                         QStringLiteral("Pre-flight"), QStringLiteral("Review"), QStringLiteral("Run"),
                         QStringLiteral("Verify"), QStringLiteral("Read load"), QStringLiteral("Done")});
        rail.setHead(QStringLiteral("Add a standby"), QStringLiteral("orders"), QStringLiteral("demo"));
        rail.resize(248, 700);
        rail.show();
        rail.setNote(
            {Glyph::CheckPass, QStringLiteral("postgres-standby2 and postgres-standby3 are streaming."),
             QStringLiteral("Added: 1 directory, 1 slot, 1 server, 1 directory, 1 slot, 1 server.")});
        const auto settled = [&] {
            QCoreApplication::sendPostedEvents();
            return cutOff(rail);
        };
        const bool whole = QTest::qWaitFor([&] { return settled().isEmpty(); }, 1000);
        keepPicture(rail, QStringLiteral("looks-rail-%1").arg(text));
        QVERIFY2(whole, qPrintable(settled().join(u'\n')));
        QVERIFY(rail.findChild<QWidget *>(QStringLiteral("changeBox"))->geometry().bottom() <= 700 - 16);
    }

    // Changing the theme leaves nothing of the old one on a row that is open.
    void anOpenDetailFollowsTheTheme()
    {
        WizardState state = stateOf(QStringLiteral("local"));
        const auto before = Style::instance().choice();
        const auto picture = [&](bool change) {
            Style::instance().apply(change ? Style::Choice::Light : Style::Choice::Dark);
            PreflightPage page(state);
            page.resize(900, 700);
            page.show();
            page.showChecks(preflightChecks(state.request, *state.facts));
            for (const CheckResult &check : preflightChecks(state.request, *state.facts)) {
                if (check.id == QLatin1String("slot_retention"))
                    page.takeCheck(trouble(check, CheckStatus::Warning));
            }
            QCoreApplication::sendPostedEvents();
            page.grab(); // as it is shown before
            Style::instance().apply(Style::Choice::Dark);
            for (int i = 0; i < 3; ++i)
                QCoreApplication::sendPostedEvents();
            keepPicture(page,
                        change ? QStringLiteral("looks-theme-changed") : QStringLiteral("looks-theme-dark"));
            return page.grab().toImage();
        };
        const QImage fresh = picture(false), changed = picture(true);
        Style::instance().apply(before);
        QCOMPARE(changed.size(), fresh.size());
        QCOMPARE(changed, fresh);
    }
};

QTEST_MAIN(TestWizardLooks)
#include "tst_wizard_looks.moc"
