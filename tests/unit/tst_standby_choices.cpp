// SPDX-License-Identifier: GPL-3.0-or-later
#include "StandbyFacts.h"
#include "operations/AddStandby.h"
#include "operations/AddStandbySteps.h"
#include "operations/FactsAfter.h"
#include "operations/SeveralStandbys.h"

#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace understudy;
using test::someRequest;

Q_DECLARE_METATYPE(understudy::StandbyChoices)

namespace {

/// With two tablespaces.
AddStandbyFacts someFacts(int version = 150008)
{
    AddStandbyFacts f = test::someFacts(version);
    f.tablespaces[f.spec.nodes.first().id] = {{QStringLiteral("fast"), QStringLiteral("/ssd/fast")},
                                              {QStringLiteral("slow"), QStringLiteral("/hdd/a=b")}};
    return f;
}

const Step *stepOf(const Plan &plan, const QString &id)
{
    for (const Step &step : plan.steps) {
        if (step.id == id)
            return &step;
    }
    return nullptr;
}

QStringList idsOf(const Plan &plan)
{
    QStringList ids;
    for (const Step &step : plan.steps)
        ids << step.id;
    return ids;
}

} // namespace

/// The words and the judgement of the options, without a server.
class TestStandbyChoices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wordsOfTheCopy();
    void wordsAreTheOldOnesByDefault();
    void delays_data();
    void delays();
    void mappings_data();
    void mappings();
    void refused_data();
    void refused();
    void accepted();
    void settings();
    void steps();
    void noSlotFindsItsSenderByName();
    void delayedWaitsForWhatIsReceived();
    void quotesInASettingStayThere();
    void severalPlansAsOne();
    void whatBelongsToOneIsNumberedOn();
    void severalSynchronousKnowEachOther();
    void twoOfOnePlanShareNothing_data();
    void twoOfOnePlanShareNothing();
    void portsElsewhere();
};

void TestStandbyChoices::wordsOfTheCopy()
{
    AddStandbyRequest r = someRequest();
    r.fastCheckpoint = false;
    r.maxRate = QStringLiteral("20M");
    r.choices.slot = false;
    r.choices.compress = QStringLiteral("server-zstd:3");
    r.choices.walDirectory = QStringLiteral("/wal/s2");
    r.choices.tablespaces = {{QStringLiteral("/ssd/fast"), QStringLiteral("/ssd/fast-2")},
                             {QStringLiteral("/hdd/a=b"), QStringLiteral("/hdd/c=d e")}};
    QCOMPARE(baseBackupWords(r, QStringLiteral("/d")),
             QStringList({"-D", "/d", "-Fp", "-Xs", "-P", "-v", "-R", "-c", "spread",
                          "--compress=server-zstd:3", "--waldir=/wal/s2", "-T", "/hdd/a\\=b=/hdd/c\\=d e",
                          "-T", "/ssd/fast=/ssd/fast-2", "--max-rate=20M"}));
}

void TestStandbyChoices::wordsAreTheOldOnesByDefault()
{
    QCOMPARE(baseBackupWords(someRequest(), QStringLiteral("/d")),
             QStringList({"-D", "/d", "-Fp", "-Xs", "-P", "-v", "-R", "-S", "standby2_slot", "-c", "fast"}));
}

void TestStandbyChoices::delays_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ms"); // below 0: refused
    const auto row = [](const char *text, qint64 ms) {
        QTest::newRow(text) << QString::fromUtf8(text) << ms;
    };
    row("30min", 30 * 60000);
    row(" 1.5 h ", 90 * 60000);
    row("1500", 1500);
    row("2000us", 2);
    row("24d", 24LL * 86400000);
    row("2147483647", 2147483647);
    row("2147483648", -1);
    row("25d", -1);
    row("999999999999d", -1);
    row("30 minutes", -1);
    row("-5min", -1);
    row("1e3", -1);
    row("5MIN", -1); // units are case-sensitive
    row("30min; DROP TABLE t", -1);
    row("30min\nport = 1", -1);
    row("'30min'", -1);
    row("", -1);
    row("\xd9\xa3min", -1); // a digit, but not one that PostgreSQL reads
}

void TestStandbyChoices::delays()
{
    QFETCH(QString, text);
    QFETCH(qint64, ms);
    QCOMPARE(applyDelayMs(text).value_or(-1), ms);
}

void TestStandbyChoices::mappings_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("parts"); // none: refused
    QTest::newRow("plain") << "/a=/b" << QStringList{"/a", "/b"};
    QTest::newRow("escaped") << "/a\\=x=/b\\=y" << QStringList{"/a=x", "/b=y"};
    QTest::newRow("backslash") << "/a\\b=/c" << QStringList{"/a\\b", "/c"};
    QTest::newRow("two signs") << "/a=/b=/c" << QStringList();
    QTest::newRow("none") << "/a" << QStringList();
    QTest::newRow("relative") << "a=/b" << QStringList();
    QTest::newRow("relative target") << "/a=b" << QStringList();
    QTest::newRow("empty") << "" << QStringList();
}

void TestStandbyChoices::mappings()
{
    QFETCH(QString, text);
    QFETCH(QStringList, parts);
    const auto mapping = parseTablespaceMapping(text);
    QCOMPARE(bool(mapping), !parts.isEmpty());
    if (!mapping)
        return;
    QCOMPARE(QStringList({mapping->first, mapping->second}), parts);
    QCOMPARE(tablespaceMapping(mapping->first, mapping->second), text);
}

void TestStandbyChoices::refused_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<StandbyChoices>("choices");
    QTest::addColumn<int>("version");
    QTest::addColumn<QString>("on");
    const auto row = [](const char *name, const char *field,
                        const std::function<void(StandbyChoices &)> &change, int version = 150008,
                        const QString &on = QStringLiteral("local")) {
        StandbyChoices choices;
        change(choices);
        QTest::newRow(name) << QString::fromLatin1(field) << choices << version << on;
    };
    for (const char *bad : {"gzip", "client-zstd", "zstd:3", "5", "server-brotli", "server-zstd:23",
                            "server-gzip:0", "server-lz4:13", "server-zstd:3 --pgdata=/x",
                            "server-zstd:workers=4", "SERVER-ZSTD", "server-zstd\n"})
        row(bad, "compress", [&](StandbyChoices &c) { c.compress = QString::fromLatin1(bad); });
    row(
        "before 15", "compress", [](StandbyChoices &c) { c.compress = QStringLiteral("server-lz4"); },
        140010);
    row(
        "before 13", "verifyBackup", [](StandbyChoices &c) { c.verifyBackup = true; }, 120010);
    for (const char *bad : {"wal", "/wal/../x", "/", "/wal/", "/srv/demo/standby2/wal", "/srv/demo",
                            "/srv/demo/primary/pg_wal", "/wal\nx", "/wal/${secret:replication}"})
        row(bad, "walDirectory", [&](StandbyChoices &c) { c.walDirectory = QString::fromLatin1(bad); });
    row(
        "wal in compose", "walDirectory",
        [](StandbyChoices &c) { c.walDirectory = QStringLiteral("/wal/s2"); }, 150008,
        QStringLiteral("compose"));
    const auto map = [](const char *from, const char *to) {
        return [=](StandbyChoices &c) { c.tablespaces.insert(QLatin1String(from), QLatin1String(to)); };
    };
    row("unknown tablespace", "tablespaces", map("/ssd/other", "/ssd/x"));
    row("tablespace in the data", "tablespaces", map("/ssd/fast", "/srv/demo/standby2/x"));
    row("tablespace onto itself", "tablespaces", map("/ssd/fast", "/ssd/fast"));
    row("tablespace into another", "tablespaces", map("/ssd/fast", "/hdd/a=b/x"));
    row("tablespace in compose", "tablespaces", map("/ssd/fast", "/ssd/x"), 150008,
        QStringLiteral("compose"));
    row("two in one", "tablespaces", [&](StandbyChoices &c) {
        map("/ssd/fast", "/ssd/x")(c);
        map("/hdd/a=b", "/ssd/x/y")(c);
    });
    row("tablespace in the WAL", "tablespaces", [&](StandbyChoices &c) {
        c.walDirectory = QStringLiteral("/ssd/x");
        map("/ssd/fast", "/ssd/x")(c);
    });
    for (const char *bad : {"0", "forever", "30min; x", "25d"})
        row(bad, "applyDelay", [&](StandbyChoices &c) { c.applyDelay = QString::fromLatin1(bad); });
    for (const char *bad :
         {"cp /a/%f", "cp %p", "cp /a/%f %p\nport = 1", "cp /a/%f %p\r", "cp ${secret:replication}%f %p"})
        row(bad, "restoreCommand", [&](StandbyChoices &c) { c.restoreCommand = QString::fromLatin1(bad); });
    row("long", "restoreCommand",
        [](StandbyChoices &c) { c.restoreCommand = QStringLiteral("cp %f %p ") + QString(1000, u'x'); });
}

void TestStandbyChoices::refused()
{
    QFETCH(QString, field);
    QFETCH(StandbyChoices, choices);
    QFETCH(int, version);
    QFETCH(QString, on);
    AddStandbyRequest r = someRequest();
    r.choices = choices;
    r.on = on;
    const QList<Error> errors = validateChoices(r, someFacts(version));
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors.first().field, field);
    // One sentence in one line, and what to do.
    for (const QString &text : {errors.first().what, errors.first().action}) {
        QVERIFY2(text.endsWith(u'.'), qPrintable(text));
        for (const QChar c : text)
            QVERIFY2(c.isPrint(), qPrintable(text));
    }
    if (on == QLatin1String("local"))
        QVERIFY(!planAddStandby(r, someFacts(version)));
}

void TestStandbyChoices::accepted()
{
    AddStandbyRequest r = someRequest();
    r.choices.compress = QStringLiteral("server-zstd:22");
    r.choices.verifyBackup = true;
    r.choices.walDirectory = QStringLiteral("/wal/standby2");
    r.choices.tablespaces.insert(QStringLiteral("/ssd/fast"), QStringLiteral("/ssd/fast-standby2"));
    r.choices.applyDelay = QStringLiteral("30min");
    r.choices.restoreCommand = QStringLiteral("cp '/archive/%f' %p");
    QCOMPARE(validateChoices(r, someFacts()), QList<Error>());
    // A delay and remote_apply: commits would wait for it.
    AddStandbyFacts facts = someFacts();
    facts.serverSettings[r.upstream][QStringLiteral("synchronous_commit")].value =
        QStringLiteral("remote_apply");
    QCOMPARE(validateChoices(r, facts), QList<Error>());
    r.synchronous = true;
    QCOMPARE(validateChoices(r, facts).size(), 1);
    QCOMPARE(validateChoices(r, facts).first().field, QStringLiteral("applyDelay"));
}

void TestStandbyChoices::settings()
{
    using Settings = QList<std::pair<QString, QString>>;
    StandbyChoices c;
    QCOMPARE(choiceSettings(c, QString(), QString()), Settings());
    QCOMPARE(choiceSettings(c, QStringLiteral("0"), QString()), Settings());
    // A delayed upstream does not hand its delay on.
    QCOMPARE(choiceSettings(c, QStringLiteral("1h"), QString()),
             (Settings{{QStringLiteral("recovery_min_apply_delay"), QStringLiteral("0")}}));
    // Nor a restore command that was emptied on purpose.
    QCOMPARE(choiceSettings(c, QString(), QStringLiteral("cp /old/%f %p")),
             (Settings{{QStringLiteral("restore_command"), QString()}}));
    c.slot = false;
    c.applyDelay = QStringLiteral(" 30  min ");
    c.restoreCommand = QStringLiteral("cp %f %p");
    QCOMPARE(choiceSettings(c, QStringLiteral("1h"), QString()),
             (Settings{{QStringLiteral("recovery_min_apply_delay"), QStringLiteral("30 min")},
                       {QStringLiteral("restore_command"), QStringLiteral("cp %f %p")},
                       {QStringLiteral("primary_slot_name"), QString()}}));
}

void TestStandbyChoices::steps()
{
    AddStandbyRequest r = someRequest();
    r.choices.verifyBackup = true;
    r.choices.walDirectory = QStringLiteral("/wal/s2");
    r.choices.tablespaces = {{QStringLiteral("/ssd/fast"), QStringLiteral("/ssd/fast-2")},
                             {QStringLiteral("/hdd/a=b"), QStringLiteral("/hdd/c")}};
    const auto plan = planAddStandby(r, someFacts());
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    QCOMPARE(idsOf(*plan),
             QStringList({"baseline", "directory", "passfile", "wal_directory", "tablespace1", "tablespace2",
                          "slot", "copy", "verify_backup", "configure", "start", "stream", "verify"}));
    // The copy's undo empties what it filled, the data directory first: that ends a copy that still runs.
    const auto &undo = std::get<CommandAction>(stepOf(*plan, QStringLiteral("copy"))->undo.first());
    QCOMPARE(undo.command.argv.mid(4),
             QStringList({"/srv/demo/standby2", "${directory_id}", "/hdd/c", "/ssd/fast-2", "/wal/s2"}));
    QVERIFY(stepOf(*plan, QStringLiteral("verify_backup"))->readsOnly);
    // Neither of them is made where it is there and empty; it gets back what it had.
    r.choices.emptyDirectories << QStringLiteral("/wal/s2");
    const auto used = planAddStandby(r, someFacts());
    QVERIFY(used);
    QVERIFY(stepOf(*used, QStringLiteral("wal_directory"))->changes.isEmpty());
    QVERIFY(!stepOf(*used, QStringLiteral("wal_directory"))
                 ->shownCommands()
                 .join(u'\n')
                 .contains(QLatin1String("mkdir")));
}

void TestStandbyChoices::noSlotFindsItsSenderByName()
{
    AddStandbyRequest r = someRequest();
    r.choices.slot = false;
    r.slot.clear();
    r.synchronous = true;
    const auto plan = planAddStandby(r, someFacts());
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    QVERIFY(!idsOf(*plan).contains(QStringLiteral("slot")));
    // No step speaks of a slot: there is none by which anything could be found.
    for (const Step &step : plan->steps) {
        for (const Action &action : step.actions + step.undo) {
            const auto *wait = std::get_if<WaitAction>(&action);
            const auto *sql = std::get_if<SqlAction>(&action);
            const QString text = wait ? wait->sql : sql ? sql->sql : QString();
            QVERIFY2(!text.contains(QLatin1String("pg_replication_slots")),
                     qPrintable(step.id + u' ' + text));
        }
        if (step.alreadyDone)
            QVERIFY2(!step.alreadyDone->sql.contains(QLatin1String("slot")), qPrintable(step.id));
    }
    QVERIFY(plan->facts.value(QStringLiteral("slot")).isEmpty());
}

void TestStandbyChoices::delayedWaitsForWhatIsReceived()
{
    AddStandbyRequest r = someRequest();
    r.choices.applyDelay = QStringLiteral("30min");
    const auto plan = planAddStandby(r, someFacts());
    QVERIFY(plan);
    const Step *verify = stepOf(*plan, QStringLiteral("verify"));
    for (const Action &action : verify->actions)
        QVERIFY(!std::get<WaitAction>(action).sql.contains(QLatin1String("r.replay_lsn")));
    QVERIFY2(verify->why.contains(QLatin1String("30min later on purpose")), qPrintable(verify->why));
    QCOMPARE(plan->facts.value(QStringLiteral("apply_delay")), QStringLiteral("30min"));
}

void TestStandbyChoices::quotesInASettingStayThere()
{
    AddStandbyRequest r = someRequest();
    r.choices.restoreCommand = QStringLiteral("sh -c 'cp \"/a b/%f\" \"%p\"' \\");
    const auto plan = planAddStandby(r, someFacts());
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    const auto &file = std::get<FileAction>(stepOf(*plan, QStringLiteral("configure"))->actions.last());
    QVERIFY2(
        file.content.contains(QStringLiteral("restore_command = 'sh -c ''cp \"/a b/%f\" \"%p\"'' \\\\'\n")),
        qPrintable(file.content));
}

void TestStandbyChoices::severalPlansAsOne()
{
    QList<Plan> plans;
    for (const char *name : {"stand-by.2", "standby3"}) {
        AddStandbyRequest r = someRequest();
        r.name = QString::fromLatin1(name);
        r.slot = plans.isEmpty() ? QStringLiteral("two") : QStringLiteral("three");
        r.port += int(plans.size());
        r.dataDirectory = QStringLiteral("/srv/demo/") + r.name;
        r.useEmptyDirectory = true; // its owner and mode are kept for the undo
        r.choices.verifyBackup = true;
        const auto plan = planAddStandby(r, someFacts());
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        plans << *plan;
    }
    const Plan all = joinedPlan(plans);
    QCOMPARE(all.steps.size(), plans[0].steps.size() + plans[1].steps.size());
    QStringList ids = idsOf(all);
    QCOMPARE(ids.removeDuplicates(), 0);
    QCOMPARE(all.facts.value(QStringLiteral("slot")), QStringLiteral("two, three"));
    QCOMPARE(all.facts.value(QStringLiteral("upstream")), QStringLiteral("primary"));
    QVERIFY(all.endpoints.contains(QStringLiteral("stand-by.2")) &&
            all.endpoints.contains(QStringLiteral("standby3")));
    // Each gives back the mode that its own directory had.
    const Step *second = stepOf(all, QStringLiteral("directory_standby3"));
    QVERIFY(second);
    QCOMPARE(std::get<CommandAction>(second->actions.first()).storeAs, QStringLiteral("old_mode_2"));
    QCOMPARE(std::get<CommandAction>(second->undo.first()).command.argv.at(1),
             QStringLiteral("${old_mode_2}"));
    // A password is the same for both and keeps its name.
    QVERIFY(std::get<FileAction>(stepOf(all, QStringLiteral("passfile_standby3"))->actions.last())
                .content.contains(QStringLiteral("${secret:replication}")));
    const auto again = planFromJson(toJson(all));
    QVERIFY(again);
    QCOMPARE(toJson(*again), toJson(all));
    // As a script too.
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("plan.sh")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(all.toScript().toUtf8());
    file.close();
    QProcess shellcheck;
    shellcheck.start(QStringLiteral("shellcheck"), {file.fileName()});
    if (!shellcheck.waitForStarted())
        QSKIP("shellcheck is not installed");
    QVERIFY(shellcheck.waitForFinished());
    const QByteArray said = shellcheck.readAllStandardOutput();
    QVERIFY2(shellcheck.exitCode() == 0, said.constData());
}

// What the first one is given alone is numbered on; all else is the same for all.
void TestStandbyChoices::whatBelongsToOneIsNumberedOn()
{
    AddStandbyRequest asked;
    asked.name = QStringLiteral("reader");
    asked.slot = QStringLiteral("mine");
    asked.dataDirectory = QStringLiteral("/srv/nowhere/x");
    asked.maxRate = QStringLiteral("20M");
    asked.choices.walDirectory = QStringLiteral("/wal/nowhere");
    asked.choices.tablespaces.insert(QStringLiteral("/ssd/fast"), QStringLiteral("/ssd/standby2"));
    AddStandbyRequest own;
    own.slot = QStringLiteral("another");
    const auto all = suggestSeveral(asked, {{}, own}, 3, someFacts());
    QCOMPARE(all.size(), 3);
    const auto fields = [&](int i) {
        const AddStandbyRequest &r = all.at(i);
        return QStringList{r.name, r.slot, r.dataDirectory, r.choices.walDirectory,
                           r.choices.tablespaces.value(QStringLiteral("/ssd/fast"))};
    };
    QCOMPARE(fields(0), QStringList({"reader", "mine", "/srv/nowhere/x", "/wal/nowhere", "/ssd/standby2"}));
    QCOMPARE(fields(1),
             QStringList({"reader2", "mine2", "/srv/nowhere/x2", "/wal/nowhere2", "/ssd/standby3"}));
    QCOMPARE(fields(2),
             QStringList({"reader3", "another", "/srv/nowhere/x3", "/wal/nowhere3", "/ssd/standby4"}));
    QSet<int> ports;
    for (const AddStandbyRequest &request : all) {
        QCOMPARE(request.maxRate, QStringLiteral("20M"));
        QCOMPARE(request.choices.copies, 3);
        ports << request.port;
    }
    QCOMPARE(ports.size(), 3);
}

// Each waits behind the one before: the second one's undo gives back what the first one had set.
void TestStandbyChoices::severalSynchronousKnowEachOther()
{
    AddStandbyRequest asked = someRequest();
    asked.synchronous = true;
    AddStandbyRequest second = asked;
    second.name = QStringLiteral("standby3");
    second.slot = QStringLiteral("standby3_slot");
    second.port = asked.port + 1;
    second.dataDirectory = QStringLiteral("/srv/demo/standby3");
    const auto several = planSeveral({asked, second}, someFacts());
    QVERIFY2(several, several ? "" : qPrintable(several.error().text()));
    const auto sql = [&](const char *step, bool undo) {
        const Step *found = stepOf(several->plan, QString::fromLatin1(step));
        for (const Action &action : undo ? found->undo : found->actions)
            if (const auto *run = std::get_if<SqlAction>(&action))
                return run->sql;
        return QString();
    };
    QVERIFY2(sql("sync_standby3", false).endsWith(QLatin1String("'FIRST 2 (\"standby3\", \"standby2\")'")),
             qPrintable(sql("sync_standby3", false)));
    QVERIFY2(sql("sync_standby3", true).endsWith(QLatin1String("'FIRST 1 (\"standby2\")'")),
             qPrintable(sql("sync_standby3", true)));
    QVERIFY(sql("sync_standby2", true).startsWith(QLatin1String("ALTER SYSTEM RESET")));
}

void TestStandbyChoices::twoOfOnePlanShareNothing_data()
{
    QTest::addColumn<QString>("field");
    for (const char *field : {"name", "slot", "port", "dataDirectory", "walDirectory", "tablespaces"})
        QTest::newRow(field) << QString::fromLatin1(field);
}

void TestStandbyChoices::twoOfOnePlanShareNothing()
{
    QFETCH(QString, field);
    AddStandbyRequest first = someRequest();
    first.choices.walDirectory = QStringLiteral("/wal/one");
    first.choices.tablespaces.insert(QStringLiteral("/ssd/fast"), QStringLiteral("/ssd/one"));
    AddStandbyRequest second = first;
    const auto differs = [&](const char *name) { return field != QLatin1String(name); };
    if (differs("name"))
        second.name = QStringLiteral("standby3");
    if (differs("slot"))
        second.slot = QStringLiteral("standby3_slot");
    if (differs("port"))
        second.port += 1;
    second.dataDirectory = differs("dataDirectory") ? QStringLiteral("/srv/demo/standby3")
                                                    : first.dataDirectory + QStringLiteral("/below");
    if (differs("walDirectory"))
        second.choices.walDirectory = QStringLiteral("/wal/two");
    if (differs("tablespaces"))
        second.choices.tablespaces.insert(QStringLiteral("/ssd/fast"), QStringLiteral("/ssd/two"));
    const auto errors = validateSeveral({first, second}, someFacts());
    QCOMPARE(errors.size(), 2);
    QStringList fields;
    for (const Error &error : errors.at(1))
        fields << error.field;
    QVERIFY2(fields.contains(field), qPrintable(fields.join(u' ')));
    const auto plan = planSeveral({first, second}, someFacts());
    QVERIFY(!plan);
}

// On another machine every one has a port of its own there.
void TestStandbyChoices::portsElsewhere()
{
    AddStandbyFacts facts = someFacts();
    AddStandbyRequest first = someRequest();
    first.port = 5432;
    facts.target.place = first.on = QStringLiteral("ssh:db2");
    const AddStandbyFacts next = factsAfter(first, facts);
    const Node *planned = next.topology.node(QStringLiteral("planned:") + first.name);
    QVERIFY(planned);
    QCOMPARE(planned->port, 5432);
    QCOMPARE(planned->state, NodeState::Planned);
}

QTEST_GUILESS_MAIN(TestStandbyChoices)
#include "tst_standby_choices.moc"
