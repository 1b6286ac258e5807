// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/AddStandby.h"

#include "model/Clock.h"
#include "monitor/SqlSession.h"
#include "operations/Passfile.h"
#include "operations/PlanHosts.h"
#include "operations/UnseenMachine.h"
#include "operations/UpstreamAddress.h"

#include <QDir>
#include <QSet>

namespace understudy {

namespace {

const QString settingsSql = QStringLiteral(
    "SELECT name, current_setting(name, true), source, coalesce(sourcefile, '') FROM pg_settings "
    "WHERE source = 'configuration file' OR name IN ('data_directory', 'config_file', 'hba_file', "
    "'ident_file', 'unix_socket_directories', 'listen_addresses', 'synchronous_standby_names', "
    "'max_connections', 'max_worker_processes', 'max_wal_senders', 'max_prepared_transactions', "
    "'max_locks_per_transaction', 'hot_standby', 'ssl', 'ssl_cert_file', 'ssl_key_file', 'ssl_ca_file', "
    "'ssl_crl_file', 'shared_preload_libraries', 'data_checksums', 'synchronous_commit', "
    "'recovery_min_apply_delay', 'restore_command')");

// Both files, if the server may show them to us: pg_read_file() is for superusers and pg_read_server_files.
const QString rulesSql = QStringLiteral("SELECT pg_read_file(current_setting('hba_file')), "
                                        "pg_read_file(current_setting('ident_file'))");

QMap<QString, ServerSetting> settingsOf(SqlSession &session, std::stop_token stop)
{
    QMap<QString, ServerSetting> all;
    const auto rows = session.query(settingsSql, {}, 5000, std::move(stop));
    if (!rows)
        return all;
    for (const QVariantList &row : rows->rows)
        if (row.size() >= 4)
            all.insert(row[0].toString(), {row[1].toString(), row[2].toString(), row[3].toString()});
    return all;
}

QList<Tablespace> tablespacesOf(SqlSession &session, std::stop_token stop)
{
    QList<Tablespace> all;
    const auto rows =
        session.query(QStringLiteral("SELECT spcname, pg_tablespace_location(oid) FROM pg_tablespace "
                                     "WHERE pg_tablespace_location(oid) <> '' ORDER BY spcname"),
                      {}, 5000, std::move(stop));
    if (!rows)
        return all;
    for (const QVariantList &row : rows->rows)
        all << Tablespace{row.value(0).toString(), row.value(1).toString()};
    return all;
}

bool isOutside(const QMap<QString, ServerSetting> &settings, const char *file)
{
    const QString data = settings.value(QStringLiteral("data_directory")).value;
    const QString path = settings.value(QLatin1String(file)).value;
    return !data.isEmpty() && !path.isEmpty() && !path.startsWith(data + u'/');
}

void readServer(AddStandbyFacts &facts, const NodeSnapshot &node, const SecretSource &secrets,
                std::stop_token stop)
{
    SqlSession::Options options;
    options.readOnly = true;
    auto session = SqlSession::open(node.endpoint, secrets, options, stop);
    if (!session)
        return;
    const auto settings = settingsOf(**session, stop);
    facts.serverSettings.insert(node.id, settings);
    facts.tablespaces.insert(node.id, tablespacesOf(**session, stop));
    if (!isOutside(settings, "hba_file"))
        return;
    const auto rows = (*session)->query(rulesSql, {}, 5000, stop);
    if (!rows || rows->rows.isEmpty() || rows->rows.first().size() < 2)
        return;
    const LoginRules rules{rows->rows.first().at(0).toString(), rows->rows.first().at(1).toString()};
    // A plan is kept and shown: what holds a password does not become a part of it.
    for (const char *secret : {"ldapbindpasswd", "radiussecrets"})
        if (rules.hba.contains(QLatin1String(secret)))
            return;
    facts.loginRules.insert(node.id, rules);
}

} // namespace

LoginRules LoginRules::ofItsOwn()
{
    return {QStringLiteral("# TYPE  DATABASE     USER  ADDRESS       METHOD\n"
                           "local   all          all                 peer\n"
                           "host    all          all   127.0.0.1/32  scram-sha-256\n"
                           "host    all          all   ::1/128       scram-sha-256\n"
                           "local   replication  all                 peer\n"
                           "host    replication  all   127.0.0.1/32  scram-sha-256\n"
                           "host    replication  all   ::1/128       scram-sha-256\n"),
            QString()};
}

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

Endpoint AddStandbyFacts::seen(const WatchedNode &node) const
{
    Endpoint out = node.endpoint;
    if (target.isLocal())
        return out;
    out.host = target.seenHosts.value(node.id, out.host);
    out.ssh.clear();
    // Files and entries of this machine.
    out.options.remove(QStringLiteral("passfile"));
    out.options.remove(QStringLiteral("service"));
    return out;
}

Endpoint AddStandbyFacts::seen(const WatchedNode &node, const AddStandbyRequest &request) const
{
    Endpoint out = seen(node);
    const Node *upstream = upstreamOf(request);
    if (request.upstreamAddress.isEmpty() || !upstream || upstream->id != node.id)
        return out;
    const auto address = parseUpstreamAddress(request.upstreamAddress, out.port);
    if (!address)
        return out; // validate() says so
    std::tie(out.host, out.port) = *address;
    out.ssh.clear();
    out.options.remove(QStringLiteral("hostaddr"));
    return out;
}

Result<AddStandbyFacts> gatherFacts(const ClusterSpec &spec,
                                    const std::shared_ptr<const SecretSource> &secrets, std::stop_token stop)
{
    AddStandbyFacts facts;
    facts.spec = spec;
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
        readServer(facts, snapshot, *secrets, stop);
    }
    if (answered == 0) {
        const QString why = facts.snapshots.isEmpty() ? QString() : facts.snapshots.first().error;
        return fail(QStringLiteral("No node of %1 answers. %2").arg(spec.title, why).trimmed(),
                    QStringLiteral("Start the primary, or check its address."), QStringLiteral("upstream"));
    }

    auto placed = gatherPlace(std::move(facts), localHostKey, stop);
    if (!placed)
        return placed;
    facts = *std::move(placed);
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

namespace {

// libpq ignores one that others may read.
std::optional<QByteArray> passfileContent(const QString &path)
{
    const auto owner = localHost()->ownership(path);
    if (path.isEmpty() || !owner || owner->isDirectory || (owner->mode & 077) != 0)
        return std::nullopt;
    const auto content = localHost()->readFile(path);
    return content ? std::optional(*content) : std::nullopt;
}

// A project without a standby shows nobody's credential: the person's own passfile may hold it, and the
// superuser's stands in the project.
std::optional<QString> passwordBesideProject(const ClusterSpec &spec, const WatchedNode &node,
                                             const QString &user)
{
    QString path = qEnvironmentVariable("PGPASSFILE");
    if (path.isEmpty())
        path = QDir::homePath() + QStringLiteral("/.pgpass");
    if (const auto content = passfileContent(path)) {
        for (const QString &database : {QStringLiteral("replication"), node.endpoint.database}) {
            if (auto password =
                    passfilePassword(*content, node.endpoint.host, node.endpoint.port, database, user))
                return password;
        }
    }
    if (spec.secrets && user == node.endpoint.user)
        return spec.secrets->password(node.endpoint);
    return std::nullopt;
}

} // namespace

std::optional<QString> replicationPassword(const ClusterSpec &spec, const AddStandbyRequest &request)
{
    const auto content = spec.replicationPassfile.isEmpty() ? Result<QByteArray>(fail({}))
                                                            : localHost()->readFile(spec.replicationPassfile);
    const QString user = request.replicationUser.isEmpty() ? spec.replicationUser : request.replicationUser;
    for (const WatchedNode &node : spec.nodes) {
        if (!request.upstream.isEmpty() && node.id != request.upstream && node.name != request.upstream)
            continue;
        if (content) {
            if (const auto password = passfilePassword(*content, node.endpoint.host, node.endpoint.port,
                                                       QStringLiteral("replication"), user))
                return password;
        }
        if (!spec.composeFile.isEmpty() && !user.isEmpty()) {
            if (auto password = passwordBesideProject(spec, node, user))
                return password;
        }
    }
    return std::nullopt;
}

} // namespace understudy
