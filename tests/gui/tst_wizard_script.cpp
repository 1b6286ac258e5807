// SPDX-License-Identifier: GPL-3.0-or-later
#include "OwnPlaces.h"
#include "WizardFacts.h"

#include "gui/Style.h"
#include "gui/parts/Parts.h"
#include "gui/wizard/ChoiceRow.h"
#include "gui/wizard/NamesPage.h"
#include "gui/wizard/ReviewPage.h"
#include "gui/wizard/ScriptPlace.h"
#include "gui/wizard/WherePage.h"

#include <QFileDialog>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>

using namespace understudy;
using namespace understudy::test;

/// A machine that this program cannot reach, as the wizard's place: it makes a script and runs nothing.
class TestWizardScript : public QObject
{
    Q_OBJECT

    template <typename T>
    static T *child(const QWidget &page, const char *name)
    {
        return page.findChild<T *>(QString::fromLatin1(name));
    }
    static void open(WizardPage &page)
    {
        page.resize(1150, 800);
        page.show();
        page.enter();
    }
    static void chooseScript(WherePage &page)
    {
        QTest::mouseClick(child<ChoiceRow>(page, "methodScript"), Qt::LeftButton);
    }
    static void type(const WherePage &page, const char *field, const QString &text)
    {
        auto *edit = child<QLineEdit>(page, field);
        edit->clear();
        QTest::keyClicks(edit, text);
    }

private Q_SLOTS:
    void initTestCase()
    {
        fixture::useOwnPlaces();
        Style::instance().apply(qEnvironmentVariable("UNDERSTUDY_THEME") == QLatin1String("dark")
                                    ? Style::Choice::Dark
                                    : Style::Choice::Light);
    }

    void theUpstreamsAddressIsAskedFor()
    {
        WizardState state = stateWithFacts();
        WherePage page(state);
        open(page);
        QVERIFY(!child<QWidget>(page, "scriptPlace")->isVisible());
        chooseScript(page);
        QVERIFY(child<QWidget>(page, "scriptPlace")->isVisible());
        // Watched at 127.0.0.1: that would be the other machine itself.
        QVERIFY(!page.canGoNext());
        QVERIFY2(page.blockedBy().contains(QLatin1String("address")), qPrintable(page.blockedBy()));
        type(page, "scriptMachine", QStringLiteral("db5"));
        QCOMPARE(state.request.on, QStringLiteral("script:db5"));
        type(page, "scriptAddress", QStringLiteral("db1 example"));
        QVERIFY(!page.canGoNext());
        QVERIFY(anyText(page, QStringLiteral("is no address of a server")));
        type(page, "scriptAddress", QStringLiteral("db1.example:5444"));
        QVERIFY2(page.canGoNext(), qPrintable(page.blockedBy()));
        QCOMPARE(state.request.upstreamAddress, QStringLiteral("db1.example:5444"));
        QCOMPARE(state.request.keeper, QStringLiteral("pg_ctl"));
        QVERIFY2(page.sentence().contains(QLatin1String("db5")), qPrintable(page.sentence()));
        keepPicture(page, QStringLiteral("where-script"));
    }

    void anotherPlaceForgetsIt()
    {
        WizardState state = stateWithFacts();
        state.spec.nodes.clear();
        WherePage page(state);
        open(page);
        chooseScript(page);
        type(page, "scriptAddress", QStringLiteral("db1.example"));
        QVERIFY(!state.facts->target.isLocal());
        QTest::mouseClick(child<ChoiceRow>(page, "methodLocal"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!page.busy(), 20000);
        QCOMPARE(state.request.on, QStringLiteral("local"));
        QVERIFY(state.request.upstreamAddress.isEmpty());
        QVERIFY(state.facts->target.isLocal());
        QVERIFY(!child<QWidget>(page, "scriptPlace")->isVisible());
        // And back: what was typed is there yet.
        chooseScript(page);
        QCOMPARE(state.request.upstreamAddress, QStringLiteral("db1.example"));
        QVERIFY(page.canGoNext());
    }

    void theReviewSavesTheScriptAndRunsNothing()
    {
        WizardState state = stateWithFacts();
        WherePage where(state);
        open(where);
        chooseScript(where);
        type(where, "scriptMachine", QStringLiteral("db5"));
        type(where, "scriptAddress", QStringLiteral("db1.example"));
        NamesPage names(state);
        open(names);
        QTRY_VERIFY_WITH_TIMEOUT(!names.busy() && !state.request.dataDirectory.isEmpty(), 20000);
        QVERIFY2(names.canGoNext(), qPrintable(names.blockedBy()));
        QCOMPARE(names.findChild<QSpinBox *>()->isEnabled(), false);
        QVERIFY(!child<QWidget>(names, "folderButton")->isVisible());
        keepPicture(names, QStringLiteral("names-script"));

        ReviewPage review(state);
        open(review);
        QVERIFY2(state.plan.has_value(), qPrintable(review.blockedBy()));
        QCOMPARE(review.nextText(), QStringLiteral("Save script\u2026"));
        QVERIFY2(review.changeNote().text.contains(QLatin1String("appears in the graph once it streams")),
                 qPrintable(review.changeNote().text));
        QVERIFY(!anyText(review, QStringLiteral("${")));
        keepPicture(review, QStringLiteral("review-script"));
        // The filled button saves and stays: there is nothing to run from here.
        QVERIFY(review.takeNext());
        auto *dialog = review.findChild<QFileDialog *>();
        QVERIFY(dialog);
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("add.sh"));
        Q_EMIT dialog->fileSelected(path);
        QFile file(path);
        QTRY_VERIFY_WITH_TIMEOUT(file.exists() && file.size() > 0, 20000);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.startsWith("#!"));
        QVERIFY(text.contains("db1.example"));
        QVERIFY(text.contains("db5"));
        QVERIFY(text.contains("set -euo pipefail"));
        QVERIFY(file.permissions() & QFile::ExeOwner);
    }

private:
    static bool anyText(const QWidget &page, const QString &text)
    {
        for (const QLabel *label : page.findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(text))
                return true;
        }
        return false;
    }
};

QTEST_MAIN(TestWizardScript)
#include "tst_wizard_script.moc"
