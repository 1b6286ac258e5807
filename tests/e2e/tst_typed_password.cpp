// SPDX-License-Identifier: GPL-3.0-or-later
#include "AddStandbyLab.h"
#include "Terminal.h"
#include "gui/Style.h"
#include "gui/panels/OperationsPanel.h"
#include "gui/panels/PasswordDialog.h"
#include "operations/PickUp.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace understudy;
using test::AddStandbyLab;
using test::ServerFolder;
using test::Terminal;

/// A plan was cut off whose replication password was typed: it stands in no file and no journal, and whoever
/// goes on is asked for it once more.
class TestTypedPassword : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void onATerminal();
    void withNobodyToAsk();
    void inTheWindow();
    void declinedInTheWindow();

private:
    static QString secret() { return ServerFolder::password(QStringLiteral("replicator")); }
    QString standbys() const
    {
        return m_lab.primary->psql(QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE "
                                                  "application_name = '%1' AND state = 'streaming'")
                                       .arg(m_plan.subject));
    }
    /// Everything that was written of it, wherever a journal is.
    QByteArray journals() const
    {
        QByteArray all;
        for (const QFileInfo &info : QDir(Journal::folder()).entryInfoList(QDir::Files)) {
            QFile file(info.filePath());
            if (file.open(QIODevice::ReadOnly))
                all += file.readAll();
        }
        return all;
    }
    static bool isOpen(const QString &id)
    {
        for (const JournalEntry &entry : Journal::entries()) {
            if (entry.record.plan.id == id)
                return entry.open;
        }
        return false;
    }
    static QString doing(OperationsPanel &panel)
    {
        return panel.row(0)->findChild<QLabel *>(QStringLiteral("operationDoing"))->text();
    }
    /// Presses Continue in the row of the plan; the dialog that asks.
    PasswordDialog *asked(OperationsPanel &panel);
    static void picture(QWidget &widget, const char *name);

    QTemporaryDir m_state;
    AddStandbyLab m_lab;
    Plan m_plan;
};

void TestTypedPassword::initTestCase()
{
    qRegisterMetaType<RunRecord>();
    qputenv("XDG_STATE_HOME", QFile::encodeName(m_state.path()));
    qputenv("HOME", QFile::encodeName(m_state.path()));
    qunsetenv("PGPASSFILE");
    qunsetenv("PGPASSWORD");
    Style::instance().apply(Style::Choice::Light);
    QVERIFY(m_lab.start());
}

// As where the window that had asked for it was killed before its first step.
void TestTypedPassword::init()
{
    m_lab.spec.replicationPassfile.clear();
    auto facts = m_lab.facts();
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    facts->sharedPassfiles.clear();
    facts->haveReplicationSecret = true; // typed
    const auto plan = planAddStandby(suggest({}, *facts), *facts);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    m_plan = *plan;
    QVERIFY(!m_plan.facts.value(QStringLiteral("passfile")).isEmpty());
    QVERIFY(Journal::create(m_plan));
    QVERIFY(isOpen(m_plan.id));
}

void TestTypedPassword::cleanup()
{
    m_lab.stopAdded();
    const QString directory = m_plan.facts.value(QStringLiteral("data_directory"));
    QDir(directory).removeRecursively();
    QFile::remove(m_plan.facts.value(QStringLiteral("passfile")));
    const QString slot = m_plan.facts.value(QStringLiteral("slot"));
    QVERIFY(m_lab.primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '%1' AND active")
            .arg(slot),
        QStringLiteral("0")));
    m_lab.primary->psql(
        QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name "
                       "= '%1'")
            .arg(slot));
    QDir(Journal::folder()).removeRecursively();
}

void TestTypedPassword::onATerminal()
{
    Terminal terminal;
    QVERIFY(terminal.good());
    QProcess program;
    program.setProcessChannelMode(QProcess::MergedChannels);
    program.setChildProcessModifier([&] { terminal.take(); });
    program.start(QStringLiteral(UNDERSTUDY_BINARY),
                  {QStringLiteral("operations"), QStringLiteral("continue"), m_plan.id});
    const QByteArray question = "Password of the role replicator at " +
                                m_lab.spec.nodes.first().endpoint.address().toUtf8() + ", for replication: ";
    const QByteArray seen = terminal.seenUntil(question, 20000);
    QVERIFY2(seen.contains(question), seen.constData());
    terminal.type(secret().toUtf8() + '\r');
    QVERIFY(program.waitForFinished(60000));
    const QByteArray said = program.readAll() + terminal.seen();
    QVERIFY2(program.exitCode() == 0, said.constData());
    QVERIFY(!said.contains(secret().toUtf8()));
    QCOMPARE(standbys(), QStringLiteral("1"));
    QFile passfile(m_plan.facts.value(QStringLiteral("passfile")));
    QVERIFY(passfile.open(QIODevice::ReadOnly) && passfile.readAll().contains(secret().toUtf8()));
    QVERIFY(!journals().contains(secret().toUtf8()));
}

void TestTypedPassword::withNobodyToAsk()
{
    QProcess program;
    program.setProcessChannelMode(QProcess::MergedChannels);
    program.setChildProcessModifier([] { ::setsid(); });
    program.start(QStringLiteral(UNDERSTUDY_BINARY),
                  {QStringLiteral("operations"), QStringLiteral("continue"), m_plan.id});
    QVERIFY(program.waitForFinished(60000));
    const QByteArray said = program.readAll();
    QCOMPARE(program.exitCode(), 3);
    QVERIFY2(said.contains("takes the password of the role replicator") &&
                 said.contains("Nothing was done.") && said.contains("operations undo " + m_plan.id.toUtf8()),
             said.constData());
    QVERIFY(isOpen(m_plan.id)); // It can still be picked up...
    program.start(QStringLiteral(UNDERSTUDY_BINARY),
                  {QStringLiteral("operations"), QStringLiteral("undo"), m_plan.id});
    QVERIFY(program.waitForFinished(60000));
    QVERIFY2(program.exitCode() == 0, program.readAll().constData()); // ...and undone without it.
}

void TestTypedPassword::picture(QWidget &widget, const char *name)
{
    if (const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS"); !folder.isEmpty())
        widget.grab().save(folder + u'/' + QLatin1String(name) + QStringLiteral(".png"));
}

PasswordDialog *TestTypedPassword::asked(OperationsPanel &panel)
{
    QSignalSpy found(&panel, &OperationsPanel::unfinishedFound);
    panel.resize(344, 700);
    panel.show();
    if (!QTest::qWaitFor([&] { return found.count() > 0 && panel.row(0); }, 10000))
        return nullptr;
    auto *button = panel.row(0)->findChild<QPushButton *>(QStringLiteral("continueButton"));
    QTest::mouseClick(button, Qt::LeftButton);
    PasswordDialog *dialog = nullptr;
    (void)QTest::qWaitFor([&] { return (dialog = panel.window()->findChild<PasswordDialog *>()); }, 20000);
    return dialog;
}

void TestTypedPassword::inTheWindow()
{
    OperationsPanel panel;
    QSignalSpy ended(&panel, &OperationsPanel::pickedUp);
    PasswordDialog *dialog = asked(panel);
    QVERIFY(dialog && dialog->isVisible());
    QVERIFY(panel.running());
    const auto *question = dialog->findChild<QLabel *>(QStringLiteral("question"));
    QCOMPARE(question->text(),
             QStringLiteral("Password of replicator at ") + m_lab.spec.nodes.first().endpoint.address());
    picture(panel, "operations-asks");
    picture(*dialog, "operations-password");
    QCOMPARE(ended.count(), 0);
    QVERIFY(!dialog->findChild<QCheckBox *>(QStringLiteral("keep"))->isVisible());
    dialog->findChild<QLineEdit *>(QStringLiteral("field"))->setText(secret());
    QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("use")), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 60000);
    const auto record = ended.first().first().value<RunRecord>();
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(record.error));
    QVERIFY(!panel.running());
    QCOMPARE(standbys(), QStringLiteral("1"));
    QVERIFY(!journals().contains(secret().toUtf8()));
}

void TestTypedPassword::declinedInTheWindow()
{
    OperationsPanel panel;
    QSignalSpy ended(&panel, &OperationsPanel::pickedUp);
    PasswordDialog *dialog = asked(panel);
    QVERIFY(dialog);
    QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("cancel")), Qt::LeftButton);
    QTRY_VERIFY(!panel.running());
    QVERIFY2(doing(panel).startsWith(QStringLiteral("Nothing was done")), qPrintable(doing(panel)));
    QVERIFY(panel.row(0)->findChild<QPushButton *>(QStringLiteral("continueButton"))->isVisible());
    const auto *words = panel.row(0)->findChild<QLabel *>(QStringLiteral("operationDoing"));
    QTRY_VERIFY(words->height() >= words->heightForWidth(words->width()));
    picture(panel, "operations-declined");
    QCOMPARE(ended.count(), 0);
    QVERIFY(isOpen(m_plan.id));
    QCOMPARE(m_lab.remains(m_plan), QStringList());
}

QTEST_MAIN(TestTypedPassword)
#include "tst_typed_password.moc"
