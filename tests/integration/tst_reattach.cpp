// SPDX-License-Identifier: GPL-3.0-or-later
#include "Watch.h"
#include "model/NodeQueries.h"
#include "operations/Placeholders.h"
#include "operations/Reattach.h"

#include <QDeadlineTimer>
#include <QFileInfo>
#include <QScopeGuard>
#include <unistd.h>

using namespace understudy;
using test::ServerFolder;
using test::TestServer;
using test::Watch;

namespace {

/// A person with a list of steps in one hand and psql in the other: runs exactly what is shown.
class ByHand
{
public:
    explicit ByHand(QMap<QString, TestServer *> servers, QString programs = {})
        : m_servers(std::move(servers)), m_programs(std::move(programs)),
          m_values({},
                   {{QStringLiteral("replication"), ServerFolder::password(QStringLiteral("replicator"))}})
    {
    }

    /// The first action that did not do what it should; empty if all did.
    QString run(const QList<Action> &actions)
    {
        for (const Action &action : actions) {
            if (!std::visit([this](const auto &a) { return act(a); }, action))
                return shownCommand(action) + QStringLiteral(" said: ") + m_said;
        }
        return {};
    }
    QString run(const Plan &plan, const QString &upTo = {})
    {
        for (const Step &step : plan.steps) {
            if (step.id == upTo)
                return {};
            if (const QString wrong = run(step.actions); !wrong.isEmpty())
                return step.title + QStringLiteral(": ") + wrong;
        }
        return {};
    }

private:
    bool act(const SqlAction &a)
    {
        const auto sql = m_values.inSql(a.sql);
        if (!sql || !m_servers.contains(a.node))
            return false;
        m_said = m_servers.value(a.node)->psql(*sql);
        if (!a.storeAs.isEmpty())
            m_values.store(a.storeAs, m_said);
        return !m_said.isNull();
    }
    bool act(const WaitAction &a)
    {
        const auto sql = m_values.inSql(a.sql);
        const QDeadlineTimer deadline(a.deadlineMs);
        do {
            m_said = sql && m_servers.contains(a.node) ? m_servers.value(a.node)->psql(*sql) : QString();
        } while (m_said.section(u'|', 0, 0) != QLatin1String("t") && !deadline.hasExpired());
        if (!a.storeAs.isEmpty())
            m_values.store(a.storeAs, m_said.section(u'|', 1, 1));
        return m_said.section(u'|', 0, 0) == QLatin1String("t");
    }
    bool act(const FileAction &a)
    {
        const auto text = m_values.inFile(a.content);
        QFile file(a.path);
        if (!text || !file.open(a.append ? QIODevice::Append : QIODevice::WriteOnly) ||
            file.write(text->toUtf8()) <= 0)
            return false;
        file.close();
        // As the server's user would have made it.
        const QFileInfo folder(QFileInfo(a.path).path());
        return a.append || (::chown(qPrintable(a.path), folder.ownerId(), folder.groupId()) == 0 &&
                            file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    }
    bool act(const CommandAction &a)
    {
        QStringList argv = a.command.argv;
        argv[0] = m_programs + u'/' + argv[0];
        // Its server outlives it and would hold on to our end of a pipe.
        const QStringList shell{QStringLiteral("sh"), QStringLiteral("-c"),
                                QStringLiteral("\"$@\" >/dev/null 2>&1 </dev/null"), QStringLiteral("sh")};
        return TestServer::runAsServerUser(shell + argv) == 0;
    }
    bool act(const EditAction &) { return false; }

    QMap<QString, TestServer *> m_servers;
    QString m_programs;
    Placeholders m_values;
    QString m_said;
};

ReattachScene sceneOf(const Watch &watch, const QList<const TestServer *> &servers)
{
    QList<NodeSnapshot> snapshots;
    for (const TestServer *server : servers) {
        if (const NodeSnapshot *seen = watch.monitor.snapshot(Watch::node(*server).id))
            snapshots << *seen;
    }
    return ReattachScene::of(watch.monitor.topology(), snapshots);
}

/// A primary with two standbys, watched.
struct Three
{
    ServerFolder folder;
    std::unique_ptr<TestServer> primary, standby1, standby2;
    std::unique_ptr<Watch> watch;
    QString programs;

    bool start(int major)
    {
        programs = major > 0 ? TestServer::programsOf(major, folder) : QString();
        primary = TestServer::primary(folder, QStringLiteral("primary"), {}, programs);
        if (!primary)
            return false;
        const auto standby = [this, major](const char *name) {
            const QString slot = QLatin1String(name) + QStringLiteral("_slot");
            return major > 0 ? primary->copiedStandby(QLatin1String(name), slot)
                             : primary->standby(QLatin1String(name), slot);
        };
        standby1 = standby("standby1");
        standby2 = standby1 ? standby("standby2") : nullptr;
        if (!standby2 || primary->psql(QStringLiteral("CREATE TABLE t (n int)")).isNull())
            return false;
        watch = std::make_unique<Watch>(Watch::nodes(primary, standby1, standby2));
        return true;
    }
    ReattachScene scene() const { return sceneOf(*watch, {primary.get(), standby1.get(), standby2.get()}); }
    QMap<QString, TestServer *> byName() const
    {
        return {{primary->name(), primary.get()},
                {standby1->name(), standby1.get()},
                {standby2->name(), standby2.get()}};
    }
    static NodeId id(const std::unique_ptr<TestServer> &server) { return Watch::node(*server).id; }
    Result<Plan> plan(const std::unique_ptr<TestServer> &from, const std::unique_ptr<TestServer> &to,
                      int port = 0) const
    {
        return planReattach({id(from), id(to), QStringLiteral("lab"), {}, {}, port}, scene());
    }
    bool write(int n) const
    {
        return !primary->psql(QStringLiteral("INSERT INTO t VALUES (%1)").arg(n)).isNull();
    }
    static bool has(const TestServer &server, int n)
    {
        return server.waitFor(QStringLiteral("SELECT count(*) FROM t WHERE n = %1").arg(n),
                              QStringLiteral("1"));
    }
};

const QString slotNames =
    QStringLiteral("SELECT string_agg(slot_name || ' ' || active, ',' ORDER BY slot_name) FROM "
                   "pg_replication_slots");

} // namespace

/// What is said of a re-attach, on real servers: the steps as they are shown do it, and what PostgreSQL is
/// said to do it does.
class TestReattach : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyVersion_data();
    void everyVersion();
    void wrongAddressIsUndone();
    void pausedTargetPassesWalOn();
    void aheadOfItsUpstreamIsRefused();
    void passwordInTheSettingIsNotTold();
    void loopIsNotRefused();
    void followsAPromotion();

private:
    static void factsShowThemselves(const Three &c);
};

void TestReattach::everyVersion_data()
{
    QTest::addColumn<int>("major");
    for (int major = 12; major <= 18; ++major)
        QTest::addRow("%d", major) << major;
}

void TestReattach::everyVersion()
{
    QFETCH(int, major);
    Three c;
    if (TestServer::programsOf(major, c.folder).isEmpty())
        QSKIP(
            qPrintable(QStringLiteral("PostgreSQL %1 is not here: tests/support/old-servers.sh").arg(major)));
    QVERIFY(c.start(major));
    SEE(*c.watch, c.watch->isWell(c.standby1, c.id(c.primary), Confidence::Certain), 20000);
    SEE(*c.watch, c.watch->isWell(c.standby2, c.id(c.primary), Confidence::Certain), 20000);
    const auto advice = reattachAdvice(c.scene(), c.id(c.standby2), c.id(c.standby1));
    QCOMPARE(advice.reason, major < 13 ? QStringLiteral("needs a restart of standby2") : QString());
    factsShowThemselves(c);

    // 12 is restarted for good: what pg_ctl started has to be ended by it.
    const QString programs = c.programs.isEmpty() ? TestServer::binDir() : c.programs;
    const auto end = qScopeGuard([&] {
        if (major < 13)
            TestServer::runAsServerUser({programs + QStringLiteral("/pg_ctl"), QStringLiteral("stop"),
                                         QStringLiteral("-D"), c.standby2->dataDir(), QStringLiteral("-m"),
                                         QStringLiteral("immediate")});
    });

    // Below its sibling, and back.
    const auto down = c.plan(c.standby2, c.standby1);
    QVERIFY2(down, down ? "" : qPrintable(down.error().text()));
    QCOMPARE(ByHand(c.byName(), programs).run(*down), QString());
    QCOMPARE(c.primary->psql(slotNames), QStringLiteral("standby1_slot true"));
    QCOMPARE(c.standby1->psql(slotNames), QStringLiteral("standby2_slot true"));
    QVERIFY(c.write(1));
    QVERIFY(Three::has(*c.standby2, 1));
    SEE(*c.watch, c.watch->isWell(c.standby2, c.id(c.standby1), Confidence::Certain), 20000);
    if (major < 13)
        return;
    const QString started = QStringLiteral("SELECT pg_postmaster_start_time()");
    const QString since = c.standby2->psql(started);
    SEE(*c.watch, reattachAdvice(c.scene(), c.id(c.standby2), c.id(c.primary)).verdict == DropVerdict::Safe,
        5000);
    const auto back = c.plan(c.standby2, c.primary);
    QVERIFY2(back, back ? "" : qPrintable(back.error().text()));
    QCOMPARE(ByHand(c.byName()).run(*back), QString());
    QCOMPARE(c.primary->psql(slotNames), QStringLiteral("standby1_slot true,standby2_slot true"));
    QCOMPARE(c.standby1->psql(slotNames), QString::fromLatin1(""));
    QVERIFY(c.write(2));
    QVERIFY(Three::has(*c.standby2, 2));
    QCOMPARE(c.standby2->psql(started), since); // Nobody restarted it.
}

// The statements that go with a node's facts run on its version, on it and on its upstream.
void TestReattach::factsShowThemselves(const Three &c)
{
    for (const auto *server : {&c.primary, &c.standby1}) {
        const QStringList parts = factsAsSql(c.watch->monitor.topology(), Three::id(*server))
                                      .split(QStringLiteral("\n\n"), Qt::SkipEmptyParts);
        QCOMPARE(parts.size(), server == &c.primary ? 1 : 2);
        QVERIFY2(!(*server)->psql(parts.first()).isNull(), qPrintable(parts.first()));
        if (parts.size() > 1)
            QVERIFY2(c.primary->psql(parts.last()).contains(QStringLiteral("standby1_slot")),
                     qPrintable(parts.last()));
        const auto &settings = c.watch->facts(*server)->settings;
        for (const char *name : {"max_standby_streaming_delay", "max_wal_size", "hot_standby_feedback"})
            QVERIFY2(settings.contains(QLatin1String(name)), name);
    }
    QVERIFY(c.watch->facts(c.standby1)->conninfoSetting.contains(QStringLiteral("passfile=")));
    QVERIFY(!c.watch->facts(c.standby1)->conninfoHasPassword);
}

void TestReattach::passwordInTheSettingIsNotTold()
{
    Three c;
    QVERIFY(c.start(0));
    QVERIFY(
        c.standby2->configure({QStringLiteral("primary_conninfo = 'host=127.0.0.1 port=%1 user=replicator "
                                              "password=%2'")
                                   .arg(c.primary->port())
                                   .arg(ServerFolder::password(QStringLiteral("replicator")))}));
    QVERIFY(c.standby2->reload());
    SEE(*c.watch, c.watch->facts(c.standby2) && c.watch->facts(c.standby2)->conninfoHasPassword, 20000);
    QVERIFY(!c.watch->facts(c.standby2)->conninfoSetting.contains(QStringLiteral("password")));
    SEE(*c.watch, c.watch->isWell(c.standby2, c.id(c.primary), Confidence::Certain), 20000);
    SEE(*c.watch, c.watch->isWell(c.standby1, c.id(c.primary), Confidence::Certain), 20000);
    // The steps put it into a file of its own, typed by a person, and the link works from there.
    const auto plan = c.plan(c.standby2, c.standby1);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    QCOMPARE(plan->steps.at(1).id, QStringLiteral("login"));
    QCOMPARE(ByHand(c.byName()).run(*plan), QString());
    QVERIFY(c.write(1));
    QVERIFY(Three::has(*c.standby2, 1));
    SEE(*c.watch, !c.watch->facts(c.standby2)->conninfoHasPassword, 10000);
}

void TestReattach::wrongAddressIsUndone()
{
    Three c;
    QVERIFY(c.start(0));
    SEE(*c.watch, c.watch->isWell(c.standby2, c.id(c.primary), Confidence::Certain), 20000);
    SEE(*c.watch, c.watch->isWell(c.standby1, c.id(c.primary), Confidence::Certain), 20000);
    const auto plan = c.plan(c.standby2, c.standby1, TestServer::freePort());
    QVERIFY(plan);
    ByHand hand(c.byName());
    QCOMPARE(hand.run(*plan, QStringLiteral("stream")), QString());
    QVERIFY(c.primary->waitFor(slotNames, QStringLiteral("standby1_slot true,standby2_slot false")));
    // Backwards, as far as it came.
    for (int i = int(plan->steps.size()) - 1; i >= 0; --i) {
        const Step &step = plan->steps.at(i);
        if (step.id != QLatin1String("drop") && step.id != QLatin1String("stream"))
            QCOMPARE(hand.run(step.undo), QString());
    }
    QVERIFY(c.primary->waitFor(slotNames, QStringLiteral("standby1_slot true,standby2_slot true")));
    QCOMPARE(c.standby1->psql(slotNames), QString::fromLatin1(""));
    QVERIFY(c.write(1));
    QVERIFY(Three::has(*c.standby2, 1));
}

void TestReattach::pausedTargetPassesWalOn()
{
    Three c;
    QVERIFY(c.start(0));
    QVERIFY(c.standby1->waitFor(QStringLiteral("SELECT count(*) FROM t"), QStringLiteral("0")));
    QVERIFY(!c.standby1->psql(QStringLiteral("SELECT pg_wal_replay_pause()")).isNull());
    SEE(*c.watch, c.watch->at(c.standby1) && c.watch->at(c.standby1)->replayPaused, 20000);
    SEE(*c.watch, c.watch->isWell(c.standby2, c.id(c.primary), Confidence::Certain), 20000);
    QCOMPARE(reattachAdvice(c.scene(), c.id(c.standby2), c.id(c.standby1)).reason,
             QStringLiteral("its replay is paused"));
    const auto plan = c.plan(c.standby2, c.standby1);
    QVERIFY(plan);
    QCOMPARE(ByHand(c.byName()).run(*plan), QString());
    QVERIFY(c.write(1));
    QVERIFY(Three::has(*c.standby2, 1));
    QCOMPARE(c.standby1->psql(QStringLiteral("SELECT count(*) FROM t")), QStringLiteral("0"));
}

void TestReattach::aheadOfItsUpstreamIsRefused()
{
    Three c;
    QVERIFY(c.start(0));
    SEE(*c.watch, c.watch->isWell(c.standby1, c.id(c.primary), Confidence::Certain), 20000);
    SEE(*c.watch, c.watch->isWell(c.standby2, c.id(c.primary), Confidence::Certain), 20000);
    QVERIFY(c.standby1->followPort(TestServer::freePort()));
    QVERIFY(c.primary->waitFor(slotNames, QStringLiteral("standby1_slot false,standby2_slot true")));
    for (int i = 1; i <= 3; ++i)
        QVERIFY(c.write(i) && !c.primary->psql(QStringLiteral("SELECT pg_switch_wal()")).isNull());
    QVERIFY(Three::has(*c.standby2, 3));
    const auto unfed = [&c] {
        for (const ReattachReason &reason : reattachReasons(c.scene(), c.id(c.standby2), c.id(c.standby1))) {
            if (reason.id == QLatin1String("ahead_unfed"))
                return reason.verdict == DropVerdict::Impossible;
        }
        return false;
    };
    SEE(*c.watch, unfed(), 10000);
    const auto plan = c.plan(c.standby2, c.standby1);
    QVERIFY(plan);
    // The first step notices it too, before anything is changed. (Here nobody waits for a minute.)
    QList<Action> check = plan->steps.first().actions;
    std::get<WaitAction>(check.last()).deadlineMs = 500;
    ByHand hand(c.byName());
    QVERIFY(hand.run(check).contains(QStringLiteral("standby1 has everything that standby2 has")));
    QCOMPARE(c.standby1->psql(slotNames), QString::fromLatin1(""));
    // Who goes on all the same is told by PostgreSQL.
    for (const Step &step : plan->steps) {
        if (step.id == QLatin1String("slot") || step.id == QLatin1String("point"))
            QCOMPARE(hand.run(step.actions), QString());
    }
    QTRY_VERIFY2_WITH_TIMEOUT(c.standby2->log().contains(QStringLiteral("ahead of the WAL flush position")),
                              qPrintable(c.standby2->log()), 15000);
}

// What is called impossible here, PostgreSQL does without a word.
void TestReattach::loopIsNotRefused()
{
    Three c;
    QVERIFY(c.start(0));
    SEE(*c.watch, c.watch->isWell(c.standby1, c.id(c.primary), Confidence::Certain), 20000);
    SEE(*c.watch, c.watch->isWell(c.standby2, c.id(c.primary), Confidence::Certain), 20000);
    const auto down = c.plan(c.standby2, c.standby1);
    QVERIFY(down);
    QCOMPARE(ByHand(c.byName()).run(*down), QString());
    SEE(*c.watch, c.watch->isWell(c.standby2, c.id(c.standby1), Confidence::Certain), 20000);
    const auto reasons = reattachReasons(c.scene(), c.id(c.standby1), c.id(c.standby2));
    QCOMPARE(reasons.first().id, QStringLiteral("loop"));
    const auto loop = c.plan(c.standby1, c.standby2);
    QVERIFY(loop);
    QCOMPARE(ByHand(c.byName()).run(*loop, QStringLiteral("drop")), QString());
    QVERIFY(c.primary->waitFor(slotNames, QStringLiteral("standby1_slot false")));
    for (const auto *server : {&c.standby1, &c.standby2})
        QCOMPARE((*server)->psql(QStringLiteral("SELECT status FROM pg_stat_wal_receiver")),
                 QStringLiteral("streaming"));
}

// The night on which it is needed: the primary is gone, one standby was promoted, the other must follow it.
void TestReattach::followsAPromotion()
{
    Three c;
    QVERIFY(c.start(0));
    SEE(*c.watch, c.watch->isWell(c.standby1, c.id(c.primary), Confidence::Certain), 20000);
    SEE(*c.watch, c.watch->isWell(c.standby2, c.id(c.primary), Confidence::Certain), 20000);
    QVERIFY(c.write(1));
    QVERIFY(Three::has(*c.standby1, 1) && Three::has(*c.standby2, 1));
    QVERIFY(c.primary->stop());
    QCOMPARE(c.standby1->psql(QStringLiteral("SELECT pg_promote()")), QStringLiteral("t"));
    SEE(*c.watch,
        c.watch->at(c.standby1)->role == Role::Primary && c.watch->at(c.standby1)->timeline == 2 &&
            c.watch->isState(c.primary, NodeState::Down),
        20000);
    const auto advice = reattachAdvice(c.scene(), c.id(c.standby2), c.id(c.standby1));
    QCOMPARE(advice.reason, QStringLiteral("on the newer timeline 2"));
    const auto plan = c.plan(c.standby2, c.standby1);
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
    QVERIFY(plan->steps.last().id != QLatin1String("drop")); // The old slot is where nobody can reach it.
    QCOMPARE(ByHand(c.byName()).run(*plan), QString());
    QVERIFY(!c.standby1->psql(QStringLiteral("INSERT INTO t VALUES (2)")).isNull());
    QVERIFY(Three::has(*c.standby2, 2));
    QCOMPARE(c.standby2->psql(QStringLiteral("SELECT received_tli FROM pg_stat_wal_receiver")),
             QStringLiteral("2"));
}

QTEST_GUILESS_MAIN(TestReattach)
#include "tst_reattach.moc"
