// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/AddStandby.h"

#include "hosts/Deployment.h"
#include "hosts/OsUser.h"
#include "operations/ComposeSteps.h"
#include "operations/PlanHosts.h"
#include "operations/UnseenMachine.h"

#include <QDir>
#include <QFileInfo>
#include <QSet>
#include <algorithm>

namespace understudy {

namespace {

// Names that are in use: of nodes, and of slots as far as they are named after one.
QSet<QString> usedNames(const AddStandbyFacts &facts)
{
    QSet<QString> used;
    for (const Cluster &cluster : facts.topology.clusters) {
        for (const Node &node : cluster.nodes)
            used << node.name;
        for (const Slot &slot : cluster.slots_)
            used << slot.name;
    }
    return used;
}

// Where new data directories go: beside the upstream's when the same user owns it, else below the home of
// the server's user.
QString parentDirectory(const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    const QString user = facts.serverUser();
    const Node *upstream = facts.upstreamOf(request);
    const HostBinding *binding = upstream && facts.target.isLocal() ? facts.binding(upstream->id) : nullptr;
    if (binding && binding->owner == user)
        return QFileInfo(QDir::cleanPath(binding->dataDirectory)).path();
    if (upstream && request.keeper == QLatin1String("pg_ctlcluster"))
        return QStringLiteral("/var/lib/postgresql/%1").arg(upstream->versionNum / 10000);
    QString home = facts.target.home;
    if (home.isEmpty()) {
        const auto account = OsUser::byName(user);
        home = account ? account->home : QDir::homePath();
    }
    return home + (facts.runAs.isEmpty() ? QStringLiteral("/.local/share/understudy/standbys")
                                         : QStringLiteral("/standbys"));
}

bool taken(const QString &path, Host &host)
{
    return host.exists(path).value_or(true);
}

// Free also for what will keep the server.
bool nameTaken(const QString &name, const AddStandbyRequest &request, const AddStandbyFacts &facts,
               Host &host)
{
    const Node *upstream = facts.upstreamOf(request);
    const auto deployment = deploymentBy(
        request.keeper, {name, upstream ? upstream->versionNum / 10000 : 0, {}, {}, 0, {}, {}, {}});
    const QString folder = deployment ? deployment->settingsFolder() : QString();
    return !folder.isEmpty() && taken(folder, host);
}

QString freeName(const QString &parent, const AddStandbyRequest &request, const AddStandbyFacts &facts,
                 Host &host)
{
    const QSet<QString> used = usedNames(facts);
    qsizetype number = 1;
    for (const Cluster &cluster : facts.topology.clusters)
        number = std::max(number, cluster.standbys().size() + 1);
    for (;; ++number) {
        const QString name = QStringLiteral("standby%1").arg(number);
        if (!used.contains(name) && !used.contains(slotNameFor(name)) && !taken(parent + u'/' + name, host) &&
            !nameTaken(name, request, facts, host))
            return name;
    }
}

QString freeSlot(const QString &name, const AddStandbyFacts &facts)
{
    const QSet<QString> used = usedNames(facts);
    const QString wanted = slotNameFor(name);
    QString slot = wanted;
    for (int n = 2; used.contains(slot); ++n)
        slot = wanted.left(58) + QStringLiteral("_%1").arg(n);
    return slot;
}

int freePort(const AddStandbyRequest &request, const AddStandbyFacts &facts, Host &host)
{
    int highest = 5432;
    QSet<int> used;
    // On a machine of its own it has the upstream's port, if that is free there.
    const bool elsewhere = !facts.target.isLocal();
    if (const Node *upstream = facts.upstreamOf(request); upstream && elsewhere)
        highest = upstream->port - 1;
    for (const Cluster &cluster : facts.topology.clusters) {
        for (const Node &node : cluster.nodes) {
            // One that is planned is planned there; of the others nothing is said about its ports.
            if (elsewhere && node.state != NodeState::Planned)
                continue;
            if (!elsewhere)
                highest = std::max(highest, node.port);
            used << node.port;
        }
    }
    for (int port = highest + 1; port <= 65535; ++port)
        if (!used.contains(port) && host.portFree(port).value_or(false))
            return port;
    for (int port = 1024; port <= highest; ++port)
        if (!used.contains(port) && host.portFree(port).value_or(false))
            return port;
    return 0;
}

bool isEmptyDirectory(const QString &path, Host &host)
{
    const auto owner = host.ownership(path);
    const auto names = host.list(path);
    return owner && owner->isDirectory && names && names->isEmpty();
}

// "standby_data" beside "primary_data"; else named after the service.
QString freeVolume(const AddStandbyRequest &request, const ComposeTarget &target, int number)
{
    if (!target.modelIsPrimary)
        return numberedName(target.modelVolume, number);
    QString name = QString(target.modelVolume).replace(QStringLiteral("primary"), QStringLiteral("standby"));
    if (name == target.modelVolume)
        name = QString(request.service).replace(u'-', u'_') + QStringLiteral("_data");
    const QString lead = name;
    for (int n = 2; target.project.volumes.contains(name); ++n)
        name = numberedName(lead, n);
    return name;
}

// Named as the standbys of the file are, with the next number that nothing has.
AddStandbyRequest suggestService(AddStandbyRequest request, const AddStandbyFacts &facts, Host &host)
{
    if (request.replicationUser.isEmpty())
        request.replicationUser = facts.spec.replicationUser;
    if (request.port == 0)
        request.port = freePort(request, facts, host);
    if (!facts.compose)
        return request;
    const ComposeTarget &target = *facts.compose;
    const QSet<QString> used = usedNames(facts);
    const auto isFree = [&](const QString &service) {
        return !target.project.service(service) && !used.contains(service);
    };
    if (target.modelIsPrimary && request.service.isEmpty() && request.name.isEmpty() &&
        isFree(standbyNameOf(target.model)))
        request.service = standbyNameOf(target.model);
    int number = 2;
    while (!isFree(numberedName(target.model, number)) ||
           target.project.volumes.contains(numberedName(target.modelVolume, number)))
        ++number;
    if (request.service.isEmpty())
        request.service = request.name.isEmpty() || !isFree(request.name) ? numberedName(target.model, number)
                                                                          : request.name;
    if (request.name.isEmpty())
        request.name = request.service;
    if (request.volume.isEmpty() && !target.modelVolume.isEmpty())
        request.volume = freeVolume(request, target, number);
    if (request.slot.isEmpty()) {
        request.slot =
            target.modelSlot.isEmpty() ? slotNameFor(request.name) : numberedName(target.modelSlot, number);
        if (used.contains(request.slot))
            request.slot = freeSlot(request.name, facts);
    }
    request.dataDirectory.clear();
    request.useEmptyDirectory = false;
    if (!target.modelFolder.isEmpty()) {
        if (const auto edit = composeEditFor(request, target)) {
            request.volume = edit->dataSource;
            request.dataDirectory = edit->dataDirectory;
            request.useEmptyDirectory = isEmptyDirectory(request.dataDirectory, host);
        }
    }
    return request;
}

AddStandbyRequest withChoices(AddStandbyRequest request, const AddStandbyFacts &facts, Host &host)
{
    request.choices = suggestChoices(request, facts, host);
    if (!request.choices.slot)
        request.slot.clear();
    return request;
}

} // namespace

QString slotNameFor(const QString &name)
{
    QString slot = name.toLower();
    for (QChar &c : slot)
        if (!((c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9')))
            c = u'_';
    return slot.left(58) + QStringLiteral("_slot");
}

QString keeperFor(const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    const TargetMachine &target = facts.target;
    const QString debian = QStringLiteral("pg_ctlcluster"), systemd = QStringLiteral("systemd");
    if (target.isLocal()) {
        // As its neighbour is kept.
        const Node *upstream = facts.upstreamOf(request);
        const auto settings = facts.serverSettings.value(upstream ? upstream->id : NodeId());
        const bool asDebian = settings.value(QStringLiteral("config_file"))
                                  .value.startsWith(QStringLiteral("/etc/postgresql/"));
        return asDebian && target.canKeep(debian) ? debian : QStringLiteral("pg_ctl");
    }
    // Nobody has seen what that machine has; this works on every one.
    if (isScriptPlace(request.on))
        return QStringLiteral("pg_ctl");
    // A machine of its own has no use for a server that is gone after the next boot. It is not worth a sudo
    // password that nothing else wants: whoever has one chooses it.
    const auto fits = [&](const QString &keeper) {
        return target.canKeep(keeper) &&
               (target.canAdmin || target.serverAsks || !target.usesRoot(keeper, facts.serverUser()));
    };
    return fits(debian) ? debian : fits(systemd) ? systemd : QStringLiteral("pg_ctl");
}

AddStandbyRequest suggest(AddStandbyRequest request, const AddStandbyFacts &facts)
{
    if (request.upstream.isEmpty())
        if (const Node *upstream = facts.upstreamOf(request))
            request.upstream = upstream->id;
    if (request.on.isEmpty())
        request.on = facts.spec.composeFile.isEmpty() ? QStringLiteral("local") : QStringLiteral("compose");
    if (request.on == QLatin1String("compose"))
        return withChoices(suggestService(request, facts, *localHost()), facts, *localHost());
    if (isScriptPlace(request.on))
        return suggestUnseen(request, facts);
    const auto host = hostOf(facts.target.place);
    if (!host || facts.target.place != request.on)
        return request; // not looked at: nothing can be suggested there
    if (request.keeper.isEmpty())
        request.keeper = keeperFor(request, facts);
    const QString parent = parentDirectory(request, facts);
    if (request.name.isEmpty())
        request.name = freeName(parent, request, facts, *host);
    if (request.slot.isEmpty())
        request.slot = freeSlot(request.name, facts);
    if (request.port == 0)
        request.port = freePort(request, facts, *host);
    if (request.dataDirectory.isEmpty()) {
        request.dataDirectory = parent + u'/' + request.name;
        for (int n = 2; taken(request.dataDirectory, *host); ++n)
            request.dataDirectory = parent + u'/' + request.name + QStringLiteral("-%1").arg(n);
    }
    if (request.replicationUser.isEmpty())
        request.replicationUser = facts.spec.replicationUser;
    request.useEmptyDirectory = isEmptyDirectory(request.dataDirectory, *host);
    return withChoices(request, facts, *host);
}

Topology topologyAfter(const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    Topology after = facts.topology;
    const Node *upstream = facts.upstreamOf(request);
    if (!upstream)
        return after;
    for (Cluster &cluster : after.clusters) {
        if (!cluster.node(upstream->id))
            continue;
        Node node;
        node.name = request.name;
        node.host = facts.target.isLocal()              ? upstream->host
                    : isScriptPlace(facts.target.place) ? facts.target.name
                                                        : facts.target.address;
        node.port = request.port;
        node.id = QStringLiteral("planned:") + request.name;
        node.role = Role::Standby;
        node.state = NodeState::Planned;
        node.versionNum = upstream->versionNum;
        node.systemIdentifier = cluster.systemIdentifier;
        node.dataDirectory = request.dataDirectory;
        Link link;
        link.upstream = upstream->id;
        link.downstream = node.id;
        link.slot = request.slot;
        // Nothing is measured yet, so the lag is unknown; the painter draws a planned node's link as planned.
        link.state = LinkState::Streaming;
        link.sync = request.synchronous ? SyncState::Sync : SyncState::Async;
        link.matchedBy = request.choices.slot ? MatchedBy::Slot : MatchedBy::ApplicationName;
        link.confidence = Confidence::Certain;
        cluster.nodes << node;
        cluster.links << link;
        break;
    }
    return after;
}

} // namespace understudy
