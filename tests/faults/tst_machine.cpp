// SPDX-License-Identifier: GPL-3.0-or-later
#include "../e2e/Program.h"
#include "AddStandbyLab.h"
#include "MachineLab.h"
#include "hosts/SshAsk.h"
#include "hosts/SshHost.h"
#include "hosts/SshTunnels.h"
#include "operations/PickUp.h"
#include "operations/PlanHosts.h"
#include "operations/preflight/Preflight.h"

#include <QElapsedTimer>
#include <QTest>

using namespace understudy;
using test::AddStandbyLab;
using test::MachineLab;
using test::ServerFolder;
using test::TestServer;

namespace {

const QString name = QStringLiteral("boot2");

/// Calls back at a moment of a run.
class Watcher : public RunObserver
{
public:
    QString doneStep;             ///< When this one is done...
    std::function<void()> atDone; ///< ...this.
    std::function<void()> inCopy; ///< Once the copy has brought its first bytes.
    bool called = false;
    void stepChanged(int, const StepRecord &step) override
    {
        if (atDone && step.stepId == doneStep && step.state == StepState::Done &&
            !std::exchange(called, true))
            atDone();
    }
    void copying(int, const CopyProgress &progress) override
    {
        if (inCopy && progress.doneBytes > 0 && !std::exchange(called, true))
            inCopy();
    }
};

/// Knows the password that sudo asks for.
class Asked : public SshAsk
{
public:
    explicit Asked(QString password) : m_password(std::move(password)) {}
    std::optional<QString> ask(const SshQuestion &question, std::stop_token) override
    {
        ++times;
        if (question.kind != SshQuestion::Kind::SudoPassword)
            return std::nullopt;
        return m_password;
    }
    std::atomic<int> times = 0;

private:
    QString m_password;
};

QString everythingSaid(const RunRecord &record)
{
    QString all = record.error + u'\n' + record.leftBehind.join(u'\n') + u'\n';
    for (const StepRecord &step : record.steps) {
        all += step.fact + u' ' + step.error + u'\n';
        for (const LogLine &line : step.log)
            all += line.text + u'\n';
    }
    return all;
}

QString tableOf(const PreflightResult &checks)
{
    QString table;
    for (const CheckResult &check : checks.checks)
        table += QStringLiteral("%1: %2, %3\n").arg(check.id, words(check.status), check.evidence);
    return table;
}

CheckResult check(const PreflightResult &all, const QString &id)
{
    for (const CheckResult &one : all.checks)
        if (one.id == id)
            return one;
    return {};
}

} // namespace

/// A standby on a machine of its own, which has systemd, is rebooted and is cut off. It is reached over its
/// network and reaches the primary the same way.
class TestMachine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void cleanupTestCase();
    void fromTheCommandLine();
    void startsOnBoot_data();
    void startsOnBoot();
    void undone_data();
    void undone();
    void preflight();
    void throughTheTunnel();
    void cutOff();

private:
    Result<AddStandbyFacts> facts(const QString &user) const
    {
        auto facts = m_lab.facts();
        return facts ? gatherPlace(*facts, sshPrefix + user) : facts;
    }
    Result<Plan> plan(const QString &user, AddStandbyRequest request, const AddStandbyFacts &facts) const
    {
        request.on = sshPrefix + user;
        request.name = name;
        return planAddStandby(suggest(request, facts), facts);
    }
    RunContext context(const Plan &plan, RunObserver *observer = nullptr) const
    {
        RunContext c = m_lab.context(plan, observer);
        c.hosts = hostsOf(plan);
        c.secretValues = m_secret;
        return c;
    }
    bool streams() const
    {
        return m_lab.primary->waitFor(
            QStringLiteral("SELECT state FROM pg_stat_replication WHERE application_name = '%1' AND "
                           "client_addr = '%2'")
                .arg(name, m_machine.address()),
            QStringLiteral("streaming"), 30000);
    }
    /// Its walreceiver is another one than before.
    QString since() const
    {
        return m_lab.primary->psql(
            QStringLiteral("SELECT backend_start FROM pg_stat_replication WHERE application_name = '%1'")
                .arg(name));
    }
    /// Monitoring gets there.
    bool isReached(const Endpoint &at) const
    {
        const Topology seen = lookOnce({WatchedNode{at.address(), name, at}}, m_lab.secrets, {}, 1, 0);
        const Node *node = seen.node(at.address());
        if (node && node->role == Role::Standby && node->state == NodeState::Up && node->name == name)
            return true;
        qWarning("%s: %s", qPrintable(at.address()), node ? qPrintable(node->name) : "not seen");
        return false;
    }
    QString cluster() const { return QStringLiteral("%1/%2").arg(m_major, name); }
    /// What is there of the plan's things.
    QStringList remains(const Plan &plan) const;
    bool allow(const QString &line) const;

    MachineLab m_machine;
    AddStandbyLab m_lab;
    QMap<QString, QString> m_secret{
        {QStringLiteral("replication"), ServerFolder::password(QStringLiteral("replicator"))}};
    QString m_major, m_hba;
    std::shared_ptr<Asked> m_asked;
};

void TestMachine::initTestCase()
{
    if (qEnvironmentVariableIsEmpty("UNDERSTUDY_ALL_FAULTS"))
        QSKIP("NOT TRIED: a machine that boots takes a while; UNDERSTUDY_ALL_FAULTS=1 or tests/run.sh --all");
    if (const QString missing = MachineLab::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("NOT TRIED: ") + missing));
    m_major = QFileInfo(QFileInfo(TestServer::binDir()).path()).fileName();
    QVERIFY(m_machine.up());
    if (!m_machine.succeeds(QStringLiteral("test -x /usr/lib/postgresql/%1/bin/postgres").arg(m_major)))
        QSKIP(qPrintable(QStringLiteral("NOT TRIED: the machine has no PostgreSQL %1").arg(m_major)));
    QVERIFY(m_lab.start({QStringLiteral("wal_sender_timeout = 5s"),
                         QStringLiteral("listen_addresses = '127.0.0.1,%1'").arg(m_machine.here())}));
    m_lab.spec.nodes.first().endpoint.host = m_machine.here();
    m_lab.spec.nodes.first().id = m_lab.spec.nodes.first().endpoint.address();
    QFile hba(m_lab.primary->dataDir() + QStringLiteral("/pg_hba.conf"));
    QVERIFY(hba.open(QIODevice::ReadOnly));
    m_hba = QString::fromUtf8(hba.readAll()) +
            QStringLiteral("host all all %1/32 scram-sha-256\nhost all all %2/32 scram-sha-256\n")
                .arg(m_machine.here(), m_machine.address());
    QVERIFY(
        allow(QStringLiteral("host replication replicator %1/32 scram-sha-256").arg(m_machine.address())));
    // Enough that a slow copy has a middle.
    m_lab.primary->psql(QStringLiteral("CREATE TABLE big AS SELECT g, repeat('x', 900) t FROM "
                                       "generate_series(1, 20000) g"));
    m_asked = std::make_shared<Asked>(m_machine.password());
    setSshAsk(m_asked);
    setReach(std::make_shared<SshTunnels>());
}

bool TestMachine::allow(const QString &line) const
{
    QFile hba(m_lab.primary->dataDir() + QStringLiteral("/pg_hba.conf"));
    return hba.open(QIODevice::WriteOnly) && hba.write((m_hba + line + u'\n').toUtf8()) > 0 && hba.flush() &&
           m_lab.primary->reload();
}

void TestMachine::cleanup()
{
    if (!m_lab.primary)
        return;
    m_machine.sh(
        QStringLiteral("pg_dropcluster --stop %1 %2; systemctl disable --now postgresql-%2; "
                       "rm -rf /etc/systemd/system/postgresql-%2.service /var/lib/postgresql/standbys "
                       "/var/lib/postgresql/.*.pgpass /var/lib/postgresql/%1/.*.pgpass; "
                       "systemctl daemon-reload; systemctl reset-failed")
            .arg(m_major, name));
    const QString ours = QStringLiteral("FROM pg_replication_slots WHERE slot_name = '%1_slot'").arg(name);
    QVERIFY(m_lab.primary->waitFor(QStringLiteral("SELECT count(*) %1 AND active").arg(ours),
                                   QStringLiteral("0")));
    m_lab.primary->psql(QStringLiteral("SELECT pg_drop_replication_slot(slot_name) ") + ours);
}

void TestMachine::cleanupTestCase()
{
    setReach({});
    closeSsh();
    setSshAsk({});
}

QStringList TestMachine::remains(const Plan &plan) const
{
    QStringList left;
    const QString directory = plan.facts.value(QStringLiteral("data_directory"));
    const QFileInfo info(directory);
    for (const QString &path :
         {directory, info.path() + QStringLiteral("/.") + info.fileName() + QStringLiteral(".pgpass"),
          QStringLiteral("/etc/postgresql/") + cluster(),
          QStringLiteral("/var/log/postgresql/postgresql-%1-%2.log").arg(m_major, name),
          QStringLiteral("/etc/systemd/system/postgresql-%1.service").arg(name),
          QStringLiteral("/etc/systemd/system/multi-user.target.wants/postgresql-%1.service").arg(name)})
        if (QFileInfo::exists(m_machine.root() + path) || QFileInfo(m_machine.root() + path).isSymLink())
            left << path;
    for (const QString &unit :
         {QStringLiteral("postgresql-") + name, QStringLiteral("postgresql@%1-%2").arg(m_major, name)})
        if (const QString state = m_machine.sh(QStringLiteral("systemctl is-active ") + unit);
            state != QLatin1String("inactive"))
            left << unit + u' ' + state;
    if (const QString processes = m_machine.sh(QStringLiteral("pgrep -a 'postgres|pg_basebackup'"));
        !processes.isEmpty())
        left << processes;
    if (const QString slot =
            m_lab.primary->psql(QStringLiteral("SELECT slot_name FROM pg_replication_slots WHERE slot_name "
                                               "<> 'standby_slot'"));
        !slot.isEmpty())
        left << QStringLiteral("slot ") + slot;
    return left;
}

void TestMachine::fromTheCommandLine()
{
    const Program program;
    const QString conninfo = QStringLiteral("host=%1,127.0.0.1 port=%2,%3 user=postgres passfile=%4")
                                 .arg(m_machine.here())
                                 .arg(m_lab.primary->port())
                                 .arg(m_lab.standby1->port())
                                 .arg(m_lab.primary->passfile());
    const auto added = program.run({QStringLiteral("add-standby"), conninfo, QStringLiteral("--on"),
                                    QStringLiteral("ssh:root"), QStringLiteral("--name"), name,
                                    QStringLiteral("--yes"), QStringLiteral("--json")},
                                   180);
    QVERIFY2(added.code == 0, (added.out + added.err).constData());
    QVERIFY(streams());
    const QStringList line = m_machine.sh(QStringLiteral("pg_lsclusters -h")).simplified().split(u' ');
    QCOMPARE(line.value(0), m_major);
    QCOMPARE(line.value(1), name);
    QCOMPARE(line.value(3), QStringLiteral("online,recovery"));
    const QString unit = QStringLiteral("postgresql@%1-%2").arg(m_major, name);
    QCOMPARE(m_machine.sh(QStringLiteral("systemctl is-active ") + unit), QStringLiteral("active"));

    const QString before = since();
    QVERIFY(m_machine.reboot());
    QVERIFY(streams());
    QVERIFY(since() != before);
    QCOMPARE(m_machine.sh(QStringLiteral("systemctl is-active ") + unit), QStringLiteral("active"));

    // Whoever watches the cluster sees it by its name, and reaches it.
    const auto seen =
        program.run({QStringLiteral("topology"), conninfo + QStringLiteral(" connect_timeout=3"),
                     QStringLiteral("--json")});
    QVERIFY2(seen.code == 0, (seen.out + seen.err).constData());
    const QJsonObject found = seen.json().value(QStringLiteral("clusters")).toArray().at(0).toObject();
    QString id, link;
    for (const QJsonValue &one : found.value(QStringLiteral("nodes")).toArray())
        if (one[QStringLiteral("name")] == name && one[QStringLiteral("state")] == QStringLiteral("up"))
            id = one[QStringLiteral("id")].toString();
    for (const QJsonValue &one : found.value(QStringLiteral("links")).toArray())
        if (!id.isEmpty() && one[QStringLiteral("downstream")] == id)
            link = one[QStringLiteral("state")].toString();
    QVERIFY2(link == QLatin1String("streaming"), seen.out.constData());
}

void TestMachine::startsOnBoot_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("keeper");
    QTest::addColumn<QString>("directory");
    const QString plain;
    QTest::newRow("root, pg_ctlcluster") << "root"
                                         << "pg_ctlcluster" << plain;
    QTest::newRow("root, systemd") << "root"
                                   << "systemd" << plain;
    QTest::newRow("root, systemd, signs") << "root"
                                          << "systemd"
                                          << "/var/lib/postgresql/standbys/a b %n $HOME \"q\" 'r'";
    QTest::newRow("ops, pg_ctlcluster") << "ops"
                                        << "pg_ctlcluster" << plain;
    QTest::newRow("ops, systemd") << "ops"
                                  << "systemd" << plain;
    QTest::newRow("dba, pg_ctlcluster") << "dba"
                                        << "pg_ctlcluster" << plain;
}

void TestMachine::startsOnBoot()
{
    QFETCH(QString, user);
    QFETCH(QString, keeper);
    QFETCH(QString, directory);
    const auto known = facts(user);
    QVERIFY2(known, known ? "" : qPrintable(known.error().text()));
    QVERIFY2(known->target.canKeep(keeper), qPrintable(known->target.keepers.join(u' ')));
    AddStandbyRequest request;
    request.keeper = keeper;
    request.dataDirectory = directory;
    const auto p = plan(user, request, *known);
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    request.on = sshPrefix + user;
    request.name = name;
    const PreflightResult checks = runPreflight(suggest(request, *known), *known, m_lab.secrets, m_secret);
    QVERIFY2(!checks.blocked(), qPrintable(tableOf(checks)));
    const RunRecord record = runPlan(*p, context(*p), {});
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    QVERIFY(streams());
    const QString unit = keeper == QLatin1String("systemd")
                             ? QStringLiteral("postgresql-%1").arg(name)
                             : QStringLiteral("postgresql@%1-%2").arg(m_major, name);
    QCOMPARE(m_machine.sh(QStringLiteral("systemctl is-active ") + unit), QStringLiteral("active"));
    if (keeper == QLatin1String("systemd"))
        QCOMPARE(m_machine.sh(QStringLiteral("systemctl is-enabled ") + unit), QStringLiteral("enabled"));
    QCOMPARE(m_machine.sh(QStringLiteral("systemctl --failed --plain --no-legend")), QString());
    // Nobody but root was asked, or the one who must be.
    QCOMPARE(m_asked->times > 0, user == QLatin1String("dba"));

    const QString before = since();
    QVERIFY(m_machine.reboot());
    QVERIFY2(streams(), qPrintable(m_machine.sh(QStringLiteral("systemctl status --no-pager ") + unit)));
    QVERIFY(since() != before);
    QCOMPARE(m_machine.sh(QStringLiteral("systemctl is-active ") + unit), QStringLiteral("active"));
    // It is reached where the plan says.
    const Endpoint own = p->endpoints.value(name);
    QCOMPARE(own.host, m_machine.address());
    QVERIFY(own.ssh.isEmpty());
    QVERIFY(isReached(own));
}

void TestMachine::undone_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("keeper");
    QTest::addColumn<QString>("after");
    for (const char *after : {"register", "start"}) {
        for (const char *keeper : {"pg_ctlcluster", "systemd"})
            QTest::addRow("root, %s, after %s", keeper, after) << "root" << keeper << after;
    }
    QTest::newRow("dba, pg_ctlcluster, after start") << "dba"
                                                     << "pg_ctlcluster"
                                                     << "start";
}

void TestMachine::undone()
{
    QFETCH(QString, user);
    QFETCH(QString, keeper);
    QFETCH(QString, after);
    const auto known = facts(user);
    QVERIFY2(known, known ? "" : qPrintable(known.error().text()));
    AddStandbyRequest request;
    request.keeper = keeper;
    const auto p = plan(user, request, *known);
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    std::stop_source stop;
    Watcher watcher;
    watcher.doneStep = after;
    QStringList before;
    watcher.atDone = [&] {
        before = remains(*p);
        stop.request_stop();
    };
    const RunRecord record = runPlan(*p, context(*p, &watcher), stop.get_token());
    QVERIFY(watcher.called);
    QVERIFY(before.size() >= 4); // Else nothing below would prove anything.
    QVERIFY2(record.outcome == RunRecord::Outcome::CancelledAndUndone, qPrintable(everythingSaid(record)));
    QCOMPARE(remains(*p).join(u'\n'), QString());
    QCOMPARE(m_machine.sh(QStringLiteral("systemctl list-units --all --plain --no-legend '*%1*'").arg(name)),
             QString());
}

void TestMachine::preflight()
{
    const auto known = facts(QStringLiteral("root"));
    QVERIFY2(known, known ? "" : qPrintable(known.error().text()));
    AddStandbyRequest request;
    request.on = QStringLiteral("ssh:root");
    request.name = name;
    const AddStandbyRequest good = suggest(request, *known);
    const auto run = [&](const AddStandbyRequest &what) {
        return runPreflight(what, *known, m_lab.secrets, m_secret);
    };
    const PreflightResult passed = run(good);
    QVERIFY2(!passed.blocked(), qPrintable(tableOf(passed)));

    // Its own login is tried from there, and its own address is in the fix.
    QVERIFY(allow(QStringLiteral("# nobody")));
    const PreflightResult refused = run(good);
    const CheckResult login = check(refused, QStringLiteral("replication_login"));
    QVERIFY2(login.status == CheckStatus::Fail && login.fix, qPrintable(tableOf(refused)));
    QVERIFY2(login.fix->command.contains(m_machine.address() + QStringLiteral("/32")),
             qPrintable(login.fix->command));
    QVERIFY(
        allow(QStringLiteral("host replication replicator %1/32 scram-sha-256").arg(m_machine.address())));

    // Taken there, free here.
    AddStandbyRequest taken = good;
    taken.port = TestServer::freePort();
    QVERIFY(m_machine.succeeds(
        QStringLiteral("/usr/sbin/sshd -p %1 -o PidFile=/run/lab-port.pid").arg(taken.port)));
    const PreflightResult portTable = run(taken);
    QVERIFY2(check(portTable, QStringLiteral("port")).status == CheckStatus::Fail,
             qPrintable(tableOf(portTable)));
    m_machine.sh(QStringLiteral("kill $(cat /run/lab-port.pid)"));

    // A file system of its own that is too small.
    QVERIFY(
        m_machine.succeeds(QStringLiteral("mkdir -p /srv/small && mount -t tmpfs -o size=8m,mode=755 none "
                                          "/srv/small && chown postgres /srv/small")));
    AddStandbyRequest small = good;
    small.dataDirectory = QStringLiteral("/srv/small/") + name;
    const PreflightResult smallTable = run(suggest(small, *known));
    m_machine.sh(QStringLiteral("umount /srv/small"));
    QVERIFY2(check(smallTable, QStringLiteral("disk")).status == CheckStatus::Fail,
             qPrintable(tableOf(smallTable)));
}

void TestMachine::throughTheTunnel()
{
    auto known = facts(QStringLiteral("root"));
    QVERIFY2(known, known ? "" : qPrintable(known.error().text()));
    // As where the upstream itself listens to nobody else, and a proxy of that machine does.
    known->serverSettings[m_lab.spec.nodes.first().id][QStringLiteral("listen_addresses")].value =
        QStringLiteral("localhost");
    AddStandbyRequest request;
    const auto p = plan(QStringLiteral("root"), request, *known);
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    const RunRecord record = runPlan(*p, context(*p), {});
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    QVERIFY(!m_machine.succeeds(QStringLiteral("ss -Htln sport = :%1 | grep -v -e 127.0.0.1: -e '\\[::1\\]:'")
                                    .arg(p->facts.value(QStringLiteral("port")))));
    const Endpoint own = p->endpoints.value(name);
    QCOMPARE(own.ssh, QStringLiteral("root"));
    QVERIFY(isReached(own));
}

void TestMachine::cutOff()
{
    const auto known = facts(QStringLiteral("root"));
    QVERIFY2(known, known ? "" : qPrintable(known.error().text()));
    AddStandbyRequest request;
    request.maxRate = QStringLiteral("1M");
    const auto p = plan(QStringLiteral("root"), request, *known);
    QVERIFY2(p, p ? "" : qPrintable(p.error().text()));
    Watcher watcher;
    QElapsedTimer since;
    watcher.inCopy = [&] {
        QVERIFY(m_machine.cut());
        since.start();
    };
    const RunRecord record = runPlan(*p, context(*p, &watcher), {});
    const qint64 took = since.elapsed();
    QVERIFY(watcher.called);
    qInfo("ended %lld s after the cut", took / 1000);
    QVERIFY2(record.outcome == RunRecord::Outcome::LeftBehind, qPrintable(everythingSaid(record)));
    QVERIFY2(record.error.contains(QStringLiteral("onnection")), qPrintable(record.error));
    QVERIFY2(record.leftBehind.join(u'\n').contains(p->facts.value(QStringLiteral("data_directory"))),
             qPrintable(record.leftBehind.join(u'\n')));
    QVERIFY2(took < 120000, qPrintable(QString::number(took)));
    QVERIFY(m_machine.heal());
    const JournalEntry entry = Journal::entries(m_lab.journals.path()).last();
    QCOMPARE(entry.record.plan.id, p->id);
    auto picked = pickUpContext(entry, m_lab.secrets);
    QVERIFY2(picked, picked ? "" : qPrintable(picked.error().text()));
    const RunRecord undone = undoInterrupted(entry, *picked, {});
    QVERIFY2(undone.leftBehind.isEmpty(), qPrintable(everythingSaid(undone)));
    QCOMPARE(remains(*p).join(u'\n'), QString());
}

QTEST_GUILESS_MAIN(TestMachine)
#include "tst_machine.moc"
