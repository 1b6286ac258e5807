// SPDX-License-Identifier: GPL-3.0-or-later
#include "FoldScene.h"

#include <QTest>

using namespace understudy;
using test::FoldScene;

/// Rules that need more than one link to be judged, and how a finding comes and goes.
class TestFindings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void archiving();
    void conflictsRise();
    void oldTransaction();
    void vacuumHeldBack_data();
    void vacuumHeldBack();
    void invalidatedSlot_data();
    void invalidatedSlot();
    void sameName();
    void noRewind();
    void clearedIsTold();
    void whatIsNotKnownHasNotCleared();
    void raisedAgainIsNotCleared();

private:
    static const Finding *find(const FoldScene &scene, const char *name)
    {
        for (const Finding &f : scene.cluster().findings) {
            if (f.name == QLatin1String(name))
                return &f;
        }
        return nullptr;
    }
    // Long enough for a warning to be told.
    static const Finding *told(FoldScene &scene, const char *name)
    {
        for (int i = 0; i < 4; ++i)
            scene.fold();
        return find(scene, name);
    }
};

void TestFindings::archiving()
{
    FoldScene s;
    auto &settings = s.primary().settings;
    s.primary().vitals = Vitals();
    Vitals &v = *s.primary().vitals;
    v.lastArchiveFailedUs = 2000000;
    v.archiveFailures = 3;
    v.lastFailedWal = QStringLiteral("000000010000000000000003");
    QVERIFY(!told(s, "archiving_failing")); // archive_mode is off
    settings[QStringLiteral("archive_mode")] = QStringLiteral("on");
    settings[QStringLiteral("archive_command")] = QStringLiteral("(set)");
    const Finding *f = told(s, "archiving_failing");
    QVERIFY(f);
    QCOMPARE(f->severity, Severity::Warning);
    QVERIFY2(f->evidence.contains(QStringLiteral("000000010000000000000003")) &&
                 f->evidence.contains(QStringLiteral("3 failures")) &&
                 f->evidence.contains(QStringLiteral("none has succeeded")),
             qPrintable(f->evidence));
    v.lastArchivedUs = 1000000;
    QVERIFY(told(s, "archiving_failing"));
    v.lastArchivedUs = 3000000; // it works again
    QVERIFY(!told(s, "archiving_failing"));
    settings[QStringLiteral("archive_command")].clear();
    f = told(s, "archiving_failing");
    QVERIFY(f && f->evidence.contains(QStringLiteral("archive_command is empty")));
    settings[QStringLiteral("archive_library")] = QStringLiteral("basic_archive");
    QVERIFY(!told(s, "archiving_failing"));

    // A standby archives only when told always to.
    FoldScene below;
    below.standby(1).settings = settings;
    below.standby(1).settings[QStringLiteral("archive_library")].clear();
    QVERIFY(!told(below, "archiving_failing"));
    below.standby(1).settings[QStringLiteral("archive_mode")] = QStringLiteral("always");
    QVERIFY(told(below, "archiving_failing"));
}

void TestFindings::conflictsRise()
{
    FoldScene s;
    const auto read = [&s](qint64 snapshot, qint64 lock) {
        Vitals v;
        v.readUs = s.nowUs + 1;
        v.conflicts = {{QStringLiteral("snapshot"), snapshot}, {QStringLiteral("lock"), lock}};
        s.standby(1).vitals = v;
    };
    read(40, 2); // of old: no news
    QVERIFY(!told(s, "recovery_conflicts"));
    read(42, 3);
    const Finding *f = told(s, "recovery_conflicts");
    QVERIFY(f);
    QCOMPARE(f->node, FoldScene::id(1));
    QVERIFY2(f->evidence.contains(QStringLiteral("3 conflicts")) &&
                 f->evidence.contains(QStringLiteral("snapshot 2")) &&
                 f->evidence.contains(QStringLiteral("lock 1")),
             qPrintable(f->evidence));
    QVERIFY(f->action.contains(QStringLiteral("hot_standby_feedback")));
    // Nothing for longer than the span: over.
    for (int i = 0; i < 40; ++i) {
        read(42, 3);
        s.fold(10);
    }
    QVERIFY(!find(s, "recovery_conflicts"));
    read(0, 0); // statistics were reset
    QVERIFY(!told(s, "recovery_conflicts"));
    read(1, 0);
    QVERIFY(told(s, "recovery_conflicts"));
}

void TestFindings::oldTransaction()
{
    FoldScene s;
    s.primary().vitals = Vitals();
    TransactionRow row{4127,
                       qint64(7200) * 1000000,
                       1234567,
                       QStringLiteral("idle in transaction"),
                       QStringLiteral("psql"),
                       QStringLiteral("appdb")};
    s.primary().vitals->oldestTransaction = row;
    const Finding *f = told(s, "long_transaction");
    QVERIFY(f);
    QVERIFY2(f->evidence.contains(QStringLiteral("4127")) &&
                 f->evidence.contains(QStringLiteral("1,234,567")),
             qPrintable(f->evidence));
    QVERIFY(f->meaning.contains(QStringLiteral("Vacuum")));
    s.primary().vitals->oldestTransaction->ageUs = qint64(3599) * 1000000;
    QVERIFY(!told(s, "long_transaction"));
    s.standby(1).vitals = Vitals();
    s.standby(1).vitals->oldestTransaction = row;
    QVERIFY(told(s, "long_transaction")->meaning.contains(QStringLiteral("max_standby_streaming_delay")));
    s.standby(1).settings[QStringLiteral("hot_standby_feedback")] = QStringLiteral("on");
    QVERIFY(told(s, "long_transaction")->meaning.contains(QStringLiteral("on the primary")));
}

void TestFindings::vacuumHeldBack_data()
{
    QTest::addColumn<qint64>("age");
    QTest::addColumn<QString>("name");
    QTest::newRow("little") << Q_INT64_C(9999999) << QString();
    QTest::newRow("much") << Q_INT64_C(10000000) << QStringLiteral("vacuum_held_back");
    QTest::newRow("too much") << Q_INT64_C(500000000) << QStringLiteral("wraparound_held_back");
}

void TestFindings::vacuumHeldBack()
{
    QFETCH(qint64, age);
    QFETCH(QString, name);
    for (const bool bySlot : {true, false}) {
        FoldScene s;
        (bySlot ? s.primary().slots_[0].xminAge : s.sender(1).xminAge) = age;
        const Finding *held = told(s, "vacuum_held_back");
        const Finding *near = find(s, "wraparound_held_back"); // The same look: another would end the first.
        QCOMPARE(held != nullptr, name == QLatin1String("vacuum_held_back"));
        QCOMPARE(near != nullptr, name == QLatin1String("wraparound_held_back"));
        if (const Finding *f = held ? held : near) {
            QCOMPARE(f->severity, near ? Severity::Critical : Severity::Warning);
            QCOMPARE(f->slot, bySlot ? QStringLiteral("slot1") : QString());
            QCOMPARE(f->downstream, bySlot ? QString() : FoldScene::id(1));
            QVERIFY2(f->evidence.contains(QStringLiteral("000,000 transactions")), qPrintable(f->evidence));
        }
    }
}

void TestFindings::invalidatedSlot_data()
{
    QTest::addColumn<QString>("walStatus");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("finding");
    QTest::newRow("valid") << "reserved"
                           << ""
                           << "";
    QTest::newRow("old lost") << "lost"
                              << ""
                              << "slot_lost";
    QTest::newRow("17 lost") << "lost"
                             << "wal_removed"
                             << "slot_lost";
    QTest::newRow("rows") << "lost"
                          << "rows_removed"
                          << "slot_invalidated";
    QTest::newRow("idle") << "lost"
                          << "idle_timeout"
                          << "slot_invalidated";
    QTest::newRow("16") << "reserved"
                        << "conflict"
                        << "slot_invalidated";
    QTest::newRow("a reason of the future") << "lost"
                                            << "moonlight"
                                            << "slot_invalidated";
}

void TestFindings::invalidatedSlot()
{
    QFETCH(QString, walStatus);
    QFETCH(QString, reason);
    QFETCH(QString, finding);
    FoldScene s;
    s.primary().slots_[0].walStatus = walStatus;
    s.primary().slots_[0].invalidationReason = reason;
    s.fold();
    for (const char *name : {"slot_lost", "slot_invalidated"}) {
        const Finding *f = find(s, name);
        QCOMPARE(f != nullptr, finding == QLatin1String(name));
        if (f)
            QCOMPARE(f->severity, Severity::Critical);
    }
}

void TestFindings::sameName()
{
    FoldScene s;
    s.fold();
    const Finding *f = find(s, "same_application_name");
    QVERIFY(f);
    QCOMPARE(f->severity, Severity::Notice);
    QVERIFY(f->evidence.contains(QStringLiteral("standby1, standby2")));
    s.primary().settings[QStringLiteral("synchronous_standby_names")] =
        QStringLiteral("ANY 1 (other, walreceiver)");
    f = told(s, "same_application_name");
    QVERIFY(f && f->severity == Severity::Warning);
    s.primary().settings[QStringLiteral("synchronous_standby_names")] =
        QStringLiteral("FIRST 1 (\"wal\", receiver)");
    f = told(s, "same_application_name");
    QVERIFY(f && f->severity == Severity::Notice);
    s.sender(2).applicationName = QStringLiteral("standby2");
    QVERIFY(!told(s, "same_application_name"));
}

void TestFindings::noRewind()
{
    FoldScene s;
    auto &settings = s.primary().settings;
    s.fold();
    QVERIFY(!find(s, "no_rewind")); // nothing is known
    settings[QStringLiteral("data_checksums")] = QStringLiteral("off");
    settings[QStringLiteral("wal_log_hints")] = QStringLiteral("off");
    s.fold();
    QVERIFY(find(s, "no_rewind"));
    settings[QStringLiteral("wal_log_hints")] = QStringLiteral("on");
    s.fold();
    QVERIFY(!find(s, "no_rewind"));
    FoldScene alone(0);
    alone.primary().settings = {{QStringLiteral("data_checksums"), QStringLiteral("off")},
                                {QStringLiteral("wal_log_hints"), QStringLiteral("off")}};
    alone.fold();
    QVERIFY(!find(alone, "no_rewind")); // nobody to fail over to
}

void TestFindings::clearedIsTold()
{
    FoldScene s;
    s.fold();
    const NodeSnapshot well = s.standby(2);
    const auto senders = s.primary().senders;
    const auto slots_ = s.primary().slots_;
    s.disconnect(2);
    s.refuse(2);
    s.fold();
    QVERIFY(s.has("standby_disconnected") && s.has("node_down"));
    QCOMPARE(s.cluster().cleared.size(), 0);
    s.standby(2) = well;
    s.primary().senders = senders;
    s.primary().slots_ = slots_;
    s.fold();
    QCOMPARE(s.cluster().cleared.size(), 2);
    for (const Cleared &c : s.cluster().cleared)
        QCOMPARE(c.clearedUs, s.nowUs);
    const qint64 since = s.cluster().cleared[0].finding.sinceUs;
    QVERIFY(since > 0 && since < s.nowUs);
    s.fold(200);
    QCOMPARE(s.cluster().cleared.size(), 2);
    s.fold(200);
    QCOMPARE(s.cluster().cleared.size(), 0); // told for long enough
}

void TestFindings::whatIsNotKnownHasNotCleared()
{
    FoldScene s;
    s.fold();
    s.disconnect(1); // up, and nobody feeds it
    s.fold();
    QVERIFY(s.has("standby_disconnected"));
    const qint64 since = find(s, "standby_disconnected")->sinceUs;
    const NodeSnapshot primary = s.primary();
    const NodeSnapshot standby = s.standby(1);
    for (int i : {0, 1}) {
        s.snapshots[i].answer = Answer::NotResponding;
        s.snapshots[i].versionNum = 0;
    }
    for (int i = 0; i < 20; ++i)
        s.fold();
    QCOMPARE(s.cluster().cleared.size(), 0);
    s.primary() = primary;
    s.standby(1) = standby;
    s.fold();
    QVERIFY(s.has("standby_disconnected"));
    QCOMPARE(find(s, "standby_disconnected")->sinceUs, since);

    // The same for what concerns the node alone.
    FoldScene alone;
    alone.primary().settings[QStringLiteral("synchronous_standby_names")] = QStringLiteral("other");
    alone.fold();
    QVERIFY(alone.has("sync_standby_missing"));
    alone.primary().answer = Answer::NotResponding;
    alone.fold();
    QVERIFY(!alone.has("sync_standby_missing"));
    QCOMPARE(alone.cluster().cleared.size(), 0);
}

void TestFindings::raisedAgainIsNotCleared()
{
    FoldScene s;
    s.fold();
    auto &names = s.primary().settings[QStringLiteral("synchronous_standby_names")];
    names = QStringLiteral("other");
    s.fold();
    QVERIFY(s.has("sync_standby_missing"));
    names.clear();
    s.fold();
    QVERIFY(!s.has("sync_standby_missing"));
    QCOMPARE(s.cluster().cleared.size(), 1);
    names = QStringLiteral("other");
    s.fold();
    QVERIFY(s.has("sync_standby_missing"));
    QCOMPARE(s.cluster().cleared.size(), 0);
}

QTEST_GUILESS_MAIN(TestFindings)
#include "tst_findings.moc"
