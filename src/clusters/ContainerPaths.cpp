// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ContainerPaths.h"

#include <algorithm>

namespace understudy {

const QList<EngineContainer> &ContainerPaths::all()
{
    if (!m_all)
        m_all = m_ask().value_or(QList<EngineContainer>());
    return *m_all;
}

ContainerPaths::Way ContainerPaths::wayInto(const EngineContainer &container, const QString &asked,
                                            const QList<int> &serverPorts)
{
    Way way;
    way.name = container.service.isEmpty() ? container.name : container.service;
    for (const int port : serverPorts) {
        if (const auto published = container.published(port)) {
            way.found = Found::Published;
            std::tie(way.host, way.port) = *published;
            return way;
        }
    }
    way.found = Found::Unpublished;
    QString who = container.shownName();
    who[0] = who.at(0).toUpper();
    m_unreachable.insert(asked, container.ports.isEmpty()
                                    ? QStringLiteral("%1 publishes no port.").arg(who)
                                    : QStringLiteral("%1 does not publish its server's port.").arg(who));
    return way;
}

ContainerPaths::Way ContainerPaths::toAddress(const QString &address, const QList<int> &serverPorts)
{
    for (const EngineContainer &container : all()) {
        if (container.addresses.contains(address))
            return wayInto(container, address, serverPorts);
    }
    return {};
}

ContainerPaths::Way ContainerPaths::toName(const QString &name, int serverPort, const Endpoint &neighbour)
{
    const auto own = std::find_if(all().begin(), all().end(), [&](const EngineContainer &container) {
        return std::any_of(container.ports.begin(), container.ports.end(), [&](const ComposePort &port) {
            const auto bound = container.published(port.target);
            return port.published == neighbour.port && bound && bound->first == neighbour.host;
        });
    });
    if (own == all().end())
        return {};
    for (const EngineContainer &container : all()) {
        const bool called = container.aliases.contains(name) || container.addresses.contains(name);
        if (called && container.name != own->name && container.sharesNetworkWith(*own))
            return wayInto(container, name, {serverPort});
    }
    return {};
}

Topology withGhostReasons(Topology topology, const QMap<QString, QString> &unreachable)
{
    if (unreachable.isEmpty())
        return topology;
    for (Cluster &cluster : topology.clusters) {
        for (Node &node : cluster.nodes) {
            if (node.state == NodeState::Ghost && unreachable.contains(node.host))
                node.reason += u' ' + unreachable.value(node.host);
        }
    }
    return topology;
}

} // namespace understudy
