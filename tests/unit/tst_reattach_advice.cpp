// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReattachScenes.h"
#include "model/ReattachAddress.h"

#include <QTest>
#include <functional>

using namespace understudy;
using test::ReattachLab;

namespace {

struct Row
{
    const char *tag;
    int standby, target;
    std::function<void(ReattachLab &)> change;
    DropVerdict verdict;
    const char *reason; ///< Its id; empty: nothing that is worse than worth knowing.
    const char *holds;  ///< Words that its text has.
};

constexpr auto safe = DropVerdict::Safe, risky = DropVerdict::Risky, impossible = DropVerdict::Impossible;
constexpr quint64 head = 0x5000000, MB = 1 << 20;

void nothing(ReattachLab &) {}

const QList<Row> &rows()
{
    static const QList<Row> all{
        // Nothing against it
        {"sibling", 2, 1, nothing, safe, "", ""},
        {"back to the primary", 3, 0, nothing, safe, "", ""},
        {"with what is below it", 1, 2, nothing, safe, "takes_along", "1 standby"},
        {"old slot", 2, 1, nothing, safe, "old_slot", "standby2_slot on primary is dropped once"},
        {"old upstream is down", 2, 1, [](ReattachLab &l) { l.state(0, NodeState::Down, Answer::Refused); },
         safe, "old_slot", "stays on primary"},
        {"login", 2, 1, nothing, safe, "login_unchecked", "pg_hba.conf on standby1"},
        {"host not proved", 2, 1,
         [](ReattachLab &l) { l.scene.bindings.removeLast(), l.scene.bindings.removeAt(1); }, safe,
         "not_proven", "standby1"},
        {"sends more", 2, 1, [](ReattachLab &l) { l.at(1).walRate = 18 * 1024; }, safe, "sends_more",
         "18 kB/s"},
        {"password", 2, 1, [](ReattachLab &l) { l.facts(2).conninfoHasPassword = true; }, safe,
         "password_in_conninfo", "passfile"},

        // Out of the question
        {"itself", 1, 1, nothing, impossible, "itself", "from itself"},
        {"the primary", 0, 1, nothing, impossible, "primary", "switchover"},
        {"a loop", 1, 3, nothing, impossible, "loop", "feed each other"},
        {"a loop over two", 1, 2, [](ReattachLab &l) { l.link(2).upstream = ReattachLab::id(3); }, impossible,
         "loop", "standby2 receives from standby1"},
        {"already there", 1, 0, nothing, impossible, "upstream_already", "nothing to do"},
        {"already there and broken", 1, 0, [](ReattachLab &l) { l.link(1).state = LinkState::Broken; },
         impossible, "upstream_already", "findings"},
        {"gone", 1, 9, nothing, impossible, "gone", "not part"},
        {"role unknown", 2, 1, [](ReattachLab &l) { l.at(2).role = Role::Unknown; }, impossible,
         "role_unknown", "Nobody knows"},
        {"another system", 2, 1, [](ReattachLab &l) { l.at(1).systemIdentifier = QStringLiteral("42"); },
         impossible, "other_system", "system identifier is 42"},
        {"system unknown", 2, 1, [](ReattachLab &l) { l.at(1).systemIdentifier.clear(); }, risky,
         "system_unknown", "one cluster"},
        {"another major version", 2, 1, [](ReattachLab &l) { l.at(1).versionNum = 160004; }, impossible,
         "other_version", "same major version"},
        {"another minor version", 2, 1, [](ReattachLab &l) { l.at(1).versionNum = 150017; }, safe, "", ""},

        // The state of the target, and of the standby
        {"target down", 2, 1, [](ReattachLab &l) { l.state(1, NodeState::Down, Answer::Refused); },
         impossible, "down", "Start it"},
        {"target silent", 2, 1,
         [](ReattachLab &l) { l.state(1, NodeState::NotResponding, Answer::NotResponding); }, impossible,
         "not_responding", "no answer"},
        {"target is a ghost", 2, 1, [](ReattachLab &l) { l.state(1, NodeState::Ghost, Answer::Failed); },
         impossible, "ghost", "Adopt"},
        {"target is planned", 2, 1, [](ReattachLab &l) { l.state(1, NodeState::Planned, Answer::Failed); },
         impossible, "planned", "Add it first"},
        {"target lets nobody in", 2, 1,
         [](ReattachLab &l) { l.state(1, NodeState::NoPermission, Answer::LoginFailed); }, impossible,
         "no_login", "login"},
        {"target without pg_monitor", 2, 1,
         [](ReattachLab &l) { l.state(1, NodeState::NoPermission, Answer::Answered); }, risky,
         "no_permission", "pg_monitor on standby1"},
        {"target starts", 2, 1, [](ReattachLab &l) { l.state(1, NodeState::Unknown, Answer::StartingUp); },
         impossible, "starting", "Wait"},
        {"target unknown", 2, 1,
         [](ReattachLab &l) {
             l.state(1, NodeState::Unknown, Answer::Failed);
             l.at(1).reason = QStringLiteral("The look failed.");
         },
         impossible, "unknown", "(The look failed)"},
        {"target without hot_standby", 2, 1,
         [](ReattachLab &l) {
             l.state(1, NodeState::Unknown, Answer::StartingUp);
             l.set(1, "hot_standby", "off");
         },
         impossible, "hot_standby_off", "not even a standby's"},
        {"standby down", 2, 1, [](ReattachLab &l) { l.state(2, NodeState::Down, Answer::Refused); },
         impossible, "standby_down", "cannot be changed"},
        {"standby is a ghost", 2, 1, [](ReattachLab &l) { l.state(2, NodeState::Ghost, Answer::Failed); },
         impossible, "standby_ghost", "Adopt"},
        {"standby without hot_standby", 2, 1,
         [](ReattachLab &l) {
             l.state(2, NodeState::Unknown, Answer::StartingUp);
             l.set(2, "hot_standby", "off");
         },
         impossible, "standby_hot_standby_off", "hot_standby"},

        // Timelines
        {"older timeline", 2, 1, [](ReattachLab &l) { l.at(2).timeline = 2; }, impossible, "older_timeline",
         "highest timeline 1 of the primary is behind recovery timeline 2"},
        {"newer timeline", 2, 1, [](ReattachLab &l) { l.at(1).timeline = 2; }, risky, "newer_timeline",
         "pg_rewind"},
        {"newer timeline, parted", 2, 1,
         [](ReattachLab &l) {
             l.at(1).timeline = 2;
             l.position(1, head - MB);
         },
         impossible, "diverged", "pg_rewind or a new copy"},
        {"newer timeline, kept on the old", 2, 1,
         [](ReattachLab &l) {
             l.at(1).timeline = 2;
             l.set(2, "recovery_target_timeline", "current");
         },
         impossible, "stays_on_timeline", "recovery_target_timeline = current"},
        {"newer timeline, named", 2, 1,
         [](ReattachLab &l) {
             l.at(1).timeline = 2;
             l.set(2, "recovery_target_timeline", "2");
         },
         risky, "newer_timeline", "timeline 2"},
        {"timeline unknown", 2, 1, [](ReattachLab &l) { l.at(1).timeline.reset(); }, risky,
         "timeline_unknown", "standby1"},

        // Positions
        {"target behind", 2, 1, [](ReattachLab &l) { l.position(1, head - 20 * MB); }, risky,
         "target_lacks_wal", "20 MB behind"},
        {"target a moment behind", 2, 1, [](ReattachLab &l) { l.position(1, head - MB); }, safe, "", ""},
        {"target behind and unfed", 2, 1,
         [](ReattachLab &l) {
             l.position(1, head - MB);
             l.link(1).state = LinkState::Broken;
         },
         impossible, "ahead_unfed", "ahead of the WAL flush position"},
        {"ahead of the primary it comes from", 3, 0, [](ReattachLab &l) { l.position(0, head - 20 * MB); },
         safe, "", ""},
        {"ahead of another primary", 3, 0,
         [](ReattachLab &l) {
             l.position(0, head - 20 * MB);
             l.link(3).state = LinkState::Broken;
         },
         impossible, "ahead_of_primary", "diverged"},
        {"a moment ahead of another primary", 3, 0,
         [](ReattachLab &l) {
             l.position(0, head - MB);
             l.link(3).state = LinkState::Broken;
         },
         risky, "ahead_maybe", "between two looks"},
        {"position unknown", 2, 1,
         [](ReattachLab &l) {
             l.at(1).lsn.reset();
             l.at(1).receivedLsn.reset();
         },
         risky, "position_unknown", "standby1"},
        {"WAL may be gone", 2, 1, [](ReattachLab &l) { l.position(2, head - 40 * MB); }, risky, "wal_gone",
         "40 MB back on standby1"},
        {"WAL kept by its size", 2, 1,
         [](ReattachLab &l) {
             l.position(2, head - 40 * MB);
             l.set(1, "wal_keep_size", "67108864");
         },
         safe, "", ""},
        {"WAL kept by a slot", 2, 1,
         [](ReattachLab &l) {
             l.position(2, head - 40 * MB);
             l.cluster().slots_.last().restartLsn = Lsn(head - 41 * MB);
         },
         safe, "", ""},
        {"WAL kept by a lost slot", 2, 1,
         [](ReattachLab &l) {
             l.position(2, head - 40 * MB);
             l.cluster().slots_.last().restartLsn = Lsn(head - 41 * MB);
             l.cluster().slots_.last().walStatus = QStringLiteral("lost");
         },
         risky, "wal_gone", "may be gone"},
        {"WAL from an archive", 2, 1,
         [](ReattachLab &l) {
             l.position(2, head - 40 * MB);
             l.set(2, "restore_command", "(set)");
         },
         safe, "wal_from_archive", "restore_command of standby2"},

        // Room on the target
        {"wal_level", 2, 1, [](ReattachLab &l) { l.set(1, "wal_level", "minimal"); }, impossible, "wal_level",
         "replica"},
        {"no walsenders", 2, 1, [](ReattachLab &l) { l.set(1, "max_wal_senders", "0"); }, impossible,
         "no_walsenders", "feeds nobody"},
        {"walsenders used up", 2, 1, [](ReattachLab &l) { l.set(1, "max_wal_senders", "1"); }, impossible,
         "walsenders_full", "exceeds max_wal_senders"},
        {"slots used up", 2, 1, [](ReattachLab &l) { l.set(1, "max_replication_slots", "1"); }, impossible,
         "slots_full", "all replication slots are in use"},
        {"room unknown", 2, 1,
         [](ReattachLab &l) { l.at(1).settings.remove(QStringLiteral("max_wal_senders")); }, risky,
         "room_unknown", "not known"},
        {"target never looked at", 2, 1, [](ReattachLab &l) { l.scene.facts.remove(ReattachLab::id(1)); },
         risky, "room_unknown", "not known"},

        // A cascade
        {"target paused", 2, 1, [](ReattachLab &l) { l.at(1).replayPaused = true; }, risky, "target_paused",
         "passes through"},
        {"target unfed", 2, 1, [](ReattachLab &l) { l.link(1).state = LinkState::Broken; }, risky,
         "target_unfed", "nothing new would reach standby2"},
        {"target stalled", 2, 1, [](ReattachLab &l) { l.link(1).state = LinkState::Stalled; }, risky,
         "target_stalled", "stalled"},
        {"target catches up", 2, 1, [](ReattachLab &l) { l.link(1).state = LinkState::Catchup; }, risky,
         "target_behind", "far behind"},
        {"target far behind", 2, 1, [](ReattachLab &l) { l.link(1).stages.flushed = qint64(64 * MB); }, risky,
         "target_behind", "64 MB"},
        {"target replays slowly", 2, 1,
         [](ReattachLab &l) {
             l.link(1).stages.replayed = qint64(640 * MB);
             l.link(1).lagging = true;
         },
         safe, "", ""},

        // Synchronous commits
        {"synchronous, another left", 2, 1,
         [](ReattachLab &l) {
             l.set(0, "synchronous_standby_names", "ANY 1 (*)");
             l.link(1).sync = l.link(2).sync = SyncState::Quorum;
         },
         risky, "sync_lost", "asynchronous"},
        {"synchronous, none left", 2, 1,
         [](ReattachLab &l) {
             l.set(0, "synchronous_standby_names", "FIRST 1 (standby2)");
             l.link(2).sync = SyncState::Sync;
         },
         risky, "commits_wait", "0 of the 1 needed"},
        {"synchronous, the other is broken", 2, 1,
         [](ReattachLab &l) {
             l.set(0, "synchronous_standby_names", "ANY 1 (*)");
             l.link(1).sync = l.link(2).sync = SyncState::Quorum;
             l.link(1).state = LinkState::Broken;
         },
         risky, "commits_wait", "wait for ever"},
        {"a spare", 2, 1,
         [](ReattachLab &l) {
             l.set(0, "synchronous_standby_names", "FIRST 1 (*)");
             l.link(1).sync = SyncState::Sync;
             l.link(2).sync = SyncState::Potential;
         },
         safe, "sync_spare", "spare"},
        {"becomes synchronous", 3, 0,
         [](ReattachLab &l) { l.set(0, "synchronous_standby_names", "ANY 1 (*)"); }, risky,
         "becomes_synchronous", "may wait for it"},
        {"becomes synchronous by its name", 3, 0,
         [](ReattachLab &l) {
             l.set(0, "synchronous_standby_names", "ANY 1 (dr1)");
             l.facts(3).primaryConninfo += QStringLiteral(" application_name=dr1");
         },
         risky, "becomes_synchronous", "it is called dr1"},
        {"stays asynchronous", 3, 0,
         [](ReattachLab &l) { l.set(0, "synchronous_standby_names", "ANY 1 (standby1)"); }, safe, "", ""},

        // Its own settings
        {"PostgreSQL 12", 2, 1,
         [](ReattachLab &l) {
             for (int i = 0; i < 4; ++i)
                 l.at(i).versionNum = 120022;
         },
         risky, "restart", "runs 12.22"},
        {"conninfo unreadable", 2, 1, [](ReattachLab &l) { l.facts(2).conninfoSetting.clear(); }, risky,
         "conninfo_unknown", "pg_monitor"},
        {"address unknown", 2, 1,
         [](ReattachLab &l) {
             for (int i = 1; i < 4; ++i)
                 l.facts(i).conninfoSetting = QStringLiteral("host=pg-%1 user=replicator").arg(i);
             l.cluster().links.removeLast();
         },
         risky, "address_guess", "127.0.0.1:5433"},
    };
    return all;
}

const ReattachReason *find(const QList<ReattachReason> &reasons, const char *id)
{
    for (const ReattachReason &reason : reasons) {
        if (reason.id == QLatin1String(id))
            return &reason;
    }
    return nullptr;
}

QString idsOf(const QList<ReattachReason> &reasons)
{
    QStringList ids;
    for (const ReattachReason &reason : reasons)
        ids << reason.id;
    return ids.join(u' ');
}

} // namespace

/// What is said of a standby over a target, case by case.
class TestReattachAdvice : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reasons_data();
    void reasons();
    void theWorstComesFirst();
    void hostileNamesStayWhole();
    void addresses();
    void after();
};

void TestReattachAdvice::reasons_data()
{
    QTest::addColumn<int>("row");
    for (int i = 0; i < rows().size(); ++i)
        QTest::newRow(rows().at(i).tag) << i;
}

void TestReattachAdvice::reasons()
{
    QFETCH(int, row);
    const Row &r = rows().at(row);
    ReattachLab lab;
    r.change(lab);
    const NodeId standby = ReattachLab::id(r.standby), target = ReattachLab::id(r.target);
    const QList<ReattachReason> found = reattachReasons(lab.scene, standby, target);
    QVERIFY2(worstOf(found) == r.verdict, qPrintable(idsOf(found)));
    const DropAdvice advice = reattachAdvice(lab.scene, standby, target);
    QVERIFY(advice.verdict == r.verdict);
    QCOMPARE(advice.reason.isEmpty(), r.verdict == safe);
    if (*r.reason) {
        const ReattachReason *reason = find(found, r.reason);
        QVERIFY2(reason, qPrintable(idsOf(found)));
        QVERIFY(reason->verdict == r.verdict);
        QVERIFY2(reason->text.contains(QLatin1String(r.holds)), qPrintable(reason->text));
        if (r.verdict != safe)
            QCOMPARE(advice.reason, reason->brief);
    }
    for (const ReattachReason &reason : found) {
        QVERIFY2(reason.text.endsWith(u'.') && !reason.text.contains(u'%'), qPrintable(reason.text));
        QVERIFY2(reason.brief.size() <= 40, qPrintable(reason.brief));
        QCOMPARE(reason.brief.isEmpty(), reason.verdict == safe);
    }
}

void TestReattachAdvice::theWorstComesFirst()
{
    ReattachLab lab;
    lab.at(1).replayPaused = true;
    lab.set(1, "max_wal_senders", "1");
    const auto found = reattachReasons(lab.scene, ReattachLab::id(2), ReattachLab::id(1));
    QCOMPARE(found.first().id, QStringLiteral("walsenders_full"));
    QCOMPARE(found.at(1).id, QStringLiteral("target_paused"));
    QVERIFY(found.last().verdict == safe);
}

void TestReattachAdvice::hostileNamesStayWhole()
{
    const QString name = QStringLiteral("%1 %2 %3 %4 ${x} '; DROP");
    for (const Row &row : rows()) {
        ReattachLab lab;
        row.change(lab);
        lab.at(1).name = name;
        for (const auto &reason :
             reattachReasons(lab.scene, ReattachLab::id(row.standby), ReattachLab::id(row.target))) {
            QString text = reason.text;
            QVERIFY2(!text.remove(name).contains(u'%'), row.tag);
        }
    }
}

void TestReattachAdvice::addresses()
{
    ReattachLab lab;
    const NodeId standby = ReattachLab::id(2), target = ReattachLab::id(1);
    QCOMPARE(addressSeenBy(lab.scene, standby, target),
             (SeenAddress{QStringLiteral("127.0.0.1"), 5433, true}));
    // In containers: published ports here, names there. Its siblings to be know the name.
    lab.facts(2).conninfoSetting = QStringLiteral("host=pg-primary port=5432 user=replicator");
    lab.facts(3).conninfoSetting = QStringLiteral("host=pg-standby1 port=5432 user=replicator");
    QCOMPARE(addressSeenBy(lab.scene, standby, target),
             (SeenAddress{QStringLiteral("pg-standby1"), 5432, true}));
    lab.cluster().links.removeLast();
    QCOMPARE(addressSeenBy(lab.scene, standby, target),
             (SeenAddress{QStringLiteral("127.0.0.1"), 5433, false}));
    // What is here on this machine is elsewhere for a standby that is not.
    lab.facts(0).endpoint.host = QStringLiteral("db1");
    lab.facts(2).endpoint.host = QStringLiteral("db2");
    lab.facts(2).conninfoSetting = QStringLiteral("host=db1 port=5432 user=replicator");
    QVERIFY(!addressSeenBy(lab.scene, standby, target).sure);
    lab.facts(1).endpoint.host = QStringLiteral("db3");
    QCOMPARE(addressSeenBy(lab.scene, standby, target), (SeenAddress{QStringLiteral("db3"), 5433, true}));
    // Several hosts say nothing about which one it is.
    lab.facts(2).conninfoSetting = QStringLiteral("host=db1,db9 port=5432,5432 user=replicator");
    QVERIFY(!addressSeenBy(lab.scene, standby, target).sure);
}

void TestReattachAdvice::after()
{
    ReattachLab lab;
    lab.link(2).sync = SyncState::Sync;
    const Topology now = lab.scene.topology;
    const Topology then =
        topologyAfterReattach(now, ReattachLab::id(2), ReattachLab::id(1), QStringLiteral("new_slot"));
    const Cluster &cluster = then.clusters.first();
    QCOMPARE(cluster.nodes, now.clusters.first().nodes);
    QCOMPARE(cluster.links.size(), 3);
    const Link *moved = cluster.linkTo(ReattachLab::id(2));
    QVERIFY(moved);
    QCOMPARE(moved->upstream, ReattachLab::id(1));
    QCOMPARE(moved->slot, QStringLiteral("new_slot"));
    QCOMPARE(moved->sync, SyncState::Async);
    QVERIFY(!moved->lagBytes && moved->lag == LagState::Unknown);
    QStringList names;
    for (const Slot &slot : cluster.slots_)
        names << slot.node + u' ' + slot.name;
    QVERIFY(!names.contains(ReattachLab::id(0) + QStringLiteral(" standby2_slot")));
    QVERIFY(names.contains(ReattachLab::id(1) + QStringLiteral(" new_slot")));
    QCOMPARE(topologyAfterReattach(now, ReattachLab::id(2), QStringLiteral("nobody"), {}), now);
}

QTEST_GUILESS_MAIN(TestReattachAdvice)
#include "tst_reattach_advice.moc"
