// SPDX-License-Identifier: GPL-3.0-or-later
#include "TakenPort.h"
#include "TestServer.h"
#include "operations/preflight/Preflight.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QScopeGuard>
#include <QTest>
#include <mutex>
#include <sys/mount.h>
#include <unistd.h>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;

/// Every check on a real primary with one standby, and every bad input: one sentence that names the field and
/// the fix, and nothing changed on the server.
class TestPreflight : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everythingPasses();
    void sinkSeesEachCheck();
    void runAgainOnlySome();
    void stoppedAtOnce();
    void portTaken();
    void portOfANode();
    void directoryNotEmpty();
    void directoryOfAServer();
    void parentAbsent();
    void slotTaken();
    void slotInvalid();
    void nameTaken();
    void wrongPassword();
    void noHbaLine();
    void noSuchRole();
    void noPrograms();
    void diskTooSmall();
    void sendersUsedUp();
    void limitAndWaiver();
    void syncMatchesAll();
    void brokenStandbyWarns();
    void walLevelMinimal();
    void reachedThroughSsh();
    void leftToAScript();
    void serverDown();
    void nothingLeftBehind();

private:
    AddStandbyRequest request() const;
    PreflightResult run(const AddStandbyRequest &request, const QMap<QString, QString> &secrets = {},
                        const QStringList &only = {}) const;
    const CheckResult check(const PreflightResult &result, const QString &id) const;
    QString stateOf(const TestServer &server) const;
    static ClusterSpec specOf(const QList<const TestServer *> &servers, const ServerFolder &folder);

    ServerFolder m_folder;
    std::unique_ptr<TestServer> m_primary, m_standby;
    AddStandbyFacts m_facts;
    QString m_before;
    std::shared_ptr<const SecretSource> m_secrets = std::make_shared<LibpqSecrets>();
};

namespace {

QString all(const PreflightResult &result)
{
    QString text = result.sentence();
    for (const CheckResult &c : result.checks)
        text += QStringLiteral("\n  %1 %2: %3 | %4 (%5 ms)")
                    .arg(stableName(c.status), c.id, c.evidence, c.why)
                    .arg(c.tookMs, 0, 'f', 1);
    return text;
}

QStringList loginFiles()
{
    return QDir(QDir::tempPath())
        .entryList({QStringLiteral("understudy-login-*")}, QDir::Files | QDir::Hidden);
}

} // namespace

ClusterSpec TestPreflight::specOf(const QList<const TestServer *> &servers, const ServerFolder &folder)
{
    ClusterSpec spec;
    spec.title = QStringLiteral("test");
    spec.replicationUser = QStringLiteral("replicator");
    spec.replicationPassfile = folder.passfile();
    for (const TestServer *server : servers) {
        WatchedNode node;
        node.name = server->name();
        node.endpoint.port = server->port();
        node.endpoint.user = QStringLiteral("understudy");
        node.endpoint.options.insert(QStringLiteral("passfile"), folder.passfile());
        node.id = node.endpoint.address();
        spec.nodes.append(node);
    }
    return spec;
}

AddStandbyRequest TestPreflight::request() const
{
    AddStandbyRequest request;
    request.upstream = m_facts.spec.nodes.first().id;
    request.name = QStringLiteral("standby2");
    request.slot = QStringLiteral("standby2_slot");
    request.port = TestServer::freePort();
    request.dataDirectory = m_folder.filePath(QStringLiteral("standby2"));
    return request;
}

PreflightResult TestPreflight::run(const AddStandbyRequest &request, const QMap<QString, QString> &secrets,
                                   const QStringList &only) const
{
    return runPreflight(request, m_facts, m_secrets, secrets, {}, {}, only);
}

const CheckResult TestPreflight::check(const PreflightResult &result, const QString &id) const
{
    for (const CheckResult &c : result.checks) {
        if (c.id == id)
            return c;
    }
    return {};
}

QString TestPreflight::stateOf(const TestServer &server) const
{
    return server.psql(
        QStringLiteral("SELECT (SELECT string_agg(slot_name || active, ',' ORDER BY 1) FROM "
                       "pg_replication_slots), (SELECT md5(string_agg(name || setting, ',' ORDER BY "
                       "name)) FROM pg_settings WHERE source = 'configuration file'), (SELECT "
                       "string_agg(rolname || rolreplication, ',' ORDER BY rolname) FROM pg_roles)"));
}

void TestPreflight::initTestCase()
{
    m_primary =
        TestServer::primary(m_folder, QStringLiteral("primary"), {QStringLiteral("max_wal_senders = 10")});
    QVERIFY(m_primary);
    QVERIFY(!m_primary->psql(QStringLiteral("ALTER ROLE understudy REPLICATION")).isNull());
    QVERIFY(
        !m_primary->psql(QStringLiteral("CREATE TABLE t AS SELECT generate_series(1, 1000) AS i")).isNull());
    m_standby = m_primary->standby(QStringLiteral("standby1"), QStringLiteral("standby_slot"));
    QVERIFY(m_standby);
    QVERIFY(m_primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"),
        QStringLiteral("1")));
    const auto facts = gatherFacts(specOf({m_primary.get(), m_standby.get()}, m_folder), m_secrets);
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    m_facts = *facts;
    QVERIFY(!m_facts.binDirectory.isEmpty());
    m_before = stateOf(*m_primary);
    QVERIFY(!m_before.isEmpty());
}

void TestPreflight::everythingPasses()
{
    QElapsedTimer timer;
    timer.start();
    const PreflightResult result = run(request());
    const qint64 took = timer.elapsed();
    qInfo("%s\n  took %lld ms", qPrintable(all(result)), static_cast<long long>(took));
    QVERIFY2(!result.blocked(), qPrintable(all(result)));
    QCOMPARE(result.count(CheckStatus::Skipped), 0);
    QCOMPARE(result.count(CheckStatus::Waiting), 0);
    // No limit for slots, no checksums: the two that a fresh server always has.
    for (const CheckResult &c : result.checks) {
        QVERIFY2(!c.evidence.isEmpty(), qPrintable(c.id));
        if (c.status == CheckStatus::Warning)
            QVERIFY2(c.id == u"slot_retention" || c.id == u"checksums" || c.id == u"disk",
                     qPrintable(all(result)));
    }
    QCOMPARE(check(result, QStringLiteral("current_replication")).status, CheckStatus::Pass);
    QVERIFY2(check(result, QStringLiteral("current_replication"))
                 .evidence.contains(QStringLiteral("standby1 streaming")),
             qPrintable(all(result)));
    const QString login = check(result, QStringLiteral("replication_login")).evidence;
    QCOMPARE(login, QStringLiteral("replicator, scram-sha-256, reached over 127.0.0.1"));
    QCOMPARE(result.baseline.size(), 5);
    QCOMPARE(result.baseline.at(0).first, QStringLiteral("Taken"));
    QVERIFY(Lsn::parse(result.baseline.at(1).second).has_value());
    QCOMPARE(result.baseline.at(2).second, QStringLiteral("1, streaming, async"));
    QVERIFY2(result.baseline.at(4).second.endsWith(QStringLiteral("/s")),
             qPrintable(result.baseline.at(4).second));
    QVERIFY2(took < 4000, qPrintable(QString::number(took)));
    QCOMPARE(stateOf(*m_primary), m_before);
}

void TestPreflight::sinkSeesEachCheck()
{
    std::mutex mutex;
    QMap<QString, QList<CheckStatus>> seen;
    const auto sink = [&](const CheckResult &c) {
        const std::lock_guard lock(mutex);
        seen[c.id].append(c.status);
    };
    const PreflightResult result = runPreflight(request(), m_facts, m_secrets, {}, {}, sink);
    QCOMPARE(seen.size(), result.checks.size());
    for (const auto &states : std::as_const(seen)) {
        QCOMPARE(states.size(), 2);
        QCOMPARE(states.first(), CheckStatus::Running);
        QVERIFY(states.last() != CheckStatus::Running);
    }
}

void TestPreflight::runAgainOnlySome()
{
    const PreflightResult result = run(request(), {}, {QStringLiteral("port"), QStringLiteral("wal_level")});
    QCOMPARE(result.checks.size(), 2);
    QCOMPARE(check(result, QStringLiteral("port")).status, CheckStatus::Pass);
    QCOMPARE(check(result, QStringLiteral("wal_level")).status, CheckStatus::Pass);
}

void TestPreflight::stoppedAtOnce()
{
    std::stop_source stop;
    stop.request_stop();
    const PreflightResult result = runPreflight(request(), m_facts, m_secrets, {}, stop.get_token());
    QCOMPARE(result.count(CheckStatus::Pass), 0);
    QCOMPARE(result.count(CheckStatus::Skipped), int(result.checks.size()));
}

void TestPreflight::portTaken()
{
    AddStandbyRequest bad = request();
    test::TakenPort taken;
    QVERIFY(taken.take(bad.port));
    const PreflightResult result = run(bad);
    const CheckResult c = check(result, QStringLiteral("port"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QCOMPARE(c.field, QStringLiteral("port"));
    QVERIFY2(c.evidence.contains(QStringLiteral("port %1 is taken").arg(bad.port)), qPrintable(c.evidence));
    QVERIFY(c.fix);
    QCOMPARE(c.fix->setField, QStringLiteral("port"));
    QVERIFY(result.blocked());
    bad.port = c.fix->setValue.toInt();
    QCOMPARE(check(run(bad, {}, {QStringLiteral("port")}), QStringLiteral("port")).status, CheckStatus::Pass);
}

void TestPreflight::portOfANode()
{
    AddStandbyRequest bad = request();
    bad.port = m_standby->port();
    const CheckResult c = check(run(bad, {}, {QStringLiteral("port")}), QStringLiteral("port"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QVERIFY2(c.evidence.contains(QStringLiteral("standby1 of this cluster")), qPrintable(c.evidence));
}

void TestPreflight::directoryNotEmpty()
{
    AddStandbyRequest bad = request();
    QCOMPARE(TestServer::runAsServerUser({QStringLiteral("mkdir"), QStringLiteral("-p"),
                                          bad.dataDirectory + QStringLiteral("/keep")}),
             0);
    const auto tidy = qScopeGuard([&] { QDir(bad.dataDirectory).removeRecursively(); });
    const CheckResult c = check(run(bad), QStringLiteral("data_directory"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QCOMPARE(c.field, QStringLiteral("dataDirectory"));
    QVERIFY2(c.evidence.contains(QStringLiteral("is not empty")), qPrintable(c.evidence));
    QVERIFY(c.fix);
    QCOMPARE(c.fix->setField, QStringLiteral("dataDirectory"));
    QVERIFY(QDir(bad.dataDirectory + QStringLiteral("/keep")).exists());
    AddStandbyRequest good = bad;
    good.dataDirectory = c.fix->setValue;
    QCOMPARE(
        check(run(good, {}, {QStringLiteral("data_directory")}), QStringLiteral("data_directory")).status,
        CheckStatus::Pass);
    // Empty is as good as absent.
    QVERIFY(QDir(bad.dataDirectory).rmdir(QStringLiteral("keep")));
    const CheckResult empty =
        check(run(bad, {}, {QStringLiteral("data_directory")}), QStringLiteral("data_directory"));
    QVERIFY2(empty.status == CheckStatus::Pass, qPrintable(empty.evidence));
}

void TestPreflight::directoryOfAServer()
{
    AddStandbyRequest bad = request();
    bad.dataDirectory = m_primary->dataDir();
    CheckResult c = check(run(bad, {}, {QStringLiteral("data_directory")}), QStringLiteral("data_directory"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QVERIFY2(c.evidence.contains(QString::number(m_primary->port())), qPrintable(c.evidence));
    bad.dataDirectory = m_primary->dataDir() + QStringLiteral("/inside");
    c = check(run(bad, {}, {QStringLiteral("data_directory")}), QStringLiteral("data_directory"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QVERIFY2(c.evidence.contains(QStringLiteral("is inside")), qPrintable(c.evidence));
}

void TestPreflight::parentAbsent()
{
    AddStandbyRequest bad = request();
    bad.dataDirectory = m_folder.filePath(QStringLiteral("no/such/place"));
    const CheckResult c =
        check(run(bad, {}, {QStringLiteral("data_directory")}), QStringLiteral("data_directory"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QCOMPARE(c.field, QStringLiteral("dataDirectory"));
    QVERIFY(!QDir(m_folder.filePath(QStringLiteral("no"))).exists());
}

void TestPreflight::slotTaken()
{
    AddStandbyRequest bad = request();
    bad.slot = QStringLiteral("standby_slot");
    const CheckResult c = check(run(bad), QStringLiteral("names"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QCOMPARE(c.field, QStringLiteral("slot"));
    QVERIFY2(c.evidence.contains(QStringLiteral("slot standby_slot exists already")), qPrintable(c.evidence));
    QVERIFY(c.evidence.contains(QStringLiteral("active")));
    QVERIFY(c.fix);
    QCOMPARE(c.fix->setField, QStringLiteral("slot"));
    bad.slot = c.fix->setValue;
    QCOMPARE(check(run(bad, {}, {QStringLiteral("names")}), QStringLiteral("names")).status,
             CheckStatus::Pass);
}

void TestPreflight::slotInvalid()
{
    AddStandbyRequest bad = request();
    bad.slot = QStringLiteral("Standby-2");
    const CheckResult c = check(run(bad), QStringLiteral("names"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QCOMPARE(c.field, QStringLiteral("slot"));
    QVERIFY(!c.evidence.isEmpty() && !c.why.isEmpty());
}

void TestPreflight::nameTaken()
{
    AddStandbyRequest bad = request();
    bad.name = QStringLiteral("Standby1");
    const CheckResult c = check(run(bad), QStringLiteral("names"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QCOMPARE(c.field, QStringLiteral("name"));
}

void TestPreflight::wrongPassword()
{
    const QString wrong = QStringLiteral("not:the\\password");
    const PreflightResult result = run(request(), {{QStringLiteral("replication"), wrong}});
    const CheckResult c = check(result, QStringLiteral("replication_login"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QCOMPARE(c.field, QStringLiteral("replicationUser"));
    QVERIFY2(c.evidence.startsWith(QStringLiteral("wrong password for replicator")), qPrintable(c.evidence));
    QVERIFY(!all(result).contains(wrong));
    QVERIFY(loginFiles().isEmpty());
    // And the right one, typed: it goes through a passfile of its own.
    const CheckResult good =
        check(run(request(),
                  {{QStringLiteral("replication"), ServerFolder::password(QStringLiteral("replicator"))}}),
              QStringLiteral("replication_login"));
    QVERIFY2(good.status == CheckStatus::Pass, qPrintable(good.evidence));
    QVERIFY(loginFiles().isEmpty());
}

void TestPreflight::noHbaLine()
{
    QFile hba(m_primary->dataDir() + QStringLiteral("/pg_hba.conf"));
    QVERIFY(hba.open(QIODevice::ReadOnly));
    const QByteArray kept = hba.readAll();
    hba.close();
    const auto write = [&](const QByteArray &content) {
        return hba.open(QIODevice::WriteOnly | QIODevice::Truncate) && hba.write(content) == content.size() &&
               (hba.close(), true) && m_primary->reload();
    };
    const auto back = qScopeGuard([&] { write(kept); });
    QVERIFY(write("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"));
    QTRY_VERIFY_WITH_TIMEOUT(
        check(run(request(), {}, {QStringLiteral("replication_login")}), QStringLiteral("replication_login"))
                .status == CheckStatus::Fail,
        10000);
    const CheckResult c =
        check(run(request(), {}, {QStringLiteral("replication_login")}), QStringLiteral("replication_login"));
    QVERIFY2(c.evidence.contains(QStringLiteral("no pg_hba.conf entry for replication")),
             qPrintable(c.evidence));
    QVERIFY(c.fix);
    QVERIFY2(c.fix->command.contains(
                 QStringLiteral("host     replication  \"replicator\"  127.0.0.1/32  scram-sha-256")),
             qPrintable(c.fix->command));
}

void TestPreflight::noSuchRole()
{
    AddStandbyRequest bad = request();
    bad.replicationUser = QStringLiteral("nobody");
    const CheckResult c =
        check(run(bad, {}, {QStringLiteral("replication_login")}), QStringLiteral("replication_login"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QVERIFY2(c.evidence.contains(QStringLiteral("does not exist")), qPrintable(c.evidence));
    bad.replicationUser = QStringLiteral("plain");
    const CheckResult weak =
        check(run(bad, {}, {QStringLiteral("replication_login")}), QStringLiteral("replication_login"));
    QCOMPARE(weak.status, CheckStatus::Fail);
    QVERIFY(weak.fix);
    QCOMPARE(weak.fix->command, QStringLiteral("ALTER ROLE \"plain\" REPLICATION;"));
}

void TestPreflight::noPrograms()
{
    AddStandbyFacts facts = m_facts;
    facts.binDirectory.clear();
    const PreflightResult none = runPreflight(request(), facts, m_secrets, {});
    CheckResult c = check(none, QStringLiteral("programs"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QVERIFY(c.fix);
    QVERIFY2(c.fix->command.contains(QStringLiteral("postgresql-")), qPrintable(c.fix->command));
    QVERIFY(none.blocked());
    facts.binDirectory = m_folder.path();
    c = check(runPreflight(request(), facts, m_secrets, {}, {}, {}, {QStringLiteral("programs")}),
              QStringLiteral("programs"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QVERIFY2(c.evidence.contains(QStringLiteral("pg_basebackup")), qPrintable(c.evidence));
}

void TestPreflight::diskTooSmall()
{
    const QString small = m_folder.filePath(QStringLiteral("small"));
    QCOMPARE(TestServer::runAsServerUser({QStringLiteral("mkdir"), small}), 0);
    if (::mount("tmpfs", qPrintable(small), "tmpfs", 0, "size=8m,mode=0777") != 0) {
        QDir().rmdir(small);
        QSKIP("No permission to mount a small tmpfs: the check of a small disk was not tried.");
    }
    const auto unmount = qScopeGuard([&] {
        ::umount(qPrintable(small));
        QDir().rmdir(small);
    });
    AddStandbyRequest bad = request();
    bad.dataDirectory = small + QStringLiteral("/standby2");
    const PreflightResult result = run(bad);
    const CheckResult c = check(result, QStringLiteral("disk"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QCOMPARE(c.field, QStringLiteral("dataDirectory"));
    QVERIFY2(c.evidence.startsWith(QStringLiteral("8 MB free, needs")), qPrintable(c.evidence));
    QVERIFY(c.why.contains(QStringLiteral("another disk")));
    QVERIFY(result.sentence().contains(QStringLiteral("Disk space failed and blocks the plan")));
}

void TestPreflight::sendersUsedUp()
{
    ServerFolder folder;
    const auto server = TestServer::primary(
        folder, QStringLiteral("narrow"),
        {QStringLiteral("max_wal_senders = 1"), QStringLiteral("max_replication_slots = 1")});
    QVERIFY(server);
    QVERIFY(!server
                 ->psql(QStringLiteral("ALTER ROLE understudy REPLICATION; "
                                       "SELECT pg_create_physical_replication_slot('only_one')"))
                 .isNull());
    const auto facts = gatherFacts(specOf({server.get()}, folder), m_secrets);
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    AddStandbyRequest bad = request();
    bad.upstream = facts->spec.nodes.first().id;
    bad.dataDirectory = folder.filePath(QStringLiteral("standby2"));
    const PreflightResult result = runPreflight(bad, *facts, m_secrets, {});
    const CheckResult c = check(result, QStringLiteral("walsenders_slots"));
    QCOMPARE(c.status, CheckStatus::Fail);
    QVERIFY2(c.evidence.startsWith(QStringLiteral("1 of 1 and 0 of 1 free")), qPrintable(c.evidence));
    QVERIFY(c.fix && c.fix->restartsPrimary);
    QVERIFY(c.fix->command.contains(QStringLiteral("max_wal_senders")));
    QVERIFY(c.fix->command.contains(QStringLiteral("max_replication_slots")));
    QVERIFY(result.blocked());
    // An unused slot of nobody is said too.
    QCOMPARE(check(result, QStringLiteral("current_replication")).status, CheckStatus::Warning);
}

void TestPreflight::limitAndWaiver()
{
    CheckResult c =
        check(run(request(), {}, {QStringLiteral("slot_retention")}), QStringLiteral("slot_retention"));
    QCOMPARE(c.status, CheckStatus::Warning);
    QVERIFY2(c.evidence.contains(QStringLiteral("max_slot_wal_keep_size = -1")), qPrintable(c.evidence));
    QVERIFY2(c.why.contains(QStringLiteral("free there last")), qPrintable(c.why));
    QVERIFY(c.fix);
    QVERIFY(c.fix->command.startsWith(QStringLiteral("ALTER SYSTEM SET max_slot_wal_keep_size = '")));
    QVERIFY(!c.fix->restartsPrimary);
    QVERIFY2(!c.fix->canApply, "the role may not alter the system: no button");
    AddStandbyRequest waived = request();
    waived.waived.insert(QStringLiteral("slot_retention"), QStringLiteral("disk is watched"));
    c = check(run(waived, {}, {QStringLiteral("slot_retention")}), QStringLiteral("slot_retention"));
    QCOMPARE(c.status, CheckStatus::Waived);
    QVERIFY(c.waivedReason.endsWith(QStringLiteral(": disk is watched")));
    // A failed check that nobody may waive stays failed.
    waived.waived.insert(QStringLiteral("names"), QStringLiteral("never mind"));
    waived.slot = QStringLiteral("standby_slot");
    QCOMPARE(check(run(waived, {}, {QStringLiteral("names")}), QStringLiteral("names")).status,
             CheckStatus::Fail);
    // A role that may: there is a plan, of two statements and their undo.
    if (m_facts.topology.node(m_facts.spec.nodes.first().id)->versionNum < 150000)
        QSKIP("ALTER SYSTEM cannot be granted before PostgreSQL 15.");
    QVERIFY(
        !m_primary
             ->psql(QStringLiteral("GRANT ALTER SYSTEM ON PARAMETER max_slot_wal_keep_size TO understudy; "
                                   "GRANT EXECUTE ON FUNCTION pg_reload_conf() TO understudy"))
             .isNull());
    c = check(run(request(), {}, {QStringLiteral("slot_retention")}), QStringLiteral("slot_retention"));
    QVERIFY(c.fix && c.fix->canApply && c.fix->plan);
    QCOMPARE(c.fix->plan->steps.size(), 1);
    QVERIFY(!c.fix->plan->steps.first().undo.isEmpty());
}

void TestPreflight::syncMatchesAll()
{
    QCOMPARE(check(run(request(), {}, {QStringLiteral("sync")}), QStringLiteral("sync")).status,
             CheckStatus::Pass);
    QVERIFY(!m_primary->psql(QStringLiteral("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (*)'"))
                 .isNull());
    const auto back = qScopeGuard([&] {
        m_primary->psql(QStringLiteral("ALTER SYSTEM RESET synchronous_standby_names"));
        m_primary->reload();
    });
    QVERIFY(m_primary->reload());
    QVERIFY(
        m_primary->waitFor(QStringLiteral("SHOW synchronous_standby_names"), QStringLiteral("ANY 1 (*)")));
    const CheckResult c = check(run(request(), {}, {QStringLiteral("sync")}), QStringLiteral("sync"));
    QCOMPARE(c.status, CheckStatus::Warning);
    QVERIFY2(c.why.contains(QStringLiteral("any 1 of the standbys")), qPrintable(c.why));
}

void TestPreflight::brokenStandbyWarns()
{
    QVERIFY(m_standby->stop());
    const auto back = qScopeGuard([&] {
        m_standby->start();
        m_primary->waitFor(QStringLiteral("SELECT count(*) FROM pg_stat_replication"), QStringLiteral("1"));
    });
    QVERIFY(
        m_primary->waitFor(QStringLiteral("SELECT active FROM pg_replication_slots"), QStringLiteral("f")));
    const CheckResult c = check(run(request(), {}, {QStringLiteral("current_replication")}),
                                QStringLiteral("current_replication"));
    QCOMPARE(c.status, CheckStatus::Warning);
    QVERIFY2(c.evidence.contains(QStringLiteral("standby_slot inactive")), qPrintable(c.evidence));
    AddStandbyRequest bad = request();
    bad.port = m_standby->port();
    const CheckResult port = check(run(bad, {}, {QStringLiteral("port")}), QStringLiteral("port"));
    QCOMPARE(port.status, CheckStatus::Fail);
    QVERIFY2(port.evidence.contains(QStringLiteral("belongs to standby1")), qPrintable(port.evidence));
}

void TestPreflight::walLevelMinimal()
{
    ServerFolder folder;
    const auto server =
        TestServer::primary(folder, QStringLiteral("minimal"),
                            {QStringLiteral("wal_level = minimal"), QStringLiteral("max_wal_senders = 0")});
    QVERIFY(server);
    const auto facts = gatherFacts(specOf({server.get()}, folder), m_secrets);
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    AddStandbyRequest bad = request();
    bad.upstream = facts->spec.nodes.first().id;
    const PreflightResult result = runPreflight(bad, *facts, m_secrets, {});
    const CheckResult level = check(result, QStringLiteral("wal_level"));
    QCOMPARE(level.status, CheckStatus::Fail);
    QVERIFY(level.evidence.contains(QStringLiteral("wal_level = minimal")));
    QVERIFY(level.fix && level.fix->restartsPrimary);
    QCOMPARE(check(result, QStringLiteral("walsenders_slots")).status, CheckStatus::Fail);
    const CheckResult login = check(result, QStringLiteral("replication_login"));
    QVERIFY2(login.evidence.contains(QStringLiteral("max_wal_senders")), qPrintable(login.evidence));
    // Our role has no REPLICATION there.
    QCOMPARE(check(result, QStringLiteral("rights")).status, CheckStatus::Fail);
}

void TestPreflight::reachedThroughSsh()
{
    // Whatever answers at that address from here, it is not copied.
    AddStandbyFacts facts = m_facts;
    facts.spec.nodes.first().endpoint.ssh = QStringLiteral("gateway");
    const PreflightResult result = runPreflight(request(), facts, m_secrets, {});
    QVERIFY(result.blocked());
    const CheckResult answers = check(result, QStringLiteral("upstream_answers"));
    QCOMPARE(answers.status, CheckStatus::Fail);
    QVERIFY2(answers.evidence.contains(QStringLiteral("through ssh gateway")), qPrintable(answers.evidence));

    // With an address that leads there from the target, the login is proved over that one.
    facts = m_facts;
    AddStandbyRequest other = request();
    other.upstreamAddress = QStringLiteral("127.0.0.2:%1").arg(m_primary->port());
    const CheckResult login =
        check(runPreflight(other, facts, m_secrets, {}, {}, {}, {QStringLiteral("replication_login")}),
              QStringLiteral("replication_login"));
    QCOMPARE(login.status, CheckStatus::Fail); // it listens on 127.0.0.1 alone
    QVERIFY2(login.evidence.contains(QStringLiteral("127.0.0.2")), qPrintable(login.evidence));
    other.upstreamAddress = QStringLiteral("localhost");
    QCOMPARE(check(runPreflight(other, facts, m_secrets,
                                {{QStringLiteral("replication"),
                                  ServerFolder::password(QStringLiteral("replicator"))}},
                                {}, {}, {QStringLiteral("replication_login")}),
                   QStringLiteral("replication_login"))
                 .status,
             CheckStatus::Pass);
}

void TestPreflight::leftToAScript()
{
    AddStandbyRequest other = request();
    other.on = QStringLiteral("script:db5");
    other.upstreamAddress = QStringLiteral("db1.example");
    other.dataDirectory = m_primary->dataDir(); // taken here, which says nothing of db5
    other.port = m_primary->port();
    other.choices.walDirectory = QStringLiteral("/no/such/place/wal");
    other.choices.restoreCommand = QStringLiteral("no-such-program %f %p");
    const PreflightResult result = runPreflight(other, *gatherPlace(m_facts, other.on), m_secrets, {});
    QVERIFY2(!result.blocked(), qPrintable(all(result)));
    for (const char *id :
         {"programs", "same_version", "os_user", "port", "keeper", "data_directory", "disk", "tablespaces",
          "clock", "collation", "foreign_files", "wal_directory", "restore_command", "replication_login"}) {
        const CheckResult row = check(result, QLatin1String(id));
        QCOMPARE(row.status, CheckStatus::Skipped);
        QVERIFY2(row.evidence.startsWith(QStringLiteral("the script ")) &&
                     row.evidence.contains(QStringLiteral("on db5")),
                 qPrintable(row.id + row.evidence));
    }
    // What the upstream can be asked is asked.
    for (const char *id : {"upstream_answers", "walsenders_slots", "wal_level", "settings_parity", "names"})
        QCOMPARE(check(result, QLatin1String(id)).status, CheckStatus::Pass);
}

void TestPreflight::serverDown()
{
    QVERIFY(m_primary->stop());
    const auto back = qScopeGuard([&] { m_primary->start(); });
    QElapsedTimer timer;
    timer.start();
    const PreflightResult result = run(request());
    QVERIFY2(timer.elapsed() < 4000, qPrintable(QString::number(timer.elapsed())));
    const CheckResult first = check(result, QStringLiteral("upstream_answers"));
    QCOMPARE(first.status, CheckStatus::Fail);
    QCOMPARE(first.field, QStringLiteral("upstream"));
    QVERIFY2(first.evidence.contains(QString::number(m_primary->port())), qPrintable(first.evidence));
    QVERIFY2(!first.evidence.contains(u'\n'), qPrintable(first.evidence));
    const CheckResult level = check(result, QStringLiteral("wal_level"));
    QCOMPARE(level.status, CheckStatus::Skipped);
    QVERIFY(level.evidence.contains(QStringLiteral("does not answer")));
    QCOMPARE(check(result, QStringLiteral("programs")).status, CheckStatus::Pass);
    QCOMPARE(result.baseline.at(1).second, QStringLiteral("unknown"));
}

void TestPreflight::nothingLeftBehind()
{
    QVERIFY(loginFiles().isEmpty());
    QVERIFY(!QDir(m_folder.filePath(QStringLiteral("standby2"))).exists());
    QVERIFY(
        m_primary->waitFor(QStringLiteral("SELECT count(*) FROM pg_replication_slots"), QStringLiteral("1")));
    QVERIFY(m_primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'understudy%'"),
        QStringLiteral("0")));
}

QTEST_GUILESS_MAIN(TestPreflight)
#include "tst_preflight.moc"
