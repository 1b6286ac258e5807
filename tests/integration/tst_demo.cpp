// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/DemoCluster.h"
#include "demo/DemoGuard.h"
#include "hosts/Host.h"
#include "hosts/PostmasterPid.h"
#include "monitor/SqlSession.h"

#include <QCoreApplication>
#include <QProcess>
#include <QtTest>

#include <csignal>
#include <cstdio>
#include <sys/stat.h>

using namespace understudy;

namespace {

/// Servers and guards of a demo in this folder that are still in the process table.
int processesIn(const QString &folder)
{
    int count = 0;
    for (const QString &pid : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile file(QStringLiteral("/proc/%1/cmdline").arg(pid));
        if (pid.toLongLong() > 0 && file.open(QIODevice::ReadOnly) &&
            file.readAll().contains(folder.toUtf8()))
            ++count;
    }
    return count;
}

QVariant ask(const Endpoint &endpoint, const QString &sql)
{
    auto session = SqlSession::open(endpoint, LibpqSecrets(), {});
    if (!session) {
        qWarning("%s", qPrintable(session.error().text()));
        return {};
    }
    auto rows = (*session)->query(sql);
    if (!rows)
        qWarning("%s", qPrintable(rows.error().text()));
    return rows ? rows->first() : QVariant();
}

/// Passwords out of the passfile.
QList<QByteArray> passwordsIn(const QString &passfile)
{
    QFile file(passfile);
    QList<QByteArray> out;
    if (file.open(QIODevice::ReadOnly)) {
        for (const QByteArray &line : file.readAll().trimmed().split('\n'))
            out << line.split(':').last();
    }
    return out;
}

qint64 pidOf(const QString &directory)
{
    const auto server = serverIn(directory);
    return server ? server->pid.pid : 0;
}

} // namespace

class TestDemo : public QObject
{
    Q_OBJECT
    QTemporaryDir m_state;
    QTemporaryDir m_temporary; ///< Folders of these demos, apart from those of others.

    /// This program again, as an owner in a process of its own. Returns once its demo runs.
    bool startOwner(QProcess &process, const QString &mode)
    {
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(QCoreApplication::applicationFilePath(), {mode});
        while (process.waitForReadyRead(60000)) {
            if (process.readAllStandardOutput().contains("runs"))
                return true;
        }
        return false;
    }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("XDG_STATE_HOME", QFile::encodeName(m_state.path()));
        if (!localHost()->binDirectory(0))
            QSKIP("PostgreSQL is not installed");
        // The servers' own user must get through.
        QCOMPARE(::chmod(QFile::encodeName(m_temporary.path()).constData(), 0711), 0);
        qputenv("TMPDIR", QFile::encodeName(m_temporary.path()));
    }

    void cleanup() { QVERIFY(DemoCluster::stop()); }

    void cleanupTestCase()
    {
        QCOMPARE(QDir(m_temporary.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList());
        QCOMPARE(processesIn(m_temporary.path()), 0);
        // Only the lock stays: a lock that is removed can be held twice.
        QStringList left = QDir(m_state.filePath(QStringLiteral("understudy"))).entryList(QDir::Files);
        left.removeAll(QStringLiteral("demo.lock"));
        QCOMPARE(left, QStringList());
    }

    void nothingRunsAtFirst()
    {
        QVERIFY(!DemoCluster::status().running);
        QVERIFY(DemoCluster::stop());
        const auto attached = DemoCluster::attach();
        QVERIFY(!attached);
        QVERIFY(attached.error().text().contains(QStringLiteral("understudy demo start")));
        const auto resolved = resolveCluster(QStringLiteral("demo"));
        QVERIFY(!resolved);
        QVERIFY(resolved.error().text().contains(QStringLiteral("understudy demo start")));
    }

    void startsAClusterThatReplicates()
    {
        QElapsedTimer clock;
        clock.start();
        QStringList said;
        auto demo = DemoCluster::start(false, [&](const QString &what) {
            qInfo("%5.2f s  %s", double(clock.elapsed()) / 1000, qPrintable(what));
            said << what;
        });
        QVERIFY2(demo, demo ? "" : qPrintable(demo.error().text()));
        const double took = double(clock.elapsed()) / 1000;
        qInfo("start took %.2f s", took);
        QVERIFY(took < 30);
        QVERIFY(said.size() >= 4);

        const ClusterSpec spec = (*demo)->spec();
        QVERIFY(spec.isDemo);
        QCOMPARE(spec.title, QStringLiteral("demo"));
        QCOMPARE(spec.replicationUser, QStringLiteral("replicator"));
        QCOMPARE(spec.nodes.size(), 2);
        QCOMPARE(spec.nodes.at(0).name, QStringLiteral("primary"));
        QCOMPARE(spec.nodes.at(1).name, QStringLiteral("standby1"));
        const Endpoint primary = spec.nodes.at(0).endpoint, standby = spec.nodes.at(1).endpoint;
        const QString count = QStringLiteral("SELECT count(*) FROM public.orders");
        QCOMPARE(ask(primary, count).toInt(), 50004);
        QTRY_COMPARE_WITH_TIMEOUT(ask(standby, count).toInt(), 50004, 5000);

        // Streams through its slot, under the name that real standbys have.
        QTRY_COMPARE_WITH_TIMEOUT(
            ask(primary,
                QStringLiteral("SELECT r.application_name || ' ' || r.state || ' ' || s.slot_name FROM"
                               " pg_stat_replication r JOIN pg_replication_slots s ON s.active_pid = r.pid"))
                .toString(),
            QStringLiteral("walreceiver streaming standby_slot"), 5000);

        // The write load is alive, bounded and can be paused.
        const QString events = QStringLiteral("SELECT coalesce(max(id), 0) FROM load.events");
        QTRY_VERIFY_WITH_TIMEOUT(ask(primary, events).toLongLong() > 20, 10000);
        (*demo)->setLoadPaused(true);
        QVERIFY((*demo)->loadPaused());
        // Quiet for longer than two of its ticks.
        qlonglong after = -1;
        QElapsedTimer quiet;
        const auto isQuiet = [&] {
            const qlonglong now = ask(primary, events).toLongLong();
            if (now != after || !quiet.isValid())
                quiet.start();
            after = now;
            return quiet.elapsed() > 1500;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isQuiet(), 10000);
        (*demo)->setLoadPaused(false);
        QTRY_VERIFY_WITH_TIMEOUT(ask(primary, events).toLongLong() > after, 5000);

        const DemoStatus status = DemoCluster::status();
        QVERIFY(status.running);
        QCOMPARE(status.nodes.size(), 2);
        QCOMPARE(status.nodes.at(0).role, QStringLiteral("primary"));
        QCOMPARE(status.nodes.at(1).role, QStringLiteral("standby"));
        QCOMPARE(status.nodes.at(0).port, primary.port);
        QCOMPARE(status.nodes.at(1).port, standby.port);

        rightsAreWhatTheWizardNeeds(primary);
        secretsAreInThePassfileOnly(spec, status);
        bindsOnProof(spec);
        if (QTest::currentTestFailed())
            return;

        // A second one is refused, in words.
        const auto second = DemoCluster::start(false);
        QVERIFY(!second);
        QVERIFY(second.error().text().contains(QStringLiteral("understudy demo stop")));
        QVERIFY(!DemoCluster::attach());

        // A killed standby is "stopped", and a plain pg_ctl start brings it back on its port.
        const QString directory = status.nodes.at(1).dataDirectory;
        const qint64 standbyPid = pidOf(directory);
        ::kill(pid_t(standbyPid), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(DemoCluster::status().nodes.at(1).role, QStringLiteral("stopped"), 5000);
        QCOMPARE(DemoCluster::status().nodes.at(1).port, standby.port);
        // A start is refused while the killed process is still in the table: in a container, until the first
        // process there has reaped it.
        QTRY_VERIFY_WITH_TIMEOUT(!QFileInfo::exists(QStringLiteral("/proc/%1").arg(standbyPid)), 60000);
        Command again;
        again.argv = {*localHost()->binDirectory(0) + QStringLiteral("/pg_ctl"),
                      QStringLiteral("start"),
                      QStringLiteral("-w"),
                      QStringLiteral("-D"),
                      directory,
                      QStringLiteral("-l"),
                      directory + QStringLiteral(".log")};
        again.runAs = QFileInfo(directory).owner();
        const auto restarted = localHost()->run(again);
        QVERIFY(restarted);
        QVERIFY2(restarted->ok(), qPrintable(restarted->output + restarted->errorOutput));
        QTRY_COMPARE_WITH_TIMEOUT(DemoCluster::status().nodes.at(1).role, QStringLiteral("standby"), 5000);
        QCOMPARE(DemoCluster::status().nodes.at(1).port, standby.port);

        const QString folder = spec.demoFolder;
        demo->reset();
        QVERIFY(!QFileInfo::exists(folder));
        QCOMPARE(processesIn(folder), 0);
        QVERIFY(!DemoCluster::status().running);
        QVERIFY(!QFileInfo::exists(demoClusterFile()));
    }

    void goesWithAKilledOwner()
    {
        QProcess owner;
        QVERIFY(startOwner(owner, QStringLiteral("own")));
        const DemoStatus status = DemoCluster::status();
        QVERIFY(status.running);
        const QString folder = QFileInfo(status.passfile).path();
        // A frozen server hinders nobody.
        ::kill(pid_t(pidOf(status.nodes.at(1).dataDirectory)), SIGSTOP);
        owner.kill();
        QVERIFY(owner.waitForFinished());
        QTRY_VERIFY_WITH_TIMEOUT(!QFileInfo::exists(folder), 10000);
        QTRY_COMPARE_WITH_TIMEOUT(processesIn(folder), 0, 2000);
        QVERIFY(!DemoCluster::status().running);
    }

    void startClearsAwayWhatAKilledGuardLeft()
    {
        QProcess owner;
        QVERIFY(startOwner(owner, QStringLiteral("own")));
        const QString folder = QFileInfo(DemoCluster::status().passfile).path();
        QFile record(m_state.filePath(QStringLiteral("understudy/demo-run.json")));
        QVERIFY(record.open(QIODevice::ReadOnly));
        const qint64 guard =
            QJsonDocument::fromJson(record.readAll()).object().value(QStringLiteral("guard_pid")).toInteger();
        QVERIFY(guard > 1);
        ::kill(pid_t(guard), SIGKILL);
        owner.kill();
        QVERIFY(owner.waitForFinished());
        QVERIFY(QFileInfo::exists(folder));
        QVERIFY(DemoCluster::status().running);

        auto demo = DemoCluster::start(false);
        QVERIFY2(demo, demo ? "" : qPrintable(demo.error().text()));
        QVERIFY(!QFileInfo::exists(folder));
        QCOMPARE(processesIn(folder), 0);
        QVERIFY((*demo)->spec().demoFolder != folder);
    }

    void aKeptOneOutlivesItsOwnerAndCanBeJoined()
    {
        QProcess owner;
        QVERIFY(startOwner(owner, QStringLiteral("keep")));
        QVERIFY(owner.waitForFinished());
        QCOMPARE(owner.exitCode(), 0);
        const DemoStatus status = DemoCluster::status();
        QVERIFY(status.running);
        const QString folder = QFileInfo(status.passfile).path();
        QVERIFY(!DemoCluster::start(false));
        {
            auto joined = DemoCluster::attach();
            QVERIFY(joined);
            (*joined)->setLoadPaused(true);
            QTRY_VERIFY(QFileInfo::exists(folder + QStringLiteral("/load.paused")));
        }
        QVERIFY(DemoCluster::status().running);
        const auto spec = resolveCluster(QStringLiteral("demo"));
        QVERIFY2(spec, spec ? "" : qPrintable(spec.error().text()));
        QVERIFY(spec->isDemo);
        QCOMPARE(spec->nodes.size(), 2);
        QVERIFY(DemoCluster::stop());
        QVERIFY(!QFileInfo::exists(folder));
        QTRY_COMPARE_WITH_TIMEOUT(processesIn(folder), 0, 2000);
        QVERIFY(DemoCluster::stop());
    }

    void neverRemovesAFolderThatIsNotOurs()
    {
        QTemporaryDir precious;
        QVERIFY(QDir(m_state.path()).mkpath(QStringLiteral("understudy")));
        QFile record(m_state.filePath(QStringLiteral("understudy/demo-run.json")));
        QVERIFY(record.open(QIODevice::WriteOnly));
        record.write(QJsonDocument(QJsonObject{{QStringLiteral("folder"), precious.path()}}).toJson());
        record.close();
        QVERIFY(!DemoCluster::stop());
        QVERIFY(!DemoCluster::start(false));
        QVERIFY(QFileInfo::exists(precious.path()));
        record.remove();
    }

private:
    void rightsAreWhatTheWizardNeeds(const Endpoint &primary)
    {
        QCOMPARE(ask(primary, QStringLiteral("SELECT count(*) FROM pg_hba_file_rules WHERE error IS NULL"))
                         .toInt() > 0,
                 true);
        auto session = SqlSession::open(primary, LibpqSecrets(), {});
        QVERIFY(session);
        for (const QString &sql :
             {QStringLiteral("CHECKPOINT"), QStringLiteral("ALTER SYSTEM SET synchronous_standby_names = ''"),
              QStringLiteral("ALTER SYSTEM RESET synchronous_standby_names"),
              QStringLiteral("SELECT pg_reload_conf()"),
              QStringLiteral("SELECT pg_create_physical_replication_slot('probe')"),
              QStringLiteral("SELECT pg_drop_replication_slot('probe')")}) {
            const auto done = (*session)->query(sql);
            QVERIFY2(done, qPrintable(sql));
        }
    }

    void secretsAreInThePassfileOnly(const ClusterSpec &spec, const DemoStatus &status)
    {
        struct stat file;
        QCOMPARE(::stat(QFile::encodeName(status.passfile).constData(), &file), 0);
        QCOMPARE(int(file.st_mode & 07777), 0600);
        QCOMPARE(::stat(QFile::encodeName(spec.demoFolder).constData(), &file), 0);
        QCOMPARE(int(file.st_mode & 07777), 0700);
        const QList<QByteArray> passwords = passwordsIn(status.passfile);
        QCOMPARE(passwords.size(), 4);
        QStringList files{demoClusterFile()};
        for (const QString &name : QDir(spec.demoFolder).entryList(QDir::Files)) {
            if (name != QStringLiteral("passfile"))
                files << spec.demoFolder + QLatin1Char('/') + name;
        }
        for (const DemoNode &node : status.nodes) {
            for (const QString &name : QDir(node.dataDirectory).entryList(QDir::Files))
                files << node.dataDirectory + QLatin1Char('/') + name;
        }
        QVERIFY(files.size() > 20);
        for (const QString &name : files) {
            QFile content(name);
            QVERIFY2(content.open(QIODevice::ReadOnly), qPrintable(name));
            const QByteArray text = content.readAll();
            for (const QByteArray &password : passwords)
                QVERIFY2(!text.contains(password), qPrintable(name));
        }
        QVERIFY(!QFileInfo::exists(spec.demoFolder + QStringLiteral("/initdb.password")));
    }

    void bindsOnProof(const ClusterSpec &spec)
    {
        QList<NodeSnapshot> snapshots;
        lookOnce(spec.nodes, std::make_shared<LibpqSecrets>(), {}, 1, 0, &snapshots);
        QCOMPARE(snapshots.size(), 2);
        QList<HostBinding> bindings = bindLocalNodes(snapshots);
        QCOMPARE(bindings.size(), 2);
        QCOMPARE(bindings.at(0).id, spec.nodes.at(0).id);
        QCOMPARE(bindings.at(0).dataDirectory, spec.demoFolder + QStringLiteral("/primary"));
        QVERIFY(bindings.at(0).pid > 1);
        QVERIFY(bindings.at(0).proof.contains(QString::number(spec.nodes.at(0).endpoint.port)));
        const QList<HostFacts> facts = hostFacts(bindings);
        QCOMPARE(facts.size(), 2);
        QVERIFY(facts.at(0).diskFree.value_or(0) > 0);

        // Found again from the primary alone.
        ClusterSpec alone = spec;
        alone.nodes = {spec.nodes.at(0)};
        const QList<WatchedNode> found =
            discoverNodes(alone, {snapshots.at(0)}, std::make_shared<LibpqSecrets>());
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.at(0).id, spec.nodes.at(1).id);
        QCOMPARE(found.at(0).name, QStringLiteral("standby1"));

        // Another start time is another server.
        snapshots[0].startTimeUs = *snapshots[0].startTimeUs - 10'000'000;
        bindings = bindLocalNodes(snapshots);
        QCOMPARE(bindings.size(), 1);
        QCOMPARE(bindings.at(0).id, spec.nodes.at(1).id);
    }
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList words = app.arguments().mid(1);
    if (words.value(0) == QLatin1String("demo-guard"))
        return runDemoGuard(words.mid(1));
    if (words.value(0) == QLatin1String("own") || words.value(0) == QLatin1String("keep")) {
        auto demo = DemoCluster::start(words.constFirst() == QLatin1String("keep"));
        if (!demo) {
            std::fprintf(stderr, "%s\n", qPrintable(demo.error().text()));
            return 1;
        }
        std::puts("runs");
        std::fflush(stdout);
        return words.constFirst() == QLatin1String("own") ? app.exec() : 0;
    }
    TestDemo test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_demo.moc"
