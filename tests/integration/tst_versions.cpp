// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeServer.h"
#include "Watch.h"
#include "monitor/SqlFile.h"
#include "monitor/SqlSession.h"

using namespace understudy;
using test::FakeServer;
using test::ServerFolder;
using test::TestServer;
using test::Watch;

/// A primary, a standby with a slot and a cascade below it, of every PostgreSQL version that is watched:
/// every query runs, every field is filled, and the monitor tells what happens.
class TestVersions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyVersion_data();
    void everyVersion();
    void tooOld();
    void fromTheFuture();

private:
    static void queries(const TestServer &server, int major, bool standby);
    static void primaryFacts(const NodeSnapshot &s, int major);
    static void standbyFacts(const NodeSnapshot &s, int major, const TestServer &upstream);
    static void faults(Watch &watch, TestServer &primary, const std::unique_ptr<TestServer> &standby,
                       const std::unique_ptr<TestServer> &cascade);
    /// The programs of the version, or of Debian where that is the same.
    static QString programs(int major, ServerFolder &folder);
};

namespace {

constexpr auto missing =
    "PostgreSQL %1 is not here: tests/support/old-servers.sh fetches it where npm is installed.";

QString skipped(int major)
{
    const QString text = QString::fromLatin1(missing).arg(major);
    qWarning("SKIPPED: %s", qPrintable(text));
    return text;
}

} // namespace

QString TestVersions::programs(int major, ServerFolder &folder)
{
    if (const QString fetched = TestServer::programsOf(major, folder); !fetched.isEmpty())
        return fetched;
    const QString installed = TestServer::binDir();
    return installed.contains(QStringLiteral("/%1/").arg(major)) ? installed : QString();
}

void TestVersions::everyVersion_data()
{
    QTest::addColumn<int>("major");
    for (const int major : {12, 13, 14, 15, 16, 17, 18})
        QTest::addRow("PostgreSQL %d", major) << major;
}

void TestVersions::everyVersion()
{
    QFETCH(int, major);
    ServerFolder folder;
    const QString bin = programs(major, folder);
    if (bin.isEmpty())
        QSKIP(qPrintable(skipped(major)));
    const auto primary = TestServer::primary(folder, QStringLiteral("primary"), {}, bin);
    QVERIFY(primary);
    const auto standby = primary->copiedStandby(QStringLiteral("standby"), QStringLiteral("standby_slot"));
    QVERIFY(standby);
    const auto cascade = standby->copiedStandby(QStringLiteral("cascade"), QStringLiteral("cascade_slot"));
    QVERIFY(cascade);
    QVERIFY(
        !primary->psql(QStringLiteral("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n")).isNull());

    Watch watch(Watch::nodes(primary, standby, cascade));
    SEE(watch, watch.isWell(standby, watch.node(*primary).id, Confidence::Certain), 20000);
    SEE(watch, watch.isWell(cascade, watch.node(*standby).id, Confidence::Certain), 20000);
    SEE(watch, watch.isClear(), 10000);
    QCOMPARE(watch.clusters().size(), 1);
    QCOMPARE(watch.linkTo(standby)->slot, QStringLiteral("standby_slot"));
    QCOMPARE(watch.linkTo(cascade)->slot, QStringLiteral("cascade_slot"));
    QCOMPARE(watch.linkTo(standby)->lagBytes, std::optional<qint64>(0));
    for (const auto *server : {&primary, &standby, &cascade}) {
        QCOMPARE(watch.at(*server)->role, server == &primary ? Role::Primary : Role::Standby);
        QCOMPARE(watch.at(*server)->timeline, std::optional<int>(1));
        QCOMPARE(watch.at(*server)->versionNum / 10000, major);
        queries(**server, major, server != &primary);
        if (QTest::currentTestFailed())
            return;
    }
    primaryFacts(*watch.facts(primary), major);
    standbyFacts(*watch.facts(standby), major, *primary);
    standbyFacts(*watch.facts(cascade), major, *standby);
    if (!QTest::currentTestFailed())
        faults(watch, *primary, standby, cascade);
}

void TestVersions::queries(const TestServer &server, int major, bool standby)
{
    for (const char *user : {"understudy", "plain"}) {
        Endpoint e = Watch::node(server, QString::fromLatin1(user)).endpoint;
        auto session = SqlSession::open(e, LibpqSecrets(), {.readOnly = true});
        QVERIFY2(session, session ? "" : qPrintable(session.error().text()));
        const QString look = lookFileFor(major * 10000);
        for (const QString &name : {QStringLiteral("identity"), look, QStringLiteral("settings"),
                                    QStringLiteral("sizes"), vitalsFileFor(major * 10000)}) {
            const auto rows = (*session)->query(sqlFile(name));
            QVERIFY2(rows, qPrintable(name + (rows ? QString() : rows.error().text())));
            QVERIFY2(!rows->rows.isEmpty(), qPrintable(name));
            if (name == look)
                QCOMPARE(rows->first().toBool(), standby);
        }
    }
}

void TestVersions::primaryFacts(const NodeSnapshot &s, int major)
{
    QVERIFY(s.canMonitor && s.currentLsn && s.serverTimeUs && s.startTimeUs && s.databaseBytes);
    QVERIFY(!s.systemIdentifier.isEmpty() && !s.dataDirectory.isEmpty() && s.listenPort > 0);
    QCOMPARE(s.senders.size(), 1);
    const SenderRow &w = s.senders.first();
    QVERIFY(w.pid > 0 && w.sent && w.written && w.flushed && w.replayed && w.replyTimeUs && w.backendStartUs);
    QCOMPARE(w.user, QStringLiteral("replicator"));
    QCOMPARE(w.applicationName, QStringLiteral("walreceiver"));
    QCOMPARE(w.clientAddress, QStringLiteral("127.0.0.1"));
    QCOMPARE(w.state, QStringLiteral("streaming"));
    QCOMPARE(w.syncState, QStringLiteral("async"));
    QVERIFY(w.clientPort > 0 && !w.logical);
    QCOMPARE(s.slots_.size(), 1);
    const SlotRow &slot = s.slots_.first();
    QVERIFY(slot.active && !slot.logical && !slot.temporary && slot.restartLsn);
    QCOMPARE(slot.activePid, std::optional<int>(w.pid));
    QCOMPARE(slot.walStatus, major >= 13 ? QStringLiteral("reserved") : QString());
    QVERIFY(s.vitals && s.vitals->archived && s.vitals->archiveFailures && s.vitals->frozenXidAge);
    QVERIFY(!s.vitals->frozenXidDatabase.isEmpty());
    for (const char *name : {"max_connections", "max_wal_senders", "max_replication_slots", "wal_level",
                             "wal_segment_size", "wal_keep_size", "wal_sender_timeout", "data_checksums",
                             "wal_log_hints", "archive_mode", "max_worker_processes"})
        QVERIFY2(!s.settings.value(QLatin1String(name)).isEmpty(), name);
    QCOMPARE(s.settings.contains(QStringLiteral("max_slot_wal_keep_size")), major >= 13);
}

void TestVersions::standbyFacts(const NodeSnapshot &s, int major, const TestServer &upstream)
{
    QVERIFY(s.receivedLsn && s.replayedLsn && s.receiver && !s.currentLsn && !s.replayPaused);
    const ReceiverRow &r = *s.receiver;
    QVERIFY(r.pid > 0 && r.flushed && r.timeline && r.lastMessageSentUs && r.lastMessageReceivedUs);
    QVERIFY(r.written); // 12 has one position for both.
    QCOMPARE(r.status, QStringLiteral("streaming"));
    QCOMPARE(r.senderHost, QStringLiteral("127.0.0.1"));
    QCOMPARE(r.senderPort, std::optional<int>(upstream.port()));
    QCOMPARE(r.slotName, s.primarySlotName);
    QVERIFY(s.lastReplayUs);
    QVERIFY(s.vitals && s.vitals->conflicts.contains(QStringLiteral("snapshot")));
    QCOMPARE(s.vitals->conflicts.contains(QStringLiteral("active_logicalslot")), major >= 16);
    QVERIFY(s.primaryConninfo.contains(QStringLiteral("user=replicator")));
    QVERIFY(!s.primaryConninfo.contains(QStringLiteral("password=")));
}

void TestVersions::faults(Watch &watch, TestServer &primary, const std::unique_ptr<TestServer> &standby,
                          const std::unique_ptr<TestServer> &cascade)
{
    QVERIFY(!standby->psql(QStringLiteral("SELECT pg_wal_replay_pause()")).isNull());
    QVERIFY(!primary.psql(QStringLiteral("INSERT INTO t SELECT generate_series(1, 20000)")).isNull());
    SEE(watch,
        watch.isLag(standby, LagState::ReplayPaused) &&
            watch.finding("replay_paused", watch.node(*standby).id),
        5000);
    QVERIFY(!standby->psql(QStringLiteral("SELECT pg_wal_replay_resume()")).isNull());
    SEE(watch, watch.isClear(), 10000);

    cascade->kill9();
    SEE(watch,
        watch.isLag(cascade, LagState::Disconnected) && watch.isState(cascade, NodeState::Down) &&
            watch.finding("standby_disconnected", watch.node(*cascade).id) &&
            watch.linkTo(standby)->state == LinkState::Streaming,
        5000);
    QVERIFY(cascade->start());
    SEE(watch, watch.isClear() && watch.isWell(cascade, watch.node(*standby).id, Confidence::Certain), 10000);
}

void TestVersions::tooOld()
{
    ServerFolder folder;
    const QString bin = TestServer::programsOf(11, folder);
    if (bin.isEmpty())
        QSKIP(qPrintable(skipped(11)));
    const auto server = TestServer::primary(folder, QStringLiteral("old"), {}, bin);
    QVERIFY(server);
    Watch watch(Watch::nodes(server));
    SEE(watch, watch.isState(server, NodeState::Unknown), 5000);
    QVERIFY2(watch.at(server)->reason.contains(QStringLiteral("PostgreSQL 11")) &&
                 watch.at(server)->reason.contains(QStringLiteral("12")),
             qPrintable(watch.at(server)->reason));
    SEE(watch, watch.finding("node_unknown"), 3000);
}

// The newest server that is here, and on the way from it its version is changed to one that nobody knows.
void TestVersions::fromTheFuture()
{
    ServerFolder folder;
    int major = 18;
    QString bin = programs(major, folder);
    while (bin.isEmpty() && --major >= 12)
        bin = programs(major, folder);
    QVERIFY(!bin.isEmpty());
    if (major < 17)
        QSKIP(qPrintable(skipped(18))); // The newest query needs 17.
    const auto server = TestServer::primary(folder, QStringLiteral("future"), {}, bin);
    QVERIFY(server);
    const QString version = server->psql(QStringLiteral("SHOW server_version_num"));
    FakeServer proxy(FakeServer::Manner::PassThrough, server->port());
    proxy.rewrite(version.toLatin1(), "991234");
    const WatchedNode node = Watch::through(*server, proxy.port(), QStringLiteral("future"));
    Watch watch({node});
    SEE(watch, watch.isState(node.id, NodeState::Up), 5000);
    QCOMPARE(watch.at(node.id)->versionNum, 991234);
    QCOMPARE(watch.at(node.id)->role, Role::Primary);
    QVERIFY(watch.at(node.id)->lsn && watch.at(node.id)->timeline);
    SEE(watch, watch.isClear(), 3000);
}

QTEST_GUILESS_MAIN(TestVersions)
#include "tst_versions.moc"
