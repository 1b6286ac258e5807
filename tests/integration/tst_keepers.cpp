// SPDX-License-Identifier: GPL-3.0-or-later
#include "AddStandbyLab.h"
#include "operations/preflight/Preflight.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <unistd.h>

using namespace understudy;
using test::AddStandbyLab;
using test::TestServer;

namespace {

/// Asks the run to stop at the end of one step.
class StopAfter : public RunObserver
{
public:
    explicit StopAfter(QString step) : m_step(std::move(step)) {}
    std::stop_source stop;
    void stepChanged(int, const StepRecord &record) override
    {
        if (record.stepId == m_step && record.state == StepState::Done)
            stop.request_stop();
    }

private:
    QString m_step;
};

QString outputOf(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished(20000);
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

QString everythingSaid(const RunRecord &record)
{
    QString all = record.error + record.leftBehind.join(u'\n');
    for (const StepRecord &step : record.steps)
        for (const LogLine &line : step.log)
            all += line.text + u'\n';
    return all;
}

} // namespace

/// A new standby handed to what keeps servers on a Debian machine, with the distribution's own tools.
class TestKeepers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void cleanupTestCase();
    void aNormalCitizen();
    void asItsNeighbourIsKept();
    void undone_data();
    void undone();
    void somebodyElses();
    void takesNothingOfAnother();

private:
    QString conf(const QString &name) const
    {
        return QStringLiteral("/etc/postgresql/%1/%2").arg(m_major, name);
    }
    QStringList clusterOf(const QString &name) const
    {
        for (const QString &line :
             outputOf(QStringLiteral("pg_lsclusters"), {QStringLiteral("-h")}).split(u'\n'))
            if (const QStringList words = line.simplified().split(u' '); words.value(1) == name)
                return words;
        return {};
    }
    /// The plan of a standby that pg_ctlcluster keeps, in the lab's folder.
    Result<Plan> plan(AddStandbyRequest request = {})
    {
        request.keeper = QStringLiteral("pg_ctlcluster");
        request.name = m_name;
        request.dataDirectory = m_lab.folder.filePath(m_name);
        return planAddStandby(suggest(request, m_facts), m_facts);
    }
    void drop(const QString &name) const
    {
        if (QFileInfo::exists(conf(name)))
            QProcess::execute(QStringLiteral("pg_dropcluster"), {QStringLiteral("--stop"), m_major, name});
    }
    QStringList remains(const Plan &plan) const
    {
        QStringList left = m_lab.remains(plan);
        for (const QString &path :
             {conf(m_name), QStringLiteral("/var/log/postgresql/postgresql-%1-%2.log").arg(m_major, m_name)})
            if (QFileInfo::exists(path))
                left << path;
        return left;
    }

    AddStandbyLab m_lab;
    AddStandbyFacts m_facts;
    QString m_major, m_name, m_neighbour;
};

void TestKeepers::initTestCase()
{
    if (geteuid() != 0)
        QSKIP("NOT TRIED: pg_createcluster writes to /etc/postgresql, which takes root");
    if (QStandardPaths::findExecutable(QStringLiteral("pg_createcluster")).isEmpty())
        QSKIP("NOT TRIED: no postgresql-common here");
    if (!TestServer::binDir().startsWith(QStringLiteral("/usr/lib/postgresql/")))
        QSKIP("NOT TRIED: the servers of this test are not the distribution's");
    QVERIFY(m_lab.start());
    m_major = QFileInfo(QFileInfo(TestServer::binDir()).path()).fileName();
    // Names that nobody else has: these are the machine's own folders.
    m_name = QStringLiteral("ustest%1").arg(getpid());
    m_neighbour = m_name + QStringLiteral("up");
    auto facts = m_lab.facts();
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    m_facts = *facts;
    QVERIFY(m_facts.target.canAdmin);
    QVERIFY(m_facts.target.canKeep(QStringLiteral("pg_ctlcluster")));
}

void TestKeepers::cleanup()
{
    drop(m_name);
    m_lab.stopAdded();
    QDir(m_lab.folder.filePath(m_name)).removeRecursively();
    if (m_lab.primary)
        m_lab.primary->psql(
            QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
                           "WHERE slot_name LIKE 'ustest%' AND NOT active"));
}

void TestKeepers::cleanupTestCase()
{
    drop(m_neighbour);
}

void TestKeepers::aNormalCitizen()
{
    AddStandbyRequest request;
    request.keeper = QStringLiteral("pg_ctlcluster");
    request.name = m_name;
    request.dataDirectory = m_lab.folder.filePath(m_name);
    const PreflightResult checks = runPreflight(suggest(request, m_facts), m_facts, m_lab.secrets, {}, {}, {},
                                                {QStringLiteral("keeper")});
    QCOMPARE(checks.checks.size(), 1);
    QCOMPARE(checks.checks[0].status, CheckStatus::Pass);
    QCOMPARE(checks.checks[0].evidence, QStringLiteral("pg_ctlcluster, starts with the machine"));

    const auto p = plan();
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    const RunRecord record = runPlan(*p, m_lab.context(*p), {});
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    // What the distribution's own tools say of it.
    const QStringList cluster = clusterOf(m_name);
    QCOMPARE(cluster.value(2), p->facts.value(QStringLiteral("port")));
    QCOMPARE(cluster.value(3), QStringLiteral("online,recovery"));
    QCOMPARE(cluster.value(4), QStringLiteral("postgres"));
    QCOMPARE(cluster.value(5), m_lab.folder.filePath(m_name));
    QFile start(conf(m_name) + QStringLiteral("/start.conf"));
    QVERIFY(start.open(QIODevice::ReadOnly));
    QVERIFY(start.readAll().split('\n').contains("auto"));
    QCOMPARE(
        m_lab.primary->psql(QStringLiteral("SELECT application_name, state FROM pg_stat_replication WHERE "
                                           "application_name = '%1'")
                                .arg(m_name)),
        m_name + QStringLiteral("|streaming"));
    QVERIFY(!QFileInfo::exists(m_lab.folder.filePath(m_name) + QStringLiteral("/pg_hba.conf")));

    // It can be stopped and started as any other, and follows again.
    const QString senders =
        QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE application_name = '%1' AND "
                       "state = 'streaming'")
            .arg(m_name);
    QCOMPARE(QProcess::execute(QStringLiteral("pg_ctlcluster"), {m_major, m_name, QStringLiteral("restart")}),
             0);
    QVERIFY(m_lab.primary->waitFor(senders, QStringLiteral("1")));
    QCOMPARE(QProcess::execute(QStringLiteral("pg_ctlcluster"), {m_major, m_name, QStringLiteral("stop")}),
             0);
}

void TestKeepers::asItsNeighbourIsKept()
{
    // A primary that postgresql-common keeps: its settings and login rules are in /etc, so no copy has them.
    const QString data = m_lab.folder.filePath(m_neighbour);
    const int port = TestServer::freePort();
    QCOMPARE(
        QProcess::execute(QStringLiteral("pg_createcluster"),
                          {QStringLiteral("-d"), data, QStringLiteral("-p"), QString::number(port),
                           QStringLiteral("--start-conf"), QStringLiteral("manual"), m_major, m_neighbour,
                           QStringLiteral("--"), QStringLiteral("-A"), QStringLiteral("trust")}),
        0);
    QFile hba(conf(m_neighbour) + QStringLiteral("/pg_hba.conf"));
    QVERIFY(hba.open(QIODevice::WriteOnly));
    hba.write(
        "local all all peer\nhost all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n");
    hba.close();
    QFile more(conf(m_neighbour) + QStringLiteral("/conf.d/more.conf"));
    QVERIFY(more.open(QIODevice::WriteOnly));
    more.write("max_connections = 123\nwork_mem = '7MB'\n");
    more.close();
    QCOMPARE(
        QProcess::execute(QStringLiteral("pg_ctlcluster"), {m_major, m_neighbour, QStringLiteral("start")}),
        0);
    ClusterSpec spec;
    spec.title = QStringLiteral("neighbour");
    spec.replicationUser = QStringLiteral("postgres");
    Endpoint e;
    e.port = port;
    e.user = QStringLiteral("postgres");
    spec.nodes << WatchedNode{e.address(), m_neighbour, e};
    const auto facts = gatherFacts(spec, m_lab.secrets);
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    AddStandbyRequest request;
    request.name = m_name;
    request = suggest(request, *facts);
    QCOMPARE(request.keeper, QStringLiteral("pg_ctlcluster"));
    QCOMPARE(request.dataDirectory, m_lab.folder.filePath(m_name));
    const auto made = planAddStandby(request, *facts);
    QVERIFY2(made, made ? "" : qPrintable(made.error().text()));
    const RunRecord record = runPlan(*made, m_lab.context(*made), {});
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    QCOMPARE(clusterOf(m_name).value(3), QStringLiteral("online,recovery"));
    // Its settings are the neighbour's, in its own folder, and so are its login rules.
    QFile rules(conf(m_name) + QStringLiteral("/pg_hba.conf"));
    QVERIFY(rules.open(QIODevice::ReadOnly));
    QVERIFY(rules.readAll().contains("host replication all 127.0.0.1/32 trust"));
    const QStringList ask{
        QStringLiteral("-X"),
        QStringLiteral("-A"),
        QStringLiteral("-t"),
        QStringLiteral("-d"),
        QStringLiteral("host=127.0.0.1 user=postgres dbname=postgres port=%1").arg(request.port),
        QStringLiteral("-c"),
        QStringLiteral("SELECT current_setting('max_connections'), current_setting('work_mem'), "
                       "current_setting('cluster_name'), current_setting('hba_file')")};
    QCOMPARE(outputOf(QStringLiteral("psql"), ask),
             QStringLiteral("123|7MB|%1|%2/pg_hba.conf").arg(m_name, conf(m_name)));
    // A folder for the name is taken now, also when its data is gone from the list.
    AddStandbyRequest next;
    next.keeper = request.keeper;
    QVERIFY(suggest(next, *facts).name != m_name);
}

void TestKeepers::undone_data()
{
    QTest::addColumn<QString>("step");
    for (const char *step : {"configure", "register", "start", "stream"})
        QTest::newRow(step) << QString::fromLatin1(step);
}

void TestKeepers::undone()
{
    QFETCH(QString, step);
    const auto p = plan();
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    StopAfter stopper(step);
    const RunRecord record = runPlan(*p, m_lab.context(*p, &stopper), stopper.stop.get_token());
    QVERIFY2(record.outcome == RunRecord::Outcome::CancelledAndUndone, qPrintable(everythingSaid(record)));
    QCOMPARE(remains(*p), QStringList());
}

void TestKeepers::somebodyElses()
{
    // The name is somebody's by the time the plan comes to it: theirs stays, ours goes.
    const auto p = plan();
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    QVERIFY(QDir().mkpath(conf(m_name)));
    const QString theirs = conf(m_name) + QStringLiteral("/postgresql.conf");
    QFile file(theirs);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("data_directory = '/nowhere'\n");
    file.close();
    AddStandbyRequest request;
    request.keeper = QStringLiteral("pg_ctlcluster");
    request.name = m_name;
    request.dataDirectory = m_lab.folder.filePath(m_name);
    const PreflightResult checks = runPreflight(suggest(request, m_facts), m_facts, m_lab.secrets, {}, {}, {},
                                                {QStringLiteral("keeper")});
    QCOMPARE(checks.checks[0].status, CheckStatus::Fail);
    QVERIFY(checks.checks[0].evidence.contains(conf(m_name)));
    const RunRecord record = runPlan(*p, m_lab.context(*p), {});
    QVERIFY2(record.outcome == RunRecord::Outcome::FailedAndUndone, qPrintable(everythingSaid(record)));
    QVERIFY2(record.error.contains(QStringLiteral("exists already")), qPrintable(record.error));
    QVERIFY(QFileInfo::exists(theirs));
    QCOMPARE(m_lab.remains(*p), QStringList());
    QVERIFY(QDir(conf(m_name)).removeRecursively());
}

void TestKeepers::takesNothingOfAnother()
{
    // The undo of a plan that only meant to register, where somebody has taken the name meanwhile.
    const auto p = plan();
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    QVERIFY(QDir().mkpath(conf(m_name)));
    QFile file(conf(m_name) + QStringLiteral("/postgresql.conf"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("data_directory = '/nowhere'\n");
    file.close();
    for (const Step &step : p->steps) {
        if (step.id != QLatin1String("register"))
            continue;
        const auto &undo = std::get<CommandAction>(step.undo.last());
        const auto ended = localHost()->run(undo.command);
        QVERIFY(ended && !ended->ok());
        QVERIFY(ended->errorOutput.contains(QStringLiteral("belongs to /nowhere")));
        QVERIFY(QFileInfo::exists(file.fileName()));
        // A folder that a killed pg_createcluster left names no data and goes.
        QVERIFY(QFile::remove(file.fileName()));
        const auto again = localHost()->run(undo.command);
        QVERIFY(again && again->ok());
        QVERIFY(!QFileInfo::exists(conf(m_name)));
    }
}

QTEST_GUILESS_MAIN(TestKeepers)
#include "tst_keepers.moc"
