// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ClusterSpec.h"

#include "clusters/ControlFile.h"
#include "hosts/Host.h"
#include "hosts/PostmasterPid.h"
#include "model/Clock.h"
#include "model/Format.h"

#include <QFileInfo>
#include <cstdlib>

namespace understudy {

namespace {

// postmaster.pid is written in whole seconds, a moment before the server notes its own start.
constexpr qint64 startToleranceUs = 2'000'000;

bool sameDirectory(const QString &a, const QString &b)
{
    if (a == b)
        return true;
    const QString left = QFileInfo(a).canonicalFilePath();
    return !left.isEmpty() && left == QFileInfo(b).canonicalFilePath();
}

bool proves(const LocalServer &server, const NodeSnapshot &node)
{
    // Behind a proxy or in a container the port we use is not the server's own: only that one counts.
    if (server.pid.port != node.listenPort || !node.startTimeUs)
        return false;
    if (std::llabs(server.pid.startEpochS * 1'000'000 - *node.startTimeUs) > startToleranceUs)
        return false;
    const QString identifier = systemIdentifierOf(server.pid.dataDirectory);
    if (!identifier.isEmpty() && !node.systemIdentifier.isEmpty() && identifier != node.systemIdentifier)
        return false;
    return node.dataDirectory.isEmpty() || sameDirectory(server.pid.dataDirectory, node.dataDirectory);
}

} // namespace

QList<HostBinding> bindLocalNodes(const QList<NodeSnapshot> &snapshots)
{
    QList<HostBinding> out;
    const QList<LocalServer> servers = localServers();
    for (const NodeSnapshot &node : snapshots) {
        if (!node.answered())
            continue;
        const LocalServer *proved = nullptr;
        int matches = 0;
        for (const LocalServer &server : servers) {
            if (proves(server, node)) {
                proved = &server;
                ++matches;
            }
        }
        if (matches != 1)
            continue; // Two servers that fit prove nothing.
        HostBinding binding;
        binding.id = node.id;
        binding.dataDirectory = proved->pid.dataDirectory;
        binding.owner = proved->owner;
        binding.pid = proved->pid.pid;
        binding.proof = QStringLiteral("postmaster.pid: port %1, started %2")
                            .arg(proved->pid.port)
                            .arg(format::utcTime(proved->pid.startEpochS * 1'000'000));
        out << binding;
    }
    return out;
}

QList<HostFacts> hostFacts(const QList<HostBinding> &bindings)
{
    QList<HostFacts> out;
    for (const HostBinding &binding : bindings) {
        const auto space = localHost()->space(binding.dataDirectory);
        if (!space)
            continue;
        HostFacts facts;
        facts.id = binding.id;
        facts.takenUs = SystemClock::instance().nowUs();
        facts.diskFree = space->freeBytes;
        facts.diskTotal = space->totalBytes;
        out << facts;
    }
    return out;
}

} // namespace understudy
