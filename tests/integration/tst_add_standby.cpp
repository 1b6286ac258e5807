// SPDX-License-Identifier: GPL-3.0-or-later
#include "AddStandbyLab.h"
#include "TakenPort.h"
#include "monitor/SqlSession.h"

#include <QProcess>
#include <QTest>

#include <unistd.h>

using namespace understudy;
using test::AddStandbyLab;
using test::ServerFolder;
using test::TestServer;

namespace {

/// Asks the run to stop once the copy has brought its first bytes.
class StopInCopy : public RunObserver
{
public:
    std::stop_source stop;
    QList<CopyProgress> seen;
    void copying(int, const CopyProgress &progress) override
    {
        seen << progress;
        if (progress.doneBytes > 0)
            stop.request_stop();
    }
};

class Watcher : public RunObserver
{
public:
    QStringList states;
    QList<CopyProgress> copies;
    int ends = 0;
    std::thread::id thread;
    bool oneThread = true;
    void check() { oneThread = oneThread && std::this_thread::get_id() == thread; }
    void stepChanged(int, const StepRecord &) override { check(); }
    void logged(int, const LogLine &) override { check(); }
    void copying(int, const CopyProgress &p) override
    {
        check();
        copies << p;
    }
    void finished(const RunRecord &) override { ++ends; }
};

QString everythingSaid(const RunRecord &record)
{
    QString all = record.error + record.leftBehind.join(u'\n');
    for (const StepRecord &step : record.steps) {
        all += step.fact + step.error;
        for (const LogLine &line : step.log)
            all += line.text + u'\n';
    }
    return all;
}

QString journalText(const AddStandbyLab &lab)
{
    QString all;
    for (const JournalEntry &entry : Journal::entries(lab.journals.path())) {
        QFile file(entry.path);
        if (file.open(QIODevice::ReadOnly))
            all += QString::fromUtf8(file.readAll());
    }
    return all;
}

} // namespace

/// The plan that adds a standby, against real servers: it does what it says, and a failure leaves nothing.
class TestAddStandby : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void happyPath();
    void ownPassfileAndEmptyDirectory();
    void synchronous();
    void cancelDuringCopy();
    void slotTaken();
    void directoryAppears_data();
    void directoryAppears();
    void portTaken();
    void wrongPassword();
    void anotherPlanRuns();
    void scriptDoesTheSame();
    void scriptRollsBack();

private:
    Plan plan(AddStandbyRequest request = {});
    void dropEverything();
    AddStandbyLab m_lab;
    AddStandbyFacts m_facts;
    Plan m_plan;
};

void TestAddStandby::initTestCase()
{
    QVERIFY(m_lab.start());
    m_lab.primary->psql(
        QStringLiteral("CREATE TABLE t AS SELECT g, repeat('x', 400) FROM generate_series(1, 50004) g"));
}

void TestAddStandby::init()
{
    const auto facts = m_lab.facts();
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    m_facts = *facts;
    QCOMPARE(m_facts.bindings.size(), 2);
    m_plan = {};
}

void TestAddStandby::cleanup()
{
    dropEverything();
}

void TestAddStandby::dropEverything()
{
    m_lab.stopAdded();
    const QString directory = m_plan.facts.value(QStringLiteral("data_directory"));
    if (directory.startsWith(m_lab.folder.path() + u'/'))
        QDir(directory).removeRecursively();
    m_lab.primary->psql(QStringLiteral("ALTER SYSTEM RESET synchronous_standby_names"));
    m_lab.primary->psql(QStringLiteral("SELECT pg_reload_conf()"));
    const QString slot = m_plan.facts.value(QStringLiteral("slot"));
    QVERIFY(m_lab.primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '%1'")
            .arg(slot),
        QStringLiteral("0")));
    m_lab.primary->psql(QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
                                       "WHERE slot_name = '%1'")
                            .arg(slot));
}

Plan TestAddStandby::plan(AddStandbyRequest request)
{
    request = suggest(request, m_facts);
    const auto made = planAddStandby(request, m_facts);
    if (!made) {
        qWarning("%s", qPrintable(made.error().text()));
        return {};
    }
    m_plan = *made;
    return *made;
}

void TestAddStandby::happyPath()
{
    const Plan p = plan();
    QCOMPARE(p.subject, QStringLiteral("standby2"));
    QCOMPARE(p.facts.value(QStringLiteral("slot")), QStringLiteral("standby2_slot"));
    QCOMPARE(p.facts.value(QStringLiteral("data_directory")),
             m_lab.folder.filePath(QStringLiteral("standby2")));
    QCOMPARE(p.facts.value(QStringLiteral("passfile")), m_lab.primary->passfile());
    Watcher watcher;
    watcher.thread = std::this_thread::get_id();
    const RunRecord record = runPlan(p, m_lab.context(p, &watcher), {});
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(record.error + everythingSaid(record)));
    QCOMPARE(watcher.ends, 1);
    QVERIFY(watcher.oneThread);
    QVERIFY(!watcher.copies.isEmpty());
    QCOMPARE(watcher.copies.last().doneBytes, watcher.copies.last().totalBytes);
    QVERIFY(watcher.copies.last().totalBytes > 20 << 20);
    QVERIFY(watcher.copies.last().slotRetains.has_value());
    for (const StepRecord &step : record.steps) {
        qInfo("%-10s %.3f s  %s", qPrintable(step.stepId), step.seconds(), qPrintable(step.fact));
        QCOMPARE(step.state, StepState::Done);
        QVERIFY(step.finishedUs >= step.startedUs && step.startedUs > 0);
        QVERIFY2(!step.fact.isEmpty() && !step.fact.contains(u'$'), qPrintable(step.stepId + step.fact));
        QVERIFY(!step.log.isEmpty());
    }
    QCOMPARE(record.changed(), QStringList({QStringLiteral("1 directory"), QStringLiteral("1 slot"),
                                            QStringLiteral("1 server")}));
    QVERIFY(Lsn::parse(record.values.value(QStringLiteral("baseline_lsn"))));
    // What PostgreSQL says of it.
    QCOMPARE(m_lab.primary->psql(
                 QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")),
             QStringLiteral("2"));
    QCOMPARE(m_lab.primary->psql(QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE active")),
             QStringLiteral("2"));
    QCOMPARE(m_lab.primary->psql(QStringLiteral(
                 "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'standby2'")),
             QStringLiteral("1"));
    // No password beside the passfile.
    QFile conf(m_lab.folder.filePath(QStringLiteral("standby2/postgresql.auto.conf")));
    QVERIFY(conf.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(conf.readAll());
    QVERIFY(text.contains(QStringLiteral("passfile")));
    QVERIFY(!text.contains(QStringLiteral("password=")));
    const QString secret = ServerFolder::password(QStringLiteral("replicator"));
    QVERIFY(secret.size() > 3);
    QVERIFY(!text.contains(secret));
    QVERIFY(!journalText(m_lab).contains(secret));
    QVERIFY(!everythingSaid(record).contains(secret));
    QCOMPARE(int(QFileInfo(m_lab.folder.filePath(QStringLiteral("standby2"))).permissions() & 0x77), 0);
    // The journal tells the same story.
    const JournalEntry entry = Journal::entries(m_lab.journals.path()).last();
    QVERIFY(!entry.open && !entry.runningNow);
    QCOMPARE(entry.record.outcome, RunRecord::Outcome::Done);
    QCOMPARE(entry.record.values, record.values);
    // A finished plan is not undone by accident.
    const RunRecord again = undoInterrupted(entry, m_lab.context(p), {});
    QVERIFY(!again.error.isEmpty());
    QCOMPARE(m_lab.primary->psql(QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE active")),
             QStringLiteral("2"));
}

void TestAddStandby::ownPassfileAndEmptyDirectory()
{
    // No passfile serves the new standby: the password was typed. Its odd characters must survive.
    const QString odd = QStringLiteral("s:e\\c'ret 1");
    m_lab.primary->psql(QStringLiteral("CREATE ROLE other LOGIN REPLICATION PASSWORD 's:e\\c''ret 1'"));
    m_facts.sharedPassfiles.clear();
    AddStandbyRequest request;
    request.replicationUser = QStringLiteral("other");
    request.dataDirectory = m_lab.folder.filePath(QStringLiteral("empty one"));
    QCOMPARE(TestServer::runAsServerUser({QStringLiteral("mkdir"), request.dataDirectory}), 0);
    const Plan p = plan(request);
    QVERIFY(!p.id.isEmpty());
    RunContext context = m_lab.context(p);
    context.secretValues.insert(QStringLiteral("replication"), odd);
    const RunRecord record = runPlan(p, context, {});
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(record.error + everythingSaid(record)));
    QVERIFY(!journalText(m_lab).contains(QStringLiteral("c'ret")));
    QVERIFY(!everythingSaid(record).contains(QStringLiteral("ret 1")));
    const QString passfile = m_lab.folder.filePath(QStringLiteral(".empty one.pgpass"));
    QCOMPARE(int(QFileInfo(passfile).permissions() & 0x77), 0);
    QVERIFY(QFile::remove(passfile));

    // Undone as if it had been interrupted, the directory is there and empty again.
    dropEverything();
    QCOMPARE(TestServer::runAsServerUser({QStringLiteral("mkdir"), request.dataDirectory}), 0);
    m_facts = *m_lab.facts();
    m_facts.sharedPassfiles.clear();
    const Plan second = plan(request);
    RunContext wrong = m_lab.context(second);
    wrong.secretValues.insert(QStringLiteral("replication"), QStringLiteral("wrong"));
    QCOMPARE(runPlan(second, wrong, {}).outcome, RunRecord::Outcome::FailedAndUndone);
    QVERIFY(QFileInfo(request.dataDirectory).isDir());
    QVERIFY(QDir(request.dataDirectory).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    QCOMPARE(int(QFileInfo(request.dataDirectory).permissions() & 0x7), 5); // as mkdir had made it
    QVERIFY(!QFileInfo::exists(passfile));
}

void TestAddStandby::synchronous()
{
    AddStandbyRequest request;
    request.synchronous = true;
    const Plan p = plan(request);
    const RunRecord record = runPlan(p, m_lab.context(p), {});
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(record.error + everythingSaid(record)));
    QCOMPARE(m_lab.primary->psql(QStringLiteral(
                 "SELECT sync_state FROM pg_stat_replication WHERE application_name = 'standby2'")),
             QStringLiteral("sync"));
}

void TestAddStandby::cancelDuringCopy()
{
    AddStandbyRequest request;
    request.maxRate = QStringLiteral("2M");
    const Plan p = plan(request);
    StopInCopy observer;
    const RunRecord record = runPlan(p, m_lab.context(p, &observer), observer.stop.get_token());
    QVERIFY2(record.outcome == RunRecord::Outcome::CancelledAndUndone,
             qPrintable(record.error + everythingSaid(record)));
    QCOMPARE(record.step(QStringLiteral("copy"))->state, StepState::Undone);
    QCOMPARE(record.step(QStringLiteral("slot"))->state, StepState::Undone);
    QCOMPARE(record.changed(), QStringList());
    QCOMPARE(m_lab.remains(p), QStringList());
}

void TestAddStandby::slotTaken()
{
    const Plan p = plan();
    const QString slot = p.facts.value(QStringLiteral("slot"));
    m_lab.primary->psql(QStringLiteral("SELECT pg_create_physical_replication_slot('%1')").arg(slot));
    const RunRecord record = runPlan(p, m_lab.context(p), {});
    QCOMPARE(record.outcome, RunRecord::Outcome::FailedAndUndone);
    QVERIFY2(record.error.contains(slot), qPrintable(record.error));
    QCOMPARE(m_lab.remains(p), QStringList{QStringLiteral("slot ") + slot}); // it is not ours
}

void TestAddStandby::directoryAppears_data()
{
    QTest::addColumn<bool>("withFile");
    QTest::newRow("empty") << false;
    QTest::newRow("with a file") << true;
}

void TestAddStandby::directoryAppears()
{
    QFETCH(bool, withFile);
    const Plan p = plan();
    const QString directory = p.facts.value(QStringLiteral("data_directory"));
    QVERIFY(QDir().mkdir(directory));
    if (withFile) {
        QFile file(directory + QStringLiteral("/theirs"));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    const RunRecord record = runPlan(p, m_lab.context(p), {});
    QCOMPARE(record.outcome, RunRecord::Outcome::FailedAndUndone);
    QVERIFY2(record.error.contains(QStringLiteral("it was not touched")), qPrintable(record.error));
    QCOMPARE(m_lab.remains(p), QStringList{QStringLiteral("directory ") + directory});
    QCOMPARE(QFileInfo::exists(directory + QStringLiteral("/theirs")), withFile);
}

void TestAddStandby::portTaken()
{
    const Plan p = plan();
    test::TakenPort other;
    QVERIFY(other.take(p.facts.value(QStringLiteral("port")).toInt()));
    const RunRecord record = runPlan(p, m_lab.context(p), {});
    QCOMPARE(record.outcome, RunRecord::Outcome::FailedAndUndone);
    QVERIFY2(record.error.contains(QStringLiteral("Another program listens on this port")),
             qPrintable(record.error));
    QCOMPARE(record.step(QStringLiteral("start"))->state, StepState::Undone);
    QCOMPARE(m_lab.remains(p), QStringList());
}

void TestAddStandby::wrongPassword()
{
    m_facts.sharedPassfiles.clear();
    m_facts.haveReplicationSecret = true;
    const Plan p = plan();
    RunContext context = m_lab.context(p);
    context.secretValues.insert(QStringLiteral("replication"), QStringLiteral("not the one"));
    const RunRecord record = runPlan(p, context, {});
    QCOMPARE(record.outcome, RunRecord::Outcome::FailedAndUndone);
    QVERIFY2(record.error.contains(QStringLiteral("password of the replication role is wrong")),
             qPrintable(record.error));
    QVERIFY(!everythingSaid(record).contains(QStringLiteral("not the one")));
    QVERIFY(!journalText(m_lab).contains(QStringLiteral("not the one")));
    QCOMPARE(m_lab.remains(p), QStringList());
}

void TestAddStandby::anotherPlanRuns()
{
    const Plan p = plan();
    SqlSession::Options options;
    options.applicationName = QStringLiteral("understudy: add-standby standby9");
    auto session = SqlSession::open(m_lab.spec.nodes.first().endpoint, *m_lab.secrets, options);
    QVERIFY(session);
    QVERIFY((*session)->query(QStringLiteral("SELECT pg_advisory_lock(8461811196913607801)")));
    const RunRecord record = runPlan(p, m_lab.context(p), {});
    QCOMPARE(record.outcome, RunRecord::Outcome::FailedAndUndone);
    QVERIFY2(record.error.contains(QStringLiteral("standby9")), qPrintable(record.error));
    QCOMPARE(m_lab.remains(p), QStringList());
}

void TestAddStandby::scriptDoesTheSame()
{
    const Plan p = plan();
    QProcess bash;
    bash.start(QStringLiteral("bash"), {});
    bash.write(p.toScript().toUtf8());
    bash.closeWriteChannel();
    QVERIFY(bash.waitForFinished(60000));
    const QByteArray said = bash.readAllStandardError() + bash.readAllStandardOutput();
    QVERIFY2(bash.exitCode() == 0, said.constData());
    QCOMPARE(m_lab.primary->psql(
                 QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' "
                                "AND application_name = 'standby2'")),
             QStringLiteral("1"));
}

void TestAddStandby::scriptRollsBack()
{
    const Plan p = plan();
    test::TakenPort other;
    QVERIFY(other.take(p.facts.value(QStringLiteral("port")).toInt()));
    QProcess bash;
    bash.start(QStringLiteral("bash"), {});
    bash.write(p.toScript().toUtf8());
    bash.closeWriteChannel();
    QVERIFY(bash.waitForFinished(60000));
    const QByteArray said = bash.readAllStandardError() + bash.readAllStandardOutput();
    QVERIFY2(bash.exitCode() != 0, said.constData());
    QVERIFY2(!said.contains("Left behind"), said.constData());
    QCOMPARE(m_lab.remains(p), QStringList());
}

QTEST_GUILESS_MAIN(TestAddStandby)
#include "tst_add_standby.moc"
