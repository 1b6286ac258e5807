// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeFaults.h"
#include "operations/preflight/Preflight.h"

#include <QScopeGuard>

using namespace understudy;
using test::ComposeFaults;
using test::ComposeLab;
using Outcome = RunRecord::Outcome;

namespace {

class StopAt final : public RunObserver
{
public:
    explicit StopAt(QString step) : m_step(std::move(step)) {}
    std::stop_source stop;
    void stepChanged(int, const StepRecord &step) override
    {
        if (step.stepId == m_step && step.state == StepState::Running)
            stop.request_stop();
    }

private:
    QString m_step;
};

} // namespace

/// The options of a new standby where it is a service of a Compose project.
class TestComposeOptions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void optionsOfTheService();
    void cancelledWhileVerifying();
    void refusedInWords();
    void imageWithoutTheProgram();
    void cleanupTestCase();

private:
    RunRecord run(RunObserver *observer = nullptr, std::stop_token stop = {});
    ComposeFaults m_faults;
    Plan m_plan;
};

RunRecord TestComposeOptions::run(RunObserver *observer, std::stop_token stop)
{
    RunContext context = m_faults.context(m_plan, observer);
    context.journal = *Journal::create(m_plan, m_faults.journals());
    return runPlan(m_plan, context, stop);
}

void TestComposeOptions::initTestCase()
{
    if (const QString missing = ComposeLab::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED, nothing was tested with Docker: ") + missing));
    QVERIFY(m_faults.start());
}

void TestComposeOptions::cleanup()
{
    if (!m_plan.id.isEmpty())
        m_faults.reset(m_plan);
    m_plan = {};
}

void TestComposeOptions::cleanupTestCase()
{
    m_faults.lab.reset();
}

void TestComposeOptions::optionsOfTheService()
{
    AddStandbyRequest asked;
    asked.choices.verifyBackup = true;
    asked.choices.applyDelay = QStringLiteral("1h");
    asked.choices.restoreCommand = QStringLiteral("cp '/no where/%f' \"%p\"");
    const QString version = m_faults.lab->psql(m_faults.primary, QStringLiteral("SHOW server_version_num"));
    const bool compresses = version.toInt() >= 150000;
    if (compresses)
        asked.choices.compress = QStringLiteral("server-gzip:1");
    const auto plan = m_faults.plan(asked);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    m_plan = *plan;
    const RunRecord record = run();
    QVERIFY2(record.outcome == Outcome::Done, qPrintable(ComposeFaults::said(record)));
    QCOMPARE(record.step(QStringLiteral("verify_backup"))->state, StepState::Done);
    if (compresses)
        QVERIFY(ComposeFaults::said(record).contains(QStringLiteral("--compress=server-gzip:1")));
    const QString service = m_plan.facts.value(QStringLiteral("service"));
    const auto setting = [&](const char *name) {
        return m_faults.lab->psql(service,
                                  QStringLiteral("SELECT current_setting('%1')").arg(QLatin1String(name)));
    };
    QCOMPARE(setting("recovery_min_apply_delay"), QStringLiteral("1h"));
    QCOMPARE(setting("restore_command"), asked.choices.restoreCommand);
    QCOMPARE(setting("cluster_name"), m_plan.subject);
    // Received, and not to be seen.
    m_faults.lab->psql(m_faults.primary, QStringLiteral("CREATE TABLE late AS SELECT 1"));
    const QString lsn = m_faults.lab->psql(m_faults.primary, QStringLiteral("SELECT pg_current_wal_lsn()"));
    QTRY_COMPARE(
        m_faults.lab->psql(service, QStringLiteral("SELECT pg_last_wal_receive_lsn() >= '%1'").arg(lsn)),
        QStringLiteral("t"));
    QCOMPARE(m_faults.lab->psql(service, QStringLiteral("SELECT to_regclass('late') IS NULL")),
             QStringLiteral("t"));
    m_faults.lab->psql(m_faults.primary, QStringLiteral("DROP TABLE late"));
}

void TestComposeOptions::cancelledWhileVerifying()
{
    AddStandbyRequest asked;
    asked.choices.verifyBackup = true;
    const auto plan = m_faults.plan(asked);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    m_plan = *plan;
    StopAt observer(QStringLiteral("verify_backup"));
    const RunRecord record = run(&observer, observer.stop.get_token());
    QVERIFY2(record.outcome == Outcome::CancelledAndUndone, qPrintable(ComposeFaults::said(record)));
    QCOMPARE(m_faults.remains(m_faults.before), QStringList());
}

void TestComposeOptions::refusedInWords()
{
    AddStandbyRequest wal;
    wal.choices.walDirectory = QStringLiteral("/wal");
    const auto elsewhere = m_faults.plan(wal);
    QVERIFY(!elsewhere);
    QCOMPARE(elsewhere.error().field, QStringLiteral("walDirectory"));
    // The model's command names its slot: a service with the same lines would take it.
    AddStandbyRequest without;
    without.choices.slot = false;
    const auto noSlot = m_faults.plan(without);
    QVERIFY(!noSlot);
    QCOMPARE(noSlot.error().field, QStringLiteral("slot"));
    QVERIFY2(noSlot.error().what.contains(QStringLiteral("standby_slot")), qPrintable(noSlot.error().what));
}

void TestComposeOptions::imageWithoutTheProgram()
{
    // The image of the services, without pg_verifybackup, in the place of the real one for a moment.
    const ComposeLab &lab = *m_faults.lab;
    const QString image = lab.docker({QStringLiteral("inspect"), QStringLiteral("--format"),
                                      QStringLiteral("{{.Config.Image}}"), lab.container(m_faults.primary)});
    const QString old = lab.docker({QStringLiteral("inspect"), QStringLiteral("--format"),
                                    QStringLiteral("{{.Image}}"), lab.container(m_faults.primary)});
    const QString name = QStringLiteral("understudy-without-verifier");
    QVERIFY(!lab.docker({QStringLiteral("run"), QStringLiteral("--name"), name,
                         QStringLiteral("--entrypoint"), QStringLiteral("rm"), image, QStringLiteral("-f"),
                         QStringLiteral("/usr/bin/pg_verifybackup")})
                 .isNull());
    const auto restore = qScopeGuard([&] {
        (void)lab.docker({QStringLiteral("rm"), QStringLiteral("-f"), name});
        const QString poor = lab.docker(
            {QStringLiteral("inspect"), QStringLiteral("--format"), QStringLiteral("{{.Id}}"), image});
        (void)lab.docker({QStringLiteral("tag"), old, image});
        if (poor != old)
            (void)lab.docker({QStringLiteral("rmi"), QStringLiteral("-f"), poor});
    });
    QVERIFY(!lab.docker({QStringLiteral("commit"), name, image}).isNull());

    AddStandbyRequest asked;
    asked.on = QStringLiteral("compose");
    asked.choices.verifyBackup = true;
    const auto spec = resolveCluster(lab.file());
    QVERIFY(spec);
    const auto facts = gatherFacts(*spec, m_faults.secrets);
    QVERIFY(facts);
    const AddStandbyRequest request = suggest(asked, *facts);
    const auto check = [&](const AddStandbyRequest &of) {
        const auto result = runPreflight(of, *facts, m_faults.secrets, {}, {}, {}, {QStringLiteral("image")});
        for (const CheckResult &c : result.checks) {
            if (c.id == u"image")
                return c;
        }
        return CheckResult();
    };
    const CheckResult with = check(request);
    QVERIFY2(with.status == CheckStatus::Fail, qPrintable(with.evidence));
    QVERIFY2(with.evidence.contains(QStringLiteral("no pg_verifybackup")), qPrintable(with.evidence));
    QVERIFY(with.fix && with.fix->setField == u"verifyBackup" && with.fix->setValue == u"no");
    AddStandbyRequest without = request;
    without.choices.verifyBackup = false;
    const CheckResult passed = check(without);
    QVERIFY2(passed.status == CheckStatus::Pass, qPrintable(passed.evidence));
}

QTEST_GUILESS_MAIN(TestComposeOptions)
#include "tst_compose_options.moc"
