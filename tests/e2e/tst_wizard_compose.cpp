// SPDX-License-Identifier: GPL-3.0-or-later
#include "WizardFixture.h"

#include "ComposeLab.h"

#include "clusters/ClusterSecrets.h"
#include "gui/panels/OperationsPanel.h"
#include "gui/wizard/ChoiceRow.h"
#include "gui/wizard/ComposeFileChoice.h"
#include "gui/wizard/DonePage.h"
#include "gui/wizard/FileListing.h"
#include "operations/Journal.h"

using namespace understudy;
using namespace understudy::test;

namespace {

bool dark()
{
    return qEnvironmentVariable("UNDERSTUDY_THEME") == QLatin1String("dark");
}

} // namespace

/// The wizard on a real Compose project, through its real widgets: files, containers and volumes are real.
class TestWizardCompose : public QObject
{
    Q_OBJECT
    QTemporaryDir m_state;
    std::unique_ptr<ComposeLab> m_lab;
    ClusterSpec m_spec;

    QByteArray file() const
    {
        QFile file(m_lab->file());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString ask(const QString &sql) const { return m_lab->psql(QStringLiteral("postgres-primary"), sql); }
    QStringList volumes() const
    {
        QStringList all =
            m_lab->docker({QStringLiteral("volume"), QStringLiteral("ls"), QStringLiteral("-q")})
                .split(u'\n', Qt::SkipEmptyParts);
        all.sort();
        return all;
    }
    QStringList containers() const
    {
        QStringList all = m_lab
                              ->docker({QStringLiteral("ps"), QStringLiteral("-a"),
                                        QStringLiteral("--format"), QStringLiteral("{{.Names}}")})
                              .split(u'\n', Qt::SkipEmptyParts);
        all.sort();
        return all;
    }
    QStringList slots_() const
    {
        return ask(QStringLiteral("SELECT slot_name FROM pg_replication_slots ORDER BY 1"))
            .split(u'\n', Qt::SkipEmptyParts);
    }
    /// Bytes of a base backup are on their way right now.
    bool copies() const
    {
        return ask(QStringLiteral(
                   "SELECT count(*) FROM pg_stat_progress_basebackup WHERE backup_streamed > 1000000")) ==
               QStringLiteral("1");
    }
    /// No page says a password of the file's.
    static void sayNoPassword(const QWidget *window)
    {
        for (const QLabel *label : window->findChildren<QLabel *>()) {
            QVERIFY2(!label->text().contains(ComposeLab::password()), qPrintable(label->text()));
            QVERIFY2(!label->text().contains(QStringLiteral("replicator-secret")), qPrintable(label->text()));
        }
    }
    void picture(QWidget *window, const char *name) const;
    void nobodyCopies() const;
    void cutOffInMidCopy() const;
    void pickUp(OperationsPanel &panel, const char *button, RunRecord::Outcome outcome) const;

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void cancelInMidCopyLeavesNothing();
    void aFileEditedMeanwhileIsNotTouched();
    void whatWasCutOffIsUndoneInTheWindow();
    void fromTheFirstPageToTheRunbook();
    void whatWasCutOffIsContinuedInTheWindow();
};

/// Pictures of every page, where somebody wants to look at them.
void TestWizardCompose::picture(QWidget *window, const char *name) const
{
    const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
    if (folder.isEmpty())
        return;
    QVERIFY(QDir().mkpath(folder));
    // What was only just filled in is laid out before it is looked at.
    for (int pass = 0; pass < 3; ++pass)
        QCoreApplication::sendPostedEvents();
    QVERIFY(window->grab().save(
        QStringLiteral("%1/%2-%3.png")
            .arg(folder, QLatin1String(name), dark() ? QStringLiteral("dark") : QStringLiteral("light"))));
}

void TestWizardCompose::initTestCase()
{
    const QString missing = ComposeLab::missing();
    if (!missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("No Compose project can be run here: ") + missing));
    qputenv("XDG_STATE_HOME", QFile::encodeName(m_state.path()));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_state.path()));
    QStandardPaths::setTestModeEnabled(true);
    Style::instance().apply(dark() ? Style::Choice::Dark : Style::Choice::Light);
    m_lab = std::make_unique<ComposeLab>();
    QVERIFY(m_lab->up());
    auto spec = resolveCluster(m_lab->file());
    QVERIFY2(spec, spec ? "" : qPrintable(spec.error().text()));
    m_spec = *spec;
}

void TestWizardCompose::cleanupTestCase()
{
    m_lab.reset();
}

void TestWizardCompose::cancelInMidCopyLeavesNothing()
{
    const QByteArray before = file();
    const QStringList volumesBefore = volumes(), containersBefore = containers(), slotsBefore = slots_();
    WizardFixture window(m_spec);
    window.toRun(QStringLiteral("4M"));
    QTRY_VERIFY_WITH_TIMEOUT(copies(), 60000);
    QVERIFY(window->planRunning());
    const AddStandbyRequest request = window->request();
    QVERIFY(file().contains(request.service.toUtf8() + ':'));
    QVERIFY(slots_().contains(request.slot));
    QVERIFY2(window.label("changeHead")
                 .startsWith(QStringLiteral("Changed: 1 file, 1 container, 1 volume, 1 slot")),
             qPrintable(window.label("changeHead")));
    QCOMPARE(volumes().size(), volumesBefore.size() + 1);
    picture(window.get(), "5-run");

    window.click("rollBackButton");
    const QString question = window.label("questionSentence");
    QVERIFY2(question.contains(QStringLiteral("slot")) && question.contains(QStringLiteral("volume")) &&
                 question.contains(QStringLiteral("lines")),
             qPrintable(question));
    picture(window.get(), "5-run-question");
    window.answer(QStringLiteral("Roll back ") + request.name);
    QTRY_VERIFY_WITH_TIMEOUT(!window->planRunning(), 60000);
    QCOMPARE(window->runbook().run->outcome, RunRecord::Outcome::CancelledAndUndone);
    QCOMPARE(window->runbook().run->leftBehind, QStringList());
    QCOMPARE(window.label("changeHead"), QStringLiteral("Nothing is left."));
    picture(window.get(), "5-run-cancelled");
    QCOMPARE(file(), before);
    QCOMPARE(volumes(), volumesBefore);
    QCOMPARE(containers(), containersBefore);
    QCOMPARE(slots_(), slotsBefore);
    nobodyCopies();
}

void TestWizardCompose::aFileEditedMeanwhileIsNotTouched()
{
    const QByteArray before = file();
    const QStringList volumesBefore = volumes(), slotsBefore = slots_();
    WizardFixture window(m_spec);
    window.next(AddStandbyWizard::Names);
    window.next(AddStandbyWizard::Preflight);
    window.next(AddStandbyWizard::Review);
    QFile theirs(m_lab->file());
    QVERIFY(theirs.open(QIODevice::Append));
    theirs.write("# somebody else was here\n");
    theirs.close();
    const QByteArray edited = file();
    window.next(AddStandbyWizard::Run, false);
    QTRY_VERIFY_WITH_TIMEOUT(!window->planRunning(), 60000);
    QCOMPARE(window->runbook().run->outcome, RunRecord::Outcome::FailedAndUndone);
    QVERIFY2(window->runbook().run->error.contains(QStringLiteral("somebody else")),
             qPrintable(window->runbook().run->error));
    QCOMPARE(file(), edited);
    QCOMPARE(volumes(), volumesBefore);
    QCOMPARE(slots_(), slotsBefore);

    // Back to the first page, where the file is looked at again; then it works with the file as it is.
    QVERIFY(theirs.open(QIODevice::WriteOnly));
    theirs.write(before);
    theirs.close();
}

/// Nor does the primary send to somebody who is gone; it notices within seconds.
void TestWizardCompose::nobodyCopies() const
{
    QTRY_COMPARE_WITH_TIMEOUT(ask(QStringLiteral("SELECT count(*) FROM pg_stat_progress_basebackup")),
                              QStringLiteral("0"), 30000);
}

/// The program adds a standby and is killed while it copies.
void TestWizardCompose::cutOffInMidCopy() const
{
    nobodyCopies();
    QProcess program;
    program.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    program.start(QStringLiteral(UNDERSTUDY_BINARY),
                  {QStringLiteral("add-standby"), m_lab->file(), QStringLiteral("--max-rate"),
                   QStringLiteral("2M"), QStringLiteral("--yes")});
    QTRY_VERIFY_WITH_TIMEOUT(copies(), 60000);
    program.kill();
    QVERIFY(program.waitForFinished());
}

/// Presses @p button in the row of what was cut off and waits for its end.
void TestWizardCompose::pickUp(OperationsPanel &panel, const char *button, RunRecord::Outcome outcome) const
{
    qRegisterMetaType<RunRecord>();
    QSignalSpy found(&panel, &OperationsPanel::unfinishedFound);
    QSignalSpy ended(&panel, &OperationsPanel::pickedUp);
    panel.resize(344, 700);
    panel.show();
    QTRY_VERIFY(found.count() > 0);
    QCOMPARE(found.last().first().toStringList().size(), 1);
    OperationRow *row = panel.row(0);
    QVERIFY(row);
    const auto press = [row](const char *name) {
        auto *target = row->findChild<QPushButton *>(QString::fromLatin1(name));
        QVERIFY2(target && target->isVisible(), name);
        QTest::mouseClick(target, Qt::LeftButton);
    };
    picture(&panel, "operations");
    press(button);
    if (outcome == RunRecord::Outcome::CancelledAndUndone) {
        QVERIFY(!panel.running()); // it asks first, and names what goes
        QStringList said;
        for (const QLabel *label : row->findChildren<QLabel *>())
            said << label->text();
        QVERIFY2(said.join(u'\n').contains(QStringLiteral("drop the slot, remove container and volume")),
                 qPrintable(said.join(u'\n')));
        picture(&panel, "operations-question");
        press("undoConfirm");
    }
    QVERIFY(panel.running());
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 120000);
    const auto record = ended.first().first().value<RunRecord>();
    QVERIFY2(record.outcome == outcome, qPrintable(record.error));
    QCOMPARE(record.leftBehind, QStringList());
    QTRY_COMPARE(found.last().first().toStringList(), QStringList());
}

void TestWizardCompose::whatWasCutOffIsUndoneInTheWindow()
{
    const QByteArray before = file();
    const QStringList volumesBefore = volumes(), containersBefore = containers(), slotsBefore = slots_();
    cutOffInMidCopy();
    QVERIFY(file() != before);
    OperationsPanel panel;
    pickUp(panel, "undoButton", RunRecord::Outcome::CancelledAndUndone);
    QCOMPARE(file(), before);
    QCOMPARE(volumes(), volumesBefore);
    QCOMPARE(containers(), containersBefore);
    QCOMPARE(slots_(), slotsBefore);
}

void TestWizardCompose::whatWasCutOffIsContinuedInTheWindow()
{
    const QString standbys =
        QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'");
    const int before = ask(standbys).toInt();
    cutOffInMidCopy();
    OperationsPanel panel;
    pickUp(panel, "continueButton", RunRecord::Outcome::Done);
    QCOMPARE(ask(standbys).toInt(), before + 1);
    const QString service = Journal::entries().constLast().record.plan.facts.value(QStringLiteral("service"));
    QCOMPARE(m_lab->psql(service, QStringLiteral("SELECT pg_is_in_recovery()")), QStringLiteral("t"));
    for (const QString &container : containers())
        QVERIFY2(!container.endsWith(QStringLiteral("-copy")), qPrintable(container));
}

void TestWizardCompose::fromTheFirstPageToTheRunbook()
{
    const QByteArray before = file();
    WizardFixture window(m_spec);
    QTRY_VERIFY_WITH_TIMEOUT(window->canGoNext(), 30000);
    const auto *method = window->findChild<ChoiceRow *>(QStringLiteral("methodCompose"));
    QVERIFY(method && method->isChecked());
    QVERIFY(method->content().detail.contains(QStringLiteral("postgres-standby")));
    picture(window.get(), "1-where");
    window.next(AddStandbyWizard::Names);
    const AddStandbyRequest request = window->request();
    QCOMPARE(request.service, QStringLiteral("postgres-standby2"));
    QCOMPARE(request.volume, QStringLiteral("standby2_data"));
    QCOMPARE(request.slot, QStringLiteral("standby2_slot"));
    picture(window.get(), "2-names");
    // The service can go into a file of its own; what comes of it is said before.
    auto *choice = window->findChild<ComposeFileChoice *>();
    QVERIFY(choice && choice->isVisibleTo(window.get()));
    const auto *words = choice->findChild<QLabel *>(QStringLiteral("composeFileWords"));
    QVERIFY(words && words->text().contains(QStringLiteral("no other byte of it changes")));
    const auto segments = choice->findChildren<QToolButton *>();
    QCOMPARE(segments.size(), 2);
    segments.last()->click();
    QVERIFY(window->request().overrideFile);
    QVERIFY2(words->text().startsWith(QStringLiteral("docker-compose.override.yml is made")),
             qPrintable(words->text()));
    picture(window.get(), "2-names-own-file");
    segments.first()->click();
    QVERIFY(!window->request().overrideFile);
    window.next(AddStandbyWizard::Preflight);
    picture(window.get(), "3-preflight");
    window.next(AddStandbyWizard::Review);
    picture(window.get(), "4-review");
    sayNoPassword(window.get());
    const auto *listing = window->findChild<FileListing *>();
    QVERIFY(listing->lines().contains(QStringLiteral("+   postgres-standby2:")));
    QVERIFY(listing->lines().contains(QStringLiteral("+   standby2_data:")));
    QVERIFY(!listing->lines().join(u'\n').contains(QStringLiteral("replicator-secret")));
    QCOMPARE(file(), before); // nothing is written before it is asked for

    window.next(AddStandbyWizard::Run, false);
    QTRY_VERIFY_WITH_TIMEOUT(!window->planRunning(), 120000);
    QVERIFY2(window->runbook().run->outcome == RunRecord::Outcome::Done,
             qPrintable(window->runbook().run->error));
    picture(window.get(), "5-run-done");
    QCOMPARE(ask(QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")),
             QStringLiteral("2"));
    QCOMPARE(m_lab->psql(request.service, QStringLiteral("SELECT pg_is_in_recovery()")), QStringLiteral("t"));

    window.next(AddStandbyWizard::Verify, false);
    QTRY_VERIFY_WITH_TIMEOUT(window->canGoNext(), 60000);
    QVERIFY(window->runbook().verify);
    for (const VerifyRow &row : window->runbook().verify->rows)
        QVERIFY2(row.pass, qPrintable(row.what + QStringLiteral(": ") + row.actual));
    bool counted = false;
    for (const RowCount &count : window->runbook().verify->counts) {
        QVERIFY2(count.pass, qPrintable(count.words));
        QCOMPARE(count.nodes.size(), 3);
        counted |= count.nodes.constLast().rows == 50004;
    }
    QVERIFY(counted);
    picture(window.get(), "6-verify");
    window.next(AddStandbyWizard::ReadLoad, false);
    QTRY_VERIFY_WITH_TIMEOUT(window->canGoNext(), 60000);
    picture(window.get(), "7-read-load");
    window.next(AddStandbyWizard::Done, false);
    QTRY_VERIFY(!window->busy());
    picture(window.get(), "8-done");
    sayNoPassword(window.get());

    auto *done = window->findChild<DonePage *>();
    QSignalSpy written(done, &DonePage::runbookWritten);
    QTemporaryDir folder;
    done->saveRunbook(folder.path());
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, 30000);
    QFile book(folder.filePath(QStringLiteral("add-%1.md").arg(request.name)));
    QVERIFY(book.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(book.readAll());
    for (const QString &word : {request.service, m_lab->file(), QStringLiteral("standby2_data"),
                                QStringLiteral("(hidden)"), QStringLiteral("The volume exists already"),
                                QStringLiteral("Take the lines out"), QStringLiteral("50,004")})
        QVERIFY2(text.contains(word), qPrintable(word));
    for (const QString &secret : {ComposeLab::password(), QStringLiteral("replicator-secret")})
        QVERIFY2(!text.contains(secret), qPrintable(secret));
    if (const QString shots = qEnvironmentVariable("UNDERSTUDY_SHOTS"); !shots.isEmpty())
        done->saveRunbook(shots);

    // The person's lines are all there, in their order.
    QByteArray rest = file();
    for (const QByteArray &line : before.split('\n')) {
        const qsizetype at = rest.indexOf(line);
        QVERIFY2(at >= 0, line.constData());
        rest = rest.mid(at + line.size());
    }
    for (const JournalEntry &entry : Journal::entries()) {
        QFile journal(entry.path);
        QVERIFY(journal.open(QIODevice::ReadOnly));
        const QByteArray kept = journal.readAll();
        QVERIFY(!kept.contains("replicator-secret") && !kept.contains(ComposeLab::password().toUtf8()));
    }
}

QTEST_MAIN(TestWizardCompose)
#include "tst_wizard_compose.moc"
