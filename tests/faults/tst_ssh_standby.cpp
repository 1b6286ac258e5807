// SPDX-License-Identifier: GPL-3.0-or-later
#include "AddStandbyLab.h"
#include "SshServer.h"
#include "SudoUser.h"
#include "hosts/SshHost.h"
#include "operations/PickUp.h"
#include "operations/PlanHosts.h"
#include "operations/preflight/Preflight.h"

#include <QScopeGuard>
#include <QTest>
#include <csignal>

using namespace understudy;
using test::AddStandbyLab;
using test::ServerFolder;
using test::SshServer;
using test::TestServer;

namespace {

const QString gateway = QStringLiteral("ssh:gateway");

/// Does something once, when the copy has brought its first bytes.
class InCopy : public RunObserver
{
public:
    explicit InCopy(std::function<void()> act) : m_act(std::move(act)) {}
    void copying(int, const CopyProgress &progress) override
    {
        if (progress.doneBytes > 0 && !std::exchange(m_done, true))
            m_act();
    }
    bool reached() const { return m_done; }

private:
    std::function<void()> m_act;
    bool m_done = false;
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

QByteArray journalText(const AddStandbyLab &lab)
{
    QByteArray all;
    for (const QFileInfo &info : QDir(lab.journals.path()).entryInfoList(QDir::Files)) {
        QFile file(info.filePath());
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

} // namespace

/// A standby on another machine, over a real sshd. (It is this machine again, which the plan does not know.)
class TestSshStandby : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase();
    void notLookedAt();
    void whatIsKnownOfIt();
    void lookedAtWithoutAQuestion();
    void added_data();
    void added();
    void cancelled();
    void connectionCut();
    void machineGoneAndBack();

private:
    Result<Plan> plan(AddStandbyRequest request = {});
    RunContext context(const Plan &plan, RunObserver *observer = nullptr) const;
    /// The sshd's processes of its logins. (They live on when the one that listens ends.)
    static QList<pid_t> logins()
    {
        QList<pid_t> out;
        for (const pid_t listener : childrenOf(getpid()))
            out << childrenOf(listener);
        return out;
    }
    static QList<pid_t> childrenOf(pid_t parent)
    {
        QList<pid_t> out;
        for (const QString &pid :
             QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[1-9]*")}, QDir::Dirs)) {
            QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
            if (!stat.open(QIODevice::ReadOnly))
                continue;
            const QByteArray line = stat.readAll();
            if (line.contains("(sshd") &&
                line.mid(line.lastIndexOf(')') + 2).split(' ').value(1).toInt() == parent)
                out << pid.toInt();
        }
        return out;
    }

    std::unique_ptr<test::SudoUser> m_sudoUser;
    SshServer m_sshd;
    AddStandbyLab m_lab;
    AddStandbyFacts m_facts;
    QString m_name, m_major;
    Plan m_plan;
};

void TestSshStandby::initTestCase()
{
    if (const QString missing = SshServer::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("NOT TRIED: %1 is not installed").arg(missing)));
    if (test::SudoUser::missing().isEmpty()) {
        m_sudoUser = std::make_unique<test::SudoUser>();
        QVERIFY(m_sudoUser->make());
        m_sshd.loginAs(m_sudoUser->name);
    }
    QVERIFY(m_sshd.make());
    QVERIFY(m_lab.start({QStringLiteral("wal_sender_timeout = 5s")}));
    // Enough that a slow copy has a middle.
    m_lab.primary->psql(QStringLiteral("CREATE TABLE big AS SELECT g, repeat('x', 900) t FROM "
                                       "generate_series(1, 20000) g"));
    m_name = QStringLiteral("ustestssh%1").arg(getpid());
    m_major = QFileInfo(QFileInfo(TestServer::binDir()).path()).fileName();
}

void TestSshStandby::init()
{
    auto facts = m_lab.facts();
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    auto placed = gatherPlace(*facts, gateway);
    QVERIFY2(placed, placed ? "" : qPrintable(placed.error().text()));
    m_facts = *placed;
    m_plan = {};
}

void TestSshStandby::cleanup()
{
    if (QFileInfo::exists(QStringLiteral("/etc/postgresql/%1/%2").arg(m_major, m_name)))
        QProcess::execute(QStringLiteral("pg_dropcluster"), {QStringLiteral("--stop"), m_major, m_name});
    m_lab.stopAdded();
    for (const QFileInfo &info : QDir(m_lab.folder.path())
                                     .entryInfoList({m_name + u'*', u'.' + m_name + u'*'},
                                                    QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)) {
        if (info.isDir())
            QDir(info.filePath()).removeRecursively();
        else
            QFile::remove(info.filePath());
    }
    if (!m_lab.primary)
        return;
    const QString ours = QStringLiteral("FROM pg_replication_slots WHERE slot_name LIKE 'ustest%'");
    QVERIFY(m_lab.primary->waitFor(QStringLiteral("SELECT count(*) %1 AND active").arg(ours),
                                   QStringLiteral("0")));
    m_lab.primary->psql(QStringLiteral("SELECT pg_drop_replication_slot(slot_name) ") + ours);
}

void TestSshStandby::cleanupTestCase()
{
    closeSsh();
}

Result<Plan> TestSshStandby::plan(AddStandbyRequest request)
{
    request.on = gateway;
    request.name = m_name;
    if (request.keeper.isEmpty())
        request.keeper = QStringLiteral("pg_ctl");
    request.dataDirectory = m_lab.folder.filePath(m_name);
    auto made = planAddStandby(suggest(request, m_facts), m_facts);
    if (made)
        m_plan = *made;
    return made;
}

RunContext TestSshStandby::context(const Plan &plan, RunObserver *observer) const
{
    RunContext c = m_lab.context(plan, observer);
    c.hosts = hostsOf(plan);
    c.secretValues.insert(QStringLiteral("replication"),
                          ServerFolder::password(QStringLiteral("replicator")));
    return c;
}

void TestSshStandby::notLookedAt()
{
    AddStandbyRequest request = suggest({}, *m_lab.facts());
    request.on = gateway;
    const auto made = planAddStandby(request, *m_lab.facts());
    QVERIFY(!made);
    QCOMPARE(made.error().field, QStringLiteral("on"));
    const PreflightResult checks = runPreflight(request, *m_lab.facts(), m_lab.secrets, {});
    QVERIFY(checks.blocked());
    // A machine that nobody knows is said to be so, and nothing hangs.
    const auto nowhere = gatherPlace(*m_lab.facts(), QStringLiteral("ssh:stranger"));
    QVERIFY(!nowhere);
    QVERIFY2(nowhere.error().text().contains(QStringLiteral("host key")), qPrintable(nowhere.error().text()));
}

void TestSshStandby::whatIsKnownOfIt()
{
    QCOMPARE(m_facts.target.place, gateway);
    QCOMPARE(m_facts.target.address, QStringLiteral("127.0.0.1"));
    QVERIFY(!m_facts.target.name.isEmpty());
    QCOMPARE(m_facts.binDirectory, TestServer::binDir());
    // The way to a loopback address leads back to where we come from.
    QCOMPARE(m_facts.target.seenHosts.value(m_lab.spec.nodes.first().id), QStringLiteral("127.0.0.1"));
    const AddStandbyRequest request = [&] {
        AddStandbyRequest r;
        r.on = gateway;
        return suggest(r, m_facts);
    }();
    QVERIFY(request.port > 0 && request.port != m_lab.primary->port());
    // Back to this machine, what belongs to it is back as well.
    const auto back = gatherPlace(m_facts, QStringLiteral("local"));
    QVERIFY(back && back->target.isLocal() && back->target.seenHosts.isEmpty());
    QVERIFY(!back->sharedPassfiles.isEmpty());
}

// sudo wants a password there, of this user for postgres alone: who only looks is not asked for it.
void TestSshStandby::lookedAtWithoutAQuestion()
{
    if (!m_sudoUser)
        QSKIP(qPrintable(QStringLiteral("NOT TRIED: ") + test::SudoUser::missing()));
    closeSsh();
    const auto person = std::make_shared<test::Person>(
        test::Person::Answers{test::SudoUser::password(), test::SudoUser::password()});
    setSshAsk(person);
    const auto nobody = qScopeGuard([] {
        setSshAsk(nullptr);
        closeSsh();
    });
    const QString there = QStringLiteral("ssh:person");
    const auto looked = gatherPlace(*m_lab.facts(), there);
    QVERIFY2(looked, looked ? "" : qPrintable(looked.error().text()));
    QCOMPARE(person->asked().size(), 0);
    QCOMPARE(looked->serverUser(), QStringLiteral("postgres"));
    QVERIFY(looked->target.serverAsks && looked->target.adminAsks && !looked->target.canAdmin);
    // A keeper that root tells what to do: sudo is asked in pre-flight, says no, and another one is named.
    if (looked->target.canKeep(QStringLiteral("pg_ctlcluster"))) {
        AddStandbyRequest request;
        request.on = there;
        request.keeper = QStringLiteral("pg_ctlcluster");
        const PreflightResult checks = runPreflight(suggest(request, *looked), *looked, m_lab.secrets, {}, {},
                                                    {}, {QStringLiteral("keeper")});
        QCOMPARE(person->asked().size(), 1);
        QCOMPARE(person->asked().constFirst().kind, SshQuestion::Kind::SudoPassword);
        const CheckResult keeper = checks.checks.value(0);
        QVERIFY2(keeper.status == CheckStatus::Fail, qPrintable(keeper.evidence));
        QVERIFY2(keeper.why.contains(QStringLiteral("Choose pg_ctl")), qPrintable(keeper.why));
        QCOMPARE(keeper.field, QStringLiteral("keeper"));
    }
    // Who means to act there is asked once; what is said of root is proven then.
    closeSsh();
    const auto acting = std::make_shared<test::Person>(test::Person::Answers{test::SudoUser::password()});
    setSshAsk(acting);
    const auto meant = gatherPlace(*m_lab.facts(), there, {}, Asking::Allowed);
    QVERIFY2(meant, meant ? "" : qPrintable(meant.error().text()));
    QCOMPARE(acting->asked().size(), 1);
    QCOMPARE(acting->asked().constFirst().user, QStringLiteral("postgres"));
    QCOMPARE(meant->serverUser(), QStringLiteral("postgres"));
    QVERIFY(!meant->target.serverAsks && !meant->target.adminAsks && !meant->target.canAdmin);
    QVERIFY(!meant->target.canKeep(QStringLiteral("systemd")));
}

void TestSshStandby::added_data()
{
    QTest::addColumn<QString>("keeper");
    QTest::newRow("pg_ctl") << QStringLiteral("pg_ctl");
    QTest::newRow("pg_ctlcluster") << QStringLiteral("pg_ctlcluster");
}

void TestSshStandby::added()
{
    QFETCH(QString, keeper);
    if (!m_facts.target.canKeep(keeper))
        QSKIP("NOT TRIED: this keeper needs root and postgresql-common");
    // As on a machine that has no passfile yet.
    m_facts.sharedPassfiles.clear();
    AddStandbyRequest request;
    request.keeper = keeper;
    const auto p = plan(request);
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    QCOMPARE(p->hosts, QStringList{gateway});
    AddStandbyRequest full;
    full.on = gateway;
    full.keeper = keeper;
    full.name = m_name;
    full.dataDirectory = m_lab.folder.filePath(m_name);
    const QMap<QString, QString> secrets{
        {QStringLiteral("replication"), ServerFolder::password(QStringLiteral("replicator"))}};
    const PreflightResult checks = runPreflight(suggest(full, m_facts), m_facts, m_lab.secrets, secrets);
    QString table;
    for (const CheckResult &check : checks.checks) {
        table += QStringLiteral("%1: %2, %3\n").arg(check.id, words(check.status), check.evidence);
        if (check.group == CheckGroup::Target)
            QCOMPARE(check.groupWords(), QStringLiteral("Target: gateway"));
    }
    QVERIFY2(!checks.blocked(), qPrintable(table));

    const RunRecord record = runPlan(*p, context(*p), {});
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    QCOMPARE(
        m_lab.primary->psql(QStringLiteral("SELECT application_name, state FROM pg_stat_replication WHERE "
                                           "application_name = '%1'")
                                .arg(m_name)),
        m_name + QStringLiteral("|streaming"));
    // Its own passfile is on the machine, for the server's user alone; the password is nowhere else.
    const QString secret = ServerFolder::password(QStringLiteral("replicator"));
    QFile passfile(p->facts.value(QStringLiteral("passfile")));
    QVERIFY(passfile.open(QIODevice::ReadOnly));
    QVERIFY(passfile.readAll().contains(secret.toUtf8()));
    QCOMPARE(int(passfile.permissions() & 0x77), 0);
    QVERIFY(!journalText(m_lab).contains(secret.toUtf8()));
    QVERIFY(!everythingSaid(record).contains(secret));
    // It is reached as the plan says, once the ways of ssh are there; here the address alone will do.
    QCOMPARE(p->endpoints.value(m_name).host, QStringLiteral("127.0.0.1"));
    QCOMPARE(p->endpoints.value(m_name).ssh, QStringLiteral("gateway"));
}

void TestSshStandby::cancelled()
{
    AddStandbyRequest request;
    request.maxRate = QStringLiteral("2M");
    const auto p = plan(request);
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    std::stop_source stop;
    InCopy observer([&] { stop.request_stop(); });
    const RunRecord record = runPlan(*p, context(*p, &observer), stop.get_token());
    QVERIFY(observer.reached());
    QVERIFY2(record.outcome == RunRecord::Outcome::CancelledAndUndone, qPrintable(everythingSaid(record)));
    QCOMPARE(m_lab.remains(*p), QStringList());
}

void TestSshStandby::connectionCut()
{
    AddStandbyRequest request;
    request.maxRate = QStringLiteral("2M");
    const auto p = plan(request);
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    InCopy observer([] {
        for (const pid_t login : logins())
            ::kill(login, SIGKILL);
    });
    const RunRecord record = runPlan(*p, context(*p, &observer), {});
    QVERIFY(observer.reached());
    // The machine is reached anew for the rollback.
    QVERIFY2(record.outcome == RunRecord::Outcome::FailedAndUndone, qPrintable(everythingSaid(record)));
    QVERIFY2(record.error.contains(QStringLiteral("gateway")) &&
                 record.error.contains(QStringLiteral("connection")),
             qPrintable(record.error));
    QCOMPARE(m_lab.remains(*p), QStringList());
}

void TestSshStandby::machineGoneAndBack()
{
    AddStandbyRequest request;
    request.maxRate = QStringLiteral("2M");
    const auto p = plan(request);
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    qsizetype connectsBefore = 0;
    InCopy observer([&] {
        const QList<pid_t> before = logins();
        connectsBefore = m_sshd.connects();
        m_sshd.stop();
        for (const pid_t login : before)
            ::kill(login, SIGKILL);
    });
    const RunRecord record = runPlan(*p, context(*p, &observer), {});
    QVERIFY(observer.reached());
    QVERIFY2(record.outcome == RunRecord::Outcome::LeftBehind, qPrintable(everythingSaid(record)));
    // What is left on the machine is named; what was made elsewhere is gone.
    QVERIFY2(record.leftBehind.join(u'\n').contains(m_lab.folder.filePath(m_name)),
             qPrintable(record.leftBehind.join(u'\n')));
    // Where the network is gone each try takes its time: there is one, and then all that is left is named.
    QCOMPARE(m_sshd.connects(), connectsBefore + 1);
    QVERIFY2(record.leftBehind.size() > 1, qPrintable(record.leftBehind.join(u'\n')));
    QCOMPARE(m_lab.primary->psql(QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE slot_name "
                                                "LIKE 'ustest%'")),
             QStringLiteral("0"));
    QVERIFY(m_sshd.start());
    const JournalEntry entry = Journal::entries(m_lab.journals.path()).last();
    QCOMPARE(entry.record.plan.id, p->id);
    QVERIFY(isUnfinished(entry));
    auto picked = pickUpContext(entry, m_lab.secrets);
    QVERIFY2(picked, picked ? "" : qPrintable(picked.error().text()));
    QVERIFY(picked->hosts.contains(gateway));
    const RunRecord undone = undoInterrupted(entry, *picked, {});
    QVERIFY2(undone.outcome == RunRecord::Outcome::FailedAndUndone ||
                 undone.outcome == RunRecord::Outcome::CancelledAndUndone,
             qPrintable(everythingSaid(undone)));
    QCOMPARE(m_lab.remains(*p), QStringList());
}

QTEST_GUILESS_MAIN(TestSshStandby)
#include "tst_ssh_standby.moc"
