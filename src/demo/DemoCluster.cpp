// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/DemoCluster.h"

#include "clusters/DemoNodes.h"
#include "clusters/ServersBelow.h"
#include "demo/DemoBuilder.h"
#include "demo/DemoFolder.h"
#include "demo/DemoGuard.h"
#include "hosts/OsUser.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace understudy {

namespace {

constexpr int clearWithinMs = 15000;
QString guardProgram;

bool alive(qint64 pid)
{
    return pid > 0 && (::kill(pid_t(pid), 0) == 0 || errno == EPERM);
}

bool anyRuns(const QString &folder)
{
    const QList<FolderServer> servers = serversBelow(folder);
    return std::any_of(servers.cbegin(), servers.cend(), [](const FolderServer &s) { return s.running(); });
}

/// Waits for the guard of an owner that is gone, not for a demo somebody uses.
Result<DemoLock> takeLock()
{
    const auto record = readDemoRecord();
    const bool inUse = record && (record->keep || alive(record->ownerPid));
    return DemoLock::take(inUse ? 0 : clearWithinMs);
}

} // namespace

/// Sets and removes the pause file on a thread of its own: the window must not wait for a disk.
class PauseSwitch
{
public:
    explicit PauseSwitch(const QString &file) : m_file(file), m_paused(QFile::exists(file))
    {
        m_thread = std::jthread([this](const std::stop_token &stop) { run(stop); });
    }

    void set(bool paused)
    {
        const std::lock_guard lock(m_mutex);
        m_paused = paused;
        m_changed = true;
        m_wake.notify_one();
    }

    bool isSet() const
    {
        const std::lock_guard lock(m_mutex);
        return m_paused;
    }

private:
    void run(const std::stop_token &stop)
    {
        std::unique_lock lock(m_mutex);
        while (m_wake.wait(lock, stop, [this] { return m_changed; })) {
            m_changed = false;
            const bool paused = m_paused;
            lock.unlock();
            QFile file(m_file);
            if (paused)
                file.open(QIODevice::WriteOnly);
            else
                file.remove();
            lock.lock();
        }
    }

    const QString m_file;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_paused;
    bool m_changed = false;
    std::jthread m_thread; // last: it uses the others
};

struct DemoCluster::Private
{
    ClusterSpec saved;
    bool owned = false; ///< It goes with this object.
    DemoLock lock;
    GuardProcess guard;
    std::unique_ptr<PauseSwitch> pause;
};

Result<std::unique_ptr<DemoCluster>> DemoCluster::start(bool keep, const Say &say)
{
    auto lock = takeLock();
    if (!lock)
        return tl::unexpected(lock.error());
    if (const auto left = readDemoRecord()) {
        if (left->keep && isDemoFolder(left->folder) && anyRuns(left->folder))
            return fail(QStringLiteral("The demo cluster already runs."),
                        QStringLiteral("Use it, or stop it with: understudy demo stop"));
        if (say && QFileInfo::exists(left->folder))
            say(QStringLiteral("Clearing away what an earlier demo left"));
        if (auto cleared = clearDemoFolder(left->folder); !cleared)
            return tl::unexpected(cleared.error());
        removeDemoRecord(left->folder);
    }

    auto user = demoServerUser();
    if (!user)
        return tl::unexpected(user.error());
    DemoRecord record;
    record.serverUser = *user;
    record.ownerPid = ::getpid();
    record.keep = false;
    const auto folder = createDemoFolder(*user, [&record](const QString &path) {
        record.folder = path;
        return writeDemoRecord(record);
    });
    if (!folder)
        return tl::unexpected(folder.error());

    auto d = std::make_unique<Private>();
    const auto undo = [&](const Error &error) {
        d->guard.finish(clearWithinMs);
        (void)clearDemoFolder(*folder);
        removeDemoRecord(*folder);
        return tl::unexpected(error);
    };
    const QString program = guardProgram.isEmpty() ? QCoreApplication::applicationFilePath() : guardProgram;
    auto guard = GuardProcess::start(program, *folder, lock->fd());
    if (!guard)
        return undo(guard.error());
    d->guard = std::move(*guard);
    const auto built = buildDemo(*folder, *user, say);
    if (!built)
        return undo(built.error());

    ClusterSpec &spec = d->saved;
    spec.title = QStringLiteral("demo");
    spec.source = QStringLiteral("demo");
    spec.isDemo = true;
    spec.demoFolder = *folder;
    spec.savedFile = demoClusterFile();
    spec.replicationUser = demoReplicationUser();
    spec.replicationPassfile = demoPassfile(*folder);
    const std::pair<QString, int> nodes[] = {{QStringLiteral("primary"), built->primaryPort},
                                             {QStringLiteral("standby1"), built->standbyPort}};
    for (const auto &[name, port] : nodes) {
        const Endpoint endpoint = demoEndpoint(*folder, port, demoUser());
        spec.nodes << WatchedNode{endpoint.address(), name, endpoint};
    }
    if (auto written = saveCluster(spec, demoClusterFile()); !written)
        return undo(written.error());
    record.guardPid = d->guard.pid();
    record.keep = keep;
    if (auto written = writeDemoRecord(record); !written)
        return undo(written.error());
    if (!d->guard.sendLine(keep ? "load\nkeep" : "load"))
        return undo(Error{QStringLiteral("The process that guards the demo cluster ended at once."),
                          QStringLiteral("Start the demo again."),
                          {}});
    d->owned = !keep;
    if (!keep)
        d->lock = std::move(*lock);
    d->pause = std::make_unique<PauseSwitch>(demoPauseFile(*folder));
    if (say)
        say(QStringLiteral("The demo cluster runs on ports %1 and %2")
                .arg(built->primaryPort)
                .arg(built->standbyPort));
    return std::unique_ptr<DemoCluster>(new DemoCluster(std::move(d)));
}

Result<std::unique_ptr<DemoCluster>> DemoCluster::attach()
{
    const auto record = readDemoRecord();
    const auto saved = loadCluster(demoClusterFile());
    if (!record || !record->keep || !saved || saved->demoFolder != record->folder ||
        !isDemoFolder(record->folder) || !anyRuns(record->folder))
        return fail(QStringLiteral("No demo cluster is running that could be joined."),
                    QStringLiteral("Start one with: understudy demo start"));
    auto d = std::make_unique<Private>();
    d->saved = *saved;
    d->saved.source = QStringLiteral("demo");
    d->pause = std::make_unique<PauseSwitch>(demoPauseFile(record->folder));
    return std::unique_ptr<DemoCluster>(new DemoCluster(std::move(d)));
}

DemoCluster::DemoCluster(std::unique_ptr<Private> p) : d(std::move(p)) {}

DemoCluster::~DemoCluster()
{
    d->pause.reset();
    if (!d->owned)
        return;
    const QString folder = d->saved.demoFolder;
    if (!d->guard.finish(clearWithinMs) || QFileInfo::exists(folder)) {
        // The guard is gone or stuck: nobody else is left to do it.
        (void)clearDemoFolder(folder);
        removeDemoRecord(folder);
    }
}

ClusterSpec DemoCluster::spec() const
{
    return withRunningServers(d->saved);
}

void DemoCluster::setLoadPaused(bool paused)
{
    d->pause->set(paused);
}

bool DemoCluster::loadPaused() const
{
    return d->pause->isSet();
}

DemoStatus DemoCluster::status()
{
    DemoStatus status;
    const auto record = readDemoRecord();
    if (!record || !isDemoFolder(record->folder))
        return status;
    for (const FolderServer &server : serversBelow(record->folder)) {
        DemoNode node;
        node.name = server.name;
        node.host = QStringLiteral("127.0.0.1");
        node.port = server.port;
        node.role = !server.running() ? QStringLiteral("stopped")
                    : server.standby  ? QStringLiteral("standby")
                                      : QStringLiteral("primary");
        node.dataDirectory = server.dataDirectory;
        status.running = status.running || server.running();
        status.nodes << node;
    }
    if (QFile::exists(demoPassfile(record->folder)))
        status.passfile = demoPassfile(record->folder);
    return status;
}

Result<void> DemoCluster::stop(const Say &say)
{
    const auto record = readDemoRecord();
    if (!record)
        return {};
    if (say)
        say(QStringLiteral("Stopping the demo cluster"));
    stopGuard(record->guardPid, record->folder, clearWithinMs);
    if (auto cleared = clearDemoFolder(record->folder); !cleared)
        return cleared;
    removeDemoRecord(record->folder);
    return {};
}

void DemoCluster::setGuardProgram(const QString &path)
{
    guardProgram = path;
}

} // namespace understudy
