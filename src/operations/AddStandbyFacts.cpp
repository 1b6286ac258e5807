// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/AddStandby.h"

#include "hosts/OsUser.h"
#include "model/Clock.h"
#include "monitor/SqlSession.h"
#include "operations/Passfile.h"

#include <QSet>

namespace understudy {

namespace {

const QString settingsSql = QStringLiteral(
    "SELECT name, current_setting(name, true), source, coalesce(sourcefile, '') FROM pg_settings "
    "WHERE source = 'configuration file' OR name IN ('data_directory', 'config_file', 'hba_file', "
    "'ident_file', 'unix_socket_directories', 'listen_addresses', 'synchronous_standby_names', "
    "'max_connections', 'max_worker_processes', 'max_wal_senders', 'max_prepared_transactions', "
    "'max_locks_per_transaction', 'hot_standby')");

QMap<QString, ServerSetting> readSettings(const Endpoint &endpoint, const SecretSource &secrets,
                                          std::stop_token stop)
{
    SqlSession::Options options;
    options.readOnly = true;
    QMap<QString, ServerSetting> all;
    auto session = SqlSession::open(endpoint, secrets, options, stop);
    if (!session)
        return all;
    const auto rows = (*session)->query(settingsSql, {}, 5000, stop);
    if (!rows)
        return all;
    for (const QVariantList &row : rows->rows)
        if (row.size() >= 4)
            all.insert(row[0].toString(), {row[1].toString(), row[2].toString(), row[3].toString()});
    return all;
}

// The operating-system user of the new server: the upstream's own, so that both can share what they must.
QString serverUser(const AddStandbyFacts &facts, Host &host)
{
    const Node *upstream = facts.upstreamOf({});
    const HostBinding *binding = upstream ? facts.binding(upstream->id) : nullptr;
    if (!binding && !facts.bindings.isEmpty())
        binding = &facts.bindings.first();
    QString user = binding ? binding->owner : QString();
    if (user.isEmpty() && facts.currentUser == QStringLiteral("root"))
        user = QStringLiteral("postgres"); // PostgreSQL refuses root
    if (user == facts.currentUser || !host.canRunAs(user))
        return {};
    return user;
}

// How the standbys on this machine replicate: our model for role and passfile.
QList<Endpoint> modelConninfos(const AddStandbyFacts &facts)
{
    QList<Endpoint> all;
    for (const NodeSnapshot &snapshot : facts.snapshots) {
        if (snapshot.role != Role::Standby || snapshot.primaryConninfo.isEmpty())
            continue;
        if (const auto parsed = Endpoint::parse(snapshot.primaryConninfo); parsed && !parsed->isEmpty())
            all << parsed->first();
    }
    return all;
}

// libpq ignores a passfile that others may read, and so do we.
bool hasLine(Host &host, const QString &path, const QString &serverUser, const Endpoint &upstream,
             const QString &role)
{
    const auto owner = host.ownership(path);
    if (!owner || owner->isDirectory || (owner->mode & 077) != 0)
        return false;
    const auto content = host.readFile(path, serverUser);
    return content &&
           passfilePassword(*content, upstream.host, upstream.port, QStringLiteral("replication"), role);
}

void findPassfiles(AddStandbyFacts &facts, Host &host, const QList<Endpoint> &models)
{
    QStringList candidates{facts.spec.replicationPassfile};
    for (const Endpoint &model : models)
        candidates << model.options.value(QStringLiteral("passfile"));
    const QString user = facts.runAs.isEmpty() ? facts.currentUser : facts.runAs;
    if (const auto account = OsUser::byName(user))
        candidates << account->home + QStringLiteral("/.pgpass");
    candidates.removeAll(QString());
    for (const WatchedNode &node : facts.spec.nodes) {
        for (const QString &path : candidates) {
            if (!hasLine(host, path, facts.runAs, node.endpoint, facts.spec.replicationUser))
                continue;
            facts.sharedPassfiles.insert(node.id, path);
            facts.haveReplicationSecret = true;
            if (facts.spec.replicationPassfile.isEmpty())
                facts.spec.replicationPassfile = path;
            break;
        }
    }
    if (!facts.haveReplicationSecret)
        facts.haveReplicationSecret = replicationPassword(facts.spec, {}).has_value();
}

} // namespace

const HostBinding *AddStandbyFacts::binding(const NodeId &id) const
{
    for (const HostBinding &binding : bindings)
        if (binding.id == id)
            return &binding;
    return nullptr;
}

const WatchedNode *AddStandbyFacts::watched(const NodeId &id) const
{
    for (const WatchedNode &node : spec.nodes)
        if (node.id == id)
            return &node;
    return nullptr;
}

const Node *AddStandbyFacts::upstreamOf(const AddStandbyRequest &request) const
{
    if (!request.upstream.isEmpty()) {
        if (const Node *node = topology.node(request.upstream))
            return node;
        // A person may say the name.
        for (const Cluster &cluster : topology.clusters)
            for (const Node &node : cluster.nodes)
                if (node.name == request.upstream)
                    return &node;
        return nullptr;
    }
    for (const Cluster &cluster : topology.clusters)
        if (const Node *primary = cluster.primary())
            return primary;
    return nullptr;
}

Result<AddStandbyFacts> gatherFacts(const ClusterSpec &spec,
                                    const std::shared_ptr<const SecretSource> &secrets, std::stop_token stop)
{
    AddStandbyFacts facts;
    facts.spec = spec;
    const auto host = localHost();
    facts.currentUser = OsUser::current().name;
    const ClusterMonitor::Options options;
    facts.topology = lookOnce(facts.spec.nodes, secrets, options, 1, 0, &facts.snapshots);
    const QList<WatchedNode> found = discoverNodes(facts.spec, facts.snapshots, secrets);
    bool more = false;
    for (const WatchedNode &node : found) {
        if (facts.watched(node.id))
            continue;
        facts.spec.nodes << node;
        more = true;
    }
    if (more && !stop.stop_requested()) {
        facts.snapshots.clear();
        facts.topology = lookOnce(facts.spec.nodes, secrets, options, 1, 0, &facts.snapshots);
    }
    if (stop.stop_requested())
        return fail(QStringLiteral("Cancelled."));
    facts.bindings = bindLocalNodes(facts.snapshots);

    int answered = 0;
    for (const NodeSnapshot &snapshot : facts.snapshots) {
        if (!snapshot.answered())
            continue;
        ++answered;
        facts.serverSettings.insert(snapshot.id, readSettings(snapshot.endpoint, *secrets, stop));
    }
    if (answered == 0) {
        const QString why = facts.snapshots.isEmpty() ? QString() : facts.snapshots.first().error;
        return fail(QStringLiteral("No node of %1 answers. %2").arg(spec.title, why).trimmed(),
                    QStringLiteral("Start the primary, or check its address."), QStringLiteral("upstream"));
    }

    facts.runAs = serverUser(facts, *host);
    if (const Node *upstream = facts.upstreamOf({}))
        if (const auto bin = host->binDirectory(upstream->versionNum / 10000))
            facts.binDirectory = *bin;
    const QList<Endpoint> models = modelConninfos(facts);
    for (const Endpoint &model : models)
        if (facts.spec.replicationUser.isEmpty())
            facts.spec.replicationUser = model.user;
    findPassfiles(facts, *host, models);
    if (!facts.spec.composeFile.isEmpty()) {
        const Node *upstream = facts.upstreamOf({});
        auto target = composeTarget(facts.spec, facts.topology, facts.snapshots,
                                    upstream ? upstream->id : NodeId(), stop);
        if (target)
            facts.compose = *std::move(target);
        else
            facts.composeProblem = target.error();
    }
    facts.gatheredUs = SystemClock::instance().nowUs();
    return facts;
}

std::optional<QString> replicationPassword(const ClusterSpec &spec, const AddStandbyRequest &request)
{
    if (spec.replicationPassfile.isEmpty())
        return std::nullopt;
    const auto content = localHost()->readFile(spec.replicationPassfile);
    if (!content)
        return std::nullopt;
    const QString user = request.replicationUser.isEmpty() ? spec.replicationUser : request.replicationUser;
    for (const WatchedNode &node : spec.nodes) {
        if (!request.upstream.isEmpty() && node.id != request.upstream && node.name != request.upstream)
            continue;
        if (const auto password = passfilePassword(*content, node.endpoint.host, node.endpoint.port,
                                                   QStringLiteral("replication"), user))
            return password;
    }
    return std::nullopt;
}

} // namespace understudy
