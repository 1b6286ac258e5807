// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/BackupProgress.h"
#include "operations/Journal.h"

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace understudy;

namespace {

Plan smallPlan()
{
    Plan plan;
    plan.id = QStringLiteral("20251117-134401-000-add-standby2");
    plan.kind = QStringLiteral("add-standby");
    plan.subject = QStringLiteral("standby2");
    for (const char *id : {"slot", "copy"}) {
        Step step;
        step.id = QString::fromLatin1(id);
        step.actions << SqlAction{QStringLiteral("primary"), QStringLiteral("SELECT 1"), {}};
        step.undo = step.actions;
        plan.steps << step;
    }
    return plan;
}

StepRecord stateOf(const char *id, StepState state)
{
    StepRecord record;
    record.stepId = QString::fromLatin1(id);
    record.state = state;
    record.startedUs = 1700000000000000;
    return record;
}

} // namespace

/// The journal is what a later process believes: what it says after a crash must be what happened.
class TestJournal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsHowFarItCame();
    void tornLastLine();
    void undoneIsForgotten();
    void onlyOurFiles();
    void garbage();
    void modes();
    void progressOfARealCopy();
    void progressFromTheServer();
};

void TestJournal::tellsHowFarItCame()
{
    QTemporaryDir folder;
    auto journal = *Journal::create(smallPlan(), folder.path());
    QVERIFY(journal->stepState(stateOf("slot", StepState::Running)));
    QVERIFY(journal->intent(QStringLiteral("slot"), 0, false));
    QVERIFY(journal->result(QStringLiteral("slot"), 0, false, true, QStringLiteral("lsn"),
                            QStringLiteral("0/1"), {}));
    QVERIFY(journal->stepState(stateOf("slot", StepState::Done)));
    QVERIFY(journal->intent(QStringLiteral("copy"), 0, false));

    JournalEntry entry = Journal::entries(folder.path()).value(0);
    QVERIFY(entry.open && entry.runningNow);
    QCOMPARE(entry.record.outcome, RunRecord::Outcome::Running);
    journal.reset();
    entry = Journal::entries(folder.path()).value(0);
    QVERIFY(entry.open && !entry.runningNow);
    QCOMPARE(entry.record.outcome, RunRecord::Outcome::Interrupted);
    QCOMPARE(entry.record.values.value(QStringLiteral("lsn")), QStringLiteral("0/1"));
    QCOMPARE(entry.record.step(QStringLiteral("slot"))->state, StepState::Done);
    QCOMPARE(entry.record.step(QStringLiteral("slot"))->startedUs, 1700000000000000);
    QCOMPARE(entry.actions.size(), 2);
    QCOMPARE(entry.actions[0].ended, JournalAction::Ended::Ok);
    QCOMPARE(entry.actions[1].ended, JournalAction::Ended::Unknown);

    journal = *Journal::reopen(entry.path);
    QVERIFY(!Journal::reopen(entry.path)); // one at a time
    RunRecord end;
    end.outcome = RunRecord::Outcome::LeftBehind;
    end.leftBehind << QStringLiteral("the slot x");
    QVERIFY(journal->closed(end));
    journal.reset();
    entry = Journal::entries(folder.path()).value(0);
    QVERIFY(!entry.open);
    QCOMPARE(entry.record.leftBehind, end.leftBehind);
}

void TestJournal::tornLastLine()
{
    QTemporaryDir folder;
    auto journal = *Journal::create(smallPlan(), folder.path());
    QVERIFY(journal->intent(QStringLiteral("slot"), 0, false));
    const QString path = journal->path();
    journal.reset();
    const qint64 whole = QFileInfo(path).size();
    QFile file(path);
    QVERIFY(file.open(QIODevice::Append));
    file.write("{\"type\":\"result\",\"step\":\"slot\",\"action\":0,\"ok\":tr");
    file.close();
    JournalEntry entry = Journal::entries(folder.path()).value(0);
    QCOMPARE(entry.actions.value(0).ended, JournalAction::Ended::Unknown);
    // Picked up, the torn end does not spoil the next line.
    journal = *Journal::reopen(path);
    QCOMPARE(QFileInfo(path).size(), whole);
    QVERIFY(journal->result(QStringLiteral("slot"), 0, false, false, {}, {}, QStringLiteral("no")));
    journal.reset();
    entry = Journal::entries(folder.path()).value(0);
    QCOMPARE(entry.actions.value(0).ended, JournalAction::Ended::Failed);
}

void TestJournal::undoneIsForgotten()
{
    QTemporaryDir folder;
    auto journal = *Journal::create(smallPlan(), folder.path());
    QVERIFY(journal->intent(QStringLiteral("slot"), 0, false));
    QVERIFY(journal->intent(QStringLiteral("copy"), 0, false));
    QVERIFY(journal->stepState(stateOf("copy", StepState::Undone)));
    journal.reset();
    const JournalEntry entry = Journal::entries(folder.path()).value(0);
    QCOMPARE(entry.actions.size(), 1);
    QCOMPARE(entry.actions.first().stepId, QStringLiteral("slot"));
}

void TestJournal::onlyOurFiles()
{
    QTemporaryDir folder;
    const QString path = (*Journal::create(smallPlan(), folder.path()))->path();
    QCOMPARE(Journal::entries(folder.path()).size(), 1);
    QCOMPARE(::chmod(QFile::encodeName(path).constData(), 0666), 0);
    QCOMPARE(Journal::entries(folder.path()).size(), 0); // its commands could be anybody's
}

void TestJournal::garbage()
{
    QTemporaryDir folder;
    const auto write = [&folder](const char *name, const QByteArray &bytes) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly, QFileDevice::ReadOwner | QFileDevice::WriteOwner));
        file.write(bytes);
    };
    write("empty.jsonl", {});
    write("noise.jsonl", QByteArray(4096, '\xff'));
    write("other.jsonl", "{\"type\":\"intent\",\"step\":\"slot\"}\n");
    write("list.jsonl", "[1,2]\n[3]\n");
    QCOMPARE(Journal::entries(folder.path()).size(), 0);
    auto journal = *Journal::create(smallPlan(), folder.path());
    QVERIFY(!Journal::create(smallPlan(), folder.path())); // never over another
    QVERIFY(journal->intent(QStringLiteral("no such step"), -7, false));
    journal.reset();
    const auto entries = Journal::entries(folder.path());
    QCOMPARE(entries.size(), 1);
    QCOMPARE(entries.first().actions.size(), 0);
    QCOMPARE(Journal::entries(folder.filePath(QStringLiteral("absent"))).size(), 0);
}

void TestJournal::modes()
{
    QTemporaryDir folder;
    const QString below = folder.filePath(QStringLiteral("a/b"));
    const QString path = (*Journal::create(smallPlan(), below))->path();
    struct stat info = {};
    QCOMPARE(::stat(QFile::encodeName(path).constData(), &info), 0);
    QCOMPARE(int(info.st_mode & 0777), 0600);
    QCOMPARE(::stat(QFile::encodeName(below).constData(), &info), 0);
    QCOMPARE(int(info.st_mode & 0777), 0700);
}

void TestJournal::progressOfARealCopy()
{
    // As pg_basebackup 15 said it (-P -v --max-rate=20M, LC_ALL=C), one line a second.
    const char *const lines[] = {
        "pg_basebackup: initiating base backup, waiting for checkpoint to complete",
        "pg_basebackup: checkpoint completed",
        "pg_basebackup: write-ahead log start point: 0/6000028 on timeline 1",
        "pg_basebackup: starting background WAL receiver",
        "20504/87170 kB (23%), 0/1 tablespace (/tmp/ops-rec/c/base/5/16384        )",
        "41112/87170 kB (47%), 0/1 tablespace (/tmp/ops-rec/c/base/5/16384        )",
        "61464/87170 kB (70%), 0/1 tablespace (/tmp/ops-rec/c/base/5/16384        )",
        "82321/87170 kB (94%), 0/1 tablespace (/tmp/ops-rec/c/base/1/2690         )",
        "87180/87180 kB (100%), 0/1 tablespace (/tmp/ops-rec/c/global/pg_control   )",
        "87180/87180 kB (100%), 1/1 tablespace                                         ",
        "pg_basebackup: write-ahead log end point: 0/6000100",
        "pg_basebackup: waiting for background process to finish streaming ...",
        "pg_basebackup: syncing data to disk ...",
        "pg_basebackup: renaming backup_manifest.tmp to backup_manifest",
        "pg_basebackup: base backup completed",
    };
    using Phase = CopyProgress::Phase;
    const QList<Phase> phases{Phase::Checkpoint, Phase::Estimate, Phase::Estimate, Phase::Files,
                              Phase::Files,      Phase::Files,    Phase::Files,    Phase::Files,
                              Phase::Files,      Phase::Files,    Phase::Files,    Phase::WaitForWal,
                              Phase::Sync,       Phase::Sync,     Phase::Sync};
    qint64 now = 1'000'000;
    BackupProgress progress(now);
    for (int i = 0; i < phases.size(); ++i) {
        now += 1'000'000;
        progress.readLine(QString::fromLatin1(lines[i]), now);
        QCOMPARE(progress.at(now).phase, phases[i]);
        if (i == 6) {
            const CopyProgress p = progress.at(now);
            QCOMPARE(p.doneBytes, 61464 * 1024);
            QCOMPARE(p.totalBytes, 87170 * 1024);
            QVERIFY(qAbs(p.rate - 20480.0 * 1024) < 20480.0 * 1024 * 0.01);
            QVERIFY(p.secondsLeft && qAbs(*p.secondsLeft - 1.255) < 0.02);
            QCOMPARE(BackupProgress::fact(p), QStringLiteral("71 %, 1.3 s left"));
        }
    }
    progress.finish(now + 500'000);
    const CopyProgress end = progress.at(now + 500'000);
    QCOMPARE(end.doneBytes, 87180 * 1024);
    QCOMPARE(end.totalBytes, end.doneBytes);
    double sum = 0;
    for (const double seconds : end.phaseSeconds)
        sum += seconds;
    QVERIFY(qAbs(sum - 15.5) < 0.001); // no moment is lost or counted twice
}

void TestJournal::progressFromTheServer()
{
    BackupProgress progress(0);
    progress.readServer(QStringLiteral("waiting for checkpoint to finish"), {}, {}, 100'000);
    QCOMPARE(BackupProgress::fact(progress.at(200'000)), QStringLiteral("waiting for the checkpoint"));
    progress.readServer(QStringLiteral("streaming database files"), 1000, 100, 1'000'000);
    progress.readServer(QStringLiteral("streaming database files"), 1000, 300, 2'000'000);
    QCOMPARE(progress.at(2'000'000).rate, 200.0);
    QCOMPARE(progress.at(2'000'000).secondsLeft, std::optional(3.5));
    // A late word of an earlier phase and a smaller number take nothing back; the total may grow.
    progress.readServer(QStringLiteral("estimating backup size"), {}, {}, 3'000'000);
    progress.readServer(QStringLiteral("streaming database files"), 1200, 250, 3'000'000);
    QCOMPARE(progress.at(3'000'000).phase, CopyProgress::Phase::Files);
    QCOMPARE(progress.at(3'000'000).doneBytes, 300);
    QCOMPARE(progress.at(3'000'000).totalBytes, 1200);
    // One that stands still gets slower and slower.
    QVERIFY(progress.at(9'000'000).rate < progress.at(3'000'000).rate);
    QVERIFY(!progress.readLine(QStringLiteral("999999999999999999999/1 kB (1%), 0/1 tablespace"), 9'100'000));
}

QTEST_GUILESS_MAIN(TestJournal)
#include "tst_journal.moc"
