// SPDX-License-Identifier: GPL-3.0-or-later
#include "LocalFaults.h"

#include <QProcess>
#include <QScopeGuard>
#include <csignal>
#include <pwd.h>
#include <sys/mount.h>

using namespace understudy;
using test::LocalFaults;
using test::Moment;
using test::ServerFolder;
using test::TakenPort;
using test::TestServer;
using Outcome = RunRecord::Outcome;

namespace {

constexpr qint64 middle = qint64(3) << 20;
const QString slow = QStringLiteral("4M");

bool wholeMatrix()
{
    return qEnvironmentVariable("UNDERSTUDY_ALL_FAULTS") == QLatin1String("1");
}

void giveToServers(const QString &path)
{
    if (const passwd *user = ::getpwnam("postgres"); user && ::geteuid() == 0)
        QVERIFY(::chown(QFile::encodeName(path).constData(), user->pw_uid, user->pw_gid) == 0);
}

} // namespace

/// What can go wrong while a standby is added on this machine, on real servers: after each fault nothing is
/// left that the record does not name, and the words say what happened, what it means and what to do next.
class TestLocalFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void copyKilled();
    void copyStopped();
    void primaryKilledInTheCopy_data();
    void primaryKilledInTheCopy();
    void primaryPausedInTheCopy();
    void primaryFrozenInTheCopy_data();
    void primaryFrozenInTheCopy();
    void standbyKilledAfterItsStart();
    void diskFull();
    void portTakenBeforeTheStart();
    void slotDroppedInTheCopy();
    void slotDroppedBeforeTheStart();
    void passwordChanged();
    void hba_data();
    void hba();
    void walsendersUsedUp();
    void slotsUsedUp();
    void twoPlansAtOnce();
    void cancelled_data();
    void cancelled();
    void parentRemoved();
    void parentMoved_data();
    void parentMoved();
    void parentMovedUnderTheServer();
    void upstreamPromoted();
    void upstreamDemoted();

private:
    bool planned(AddStandbyRequest request = {}, bool typedPassword = false);
    RunRecord run(const Plan &plan, Moment &moment);
    RunRecord undoLater(const Plan &plan);
    QString directory() const { return m_plan.facts.value(QStringLiteral("data_directory")); }
    QString slot() const { return m_plan.facts.value(QStringLiteral("slot")); }
    QString sql(const QString &text) const { return m_lab.primary->psql(text); }
    bool replicatorGetsIn() const;

    LocalFaults m_lab;
    Plan m_plan;
};

/// The outcome, nothing left, and each of the words in what the record says.
#define ENDED(record, expected, ...)                                                                         \
    do {                                                                                                     \
        QVERIFY2((record).outcome == (expected), qPrintable(LocalFaults::said(record)));                     \
        QTRY_COMPARE_WITH_TIMEOUT(m_lab.left(m_plan), QStringList(), 5000);                                  \
        SAYS(record, __VA_ARGS__);                                                                           \
    } while (false)
#define SAYS(record, ...)                                                                                    \
    for (const char *word : std::initializer_list<const char *>{__VA_ARGS__})                                \
    QVERIFY2(                                                                                                \
        (record).error.contains(QLatin1String(word)),                                                        \
        qPrintable(QLatin1String(word) + QStringLiteral(" is missing in: ") + LocalFaults::said(record)))

void TestLocalFaults::initTestCase()
{
    QVERIFY(m_lab.start({QStringLiteral("max_wal_senders = 6")}));
    QVERIFY(
        !sql(QStringLiteral("CREATE TABLE t AS SELECT g, repeat('x', 400) FROM generate_series(1, 20000) g"))
             .isNull());
}

void TestLocalFaults::init()
{
    m_plan = {};
    m_lab.remember();
}

void TestLocalFaults::cleanup()
{
    m_lab.primary->thaw();
    m_lab.stopAdded();
    if (directory().startsWith(m_lab.folder.path() + u'/'))
        QDir(directory()).removeRecursively();
    if (!m_lab.primary->isRunning())
        QVERIFY(m_lab.primary->start());
    const auto gone = [this] {
        sql(QStringLiteral(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active "
            "AND slot_name <> 'standby_slot'"));
        return sql(QStringLiteral(
                   "SELECT count(*) FROM pg_replication_slots WHERE slot_name <> 'standby_slot'")) ==
               QLatin1String("0");
    };
    QTRY_VERIFY_WITH_TIMEOUT(gone(), 15000);
}

bool TestLocalFaults::planned(AddStandbyRequest request, bool typedPassword)
{
    auto facts = m_lab.facts();
    if (facts && typedPassword) {
        facts->sharedPassfiles.clear();
        facts->haveReplicationSecret = true;
    }
    const auto plan =
        facts ? planAddStandby(suggest(request, *facts), *facts) : tl::unexpected(facts.error());
    if (!plan)
        qWarning("%s", qPrintable(plan.error().text()));
    m_plan = plan.value_or(Plan{});
    return plan.has_value();
}

RunRecord TestLocalFaults::run(const Plan &plan, Moment &moment)
{
    RunContext context = m_lab.context(plan, &moment);
    context.secretValues.insert(QStringLiteral("replication"),
                                ServerFolder::password(QStringLiteral("replicator")));
    return runPlan(plan, context, moment.stop.get_token());
}

/// What was left is taken back once it can be, from the journal alone.
RunRecord TestLocalFaults::undoLater(const Plan &plan)
{
    for (const JournalEntry &entry : Journal::entries(m_lab.journals.path())) {
        if (entry.record.plan.id != plan.id)
            continue;
        RunContext context;
        context.hosts.insert(QStringLiteral("local"), localHost());
        context.secrets = m_lab.secrets;
        return undoInterrupted(entry, context, {});
    }
    return {};
}

bool TestLocalFaults::replicatorGetsIn() const
{
    return TestServer::runAsServerUser(
               {TestServer::binDir() + QStringLiteral("/psql"), QStringLiteral("-XAtqw"),
                QStringLiteral("-d"),
                QStringLiteral(
                    "host=127.0.0.1 port=%1 user=replicator dbname=postgres replication=true passfile=%2")
                    .arg(m_lab.primary->port())
                    .arg(m_lab.primary->passfile()),
                QStringLiteral("-c"), QStringLiteral("IDENTIFY_SYSTEM")}) == 0;
}

void TestLocalFaults::copyKilled()
{
    AddStandbyRequest request;
    request.maxRate = slow;
    QVERIFY(planned(request));
    Moment moment(middle, [this] { LocalFaults::killCopy(m_plan, SIGKILL); });
    const RunRecord record = run(m_plan, moment);
    QVERIFY(moment.happened());
    ENDED(record, Outcome::FailedAndUndone, "Copy the primary failed: pg_basebackup was ended by signal 9",
          "Somebody killed the program", "run the plan again");
}

// A stopped copy hears a cancel.
void TestLocalFaults::copyStopped()
{
    AddStandbyRequest request;
    request.maxRate = slow;
    QVERIFY(planned(request));
    Moment moment(middle, [&] {
        LocalFaults::killCopy(m_plan, SIGSTOP);
        moment.stop.request_stop();
    });
    const RunRecord record = run(m_plan, moment);
    QVERIFY(moment.happened());
    ENDED(record, Outcome::CancelledAndUndone, "Cancelled during");
}

void TestLocalFaults::primaryKilledInTheCopy_data()
{
    QTest::addColumn<bool>("comesBack");
    QTest::newRow("and back at once") << true;
    QTest::newRow("and gone") << false;
}

void TestLocalFaults::primaryKilledInTheCopy()
{
    QFETCH(bool, comesBack);
    AddStandbyRequest request;
    request.maxRate = slow;
    QVERIFY(planned(request));
    Moment moment(middle, [&] {
        m_lab.primary->kill9();
        if (comesBack)
            QVERIFY(m_lab.primary->start());
    });
    const Plan plan = comesBack ? m_plan : LocalFaults::impatient(m_plan, 1000);
    const RunRecord record = run(plan, moment);
    QVERIFY(moment.happened());
    if (comesBack) {
        ENDED(record, Outcome::FailedAndUndone, "Copy the primary failed", "The server went away",
              "run the plan again");
        return;
    }
    QVERIFY2(record.outcome == Outcome::LeftBehind, qPrintable(LocalFaults::said(record)));
    QCOMPARE(
        record.leftBehind,
        QStringList{QStringLiteral("the slot %1 on primary (it keeps WAL until it is dropped)").arg(slot())});
    QVERIFY(!QFileInfo::exists(directory()));
    SAYS(record, "Copy the primary failed", "The server went away", "run the plan again");
    QVERIFY(m_lab.primary->start());
    const RunRecord later = undoLater(plan);
    ENDED(later, Outcome::CancelledAndUndone);
}

// It answers again: the copy goes on, and the plan with it.
void TestLocalFaults::primaryPausedInTheCopy()
{
    AddStandbyRequest request;
    request.maxRate = QStringLiteral("16M");
    QVERIFY(planned(request));
    Moment moment(middle, [this] { m_lab.primary->freeze(); });
    // Until the session beside the copy was given up as silent.
    int silent = 0;
    moment.whileCopying = [&](const CopyProgress &) {
        if (++silent == 3)
            m_lab.primary->thaw();
    };
    const RunRecord record = run(m_plan, moment);
    QVERIFY(silent >= 3);
    QVERIFY2(record.outcome == Outcome::Done, qPrintable(LocalFaults::said(record)));
    QVERIFY(m_lab.primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"),
        QStringLiteral("2")));
}

void TestLocalFaults::primaryFrozenInTheCopy_data()
{
    QTest::addColumn<bool>("forEver");
    QTest::newRow("until the undo") << false;
    if (wholeMatrix())
        QTest::newRow("for ever") << true;
}

// Nobody waits for ever: the copy is ended, and what a frozen server keeps is named.
void TestLocalFaults::primaryFrozenInTheCopy()
{
    QFETCH(bool, forEver);
    AddStandbyRequest request;
    request.maxRate = slow;
    QVERIFY(planned(request));
    const Plan plan = LocalFaults::silentFor(LocalFaults::impatient(m_plan, forEver ? 1000 : 10000), 3000);
    Moment freeze(middle, [this] { m_lab.primary->freeze(); });
    struct Both final : RunObserver
    {
        Moment &first, second;
        Both(Moment &one, const Moment &two) : first(one), second(two) {}
        void stepChanged(int i, const StepRecord &step) override { second.stepChanged(i, step); }
        void copying(int i, const CopyProgress &progress) override { first.copying(i, progress); }
    } both(freeze, Moment(QStringLiteral("copy"), StepState::Failed, [&] {
               if (!forEver)
                   m_lab.primary->thaw();
           }));
    const RunRecord record = runPlan(plan, m_lab.context(plan, &both), {});
    QVERIFY(freeze.happened() && both.second.happened());
    if (!forEver) {
        ENDED(record, Outcome::FailedAndUndone, "Copy the primary failed: For 3", "The upstream is frozen",
              "run the plan again");
        return;
    }
    QVERIFY2(record.outcome == Outcome::LeftBehind, qPrintable(LocalFaults::said(record)));
    QCOMPARE(record.leftBehind.size(), 1);
    QVERIFY(record.leftBehind.first().startsWith(QStringLiteral("the slot %1 on primary").arg(slot())));
    SAYS(record, "The upstream is frozen", "run the plan again");
    m_lab.primary->thaw();
    const RunRecord later = undoLater(LocalFaults::impatient(m_plan, 10000));
    ENDED(later, Outcome::CancelledAndUndone);
}

void TestLocalFaults::standbyKilledAfterItsStart()
{
    QVERIFY(planned());
    Moment moment(QStringLiteral("start"), StepState::Done, [this] {
        QFile file(directory() + QStringLiteral("/postmaster.pid"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        ::kill(pid_t(file.readLine().trimmed().toInt()), SIGKILL);
    });
    const RunRecord record = run(LocalFaults::impatient(m_plan, 2000), moment);
    QVERIFY(moment.happened());
    // It may have streamed in the moment before.
    ENDED(record, Outcome::FailedAndUndone, "failed: pg_ctl: no server running",
          "The new standby does not run any more", "log of this step");
}

void TestLocalFaults::diskFull()
{
    if (::geteuid() != 0)
        QSKIP("SKIPPED, a full disk was not tried: only root may mount a small file system");
    const QString small = m_lab.folder.filePath(QStringLiteral("small"));
    QVERIFY(QDir().mkdir(small));
    const auto unmount = qScopeGuard([&] {
        ::umount2(QFile::encodeName(small).constData(), MNT_DETACH);
        QDir().rmdir(small);
    });
    if (::mount("tmpfs", QFile::encodeName(small).constData(), "tmpfs", 0, "size=20m,mode=0755") != 0)
        QSKIP("SKIPPED, a full disk was not tried: a file system cannot be mounted here");
    giveToServers(small);
    m_lab.remember();
    AddStandbyRequest request;
    request.dataDirectory = small + QStringLiteral("/standby2");
    QVERIFY(planned(request));
    Moment moment;
    const RunRecord record = run(m_plan, moment);
    ENDED(record, Outcome::FailedAndUndone, "No space left on device",
          "The file system of the new data directory is full", "Free some space or choose another directory");
    QVERIFY(QDir(small).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot));
}

void TestLocalFaults::portTakenBeforeTheStart()
{
    QVERIFY(planned());
    TakenPort port;
    Moment moment(QStringLiteral("start"), StepState::Running,
                  [&] { QVERIFY(port.take(m_plan.facts.value(QStringLiteral("port")).toInt())); });
    const RunRecord record = run(m_plan, moment);
    QVERIFY(moment.happened());
    ENDED(record, Outcome::FailedAndUndone, "Start standby2 failed", "Another program listens on this port",
          "Choose another port");
}

// A slot that is read cannot be dropped: its reader is ended first, as a hasty person does it.
void TestLocalFaults::slotDroppedInTheCopy()
{
    AddStandbyRequest request;
    request.maxRate = slow;
    QVERIFY(planned(request));
    Moment moment(middle, [this] {
        const auto dropped = [this] {
            sql(QStringLiteral("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE "
                               "slot_name = '%1' AND active")
                    .arg(slot()));
            sql(QStringLiteral("SELECT pg_drop_replication_slot('%1')").arg(slot()));
            return sql(QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '%1'")
                           .arg(slot())) == QLatin1String("0");
        };
        QTRY_VERIFY_WITH_TIMEOUT(dropped(), 10000);
    });
    const RunRecord record = run(m_plan, moment);
    QVERIFY(moment.happened());
    ENDED(record, Outcome::FailedAndUndone, "Copy the primary failed", "Somebody ended this connection",
          "Find out who did, then run the plan again");
}

void TestLocalFaults::slotDroppedBeforeTheStart()
{
    QVERIFY(planned());
    Moment moment(QStringLiteral("start"), StepState::Running, [this] {
        const auto dropped = [this] {
            sql(QStringLiteral("SELECT pg_drop_replication_slot('%1')").arg(slot()));
            return sql(QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '%1'")
                           .arg(slot())) == QLatin1String("0");
        };
        QTRY_VERIFY_WITH_TIMEOUT(dropped(), 10000);
    });
    const RunRecord record = run(LocalFaults::impatient(m_plan, 3000), moment);
    QVERIFY(moment.happened());
    ENDED(record, Outcome::FailedAndUndone, "Wait until it streams failed", "does not exist",
          "The slot was dropped while the plan ran", "Find out who dropped it");
}

void TestLocalFaults::passwordChanged()
{
    QVERIFY(planned({}, true));
    const QString set = QStringLiteral("ALTER ROLE replicator PASSWORD '%1'");
    Moment moment(QStringLiteral("slot"), StepState::Done, [&] { sql(set.arg(QStringLiteral("other"))); });
    const RunRecord record = run(m_plan, moment);
    sql(set.arg(ServerFolder::password(QStringLiteral("replicator"))));
    QVERIFY(moment.happened());
    ENDED(record, Outcome::FailedAndUndone, "password authentication failed",
          "The password of the replication role is wrong", "Check the role's password");
}

void TestLocalFaults::hba_data()
{
    QTest::addColumn<bool>("rejected");
    QTest::newRow("no line") << false;
    QTest::newRow("a line that rejects") << true;
}

void TestLocalFaults::hba()
{
    QFETCH(bool, rejected);
    QVERIFY(planned());
    QFile file(m_lab.primary->dataDir() + QStringLiteral("/pg_hba.conf"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray before = file.readAll();
    file.close();
    QByteArray now = rejected ? "host replication all all reject\n" + before : before;
    if (!rejected)
        now.replace("\nhost    replication", "\n#host    replication");
    const auto write = [&](const QByteArray &content) {
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        QVERIFY(m_lab.primary->reload());
    };
    write(now);
    QTRY_VERIFY(!replicatorGetsIn());
    Moment moment;
    const RunRecord record = run(m_plan, moment);
    write(before);
    QTRY_VERIFY(replicatorGetsIn());
    if (rejected)
        ENDED(record, Outcome::FailedAndUndone, "pg_hba.conf rejects replication connection",
              "rejects this role and address", "reload it");
    else
        ENDED(record, Outcome::FailedAndUndone, "no pg_hba.conf entry for replication connection",
              "lets nobody replicate from this address", "Add a line");
}

// One is left when the copy begins, and it needs two.
void TestLocalFaults::walsendersUsedUp()
{
    QVERIFY(planned());
    std::vector<std::unique_ptr<QProcess>> others;
    Moment moment(QStringLiteral("copy"), StepState::Running, [&] {
        for (int i = 0; i < 4; ++i) {
            others.push_back(std::make_unique<QProcess>());
            others.back()->start(
                TestServer::binDir() + QStringLiteral("/psql"),
                {QStringLiteral("-XAtq"), QStringLiteral("-d"),
                 QStringLiteral("host=%1 port=%2 user=postgres dbname=postgres replication=true")
                     .arg(m_lab.primary->socketDir())
                     .arg(m_lab.primary->port())});
        }
        QVERIFY(m_lab.primary->waitFor(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE "
                                                      "backend_type = 'walsender'"),
                                       QStringLiteral("5")));
    });
    const RunRecord record = run(m_plan, moment);
    for (const auto &other : others) {
        other->closeWriteChannel();
        QVERIFY(other->waitForFinished(5000));
    }
    QVERIFY(moment.happened());
    ENDED(record, Outcome::FailedAndUndone, "exceeds max_wal_senders", "The upstream has no walsender left",
          "Raise max_wal_senders");
}

void TestLocalFaults::slotsUsedUp()
{
    QVERIFY(planned());
    Moment moment(QStringLiteral("directory"), StepState::Done, [this] {
        QVERIFY(!sql(QStringLiteral(
                         "SELECT pg_create_physical_replication_slot('other_' || g) FROM generate_series("
                         "2, current_setting('max_replication_slots')::int) g"))
                     .isNull());
    });
    const RunRecord record = run(m_plan, moment);
    QVERIFY(moment.happened());
    QVERIFY(!sql(QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE "
                                "slot_name LIKE 'other%'"))
                 .isNull());
    ENDED(record, Outcome::FailedAndUndone, "all replication slots are in use",
          "The upstream has no replication slot left", "raise max_replication_slots");
}

// The second is told who holds the lock, has made nothing, and has taken nothing from the first.
void TestLocalFaults::twoPlansAtOnce()
{
    AddStandbyRequest other;
    other.name = QStringLiteral("standby7");
    QVERIFY(planned(other));
    const Plan second = m_plan;
    AddStandbyRequest request;
    request.maxRate = QStringLiteral("16M");
    QVERIFY(planned(request));
    Plan same = m_plan;
    same.id += QStringLiteral("-again");
    RunRecord refused, refusedToo;
    Moment moment(middle, [&] {
        refused = runPlan(second, m_lab.context(second), {});
        refusedToo = runPlan(same, m_lab.context(same), {});
    });
    const RunRecord record = run(m_plan, moment);
    QVERIFY(moment.happened());
    for (const RunRecord &each : {refused, refusedToo}) {
        QVERIFY2(each.outcome == Outcome::FailedAndUndone, qPrintable(LocalFaults::said(each)));
        SAYS(each, "Another plan is changing this cluster", "add-standby standby2", "role postgres", "pid ",
             "Nothing was changed", "run this one again");
    }
    QCOMPARE(m_lab.remains(second), QStringList());
    QVERIFY2(record.outcome == Outcome::Done, qPrintable(LocalFaults::said(record)));
}

void TestLocalFaults::cancelled_data()
{
    QTest::addColumn<QString>("step");
    for (const char *step : {"baseline", "directory", "passfile", "slot", "copy", "configure", "start",
                             "stream", "sync", "verify"})
        QTest::newRow(step) << QString::fromLatin1(step);
}

void TestLocalFaults::cancelled()
{
    QFETCH(QString, step);
    AddStandbyRequest request;
    request.synchronous = true;
    QVERIFY(planned(request, true));
    Moment moment(step, StepState::Running, [&] { moment.stop.request_stop(); });
    const RunRecord record = run(m_plan, moment);
    QVERIFY(moment.happened());
    QCOMPARE(record.changed(), QStringList());
    ENDED(record, Outcome::CancelledAndUndone, "Cancelled during");
}

void TestLocalFaults::parentRemoved()
{
    const QString parent = m_lab.folder.filePath(QStringLiteral("apart"));
    QVERIFY(QDir().mkdir(parent));
    giveToServers(parent);
    AddStandbyRequest request;
    request.maxRate = slow;
    request.dataDirectory = parent + QStringLiteral("/standby2");
    QVERIFY(planned(request));
    // pg_basebackup may make a directory below one that is just being removed.
    Moment moment(middle, [&] { QTRY_VERIFY(QDir(parent).removeRecursively()); });
    const RunRecord record = run(m_plan, moment);
    QVERIFY(moment.happened());
    ENDED(record, Outcome::FailedAndUndone, "Copy the primary failed",
          "was moved or removed while the plan ran", "Find out who did");
}

void TestLocalFaults::parentMoved_data()
{
    QTest::addColumn<bool>("replaced");
    QTest::newRow("and nothing in its place") << false;
    QTest::newRow("and somebody's own directory in its place") << true;
}

// Where it is now is named; what somebody put in its place is theirs.
void TestLocalFaults::parentMoved()
{
    QFETCH(bool, replaced);
    const QString parent = m_lab.folder.filePath(QStringLiteral("apart"));
    const QString moved = m_lab.folder.filePath(QStringLiteral("moved"));
    QVERIFY(QDir().mkdir(parent));
    giveToServers(parent);
    const auto remove = qScopeGuard([&] {
        QDir(parent).removeRecursively();
        QDir(moved).removeRecursively();
    });
    AddStandbyRequest request;
    request.maxRate = slow;
    request.dataDirectory = parent + QStringLiteral("/standby2");
    QVERIFY(planned(request));
    const QString theirs = request.dataDirectory + QStringLiteral("/theirs");
    Moment moment(middle, [&] {
        QVERIFY(QDir().rename(parent, moved));
        QFile file(theirs);
        if (replaced)
            QVERIFY(QDir().mkpath(request.dataDirectory) && file.open(QIODevice::WriteOnly));
        // The server's user could remove them.
        for (const QString &path : {parent, request.dataDirectory, theirs})
            if (replaced)
                giveToServers(path);
    });
    const RunRecord record = run(m_plan, moment);
    QVERIFY(moment.happened());
    QVERIFY2(record.outcome == Outcome::LeftBehind, qPrintable(LocalFaults::said(record)));
    QVERIFY(record.leftBehind.contains(QStringLiteral("files in ") + request.dataDirectory));
    const QString words = record.step(QStringLiteral("copy"))->error;
    QVERIFY2(words.contains(QStringLiteral("Somebody moved it")) &&
                 words.contains(moved + QStringLiteral("/standby2")),
             qPrintable(words));
    QCOMPARE(QFileInfo::exists(theirs), replaced);
    QVERIFY(QFileInfo::exists(moved + QStringLiteral("/standby2")));
    SAYS(record, "Copy the primary failed", "was moved or removed while the plan ran", "Find out who did");
    QCOMPARE(LocalFaults::processesOf(request.dataDirectory), QStringList());
    QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_replication_slots")), QStringLiteral("1"));
}

// The server runs on where its directory was moved to, and pg_ctl does not find it.
void TestLocalFaults::parentMovedUnderTheServer()
{
    const QString parent = m_lab.folder.filePath(QStringLiteral("apart"));
    const QString moved = m_lab.folder.filePath(QStringLiteral("moved"));
    QVERIFY(QDir().mkdir(parent));
    giveToServers(parent);
    const auto remove = qScopeGuard([&] {
        for (const QString &process : LocalFaults::processesOf(moved + QStringLiteral("/standby2")))
            ::kill(pid_t(process.section(u' ', 0, 0).toInt()), SIGQUIT); // Only when the test failed.
        QDir(moved).removeRecursively();
    });
    AddStandbyRequest request;
    request.dataDirectory = parent + QStringLiteral("/standby2");
    QVERIFY(planned(request));
    Moment moment(QStringLiteral("stream"), StepState::Running, [&] {
        QVERIFY(QDir().rename(parent, moved));
        moment.stop.request_stop();
    });
    const RunRecord record = run(m_plan, moment);
    QVERIFY(moment.happened());
    QVERIFY2(record.outcome == Outcome::LeftBehind, qPrintable(LocalFaults::said(record)));
    QCOMPARE(record.leftBehind, QStringList{QStringLiteral("files in ") + request.dataDirectory});
    QTRY_COMPARE(LocalFaults::processesOf(moved + QStringLiteral("/standby2")), QStringList());
    QCOMPARE(LocalFaults::processesOf(request.dataDirectory), QStringList());
    QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_replication_slots")), QStringLiteral("1"));
}

// In the copy, and between plan and run. (The last but one: it takes the lab's standby.)
void TestLocalFaults::upstreamPromoted()
{
    AddStandbyRequest request;
    request.upstream = m_lab.spec.nodes[1].id;
    request.maxRate = slow;
    request.name = QStringLiteral("cascade");
    QVERIFY(planned(request));
    Plan second = m_plan;
    second.id += QStringLiteral("-again");
    Moment moment(middle, [this] {
        QCOMPARE(m_lab.standby1->psql(QStringLiteral("SELECT pg_promote()")), QStringLiteral("t"));
    });
    const RunRecord record = run(m_plan, moment);
    QVERIFY(moment.happened());
    ENDED(record, Outcome::FailedAndUndone, "was promoted during online backup",
          "promoted while it was copied", "make a new plan");
    QCOMPARE(m_lab.standby1->psql(QStringLiteral("SELECT count(*) FROM pg_replication_slots")),
             QStringLiteral("0"));
    Moment none;
    const RunRecord again = run(second, none);
    ENDED(again, Outcome::FailedAndUndone, "This is not so: standby1 is a standby, as when the plan was made",
          "promoted, demoted or replaced", "make a new plan");
    QCOMPARE(again.step(QStringLiteral("directory"))->state, StepState::Waiting);
}

void TestLocalFaults::upstreamDemoted()
{
    QVERIFY(planned());
    QVERIFY(m_lab.primary->stop());
    const QString signalFile = m_lab.primary->dataDir() + QStringLiteral("/standby.signal");
    QFile file(signalFile);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QVERIFY(m_lab.primary->start());
    Moment moment;
    const RunRecord record = run(m_plan, moment);
    QVERIFY(file.remove());
    ENDED(record, Outcome::FailedAndUndone, "This is not so: primary is a primary, as when the plan was made",
          "promoted, demoted or replaced", "make a new plan");
    QCOMPARE(record.step(QStringLiteral("directory"))->state, StepState::Waiting);
}

QTEST_GUILESS_MAIN(TestLocalFaults)
#include "tst_local_faults.moc"
