// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeFaults.h"
#include "LocalFaults.h"

#include <QProcess>
#include <QScopeGuard>
#include <csignal>
#include <sys/mount.h>

using namespace understudy;
using test::ComposeFaults;
using test::ComposeLab;
using test::LocalFaults;
using test::Moment;
using Outcome = RunRecord::Outcome;

namespace {

constexpr qint64 middle = qint64(3) << 20;

/// The lab's own engine, which can be killed and started anew.
class Engine
{
public:
    explicit Engine(const QString &labFolder) : m_folder(labFolder + QStringLiteral("/engine")) {}
    bool isOurs() const { return pid() > 0; }
    pid_t pid() const
    {
        QFile file(m_folder + QStringLiteral("/pid"));
        return file.open(QIODevice::ReadOnly) ? pid_t(file.readAll().trimmed().toInt()) : 0;
    }
    void signal(int number) const { ::kill(pid(), number); }
    /// SIGKILL, and what it was started with is kept for start().
    bool kill9()
    {
        QFile words(QStringLiteral("/proc/%1/cmdline").arg(pid()));
        if (!words.open(QIODevice::ReadOnly))
            return false;
        m_words = QString::fromUtf8(words.readAll()).split(QChar(0), Qt::SkipEmptyParts);
        signal(SIGKILL);
        m_killed = true;
        return true;
    }
    bool wasKilled() const { return m_killed; }
    /// As the lab had started it; the lab ends it.
    bool start()
    {
        QFile::remove(m_folder + QStringLiteral("/docker.pid"));
        QProcess process;
        process.setProgram(QStringLiteral("setsid"));
        process.setArguments(m_words);
        process.setStandardOutputFile(m_folder + QStringLiteral("/log"), QIODevice::Append);
        process.setStandardErrorFile(m_folder + QStringLiteral("/log"), QIODevice::Append);
        qint64 started = 0;
        QFile file(m_folder + QStringLiteral("/pid"));
        if (!process.startDetached(&started) || !file.open(QIODevice::WriteOnly))
            return false;
        file.write(QByteArray::number(started) + '\n');
        m_killed = false;
        return true;
    }

private:
    QString m_folder;
    QStringList m_words;
    bool m_killed = false;
};

} // namespace

/// The engine, the new container or its volume fail while a standby is added to a Compose project: what was
/// made is taken back, or named and taken back once the engine is there again.
class TestComposeEngineFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void engineKilled_data();
    void engineKilled();
    void enginePaused();
    void enginePausedAndCancelled();
    void containerKilledAfterItsStart();
    void volumeFull();
    void cleanupTestCase();

private:
    bool planned(bool slowly);
    RunRecord run(const Plan &plan, Moment &moment);
    RunRecord undoLater();
    bool bringBack();
    QString volumeFolder() const
    {
        return m_faults.lab->docker({QStringLiteral("volume"), QStringLiteral("inspect"),
                                     QStringLiteral("-f"), QStringLiteral("{{.Mountpoint}}"),
                                     m_plan.facts.value(QStringLiteral("volume"))});
    }

    ComposeFaults m_faults;
    std::unique_ptr<Engine> m_engine;
    Plan m_plan;
};

void TestComposeEngineFaults::initTestCase()
{
    if (const QString missing = ComposeLab::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED, nothing was tested with Docker: ") + missing));
    QVERIFY(m_faults.start());
    m_engine = std::make_unique<Engine>(m_faults.lab->folder());
    if (!m_engine->isOurs())
        QSKIP("SKIPPED: the engine that runs here is somebody's, and is not killed");
}

void TestComposeEngineFaults::cleanup()
{
    if (!m_engine)
        return;
    m_engine->signal(SIGCONT);
    if (m_engine->wasKilled())
        QVERIFY(bringBack());
    if (!m_plan.id.isEmpty())
        m_faults.reset(m_plan);
    m_plan = {};
}

void TestComposeEngineFaults::cleanupTestCase()
{
    m_faults.lab.reset();
}

/// The engine as before, and both servers of the lab.
bool TestComposeEngineFaults::bringBack()
{
    if (!m_engine->start())
        return false;
    const auto answers = [] {
        QProcess docker;
        docker.start(QStringLiteral("docker"), {QStringLiteral("version")});
        return docker.waitForFinished(10000) && docker.exitCode() == 0;
    };
    if (!QTest::qWaitFor(answers, 30000))
        return false;
    for (const char *service : {"postgres-primary", "postgres-standby"})
        if (m_faults.lab->docker({QStringLiteral("start"), m_faults.lab->container(QLatin1String(service))})
                .isNull())
            return false;
    const auto streams = [this] {
        return m_faults.lab->psql(m_faults.primary,
                                  QStringLiteral("SELECT count(*) FROM pg_stat_replication")) ==
               QLatin1String("1");
    };
    return QTest::qWaitFor(streams, 60000);
}

bool TestComposeEngineFaults::planned(bool slowly)
{
    AddStandbyRequest request;
    if (slowly)
        request.maxRate = QStringLiteral("2M");
    const auto plan = m_faults.plan(request);
    if (!plan)
        qWarning("%s", qPrintable(plan.error().text()));
    m_plan = plan.value_or(Plan{});
    return plan.has_value();
}

RunRecord TestComposeEngineFaults::run(const Plan &plan, Moment &moment)
{
    RunContext context = m_faults.context(plan, &moment);
    context.journal = *Journal::create(plan, m_faults.journals());
    return runPlan(plan, context, moment.stop.get_token());
}

RunRecord TestComposeEngineFaults::undoLater()
{
    for (const JournalEntry &entry : Journal::entries(m_faults.journals()))
        if (entry.record.plan.id == m_plan.id)
            return undoInterrupted(entry, m_faults.context(m_plan), {});
    return {};
}

void TestComposeEngineFaults::engineKilled_data()
{
    QTest::addColumn<bool>("inTheCopy");
    QTest::newRow("in the middle of the copy") << true;
    QTest::newRow("at the start") << false;
}

void TestComposeEngineFaults::engineKilled()
{
    QFETCH(bool, inTheCopy);
    QVERIFY(planned(inTheCopy));
    const auto kill = [this] { QVERIFY(m_engine->kill9()); };
    Moment moment =
        inTheCopy ? Moment(middle, kill) : Moment(QStringLiteral("start"), StepState::Running, kill);
    const RunRecord record = run(LocalFaults::impatient(m_plan, 1000), moment);
    QVERIFY(moment.happened());
    QVERIFY2(record.outcome == Outcome::LeftBehind, qPrintable(ComposeFaults::said(record)));
    const QString left = record.leftBehind.join(u'\n');
    QVERIFY2(left.contains(QLatin1String("the container of ")) &&
                 left.contains(m_plan.facts.value(QStringLiteral("volume"))) &&
                 left.contains(QStringLiteral("the slot ") + m_plan.facts.value(QStringLiteral("slot"))),
             qPrintable(left));
    for (const char *words : {"failed", "The Docker engine", "run the plan again"})
        QVERIFY2(record.error.contains(QLatin1String(words)), qPrintable(ComposeFaults::said(record)));
    QCOMPARE(m_faults.file(), m_faults.before); // The file needs no engine.
    QVERIFY(bringBack());
    const RunRecord later = undoLater();
    QVERIFY2(later.outcome == Outcome::CancelledAndUndone, qPrintable(ComposeFaults::said(later)));
    QTRY_COMPARE_WITH_TIMEOUT(m_faults.remains(m_faults.before), QStringList(), 10000);
}

// It goes on as if nothing had been.
void TestComposeEngineFaults::enginePaused()
{
    QVERIFY(planned(true));
    int seen = 0;
    Moment moment(middle, [this] { m_engine->signal(SIGSTOP); });
    moment.whileCopying = [&](const CopyProgress &) {
        if (++seen == 6)
            m_engine->signal(SIGCONT);
    };
    const RunRecord record = run(m_plan, moment);
    QVERIFY(seen >= 6);
    QVERIFY2(record.outcome == Outcome::Done, qPrintable(ComposeFaults::said(record)));
    QTRY_VERIFY_WITH_TIMEOUT(m_faults.streams(m_plan), 15000);
}

void TestComposeEngineFaults::enginePausedAndCancelled()
{
    if (!ComposeFaults::wholeMatrix())
        QSKIP("SKIPPED: only with UNDERSTUDY_ALL_FAULTS=1");
    QVERIFY(planned(true));
    Moment moment(middle, [&] {
        m_engine->signal(SIGSTOP);
        moment.stop.request_stop();
    });
    const RunRecord record = run(LocalFaults::impatient(m_plan, 1000), moment);
    QVERIFY(moment.happened());
    QVERIFY2(record.outcome == Outcome::LeftBehind, qPrintable(ComposeFaults::said(record)));
    const QString left = record.leftBehind.join(u'\n');
    QVERIFY2(left.contains(m_plan.facts.value(QStringLiteral("volume"))), qPrintable(left));
    m_engine->signal(SIGCONT);
    const RunRecord later = undoLater();
    QVERIFY2(later.outcome == Outcome::CancelledAndUndone, qPrintable(ComposeFaults::said(later)));
    QTRY_COMPARE_WITH_TIMEOUT(m_faults.remains(m_faults.before), QStringList(), 10000);
}

void TestComposeEngineFaults::containerKilledAfterItsStart()
{
    QVERIFY(planned(false));
    const QString service = m_plan.facts.value(QStringLiteral("service"));
    Moment moment(QStringLiteral("start"), StepState::Done, [&] {
        // Not started again by its policy, as a person kills it for good.
        const QString id = m_faults.lab->container(service);
        QVERIFY(
            !m_faults.lab->docker({QStringLiteral("update"), QStringLiteral("--restart=no"), id}).isNull());
        QVERIFY(!m_faults.lab->docker({QStringLiteral("kill"), id}).isNull());
    });
    const RunRecord record = run(LocalFaults::impatient(m_plan, 3000), moment);
    QVERIFY(moment.happened());
    QVERIFY2(record.outcome == Outcome::FailedAndUndone, qPrintable(ComposeFaults::said(record)));
    QVERIFY2(record.error.contains(QLatin1String("The container of the new standby does not run any more")),
             qPrintable(ComposeFaults::said(record)));
    QTRY_COMPARE_WITH_TIMEOUT(m_faults.remains(m_faults.before), QStringList(), 10000);
}

void TestComposeEngineFaults::volumeFull()
{
    QVERIFY(planned(false));
    QByteArray at;
    const auto unmount = qScopeGuard([&] {
        if (!at.isEmpty())
            ::umount2(at.constData(), MNT_DETACH);
    });
    // A small file system where the volume's files are; gone before the volume is removed.
    Moment moment(QStringLiteral("service"), StepState::Done, [&] {
        at = QFile::encodeName(volumeFolder());
        QVERIFY(!at.isEmpty());
        QVERIFY(::mount("tmpfs", at.constData(), "tmpfs", 0, "size=20m") == 0);
    });
    struct Both final : RunObserver
    {
        Moment &first, second;
        Both(Moment &one, const Moment &two) : first(one), second(two) {}
        void stepChanged(int i, const StepRecord &step) override
        {
            first.stepChanged(i, step);
            second.stepChanged(i, step);
        }
    } both(moment, Moment(QStringLiteral("copy"), StepState::Failed, [&] {
               ::umount2(at.constData(), MNT_DETACH);
               at.clear();
           }));
    RunContext context = m_faults.context(m_plan, &both);
    context.journal = *Journal::create(m_plan, m_faults.journals());
    const RunRecord record = runPlan(m_plan, context, {});
    QVERIFY(moment.happened());
    QVERIFY2(record.outcome == Outcome::FailedAndUndone, qPrintable(ComposeFaults::said(record)));
    for (const char *words : {"No space left on device", "The file system of the new data directory is full"})
        QVERIFY2(record.error.contains(QLatin1String(words)), qPrintable(ComposeFaults::said(record)));
    QTRY_COMPARE_WITH_TIMEOUT(m_faults.remains(m_faults.before), QStringList(), 10000);
}

QTEST_GUILESS_MAIN(TestComposeEngineFaults)
#include "tst_compose_engine_faults.moc"
