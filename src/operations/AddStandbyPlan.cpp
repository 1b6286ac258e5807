// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/AddStandbySteps.h"
#include "operations/ChoiceSteps.h"
#include "operations/ComposeSteps.h"
#include "operations/PlanHosts.h"
#include "operations/UnseenMachine.h"

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

// How we reach the new standby. On another machine as we reach its upstream: straight, or through the ssh
// that is proved to lead there.
Endpoint ownEndpoint(const AddStandbyDraft &d, const AddStandbyFacts &facts)
{
    Endpoint own = d.upstreamEndpoint;
    own.port = d.request.port;
    if (facts.target.isLocal()) {
        if (!d.sharesMachine)
            own.host = QStringLiteral("127.0.0.1");
        return own;
    }
    const bool straight = own.ssh.isEmpty() && d.listensToOthers();
    own.ssh = straight ? QString() : facts.target.place.mid(sshPrefix.size());
    own.host = straight ? facts.target.address : QStringLiteral("127.0.0.1");
    return own;
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
    for (const WatchedNode &node : facts.spec.nodes) {
        const QString key = keyOf(node, facts);
        const Endpoint seen = facts.seen(node, d.request);
        if (plan.endpoints.contains(key) && !(seen == node.endpoint))
            plan.seen.insert(key, seen);
    }
    if (!d.unseen)
        plan.endpoints.insert(d.request.name, ownEndpoint(d, facts));
}

QMap<QString, QString> factsOf(const AddStandbyDraft &d)
{
    return {
        {QStringLiteral("name"), d.request.name},
        {QStringLiteral("upstream"), d.upstream},
        {QStringLiteral("upstream_address"), d.upstreamEndpoint.address()},
        {QStringLiteral("slot"), d.request.slot},
        {QStringLiteral("port"), QString::number(d.request.port)},
        {QStringLiteral("replication_user"), d.role},
        {QStringLiteral("max_rate"), d.request.maxRate},
        {QStringLiteral("synchronous"), d.request.synchronous ? QStringLiteral("yes") : QStringLiteral("no")},
        {QStringLiteral("apply_delay"), d.request.choices.applyDelay}};
}

void addMachineSteps(Plan &plan, const AddStandbyDraft &d)
{
    plan.hosts = QStringList{d.host};
    if (d.unseen)
        plan.steps << checkMachineStep(d);
    plan.steps << baselineStep(d) << directoryStep(d);
    if (d.writesPassfile)
        plan.steps << passfileStep(d);
    if (!d.request.choices.walDirectory.isEmpty())
        plan.steps << walDirectoryStep(d);
    plan.steps << tablespaceSteps(d);
    if (d.request.choices.slot)
        plan.steps << slotStep(d);
    plan.steps << copyStep(d);
    if (d.request.choices.verifyBackup.value_or(false))
        plan.steps << verifyBackupStep(d);
    plan.steps << configureStep(d);
    if (d.deployment->registration())
        plan.steps << registerStep(d);
    plan.steps << startStep(d) << streamStep(d);
    if (d.request.synchronous)
        plan.steps << syncStep(d);
    plan.steps << verifyStep(d);
    plan.facts.insert(QStringLiteral("data_directory"), d.request.dataDirectory);
    plan.facts.insert(QStringLiteral("log"), d.deployment->logFile());
    plan.facts.insert(QStringLiteral("keeper"), d.deployment->keeper());
    plan.facts.insert(QStringLiteral("on"), d.request.on);
    plan.facts.insert(QStringLiteral("run_as"), d.runAs);
    plan.facts.insert(QStringLiteral("passfile"), d.passfile);
    plan.facts.insert(QStringLiteral("bin"), d.bin);
}

Result<void> addComposeSteps(Plan &plan, const AddStandbyDraft &d, const ComposeTarget &target)
{
    const auto c = composeDraft(d, target, plan.id);
    if (!c)
        return tl::unexpected(c.error());
    plan.hosts = QStringList{engineHostKey};
    Step stream = streamStep(d);
    Step verify = verifyStep(d);
    stream.evidence = verify.evidence = composeLog(*c);
    plan.steps << baselineStep(d) << composeFileStep(*c);
    if (!c->directory.isEmpty())
        plan.steps << composeDirectoryStep(*c);
    plan.steps << composeServiceStep(*c);
    if (d.request.choices.slot)
        plan.steps << slotStep(d);
    plan.steps << composeCopyStep(d, *c);
    if (d.request.choices.verifyBackup.value_or(false))
        plan.steps << composeVerifyBackupStep(d, *c);
    plan.steps << composeStartStep(d, *c) << stream;
    if (d.request.synchronous)
        plan.steps << syncStep(d);
    plan.steps << verify;
    plan.facts.insert(QStringLiteral("compose_file"), target.opened);
    plan.facts.insert(QStringLiteral("service"), c->service);
    plan.facts.insert(QStringLiteral("volume"), c->volume);
    plan.facts.insert(QStringLiteral("data_directory"),
                      QStringLiteral("%1 in %2")
                          .arg(target.dataPath, c->directory.isEmpty() ? QStringLiteral("volume ") + c->volume
                                                                       : c->directory));
    if (c->ownFile) {
        plan.facts.insert(QStringLiteral("compose_override"), c->fileEdit.path);
        plan.facts.insert(QStringLiteral("compose_call"), c->callWords);
    }
    return {};
}

} // namespace

AddStandbyDraft standbyDraft(const AddStandbyRequest &request, const AddStandbyFacts &facts,
                             const Node &upstream)
{
    const WatchedNode &watched = *facts.watched(upstream.id);
    AddStandbyDraft d;
    d.request = request;
    d.upstreamId = upstream.id;
    d.upstream = keyOf(watched, facts);
    d.upstreamEndpoint = watched.endpoint;
    d.upstreamIsStandby = upstream.role == Role::Standby;
    d.settings = facts.serverSettings.value(upstream.id);
    d.upstreamSeen = facts.seen(watched, request);
    d.unseen = isScriptPlace(request.on);
    d.sharesMachine = facts.target.isLocal() && facts.binding(upstream.id) != nullptr;
    d.host = hostKeyOf(request.on);
    const QString data = d.settings.value(QStringLiteral("data_directory")).value;
    const QString config = d.settings.value(QStringLiteral("config_file")).value;
    d.ownConfiguration = !data.isEmpty() && !config.isEmpty() && !isBelow(config, data);
    d.loginRules = facts.loginRules.value(upstream.id, LoginRules::ofItsOwn());
    d.bin = facts.binDirectory;
    d.runAs = facts.runAs;
    d.asRoot = facts.currentUser == QStringLiteral("root") && !facts.runAs.isEmpty();
    d.role = request.replicationUser.isEmpty() ? facts.spec.replicationUser : request.replicationUser;
    // A passfile that serves already is used; a password that was typed goes into one of the standby's own.
    const bool sameRole = d.role == facts.spec.replicationUser;
    d.passfile =
        sameRole && request.upstreamAddress.isEmpty() ? facts.sharedPassfiles.value(upstream.id) : QString();
    if (d.passfile.isEmpty() && facts.haveReplicationSecret && request.on != QLatin1String("compose")) {
        const QFileInfo directory(request.dataDirectory);
        d.passfile =
            directory.path() + QStringLiteral("/.") + directory.fileName() + QStringLiteral(".pgpass");
        d.writesPassfile = true;
    }
    if (request.on != QLatin1String("compose")) {
        const QString keeper = request.keeper.isEmpty() ? keeperFor(request, facts) : request.keeper;
        const bool root = facts.target.usesRoot(keeper, facts.serverUser());
        KeptServer server{
            request.name, upstream.versionNum / 10000, d.bin,   request.dataDirectory,
            request.port, facts.serverUser(),          d.runAs, root ? facts.target.admin : d.runAs};
        d.deployment = deploymentBy(keeper, server);
    } else {
        // A service like a standby's has its credential; one like the primary's gets one of its own.
        d.passfile.clear();
        const bool described = facts.spec.secrets && d.role == watched.endpoint.user &&
                               facts.spec.secrets->password(watched.endpoint);
        d.writesPassfile =
            facts.compose && facts.compose->givesPassfile() && (facts.haveReplicationSecret || described);
    }
    d.databaseMb = double(upstream.databaseBytes.value_or(0)) / (1 << 20);
    return d;
}

Result<Plan> planAddStandby(const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    const QList<Error> errors = validate(request, facts);
    if (!errors.isEmpty())
        return tl::unexpected(errors.first());
    const Node &upstream = *facts.upstreamOf(request);
    const AddStandbyDraft d = standbyDraft(request, facts, upstream);

    Plan plan;
    plan.id = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz")) +
              QStringLiteral("-add-") + request.name;
    plan.kind = QStringLiteral("add-standby");
    plan.cluster = facts.spec.title;
    plan.subject = request.name;
    plan.title = QStringLiteral("Add %1 to %2").arg(request.name, facts.spec.title);
    addEndpoints(plan, d, facts, upstream);
    plan.facts = factsOf(d);
    if (request.on == QLatin1String("compose")) {
        if (auto made = addComposeSteps(plan, d, *facts.compose); !made)
            return tl::unexpected(made.error());
    } else {
        addMachineSteps(plan, d);
        if (d.unseen)
            plan.unseen = unseenTarget(d, facts, upstream);
    }
    return plan;
}

} // namespace understudy
