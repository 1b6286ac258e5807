// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/TargetMachine.h"

#include "hosts/SshFacts.h"
#include "operations/AddStandby.h"
#include "operations/Passfile.h"
#include "operations/PlanHosts.h"
#include "operations/UnseenMachine.h"

namespace understudy {

namespace {

// What a machine tells of itself, a line each, in this order. POSIX sh alone.
const QString askMachine = QStringLiteral(
    "id -un; uname -n; "
    "if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then echo yes; else echo no; fi; "
    "if command -v pg_createcluster >/dev/null && command -v pg_ctlcluster >/dev/null; then echo yes; "
    "else echo no; fi");

const QString askHome = QStringLiteral("getent passwd \"$1\" | cut -d: -f6");

Result<QStringList> linesOf(Host &host, const QString &script, const QStringList &arguments,
                            std::stop_token stop)
{
    Command ask;
    ask.argv =
        QStringList{QStringLiteral("sh"), QStringLiteral("-c"), script, QStringLiteral("sh")} + arguments;
    ask.timeoutMs = 20000;
    const auto answer = host.run(ask, std::move(stop));
    if (!answer)
        return tl::unexpected(answer.error());
    if (!answer->ok())
        return fail(QStringLiteral("%1 does not say what it is: %2")
                        .arg(host.name(), answer->errorOutput.trimmed().section(u'\n', -1)),
                    {}, QStringLiteral("on"));
    return answer->output.split(u'\n');
}

// The operating-system user of the new server: the upstream's own where both share a machine, so that both
// can share what they must.
QString serverUser(AddStandbyFacts &facts, Host &host, Asking asking)
{
    QString user;
    if (host.isLocal()) {
        const Node *upstream = facts.upstreamOf({});
        const HostBinding *binding = upstream ? facts.binding(upstream->id) : nullptr;
        if (!binding && !facts.bindings.isEmpty())
            binding = &facts.bindings.first();
        user = binding ? binding->owner : QString();
    }
    if (user.isEmpty() && (facts.currentUser == QStringLiteral("root") || !host.isLocal()))
        user = QStringLiteral("postgres"); // PostgreSQL refuses root
    if (user == facts.currentUser)
        return {};
    if (asking == Asking::Allowed && !host.canRunAs(user))
        return {};
    const Host::RunAs may = host.mayRunAs(user);
    facts.target.serverAsks = may == Host::RunAs::WithPassword;
    return may == Host::RunAs::No ? QString() : user;
}

void findAdmin(TargetMachine &target, bool isRoot, Host &host)
{
    const QString root = QStringLiteral("root");
    target.admin = isRoot ? QString() : root;
    const Host::RunAs may = isRoot ? Host::RunAs::Yes : host.mayRunAs(root);
    target.canAdmin = may == Host::RunAs::Yes;
    target.adminAsks = may == Host::RunAs::WithPassword;
}

QStringList keepersOf(const TargetMachine &target, bool systemd, bool debian, const AddStandbyFacts &facts)
{
    QStringList out{QStringLiteral("pg_ctl")};
    const bool debianPrograms = facts.binDirectory.startsWith(QStringLiteral("/usr/lib/postgresql/"));
    const bool root = target.canAdmin || target.adminAsks;
    if (debian && debianPrograms && (root || facts.serverUser() == QStringLiteral("postgres")))
        out << QStringLiteral("pg_ctlcluster");
    if (systemd && root)
        out << QStringLiteral("systemd");
    return out;
}

/// Something of PostgreSQL answers there, asked from the machine itself.
bool answers(const AddStandbyFacts &facts, Host &host, const QString &at, int port, std::stop_token stop)
{
    Command ask;
    ask.argv = {facts.binDirectory + QStringLiteral("/pg_isready"),
                QStringLiteral("-q"),
                QStringLiteral("-t"),
                QStringLiteral("3"),
                QStringLiteral("-h"),
                at,
                QStringLiteral("-p"),
                QString::number(port)};
    ask.timeoutMs = 10000;
    const auto answer = host.run(ask, std::move(stop));
    return answer && (answer->exitCode == 0 || answer->exitCode == 1); // 1: it answers, but admits nobody now
}

// By which host another machine may reach a node, likeliest first. A loopback address means itself there, so
// it stands only where the way to the node leads through that very machine, or where that machine is ours.
QStringList waysTo(const WatchedNode &node, const SshFacts &machine, const QList<Endpoint> &models)
{
    const Endpoint &e = node.endpoint;
    QStringList hosts;
    if (!isLoopback(e.host) && e.ssh.isEmpty())
        hosts << e.host;
    if (e.ssh == machine.destination || (!isLoopback(e.host) && !e.ssh.isEmpty()))
        hosts << e.host;
    for (const Endpoint &model : models)
        if (model.port == e.port && !isLoopback(model.host))
            hosts << model.host;
    if (isLoopback(e.host) && e.ssh.isEmpty() && !machine.clientAddress.isEmpty())
        hosts << machine.clientAddress;
    hosts.removeDuplicates();
    return hosts;
}

void findWays(AddStandbyFacts &facts, Host &host, const SshFacts &machine, const QList<Endpoint> &models,
              std::stop_token stop)
{
    for (const WatchedNode &node : facts.spec.nodes) {
        const QStringList hosts = waysTo(node, machine, models);
        if (hosts.isEmpty())
            continue;
        QString way = hosts.first();
        // Which one is right is proved by pre-flight's login; here one that answers at all is preferred.
        for (const QString &candidate : hosts) {
            if (hosts.size() == 1 || facts.binDirectory.isEmpty())
                break;
            if (answers(facts, host, candidate, node.endpoint.port, stop)) {
                way = candidate;
                break;
            }
        }
        facts.target.seenHosts.insert(node.id, way);
    }
}

// How the standbys replicate: our model for role, passfile and the upstream's address.
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
    QStringList candidates;
    if (host.isLocal())
        candidates << facts.spec.replicationPassfile;
    for (const Endpoint &model : models)
        candidates << model.options.value(QStringLiteral("passfile"));
    if (!facts.target.home.isEmpty())
        candidates << facts.target.home + QStringLiteral("/.pgpass");
    candidates.removeAll(QString());
    candidates.removeDuplicates();
    // Theirs are read as the server's user; that is not worth a question of sudo's.
    if (facts.target.serverAsks)
        candidates.clear();
    for (const WatchedNode &node : facts.spec.nodes) {
        for (const QString &path : std::as_const(candidates)) {
            if (!hasLine(host, path, facts.runAs, facts.seen(node), facts.spec.replicationUser))
                continue;
            facts.sharedPassfiles.insert(node.id, path);
            facts.haveReplicationSecret = true;
            if (facts.spec.replicationPassfile.isEmpty() && host.isLocal())
                facts.spec.replicationPassfile = path;
            break;
        }
    }
    if (!facts.haveReplicationSecret)
        facts.haveReplicationSecret = replicationPassword(facts.spec, {}).has_value();
}

} // namespace

bool TargetMachine::usesRoot(const QString &keeper, const QString &serverUser) const
{
    if (canAdmin || (adminAsks && serverAsks))
        return true;
    const bool debians = keeper == QLatin1String("pg_ctlcluster");
    const bool needed =
        keeper == QLatin1String("systemd") || (debians && serverUser != QLatin1String("postgres"));
    return adminAsks && needed;
}

bool isLoopback(const QString &host)
{
    return host.startsWith(u'/') || host == QLatin1String("localhost") ||
           host.startsWith(QLatin1String("127.")) || host == QLatin1String("::1");
}

Result<AddStandbyFacts> gatherPlace(AddStandbyFacts facts, const QString &on, std::stop_token stop,
                                    Asking asking)
{
    if (isScriptPlace(on))
        return unseenPlace(std::move(facts), on);
    const QString key = on == QLatin1String("compose") ? localHostKey : on;
    const auto host = hostOf(key);
    if (!host)
        return fail(QStringLiteral("\"%1\" is not a place for a standby.").arg(on),
                    QStringLiteral("Choose compose, local, ssh:HOST or script."), QStringLiteral("on"));
    facts.target = {};
    facts.target.place = key;
    const auto lines = linesOf(*host, askMachine, {}, stop);
    if (!lines)
        return tl::unexpected(lines.error());
    if (lines->size() < 4)
        return fail(QStringLiteral("%1 does not say what it is.").arg(host->name()), {},
                    QStringLiteral("on"));
    facts.currentUser = lines->at(0).trimmed();
    facts.target.name = lines->at(1).trimmed();
    facts.runAs = serverUser(facts, *host, asking);
    findAdmin(facts.target, facts.currentUser == QStringLiteral("root"), *host);
    facts.binDirectory.clear();
    if (const Node *upstream = facts.upstreamOf({}))
        facts.binDirectory = host->binDirectory(upstream->versionNum / 10000).value_or(QString());
    facts.target.keepers = keepersOf(facts.target, lines->at(2) == QStringLiteral("yes"),
                                     lines->at(3) == QStringLiteral("yes"), facts);
    if (const auto home = linesOf(*host, askHome, {facts.serverUser()}, stop))
        facts.target.home = home->first().trimmed();
    const QList<Endpoint> models = modelConninfos(facts);
    for (const Endpoint &model : models)
        if (facts.spec.replicationUser.isEmpty())
            facts.spec.replicationUser = model.user;
    if (key.startsWith(sshPrefix)) {
        const auto machine = sshFacts(key.mid(sshPrefix.size()), stop);
        if (!machine)
            return tl::unexpected(machine.error());
        facts.target.address = machine->resolvedHost;
        findWays(facts, *host, *machine, models, stop);
    }
    facts.sharedPassfiles.clear();
    facts.haveReplicationSecret = false;
    findPassfiles(facts, *host, models);
    if (stop.stop_requested())
        return fail(QStringLiteral("Cancelled."));
    return facts;
}

} // namespace understudy
