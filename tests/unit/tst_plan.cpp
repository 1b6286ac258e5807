// SPDX-License-Identifier: GPL-3.0-or-later
#include "StandbyFacts.h"
#include "operations/AddStandbySteps.h"
#include "operations/FailureWords.h"
#include "operations/Passfile.h"
#include "operations/PickUp.h"
#include "operations/Placeholders.h"
#include "operations/PlanHosts.h"
#include "operations/RunRecord.h"
#include "operations/UnseenMachine.h"
#include "operations/UpstreamAddress.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace understudy;
using test::someFacts;
using test::someRequest;

/// Plans as data: they survive JSON, they make a script that a linter likes, bad input is named.
class TestPlan : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goodRequest();
    void badRequest_data();
    void badRequest();
    void steps();
    void passwordToGoOn();
    void jsonRoundTrip();
    void hostileJson();
    void onAnotherMachine();
    void forAnUnseenMachine();
    void upstreamAddresses_data();
    void upstreamAddresses();
    void keepers_data();
    void keepers();
    void keeperThatAsks();
    void shownCommandsHideSecrets();
    void scriptIsShellcheckClean_data();
    void scriptIsShellcheckClean();
    void after();
    void withSynchronous_data();
    void withSynchronous();
    void placeholders();
    void secretsAreScrubbed();
    void passfile();
    void failuresInWords_data();
    void failuresInWords();
};

void TestPlan::goodRequest()
{
    QCOMPARE(validate(someRequest(), someFacts()), QList<Error>());
}

void TestPlan::badRequest_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<AddStandbyRequest>("request");
    const auto row = [](const char *name, const char *field, auto change) {
        AddStandbyRequest r = someRequest();
        change(r);
        QTest::newRow(name) << QString::fromLatin1(field) << r;
    };
    using R = AddStandbyRequest;
    row("no name", "name", [](R &r) { r.name.clear(); });
    row("name with a quote", "name", [](R &r) { r.name = QStringLiteral("a'b"); });
    row("name with a line end", "name", [](R &r) { r.name = QStringLiteral("a\nport = 1"); });
    row("name in use", "name", [](R &r) { r.name = QStringLiteral("primary"); });
    row("slot with a quote", "slot", [](R &r) { r.slot = QStringLiteral("x'); DROP TABLE t; --"); });
    row("slot in capitals", "slot", [](R &r) { r.slot = QStringLiteral("Slot"); });
    row("slot too long", "slot", [](R &r) { r.slot = QString(64, u'a'); });
    row("slot in use", "slot", [](R &r) { r.slot = QStringLiteral("standby_slot"); });
    row("no port", "port", [](R &r) { r.port = 0; });
    row("port too high", "port", [](R &r) { r.port = 65536; });
    row("port of root", "port", [](R &r) { r.port = 80; });
    row("port of the primary", "port", [](R &r) { r.port = 5432; });
    row("no directory", "dataDirectory", [](R &r) { r.dataDirectory.clear(); });
    row("relative directory", "dataDirectory", [](R &r) { r.dataDirectory = QStringLiteral("standby2"); });
    row("directory with dots", "dataDirectory",
        [](R &r) { r.dataDirectory = QStringLiteral("/srv/../etc"); });
    row("directory with a line end", "dataDirectory",
        [](R &r) { r.dataDirectory = QStringLiteral("/srv/a\nb"); });
    row("root directory", "dataDirectory", [](R &r) { r.dataDirectory = QStringLiteral("/"); });
    row("inside the primary", "dataDirectory",
        [](R &r) { r.dataDirectory = QStringLiteral("/srv/demo/primary/x"); });
    row("around the primary", "dataDirectory", [](R &r) { r.dataDirectory = QStringLiteral("/srv/demo"); });
    row("compose", "on", [](R &r) { r.on = QStringLiteral("compose"); });
    row("ssh", "on", [](R &r) { r.on = QStringLiteral("ssh:db2"); });
    row("nowhere", "on", [](R &r) { r.on = QStringLiteral("moon"); });
    row("unknown upstream", "upstream", [](R &r) { r.upstream = QStringLiteral("nobody\x1b[31m"); });
    row("rate", "maxRate", [](R &r) { r.maxRate = QStringLiteral("20M; rm -rf /"); });
    row("rate too low", "maxRate", [](R &r) { r.maxRate = QStringLiteral("3k"); });
    row("role", "replicationUser", [](R &r) { r.replicationUser = QStringLiteral("a\nb"); });
}

void TestPlan::badRequest()
{
    QFETCH(QString, field);
    QFETCH(AddStandbyRequest, request);
    const QList<Error> errors = validate(request, someFacts());
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors.first().field, field);
    QVERIFY(!errors.first().action.isEmpty());
    for (const QChar c : errors.first().text())
        QVERIFY(c.isPrint());
    QVERIFY(!planAddStandby(request, someFacts()));
}

void TestPlan::steps()
{
    const auto ids = [](const Plan &plan) {
        QStringList all;
        for (const Step &step : plan.steps)
            all << step.id;
        return all.join(u' ');
    };
    AddStandbyFacts facts = someFacts();
    QCOMPARE(ids(*planAddStandby(someRequest(), facts)),
             QStringLiteral("baseline directory passfile slot copy configure start stream verify"));
    facts.sharedPassfiles.insert(QStringLiteral("127.0.0.1:5432"), QStringLiteral("/srv/demo/passfile"));
    AddStandbyRequest sync = someRequest();
    sync.synchronous = true;
    QCOMPARE(ids(*planAddStandby(sync, facts)),
             QStringLiteral("baseline directory slot copy configure start stream sync verify"));
    const Plan plan = *planAddStandby(someRequest(), facts);
    for (const Step &step : plan.steps) {
        QVERIFY(!step.why.isEmpty() && !step.shownCommands().isEmpty());
        QVERIFY2(step.readsOnly ? step.undoWords.isEmpty() && step.undo.isEmpty() : !step.undoWords.isEmpty(),
                 qPrintable(step.id));
        QVERIFY2(step.undo.isEmpty() || !step.leftover.isEmpty(), qPrintable(step.id));
    }
    // The copy never asks and never carries a password.
    const auto copy = std::get<CommandAction>(plan.steps[3].actions.first());
    QVERIFY(copy.command.argv.contains(QStringLiteral("--no-password")));
    QVERIFY(copy.command.argv.last().contains(QStringLiteral("passfile=/srv/demo/passfile")));
}

void TestPlan::passwordToGoOn()
{
    JournalEntry entry;
    entry.record.plan = *planAddStandby(someRequest(), someFacts());
    for (const Step &step : entry.record.plan.steps)
        entry.record.steps << StepRecord{step.id, StepState::Done, 0, 0, {}, {}, {}};
    const auto state = [&](const char *id, StepState to) {
        for (StepRecord &step : entry.record.steps) {
            if (step.stepId == QLatin1String(id))
                step.state = to;
        }
    };
    // Stored by its step, it is not asked for again.
    state("copy", StepState::Running);
    QVERIFY(!takesReplicationPassword(entry));
    for (const StepState open :
         {StepState::Waiting, StepState::Running, StepState::Failed, StepState::Undone}) {
        state("passfile", open);
        QVERIFY(takesReplicationPassword(entry));
    }
    // What is kept of the plan says as much.
    entry.record.plan = *planFromJson(toJson(entry.record.plan));
    QVERIFY(takesReplicationPassword(entry));
    const Endpoint login = replicationLogin(entry.record.plan);
    QCOMPARE(login.address(), QStringLiteral("127.0.0.1:5432"));
    QCOMPARE(login.user, QStringLiteral("replicator"));
    QCOMPARE(login.database, QStringLiteral("replication"));
}

void TestPlan::jsonRoundTrip()
{
    AddStandbyRequest request = someRequest();
    request.synchronous = true;
    const Plan plan = *planAddStandby(request, someFacts());
    const QByteArray text = QJsonDocument(toJson(plan)).toJson();
    const auto back = planFromJson(QJsonDocument::fromJson(text).object());
    QVERIFY(back);
    QCOMPARE(QJsonDocument(toJson(*back)).toJson(), text);
    QCOMPARE(back->toScript(), plan.toScript());
    QCOMPARE(back->endpoints, plan.endpoints);
}

namespace {

/// The target is db2, which reaches the primary by its name.
AddStandbyFacts factsOnDb2()
{
    AddStandbyFacts f = someFacts();
    f.target.place = QStringLiteral("ssh:db2");
    f.target.address = QStringLiteral("db2.example");
    f.target.keepers = {QStringLiteral("pg_ctl"), QStringLiteral("systemd")};
    f.target.canAdmin = true;
    f.target.seenHosts.insert(QStringLiteral("127.0.0.1:5432"), QStringLiteral("db1.example"));
    return f;
}

} // namespace

void TestPlan::onAnotherMachine()
{
    AddStandbyRequest request = someRequest();
    QCOMPARE(validate(request, factsOnDb2()).first().field, QStringLiteral("on")); // db2 is not this machine
    request.on = QStringLiteral("ssh:db2");
    QCOMPARE(validate(request, someFacts()).first().field, QStringLiteral("on")); // nobody looked at db2
    request.keeper = QStringLiteral("pg_ctlcluster");
    QCOMPARE(validate(request, factsOnDb2()).first().field, QStringLiteral("keeper"));
    request.keeper = QStringLiteral("cron");
    QCOMPARE(validate(request, factsOnDb2()).first().field, QStringLiteral("keeper"));
    request.keeper.clear();
    QCOMPARE(keeperFor(request, factsOnDb2()), QStringLiteral("systemd"));
    // A port or directory of this machine's servers is free on db2.
    request.port = 5432;
    request.dataDirectory = QStringLiteral("/srv/demo/primary");
    const auto plan = planAddStandby(request, factsOnDb2());
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    QCOMPARE(plan->hosts, QStringList{QStringLiteral("ssh:db2")});
    // We go on reaching the primary as before; the copy and the script, which run on db2, by its name.
    QCOMPARE(plan->endpoints.value(QStringLiteral("primary")).host, QStringLiteral("127.0.0.1"));
    QVERIFY(plan->toScript().contains(QStringLiteral("host=db1.example")));
    QVERIFY(!plan->toScript().contains(QStringLiteral("host=127.0.0.1")));
    QVERIFY(plan->toScript().contains(QStringLiteral("# To be run on db2,")));
    const auto back = planFromJson(toJson(*plan));
    QVERIFY(back);
    QCOMPARE(back->seen, plan->seen);
    QString shown;
    bool registered = false;
    for (const Step &step : plan->steps) {
        shown += step.shownCommands().join(u'\n');
        registered = registered || step.id == QLatin1String("register");
    }
    QVERIFY(registered);
    QVERIFY(shown.contains(QStringLiteral("# on db2\n")));
    QVERIFY(shown.contains(QStringLiteral("pg_basebackup")) &&
            shown.contains(QStringLiteral("host=db1.example")));
    QVERIFY(!shown.contains(QStringLiteral("host=127.0.0.1")));
}

void TestPlan::forAnUnseenMachine()
{
    AddStandbyRequest request;
    request.on = QStringLiteral("script:db5");
    const AddStandbyFacts facts = unseenPlace(someFacts(), request.on);
    request = suggest(request, facts);
    QCOMPARE(request.name, QStringLiteral("standby1"));
    QCOMPARE(request.port, 5432);
    QCOMPARE(request.keeper, QStringLiteral("pg_ctl"));
    // 127.0.0.1 would be db5 itself; told so, it is taken.
    QCOMPARE(validate(request, facts).value(0).field, QStringLiteral("upstreamAddress"));
    request.upstreamAddress = QStringLiteral("127.0.0.1");
    QCOMPARE(validate(request, facts), QList<Error>());
    request.upstreamAddress = QStringLiteral("db1.example:6543");
    AddStandbyRequest acting = request;
    acting.dataDirectory = QStringLiteral("/srv/$HOME");
    QCOMPARE(validate(acting, facts).value(0).field, QStringLiteral("dataDirectory"));
    acting.dataDirectory = QStringLiteral("/srv/${HOME}");
    acting.keeper = QStringLiteral("systemd");
    QCOMPARE(validate(acting, facts).value(0).field, QStringLiteral("dataDirectory"));

    const auto plan = planAddStandby(request, facts);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    QCOMPARE(plan->steps.first().id, QStringLiteral("machine"));
    QCOMPARE(plan->hosts, QStringList{QStringLiteral("script:db5")});
    QVERIFY(hostsOf(*plan).isEmpty()); // nobody can run it from here
    const QString script = plan->toScript();
    QVERIFY(script.contains(QStringLiteral("host=db1.example port=6543")));
    QVERIFY(!script.contains(QStringLiteral("127.0.0.1")));
    const auto back = planFromJson(toJson(*plan));
    QVERIFY(back);
    QCOMPARE(back->unseen, plan->unseen);
    QCOMPARE(back->toScript(), script);

    // A server that is watched through ssh is followed by the address that is given.
    AddStandbyFacts tunnelled = someFacts();
    tunnelled.spec.nodes.first().endpoint.ssh = QStringLiteral("gateway");
    AddStandbyRequest here = someRequest();
    QCOMPARE(validate(here, tunnelled).value(0).field, QStringLiteral("upstreamAddress"));
    here.upstreamAddress = QStringLiteral("db1.example:6543");
    const auto follows = planAddStandby(here, tunnelled);
    QVERIFY2(follows, follows ? "" : qPrintable(follows.error().text()));
    QVERIFY(follows->toScript().contains(QStringLiteral("host=db1.example port=6543 user=replicator")));
    QCOMPARE(follows->endpoints.value(QStringLiteral("primary")).ssh, QStringLiteral("gateway"));
}

void TestPlan::upstreamAddresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::newRow("name") << "db1"
                          << "db1" << 5432;
    QTest::newRow("name and port") << "db1.example:6543"
                                   << "db1.example" << 6543;
    QTest::newRow("address") << "10.0.0.7:1"
                             << "10.0.0.7" << 1;
    QTest::newRow("IPv6") << "2001:db8::1"
                          << "2001:db8::1" << 5432;
    QTest::newRow("IPv6 and port") << "[2001:db8::1]:6543"
                                   << "2001:db8::1" << 6543;
    for (const char *bad :
         {"", "db1:", "db1:0", "db1:70000", "db1:x", "/tmp", "a b", "-x", "db1\n", "[::1", "a;b"})
        QTest::addRow("not: %s", bad) << bad << QString() << 0;
}

void TestPlan::upstreamAddresses()
{
    QFETCH(QString, text);
    QFETCH(QString, host);
    QFETCH(int, port);
    const auto address = parseUpstreamAddress(text, 5432);
    QCOMPARE(bool(address), !host.isEmpty());
    if (!address) {
        QCOMPARE(address.error().field, QStringLiteral("upstreamAddress"));
    } else {
        QCOMPARE(address->first, host);
        QCOMPARE(address->second, port);
    }
}

void TestPlan::keepers_data()
{
    QTest::addColumn<QString>("config");
    QTest::addColumn<bool>("there");
    QTest::addColumn<QString>("keeper");
    const QString data = QStringLiteral("/srv/demo/primary/postgresql.conf");
    const QString debian = QStringLiteral("/etc/postgresql/15/main/postgresql.conf");
    QTest::newRow("with its data") << data << true << "pg_ctl";
    QTest::newRow("as Debian keeps it") << debian << true << "pg_ctlcluster";
    QTest::newRow("without the tools") << debian << false << "pg_ctl";
}

void TestPlan::keepers()
{
    QFETCH(QString, config);
    QFETCH(bool, there);
    AddStandbyFacts f = someFacts();
    f.serverSettings[QStringLiteral("127.0.0.1:5432")].insert(
        QStringLiteral("config_file"), {config, QStringLiteral("override"), QString()});
    f.target.keepers = {QStringLiteral("pg_ctl")};
    if (there)
        f.target.keepers << QStringLiteral("pg_ctlcluster");
    QTEST(keeperFor(someRequest(), f), "keeper");
}

// What needs root is not chosen for a person where sudo would ask for that alone.
void TestPlan::keeperThatAsks()
{
    const QString debian = QStringLiteral("pg_ctlcluster"), systemd = QStringLiteral("systemd"),
                  plain = QStringLiteral("pg_ctl");
    AddStandbyFacts f = factsOnDb2();
    AddStandbyRequest request = someRequest();
    request.on = QStringLiteral("ssh:db2");
    f.target.canAdmin = false;
    f.target.adminAsks = true;
    QCOMPARE(keeperFor(request, f), plain);
    QVERIFY(f.target.usesRoot(systemd, QStringLiteral("postgres")));
    // Debian's is told by postgres as well, and by root where the server is somebody else's.
    f.target.keepers << debian;
    f.currentUser = QStringLiteral("postgres");
    f.runAs.clear();
    QCOMPARE(keeperFor(request, f), debian);
    QVERIFY(!f.target.usesRoot(debian, QStringLiteral("postgres")));
    QVERIFY(f.target.usesRoot(debian, QStringLiteral("pg")));
    // Where the password is wanted anyway, root is no further question.
    f.target.serverAsks = true;
    QCOMPARE(keeperFor(request, f), debian);
    QVERIFY(f.target.usesRoot(debian, QStringLiteral("postgres")));
    f.target.keepers.removeAll(debian);
    QCOMPARE(keeperFor(request, f), systemd);
}

void TestPlan::hostileJson()
{
    QVERIFY(!planFromJson({}));
    QVERIFY(!planFromJson({{QStringLiteral("format"), 2}}));
    QJsonObject o = toJson(*planAddStandby(someRequest(), someFacts()));
    o.insert(QStringLiteral("steps"), QStringLiteral("all of them"));
    QVERIFY(planFromJson(o)); // no steps: nothing will run
    QCOMPARE(planFromJson(o)->steps.size(), 0);
    o.insert(QStringLiteral("steps"), QJsonArray{QJsonObject{}});
    QVERIFY(!planFromJson(o));
    const QJsonObject bad{{QStringLiteral("kind"), QStringLiteral("format_disk")}};
    o.insert(QStringLiteral("steps"), QJsonArray{QJsonObject{{QStringLiteral("id"), QStringLiteral("x")},
                                                             {QStringLiteral("actions"), QJsonArray{bad}}}});
    QVERIFY(!planFromJson(o));
}

void TestPlan::shownCommandsHideSecrets()
{
    const Plan plan = *planAddStandby(someRequest(), someFacts());
    QString all;
    for (const Step &step : plan.steps)
        all += step.shownCommands().join(u'\n') + u'\n';
    QVERIFY(all.contains(QStringLiteral("(hidden)")));
    QVERIFY(!all.contains(QStringLiteral("${secret")));
    for (const QString &line : all.split(u'\n'))
        if (line.startsWith(QStringLiteral("/usr/lib")))
            QVERIFY2(line.size() <= 80, qPrintable(line));
}

void TestPlan::scriptIsShellcheckClean_data()
{
    QTest::addColumn<AddStandbyRequest>("request");
    QTest::addColumn<QString>("title");
    AddStandbyRequest r = someRequest();
    QTest::newRow("usual") << r << QStringLiteral("demo");
    r.synchronous = true;
    r.maxRate = QStringLiteral("20M");
    QTest::newRow("synchronous") << r << QStringLiteral("demo");
    AddStandbyRequest unseen = someRequest();
    unseen.on = QStringLiteral("script:db5\nrm -rf /\n");
    unseen.upstreamAddress = QStringLiteral("db1.example");
    unseen.dataDirectory = QStringLiteral("/srv/it's (a) & b/c");
    unseen.choices.walDirectory = QStringLiteral("/wal/it's (a) & b");
    unseen.choices.restoreCommand = QStringLiteral("cp '/archive/%f' \"%p\"");
    unseen.choices.verifyBackup = true;
    for (const char *keeper : {"pg_ctl", "pg_ctlcluster", "systemd"}) {
        unseen.keeper = QLatin1String(keeper);
        QTest::addRow("unseen, %s", keeper) << unseen << QStringLiteral("x\nrm -rf /\n");
    }
    unseen.dataDirectory = QStringLiteral("/srv/it's $(touch /tmp/x) `a` \"b\" \\ c/d");
    unseen.synchronous = true;
    QTest::newRow("unseen, hostile directory") << unseen << QStringLiteral("demo");
    r.dataDirectory = QStringLiteral("/srv/it's $(touch /tmp/x) `a` \"b\" \\ c/d");
    r.useEmptyDirectory = true;
    QTest::newRow("hostile directory") << r << QStringLiteral("x\nrm -rf /\n");
}

void TestPlan::scriptIsShellcheckClean()
{
    QFETCH(AddStandbyRequest, request);
    QFETCH(QString, title);
    AddStandbyFacts facts = someFacts();
    facts.spec.title = title;
    if (isScriptPlace(request.on))
        facts = unseenPlace(facts, request.on);
    const auto plan = planAddStandby(request, facts);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("plan.sh")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(plan->toScript().toUtf8());
    file.close();
    QProcess shellcheck;
    shellcheck.start(QStringLiteral("shellcheck"), {file.fileName()});
    if (!shellcheck.waitForStarted())
        QSKIP("shellcheck is not installed");
    QVERIFY(shellcheck.waitForFinished());
    const QByteArray said = shellcheck.readAllStandardOutput();
    QVERIFY2(shellcheck.exitCode() == 0, said.constData());
    QVERIFY(!plan->toScript().contains(QStringLiteral("\nrm -rf /\n")));
}

void TestPlan::after()
{
    const Topology after = topologyAfter(someRequest(), someFacts());
    const Cluster &cluster = after.clusters.first();
    QCOMPARE(cluster.nodes.size(), 2);
    QCOMPARE(cluster.nodes.last().state, NodeState::Planned);
    const Link *link = cluster.linkTo(cluster.nodes.last().id);
    QVERIFY(link);
    QCOMPARE(link->slot, QStringLiteral("standby2_slot"));
    QCOMPARE(link->lag, LagState::Unknown);
    QVERIFY(!link->lagBytes);
}

void TestPlan::withSynchronous_data()
{
    QTest::addColumn<QString>("old");
    QTest::addColumn<QString>("now");
    QTest::newRow("none") << QString() << QStringLiteral("FIRST 1 (\"s2\")");
    QTest::newRow("any") << QStringLiteral("ANY 1 (a, b)") << QStringLiteral("ANY 1 (a, b, \"s2\")");
    QTest::newRow("first") << QStringLiteral("FIRST 2 (a, b)") << QStringLiteral("FIRST 3 (\"s2\", a, b)");
    QTest::newRow("number") << QStringLiteral("1 (a)") << QStringLiteral("FIRST 2 (\"s2\", a)");
    QTest::newRow("list") << QStringLiteral("a, b") << QStringLiteral("FIRST 2 (\"s2\", a, b)");
}

void TestPlan::withSynchronous()
{
    QFETCH(QString, old);
    QFETCH(QString, now);
    QCOMPARE(understudy::withSynchronous(old, QStringLiteral("s2")), now);
}

void TestPlan::placeholders()
{
    const Placeholders p({{QStringLiteral("lsn"), QStringLiteral("0/1'; DROP")},
                          {QStringLiteral("trick"), QStringLiteral("${lsn}")}},
                         {{QStringLiteral("replication"), QStringLiteral("a:b")}});
    QCOMPARE(*p.inSql(QStringLiteral("SELECT ${lsn}::pg_lsn")),
             QStringLiteral("SELECT '0/1''; DROP'::pg_lsn"));
    QCOMPARE(*p.inWord(QStringLiteral("x=${trick}")), QStringLiteral("x=${lsn}"));
    QCOMPARE(*p.inFile(QStringLiteral("h:${secret:replication}")), QStringLiteral("h:a\\:b"));
    QVERIFY(!p.inSql(QStringLiteral("SELECT ${secret:replication}")));
    QVERIFY(!p.inWord(QStringLiteral("${secret:replication}")));
    QVERIFY(!p.inFile(QStringLiteral("${unknown}")));
}

void TestPlan::secretsAreScrubbed()
{
    const Placeholders p({}, {{QStringLiteral("replication"), QStringLiteral("it's:me")}});
    QCOMPARE(p.scrub(QStringLiteral("x it's:me y it''s:me z it's\\:me")),
             QStringLiteral("x (hidden) y (hidden) z (hidden)"));
}

void TestPlan::passfile()
{
    const QByteArray text =
        "# comment\n*:5433:*:replicator:other\n127.0.0.1:*:replication:replicator:a\\:b\\\\c\n";
    const auto find = [&](int port, const char *db, const char *user) {
        return passfilePassword(text, QStringLiteral("127.0.0.1"), port, QLatin1String(db),
                                QLatin1String(user));
    };
    QCOMPARE(find(5432, "replication", "replicator"), std::optional(QStringLiteral("a:b\\c")));
    QCOMPARE(find(5433, "replication", "replicator"), std::optional(QStringLiteral("other")));
    QCOMPARE(find(5432, "postgres", "replicator"), std::nullopt);
    QCOMPARE(find(5432, "replication", "nobody"), std::nullopt);
}

void TestPlan::failuresInWords_data()
{
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("expected");
    QTest::newRow("hba") << QStringLiteral(
                                "FATAL:  no pg_hba.conf entry for replication connection from host "
                                "\"10.0.0.1\", user \"replicator\", no encryption")
                         << QStringLiteral("pg_hba.conf does not match replication");
    QTest::newRow("password") << QStringLiteral(
                                     "FATAL:  password authentication failed for user \"replicator\"")
                              << QStringLiteral("password of the replication role");
    QTest::newRow("walsenders") << QStringLiteral("FATAL:  number of requested standby connections exceeds "
                                                  "max_wal_senders (currently 1)")
                                << QStringLiteral("max_wal_senders and restart");
    QTest::newRow("slots") << QStringLiteral("ERROR:  all replication slots are in use")
                           << QStringLiteral("no replication slot left");
    QTest::newRow("disk") << QStringLiteral("could not write to file \"x\": No space left on device\n"
                                            "pg_basebackup: removing contents of data directory")
                          << QStringLiteral("file system of the new data directory is full");
    QTest::newRow("settings") << QStringLiteral(
                                     "FATAL:  recovery aborted because of insufficient parameter settings\n"
                                     "LOG:  database system is shut down")
                              << QStringLiteral("lower than on the primary");
    QTest::newRow("unknown") << QStringLiteral("something nobody has seen")
                             << QStringLiteral("something nobody has seen");
    QTest::newRow("silence") << QString() << QStringLiteral("nothing said why");
}

void TestPlan::failuresInWords()
{
    QFETCH(QString, said);
    QFETCH(QString, expected);
    const Error error = failureInWords(QStringLiteral("Copy the primary"), said);
    QVERIFY2(error.text().contains(expected), qPrintable(error.text()));
    QVERIFY(error.what.startsWith(QStringLiteral("Copy the primary failed")));
    QVERIFY(!error.action.isEmpty());
}

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
