// SPDX-License-Identifier: GPL-3.0-or-later
#include "AddStandbyLab.h"
#include "operations/SeveralStandbys.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

using namespace understudy;
using test::AddStandbyLab;
using test::TestServer;

namespace {

/// The process that is killed: runs the plan of a file with a journal in a folder.
int child(const QString &planFile, const QString &folder)
{
    QFile file(planFile);
    if (!file.open(QIODevice::ReadOnly))
        return 3;
    const auto plan = planFromJson(QJsonDocument::fromJson(file.readAll()).object());
    if (!plan)
        return 3;
    RunContext context;
    context.hosts.insert(QStringLiteral("local"), localHost());
    context.secrets = std::make_shared<LibpqSecrets>();
    context.journal = *Journal::create(*plan, folder);
    return runPlan(*plan, context, {}).outcome == RunRecord::Outcome::Done ? 0 : 1;
}

} // namespace

/// The app is killed in every step of adding a standby; the next start undoes it, or goes on, and nothing
/// is left that nobody asked for.
class TestKill : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void killedInStep_data();
    void killedInStep();
    void severalKilled_data();
    void severalKilled();

private:
    void cleanUp(const Plan &plan);
    JournalEntry journalOf(const QString &path) const;
    void killWhen(const Plan &plan, const QString &needle, QString *path);
    AddStandbyLab m_lab;
    QList<Plan> m_plans; ///< Of each standby
};

void TestKill::initTestCase()
{
    QVERIFY(m_lab.start());
    m_lab.primary->psql(
        QStringLiteral("CREATE TABLE t AS SELECT g, repeat('x', 400) FROM generate_series(1, 20000) g"));
}

void TestKill::cleanup()
{
    m_lab.stopAdded();
    for (const Plan &plan : m_plans)
        cleanUp(plan);
    m_plans.clear();
}

void TestKill::cleanUp(const Plan &plan)
{
    const QString directory = plan.facts.value(QStringLiteral("data_directory"));
    if (directory.startsWith(m_lab.folder.path() + u'/'))
        QDir(directory).removeRecursively();
    const QString slot = plan.facts.value(QStringLiteral("slot"));
    QVERIFY(m_lab.primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '%1'")
            .arg(slot),
        QStringLiteral("0")));
    m_lab.primary->psql(QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
                                       "WHERE slot_name = '%1'")
                            .arg(slot));
}

void TestKill::killWhen(const Plan &plan, const QString &needle, QString *path)
{
    const QString file = m_lab.journals.filePath(plan.id + QStringLiteral(".plan"));
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(QJsonDocument(toJson(plan)).toJson());
    out.close();
    *path = m_lab.journals.filePath(plan.id + QStringLiteral(".jsonl"));
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(),
                  {QStringLiteral("--child"), file, m_lab.journals.path()});
    QVERIFY(process.waitForStarted());
    QElapsedTimer clock;
    clock.start();
    bool seen = false;
    while (!seen && clock.elapsed() < 30000 && !process.waitForFinished(5)) {
        QFile journal(*path);
        seen = journal.open(QIODevice::ReadOnly) && journal.readAll().contains(needle.toUtf8());
    }
    process.kill();
    process.waitForFinished();
    QVERIFY2(seen, qPrintable(needle));
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
}

void TestKill::killedInStep_data()
{
    QTest::addColumn<QString>("moment");
    QTest::addColumn<bool>("goOn");
    const auto intent = [](const char *step, int action) {
        return QStringLiteral("{\"action\":%1,\"step\":\"%2\"").arg(action).arg(QLatin1String(step));
    };
    const auto state = [](const char *step, const char *state) {
        return QStringLiteral("\"state\":\"%1\",\"step\":\"%2\"")
            .arg(QLatin1String(state), QLatin1String(step));
    };
    const QList<std::pair<const char *, QString>> moments{
        {"before the directory", state("directory", "running")},
        {"making the directory", intent("directory", 0)},
        {"creating the slot", intent("slot", 1)},
        {"after the slot", state("slot", "done")},
        {"during the copy", intent("copy", 0)},
        {"after the copy", state("copy", "done")},
        {"configuring", intent("configure", 1)},
        {"starting", intent("start", 0)},
        {"after the start", state("start", "done")},
        {"waiting for the stream", state("stream", "running")},
        {"verifying", state("verify", "running")},
    };
    for (const auto &[name, needle] : moments) {
        QTest::addRow("%s, undone", name) << needle << false;
        QTest::addRow("%s, continued", name) << needle << true;
    }
}

void TestKill::killedInStep()
{
    QFETCH(QString, moment);
    QFETCH(bool, goOn);
    const auto facts = m_lab.facts();
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    AddStandbyRequest request;
    if (QLatin1String(QTest::currentDataTag()).contains(QLatin1String("during the copy")))
        request.maxRate = QStringLiteral("4M");
    const auto plan = planAddStandby(suggest(request, *facts), *facts);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    m_plans = {*plan};
    QString path;
    killWhen(*plan, moment, &path);
    if (QTest::currentTestFailed())
        return;

    JournalEntry entry;
    const auto read = [&] {
        for (const JournalEntry &e : Journal::entries(m_lab.journals.path()))
            if (e.path == path)
                entry = e;
        return !entry.runningNow;
    };
    // A child that was forked and has not yet begun its program holds the journal for a moment longer.
    QTRY_VERIFY_WITH_TIMEOUT(read(), 5000);
    QVERIFY(entry.open);
    RunContext context;
    context.hosts.insert(QStringLiteral("local"), localHost());
    context.secrets = m_lab.secrets;
    const RunRecord record =
        goOn ? continueInterrupted(entry, context, {}) : undoInterrupted(entry, context, {});
    QString said = record.error + record.leftBehind.join(u' ');
    for (const StepRecord &step : record.steps)
        for (const LogLine &line : step.log)
            said += u'\n' + line.text;
    if (goOn) {
        QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(said));
        QVERIFY(m_lab.primary->waitFor(
            QStringLiteral("SELECT count(*) FROM pg_stat_replication r JOIN pg_replication_slots s "
                           "ON s.active_pid = r.pid WHERE r.state = 'streaming'"),
            QStringLiteral("2")));
    } else {
        QVERIFY2(record.outcome == RunRecord::Outcome::CancelledAndUndone, qPrintable(said));
        QCOMPARE(m_lab.remains(*plan), QStringList());
    }
    QVERIFY(read());
    QVERIFY(!entry.open);
}

JournalEntry TestKill::journalOf(const QString &path) const
{
    for (const JournalEntry &entry : Journal::entries(m_lab.journals.path()))
        if (entry.path == path)
            return entry;
    return {};
}

// Two standbys in one plan: whatever the moment, both or neither.
void TestKill::severalKilled_data()
{
    QTest::addColumn<QString>("moment");
    QTest::addColumn<bool>("goOn");
    const QList<std::pair<const char *, const char *>> moments{
        {"the first one streams", "\"state\":\"done\",\"step\":\"verify_standby2\""},
        {"copying the second", "{\"action\":0,\"step\":\"copy_standby3\""},
        {"starting the second", "{\"action\":0,\"step\":\"start_standby3\""}};
    for (const auto &[name, needle] : moments) {
        QTest::addRow("%s, undone", name) << QString::fromLatin1(needle) << false;
        QTest::addRow("%s, continued", name) << QString::fromLatin1(needle) << true;
    }
}

void TestKill::severalKilled()
{
    QFETCH(QString, moment);
    QFETCH(bool, goOn);
    const auto facts = m_lab.facts();
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    AddStandbyRequest asked;
    asked.maxRate = QStringLiteral("8M");
    const auto several = planSeveral(asked, 2, *facts);
    QVERIFY2(several, several ? "" : qPrintable(several.error().text()));
    m_plans = several->each;
    QString path;
    killWhen(several->plan, moment, &path);
    if (QTest::currentTestFailed())
        return;
    QTRY_VERIFY_WITH_TIMEOUT(!journalOf(path).runningNow, 5000);
    const JournalEntry entry = journalOf(path);
    QVERIFY(entry.open);
    RunContext context;
    context.hosts.insert(QStringLiteral("local"), localHost());
    context.secrets = m_lab.secrets;
    const RunRecord record =
        goOn ? continueInterrupted(entry, context, {}) : undoInterrupted(entry, context, {});
    const QString said = record.error + record.leftBehind.join(u' ');
    if (goOn) {
        QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(said));
        QVERIFY(m_lab.primary->waitFor(
            QStringLiteral("SELECT count(*) FROM pg_stat_replication r JOIN "
                           "pg_replication_slots s ON s.active_pid = r.pid WHERE r.state = 'streaming'"),
            QStringLiteral("3")));
    } else {
        QVERIFY2(record.outcome == RunRecord::Outcome::CancelledAndUndone, qPrintable(said));
        for (const Plan &plan : m_plans)
            QCOMPARE(m_lab.remains(plan), QStringList());
    }
    QVERIFY(!journalOf(path).open);
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList words = app.arguments();
    if (words.size() == 4 && words[1] == QStringLiteral("--child"))
        return child(words[2], words[3]);
    TestKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_kill.moc"
