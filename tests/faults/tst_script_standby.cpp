// SPDX-License-Identifier: GPL-3.0-or-later
#include "ScriptRun.h"
#include "TakenPort.h"

#include <QScopeGuard>
#include <QTest>
#include <sys/mount.h>
#include <unistd.h>

using namespace understudy;
using test::AddStandbyLab;
using test::ScriptRun;
using test::ServerFolder;
using test::TakenPort;
using test::TestServer;

namespace {

// What a person types: the login that makes the slot, then the standby's own.
const QByteArray both = ServerFolder::password(QStringLiteral("postgres")).toUtf8() + '\n' +
                        ServerFolder::password(QStringLiteral("replicator")).toUtf8() + '\n';

} // namespace

/// The script for a machine that cannot be reached, run for real: the standby streams; what is wrong is told
/// before anything is made; whatever goes wrong later, nothing is left.
class TestScriptStandby : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void streamsAndIsThereTheSecondTime();
    void passwordsFromAPassfile();
    void refused_data();
    void refused();
    void diskTooSmall();
    void anEmptyDirectoryIsGivenBack();
    void copyKilled();
    void portTakenMeanwhile();
    void ended_data();
    void ended();
    void killedAndRunAgain();

private:
    Plan plan(const QString &maxRate = {});
    QStringList remains(const Plan &plan) const;
    bool streams() const;

    AddStandbyLab m_lab;
    AddStandbyFacts m_facts;
    AddStandbyRequest m_request;
};

void TestScriptStandby::initTestCase()
{
    QVERIFY(m_lab.start());
    const auto facts = m_lab.facts();
    QVERIFY2(facts, facts ? "" : qPrintable(facts.error().text()));
    const auto unseen = gatherPlace(*facts, QStringLiteral("script:the \"big\" $(box)'s"));
    QVERIFY2(unseen, unseen ? "" : qPrintable(unseen.error().text()));
    m_facts = *unseen;
}

void TestScriptStandby::init()
{
    m_request = {};
    m_request.on = m_facts.target.place;
    m_request.name = QStringLiteral("standby2");
    m_request.upstreamAddress = QStringLiteral("127.0.0.1");
    m_request.port = TestServer::freePort();
    m_request.dataDirectory = m_lab.folder.filePath(QStringLiteral("it's & its (data)"));
}

void TestScriptStandby::cleanup()
{
    m_lab.stopAdded();
    QDir(m_request.dataDirectory).removeRecursively();
    for (const QString &name :
         QDir(m_lab.folder.path()).entryList({QStringLiteral(".*")}, QDir::Files | QDir::Hidden))
        if (name.startsWith(QStringLiteral(".it's")))
            QFile::remove(m_lab.folder.filePath(name));
    m_lab.primary->waitFor(QStringLiteral("SELECT count(*) FROM pg_replication_slots WHERE active"),
                           QStringLiteral("1"));
    m_lab.primary->psql(QStringLiteral("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
                                       "WHERE NOT active"));
}

Plan TestScriptStandby::plan(const QString &maxRate)
{
    m_request.maxRate = maxRate;
    const auto made = planAddStandby(suggest(m_request, m_facts), m_facts);
    if (!made)
        qWarning("%s", qPrintable(made.error().text()));
    return made.value_or(Plan{});
}

QStringList TestScriptStandby::remains(const Plan &plan) const
{
    QStringList left = m_lab.remains(plan);
    const QString record = m_lab.folder.filePath(QStringLiteral(".it's & its (data).understudy"));
    if (QFileInfo::exists(record))
        left << record;
    return left;
}

bool TestScriptStandby::streams() const
{
    return m_lab.primary->waitFor(
        QStringLiteral("SELECT count(*) FROM pg_replication_slots s JOIN pg_stat_replication r ON r.pid = "
                       "s.active_pid WHERE s.slot_name = 'standby2_slot' AND r.state = 'streaming' AND "
                       "r.application_name = 'standby2'"),
        QStringLiteral("1"));
}

void TestScriptStandby::streamsAndIsThereTheSecondTime()
{
    const Plan p = plan();
    ScriptRun first(p);
    QCOMPARE(first.run(both), 0);
    QVERIFY2(streams(), first.said().constData());
    QVERIFY2(!first.said().contains("secret-of"), first.said().constData());
    QVERIFY(!p.toScript().contains(QStringLiteral("secret-of")));
    QFile passfile(m_lab.folder.filePath(QStringLiteral(".it's & its (data).pgpass")));
    QVERIFY(passfile.exists());
    QCOMPARE(passfile.permissions() &
                 (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
             QFile::Permissions());
    QCOMPARE(QFileInfo(passfile).owner(), QFileInfo(m_request.dataDirectory).owner());
    QFile settings(m_request.dataDirectory + QStringLiteral("/postgresql.auto.conf"));
    QVERIFY(settings.open(QIODevice::ReadOnly));
    const QByteArray text = settings.readAll();
    QVERIFY2(!text.contains("from the environment") && !text.contains("secret-of"), text.constData());
    QVERIFY(!QFileInfo::exists(m_lab.folder.filePath(QStringLiteral(".it's & its (data).understudy"))));

    ScriptRun second(p);
    QCOMPARE(second.run(both), 0);
    QVERIFY2(second.said().contains("Nothing to do."), second.said().constData());
    QVERIFY(streams());

    m_lab.stopAdded();
    ScriptRun third(p);
    QCOMPARE(third.run(both), 1);
    QVERIFY2(third.said().contains("holds standby2 already, but it does not stream"),
             third.said().constData());
    QVERIFY(QFileInfo::exists(m_request.dataDirectory + QStringLiteral("/PG_VERSION")));
}

void TestScriptStandby::passwordsFromAPassfile()
{
    ScriptRun run(plan());
    run.setPassfile(m_lab.primary->passfile());
    QCOMPARE(run.run({}), 0);
    QVERIFY2(streams(), run.said().constData());
    QVERIFY2(!run.said().contains("Password"), run.said().constData());
}

void TestScriptStandby::refused_data()
{
    QTest::addColumn<std::function<void(AddStandbyRequest &, Plan &, TakenPort &)>>("make");
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("said");
    using Fault = std::function<void(AddStandbyRequest &, Plan &, TakenPort &)>;
    const QByteArray admin = both.left(both.indexOf('\n') + 1);
    const Fault none = [](AddStandbyRequest &, Plan &, TakenPort &) {};
    QTest::newRow("no password") << none << QByteArray() << QByteArray("No password was given");
    QTest::newRow("wrong login") << none << QByteArray("wrong\n") << QByteArray("login of postgres at");
    QTest::newRow("wrong replication password")
        << none << QByteArray(admin + "wrong\n") << QByteArray("login of replicator for replication");
    QTest::newRow("port taken") << Fault([](AddStandbyRequest &r, Plan &, TakenPort &port) {
        port.take(r.port);
    }) << both << QByteArray("is taken: something listens there");
    QTest::newRow("not empty") << Fault([](AddStandbyRequest &r, Plan &, TakenPort &) {
        QDir().mkpath(r.dataDirectory + QStringLiteral("/theirs"));
    }) << both << QByteArray("is not empty");
    QTest::newRow("inside of a server's data") << Fault([](AddStandbyRequest &r, Plan &p, TakenPort &) {
        const QString inside = QFileInfo(r.dataDirectory).path() + QStringLiteral("/primary/new");
        p.unseen->dataDirectory = inside;
    }) << both << QByteArray("the data of a server");
    QTest::newRow("another cluster") << Fault([](AddStandbyRequest &, Plan &p, TakenPort &) {
        p.unseen->systemIdentifier = QStringLiteral("77");
    }) << both << QByteArray("leads to another cluster");
    QTest::newRow("another version") << Fault([](AddStandbyRequest &, Plan &p, TakenPort &) {
        p.unseen->major = 99;
    }) << both << QByteArray("does not have all programs of PostgreSQL 99");
    QTest::newRow("no certificate") << Fault([](AddStandbyRequest &, Plan &p, TakenPort &) {
        p.unseen->files = {QStringLiteral("/no/such/file.crt")};
    }) << both << QByteArray("/no/such/file.crt is absent");
}

void TestScriptStandby::refused()
{
    using Fault = std::function<void(AddStandbyRequest &, Plan &, TakenPort &)>;
    QFETCH(Fault, make);
    QFETCH(QByteArray, typed);
    QFETCH(QByteArray, said);
    Plan p = plan();
    TakenPort port;
    make(m_request, p, port);
    const bool before = QFileInfo::exists(m_request.dataDirectory);
    ScriptRun run(p);
    QCOMPARE(run.run(typed), 1);
    QVERIFY2(run.said().contains(said), run.said().constData());
    QVERIFY2(!run.said().contains("secret-of"), run.said().constData());
    QStringList left = remains(p);
    if (before)
        left.removeOne(QStringLiteral("directory ") + m_request.dataDirectory); // theirs
    QCOMPARE(left, QStringList());
    QCOMPARE(QFileInfo::exists(m_request.dataDirectory), before);
}

void TestScriptStandby::diskTooSmall()
{
    if (geteuid() != 0)
        QSKIP("SKIPPED: only root can mount a small file system");
    const QString small = m_lab.folder.filePath(QStringLiteral("small"));
    QVERIFY(QDir().mkpath(small));
    const QByteArray path = QFile::encodeName(small);
    if (::mount("tmpfs", path.constData(), "tmpfs", 0, "size=32m,mode=0777") != 0)
        QSKIP("SKIPPED: mount is not allowed here");
    const auto unmount = qScopeGuard([&] { ::umount(path.constData()); });
    m_request.dataDirectory = small + QStringLiteral("/data");
    const Plan p = plan();
    ScriptRun run(p);
    QCOMPARE(run.run(both), 1);
    QVERIFY2(run.said().contains("the disk would be full before the copy is complete"),
             run.said().constData());
    QCOMPARE(remains(p), QStringList());
}

void TestScriptStandby::anEmptyDirectoryIsGivenBack()
{
    QVERIFY(QDir().mkdir(m_request.dataDirectory));
    QVERIFY(QFile::setPermissions(m_request.dataDirectory, QFile::Permissions(0x7755)));
    const auto mode = QFileInfo(m_request.dataDirectory).permissions();
    const QString owner = QFileInfo(m_request.dataDirectory).owner();
    const Plan p = plan();
    // Taken by another only after the script was made.
    m_lab.primary->psql(QStringLiteral("SELECT pg_create_physical_replication_slot('standby2_slot')"));
    ScriptRun run(p);
    QCOMPARE(run.run(both), 1);
    QVERIFY2(run.said().contains("if one already exists, it is not touched"), run.said().constData());
    QCOMPARE(QFileInfo(m_request.dataDirectory).permissions(), mode);
    QCOMPARE(QFileInfo(m_request.dataDirectory).owner(), owner);
    QVERIFY(QDir(m_request.dataDirectory).isEmpty());
    // The slot is theirs, and stays.
    QCOMPARE(remains(p), (QStringList{QStringLiteral("directory ") + m_request.dataDirectory,
                                      QStringLiteral("slot standby2_slot")}));
}

void TestScriptStandby::copyKilled()
{
    const Plan p = plan(QStringLiteral("64k"));
    ScriptRun run(p);
    run.start(both);
    QVERIFY2(run.waitForWords("starting background WAL receiver"), run.said().constData());
    const QStringList copies = AddStandbyLab::processesOf(m_request.dataDirectory);
    QVERIFY(!copies.isEmpty());
    for (const QString &copy : copies)
        ::kill(copy.section(u' ', 0, 0).toInt(), SIGKILL);
    QCOMPARE(run.end(), 1);
    QVERIFY2(run.said().contains("Nothing was left behind."), run.said().constData());
    QCOMPARE(remains(p), QStringList());
}

void TestScriptStandby::portTakenMeanwhile()
{
    const Plan p = plan(QStringLiteral("8M"));
    TakenPort other;
    ScriptRun run(p);
    run.start(both);
    QVERIFY2(run.waitForWords("starting background WAL receiver"), run.said().constData());
    QVERIFY(other.take(m_request.port));
    QCOMPARE(run.end(), 1);
    // The server says itself why it did not start.
    QVERIFY2(run.said().contains("Address already in use"), run.said().constData());
    QVERIFY2(run.said().contains("Nothing was left behind."), run.said().constData());
    QCOMPARE(remains(p), QStringList());
}

void TestScriptStandby::ended_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<int>("code");
    QTest::newRow("TERM") << SIGTERM << 143;
    QTest::newRow("HUP") << SIGHUP << 129;
}

void TestScriptStandby::ended()
{
    QFETCH(int, number);
    const Plan p = plan(QStringLiteral("64k"));
    ScriptRun run(p);
    run.start(both);
    QVERIFY2(run.waitForWords("starting background WAL receiver"), run.said().constData());
    run.signal(number);
    // At once, not when the copy of minutes is done.
    QTEST(run.end(), "code");
    QCOMPARE(remains(p), QStringList());
}

void TestScriptStandby::killedAndRunAgain()
{
    const Plan slow = plan(QStringLiteral("64k"));
    {
        ScriptRun run(slow);
        run.start(both);
        QVERIFY2(run.waitForWords("starting background WAL receiver"), run.said().constData());
        run.kill();
    }
    QVERIFY(remains(slow).size() >= 4); // directory, passfile, slot, record, the copy
    ScriptRun again(plan());
    QCOMPARE(again.run(both), 0);
    QVERIFY2(again.said().contains("An earlier run was killed"), again.said().constData());
    QVERIFY2(streams(), again.said().constData());
}

QTEST_GUILESS_MAIN(TestScriptStandby)
#include "tst_script_standby.moc"
