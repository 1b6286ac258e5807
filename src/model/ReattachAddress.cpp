// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ReattachAddress.h"

namespace understudy {

namespace {

bool isOwnMachine(const QString &host)
{
    return host.isEmpty() || host == QLatin1String("localhost") || host.startsWith(QLatin1String("127.")) ||
           host == QLatin1String("::1") || host.startsWith(u'/');
}

/// What a standby calls its upstream; nothing where that cannot be read or names several.
std::optional<Endpoint> upstreamIn(const NodeSnapshot &standby)
{
    const QString &text =
        standby.conninfoSetting.isEmpty() ? standby.primaryConninfo : standby.conninfoSetting;
    if (text.isEmpty())
        return std::nullopt;
    const auto read = Endpoint::parse(text);
    return read && read->size() == 1 ? std::optional<Endpoint>(read->constFirst()) : std::nullopt;
}

bool isOnOneMachine(const Endpoint &a, const Endpoint &b)
{
    return a.ssh == b.ssh && (a.host == b.host || (isOwnMachine(a.host) && isOwnMachine(b.host)));
}

} // namespace

SeenAddress addressSeenBy(const ReattachScene &scene, const NodeId &standby, const NodeId &target)
{
    const auto own = scene.facts.constFind(standby), other = scene.facts.constFind(target);
    const Node *node = scene.topology.node(target);
    SeenAddress ours;
    if (other != scene.facts.cend())
        ours = {other->endpoint.host, other->endpoint.port, false};
    else if (node)
        ours = {node->host, node->port, false};
    if (own == scene.facts.cend())
        return ours;
    const Cluster *cluster = scene.topology.clusterOf(standby);
    const Link *link = cluster ? cluster->linkTo(standby) : nullptr;

    // Where our own address of its upstream is the one that it uses, so will be that of the target.
    const auto said = upstreamIn(*own);
    const auto now = link ? scene.facts.constFind(link->upstream) : scene.facts.cend();
    if (said && now != scene.facts.cend() && other != scene.facts.cend() &&
        said->port == now->endpoint.port &&
        (said->host == now->endpoint.host ||
         (isOwnMachine(said->host) && isOwnMachine(now->endpoint.host))) &&
        now->endpoint.ssh == other->endpoint.ssh &&
        isOwnMachine(now->endpoint.host) == isOwnMachine(other->endpoint.host))
        return {ours.host, ours.port, true};

    // Its siblings to be call the target by a name that others in their place can use.
    for (const Link &sibling : cluster ? cluster->links : QList<Link>()) {
        if (sibling.upstream != target)
            continue;
        const auto facts = scene.facts.constFind(sibling.downstream);
        const auto called = facts == scene.facts.cend() ? std::nullopt : upstreamIn(*facts);
        if (!called || called->host.isEmpty())
            continue;
        // "localhost" is somebody else elsewhere, and a container's is its own.
        const bool near = isOnOneMachine(facts->endpoint, own->endpoint);
        if (!isOwnMachine(called->host) ? near || !isOwnMachine(own->endpoint.host)
                                        : near && said && isOwnMachine(said->host))
            return {called->host, called->port, true};
    }
    return ours;
}

} // namespace understudy
