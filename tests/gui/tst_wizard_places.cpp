// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "WizardFacts.h"

#include "gui/Style.h"
#include "gui/wizard/FieldError.h"
#include "gui/wizard/FileListing.h"
#include "gui/wizard/NamesPage.h"
#include "gui/wizard/PlaceFacts.h"
#include "gui/wizard/ReviewPage.h"
#include "gui/wizard/RunPage.h"
#include "gui/wizard/WherePage.h"

#include <QLabel>
#include <QStandardPaths>

using namespace understudy;
using namespace understudy::test;

/// The wizard's pages for a cluster that was opened from a Compose file; no engine, no server.
class TestWizardPlaces : public QObject
{
    Q_OBJECT

    static ChoiceRow *method(const QWidget &page, const char *name)
    {
        return page.findChild<ChoiceRow *>(QString::fromLatin1(name));
    }
    static QStringList said(const QWidget &page)
    {
        QStringList all;
        for (const QLabel *label : page.findChildren<QLabel *>())
            all << label->text();
        return all;
    }
    /// As the names page leaves it.
    static WizardState chosen()
    {
        WizardState state = stateWithComposeFacts();
        state.request.upstream = primaryId;
        state.request.on = QStringLiteral("compose");
        state.request = suggest(state.request, *state.facts);
        return state;
    }

private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(Style::Choice::Light);
    }

    void theProjectIsChosenAndThisMachineIsTheOther()
    {
        WizardState state = stateWithComposeFacts();
        WherePage page(state);
        page.enter();
        auto *compose = method(page, "methodCompose");
        auto *local = method(page, "methodLocal");
        QVERIFY(compose && compose->isEnabled() && compose->isChecked());
        QVERIFY(local && local->isEnabled() && !local->isChecked());
        QVERIFY(compose->content().detail.contains(QLatin1String("docker-compose.yml")));
        QVERIFY(compose->content().detail.contains(QLatin1String("standby1")));
        QCOMPARE(state.request.on, QStringLiteral("compose"));
        QVERIFY(page.sentence().contains(QLatin1String("service of docker-compose.yml")));
        QVERIFY(page.canGoNext());

        QTest::mouseClick(local, Qt::LeftButton);
        QCOMPARE(state.request.on, QStringLiteral("local"));
        QVERIFY(!compose->isChecked() && local->isChecked());
        // It stays the person's choice when the page is shown again.
        page.enter();
        QCOMPARE(state.request.on, QStringLiteral("local"));
        QVERIFY(page.sentence().contains(QLatin1String("on this machine")));
    }

    void aProjectThatCannotBeAddedToSaysWhyAndChoosesNothing()
    {
        WizardState state = stateWithComposeFacts();
        state.facts->compose.reset();
        state.facts->composeProblem = Error{QStringLiteral("No standby is up that could be a model."),
                                            QStringLiteral("Start one."), QStringLiteral("on")};
        WherePage page(state);
        page.show();
        page.enter();
        QVERIFY(!method(page, "methodCompose")->isEnabled());
        QVERIFY(method(page, "methodCompose")->accessibleDescription().contains(QLatin1String("a model")));
        const auto *message = page.findChild<QLabel *>(QStringLiteral("whereMessage"));
        QVERIFY(message->isVisible());
        QVERIFY(message->text().contains(QLatin1String("Start one.")));
        QVERIFY(!page.canGoNext());
        QVERIFY(!page.blockedBy().isEmpty());
        // Outside of the project only if somebody says so.
        QTest::mouseClick(method(page, "methodLocal"), Qt::LeftButton);
        QVERIFY(page.canGoNext());
        QCOMPARE(state.request.on, QStringLiteral("local"));
    }

    void otherClustersSayWhyThereIsNoProject()
    {
        WizardState state = stateWithFacts();
        WherePage page(state);
        page.enter();
        QCOMPARE(state.request.on, QStringLiteral("local"));
        QVERIFY(method(page, "methodLocal")->isChecked());
        QVERIFY(!method(page, "methodCompose")->isEnabled());
        QVERIFY(
            method(page, "methodCompose")->content().reason.contains(QLatin1String("docker-compose.yml")));
        QVERIFY(page.canGoNext());
    }

    void namesAreOfAService()
    {
        WizardState state = stateWithComposeFacts();
        state.request.upstream = primaryId;
        state.request.on = QStringLiteral("compose");
        NamesPage page(state);
        page.show();
        page.enter();
        QTRY_VERIFY(!page.busy());
        const auto edit = [&](const char *name) {
            return page.findChild<QLineEdit *>(QLatin1String(name) + QStringLiteral("Edit"));
        };
        QCOMPARE(edit("name")->text(), QStringLiteral("standby2"));
        QCOMPARE(edit("service")->text(), QStringLiteral("standby2"));
        QCOMPARE(edit("slot")->text(), QStringLiteral("standby2_slot"));
        QCOMPARE(edit("volume")->text(), QStringLiteral("standby2_data"));
        QVERIFY(edit("port")->text().toInt() > 0);
        QVERIFY2(page.canGoNext(), qPrintable(page.sentence()));
        page.focusField(QStringLiteral("maxRate"));
        for (const char *shown : {"service", "volume", "maxRate"})
            QVERIFY2(edit(shown)->isVisible(), shown);
        // The new service has the credential of its model: nothing to type, and no directory of this machine.
        for (const char *hidden : {"dataDirectory", "replicationUser", "password"})
            QVERIFY2(!edit(hidden)->isVisible(), hidden);
        QVERIFY(state.request.dataDirectory.isEmpty());

        type(edit("service"), QStringLiteral("reader"));
        QTRY_COMPARE(edit("name")->text(), QStringLiteral("reader"));
        QVERIFY2(page.canGoNext(), qPrintable(page.sentence()));
    }

    void wrongNamesAreSaidAtTheirField_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("service taken") << "service"
                                       << "standby1"
                                       << "already has a service";
        QTest::newRow("no service") << "service"
                                    << "a b"
                                    << "cannot be the name of a service";
        QTest::newRow("volume taken") << "volume"
                                      << "primary_data"
                                      << "already has a volume";
        QTest::newRow("no volume") << "volume"
                                   << "../x"
                                   << "cannot be the name of a volume";
        QTest::newRow("port of another service") << "port"
                                                 << "15433"
                                                 << "publishes port 15433";
    }
    void wrongNamesAreSaidAtTheirField()
    {
        QFETCH(QString, field);
        QFETCH(QString, text);
        QFETCH(QString, says);
        WizardState state = chosen();
        NamesPage page(state);
        page.show();
        page.enter();
        QTRY_VERIFY(page.canGoNext());
        type(page.findChild<QLineEdit *>(field + QStringLiteral("Edit")), text);
        QTRY_VERIFY(!page.busy());
        const auto *error = page.findChild<FieldError *>(field + QStringLiteral("Error"));
        QVERIFY2(error->message().contains(says), qPrintable(error->message()));
        QVERIFY(error->isVisible());
        QVERIFY(!page.canGoNext());
    }

    void anotherPlaceLeavesNothingOfTheFirst()
    {
        WizardState state = stateWithComposeFacts();
        WherePage where(state);
        where.enter();
        NamesPage names(state);
        names.show();
        names.enter();
        QTRY_VERIFY(names.canGoNext());
        QVERIFY(!state.request.volume.isEmpty());
        QTest::mouseClick(method(where, "methodLocal"), Qt::LeftButton);
        names.enter();
        QTRY_VERIFY(!names.busy());
        QVERIFY(state.request.volume.isEmpty() && state.request.service.isEmpty());
        QVERIFY(!state.request.dataDirectory.isEmpty());
        QVERIFY(names.findChild<QLineEdit *>(QStringLiteral("dataDirectoryEdit"))->isVisible());
        QTest::mouseClick(method(where, "methodCompose"), Qt::LeftButton);
        names.enter();
        QTRY_VERIFY(!names.busy());
        QCOMPARE(state.request.service, QStringLiteral("standby2"));
        QVERIFY(state.request.dataDirectory.isEmpty());
    }

    void theListingShowsTheEditAndItsFolds()
    {
        EditAction edit;
        edit.path = QStringLiteral("/srv/shop/docker-compose.yml");
        EditAction::Insertion service, volume;
        service.line = 11;
        service.shown = QStringLiteral("\n  standby2:\n    environment: (hidden)");
        volume.line = 20;
        volume.shown = QStringLiteral("  standby2_data:");
        edit.insertions << service << volume;
        Plan plan;
        Step step;
        step.actions << edit;
        plan.steps << step;
        FileListing listing;
        listing.setPlan(plan);
        QCOMPARE(listing.editCount(), 1);
        QCOMPARE(listing.fileCount(), 0);
        QCOMPARE(listing.lineCount(), 4);
        QCOMPARE(
            listing.lines(),
            QStringList({QStringLiteral("/srv/shop/docker-compose.yml, +4"),
                         QStringLiteral("… 10 lines as they are"), QStringLiteral("+ "),
                         QStringLiteral("+   standby2:"), QStringLiteral("+     environment: (hidden)"),
                         QStringLiteral("… 6 lines as they are"), QStringLiteral("+   standby2_data:")}));
    }

    void theReviewShowsTheFileAndNoPassword()
    {
        WizardState state = chosen();
        ReviewPage page(state);
        page.enter();
        QVERIFY2(page.canGoNext(), qPrintable(page.blockedBy()));
        const auto *listing = page.findChild<FileListing *>();
        const QString lines = listing->lines().join(u'\n');
        QVERIFY2(lines.contains(QLatin1String("+   standby2:")), qPrintable(lines));
        QVERIFY2(lines.contains(QLatin1String("PGPASSWORD: (hidden)")), qPrintable(lines));
        QVERIFY2(lines.contains(QLatin1String("+   standby2_data:")), qPrintable(lines));
        const QString words = said(page).join(u'\n') + lines;
        for (const char *secret : {"primary-secret", "replicator-secret"})
            QVERIFY2(!words.contains(QLatin1String(secret)), secret);
        QVERIFY(words.contains(QLatin1String("docker-compose.yml")));
        QVERIFY(words.contains(QLatin1String("shop_standby2_data")));
        QVERIFY(words.contains(QLatin1String("Existing lines stay as they are")));
        QVERIFY(!words.contains(QLatin1String("Data directory")));
        // The plan's commands, once: the added lines stand in the listing only.
        QVERIFY(words.contains(QLatin1String("--no-start")));
        QCOMPARE(words.count(QLatin1String("standby2_data:/var/lib")), 1);
    }

    void theRunSaysWhatChangedAndWhatGoes()
    {
        WizardState state = chosen();
        const auto plan = planAddStandby(state.request, *state.facts);
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        QStringList changes;
        for (const Step &step : plan->steps) {
            if (!step.changes.isEmpty())
                changes << step.changes;
            // Each is a part of one sentence: "This will ..., ..., ...".
            QVERIFY2(!step.undoWords.contains(u';') && !step.undoWords.contains(u'.'),
                     qPrintable(step.undoWords));
        }
        QCOMPARE(changes.join(QStringLiteral(", ")),
                 QStringLiteral("1 file, 1 container, 1 volume, 1 slot, 1 server"));
        RunPage page(state);
        RunRecord record;
        record.plan = *plan;
        record.outcome = RunRecord::Outcome::CancelledAndUndone;
        page.takeRecord(record);
        const QString words = said(page).join(u'\n');
        QVERIFY2(words.contains(QLatin1String("no container and no volume of standby2")), qPrintable(words));
        QVERIFY(!words.contains(QLatin1String("directory")));
    }

    void placesAreSaidAlikeOnEveryPage()
    {
        const WizardState state = chosen();
        QStringList labels;
        for (const FactsGrid::Fact &fact : placeFacts(state, true))
            labels << fact.label + u'=' + fact.value;
        QCOMPARE(labels,
                 QStringList({QStringLiteral("Service=standby2"), QStringLiteral("Volume=standby2_data"),
                              QStringLiteral("File=docker-compose.yml")}));
        QCOMPARE(placeFacts(state, false).at(1).value, QStringLiteral("shop_standby2_data"));
    }
};

QTEST_MAIN(TestWizardPlaces)
#include "tst_wizard_places.moc"
