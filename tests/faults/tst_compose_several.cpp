// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeFaults.h"

#include <QJsonArray>
#include <QProcess>

using namespace understudy;
using test::ComposeFaults;
using test::ComposeLab;

namespace {

/// Asks to stop once a step has begun.
class StopAt final : public RunObserver
{
public:
    explicit StopAt(QString step) : m_step(std::move(step)) {}
    void stepChanged(int, const StepRecord &record) override
    {
        if (record.stepId == m_step && record.state == StepState::Running)
            stop.request_stop();
    }
    std::stop_source stop;

private:
    const QString m_step;
};

} // namespace

/// Two standbys in one plan as services of one Compose project: each a minimal edit of the file that the one
/// before has left, and one undo for both.
class TestComposeSeveral : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void theWholeThing();
    void theFileIsEditedInOrder();
    void cancelledInTheSecond_data();
    void cancelledInTheSecond();
    void cleanupTestCase();

private:
    bool planned();

    ComposeFaults m_faults;
    SeveralStandbys m_several;
};

void TestComposeSeveral::initTestCase()
{
    if (const QString missing = ComposeLab::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED, nothing was tested with Docker: ") + missing));
    QVERIFY(m_faults.start());
}

void TestComposeSeveral::cleanup()
{
    if (!m_several.each.isEmpty())
        m_faults.reset(m_several.each);
    m_several = {};
}

void TestComposeSeveral::cleanupTestCase()
{
    m_faults.lab.reset();
}

bool TestComposeSeveral::planned()
{
    const auto several = m_faults.planSeveral(2);
    if (!several)
        qWarning("%s", qPrintable(several.error().text()));
    m_several = several.value_or(SeveralStandbys{});
    return several.has_value();
}

void TestComposeSeveral::theWholeThing()
{
    QVERIFY(planned()); // The names that it will choose, to take them back.
    const QString report = m_faults.ownFolder() + QStringLiteral("/report");
    QProcess process;
    process.start(QStringLiteral(UNDERSTUDY_BINARY),
                  {QStringLiteral("add-standby"), m_faults.lab->file(), QStringLiteral("--count"),
                   QStringLiteral("2"), QStringLiteral("--yes"), QStringLiteral("--json"),
                   QStringLiteral("--read-load"), QStringLiteral("1"), QStringLiteral("--report"), report});
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished(180000));
    const QByteArray out = process.readAllStandardOutput(), err = process.readAllStandardError();
    QVERIFY2(process.exitCode() == 0, (err + out).constData());
    QVERIFY(!ComposeFaults::tells(out + err));
    const QJsonObject json = QJsonDocument::fromJson(out).object();
    QCOMPARE(json[QStringLiteral("verify")][QStringLiteral("pass")].toBool(), true);
    // standby1, the two new ones, and all at once.
    QCOMPARE(json[QStringLiteral("read_load")][QStringLiteral("runs")].toArray().size(), 4);
    for (const Plan &plan : std::as_const(m_several.each))
        QTRY_VERIFY_WITH_TIMEOUT(m_faults.streams(plan, 3), 15000);

    QFile markdown(json[QStringLiteral("report")][QStringLiteral("markdown")].toString());
    QVERIFY(markdown.open(QIODevice::ReadOnly));
    const QByteArray text = markdown.readAll();
    for (const char *word : {"**Added postgres-standby2, postgres-standby3.** They stream",
                             "postgres-standby3: Edit docker-compose.yml"})
        QVERIFY2(text.contains(word), word);
    const QStringList telling = m_faults.filesThatTell();
    QVERIFY2(telling.isEmpty(), qPrintable(telling.join(u'\n')));
}

// Each is one more minimal edit: taken out from the back, the file is what it was.
void TestComposeSeveral::theFileIsEditedInOrder()
{
    QVERIFY(planned());
    QByteArray file = m_faults.before;
    QList<EditAction> edits;
    for (const Plan &plan : std::as_const(m_several.each)) {
        edits << std::get<EditAction>(plan.steps.at(1).actions.constFirst());
        const auto after = withInsertions(file, edits.constLast());
        QVERIFY2(after, after ? "" : qPrintable(after.error().text()));
        file = *after;
    }
    // In the order of their numbers, behind the one they are modelled on.
    const auto at = [&](const char *service) { return file.indexOf(service); };
    QVERIFY(at("\n  postgres-standby1:") < at("\n  postgres-standby2:"));
    QVERIFY(at("\n  postgres-standby2:") < at("\n  postgres-standby3:"));
    // Compose reads the result and finds both.
    QFile both(m_faults.lab->folder() + QStringLiteral("/project/both.yml"));
    QVERIFY(both.open(QIODevice::WriteOnly) && both.write(file) == file.size());
    both.close();
    const auto facts = gatherFacts(*resolveCluster(m_faults.lab->file()), m_faults.secrets);
    QVERIFY(facts && facts->compose);
    QStringList words = facts->compose->base;
    const qsizetype place = words.indexOf(facts->compose->file);
    QVERIFY(place > 0);
    words[place] = both.fileName();
    const QString program = words.takeFirst();
    QProcess config;
    config.start(program, words + QStringList{QStringLiteral("config")});
    QVERIFY(config.waitForFinished(30000));
    both.remove();
    const QByteArray resolved = config.readAllStandardOutput();
    QVERIFY2(config.exitCode() == 0, config.readAllStandardError().constData());
    for (const Plan &plan : std::as_const(m_several.each))
        QVERIFY(resolved.contains(plan.facts.value(QStringLiteral("service")).toUtf8()));
    for (auto edit = edits.crbegin(); edit != edits.crend(); ++edit) {
        const auto before = withoutInsertions(file, *edit);
        QVERIFY2(before, before ? "" : qPrintable(before.error().text()));
        file = *before;
    }
    QCOMPARE(file, m_faults.before);
}

void TestComposeSeveral::cancelledInTheSecond_data()
{
    QTest::addColumn<QString>("step");
    for (const char *step : {"file_postgres_standby3", "copy_postgres_standby3", "verify_postgres_standby3"})
        QTest::newRow(step) << QString::fromLatin1(step);
}

void TestComposeSeveral::cancelledInTheSecond()
{
    QFETCH(QString, step);
    QVERIFY(planned());
    StopAt observer(step);
    RunContext context = m_faults.context(m_several.plan, &observer);
    context.journal = *Journal::create(m_several.plan, m_faults.journals());
    const RunRecord record = runPlan(m_several.plan, context, observer.stop.get_token());
    QVERIFY(observer.stop.stop_requested());
    QVERIFY2(record.outcome == RunRecord::Outcome::CancelledAndUndone,
             qPrintable(ComposeFaults::said(record)));
    QTRY_COMPARE_WITH_TIMEOUT(m_faults.remains(m_faults.before), QStringList(), 10000);
}

QTEST_GUILESS_MAIN(TestComposeSeveral)
#include "tst_compose_several.moc"
