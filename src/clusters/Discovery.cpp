// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ClusterSpec.h"
#include "clusters/ContainerPaths.h"
#include "clusters/ControlFile.h"
#include "clusters/LocalAddresses.h"
#include "hosts/PostmasterPid.h"

#include <QFileInfo>
#include <QSet>
#include <algorithm>

namespace understudy {

namespace {

constexpr int mostCandidates = 32; // a round
constexpr int rounds = 3;          // a standby of a standby of a standby
constexpr int deadlineMs = 2000;

/// Somewhere a node of this cluster may be listening.
struct Candidate
{
    Endpoint endpoint;
    QString systemIdentifier; ///< What it must say to be believed.
    QString directory;        ///< Where its data is, if it was found on this machine.
    QString name;             ///< What its container is called.
};

Endpoint like(const Endpoint &shape, const QString &host, int port)
{
    Endpoint endpoint = shape;
    endpoint.host = host;
    endpoint.port = port;
    endpoint.options.remove(QStringLiteral("hostaddr"));
    return endpoint;
}

/// How we reach a server that runs here: the way its neighbour is reached, if it listens that way.
QString hostFor(const PostmasterPid &server, const Endpoint &shape)
{
    const QString listen = server.listenAddress.trimmed();
    // A login over the socket (peer) is another one than over TCP.
    if (listen.isEmpty() || (shape.host.startsWith(QLatin1Char('/')) && !server.socketDirectory.isEmpty()))
        return server.socketDirectory;
    const bool any =
        listen == QLatin1String("*") || listen == QLatin1String("0.0.0.0") || listen == QLatin1String("::");
    if (!any && listen != QLatin1String("localhost") && !listen.startsWith(QLatin1String("127.")))
        return listen;
    return isLocalAddress(shape.host) || shape.host == QLatin1String("localhost")
               ? shape.host
               : QStringLiteral("127.0.0.1");
}

class Discovery
{
public:
    Discovery(const ClusterSpec &spec, const QList<NodeSnapshot> &snapshots,
              const std::shared_ptr<const SecretSource> &secrets)
        : m_secrets(secrets)
    {
        for (const WatchedNode &node : spec.nodes) {
            m_asked << node.id;
            m_names << node.name;
        }
        for (const NodeSnapshot &snapshot : snapshots) {
            m_asked << snapshot.id;
            m_names << snapshot.name;
            if (snapshot.answered() && !snapshot.systemIdentifier.isEmpty())
                m_known << snapshot;
        }
    }

    QList<WatchedNode> run()
    {
        QList<NodeSnapshot> fresh = m_known;
        for (int round = 0; round < rounds && !fresh.isEmpty(); ++round) {
            const QList<Candidate> candidates = candidatesOf(fresh);
            fresh = ask(candidates);
        }
        return m_found;
    }

    const QMap<QString, QString> &unreachable() const { return m_containers.unreachable(); }

private:
    QList<Candidate> candidatesOf(const QList<NodeSnapshot> &snapshots)
    {
        QList<Candidate> out;
        const auto add = [&](const Endpoint &endpoint, const QString &identifier,
                             const QString &directory = {}, const QString &name = {}) {
            const NodeId id = endpoint.address();
            if (m_asked.contains(id) || out.size() >= mostCandidates)
                return;
            m_asked << id;
            out << Candidate{endpoint, identifier, directory, name};
        };
        // Whether it is a container's, published or not: then its own address is no way to it.
        const auto addPublished = [&](const ContainerPaths::Way &way, const NodeSnapshot &node) {
            if (way.found == ContainerPaths::Found::Published)
                add(like(node.endpoint, way.host, way.port), node.systemIdentifier, {}, way.name);
            return way.found != ContainerPaths::Found::NoContainer;
        };
        const QList<LocalServer> local = localServers();
        for (const NodeSnapshot &node : snapshots) {
            // Servers of this machine with the same identifier, connected or not.
            for (const LocalServer &server : local) {
                if (systemIdentifierOf(server.pid.dataDirectory) != node.systemIdentifier)
                    continue;
                Endpoint here = like(node.endpoint, hostFor(server.pid, node.endpoint), server.pid.port);
                here.ssh.clear();
                add(here, node.systemIdentifier, server.pid.dataDirectory);
            }
            for (const auto &[host, port] : upstreamsOf(node)) {
                const bool mayBeContainer = !host.startsWith(u'/') && !isLocalAddress(host);
                if (!mayBeContainer || !addPublished(m_containers.toName(host, port, node.endpoint), node))
                    add(like(node.endpoint, host, port), node.systemIdentifier);
            }
            for (const SenderRow &sender : node.senders) {
                if (sender.logical || sender.state == QLatin1String("backup"))
                    continue;
                // Servers of other users here cannot be read, but their sockets can be seen.
                if (sender.clientAddress.isEmpty() || isLocalAddress(sender.clientAddress)) {
                    // Behind an ssh host "here" is there, where no socket can be seen.
                    const QList<int> ports =
                        node.endpoint.ssh.isEmpty() ? portsOfLocalSockets() : QList<int>();
                    for (const int port : ports)
                        add(like(node.endpoint, QStringLiteral("127.0.0.1"), port), node.systemIdentifier);
                } else {
                    // Its listen port cannot be known; most often it is its upstream's.
                    const int port = node.listenPort > 0 ? node.listenPort : 5432;
                    if (!addPublished(m_containers.toAddress(sender.clientAddress, {port, 5432}), node))
                        add(like(node.endpoint, sender.clientAddress, port), node.systemIdentifier);
                }
            }
        }
        return out;
    }

    static QList<std::pair<QString, int>> upstreamsOf(const NodeSnapshot &node)
    {
        if (node.receiver && !node.receiver->senderHost.isEmpty())
            return {{node.receiver->senderHost, node.receiver->senderPort.value_or(5432)}};
        if (node.role != Role::Standby || node.primaryConninfo.isEmpty())
            return {};
        const auto endpoints = Endpoint::parse(node.primaryConninfo);
        QList<std::pair<QString, int>> out;
        for (const Endpoint &endpoint : endpoints.value_or(QList<Endpoint>()))
            out << std::pair(endpoint.host, endpoint.port);
        return out;
    }

    /// Looks at every candidate at once and keeps those that prove to be nodes of the cluster.
    QList<NodeSnapshot> ask(const QList<Candidate> &candidates)
    {
        QList<NodeSnapshot> fresh;
        if (candidates.isEmpty())
            return fresh;
        QList<WatchedNode> nodes;
        for (const Candidate &candidate : candidates)
            nodes << WatchedNode{candidate.endpoint.address(), QString(), candidate.endpoint};
        ClusterMonitor::Options options;
        options.deadlineMs = deadlineMs;
        QList<NodeSnapshot> looks;
        lookOnce(nodes, m_secrets, options, 1, 0, &looks);
        for (const Candidate &candidate : candidates) {
            const auto look = std::find_if(looks.cbegin(), looks.cend(), [&](const NodeSnapshot &snapshot) {
                return snapshot.id == candidate.endpoint.address();
            });
            if (look == looks.cend() || !look->answered() ||
                look->systemIdentifier != candidate.systemIdentifier || isKnown(*look))
                continue;
            m_known << *look;
            fresh << *look;
            m_found << WatchedNode{look->id, nameFor(*look, candidate), candidate.endpoint};
        }
        return fresh;
    }

    /// The same server by another address.
    bool isKnown(const NodeSnapshot &look) const
    {
        return std::any_of(m_known.cbegin(), m_known.cend(), [&](const NodeSnapshot &known) {
            return known.systemIdentifier == look.systemIdentifier && known.startTimeUs == look.startTimeUs &&
                   known.listenPort == look.listenPort && known.dataDirectory == look.dataDirectory;
        });
    }

    QString nameFor(const NodeSnapshot &look, const Candidate &candidate)
    {
        static const QStringList meaningless{QStringLiteral("main"), QStringLiteral("data"),
                                             QStringLiteral("pgdata")};
        const QString folder = QFileInfo(candidate.directory).fileName();
        QStringList wishes;
        if (!candidate.name.isEmpty())
            wishes << candidate.name;
        if (!look.clusterName.isEmpty())
            wishes << look.clusterName;
        if (!folder.isEmpty() && !meaningless.contains(folder))
            wishes << folder;
        if (look.role == Role::Primary)
            wishes << QStringLiteral("primary");
        for (int i = 1; i <= m_known.size() + m_names.size() + 1; ++i)
            wishes << QStringLiteral("standby%1").arg(i);
        for (const QString &wish : wishes) {
            if (!m_names.contains(wish)) {
                m_names << wish;
                return wish;
            }
        }
        return {};
    }

    std::shared_ptr<const SecretSource> m_secrets;
    ContainerPaths m_containers{[] { return engineContainers(*localHost(), deadlineMs); }};
    QSet<NodeId> m_asked;
    QSet<QString> m_names;
    QList<NodeSnapshot> m_known;
    QList<WatchedNode> m_found;
};

} // namespace

QList<WatchedNode> discoverNodes(const ClusterSpec &spec, const QList<NodeSnapshot> &snapshots,
                                 const std::shared_ptr<const SecretSource> &secrets,
                                 QMap<QString, QString> *unreachable)
{
    Discovery discovery(spec, snapshots, secrets);
    QList<WatchedNode> found = discovery.run();
    if (unreachable)
        *unreachable = discovery.unreachable();
    return found;
}

} // namespace understudy
