// SPDX-License-Identifier: GPL-3.0-or-later
#include "ComposeFaults.h"

#include <QElapsedTimer>
#include <QProcess>
#include <csignal>
#include <sys/syscall.h>
#include <unistd.h>

/// The process dies where the file that is written beside the person's own is there and nothing else: this is
/// the fsync of the whole program, and of its child where the variable names what it dies of.
extern "C" int fsync(int fd)
{
    const QByteArray needle = qgetenv("UNDERSTUDY_TEST_DIE_AT_FSYNC_OF");
    char name[4096] = {};
    const QByteArray link = "/proc/self/fd/" + QByteArray::number(fd);
    if (!needle.isEmpty() && ::readlink(link.constData(), name, sizeof name - 1) > 0 &&
        QByteArray(name).contains(needle))
        ::kill(::getpid(), SIGKILL);
    return int(::syscall(SYS_fsync, fd));
}

using namespace understudy;
using test::ComposeFaults;
using test::ComposeLab;

namespace {

/// The process that is killed: runs the plan of a file with a journal in a folder.
int child(const QString &planFile, const QString &folder)
{
    QFile file(planFile);
    if (!file.open(QIODevice::ReadOnly))
        return 3;
    const auto plan = planFromJson(QJsonDocument::fromJson(file.readAll()).object());
    const auto spec = plan ? resolveCluster(plan->facts.value(QStringLiteral("compose_file")))
                           : Result<ClusterSpec>(fail({}));
    if (!spec)
        return 3;
    RunContext context;
    context.hosts = hostsOf(*plan);
    context.secrets = secretsOf(*spec, std::make_shared<LibpqSecrets>());
    context.journal = *Journal::create(*plan, folder);
    return runPlan(*plan, context, {}).outcome == RunRecord::Outcome::Done ? 0 : 1;
}

} // namespace

/// The app is killed in every step of adding a service to a Compose project; `operations undo` takes it all
/// back, `operations continue` brings it to its end.
class TestComposeKill : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void killedInStep_data();
    void killedInStep();
    void killedWhileWritingTheFile_data();
    void killedWhileWritingTheFile();
    void severalKilled_data();
    void severalKilled();
    void cleanupTestCase();

private:
    void killWhen(const QString &needle, bool inTheMiddle, const QString &frozen);
    QByteArray pickUp(const char *how, int *code) const;
    QByteArray pickedUp(bool goOn, int *code) const;
    void checkWritten() const;

    ComposeFaults m_faults;
    Plan m_plan;
    QList<Plan> m_each; ///< Of several in one plan
};

void TestComposeKill::initTestCase()
{
    if (const QString missing = ComposeLab::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("SKIPPED, nothing was tested with Docker: ") + missing));
    QVERIFY(m_faults.start());
    QVERIFY(QDir().mkpath(m_faults.journals()));
}

void TestComposeKill::cleanup()
{
    if (!m_each.isEmpty())
        m_faults.reset(m_each);
    else if (!m_plan.id.isEmpty()) {
        (void)QFile::remove(m_plan.facts.value(QStringLiteral("compose_override"), QStringLiteral("/none")));
        m_faults.reset(m_plan);
    }
    m_plan = {};
    m_each.clear();
}

void TestComposeKill::cleanupTestCase()
{
    m_faults.lab.reset();
}

void TestComposeKill::killedInStep_data()
{
    QTest::addColumn<QString>("moment");
    QTest::addColumn<bool>("inTheMiddle");
    QTest::addColumn<QString>("frozen");
    QTest::addColumn<bool>("goOn");
    QTest::addColumn<bool>("ownFile");
    const auto intent = [](const char *step, int action) {
        return QStringLiteral("{\"action\":%1,\"step\":\"%2\"").arg(action).arg(QLatin1String(step));
    };
    const auto state = [](const char *step, const char *state) {
        return QStringLiteral("\"state\":\"%1\",\"step\":\"%2\"")
            .arg(QLatin1String(state), QLatin1String(step));
    };
    struct Moment
    {
        const char *name;
        QString needle;
        bool inTheMiddle = false;
        bool undone = false, continued = false; ///< Tried every day; the others with the whole matrix.
        /// A word of the Compose that is stopped just before, as if the machine were slow, and outlives the
        /// app.
        const char *frozen = "";
        bool ownFile = false;
    };
    const QList<Moment> moments{
        {"before the file", state("file", "running")},
        {"writing the file", intent("file", 0)},
        {"checking the file", intent("file", 1)},
        {"after the file", state("file", "done")},
        {"creating the container", intent("service", 1)},
        {"creating the container slowly", intent("service", 1), false, true, false, "--no-start"},
        {"after the container", state("service", "done")},
        {"creating the slot", intent("slot", 1)},
        {"after the slot", state("slot", "done")},
        {"beginning the copy", intent("copy", 0)},
        {"in the middle of the copy", intent("copy", 0), true, false, true},
        {"after the copy", state("copy", "done")},
        {"starting", intent("start", 0), false, true, false},
        {"starting slowly", intent("start", 0), false, false, false, "-d"},
        {"beginning the copy slowly", intent("copy", 0), false, false, false, "--rm"},
        {"after the start", state("start", "done")},
        {"waiting for the stream", state("stream", "running")},
        {"verifying", state("verify", "running")},
        {"making a file of its own", intent("file", 0), false, true, true, "", true},
        {"after a file of its own", state("copy", "running"), false, true, true, "", true},
    };
    for (const Moment &moment : moments) {
        if (moment.undone || ComposeFaults::wholeMatrix())
            QTest::addRow("%s, undone", moment.name)
                << moment.needle << moment.inTheMiddle << QString::fromLatin1(moment.frozen) << false
                << moment.ownFile;
        if (moment.continued || ComposeFaults::wholeMatrix())
            QTest::addRow("%s, continued", moment.name)
                << moment.needle << moment.inTheMiddle << QString::fromLatin1(moment.frozen) << true
                << moment.ownFile;
    }
}

void TestComposeKill::killWhen(const QString &needle, bool inTheMiddle, const QString &frozen)
{
    const QString planFile = m_faults.ownFolder() + QStringLiteral("/plan.json");
    QFile out(planFile);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(QJsonDocument(toJson(m_plan)).toJson());
    out.close();
    const QString path = m_faults.journals() + u'/' + m_plan.id + QStringLiteral(".jsonl");
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(),
                  {QStringLiteral("--child"), planFile, m_faults.journals()});
    QVERIFY(process.waitForStarted());
    const auto copying = [&] {
        return m_faults.lab->psql(m_faults.primary,
                                  QStringLiteral("SELECT count(*) FROM pg_stat_progress_basebackup WHERE "
                                                 "backup_streamed > 1000000")) == QLatin1String("1");
    };
    QElapsedTimer clock;
    clock.start();
    bool seen = false;
    while (!seen && clock.elapsed() < 60000 && !process.waitForFinished(5)) {
        QFile journal(path);
        seen = journal.open(QIODevice::ReadOnly) && journal.readAll().contains(needle.toUtf8()) &&
               (!inTheMiddle || copying()) && (frozen.isEmpty() || m_faults.freeze(frozen));
    }
    process.kill();
    process.waitForFinished();
    QVERIFY2(seen, qPrintable(needle + QString::fromUtf8(process.readAllStandardError())));
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
}

void TestComposeKill::checkWritten() const
{
    const auto edit = std::get<EditAction>(m_plan.steps.at(1).actions.constFirst());
    QFile file(edit.path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(sha256(file.readAll()), edit.after);
    if (edit.creates())
        QCOMPARE(m_faults.file(), m_faults.before);
}

QByteArray TestComposeKill::pickUp(const char *how, int *code) const
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(UNDERSTUDY_BINARY),
                  {QStringLiteral("operations"), QLatin1String(how), m_plan.id, QStringLiteral("--json")});
    process.closeWriteChannel();
    *code = process.waitForFinished(120000) && process.exitStatus() == QProcess::NormalExit
                ? process.exitCode()
                : -1;
    return process.readAll();
}

QByteArray TestComposeKill::pickedUp(bool goOn, int *code) const
{
    // A child of the killed one that has not yet begun its program holds the journal for a moment longer.
    QByteArray said;
    QElapsedTimer clock;
    clock.start();
    do
        said = pickUp(goOn ? "continue" : "undo", code);
    while (said.contains("running in another process") && clock.elapsed() < 10000);
    return said;
}

// The edit is written beside the file first, under a name that the journal knows.
void TestComposeKill::killedWhileWritingTheFile_data()
{
    QTest::addColumn<bool>("ownFile");
    QTest::addColumn<bool>("goOn");
    QTest::addRow("edited, undone") << false << false;
    QTest::addRow("edited, continued") << false << true;
    QTest::addRow("a file of its own, undone") << true << false;
}

void TestComposeKill::killedWhileWritingTheFile()
{
    QFETCH(bool, ownFile);
    QFETCH(bool, goOn);
    AddStandbyRequest request;
    request.overrideFile = ownFile;
    const auto plan = m_faults.plan(request);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    m_plan = *plan;
    const auto edit = std::get<EditAction>(m_plan.steps.at(1).actions.constFirst());
    QVERIFY(!edit.aside.isEmpty());
    const QString planFile = m_faults.ownFolder() + QStringLiteral("/plan.json");
    QFile out(planFile);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(QJsonDocument(toJson(m_plan)).toJson());
    out.close();
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("UNDERSTUDY_TEST_DIE_AT_FSYNC_OF"), edit.aside);
    process.setProcessEnvironment(environment);
    process.start(QCoreApplication::applicationFilePath(),
                  {QStringLiteral("--child"), planFile, m_faults.journals()});
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    const QString aside = QFileInfo(edit.path).path() + u'/' + edit.aside;
    QVERIFY2(QFileInfo::exists(aside), "it died somewhere else");
    int code = -1;
    const QByteArray said = pickedUp(goOn, &code);
    QVERIFY2(code == 0, said.constData());
    QVERIFY(!QFileInfo::exists(aside));
    if (goOn)
        checkWritten();
    else
        QTRY_COMPARE_WITH_TIMEOUT(m_faults.remains(m_faults.before), QStringList(), 10000);
}

void TestComposeKill::killedInStep()
{
    QFETCH(QString, moment);
    QFETCH(bool, inTheMiddle);
    QFETCH(QString, frozen);
    QFETCH(bool, goOn);
    QFETCH(bool, ownFile);
    AddStandbyRequest request;
    request.overrideFile = ownFile;
    if (inTheMiddle)
        request.maxRate = QStringLiteral("2M");
    const auto plan = m_faults.plan(request);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    m_plan = *plan;
    killWhen(moment, inTheMiddle, frozen);
    if (QTest::currentTestFailed())
        return;
    int code = -1;
    const QByteArray said = pickedUp(goOn, &code);
    QVERIFY2(code == 0, said.constData());
    QVERIFY(!ComposeFaults::tells(said));
    const QStringList telling = m_faults.filesThatTell();
    QVERIFY2(telling.isEmpty(), qPrintable(telling.join(u'\n')));
    if (goOn) {
        QTRY_VERIFY_WITH_TIMEOUT(m_faults.streams(m_plan), 15000);
        checkWritten();
        return;
    }
    // Compose itself may live on for a moment after the app; what it makes then would be left.
    QTRY_COMPARE_WITH_TIMEOUT(m_faults.remains(m_faults.before), QStringList(), 10000);
}

// Two services in one plan: an undo takes both out of the file again, byte for byte.
void TestComposeKill::severalKilled_data()
{
    QTest::addColumn<QString>("moment");
    QTest::addColumn<bool>("goOn");
    const QString copying = QStringLiteral("{\"action\":0,\"step\":\"copy_postgres_standby3\"");
    QTest::addRow("writing the second, undone")
        << QStringLiteral("\"state\":\"done\",\"step\":\"file_postgres_standby3\"") << false;
    QTest::addRow("copying the second, undone") << copying << false;
    QTest::addRow("copying the second, continued") << copying << true;
}

void TestComposeKill::severalKilled()
{
    QFETCH(QString, moment);
    QFETCH(bool, goOn);
    const auto several = m_faults.planSeveral(2);
    QVERIFY2(several, several ? "" : qPrintable(several.error().text()));
    m_plan = several->plan;
    m_each = several->each;
    killWhen(moment, false, {});
    if (QTest::currentTestFailed())
        return;
    int code = -1;
    const QByteArray said = pickedUp(goOn, &code);
    QVERIFY2(code == 0, said.constData());
    QVERIFY(!ComposeFaults::tells(said));
    if (!goOn) {
        QTRY_COMPARE_WITH_TIMEOUT(m_faults.remains(m_faults.before), QStringList(), 10000);
        return;
    }
    for (const Plan &plan : std::as_const(m_each))
        QTRY_VERIFY_WITH_TIMEOUT(m_faults.streams(plan, 3), 15000);
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList words = app.arguments();
    if (words.size() == 4 && words[1] == QStringLiteral("--child"))
        return child(words[2], words[3]);
    TestComposeKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_compose_kill.moc"
