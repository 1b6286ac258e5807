// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeFaults.h"
#include "ComposeProgram.h"

#include "operations/preflight/Preflight.h"

#include <QScopeGuard>
#include <QStandardPaths>

using namespace understudy;
using test::Compose;
using test::ComposeFaults;
using test::ComposeLab;
using test::Ended;
using test::runProgram;
using test::TakenPort;
using test::understudyProgram;
using Outcome = RunRecord::Outcome;

/// A standby is added to projects of other shapes, in other ways: a file of its own, data in a directory, a
/// script, Compose v2, no standby yet. Each on the real engine, and each undone to the last byte.
class TestComposeShapes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void aFileOfItsOwn();
    void itsFileIsTakenMeanwhile();
    void itsFileWasChanged();
    void asAScript();
    void theScriptUndoes();
    void composeV2_data();
    void composeV2();
    void dataInADirectory();
    void dataInAnEmptyDirectory();
    void noStandbyYet();
    void nobodyTellsPasswords();
    void cleanupTestCase();

private:
    bool planned(AddStandbyRequest request = {});
    RunRecord run(const Plan &plan);
    /// The plan fails at its start step, because another program has its port; everything must be undone.
    void failsAndIsUndone();
    void removeStandby();
    QString inProject(const QString &name) const
    {
        return m_faults.lab->folder() + QStringLiteral("/project/") + name;
    }

    ComposeFaults m_faults;
    Plan m_plan;
};

bool TestComposeShapes::planned(AddStandbyRequest request)
{
    const auto plan = m_faults.plan(std::move(request));
    if (!plan)
        qWarning("%s", qPrintable(plan.error().text()));
    m_plan = plan.value_or(Plan{});
    return plan.has_value();
}

RunRecord TestComposeShapes::run(const Plan &plan)
{
    RunContext context = m_faults.context(plan);
    context.secretValues = {{QStringLiteral("replication"), QStringLiteral("replicator-secret")}};
    context.journal = *Journal::create(plan, m_faults.journals());
    return runPlan(plan, context, {});
}

void TestComposeShapes::failsAndIsUndone()
{
    TakenPort taken;
    QVERIFY(taken.take(m_plan.facts.value(QStringLiteral("port")).toInt()));
    const RunRecord record = run(m_plan);
    QVERIFY2(record.outcome == Outcome::FailedAndUndone, qPrintable(ComposeFaults::said(record)));
    QVERIFY2(record.error.contains(QLatin1String("Another program listens on this port")),
             qPrintable(record.error));
    QCOMPARE(m_faults.remains(m_faults.before), QStringList());
}

void TestComposeShapes::initTestCase()
{
    if (const QString missing = ComposeLab::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED, nothing was tested with Docker: ") + missing));
    QVERIFY(m_faults.start());
}

void TestComposeShapes::cleanup()
{
    if (m_plan.id.isEmpty())
        return;
    (void)QFile::remove(m_plan.facts.value(QStringLiteral("compose_override"), QStringLiteral("/none")));
    m_faults.reset(m_plan);
    m_plan = {};
}

void TestComposeShapes::cleanupTestCase()
{
    m_faults.lab.reset();
}

void TestComposeShapes::aFileOfItsOwn()
{
    AddStandbyRequest request;
    request.overrideFile = true;
    QVERIFY(planned(request));
    failsAndIsUndone();
    if (QTest::currentTestFailed())
        return;
    const Ended ended =
        runProgram(understudyProgram(), {QStringLiteral("add-standby"), m_faults.lab->file(),
                                         QStringLiteral("--override"), QStringLiteral("--yes")});
    QVERIFY2(ended.code == 0, ended.said.constData());
    QVERIFY(!ComposeFaults::tells(ended.said));
    QVERIFY2(ended.said.contains("docker-compose -f docker-compose.yml -f docker-compose.override.yml") ||
                 ended.said.contains("docker compose -f docker-compose.yml -f docker-compose.override.yml"),
             ended.said.constData());
    QCOMPARE(m_faults.file(), m_faults.before);
    QVERIFY(m_faults.streams(m_plan));
    // Compose reads it by itself: without any word about it the service is there.
    QVERIFY(m_faults.lab->compose({QStringLiteral("config"), QStringLiteral("--services")})
                .split(u'\n')
                .contains(QStringLiteral("postgres-standby2")));
    // And so do we. It is one more node of the project; a second file of that name is refused in words.
    const Ended again =
        runProgram(understudyProgram(), {QStringLiteral("add-standby"), m_faults.lab->file(),
                                         QStringLiteral("--override"), QStringLiteral("--yes")});
    QCOMPARE(again.code, 2);
    QVERIFY2(again.said.contains("docker-compose.override.yml is there already"), again.said.constData());
}

void TestComposeShapes::itsFileIsTakenMeanwhile()
{
    AddStandbyRequest request;
    request.overrideFile = true;
    QVERIFY(planned(request));
    const QString path = m_plan.facts.value(QStringLiteral("compose_override"));
    QFile theirs(path);
    QVERIFY(theirs.open(QIODevice::WriteOnly) && theirs.write("services: {}\n") > 0);
    theirs.close();
    const auto gone = qScopeGuard([&] { QFile::remove(path); });
    const RunRecord record = run(m_plan);
    QVERIFY2(record.outcome == Outcome::FailedAndUndone, qPrintable(ComposeFaults::said(record)));
    QVERIFY(theirs.open(QIODevice::ReadOnly));
    QCOMPARE(theirs.readAll(), QByteArray("services: {}\n"));
    theirs.remove();
    QCOMPARE(m_faults.remains(m_faults.before), QStringList());
}

// What somebody wrote into it is not ours to remove: it stays, and the report names it.
void TestComposeShapes::itsFileWasChanged()
{
    AddStandbyRequest request;
    request.overrideFile = true;
    QVERIFY(planned(request));
    auto edit = std::get<EditAction>(m_plan.steps.at(1).actions.constFirst());
    Plan onlyFile = m_plan;
    onlyFile.steps = {m_plan.steps.at(1)};
    const RunRecord made = run(onlyFile);
    QVERIFY2(made.outcome == Outcome::Done, qPrintable(ComposeFaults::said(made)));
    QFile file(edit.path);
    QVERIFY(file.open(QIODevice::Append) && file.write("# mine\n") > 0);
    file.close();
    auto entry = m_faults.journalOf(onlyFile);
    QVERIFY(entry);
    entry->open = true; // As if it had been killed after its last step.
    RunContext context = m_faults.context(onlyFile);
    const RunRecord record = undoInterrupted(*entry, context, {});
    QVERIFY2(record.outcome == Outcome::LeftBehind, qPrintable(ComposeFaults::said(record)));
    QCOMPARE(record.leftBehind, QStringList{QStringLiteral("the file ") + edit.path});
    QVERIFY(file.exists());
}

void TestComposeShapes::asAScript()
{
    QVERIFY(planned());
    const QString script = m_faults.ownFolder() + QStringLiteral("/add.sh");
    for (const QStringList &way : {QStringList{QStringLiteral("--override")}, QStringList{}}) {
        const Ended made =
            runProgram(understudyProgram(), QStringList{QStringLiteral("add-standby"), m_faults.lab->file(),
                                                        QStringLiteral("--script"), script} +
                                                way);
        QVERIFY2(made.code == 0, made.said.constData());
        if (QStandardPaths::findExecutable(QStringLiteral("shellcheck")).isEmpty())
            QSKIP("SKIPPED: shellcheck is not installed");
        const Ended checked = runProgram(QStringLiteral("shellcheck"), {script});
        QVERIFY2(checked.code == 0, checked.said.constData());
    }
    const Ended ended = runProgram(QStringLiteral("bash"), {script}, ComposeLab::password().toUtf8() + '\n');
    QVERIFY2(ended.code == 0, ended.said.constData());
    QTRY_VERIFY_WITH_TIMEOUT(m_faults.streams(m_plan), 15000);
}

void TestComposeShapes::theScriptUndoes()
{
    QVERIFY(planned());
    const QString script = m_faults.ownFolder() + QStringLiteral("/add.sh");
    for (const QStringList &way : {QStringList{}, QStringList{QStringLiteral("--override")}}) {
        const Ended made =
            runProgram(understudyProgram(), QStringList{QStringLiteral("add-standby"), m_faults.lab->file(),
                                                        QStringLiteral("--script"), script} +
                                                way);
        QVERIFY2(made.code == 0, made.said.constData());
        TakenPort taken;
        QVERIFY(taken.take(m_plan.facts.value(QStringLiteral("port")).toInt()));
        const Ended ended =
            runProgram(QStringLiteral("bash"), {script}, ComposeLab::password().toUtf8() + '\n');
        QVERIFY2(ended.code != 0 && ended.said.contains("Undoing what was made"), ended.said.constData());
        QVERIFY2(!ended.said.contains("Left behind"), ended.said.constData());
        QTRY_COMPARE_WITH_TIMEOUT(m_faults.remains(m_faults.before), QStringList(), 5000);
    }
}

void TestComposeShapes::composeV2_data()
{
    QTest::addColumn<bool>("plugin");
    QTest::addRow("docker compose") << true;
    QTest::addRow("docker-compose") << false;
}

void TestComposeShapes::composeV2()
{
    QFETCH(bool, plugin);
    const auto environment = test::environmentWith(plugin ? Compose::Plugin : Compose::Standalone);
    if (!environment)
        QSKIP(test::noComposeV2);
    QVERIFY(planned());
    const auto add = [&](const QStringList &more) {
        return runProgram(understudyProgram(),
                          QStringList{QStringLiteral("add-standby"), m_faults.lab->file()} + more, {},
                          *environment);
    };
    const Ended review = add({QStringLiteral("--dry-run")});
    QVERIFY2(review.said.contains(plugin ? "docker compose -f" : "docker-compose -f"),
             review.said.constData());
    {
        // It fails at its end, and all is taken back.
        const Ended failed = test::addInVain(m_faults, m_plan.facts.value(QStringLiteral("port")).toInt(),
                                             {m_faults.lab->file()}, *environment);
        QVERIFY2(failed.code == 1 && failed.said.contains("Another program listens on this port"),
                 failed.said.constData());
        QCOMPARE(m_faults.remains(m_faults.before), QStringList());
    }
    const Plan failing = m_plan;
    QVERIFY(planned());
    const Ended ended = add({QStringLiteral("--yes")});
    QVERIFY2(ended.code == 0, ended.said.constData());
    QVERIFY(!ComposeFaults::tells(ended.said));
    QVERIFY(m_faults.streams(m_plan));
    QCOMPARE(failing.facts.value(QStringLiteral("service")), m_plan.facts.value(QStringLiteral("service")));
}

void TestComposeShapes::removeStandby()
{
    const QString id = m_faults.lab->container(QStringLiteral("postgres-standby"));
    QVERIFY(!m_faults.lab->docker({QStringLiteral("rm"), QStringLiteral("-fv"), id}).isNull());
}

// The standby's data moves into a directory of the project.
void TestComposeShapes::dataInADirectory()
{
    removeStandby();
    QByteArray file = m_faults.file();
    file.replace("- standby_data:/var", "- ./standby1-data:/var");
    file.replace("  standby_data:\n", "");
    QVERIFY(m_faults.write(file));
    QVERIFY(!m_faults.lab
                 ->compose({QStringLiteral("up"), QStringLiteral("-d"), QStringLiteral("--no-deps"),
                            QStringLiteral("postgres-standby")})
                 .isNull());
    const auto one = [&] {
        return m_faults.lab->psql(m_faults.primary,
                                  QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = "
                                                 "'streaming'")) == QLatin1String("1");
    };
    QTRY_VERIFY_WITH_TIMEOUT(one(), 30000);
    const auto answers = [&] {
        return m_faults.lab->psql(QStringLiteral("postgres-standby"), QStringLiteral("SELECT 1")) ==
               QLatin1String("1");
    };
    QTRY_VERIFY_WITH_TIMEOUT(answers(), 30000);
    QVERIFY(m_faults.remember());
    QVERIFY(planned());
    const QString directory = inProject(QStringLiteral("postgres-standby2"));
    QVERIFY(m_plan.facts.value(QStringLiteral("data_directory")).endsWith(directory));
    failsAndIsUndone();
    if (QTest::currentTestFailed())
        return;
    QVERIFY(!QFileInfo::exists(directory));
    QVERIFY(planned());
    const RunRecord record = run(m_plan);
    QVERIFY2(record.outcome == Outcome::Done, qPrintable(ComposeFaults::said(record)));
    QVERIFY(m_faults.streams(m_plan));
    QVERIFY(QFileInfo::exists(directory + QStringLiteral("/PG_VERSION")));
    QVERIFY(m_faults.file().contains("- ./postgres-standby2:/var/lib/postgresql/data"));
    QVERIFY(!m_faults.file().contains("standby2_data"));
    m_faults.reset(m_plan);
    QVERIFY(QDir(directory).removeRecursively());
}

// One that was there and empty is used, and given back as it was.
void TestComposeShapes::dataInAnEmptyDirectory()
{
    const QString directory = inProject(QStringLiteral("postgres-standby2"));
    QVERIFY(QDir().mkdir(directory));
    QVERIFY(QFile::setPermissions(directory, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner |
                                                 QFile::ReadGroup | QFile::ExeGroup));
    const auto gone = qScopeGuard([&] { QDir(directory).removeRecursively(); });
    const auto permissions = QFile::permissions(directory);
    QVERIFY(m_faults.remember());
    QVERIFY(planned());
    failsAndIsUndone();
    QCOMPARE(QFile::permissions(directory), permissions);
    QCOMPARE(QFileInfo(directory).ownerId(), ::geteuid());
    QVERIFY(QDir(directory).isEmpty());
}

void TestComposeShapes::noStandbyYet()
{
    removeStandby();
    QVERIFY(QDir(inProject(QStringLiteral("standby1-data"))).removeRecursively());
    QByteArray file = m_faults.file();
    const qsizetype from = file.indexOf("  postgres-standby:\n"),
                    to = file.indexOf("networks:\n  replication:\n\n");
    QVERIFY(from > 0 && to > from);
    file.remove(from, to - from);
    QVERIFY(m_faults.write(file));
    const auto dropped = [&] {
        return m_faults.lab->psql(m_faults.primary,
                                  QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM "
                                                 "pg_replication_slots WHERE NOT active")) == QString() &&
               m_faults.slotNames().isEmpty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(dropped(), 15000);
    const QString volumes =
        m_faults.lab->docker({QStringLiteral("volume"), QStringLiteral("ls"), QStringLiteral("-q")});
    for (const QString &volume : volumes.split(u'\n')) {
        if (volume.endsWith(QLatin1String("_standby_data")))
            (void)m_faults.lab->docker({QStringLiteral("volume"), QStringLiteral("rm"), volume});
    }
    QVERIFY(m_faults.remember());

    // As the superuser: `all` in pg_hba.conf does not match replication. The fix is applied and taken back.
    AddStandbyRequest asSuperuser;
    asSuperuser.replicationUser = QStringLiteral("postgres");
    const auto login = [&](const AddStandbyRequest &request, const QString &password) {
        return m_faults.check(request, QStringLiteral("replication_login"), password);
    };
    const CheckResult refused = login(asSuperuser, ComposeLab::password());
    QVERIFY2(refused.status == CheckStatus::Fail, qPrintable(refused.evidence));
    QVERIFY2(refused.evidence.contains(QLatin1String("no pg_hba.conf entry for replication")),
             qPrintable(refused.evidence));
    QVERIFY(refused.fix && refused.fix->canApply && refused.fix->plan);
    QVERIFY2(refused.fix->command.contains(QLatin1String("exec -T postgres-primary")),
             qPrintable(refused.fix->command));
    const QString hba = QStringLiteral("SELECT pg_read_file('pg_hba.conf')");
    const QString hbaBefore = m_faults.lab->psql(m_faults.primary, hba);
    const Plan fix = *refused.fix->plan;
    const RunRecord fixed = run(fix);
    QVERIFY2(fixed.outcome == Outcome::Done, qPrintable(ComposeFaults::said(fixed)));
    const CheckResult passes = login(asSuperuser, ComposeLab::password());
    QVERIFY2(passes.status == CheckStatus::Pass, qPrintable(passes.evidence));
    auto entry = m_faults.journalOf(fix);
    QVERIFY(entry);
    entry->open = true;
    const RunRecord back = undoInterrupted(*entry, m_faults.context(fix), {});
    QVERIFY2(back.outcome == Outcome::CancelledAndUndone, qPrintable(ComposeFaults::said(back)));
    QCOMPARE(m_faults.lab->psql(m_faults.primary, hba), hbaBefore);

    // With a role and its password from a passfile.
    AddStandbyRequest request;
    request.replicationUser = QStringLiteral("replicator");
    const CheckResult none = login(request, {});
    QVERIFY2(none.status == CheckStatus::Fail && none.why.contains(QLatin1String(".pgpass")),
             qPrintable(none.why));
    QFile passfile(m_faults.ownFolder() + QStringLiteral("/.pgpass"));
    QVERIFY(passfile.open(QIODevice::WriteOnly));
    QVERIFY(passfile.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    passfile.write("127.0.0.1:*:replication:replicator:replicator-secret\n");
    passfile.close();
    const auto gone = qScopeGuard([&] { passfile.remove(); });
    QVERIFY(planned(request));
    failsAndIsUndone();
    if (QTest::currentTestFailed())
        return;
    const Ended ended = runProgram(
        understudyProgram(), {QStringLiteral("add-standby"), m_faults.lab->file(), QStringLiteral("--yes"),
                              QStringLiteral("--replication-user"), QStringLiteral("replicator")});
    QVERIFY2(ended.code == 0, ended.said.constData());
    QVERIFY(!ComposeFaults::tells(ended.said));
    const QString service = m_plan.facts.value(QStringLiteral("service"));
    QCOMPARE(service, QStringLiteral("postgres-standby"));
    QCOMPARE(m_faults.lab->psql(service, QStringLiteral("SELECT count(*) FROM orders")),
             QStringLiteral("50004"));
    const QByteArray added = m_faults.file();
    QVERIFY(!added.contains("replicator-secret"));
    QCOMPARE(added.count("POSTGRES_PASSWORD"), 1); // The primary's own.
    QCOMPARE(m_faults.lab->docker({QStringLiteral("exec"), m_faults.lab->container(service),
                                   QStringLiteral("stat"), QStringLiteral("-c"), QStringLiteral("%a %U"),
                                   QStringLiteral("/var/lib/postgresql/data/.understudy.pgpass")}),
             QStringLiteral("600 postgres"));
    // The next one is like this one, passfile and all.
    const Ended second = runProgram(
        understudyProgram(), {QStringLiteral("add-standby"), m_faults.lab->file(), QStringLiteral("--yes")});
    QVERIFY2(second.code == 0, second.said.constData());
    QCOMPARE(m_faults.lab->psql(
                 m_faults.primary,
                 QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")),
             QStringLiteral("2"));
    m_plan = {}; // The lab goes now, with everything.
}

void TestComposeShapes::nobodyTellsPasswords()
{
    const QStringList telling = m_faults.filesThatTell();
    QVERIFY2(telling.isEmpty(), qPrintable(telling.join(u'\n')));
}

QTEST_GUILESS_MAIN(TestComposeShapes)
#include "tst_compose_shapes.moc"
