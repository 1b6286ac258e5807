// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/AddStandbySteps.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QTimeZone>

namespace understudy {

namespace {

// Names are keys of the plan: a node without one, or with a twin, goes by its address.
QString keyOf(const WatchedNode &node, const AddStandbyFacts &facts)
{
    int same = 0;
    for (const WatchedNode &other : facts.spec.nodes)
        same += other.name == node.name;
    return node.name.isEmpty() || same > 1 ? node.endpoint.address() : node.name;
}

bool isBelow(const QString &path, const QString &directory)
{
    return QDir::cleanPath(path).startsWith(QDir::cleanPath(directory) + u'/');
}

AddStandbyDraft draftOf(const AddStandbyRequest &request, const AddStandbyFacts &facts, const Node &upstream)
{
    const WatchedNode &watched = *facts.watched(upstream.id);
    AddStandbyDraft d;
    d.request = request;
    d.upstream = keyOf(watched, facts);
    d.upstreamEndpoint = watched.endpoint;
    d.upstreamIsStandby = upstream.role == Role::Standby;
    d.settings = facts.serverSettings.value(upstream.id);
    d.sharesMachine = facts.binding(upstream.id) != nullptr;
    const QString data = d.settings.value(QStringLiteral("data_directory")).value;
    const QString config = d.settings.value(QStringLiteral("config_file")).value;
    d.ownConfiguration = !data.isEmpty() && !config.isEmpty() && !isBelow(config, data);
    d.bin = facts.binDirectory;
    d.runAs = facts.runAs;
    d.asRoot = facts.currentUser == QStringLiteral("root") && !facts.runAs.isEmpty();
    d.role = request.replicationUser.isEmpty() ? facts.spec.replicationUser : request.replicationUser;
    // A passfile that serves already is used; a password that was typed goes into one of the standby's own.
    const bool sameRole = d.role == facts.spec.replicationUser;
    d.passfile = sameRole ? facts.sharedPassfiles.value(upstream.id) : QString();
    if (d.passfile.isEmpty() && facts.haveReplicationSecret) {
        const QFileInfo directory(request.dataDirectory);
        d.passfile =
            directory.path() + QStringLiteral("/.") + directory.fileName() + QStringLiteral(".pgpass");
        d.writesPassfile = true;
    }
    d.databaseMb = double(upstream.databaseBytes.value_or(0)) / (1 << 20);
    return d;
}

void addEndpoints(Plan &plan, const AddStandbyDraft &d, const AddStandbyFacts &facts, const Node &upstream)
{
    plan.endpoints.insert(d.upstream, d.upstreamEndpoint);
    plan.lockNode = d.upstream;
    const Cluster *cluster = facts.topology.clusterOf(upstream.id);
    const Node *primary = cluster ? cluster->primary() : nullptr;
    if (const WatchedNode *watched = primary ? facts.watched(primary->id) : nullptr) {
        plan.lockNode = keyOf(*watched, facts);
        plan.endpoints.insert(plan.lockNode, watched->endpoint);
    }
    Endpoint own = d.upstreamEndpoint;
    if (!d.sharesMachine)
        own.host = QStringLiteral("127.0.0.1");
    own.port = d.request.port;
    plan.endpoints.insert(d.request.name, own);
}

} // namespace

Result<Plan> planAddStandby(const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    const QList<Error> errors = validate(request, facts);
    if (!errors.isEmpty())
        return tl::unexpected(errors.first());
    const Node &upstream = *facts.upstreamOf(request);
    const AddStandbyDraft d = draftOf(request, facts, upstream);

    Plan plan;
    plan.id = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz")) +
              QStringLiteral("-add-") + request.name;
    plan.kind = QStringLiteral("add-standby");
    plan.cluster = facts.spec.title;
    plan.subject = request.name;
    plan.title = QStringLiteral("Add %1 to %2").arg(request.name, facts.spec.title);
    plan.hosts = QStringList{QStringLiteral("local")};
    addEndpoints(plan, d, facts, upstream);
    plan.steps << baselineStep(d) << directoryStep(d);
    if (d.writesPassfile)
        plan.steps << passfileStep(d);
    plan.steps << slotStep(d) << copyStep(d) << configureStep(d) << startStep(d) << streamStep(d);
    if (request.synchronous)
        plan.steps << syncStep(d);
    plan.steps << verifyStep(d);
    plan.facts = {
        {QStringLiteral("name"), request.name},
        {QStringLiteral("upstream"), d.upstream},
        {QStringLiteral("upstream_address"), d.upstreamEndpoint.address()},
        {QStringLiteral("slot"), request.slot},
        {QStringLiteral("port"), QString::number(request.port)},
        {QStringLiteral("data_directory"), request.dataDirectory},
        {QStringLiteral("log"), d.logFile()},
        {QStringLiteral("run_as"), d.runAs},
        {QStringLiteral("replication_user"), d.role},
        {QStringLiteral("passfile"), d.passfile},
        {QStringLiteral("bin"), d.bin},
        {QStringLiteral("max_rate"), request.maxRate},
        {QStringLiteral("synchronous"), request.synchronous ? QStringLiteral("yes") : QStringLiteral("no")}};
    return plan;
}

} // namespace understudy
