// SPDX-License-Identifier: GPL-3.0-or-later
#include "AddStandbyLab.h"
#include "WriteLoad.h"
#include "operations/Verify.h"
#include "operations/preflight/Preflight.h"

#include <QScopeGuard>
#include <QTest>

using namespace understudy;
using test::AddStandbyLab;
using test::TestServer;
using test::WriteLoad;

namespace {

QString everythingSaid(const RunRecord &record)
{
    QString all = record.error + record.leftBehind.join(u'\n');
    for (const StepRecord &step : record.steps) {
        all += u'\n' + step.stepId + u' ' + QString::number(step.seconds()) + u' ' + step.fact + step.error;
        for (const LogLine &line : step.log)
            all += u'\n' + line.text;
    }
    return all;
}

QString table(const VerifyResult &result)
{
    QString all;
    for (const VerifyRow &row : result.rows)
        all += row.what + u'|' + row.expected + u'|' + row.actual + (row.pass ? u'+' : u'-') + u'\n';
    return all;
}

} // namespace

/// Standbys that replay late on purpose: as the upstream of a new one, and as a new one below another
/// standby, while the primary is written to without a pause.
class TestDelayedStandby : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void added_data();
    void added();

private:
    AddStandbyLab m_lab;
    std::unique_ptr<TestServer> m_late;
    Plan m_plan;
};

void TestDelayedStandby::initTestCase()
{
    QVERIFY(m_lab.start());
    QVERIFY(!m_lab.primary->psql(QStringLiteral("CREATE TABLE busy (i int)")).isNull());
    QVERIFY(m_lab.standby1->waitFor(QStringLiteral("SELECT to_regclass('busy') IS NOT NULL"),
                                    QStringLiteral("t")));
    m_late = m_lab.primary->standby(QStringLiteral("late"), QStringLiteral("late_slot"),
                                    {QStringLiteral("recovery_min_apply_delay = 1h")});
    QVERIFY(m_late);
    Endpoint e = m_lab.spec.nodes.first().endpoint;
    e.port = m_late->port();
    m_lab.spec.nodes << WatchedNode{e.address(), m_late->name(), e};
}

void TestDelayedStandby::cleanup()
{
    if (m_plan.id.isEmpty())
        return;
    const QString directory = m_plan.facts.value(QStringLiteral("data_directory"));
    TestServer::runAsServerUser({TestServer::binDir() + QStringLiteral("/pg_ctl"), QStringLiteral("-D"),
                                 directory, QStringLiteral("-m"), QStringLiteral("immediate"),
                                 QStringLiteral("-w"), QStringLiteral("stop")});
    QDir(directory).removeRecursively();
    for (const TestServer *server : {m_lab.primary.get(), m_lab.standby1.get(), m_late.get()}) {
        const QString slot = m_plan.facts.value(QStringLiteral("slot"));
        (void)server->waitFor(
            QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '%1' AND active")
                .arg(slot),
            QStringLiteral("0"));
        server->psql(QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
                                    "WHERE slot_name = '%1'")
                         .arg(slot));
    }
    m_plan = {};
}

void TestDelayedStandby::added_data()
{
    QTest::addColumn<QString>("upstream");
    QTest::addColumn<QString>("delay");
    QTest::newRow("below one that is late") << "late"
                                            << "";
    // More than what a standby that is not late is given to connect.
    QTest::newRow("late, of the primary") << "primary"
                                          << "40s";
    QTest::newRow("late, below one that is later") << "late"
                                                   << "40s";
}

void TestDelayedStandby::added()
{
    QFETCH(QString, upstream);
    QFETCH(QString, delay);
    const WriteLoad load(*m_lab.primary);
    QTRY_VERIFY(load.rounds() > 20);
    const auto facts = m_lab.facts();
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    AddStandbyRequest asked;
    for (const WatchedNode &node : m_lab.spec.nodes) {
        if (node.name == upstream)
            asked.upstream = node.id;
    }
    QVERIFY(!asked.upstream.isEmpty());
    asked.choices.applyDelay = delay;
    const AddStandbyRequest request = suggest(asked, *facts);
    const auto plan = planAddStandby(request, *facts);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    m_plan = *plan;
    if (!delay.isEmpty()) {
        const PreflightResult checks =
            runPreflight(request, *facts, m_lab.secrets, {}, {}, {}, {QStringLiteral("apply_delay")});
        const CheckResult effect = checks.checks.value(0);
        QVERIFY2(effect.status == CheckStatus::Warning &&
                     effect.evidence.endsWith(QStringLiteral("streams up to 40s after the copy")) &&
                     effect.why.contains(QStringLiteral("the plan waits up to 40s")),
                 qPrintable(effect.evidence + effect.why));
    }
    const RunRecord record = runPlan(m_plan, m_lab.context(m_plan), {});
    QVERIFY2(record.outcome == RunRecord::Outcome::Done, qPrintable(everythingSaid(record)));
    // Its wait is told while it lasts.
    QCOMPARE(everythingSaid(record).contains(QStringLiteral("Not so yet, and it may take 1 min 10 s")),
             !delay.isEmpty());
    const VerifyResult verified = verifyStandby(m_plan, m_lab.spec, m_lab.secrets);
    const QString proof = table(verified);
    QVERIFY2(verified.pass(), qPrintable(proof));
    // One that was late before is not compared, and says why.
    QVERIFY2(proof.contains(QStringLiteral("Rows on late|not compared|behind by up to 1 h")),
             qPrintable(proof));
    QCOMPARE(proof.contains(QStringLiteral("Rows on standby3|not compared")), !delay.isEmpty());
}

QTEST_GUILESS_MAIN(TestDelayedStandby)
#include "tst_delayed_standby.moc"
