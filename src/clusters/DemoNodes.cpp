// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/DemoNodes.h"

#include "clusters/ServersBelow.h"

#include <algorithm>

namespace understudy {

ClusterSpec withRunningServers(ClusterSpec demo)
{
    if (demo.nodes.isEmpty())
        return demo;
    const Endpoint shape = demo.nodes.constFirst().endpoint;
    const QList<FolderServer> servers = serversBelow(demo.demoFolder);
    QList<WatchedNode> nodes;
    for (const FolderServer &server : servers) {
        const bool saved = std::any_of(demo.nodes.cbegin(), demo.nodes.cend(),
                                       [&](const WatchedNode &node) { return node.name == server.name; });
        // A directory that is being copied right now is no node yet.
        if (!server.running() && !saved)
            continue;
        Endpoint endpoint = shape;
        endpoint.port = server.port;
        nodes << WatchedNode{endpoint.address(), server.name, endpoint};
    }
    demo.nodes = nodes;
    return demo;
}

} // namespace understudy
