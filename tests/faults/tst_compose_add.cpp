// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeFaults.h"

#include <QJsonArray>
#include <QProcess>
#include <QScopeGuard>
#include <csignal>

using namespace understudy;
using test::ComposeFaults;
using test::ComposeLab;
using test::TakenPort;
using Outcome = RunRecord::Outcome;

namespace {

/// Does something once, on the plan's own thread, at a moment of the run.
class At final : public RunObserver
{
public:
    At(QString step, StepState state, std::function<void()> fault)
        : m_step(std::move(step)), m_state(state), m_fault(std::move(fault))
    {
    }
    void stepChanged(int, const StepRecord &step) override
    {
        if (step.stepId == m_step && step.state == m_state)
            once();
    }
    void logged(int, const LogLine &) override {}
    void copying(int, const CopyProgress &) override {}
    void finished(const RunRecord &) override {}
    bool happened() const { return m_done; }

private:
    void once()
    {
        if (m_done)
            return;
        m_done = true;
        m_fault();
    }
    const QString m_step;
    const StepState m_state;
    const std::function<void()> m_fault;
    bool m_done = false;
};

} // namespace

/// A standby is added to a Compose project as a person does it, and what can go wrong on the way: after each
/// the file is byte for byte what it should be, and nothing is left.
class TestComposeAdd : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void theWholeThing();
    void changedBeforeTheRun();
    void changedAfterTheEdit();
    void ourLinesChanged();
    void readOnlyFile();
    void portTakenMeanwhile();
    void slotDroppedUnderUs();
    void copyingContainerKilled();
    void interruptedInTheCopy();
    void nobodyTellsPasswords();
    void cleanupTestCase();

private:
    RunRecord run(const Plan &plan, RunObserver *observer);
    bool planned(AddStandbyRequest request = {});

    ComposeFaults m_faults;
    Plan m_plan;
};

bool TestComposeAdd::planned(AddStandbyRequest request)
{
    const auto plan = m_faults.plan(std::move(request));
    if (!plan)
        qWarning("%s", qPrintable(plan.error().text()));
    m_plan = plan.value_or(Plan{});
    return plan.has_value();
}

RunRecord TestComposeAdd::run(const Plan &plan, RunObserver *observer)
{
    RunContext context = m_faults.context(plan, observer);
    context.journal = *Journal::create(plan, m_faults.journals());
    return runPlan(plan, context, {});
}

void TestComposeAdd::initTestCase()
{
    if (const QString missing = ComposeLab::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED, nothing was tested with Docker: ") + missing));
    QVERIFY(m_faults.start());
}

void TestComposeAdd::cleanup()
{
    if (!m_plan.id.isEmpty())
        m_faults.reset(m_plan);
    m_plan = {};
}

void TestComposeAdd::cleanupTestCase()
{
    m_faults.lab.reset();
}

void TestComposeAdd::theWholeThing()
{
    QVERIFY(planned()); // The names that it will choose, to take them back.
    const QString report = m_faults.ownFolder() + QStringLiteral("/report");
    QProcess process;
    process.start(QStringLiteral(UNDERSTUDY_BINARY),
                  {QStringLiteral("add-standby"), m_faults.lab->file(), QStringLiteral("--yes"),
                   QStringLiteral("--json"), QStringLiteral("--report"), report});
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished(120000));
    const QByteArray out = process.readAllStandardOutput(), err = process.readAllStandardError();
    QVERIFY2(process.exitCode() == 0, (err + out).constData());
    QVERIFY(!ComposeFaults::tells(out + err));
    const QJsonObject json = QJsonDocument::fromJson(out).object();
    QCOMPARE(json[QStringLiteral("verify")][QStringLiteral("pass")].toBool(), true);
    QVERIFY(QFile::exists(json[QStringLiteral("report")][QStringLiteral("markdown")].toString()));

    // The file is the old one with lines put in.
    const auto plan = planFromJson(json[QStringLiteral("plan")].toObject());
    QVERIFY(plan);
    const auto edit = std::get<EditAction>(plan->steps.at(1).actions.constFirst());
    const QByteArray now = m_faults.file();
    QVERIFY(now.size() > m_faults.before.size());
    const auto old = withoutInsertions(now, edit);
    QVERIFY(old && *old == m_faults.before);
    const auto again = withInsertions(m_faults.before, edit);
    QVERIFY(again && *again == now);

    QVERIFY(m_faults.streams(m_plan));
    QCOMPARE(m_faults.lab->psql(m_faults.primary,
                                QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE active")),
             QStringLiteral("2"));
    for (const char *service : {"postgres-primary", "postgres-standby", "postgres-standby2"})
        QCOMPARE(m_faults.lab->psql(QLatin1String(service), QStringLiteral("SELECT count(*) FROM orders")),
                 QStringLiteral("50004"));

    process.start(QStringLiteral(UNDERSTUDY_BINARY),
                  {QStringLiteral("topology"), m_faults.lab->file(), QStringLiteral("--json")});
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished(60000));
    const QJsonValue cluster = QJsonDocument::fromJson(process.readAllStandardOutput())
                                   .object()
                                   .value(QStringLiteral("clusters"))
                                   .toArray()
                                   .at(0);
    const QJsonArray links = cluster[QStringLiteral("links")].toArray();
    QCOMPARE(links.size(), 2);
    for (const QJsonValue &link : links) {
        QCOMPARE(link[QStringLiteral("matched_by")].toString(), QStringLiteral("slot"));
        QCOMPARE(link[QStringLiteral("confidence")].toString(), QStringLiteral("certain"));
    }
}

// Between review and run: refused, and the other one's words stay.
void TestComposeAdd::changedBeforeTheRun()
{
    QVERIFY(planned());
    const QByteArray theirs = m_faults.before + "# somebody else's\n";
    QVERIFY(m_faults.write(theirs));
    const RunRecord record = run(m_plan, nullptr);
    QVERIFY2(record.outcome == Outcome::FailedAndUndone, qPrintable(ComposeFaults::said(record)));
    QVERIFY2(record.error.contains(QLatin1String("was changed by somebody else")), qPrintable(record.error));
    QCOMPARE(m_faults.remains(theirs), QStringList());
}

// After our edit: exactly our lines go.
void TestComposeAdd::changedAfterTheEdit()
{
    QVERIFY(planned());
    const QByteArray lead = "# somebody else's, above\n", end = "# and below\n";
    At fault(QStringLiteral("service"), StepState::Running, [&] {
        (void)m_faults.write(lead + m_faults.file() + end);
        (void)m_faults.lab->docker({QStringLiteral("volume"), QStringLiteral("create"),
                                    m_plan.facts.value(QStringLiteral("volume"))});
    });
    const RunRecord record = run(m_plan, &fault);
    QVERIFY(fault.happened());
    QVERIFY2(record.outcome == Outcome::FailedAndUndone, qPrintable(ComposeFaults::said(record)));
    QVERIFY2(record.error.contains(QLatin1String("exists already")), qPrintable(record.error));
    // The volume was there before the step: it is somebody's, and stays.
    const QString volume = m_plan.facts.value(QStringLiteral("volume"));
    QCOMPARE(m_faults.lab->docker({QStringLiteral("volume"), QStringLiteral("rm"), volume}), volume);
    QCOMPARE(m_faults.remains(lead + m_faults.before + end), QStringList());
}

// Our own lines were changed: nothing is guessed, the report names what stays.
void TestComposeAdd::ourLinesChanged()
{
    if (!ComposeFaults::wholeMatrix())
        QSKIP("SKIPPED: only with UNDERSTUDY_ALL_FAULTS=1");
    QVERIFY(planned());
    QByteArray theirs;
    At fault(QStringLiteral("slot"), StepState::Running, [&] {
        theirs = m_faults.file();
        theirs.replace("postgres-standby2:", "postgres-standby2:  # mine now");
        (void)m_faults.write(theirs);
        (void)m_faults.lab->psql(m_faults.primary,
                                 QStringLiteral("SELECT pg_create_physical_replication_slot('%1')")
                                     .arg(m_plan.facts.value(QStringLiteral("slot"))));
    });
    const RunRecord record = run(m_plan, &fault);
    QVERIFY2(record.outcome == Outcome::LeftBehind, qPrintable(ComposeFaults::said(record)));
    QCOMPARE(record.leftBehind.size(), 1);
    QVERIFY2(record.leftBehind.first().startsWith(QLatin1String("the service postgres-standby2 in ")),
             qPrintable(record.leftBehind.first()));
    QCOMPARE(m_faults.file(), theirs);
    // The slot was somebody's too.
    QCOMPARE(
        m_faults.lab->psql(m_faults.primary, QStringLiteral("SELECT count(*) FROM pg_replication_slots")),
        QStringLiteral("2"));
}

void TestComposeAdd::readOnlyFile()
{
    QVERIFY(planned());
    QVERIFY(QFile::setPermissions(m_faults.lab->file(), QFile::ReadOwner | QFile::ReadGroup));
    const RunRecord record = run(m_plan, nullptr);
    const bool stillReadOnly = !(QFile::permissions(m_faults.lab->file()) & QFile::WriteOwner);
    QVERIFY(QFile::setPermissions(m_faults.lab->file(), QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY2(record.outcome == Outcome::FailedAndUndone, qPrintable(ComposeFaults::said(record)));
    QVERIFY2(record.error.contains(QLatin1String("read-only")), qPrintable(record.error));
    QVERIFY(stillReadOnly);
    QCOMPARE(m_faults.remains(m_faults.before), QStringList());
}

void TestComposeAdd::portTakenMeanwhile()
{
    QVERIFY(planned());
    TakenPort port;
    QVERIFY(port.take(m_plan.facts.value(QStringLiteral("port")).toInt()));
    const RunRecord record = run(m_plan, nullptr);
    QVERIFY2(record.outcome == Outcome::FailedAndUndone, qPrintable(ComposeFaults::said(record)));
    QVERIFY2(record.error.contains(QLatin1String("Another program listens on this port")),
             qPrintable(record.error));
    QCOMPARE(m_faults.remains(m_faults.before), QStringList());
}

void TestComposeAdd::slotDroppedUnderUs()
{
    if (!ComposeFaults::wholeMatrix())
        QSKIP("SKIPPED: only with UNDERSTUDY_ALL_FAULTS=1");
    QVERIFY(planned());
    At fault(QStringLiteral("copy"), StepState::Running, [&] {
        (void)m_faults.lab->psql(m_faults.primary, QStringLiteral("SELECT pg_drop_replication_slot('%1')")
                                                       .arg(m_plan.facts.value(QStringLiteral("slot"))));
    });
    const RunRecord record = run(m_plan, &fault);
    QVERIFY2(record.outcome == Outcome::FailedAndUndone, qPrintable(ComposeFaults::said(record)));
    QVERIFY2(record.error.contains(QLatin1String("The slot was dropped while the plan ran")),
             qPrintable(record.error));
    QCOMPARE(m_faults.remains(m_faults.before), QStringList());
}

void TestComposeAdd::copyingContainerKilled()
{
    AddStandbyRequest slow;
    slow.maxRate = QStringLiteral("2M");
    QVERIFY(planned(slow));
    std::jthread killer;
    At fault(QStringLiteral("copy"), StepState::Running, [&] {
        killer = std::jthread([this](std::stop_token stop) {
            const auto copying = [this] {
                return m_faults.lab->psql(m_faults.primary,
                                          QStringLiteral("SELECT count(*) FROM pg_stat_progress_basebackup "
                                                         "WHERE backup_streamed > 2000000")) ==
                       QLatin1String("1");
            };
            while (!stop.stop_requested() && !copying()) {
            }
            (void)m_faults.lab->docker(
                {QStringLiteral("kill"), QStringLiteral("understudy-%1-copy").arg(m_plan.id)});
        });
    });
    const RunRecord record = run(m_plan, &fault);
    QVERIFY2(record.outcome == Outcome::FailedAndUndone, qPrintable(ComposeFaults::said(record)));
    QVERIFY2(record.error.startsWith(QLatin1String("Copy the primary")), qPrintable(record.error));
    killer = {};
    QCOMPARE(m_faults.remains(m_faults.before), QStringList());
}

void TestComposeAdd::interruptedInTheCopy()
{
    QVERIFY(planned());
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(UNDERSTUDY_BINARY),
                  {QStringLiteral("add-standby"), m_faults.lab->file(), QStringLiteral("--yes"),
                   QStringLiteral("--max-rate"), QStringLiteral("2M")});
    process.closeWriteChannel();
    const auto copying = [&] {
        return m_faults.lab->psql(m_faults.primary,
                                  QStringLiteral("SELECT count(*) FROM pg_stat_progress_basebackup WHERE "
                                                 "backup_streamed > 1000000")) == QLatin1String("1");
    };
    QTRY_VERIFY_WITH_TIMEOUT(copying() || process.state() == QProcess::NotRunning, 60000);
    QCOMPARE(::kill(pid_t(process.processId()), SIGINT), 0);
    QVERIFY(process.waitForFinished(60000));
    const QByteArray said = process.readAll();
    QVERIFY2(process.exitCode() == 1 || process.exitCode() == 3, said.constData());
    QVERIFY(!ComposeFaults::tells(said));
    QTRY_COMPARE_WITH_TIMEOUT(m_faults.remains(m_faults.before), QStringList(), 5000);
}

void TestComposeAdd::nobodyTellsPasswords()
{
    const QStringList telling = m_faults.filesThatTell();
    QVERIFY2(telling.isEmpty(), qPrintable(telling.join(u'\n')));
}

QTEST_GUILESS_MAIN(TestComposeAdd)
#include "tst_compose_add.moc"
