// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/Adoption.h"

#include <algorithm>

namespace understudy {

namespace {

constexpr int deadlineMs = 3000;

QString nameOf(const NodeSnapshot &node)
{
    return node.name.isEmpty() ? node.id : node.name;
}

QString fieldOf(Answer answer)
{
    switch (answer) {
    case Answer::LoginFailed:
        return QStringLiteral("user");
    case Answer::Refused:
    case Answer::NotPostgres:
        return QStringLiteral("port");
    default:
        return QStringLiteral("host");
    }
}

tl::unexpected<Error> silent(const NodeSnapshot &look)
{
    const QString where = look.endpoint.address();
    const QString words = look.error.endsWith(u'.') || look.error.isEmpty() ? look.error : look.error + u'.';
    switch (look.answer) {
    case Answer::Refused:
        return fail(QStringLiteral("Nothing listens at %1.").arg(where),
                    QStringLiteral("Give the port that this standby listens on, as seen from this machine."),
                    fieldOf(look.answer));
    case Answer::LoginFailed:
        return fail(QStringLiteral("%1 refused the login: %2").arg(where, words),
                    QStringLiteral("Give a user that may log in there, with its password in ~/.pgpass."),
                    fieldOf(look.answer));
    case Answer::NotResponding:
        return fail(QStringLiteral("%1 did not answer: %2").arg(where, words),
                    QStringLiteral("Check the host, and whether a firewall stands in between."),
                    fieldOf(look.answer));
    default:
        return fail(QStringLiteral("%1 could not be looked at: %2").arg(where, words), {},
                    fieldOf(look.answer));
    }
}

} // namespace

std::optional<Adoption> adoptionOf(const Topology &topology, const NodeId &ghost,
                                   const QList<WatchedNode> &nodes)
{
    const Cluster *cluster = topology.clusterOf(ghost);
    const Node *node = topology.node(ghost);
    const Link *link = cluster ? cluster->linkTo(ghost) : nullptr;
    if (!node || node->state != NodeState::Ghost || !link)
        return std::nullopt;
    const auto upstream = std::find_if(
        nodes.begin(), nodes.end(), [&](const WatchedNode &watched) { return watched.id == link->upstream; });
    if (upstream == nodes.end())
        return std::nullopt;
    Adoption adoption{ghost, link->applicationName, cluster->systemIdentifier, upstream->endpoint};
    adoption.guess.options.remove(QStringLiteral("hostaddr"));
    if (!node->host.isEmpty())
        adoption.guess.host = node->host;
    return adoption;
}

Result<WatchedNode> adoptNode(const Adoption &adoption, const Endpoint &endpoint,
                              const QList<NodeSnapshot> &known,
                              const std::shared_ptr<const SecretSource> &secrets)
{
    for (const NodeSnapshot &node : known) {
        if (node.id == endpoint.address())
            return fail(QStringLiteral("%1 is %2, which is shown already.").arg(node.id, nameOf(node)),
                        QStringLiteral("Give the address of the other server."), QStringLiteral("port"));
    }
    ClusterMonitor::Options options;
    options.deadlineMs = deadlineMs;
    QList<NodeSnapshot> looks;
    lookOnce({{endpoint.address(), {}, endpoint}}, secrets, options, 1, 0, &looks);
    if (looks.size() != 1 || !looks.constFirst().answered())
        return looks.isEmpty() ? fail(QStringLiteral("%1 could not be looked at.").arg(endpoint.address()))
                               : silent(looks.constFirst());
    const NodeSnapshot &look = looks.constFirst();
    if (look.systemIdentifier != adoption.systemIdentifier)
        return fail(QStringLiteral(
                        "The server at %1 belongs to another cluster: its system identifier is %2, not %3.")
                        .arg(look.id, look.systemIdentifier, adoption.systemIdentifier),
                    QStringLiteral("Check the host and the port."), QStringLiteral("host"));
    for (const NodeSnapshot &node : known) {
        // The same server by another address.
        if (node.answered() && node.startTimeUs == look.startTimeUs && node.listenPort == look.listenPort &&
            node.dataDirectory == look.dataDirectory)
            return fail(
                QStringLiteral("The server at %1 is %2, which is shown already.").arg(look.id, nameOf(node)),
                QStringLiteral("Give the address of the other server."), QStringLiteral("host"));
    }
    QString name = look.clusterName;
    if (name.isEmpty() && adoption.called != QLatin1String("walreceiver"))
        name = adoption.called;
    return WatchedNode{look.id, name, endpoint};
}

} // namespace understudy
