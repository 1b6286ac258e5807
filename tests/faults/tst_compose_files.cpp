// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeFaults.h"
#include "ComposeProgram.h"

#include <QScopeGuard>

using namespace understudy;
using test::Compose;
using test::ComposeFaults;
using test::ComposeLab;
using test::Ended;
using test::runProgram;
using test::understudyProgram;

Q_DECLARE_METATYPE(understudy::test::Compose)

/// What another Compose changes is seen with one row of each kind; the rest is for the whole matrix.
static bool wholeMatrix()
{
    return qEnvironmentVariable("UNDERSTUDY_ALL_FAULTS") == QLatin1String("1");
}

/// Projects of several files, listed in COMPOSE_FILE; data in a directory that is described in many lines; a
/// standby without a slot. Each with the Compose of this machine and with version 2, and each undone to the
/// last byte.
class TestComposeFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void listed_data();
    void listed();
    void listedAndAFileOfItsOwn_data();
    void listedAndAFileOfItsOwn();
    void listedInAnotherFolder();
    void besideInTheOverride();
    void includedCannotBeEdited();
    void longBind_data();
    void longBind();
    void longBindCannotBeEdited();
    void noSlotIsUndone_data();
    void noSlotIsUndone();
    void nobodyTellsPasswords();
    void cleanupTestCase();

private:
    static void versions(const char *more = nullptr);
    bool planned(const QString &opened, AddStandbyRequest request = {});
    Ended add(const QString &opened, const QProcessEnvironment &environment, const QStringList &more) const
    {
        return runProgram(understudyProgram(), QStringList{QStringLiteral("add-standby"), opened} + more, {},
                          environment);
    }
    /// The same, and another program takes the new one's port while it copies: all of it must be undone.
    Ended addInVain(const QString &opened, const QProcessEnvironment &environment,
                    const QStringList &more) const
    {
        return test::addInVain(m_faults, port().toInt(), QStringList{opened} + more, environment);
    }
    QStringList doIt() const { return {QStringLiteral("--yes"), QStringLiteral("--port"), port()}; }
    QString port() const { return m_plan.facts.value(QStringLiteral("port")); }
    QString inProject(const QString &name) const
    {
        return m_faults.lab->folder() + QStringLiteral("/project/") + name;
    }
    QByteArray content(const QString &name) const
    {
        QFile file(inProject(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    bool put(const QString &name, const QByteArray &text) const
    {
        QFile file(inProject(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    }
    /// The lab's file in two: the standby stands in @p second.
    bool split(const QString &second);
    /// Back to the one file of the lab.
    void join();
    bool remakeStandby(const QByteArray &file) const;

    ComposeFaults m_faults;
    Plan m_plan;
    QByteArray m_one, m_env; ///< The lab's file and `.env`, as they came.
    QStringList m_made;      ///< Files that a test made.
};

const QString standbys = QStringLiteral("standbys.yml");
const char *const portTaken = "Another program listens on this port";

void TestComposeFiles::versions(const char *more)
{
    QTest::addColumn<Compose>("which");
    if (more)
        QTest::addColumn<bool>(more);
}

void TestComposeFiles::initTestCase()
{
    if (const QString missing = ComposeLab::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED, nothing was tested with Docker: ") + missing));
    QVERIFY(m_faults.start());
    m_one = m_faults.file();
    m_env = content(QStringLiteral(".env"));
    QVERIFY(!m_one.isEmpty() && !m_env.isEmpty());
}

void TestComposeFiles::cleanup()
{
    if (!m_plan.id.isEmpty())
        m_faults.reset(m_plan);
    m_plan = {};
    join();
}

void TestComposeFiles::cleanupTestCase()
{
    m_faults.lab.reset();
}

bool TestComposeFiles::split(const QString &second)
{
    const qsizetype extension = m_one.indexOf("x-postgres:"), services = m_one.indexOf("services:\n"),
                    from = m_one.indexOf("  postgres-standby:\n"), to = m_one.indexOf("networks:\n  repl");
    const QByteArray common = m_one.mid(extension, services - extension);
    QByteArray first = m_one;
    first.remove(from, to - from);
    first.replace("  standby_data:\n", "");
    const QByteArray other = "# The standbys.\nversion: \"3.8\"\n\n" + common + "services:\n" +
                             m_one.mid(from, to - from) + "volumes:\n  standby_data:\n";
    m_made << second;
    return put(QStringLiteral("docker-compose.yml"), first) && put(second, other);
}

void TestComposeFiles::join()
{
    if (!m_faults.lab || m_one.isEmpty())
        return;
    for (const QString &name : std::as_const(m_made))
        QFile::remove(inProject(name));
    m_made.clear();
    QVERIFY(put(QStringLiteral("docker-compose.yml"), m_one) && put(QStringLiteral(".env"), m_env));
    QVERIFY(m_faults.remember());
}

bool TestComposeFiles::planned(const QString &opened, AddStandbyRequest request)
{
    request.on = QStringLiteral("compose");
    const auto spec = resolveCluster(opened);
    const auto facts = spec ? gatherFacts(*spec, secretsOf(*spec, std::make_shared<LibpqSecrets>()))
                            : Result<AddStandbyFacts>(tl::unexpected(spec.error()));
    const auto plan = facts ? planAddStandby(suggest(request, *facts), *facts)
                            : Result<Plan>(tl::unexpected(facts.error()));
    if (!plan)
        qWarning("%s", qPrintable(plan.error().text()));
    m_plan = plan.value_or(Plan{});
    return plan.has_value();
}

void TestComposeFiles::listed_data()
{
    versions("inEnvironment");
    QTest::addColumn<QString>("opened");
    const QString first = QStringLiteral("docker-compose.yml");
    QTest::newRow("own, .env, the first") << Compose::Own << false << first;
    if (wholeMatrix())
        QTest::newRow("own, environment, the second") << Compose::Own << true << standbys;
    QTest::newRow("docker compose, .env, the second") << Compose::Plugin << false << standbys;
    if (wholeMatrix())
        QTest::newRow("docker-compose v2, environment, the first") << Compose::Standalone << true << first;
}

void TestComposeFiles::listed()
{
    QFETCH(Compose, which);
    QFETCH(bool, inEnvironment);
    QFETCH(QString, opened);
    auto environment = test::environmentWith(which);
    if (!environment)
        QSKIP(test::noComposeV2);
    QVERIFY(split(standbys));
    const QByteArray list = "docker-compose.yml:" + standbys.toUtf8();
    if (inEnvironment)
        environment->insert(QStringLiteral("COMPOSE_FILE"), QString::fromUtf8(list));
    // The test itself always finds both.
    QVERIFY(put(QStringLiteral(".env"), m_env + "COMPOSE_FILE=" + list + '\n'));
    QVERIFY(m_faults.remember());
    QVERIFY(planned(inProject(opened)));
    if (inEnvironment)
        QVERIFY(put(QStringLiteral(".env"), m_env));
    const QByteArray first = m_faults.file(), second = content(standbys);

    // Whichever was opened: the new one is written where its model stands.
    const Ended review = add(inProject(opened), *environment, {QStringLiteral("--dry-run")});
    QVERIFY2(review.code == 0, review.said.constData());
    QVERIFY2(review.said.contains("Edit standbys.yml"), review.said.constData());
    {
        const Ended failed = addInVain(inProject(opened), *environment, {});
        QVERIFY2(failed.code == 1 && failed.said.contains(portTaken), failed.said.constData());
        QCOMPARE(content(standbys), second);
        QCOMPARE(m_faults.remains(first), QStringList());
    }
    const Ended ended =
        add(inProject(opened), *environment, {QStringLiteral("--yes"), QStringLiteral("--port"), port()});
    QVERIFY2(ended.code == 0, ended.said.right(900).constData());
    QVERIFY(!ComposeFaults::tells(ended.said));
    QVERIFY(m_faults.streams(m_plan));
    QCOMPARE(m_faults.file(), first);
    const QByteArray added = content(standbys);
    QVERIFY(added.contains("  postgres-standby2:\n") && added.contains("\n  standby2_data:\n"));
    QVERIFY(added.startsWith("# The standbys.\n"));
    // All of it is one project for Compose: nothing has to be named.
    QVERIFY(put(QStringLiteral(".env"), m_env + "COMPOSE_FILE=" + list + '\n'));
    QVERIFY(m_faults.lab->compose({QStringLiteral("config"), QStringLiteral("--services")})
                .split(u'\n')
                .contains(QStringLiteral("postgres-standby2")));
}

void TestComposeFiles::listedAndAFileOfItsOwn_data()
{
    versions();
    QTest::newRow("own") << Compose::Own;
    if (wholeMatrix())
        QTest::newRow("docker compose") << Compose::Plugin;
}

void TestComposeFiles::listedAndAFileOfItsOwn()
{
    QFETCH(Compose, which);
    const auto environment = test::environmentWith(which);
    if (!environment)
        QSKIP(test::noComposeV2);
    QVERIFY(split(standbys));
    QVERIFY(put(QStringLiteral(".env"), m_env + "COMPOSE_FILE=docker-compose.yml:standbys.yml\n"));
    QVERIFY(m_faults.remember());
    AddStandbyRequest request;
    request.overrideFile = true;
    QVERIFY(planned(m_faults.lab->file(), request));
    const QByteArray first = m_faults.file(), second = content(standbys);
    const QString own = QStringLiteral("docker-compose.postgres-standby2.yml");
    QCOMPARE(m_plan.facts.value(QStringLiteral("compose_override")), inProject(own));
    const QStringList words{QStringLiteral("--override")};
    {
        const Ended failed = addInVain(m_faults.lab->file(), *environment, words);
        QVERIFY2(failed.code == 1 && failed.said.contains(portTaken), failed.said.constData());
        QCOMPARE(m_faults.remains(first), QStringList());
    }
    m_made << own;
    const Ended ended = add(m_faults.lab->file(), *environment, words + doIt());
    QVERIFY2(ended.code == 0, ended.said.right(900).constData());
    QVERIFY(m_faults.streams(m_plan));
    QCOMPARE(m_faults.file(), first);
    QCOMPARE(content(standbys), second);
    const QByteArray list = "COMPOSE_FILE=docker-compose.yml:standbys.yml:" + own.toUtf8();
    QVERIFY2(ended.said.contains(list), ended.said.constData());
    // As it was told: then Compose knows the new service.
    QVERIFY(put(QStringLiteral(".env"), m_env + list + '\n'));
    QVERIFY(m_faults.lab->compose({QStringLiteral("config"), QStringLiteral("--services")})
                .split(u'\n')
                .contains(QStringLiteral("postgres-standby2")));
}

void TestComposeFiles::listedInAnotherFolder()
{
    const QString folder = inProject(QStringLiteral("more"));
    QVERIFY(QDir().mkdir(folder));
    const auto gone = qScopeGuard([&] { QDir(folder).removeRecursively(); });
    QVERIFY(split(QStringLiteral("more/standbys.yml")));
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("COMPOSE_FILE"),
                       m_faults.lab->file() + u':' + folder + QStringLiteral("/standbys.yml"));
    const QByteArray first = m_faults.file(), second = content(QStringLiteral("more/standbys.yml"));
    const Ended wrong =
        add(folder + QStringLiteral("/standbys.yml"), environment, {QStringLiteral("--dry-run")});
    QCOMPARE(wrong.code, 2);
    QVERIFY2(wrong.said.contains("COMPOSE_FILE lists docker-compose.yml first") &&
                 wrong.said.contains("Open " + m_faults.lab->file().toUtf8() + " instead"),
             wrong.said.constData());
    QCOMPARE(content(QStringLiteral("more/standbys.yml")), second);
    // Opened as it says, the file of the other folder is the one that is written into.
    const Ended right = add(m_faults.lab->file(), environment, {QStringLiteral("--dry-run")});
    QVERIFY2(right.code == 0, right.said.constData());
    QVERIFY2(right.said.contains("Edit standbys.yml"), right.said.constData());
    QCOMPARE(m_faults.file(), first);
}

// The file that Compose reads by itself beside the one that was opened.
void TestComposeFiles::besideInTheOverride()
{
    const QString second = QStringLiteral("docker-compose.override.yml");
    QVERIFY(split(second));
    QVERIFY(m_faults.remember());
    QVERIFY(planned(m_faults.lab->file()));
    const QByteArray first = m_faults.file(), before = content(second);
    QCOMPARE(m_plan.facts.value(QStringLiteral("compose_file")), m_faults.lab->file());
    {
        const Ended failed = addInVain(m_faults.lab->file(), QProcessEnvironment::systemEnvironment(), {});
        QVERIFY2(failed.code == 1 && failed.said.contains(portTaken), failed.said.constData());
        QCOMPARE(m_faults.remains(first), QStringList());
        QCOMPARE(content(second), before);
    }
    const Ended ended = add(m_faults.lab->file(), QProcessEnvironment::systemEnvironment(), doIt());
    QVERIFY2(ended.code == 0, ended.said.right(900).constData());
    QVERIFY(m_faults.streams(m_plan));
    QCOMPARE(m_faults.file(), first);
    QVERIFY(content(second).contains("  postgres-standby2:\n"));
}

// Compose v2 alone knows `include`; what stands in such a file is not ours to edit.
void TestComposeFiles::includedCannotBeEdited()
{
    const auto environment = test::environmentWith(Compose::Plugin);
    if (!environment)
        QSKIP(test::noComposeV2);
    QVERIFY(split(standbys));
    QByteArray first = m_faults.file();
    const QByteArray extension = first.mid(first.indexOf("x-postgres:"));
    QByteArray second = content(standbys);
    // An included file stands for itself: what it waits for and where it is are said in it.
    second.replace("    depends_on:\n      postgres-primary:\n        condition: service_healthy\n", "");
    second += "networks:\n  replication:\n";
    QVERIFY(put(standbys, second));
    first.replace("version: \"3.8\"\n", "version: \"3.8\"\n\ninclude:\n  - standbys.yml\n");
    first.replace("networks:\n  replication:\n\n", "");
    QVERIFY(put(QStringLiteral("docker-compose.yml"), first));
    const Ended refused = add(m_faults.lab->file(), *environment, {QStringLiteral("--dry-run")});
    QVERIFY2(refused.code != 0, refused.said.constData());
    const int line = int(first.left(first.indexOf("include:")).count('\n')) + 1;
    const QByteArray said =
        "Line " + QByteArray::number(line) + " of " + m_faults.lab->file().toUtf8() +
        " cannot be edited: the service postgres-standby is not written here but in another file.";
    QVERIFY2(refused.said.contains(said), refused.said.constData());
    QCOMPARE(m_faults.file(), first);
    QCOMPARE(content(standbys), second);
}

bool TestComposeFiles::remakeStandby(const QByteArray &file) const
{
    const QString id = m_faults.lab->container(QStringLiteral("postgres-standby"));
    const QString slots_ = QStringLiteral(
        "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE NOT active");
    const auto streams = [&] {
        return m_faults.lab->psql(m_faults.primary,
                                  QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = "
                                                 "'streaming'")) == QLatin1String("1") &&
               m_faults.lab->psql(QStringLiteral("postgres-standby"), QStringLiteral("SELECT 1")) ==
                   QLatin1String("1");
    };
    // It begins from nothing, wherever its data was.
    const auto noData = [&] {
        const QString all =
            m_faults.lab->docker({QStringLiteral("volume"), QStringLiteral("ls"), QStringLiteral("-q")});
        for (const QString &volume : all.split(u'\n')) {
            if (volume.endsWith(QLatin1String("_standby_data")) &&
                m_faults.lab->docker({QStringLiteral("volume"), QStringLiteral("rm"), volume}).isNull())
                return false;
        }
        return true;
    };
    return !m_faults.lab->docker({QStringLiteral("rm"), QStringLiteral("-fv"), id}).isNull() && noData() &&
           m_faults.write(file) &&
           QTest::qWaitFor(
               [&] {
                   return !m_faults.lab->psql(m_faults.primary, slots_).isNull() &&
                          m_faults.slotNames().isEmpty();
               },
               15000) &&
           (!file.contains("-S standby_slot") ||
            !m_faults.lab
                 ->psql(m_faults.primary,
                        QStringLiteral("SELECT pg_create_physical_replication_slot('standby_slot')"))
                 .isNull()) &&
           !m_faults.lab
                ->compose({QStringLiteral("up"), QStringLiteral("-d"), QStringLiteral("--no-deps"),
                           QStringLiteral("postgres-standby")})
                .isNull() &&
           QTest::qWaitFor(streams, 60000);
}

void TestComposeFiles::longBind_data()
{
    versions();
    QTest::newRow("own") << Compose::Own;
    if (wholeMatrix())
        QTest::newRow("docker compose") << Compose::Plugin;
}

void TestComposeFiles::longBind()
{
    QFETCH(Compose, which);
    const auto environment = test::environmentWith(which);
    if (!environment)
        QSKIP(test::noComposeV2);
    QByteArray file = m_one;
    file.replace("      - standby_data:/var/lib/postgresql/data\n",
                 "      - type: bind\n        source: ./standby1-data # on this machine\n"
                 "        target: /var/lib/postgresql/data\n");
    file.replace("  standby_data:\n", "");
    QVERIFY(file.contains("type: bind"));
    const QString model = inProject(QStringLiteral("standby1-data"));
    if (!QFileInfo::exists(model)) {
        QVERIFY(QDir().mkdir(model)); // Compose makes none for the long form.
        QVERIFY(remakeStandby(file));
    }
    m_one = file; // It stays so until the next of these tests.
    QVERIFY(m_faults.write(file) && m_faults.remember());
    QVERIFY(planned(m_faults.lab->file()));
    const QString directory = inProject(QStringLiteral("postgres-standby2"));
    QVERIFY(m_plan.facts.value(QStringLiteral("data_directory")).endsWith(directory));
    {
        const Ended failed = addInVain(m_faults.lab->file(), *environment, {});
        QVERIFY2(failed.code == 1 && failed.said.contains(portTaken), failed.said.constData());
        QVERIFY(!QFileInfo::exists(directory));
        QCOMPARE(m_faults.remains(file), QStringList());
    }
    const auto gone = qScopeGuard([&] {
        m_faults.reset(m_plan);
        QDir(directory).removeRecursively();
        m_plan = {};
    });
    const Ended ended = add(m_faults.lab->file(), *environment, doIt());
    QVERIFY2(ended.code == 0, ended.said.right(900).constData());
    QVERIFY(m_faults.streams(m_plan));
    QVERIFY(QFileInfo::exists(directory + QStringLiteral("/PG_VERSION")));
    QVERIFY(m_faults.file().contains("      - type: bind\n        source: ./postgres-standby2 # on this "
                                     "machine\n        target: /var/lib/postgresql/data\n"));
}

void TestComposeFiles::longBindCannotBeEdited()
{
    QVERIFY(m_one.contains("source: ./standby1-data"));
    QByteArray file = m_one;
    file.replace("source: ./standby1-data", "source: ${STANDBY_DATA}");
    QVERIFY(m_faults.write(file));
    QVERIFY(put(QStringLiteral(".env"), m_env + "STANDBY_DATA=./standby1-data\n"));
    const int line = int(file.left(file.indexOf("- type: bind")).count('\n')) + 1;
    for (const Compose which : {Compose::Own, Compose::Plugin}) {
        const auto environment = test::environmentWith(which);
        if (!environment)
            continue;
        const Ended refused = add(m_faults.lab->file(), *environment, {QStringLiteral("--yes")});
        QVERIFY2(refused.code != 0, refused.said.constData());
        const QByteArray said = "Line " + QByteArray::number(line) + " of " + m_faults.lab->file().toUtf8() +
                                " cannot be edited: its data directory is named by a variable";
        QVERIFY2(refused.said.contains(said), refused.said.constData());
        QCOMPARE(m_faults.remains(file), QStringList());
    }
}

void TestComposeFiles::noSlotIsUndone_data()
{
    versions("killed");
    QTest::newRow("own, fails") << Compose::Own << false;
    if (wholeMatrix())
        QTest::newRow("own, killed in the copy") << Compose::Own << true;
    if (wholeMatrix())
        QTest::newRow("docker compose, fails") << Compose::Plugin << false;
    QTest::newRow("docker compose, killed in the copy") << Compose::Plugin << true;
}

void TestComposeFiles::noSlotIsUndone()
{
    QFETCH(Compose, which);
    QFETCH(bool, killed);
    const auto environment = test::environmentWith(which);
    if (!environment)
        QSKIP(test::noComposeV2);
    // Its model has none either.
    if (m_one.contains("-S standby_slot")) {
        QDir(inProject(QStringLiteral("standby1-data"))).removeRecursively();
        QVERIFY(QDir().mkdir(inProject(QStringLiteral("standby1-data"))));
        m_one.replace(" -S standby_slot", "");
        QVERIFY(remakeStandby(m_one));
    }
    QVERIFY(m_faults.remember());
    AddStandbyRequest request;
    request.choices.slot = false;
    QVERIFY(planned(m_faults.lab->file(), request));
    QCOMPARE(m_plan.facts.value(QStringLiteral("slot")), QString());
    const QStringList words{QStringLiteral("--no-slot")};
    const auto copies = [&] {
        return m_faults.lab->psql(m_faults.primary,
                                  QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE "
                                                 "application_name = 'pg_basebackup'"));
    };
    if (!killed) {
        const Ended failed = addInVain(m_faults.lab->file(), *environment, words);
        QVERIFY2(failed.code == 1 && failed.said.contains(portTaken), failed.said.constData());
    } else {
        QProcess program;
        program.setProcessEnvironment(*environment);
        program.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        program.start(understudyProgram(), QStringList{QStringLiteral("add-standby"), m_faults.lab->file(),
                                                       QStringLiteral("--max-rate"), QStringLiteral("1M")} +
                                               words + doIt());
        QTRY_VERIFY_WITH_TIMEOUT(copies().toInt() >= 2, 60000); // The files and the WAL.
        program.kill();
        QVERIFY(program.waitForFinished());
        QString id;
        for (const JournalEntry &entry : Journal::entries(m_faults.journals())) {
            if (entry.open && !entry.runningNow)
                id = entry.record.plan.id;
        }
        QVERIFY(!id.isEmpty());
        const Ended undone =
            runProgram(understudyProgram(), {QStringLiteral("operations"), QStringLiteral("undo"), id}, {},
                       *environment);
        QVERIFY2(undone.code == 0, undone.said.constData());
    }
    // Both walsenders of the copy go with it, though no slot tells which they are.
    QCOMPARE(copies(), QStringLiteral("0"));
    QCOMPARE(m_faults.remains(m_one), QStringList());
}

void TestComposeFiles::nobodyTellsPasswords()
{
    const QStringList telling = m_faults.filesThatTell();
    QVERIFY2(telling.isEmpty(), qPrintable(telling.join(u'\n')));
}

QTEST_GUILESS_MAIN(TestComposeFiles)
#include "tst_compose_files.moc"
