// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "WizardFacts.h"

#include "gui/Style.h"
#include "gui/wizard/FieldError.h"
#include "gui/wizard/NamesPage.h"

#include <QCheckBox>
#include <QStandardPaths>
#include <QToolButton>

using namespace understudy;
using namespace understudy::test;

/// The folded part of the page of names: how the copy is made and how the standby follows. No server.
class TestWizardChoices : public QObject
{
    Q_OBJECT

    static WizardState localState()
    {
        WizardState state = stateWithFacts();
        state.request.upstream = primaryId;
        state.request.on = QStringLiteral("local");
        state.facts->tablespaces[primaryId] = {{QStringLiteral("fast"), QStringLiteral("/nowhere/ssd/fast")}};
        state.facts->bindings << HostBinding{primaryId,
                                             QStringLiteral("local"),
                                             QStringLiteral("/nowhere/demo/primary"),
                                             QStringLiteral("dba"),
                                             1,
                                             {}};
        state.facts->serverSettings[standbyId][QStringLiteral("restore_command")].value =
            QStringLiteral("cp /archive/%f %p");
        return state;
    }
    template <typename T>
    static T *part(const NamesPage &page, const char *name)
    {
        return page.findChild<T *>(QString::fromLatin1(name));
    }
    static void open(NamesPage &page)
    {
        page.resize(1160, 1180);
        page.show();
        page.enter();
        QTRY_VERIFY(!page.busy());
        part<QToolButton>(page, "advancedFold")->setChecked(true);
    }
    static void keep(QWidget &page, const char *name)
    {
        const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
        if (folder.isEmpty())
            return;
        page.grab().save(QStringLiteral("%1/%2.png").arg(folder, QLatin1String(name)));
    }

private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(Style::Choice::Light);
    }

    void everyChoiceReachesTheRequest()
    {
        WizardState state = localState();
        NamesPage page(state);
        open(page);
        const StandbyChoices &choices = state.request.choices;
        // Filled in: verification, the tablespace beside the old one, the command of the other standby.
        QVERIFY(part<QCheckBox>(page, "verifyBackupCheck")->isChecked());
        QCOMPARE(choices.verifyBackup.value_or(false), true);
        auto *tablespace = part<QLineEdit>(page, "tablespaceEdit");
        QVERIFY(tablespace && tablespace->isVisible());
        QCOMPARE(tablespace->text(), QStringLiteral("/nowhere/ssd/fast-standby2"));
        auto *restore = part<QLineEdit>(page, "restoreCommandEdit");
        QCOMPARE(restore->text(), QStringLiteral("cp /archive/%f %p"));
        QVERIFY2(page.canGoNext(), qPrintable(page.sentence()));

        type(part<QLineEdit>(page, "compressEdit"), QStringLiteral("server-zstd:3"));
        type(part<QLineEdit>(page, "walDirectoryEdit"), QStringLiteral("/nowhere/wal/standby2"));
        type(part<QLineEdit>(page, "applyDelayEdit"), QStringLiteral("30min"));
        type(tablespace, QStringLiteral("/nowhere/ssd/mine"));
        type(restore, QString());
        part<QCheckBox>(page, "verifyBackupCheck")->click();
        part<QCheckBox>(page, "fastCheckpointCheck")->click();
        QTRY_VERIFY(!page.busy());
        QVERIFY2(page.canGoNext(), qPrintable(page.sentence()));
        QCOMPARE(choices.compress, QStringLiteral("server-zstd:3"));
        QCOMPARE(choices.walDirectory, QStringLiteral("/nowhere/wal/standby2"));
        QCOMPARE(choices.applyDelay, QStringLiteral("30min"));
        QCOMPARE(choices.tablespaces.value(QStringLiteral("/nowhere/ssd/fast")),
                 QStringLiteral("/nowhere/ssd/mine"));
        QCOMPARE(choices.restoreCommand, QString()); // emptied on purpose: no suggestion comes back
        QCOMPARE(choices.verifyBackup.value_or(true), false);
        QVERIFY(!state.request.fastCheckpoint);

        // Another name changes only what was not said.
        type(part<QLineEdit>(page, "nameEdit"), QStringLiteral("reader"));
        QTRY_VERIFY(!page.busy());
        QCOMPARE(choices.tablespaces.value(QStringLiteral("/nowhere/ssd/fast")),
                 QStringLiteral("/nowhere/ssd/mine"));
        QCOMPARE(restore->text(), QString());
        QCOMPARE(choices.verifyBackup.value_or(true), false);
        keep(page, "choices-filled");
    }

    void suggestionsFollowTheName()
    {
        WizardState state = localState();
        NamesPage page(state);
        open(page);
        type(part<QLineEdit>(page, "nameEdit"), QStringLiteral("reader"));
        QTRY_COMPARE(part<QLineEdit>(page, "tablespaceEdit")->text(),
                     QStringLiteral("/nowhere/ssd/fast-reader"));
        keep(page, "choices-suggested");
    }

    void withoutASlotThereIsNoName()
    {
        WizardState state = localState();
        NamesPage page(state);
        open(page);
        auto *slot = part<QLineEdit>(page, "slotEdit");
        auto *box = part<QCheckBox>(page, "useSlotCheck");
        QVERIFY(box->isChecked());
        box->click();
        QTRY_VERIFY(!page.busy());
        QVERIFY(!slot->isEnabled() && slot->text().isEmpty());
        QVERIFY(!state.request.choices.slot && state.request.slot.isEmpty());
        QVERIFY2(page.canGoNext(), qPrintable(page.sentence()));
        keep(page, "choices-no-slot");
        box->click();
        QTRY_COMPARE(slot->text(), QStringLiteral("standby2_slot"));
        QVERIFY(slot->isEnabled());
        QVERIFY(page.canGoNext());
    }

    void wrongChoicesAreSaidAtTheirField_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("compression") << "compress"
                                     << "gzip"
                                     << "by the receiver";
        QTest::newRow("WAL directory") << "walDirectory"
                                       << "wal"
                                       << "absolute path";
        QTest::newRow("delay") << "applyDelay"
                               << "soon"
                               << "not a delay";
        QTest::newRow("restore command") << "restoreCommand"
                                         << "cp x y"
                                         << "%f";
        QTest::newRow("tablespace") << "tablespaces"
                                    << "ssd"
                                    << "absolute path";
    }
    void wrongChoicesAreSaidAtTheirField()
    {
        QFETCH(QString, field);
        QFETCH(QString, text);
        QFETCH(QString, says);
        WizardState state = localState();
        NamesPage page(state);
        open(page);
        type(page.findChild<QLineEdit *>(field == QLatin1String("tablespaces")
                                             ? QStringLiteral("tablespaceEdit")
                                             : field + QStringLiteral("Edit")),
             text);
        QTRY_VERIFY(!page.busy());
        const auto *error = page.findChild<FieldError *>(field + QStringLiteral("Error"));
        QVERIFY2(error->message().contains(says), qPrintable(error->message()));
        QVERIFY(error->isVisible());
        QVERIFY(!page.canGoNext());
        QVERIFY(!page.blockedBy().isEmpty());
    }

    void aServiceHasNoPlacesBesideItsVolume()
    {
        WizardState state = stateWithComposeFacts();
        state.request.upstream = primaryId;
        state.request.on = QStringLiteral("compose");
        state.request.choices.walDirectory =
            QStringLiteral("/wal/standby2"); // of another place, chosen before
        NamesPage page(state);
        open(page);
        QVERIFY(!part<QLineEdit>(page, "walDirectoryEdit")->isVisible());
        QVERIFY(state.request.choices.walDirectory.isEmpty());
        // Its image may lack the program: asked for, not taken for granted.
        QVERIFY(!part<QCheckBox>(page, "verifyBackupCheck")->isChecked());
        QVERIFY2(page.canGoNext(), qPrintable(page.sentence()));
        keep(page, "choices-compose");
    }

    void darkLooksRight()
    {
        Style::instance().apply(Style::Choice::Dark);
        WizardState state = localState();
        NamesPage page(state);
        open(page);
        type(part<QLineEdit>(page, "compressEdit"), QStringLiteral("gzip"));
        QVERIFY(part<FieldError>(page, "compressError")->isVisible());
        keep(page, "choices-dark");
        Style::instance().apply(Style::Choice::Light);
    }
};

QTEST_MAIN(TestWizardChoices)
#include "tst_wizard_choices.moc"
