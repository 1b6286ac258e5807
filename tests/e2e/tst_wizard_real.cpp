// SPDX-License-Identifier: GPL-3.0-or-later
#include "WizardFixture.h"

#include "gui/wizard/ReadLoadPage.h"
#include "operations/Journal.h"

#include <QCheckBox>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QToolButton>
#include <csignal>

using namespace understudy;

/// The wizard's dangerous paths on real servers, through its real widgets.
class TestWizardReal : public QObject
{
    Q_OBJECT
    QTemporaryDir m_state;
    QTemporaryDir m_temporary; ///< The demo's folder, apart from those of others.
    std::unique_ptr<DemoCluster> m_demo;
    ClusterSpec m_spec;

    Endpoint primary() const { return m_spec.nodes.at(0).endpoint; }
    QVariant ask(const QString &sql) const { return askServer(primary(), sql); }
    bool hasSlot(const QString &name) const
    {
        return ask(QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '%1'")
                       .arg(name))
                   .toInt() > 0;
    }
    /// Bytes of a base backup are on their way right now.
    bool copies() const
    {
        return ask(QStringLiteral(
                       "SELECT count(*) FROM pg_stat_progress_basebackup WHERE backup_streamed > 1000000"))
                   .toInt() > 0;
    }
    QString syncState(const QString &name) const
    {
        return ask(QStringLiteral("SELECT state || ' ' || sync_state FROM pg_stat_replication"
                                  " WHERE application_name = '%1'")
                       .arg(name))
            .toString();
    }
    void nothingIsLeftOf(const AddStandbyRequest &request) const
    {
        QVERIFY(!hasSlot(request.slot));
        QVERIFY(!QFileInfo::exists(request.dataDirectory));
        QCOMPARE(processesOf(request.dataDirectory), QStringList());
    }

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void badNamesAreSaidAndBlock();
    void fixWaiveAndUndo();
    void cancelInMidCopyThenAgain();
    void failuresRollBackAndTryAgainWorks();
    void closingAsksAndRunsOnInBackground();
    void windowIsKilledInMidCopy();
    void synchronous();
    void ownTablesAndStatements();
};

void TestWizardReal::initTestCase()
{
    qputenv("XDG_STATE_HOME", QFile::encodeName(m_state.path()));
    qputenv("XDG_RUNTIME_DIR",
            QFile::encodeName(m_state.path())); // Else Qt makes a folder where the demo is.
    if (!localHost()->binDirectory(0))
        QSKIP("PostgreSQL is not installed");
    QCOMPARE(::chmod(QFile::encodeName(m_temporary.path()).constData(), 0711), 0);
    qputenv("TMPDIR", QFile::encodeName(m_temporary.path()));
    QStandardPaths::setTestModeEnabled(true);
    Style::instance().apply(Style::Choice::Light);
    DemoCluster::setGuardProgram(QStringLiteral(UNDERSTUDY_BINARY));
    auto demo = DemoCluster::start(false);
    QVERIFY2(demo, demo ? "" : qPrintable(demo.error().text()));
    m_demo = std::move(*demo);
    m_spec = m_demo->spec();
}

void TestWizardReal::cleanupTestCase()
{
    m_demo.reset();
    QCOMPARE(QDir(m_temporary.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList());
    QCOMPARE(processesOf(m_temporary.path()), QStringList());
}

void TestWizardReal::badNamesAreSaidAndBlock()
{
    WizardFixture window(m_spec);
    window.next(AddStandbyWizard::Names);
    const AddStandbyRequest suggested = window->request();
    QCOMPARE(suggested.name, QStringLiteral("standby2"));

    struct Bad
    {
        QString field, text, says, fix;
    };
    const QList<Bad> bads{{QStringLiteral("port"), QString::number(primary().port),
                           QString::number(primary().port), QStringLiteral("another port")},
                          {QStringLiteral("slot"), QStringLiteral("x;drop"), QStringLiteral("slot name"),
                           QStringLiteral("underscore")},
                          {QStringLiteral("slot"), QStringLiteral("standby_slot"),
                           QStringLiteral("already has a slot"), QStringLiteral("another slot name")},
                          {QStringLiteral("name"), QStringLiteral("standby1"),
                           QStringLiteral("already called"), QStringLiteral("another name")}};
    for (const Bad &bad : bads) {
        auto *edit = window.edit(bad.field);
        const QString before = edit->text();
        type(edit, bad.text);
        QTRY_VERIFY(!window->busy());
        const auto *error = window->findChild<FieldError *>(bad.field + QStringLiteral("Error"));
        QVERIFY2(error->message().contains(bad.says) &&
                     error->message().contains(bad.fix, Qt::CaseInsensitive),
                 qPrintable(error->message()));
        QVERIFY(error->isVisible());
        QVERIFY(!window.button("nextButton")->isEnabled());
        // Back and forth: what was typed is still there, and still blocks.
        window.click("backButton");
        QTRY_COMPARE(window->currentPage(), AddStandbyWizard::Where);
        window.next(AddStandbyWizard::Names, false);
        QTRY_VERIFY(!window->busy());
        QCOMPARE(edit->text(), bad.text);
        QVERIFY(!window->canGoNext());
        type(edit, before);
        QTRY_VERIFY2(window->canGoNext(), qPrintable(error->message()));
    }

    // A directory that holds something, and a port that some program listens on: only asking can tell.
    Listener stranger(0);
    QVERIFY(stranger.port() > 0);
    type(window.edit(QStringLiteral("dataDirectory")), m_state.path());
    type(window.edit(QStringLiteral("port")), QString::number(stranger.port()));
    QFile inTheWay(m_state.filePath(QStringLiteral("kept")));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    QTRY_VERIFY_WITH_TIMEOUT(!window->busy(), 5000);
    if (window->canGoNext()) {
        window.next(AddStandbyWizard::Preflight, false);
        QTRY_VERIFY_WITH_TIMEOUT(!window->busy(), 20000);
        QVERIFY(!window->canGoNext());
        const QString blocked = window.label("footerLine");
        QVERIFY2(blocked.contains(QStringLiteral("Data directory")) &&
                     blocked.contains(QString::number(stranger.port())),
                 qPrintable(blocked));
        // Both offer their fix; taking them unblocks, and the names page knows of it.
        for (int fixes = 0; fixes < 2; ++fixes) {
            PreflightRow *failed = nullptr;
            for (PreflightRow *row : window->findChildren<PreflightRow *>()) {
                if (row->check().status == CheckStatus::Fail)
                    failed = row;
            }
            QVERIFY(failed);
            auto *apply = failed->findChild<QPushButton *>(QStringLiteral("applyFix"));
            QVERIFY2(apply, qPrintable(failed->check().evidence));
            QTest::mouseClick(apply, Qt::LeftButton);
            QTRY_VERIFY_WITH_TIMEOUT(!window->busy(), 20000);
        }
        QVERIFY2(window->canGoNext(), qPrintable(window.label("footerLine")));
        window.click("backButton");
        QTRY_VERIFY(!window->busy());
        QCOMPARE(window.edit(QStringLiteral("port"))->text(), QString::number(window->request().port));
        QVERIFY(window->request().port != stranger.port());
        QCOMPARE(window.edit(QStringLiteral("dataDirectory"))->text(), window->request().dataDirectory);
        QVERIFY(window->request().dataDirectory != m_state.path());
    } else {
        QFAIL(qPrintable(window.label("footerLine")));
    }
    QCOMPARE(window->request().name, suggested.name);
    QCOMPARE(window->request().slot, suggested.slot);
    QVERIFY(!hasSlot(suggested.slot));
}

void TestWizardReal::fixWaiveAndUndo()
{
    const QString limit = QStringLiteral("SHOW max_slot_wal_keep_size");
    QCOMPARE(ask(limit).toString(), QStringLiteral("-1"));
    WizardFixture window(m_spec);
    window.next(AddStandbyWizard::Names);
    window.next(AddStandbyWizard::Preflight);
    auto *row = window->findChild<PreflightRow *>(QStringLiteral("check_slot_retention"));
    QVERIFY(row);
    QCOMPARE(row->check().status, CheckStatus::Warning);
    QVERIFY(window.label("changeHead").contains(QStringLiteral("Nothing changed yet")));

    QTest::mouseClick(row->findChild<QPushButton *>(QStringLiteral("waiveButton")), Qt::LeftButton);
    QTRY_VERIFY(row->findChild<QLineEdit *>(QStringLiteral("waiveReason")));
    auto *reason = row->findChild<QLineEdit *>(QStringLiteral("waiveReason"));
    QTRY_VERIFY(reason->hasFocus());
    // No reason, no waiver; and Enter there does not leave the page.
    QVERIFY(!row->findChild<QPushButton *>(QStringLiteral("waiveConfirm"))->isEnabled());
    QTest::keyClick(reason, Qt::Key_Return);
    QCOMPARE(window->currentPage(), AddStandbyWizard::Preflight);
    QTest::keyClicks(reason, QStringLiteral("disk is watched"));
    QTest::keyClick(reason, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(row->check().status, CheckStatus::Waived, 10000);
    QTRY_VERIFY(!window->busy());
    QCOMPARE(window->currentPage(), AddStandbyWizard::Preflight);
    QCOMPARE(window->request().waived.value(QStringLiteral("slot_retention")),
             QStringLiteral("disk is watched"));
    QPushButton *undo = nullptr;
    for (QPushButton *button : row->findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("Undo"))
            undo = button;
    }
    QVERIFY(undo);
    QTest::mouseClick(undo, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(row->check().status, CheckStatus::Warning, 10000);
    QTRY_VERIFY(!window->busy());
    QVERIFY(window->request().waived.isEmpty());
    QCOMPARE(ask(limit).toString(), QStringLiteral("-1"));

    QTest::mouseClick(row->findChild<QPushButton *>(QStringLiteral("applyFix")), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(row->check().status, CheckStatus::Pass, 20000);
    QTRY_VERIFY_WITH_TIMEOUT(!window->busy(), 20000);
    QVERIFY(ask(limit).toString() != QStringLiteral("-1"));
    QCOMPARE(window.label("changeHead"), QStringLiteral("Changed: 1 setting."));
    // Still said on the pages around it: the setting stays changed.
    window.next(AddStandbyWizard::Review);
    QVERIFY2(window.label("changeHead").contains(QStringLiteral("1 setting")),
             qPrintable(window.label("changeHead")));
    window.click("backButton");
    window.click("backButton");
    QCOMPARE(window->currentPage(), AddStandbyWizard::Names);
    QVERIFY2(window.label("changeHead").contains(QStringLiteral("1 setting")),
             qPrintable(window.label("changeHead")));
}

void TestWizardReal::cancelInMidCopyThenAgain()
{
    WizardFixture window(m_spec);
    window.toRun(QStringLiteral("4M"));
    QTRY_VERIFY_WITH_TIMEOUT(copies(), 20000);
    const AddStandbyRequest request = window->request();
    QVERIFY(hasSlot(QStringLiteral("standby2_slot")));
    QVERIFY(QFileInfo::exists(request.dataDirectory));
    QVERIFY(window->planRunning());
    QVERIFY(window.label("changeHead").contains(QStringLiteral("Changed")));

    window.click("rollBackButton");
    QVERIFY2(window.label("questionSentence").contains(QStringLiteral("slot")),
             qPrintable(window.label("questionSentence")));
    window.answer(QStringLiteral("Roll back standby2"));
    QTRY_VERIFY_WITH_TIMEOUT(!window->planRunning(), 20000);
    nothingIsLeftOf(request);
    QCOMPARE(window->runbook().run->outcome, RunRecord::Outcome::CancelledAndUndone);
    QCOMPARE(window->runbook().run->leftBehind, QStringList());
    QCOMPARE(window.label("changeHead"), QStringLiteral("Nothing is left."));

    // Back through the names, without the rate, and once more.
    for (int page = AddStandbyWizard::Run; page > AddStandbyWizard::Names; --page) {
        QTRY_VERIFY_WITH_TIMEOUT(!window->busy(), 20000);
        window.click("backButton");
    }
    QCOMPARE(window->currentPage(), AddStandbyWizard::Names);
    QCOMPARE(window.edit(QStringLiteral("maxRate"))->text(), QStringLiteral("4M"));
    window.toRun(QString());
    QTRY_VERIFY_WITH_TIMEOUT(!window->planRunning(), 60000);
    QCOMPARE(window->runbook().run->outcome, RunRecord::Outcome::Done);
    QCOMPARE(syncState(QStringLiteral("standby2")), QStringLiteral("streaming async"));
}

void TestWizardReal::failuresRollBackAndTryAgainWorks()
{
    WizardFixture window(m_spec);
    window.toRun(QStringLiteral("8M"));
    const AddStandbyRequest request = window->request();
    QCOMPARE(request.name, QStringLiteral("standby3"));

    // The copying process is killed from outside.
    QTRY_VERIFY_WITH_TIMEOUT(copies(), 20000);
    pid_t copying = 0;
    for (const QString &line : processesOf(request.dataDirectory)) {
        if (line.section(u' ', 1, 1).endsWith(QStringLiteral("/pg_basebackup")))
            copying = pid_t(line.section(u' ', 0, 0).toInt());
    }
    QVERIFY(copying > 0);
    QCOMPARE(::kill(copying, SIGKILL), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!window->planRunning(), 30000);
    QCOMPARE(window->runbook().run->outcome, RunRecord::Outcome::FailedAndUndone);
    QVERIFY2(window->runbook().run->error.contains(QStringLiteral("pg_basebackup")),
             qPrintable(window->runbook().run->error));
    QCOMPARE(window->runbook().run->leftBehind, QStringList());
    nothingIsLeftOf(request);
    QCOMPARE(window.button("nextButton")->text(), QStringLiteral("Try again"));

    // Its port is taken by another program while the copy runs.
    window.click("nextButton");
    QTRY_VERIFY_WITH_TIMEOUT(copies(), 20000);
    auto stranger = std::make_unique<Listener>(request.port);
    QCOMPARE(stranger->port(), request.port);
    QTRY_VERIFY_WITH_TIMEOUT(!window->planRunning(), 60000);
    QCOMPARE(window->runbook().run->outcome, RunRecord::Outcome::FailedAndUndone);
    QVERIFY2(window->runbook().run->error.contains(QStringLiteral("Choose another port")),
             qPrintable(window->runbook().run->error));
    QCOMPARE(window->runbook().run->leftBehind, QStringList());
    nothingIsLeftOf(request);

    stranger.reset();
    window.click("nextButton");
    QVERIFY(window->planRunning());
    QTRY_VERIFY_WITH_TIMEOUT(!window->planRunning(), 60000);
    QCOMPARE(window->runbook().run->outcome, RunRecord::Outcome::Done);
    QCOMPARE(syncState(request.name), QStringLiteral("streaming async"));
}

void TestWizardReal::closingAsksAndRunsOnInBackground()
{
    WizardFixture window(m_spec);
    QSignalSpy added(window.get(), &AddStandbyWizard::standbyAdded);
    window.toRun(QStringLiteral("16M"));
    QTRY_VERIFY_WITH_TIMEOUT(copies(), 20000);
    QVERIFY(!window->close());
    QVERIFY(window->isVisible());
    QCOMPARE(QApplication::activeModalWidget(), nullptr);
    QVERIFY(window.label("questionSentence").contains(window->request().name));
    window.answer(QStringLiteral("Stay here"));
    QVERIFY(window->isVisible() && window->planRunning());
    QVERIFY(!window->close());
    window.answer(QStringLiteral("Run in background"));
    QVERIFY(!window->isVisible());
    QVERIFY(window->planRunning());
    QTRY_COMPARE_WITH_TIMEOUT(added.count(), 1, 60000);
    QCOMPARE(window->runbook().run->outcome, RunRecord::Outcome::Done);
    QCOMPARE(syncState(window->request().name), QStringLiteral("streaming async"));
}

void TestWizardReal::windowIsKilledInMidCopy()
{
    QProcess window;
    window.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    window.start(QCoreApplication::applicationFilePath(),
                 {QStringLiteral("window"), m_spec.nodes.at(0).endpoint.conninfo()});
    QTRY_VERIFY_WITH_TIMEOUT(copies(), 40000);
    window.kill();
    QVERIFY(window.waitForFinished());

    const QList<JournalEntry> entries = Journal::entries();
    QVERIFY(!entries.isEmpty());
    const JournalEntry last = entries.constLast();
    QVERIFY(last.open && !last.runningNow);
    const auto program = [](const QStringList &words) {
        QProcess process;
        process.start(QStringLiteral(UNDERSTUDY_BINARY), words);
        process.waitForFinished(60000);
        return QPair(process.exitCode(),
                     QString::fromUtf8(process.readAllStandardOutput() + process.readAllStandardError()));
    };
    const auto listed = program({QStringLiteral("operations")});
    QVERIFY2(listed.second.contains(last.record.plan.id) &&
                 listed.second.contains(QStringLiteral("interrupted")),
             qPrintable(listed.second));
    const auto undone = program({QStringLiteral("operations"), QStringLiteral("undo"), last.record.plan.id});
    QVERIFY2(undone.first == 0, qPrintable(undone.second));
    QVERIFY(!hasSlot(last.record.plan.subject + QStringLiteral("_slot")));
    QVERIFY2(!program({QStringLiteral("operations")}).second.contains(last.record.plan.id), "still listed");
    QCOMPARE(ask(QStringLiteral("SELECT count(*) FROM pg_stat_progress_basebackup")).toInt(), 0);
}

void TestWizardReal::synchronous()
{
    WizardFixture window(m_spec);
    window.next(AddStandbyWizard::Names);
    const auto modes =
        window->findChild<QWidget *>(QStringLiteral("modeSegment"))->findChildren<QToolButton *>();
    QCOMPARE(modes.size(), 2);
    QTest::mouseClick(modes.at(1), Qt::LeftButton);
    QVERIFY(window->request().synchronous);
    QVERIFY(window.label("modeWords").contains(QStringLiteral("Commits wait")));
    window.toRun(QString());
    QTRY_VERIFY_WITH_TIMEOUT(!window->planRunning(), 60000);
    const QString name = window->request().name;
    QVERIFY2(window->runbook().run->outcome == RunRecord::Outcome::Done,
             qPrintable(window->runbook().run->error));
    QVERIFY(ask(QStringLiteral("SHOW synchronous_standby_names")).toString().contains(name));
    QTRY_COMPARE(syncState(name), QStringLiteral("streaming sync"));
    window.next(AddStandbyWizard::Verify, false);
    QTRY_VERIFY_WITH_TIMEOUT(window->canGoNext(), 30000);
}

// What is verified and what is read are the person's choice.
void TestWizardReal::ownTablesAndStatements()
{
    const auto picture = [](QWidget *window, const char *name) {
        if (const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS"); !folder.isEmpty())
            window->grab().save(folder + u'/' + QLatin1String(name) + QStringLiteral(".png"));
    };
    WizardFixture window(m_spec);
    window->resize(1280, 860);
    window.toRun(QString());
    QTRY_VERIFY_WITH_TIMEOUT(!window->planRunning(), 60000);
    window.next(AddStandbyWizard::Verify, false);
    QTRY_VERIFY_WITH_TIMEOUT(window->canGoNext(), 30000);
    QVERIFY(window->runbook().verify->checksums.isEmpty());
    window.click("chooseTablesButton");
    auto *tables = window->findChild<QListWidget *>(QStringLiteral("tablesList"));
    QVERIFY(tables);
    QTRY_VERIFY_WITH_TIMEOUT(tables->count() > 0, 10000);
    const QString chosen = tables->item(0)->text();
    tables->item(0)->setCheckState(Qt::Checked);
    window->findChild<QCheckBox *>(QStringLiteral("checksumsCheck"))->setChecked(true);
    window.click("verifyAgainButton");
    QTRY_VERIFY_WITH_TIMEOUT(window->canGoNext() && !window->runbook().verify->checksums.isEmpty(), 60000);
    const VerifyResult verify = *window->runbook().verify;
    QCOMPARE(verify.counts.size(), 1);
    QCOMPARE(verify.counts.first().table, chosen);
    QCOMPARE(verify.checksums.size(), 1);
    QCOMPARE(verify.checksums.first().table, chosen);
    picture(window.get(), "verify-tables");

    window.next(AddStandbyWizard::ReadLoad, false);
    QTRY_VERIFY_WITH_TIMEOUT(window->canGoNext(), 60000);
    window.click("changeWorkloadButton");
    auto *page = window->findChild<ReadLoadPage *>();
    auto *sql = window->findChild<QPlainTextEdit *>(QStringLiteral("sqlEdit"));
    QVERIFY(page && sql);
    const auto fileOf = [this](const QByteArray &text) {
        const QString path = m_state.filePath(QStringLiteral("own.sql"));
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? path : QString();
    };
    page->readStatementsFrom(fileOf("DROP TABLE x"));
    QTRY_VERIFY2(page->sentence().contains(QStringLiteral("begins with DROP")), qPrintable(page->sentence()));
    QVERIFY(sql->toPlainText().isEmpty());
    page->readStatementsFrom(fileOf("-- two\nSELECT count(*) FROM pg_class;\nSELECT 1;\n"));
    QTRY_VERIFY(sql->toPlainText().startsWith(QStringLiteral("-- two\n")));
    window->findChild<QSpinBox *>(QStringLiteral("secondsSpin"))->setValue(1);
    window.click("testAgainButton");
    QTRY_VERIFY_WITH_TIMEOUT(window->canGoNext() && window->runbook().readLoad &&
                                 window->runbook().readLoad->workload ==
                                     QStringLiteral("the 2 given statements"),
                             60000);
    QVERIFY2(window->runbook().readLoad->pass(), qPrintable(window->runbook().readLoad->sentence()));
    picture(window.get(), "read-load-statements");
}

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    const QStringList words = app.arguments().mid(1);
    if (words.value(0) == QLatin1String("window")) {
        // A window of its own, to be killed.
        const auto spec = resolveCluster(words.value(1));
        if (!spec)
            return 1;
        WizardFixture window(*spec);
        window.toRun(QStringLiteral("4M"));
        return app.exec();
    }
    TestWizardReal test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_wizard_real.moc"
