// SPDX-License-Identifier: GPL-3.0-or-later
#include "AddStandbyLab.h"
#include "Certificates.h"
#include "monitor/SqlSession.h"
#include "operations/SeveralStandbys.h"
#include "operations/Verify.h"
#include "operations/preflight/Preflight.h"

#include <QProcess>
#include <QScopeGuard>
#include <QTest>

using namespace understudy;
using test::AddStandbyLab;
using test::TestServer;

namespace {

QString everythingSaid(const RunRecord &record)
{
    QString all = record.error + record.leftBehind.join(u'\n');
    for (const StepRecord &step : record.steps) {
        all += u'\n' + step.stepId + step.fact + step.error + u'\n';
        for (const LogLine &line : step.log)
            all += line.text + u'\n';
    }
    return all;
}

/// Stops the run once a step has begun, or spoils something just before it.
class AtStep : public RunObserver
{
public:
    AtStep(QString id, std::function<void()> act) : m_id(std::move(id)), m_act(std::move(act)) {}
    void stepChanged(int, const StepRecord &record) override
    {
        if (record.stepId == m_id && record.state == StepState::Running && !std::exchange(m_done, true))
            m_act();
    }
    bool happened() const { return m_done; }

private:
    QString m_id;
    std::function<void()> m_act;
    bool m_done = false;
};

class StopInCopy : public RunObserver
{
public:
    std::stop_source stop;
    void copying(int, const CopyProgress &progress) override
    {
        if (progress.doneBytes > 0)
            stop.request_stop();
    }
};

} // namespace

/// Every option of a new standby on real servers: what was asked for is what the server says, and an end in
/// the middle leaves nothing of it.
class TestStandbyOptions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void elsewhere();
    void emptyPlacesAreGivenBack();
    void foreignPlaceIsLeftAlone();
    void cancelLeavesNoPlace();
    void noSlot();
    void noSlotWithoutRoom();
    void nameInUse();
    void delayed();
    void compressed_data();
    void compressed();
    void restoresFromArchive();
    void spoiledCopyIsCaught();
    void spreadCheckpoint();
    void scriptPutsThingsElsewhere();
    void severalInOnePlan();
    void severalAreUndoneAsOne();
    void rootCertificate();

private:
    AddStandbyRequest full(AddStandbyRequest request = {});
    RunRecord run(const AddStandbyRequest &request, RunObserver *observer = nullptr,
                  std::stop_token stop = {});
    CheckResult check(const AddStandbyRequest &request, const QString &id) const;
    std::unique_ptr<SqlSession> added() const;
    QString ask(const QString &sql) const;
    QStringList remains() const;
    QString path(const char *name) const { return m_lab.folder.filePath(QString::fromLatin1(name)); }

    AddStandbyLab m_lab;
    AddStandbyFacts m_facts;
    AddStandbyRequest m_request;
    Plan m_plan;
};

void TestStandbyOptions::initTestCase()
{
    QVERIFY(m_lab.start({QStringLiteral("log_replication_commands = on")}));
    const QString place = path("space one=a");
    QCOMPARE(TestServer::runAsServerUser({QStringLiteral("mkdir"), place}), 0);
    QVERIFY(!m_lab.primary
                 ->psql(QStringLiteral("CREATE TABLE t AS SELECT g, repeat('x', 400) FROM "
                                       "generate_series(1, 50004) g"))
                 .isNull());
    // standby1 has no place of its own for it on the same machine: it is taken away first.
    m_lab.standby1.reset();
    m_lab.spec.nodes.removeLast();
    m_lab.primary->psql(QStringLiteral("SELECT pg_drop_replication_slot('standby_slot')"));
    QVERIFY(!m_lab.primary->psql(QStringLiteral("CREATE TABLESPACE one LOCATION '%1'").arg(place)).isNull());
    QVERIFY(!m_lab.primary
                 ->psql(QStringLiteral("CREATE TABLE apart TABLESPACE one AS SELECT "
                                       "generate_series(1, 777) g"))
                 .isNull());
}

void TestStandbyOptions::init()
{
    const auto facts = m_lab.facts();
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    m_facts = *facts;
    m_plan = {};
    m_request = {};
}

void TestStandbyOptions::cleanup()
{
    m_lab.stopAdded();
    QStringList places = m_request.choices.tablespaces.values();
    places << m_request.choices.walDirectory << m_plan.facts.value(QStringLiteral("data_directory"));
    for (const QString &place : places) {
        if (place.startsWith(m_lab.folder.path() + u'/'))
            QDir(place).removeRecursively();
    }
    QVERIFY(m_lab.primary->waitFor(QStringLiteral("SELECT count(*) FROM pg_stat_replication"),
                                   QStringLiteral("0")));
    m_lab.primary->psql(
        QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"));
}

AddStandbyRequest TestStandbyOptions::full(AddStandbyRequest request)
{
    m_request = suggest(request, m_facts);
    return m_request;
}

RunRecord TestStandbyOptions::run(const AddStandbyRequest &request, RunObserver *observer,
                                  std::stop_token stop)
{
    m_request = request;
    const auto made = planAddStandby(request, m_facts);
    if (!made) {
        RunRecord none;
        none.error = made.error().text();
        none.outcome = RunRecord::Outcome::LeftBehind;
        return none;
    }
    m_plan = *made;
    return runPlan(m_plan, m_lab.context(m_plan, observer), stop);
}

CheckResult TestStandbyOptions::check(const AddStandbyRequest &request, const QString &id) const
{
    const PreflightResult result = runPreflight(request, m_facts, m_lab.secrets, {});
    for (const CheckResult &check : result.checks) {
        if (check.id == id)
            return check;
    }
    return {};
}

std::unique_ptr<SqlSession> TestStandbyOptions::added() const
{
    auto session = SqlSession::open(m_plan.endpoints.value(m_plan.subject), *m_lab.secrets, {});
    return session ? std::move(*session) : nullptr;
}

/// What the new standby says; a null string when it does not.
QString TestStandbyOptions::ask(const QString &sql) const
{
    const auto session = added();
    if (!session)
        return {};
    const auto rows = session->query(sql, {}, 5000);
    if (!rows)
        qWarning("%s", qPrintable(rows.error().text()));
    return rows ? rows->first().toString() : QString();
}

QStringList TestStandbyOptions::remains() const
{
    QStringList left = m_lab.remains(m_plan);
    for (const QString &place :
         m_request.choices.tablespaces.values() + QStringList{m_request.choices.walDirectory})
        if (!place.isEmpty() && QFileInfo::exists(place))
            left << place;
    const QString slots_ = m_lab.primary->psql(QStringLiteral("SELECT count(*) FROM pg_replication_slots"));
    if (slots_ != QLatin1String("0"))
        left << QStringLiteral("slots ") + slots_;
    return left;
}

void TestStandbyOptions::elsewhere()
{
    AddStandbyRequest asked;
    asked.choices.walDirectory = path("wal of 2");
    const AddStandbyRequest request = full(asked);
    // Beside the old one, with the standby's name, without being asked.
    QCOMPARE(request.choices.tablespaces,
             (QMap<QString, QString>{{path("space one=a"), path("space one=a-standby2")}}));
    for (const char *id : {"tablespaces", "wal_directory", "disk"}) {
        const CheckResult result = check(request, QString::fromLatin1(id));
        QVERIFY2(result.status == CheckStatus::Pass,
                 qPrintable(QLatin1String(id) + result.evidence + result.why));
    }
    const RunRecord record = run(request);
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    QCOMPARE(record.changed(), QStringList({QStringLiteral("1 directory"), QStringLiteral("1 WAL directory"),
                                            QStringLiteral("1 tablespace directory"),
                                            QStringLiteral("1 slot"), QStringLiteral("1 server")}));
    const QString data = m_plan.facts.value(QStringLiteral("data_directory"));
    QCOMPARE(QFile::symLinkTarget(data + QStringLiteral("/pg_wal")), path("wal of 2"));
    QCOMPARE(
        ask(QStringLiteral("SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'one'")),
        path("space one=a-standby2"));
    QCOMPARE(ask(QStringLiteral("SELECT count(*) FROM apart")), QStringLiteral("777"));
    QCOMPARE(record.step(QStringLiteral("verify_backup"))->state, StepState::Done);
    // What is written afterwards goes there as well.
    m_lab.primary->psql(QStringLiteral("INSERT INTO apart SELECT 1"));
    QTRY_COMPARE(ask(QStringLiteral("SELECT count(*) FROM apart")), QStringLiteral("778"));
    m_lab.primary->psql(QStringLiteral("DELETE FROM apart WHERE ctid = (SELECT max(ctid) FROM apart)"));
}

void TestStandbyOptions::emptyPlacesAreGivenBack()
{
    AddStandbyRequest asked;
    asked.choices.walDirectory = path("prepared wal");
    asked.choices.tablespaces.insert(path("space one=a"), path("prepared space"));
    for (const char *name : {"prepared wal", "prepared space"})
        QCOMPARE(TestServer::runAsServerUser(
                     {QStringLiteral("mkdir"), QStringLiteral("-m"), QStringLiteral("0755"), path(name)}),
                 0);
    const AddStandbyRequest request = full(asked);
    QCOMPARE(request.choices.emptyDirectories.size(), 2);
    QCOMPARE(check(request, QStringLiteral("wal_directory")).status, CheckStatus::Pass);
    std::stop_source stop;
    AtStep observer(QStringLiteral("configure"), [&] { stop.request_stop(); });
    const RunRecord record = run(request, &observer, stop.get_token());
    QVERIFY(observer.happened());
    QVERIFY2(record.outcome == RunRecord::Outcome::CancelledAndUndone, qPrintable(everythingSaid(record)));
    for (const char *name : {"prepared wal", "prepared space"}) {
        QVERIFY(QFileInfo(path(name)).isDir());
        QVERIFY(QDir(path(name)).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
        QCOMPARE(int(QFileInfo(path(name)).permissions() & 0x7), 5);
    }
    QCOMPARE(m_lab.remains(m_plan), QStringList());
}

void TestStandbyOptions::foreignPlaceIsLeftAlone()
{
    AddStandbyRequest asked;
    asked.choices.walDirectory = path("theirs");
    const AddStandbyRequest request = full(asked);
    QVERIFY(QDir().mkdir(path("theirs"))); // after the plan was thought of
    const RunRecord record = run(request);
    QVERIFY2(record.outcome == RunRecord::Outcome::FailedAndUndone, qPrintable(everythingSaid(record)));
    QVERIFY(QFileInfo(path("theirs")).isDir());
    QCOMPARE(remains(), QStringList{path("theirs")});
    // With something in it, pre-flight says so before.
    QFile file(path("theirs/file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const CheckResult result = check(full(asked), QStringLiteral("wal_directory"));
    QCOMPARE(result.status, CheckStatus::Fail);
    QVERIFY2(result.evidence.contains(QStringLiteral("not empty")), qPrintable(result.evidence));
}

void TestStandbyOptions::cancelLeavesNoPlace()
{
    AddStandbyRequest asked;
    asked.maxRate = QStringLiteral("2M");
    asked.choices.walDirectory = path("wal2");
    StopInCopy observer;
    const RunRecord record = run(full(asked), &observer, observer.stop.get_token());
    QVERIFY2(record.outcome == RunRecord::Outcome::CancelledAndUndone, qPrintable(everythingSaid(record)));
    QCOMPARE(remains(), QStringList());
}

void TestStandbyOptions::noSlot()
{
    AddStandbyRequest asked;
    asked.choices.slot = false;
    const AddStandbyRequest request = full(asked);
    QVERIFY(request.slot.isEmpty());
    const RunRecord record = run(request);
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    QVERIFY(!record.step(QStringLiteral("slot")));
    QCOMPARE(m_lab.primary->psql(QStringLiteral("SELECT count(*) FROM pg_replication_slots")),
             QStringLiteral("0"));
    QCOMPARE(m_lab.primary->psql(
                 QStringLiteral("SELECT application_name || ' ' || state FROM pg_stat_replication")),
             QStringLiteral("standby2 streaming"));
    QCOMPARE(ask(QStringLiteral("SELECT current_setting('primary_slot_name')")), QString());
    const VerifyResult verified = verifyStandby(m_plan, m_lab.spec, m_lab.secrets);
    for (const VerifyRow &row : verified.rows)
        QVERIFY2(row.pass && !row.unknown, qPrintable(row.what + u'|' + row.expected + u'|' + row.actual));
    QVERIFY(verified.pass());
}

void TestStandbyOptions::noSlotWithoutRoom()
{
    AddStandbyRequest asked;
    asked.choices.slot = false;
    const AddStandbyRequest request = full(asked);
    const CheckResult warned = check(request, QStringLiteral("wal_keep"));
    QCOMPARE(warned.status, CheckStatus::Warning);
    QVERIFY2(warned.evidence.startsWith(QStringLiteral("wal_keep_size = 0 B")), qPrintable(warned.evidence));
    QVERIFY(warned.fix && warned.fix->command.contains(QStringLiteral("wal_keep_size")));
    QCOMPARE(check(request, QStringLiteral("slot_retention")).id, QString()); // there is none to be kept
    QCOMPARE(check(request, QStringLiteral("names")).status, CheckStatus::Pass);
    m_lab.primary->psql(QStringLiteral("ALTER SYSTEM SET wal_keep_size = '1GB'"));
    m_lab.primary->psql(QStringLiteral("SELECT pg_reload_conf()"));
    QVERIFY(m_lab.primary->waitFor(QStringLiteral("SHOW wal_keep_size"), QStringLiteral("1GB")));
    const CheckResult passed = check(request, QStringLiteral("wal_keep"));
    m_lab.primary->psql(QStringLiteral("ALTER SYSTEM RESET wal_keep_size"));
    m_lab.primary->psql(QStringLiteral("SELECT pg_reload_conf()"));
    QVERIFY2(passed.status == CheckStatus::Pass, qPrintable(passed.evidence));
}

void TestStandbyOptions::nameInUse()
{
    // Somebody replicates by the very name: the new standby could not be told from it.
    AddStandbyRequest asked;
    asked.choices.slot = false;
    const AddStandbyRequest request = full(asked);
    QProcess other;
    other.start(
        TestServer::binDir() + QStringLiteral("/pg_receivewal"),
        {QStringLiteral("-D"), m_lab.journals.path(), QStringLiteral("--no-loop"), QStringLiteral("-d"),
         QStringLiteral("host=127.0.0.1 port=%1 user=replicator passfile=%2 application_name=standby2")
             .arg(m_lab.primary->port())
             .arg(m_lab.primary->passfile())});
    QVERIFY(other.waitForStarted());
    QVERIFY(m_lab.primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE application_name = 'standby2'"),
        QStringLiteral("1")));
    const CheckResult names = check(request, QStringLiteral("names"));
    const RunRecord record = run(request);
    other.terminate();
    QVERIFY(other.waitForFinished());
    QCOMPARE(names.status, CheckStatus::Fail);
    QVERIFY2(record.outcome == RunRecord::Outcome::FailedAndUndone, qPrintable(everythingSaid(record)));
    QVERIFY2(record.error.contains(QStringLiteral("nobody replicates as standby2")),
             qPrintable(record.error));
    QCOMPARE(remains(), QStringList());
}

void TestStandbyOptions::delayed()
{
    AddStandbyRequest asked;
    asked.choices.applyDelay = QStringLiteral("2min");
    const AddStandbyRequest request = full(asked);
    const CheckResult effect = check(request, QStringLiteral("apply_delay"));
    QVERIFY2(effect.status == CheckStatus::Pass, qPrintable(effect.evidence + effect.why));
    const RunRecord record = run(request);
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    QCOMPARE(ask(QStringLiteral("SELECT current_setting('recovery_min_apply_delay')")),
             QStringLiteral("2min"));
    QCOMPARE(record.step(QStringLiteral("verify"))->fact.section(u' ', 0, 0), QStringLiteral("received"));
    m_lab.primary->psql(QStringLiteral("INSERT INTO t SELECT 0, 'late'"));
    const QString lsn = m_lab.primary->psql(QStringLiteral("SELECT pg_current_wal_lsn()"));
    // It is there on disk and not to be seen.
    QVERIFY(m_lab.primary->waitFor(
        QStringLiteral("SELECT flush_lsn >= '%1' FROM pg_stat_replication").arg(lsn), QStringLiteral("t")));
    QCOMPARE(ask(QStringLiteral("SELECT count(*) FROM t WHERE g = 0")), QStringLiteral("0"));
    const VerifyResult verified = verifyStandby(m_plan, m_lab.spec, m_lab.secrets);
    QString all;
    for (const VerifyRow &row : verified.rows)
        all += row.what + u'|' + row.expected + u'|' + row.actual + (row.pass ? u'+' : u'-') + u'\n';
    QVERIFY2(verified.pass(), qPrintable(all));
    QVERIFY2(all.contains(QStringLiteral("Rows on standby2|not compared")), qPrintable(all));
    QVERIFY2(all.contains(QStringLiteral("2min late on purpose")), qPrintable(all));
    // Without the delay the row comes: nothing else had kept it away.
    QCOMPARE(ask(QStringLiteral("SELECT count(*) FROM t WHERE g = 0")), QStringLiteral("0"));
    {
        const auto session = added();
        QVERIFY(session);
        QVERIFY(session->query(QStringLiteral("ALTER SYSTEM SET recovery_min_apply_delay = 0")));
        QVERIFY(session->query(QStringLiteral("SELECT pg_reload_conf()")));
    }
    QTRY_COMPARE_WITH_TIMEOUT(ask(QStringLiteral("SELECT count(*) FROM t WHERE g = 0")), QStringLiteral("1"),
                              10000);
    m_lab.primary->psql(QStringLiteral("DELETE FROM t WHERE g = 0"));
}

void TestStandbyOptions::compressed_data()
{
    QTest::addColumn<QString>("method");
    for (const char *method : {"server-gzip", "server-lz4", "server-zstd:3"})
        QTest::newRow(method) << QString::fromLatin1(method);
}

void TestStandbyOptions::compressed()
{
    QFETCH(QString, method);
    AddStandbyRequest asked;
    asked.choices.compress = method;
    const AddStandbyRequest request = full(asked);
    if (m_lab.primary->psql(QStringLiteral("SHOW server_version_num")).toInt() < 150000)
        QSKIP("This PostgreSQL does not compress a copy.");
    const CheckResult can = check(request, QStringLiteral("compression"));
    if (can.status == CheckStatus::Fail)
        QSKIP("This PostgreSQL was built without that method.");
    QVERIFY2(can.status == CheckStatus::Pass, qPrintable(can.evidence + can.why));
    const qsizetype before = m_lab.primary->log().size();
    const RunRecord record = run(request);
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    // The server was told to, and what came is whole.
    const QString log = m_lab.primary->log().mid(before);
    const QString name = method.section(u'-', 1).section(u':', 0, 0);
    QVERIFY2(log.contains(QStringLiteral("COMPRESSION '%1'").arg(name)), qPrintable(log));
    QCOMPARE(ask(QStringLiteral("SELECT count(*) FROM t")), QStringLiteral("50004"));
    QCOMPARE(record.step(QStringLiteral("verify_backup"))->state, StepState::Done);
}

void TestStandbyOptions::restoresFromArchive()
{
    AddStandbyRequest asked;
    const QString archive = path("archive it's");
    QCOMPARE(TestServer::runAsServerUser({QStringLiteral("mkdir"), archive}), 0);
    const QString command = QStringLiteral("cp \"%1/%f\" \"%p\"").arg(archive);
    asked.choices.restoreCommand = command;
    const AddStandbyRequest request = full(asked);
    QCOMPARE(check(request, QStringLiteral("restore_command")).status, CheckStatus::Pass);
    AddStandbyRequest wrong = request;
    wrong.choices.restoreCommand = QStringLiteral("no-such-program %f %p");
    QCOMPARE(check(wrong, QStringLiteral("restore_command")).status, CheckStatus::Warning);
    const RunRecord record = run(request);
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    QCOMPARE(ask(QStringLiteral("SELECT current_setting('restore_command')")), command);
    // The next one is offered the same.
    m_lab.spec.nodes << WatchedNode{m_plan.endpoints.value(m_plan.subject).address(), m_plan.subject,
                                    m_plan.endpoints.value(m_plan.subject)};
    const auto facts = m_lab.facts();
    m_lab.spec.nodes.removeLast();
    QVERIFY(facts);
    QCOMPARE(suggest({}, *facts).choices.restoreCommand, command);
    AddStandbyRequest none;
    none.choices.restoreCommand = QLatin1String("");
    QCOMPARE(suggest(none, *facts).choices.restoreCommand, QString());
}

void TestStandbyOptions::spoiledCopyIsCaught()
{
    const AddStandbyRequest request = full();
    QVERIFY(request.choices.verifyBackup.value_or(false));
    const QString relation = m_lab.primary->psql(QStringLiteral("SELECT pg_relation_filepath('t')"));
    bool spoiled = false;
    AtStep observer(QStringLiteral("verify_backup"), [&] {
        QFile file(request.dataDirectory + u'/' + relation);
        char byte = 0;
        spoiled = file.open(QIODevice::ReadWrite) && file.seek(5000) && file.getChar(&byte) &&
                  file.seek(5000) && file.putChar(char(byte ^ 1));
    });
    const RunRecord record = run(request, &observer);
    QVERIFY(spoiled);
    QVERIFY2(record.outcome == RunRecord::Outcome::FailedAndUndone, qPrintable(everythingSaid(record)));
    QCOMPARE(record.step(QStringLiteral("verify_backup"))->state, StepState::Failed);
    QVERIFY2(
        everythingSaid(record).contains(QStringLiteral("checksum mismatch for file \"%1\"").arg(relation)),
        qPrintable(everythingSaid(record)));
    QCOMPARE(remains(), QStringList());
}

void TestStandbyOptions::spreadCheckpoint()
{
    // Spread over a tiny checkpoint_timeout it takes no minutes here.
    AddStandbyRequest asked;
    asked.fastCheckpoint = false;
    m_lab.primary->psql(QStringLiteral("CHECKPOINT"));
    const qsizetype before = m_lab.primary->log().size();
    const RunRecord record = run(full(asked));
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    const QString log = m_lab.primary->log().mid(before);
    QVERIFY2(log.contains(QStringLiteral("BASE_BACKUP")) &&
                 !log.contains(QStringLiteral("CHECKPOINT 'fast'")),
             qPrintable(log));
}

void TestStandbyOptions::scriptPutsThingsElsewhere()
{
    AddStandbyRequest asked;
    asked.choices.walDirectory = path("wal3");
    asked.choices.slot = false;
    asked.choices.restoreCommand = QStringLiteral("cp '/nowhere/%f' %p");
    m_request = full(asked);
    const auto plan = planAddStandby(m_request, m_facts);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    m_plan = *plan;
    QProcess bash;
    bash.start(QStringLiteral("bash"), {});
    bash.write(m_plan.toScript().toUtf8());
    bash.closeWriteChannel();
    QVERIFY(bash.waitForFinished(60000));
    const QByteArray said = bash.readAllStandardError() + bash.readAllStandardOutput();
    QVERIFY2(bash.exitCode() == 0, said.constData());
    QCOMPARE(ask(QStringLiteral("SELECT count(*) FROM apart")).isEmpty(), false);
    QCOMPARE(QFile::symLinkTarget(m_request.dataDirectory + QStringLiteral("/pg_wal")), path("wal3"));
    QCOMPARE(ask(QStringLiteral("SELECT current_setting('restore_command')")),
             m_request.choices.restoreCommand);
}

void TestStandbyOptions::severalInOnePlan()
{
    const auto several = planSeveral({}, 2, m_facts);
    QVERIFY2(several, several ? "" : qPrintable(several.error().text()));
    QCOMPARE(several->requests.size(), 2);
    QCOMPARE(several->requests[0].name, QStringLiteral("standby2"));
    QCOMPARE(several->requests[1].name, QStringLiteral("standby3"));
    QVERIFY(several->requests[0].port != several->requests[1].port);
    // Pre-flight reckons with both.
    const CheckResult senders = check(several->requests[0], QStringLiteral("walsenders_slots"));
    QVERIFY2(senders.evidence.endsWith(QStringLiteral("needs 3 and 2")), qPrintable(senders.evidence));
    const auto drop = qScopeGuard([&] {
        m_lab.stopAdded();
        for (const AddStandbyRequest &request : several->requests) {
            for (const QString &place : request.choices.tablespaces)
                QDir(place).removeRecursively();
            QDir(request.dataDirectory).removeRecursively();
        }
    });
    const RunRecord record = runPlan(several->plan, m_lab.context(several->plan), {});
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    QCOMPARE(m_lab.primary->psql(
                 QStringLiteral("SELECT string_agg(r.application_name || ' ' || s.slot_name, ',' ORDER "
                                "BY 1) FROM pg_stat_replication r JOIN pg_replication_slots s ON "
                                "s.active_pid = r.pid WHERE r.state = 'streaming'")),
             QStringLiteral("standby2 standby2_slot,standby3 standby3_slot"));
    ClusterSpec spec = m_lab.spec;
    for (const Plan &plan : several->each)
        spec.nodes << WatchedNode{plan.endpoints.value(plan.subject).address(), plan.subject,
                                  plan.endpoints.value(plan.subject)};
    for (const Plan &plan : several->each)
        QVERIFY(verifyStandby(plan, spec, m_lab.secrets).pass());
}

void TestStandbyOptions::severalAreUndoneAsOne()
{
    const auto several = planSeveral({}, 2, m_facts);
    QVERIFY2(several, several ? "" : qPrintable(several.error().text()));
    std::stop_source stop;
    AtStep observer(QStringLiteral("verify_standby3"), [&] { stop.request_stop(); });
    const RunRecord record =
        runPlan(several->plan, m_lab.context(several->plan, &observer), stop.get_token());
    QVERIFY(observer.happened());
    QVERIFY2(record.outcome == RunRecord::Outcome::CancelledAndUndone, qPrintable(everythingSaid(record)));
    for (int i = 0; i < 2; ++i) {
        m_plan = several->each[i];
        m_request = several->requests[i];
        QCOMPARE(remains(), QStringList());
    }
}

void TestStandbyOptions::rootCertificate()
{
    // A server of its own that speaks TLS, asked for with verify-full.
    test::Certificates made(m_lab.folder);
    QVERIFY(made.makeAuthority(QStringLiteral("ca")));
    QVERIFY(made.makeServer(QStringLiteral("server"), QStringLiteral("localhost"), QStringLiteral("ca")));
    QVERIFY(m_lab.primary->configure(made.settings(QStringLiteral("server"))));
    QVERIFY(m_lab.primary->reload());
    QVERIFY(m_lab.primary->waitFor(QStringLiteral("SHOW ssl"), QStringLiteral("on")));
    const ClusterSpec before = m_lab.spec;
    const auto restore = qScopeGuard([&] {
        m_lab.spec = before;
        m_lab.primary->psql(QStringLiteral("ALTER SYSTEM RESET ssl"));
        m_lab.primary->configure({QStringLiteral("ssl = off")});
        m_lab.primary->reload();
    });
    WatchedNode &node = m_lab.spec.nodes.first();
    node.endpoint.host = QStringLiteral("localhost");
    node.endpoint.options.insert(QStringLiteral("sslmode"), QStringLiteral("verify-full"));
    node.endpoint.options.insert(QStringLiteral("sslrootcert"), made.authority(QStringLiteral("ca")));
    node.id = node.endpoint.address();
    init();
    AddStandbyRequest request = full();
    const CheckResult tls = check(request, QStringLiteral("tls"));
    QVERIFY2(tls.status == CheckStatus::Pass, qPrintable(tls.evidence + tls.why));
    const RunRecord record = run(request);
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    // The standby asks for the same, not only the copy.
    QCOMPARE(m_lab.primary->psql(
                 QStringLiteral("SELECT s.ssl FROM pg_stat_replication r JOIN pg_stat_ssl s USING (pid)")),
             QStringLiteral("t"));
    const QString conninfo = ask(QStringLiteral("SELECT current_setting('primary_conninfo')"));
    QVERIFY2(conninfo.contains(QStringLiteral("sslmode='verify-full'")) ||
                 conninfo.contains(QStringLiteral("sslmode=verify-full")),
             qPrintable(conninfo));
    QVERIFY2(conninfo.contains(made.authority(QStringLiteral("ca"))), qPrintable(conninfo));
    if (m_facts.runAs.isEmpty())
        QSKIP("The servers run as the user of the test, who can read all of its files.");
    // The same certificate where only we can read it.
    const QString hidden = m_lab.journals.filePath(QStringLiteral("root.crt")); // in a folder of ours, 0700
    QVERIFY(QFile::copy(made.authority(QStringLiteral("ca")), hidden));
    for (WatchedNode &watched : m_facts.spec.nodes)
        watched.endpoint.options.insert(QStringLiteral("sslrootcert"), hidden);
    const CheckResult unreadable = check(request, QStringLiteral("tls"));
    QVERIFY2(unreadable.status == CheckStatus::Fail, qPrintable(unreadable.evidence));
    QVERIFY2(unreadable.evidence.contains(QStringLiteral("cannot be read by postgres")),
             qPrintable(unreadable.evidence));
}

QTEST_GUILESS_MAIN(TestStandbyOptions)
#include "tst_standby_options.moc"
