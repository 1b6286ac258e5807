// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "TestServer.h"
#include "monitor/ClusterMonitor.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

namespace understudy::test {

/// A quick monitor over test servers, and short questions to what it sees. Nothing is asked of the servers
/// here.
class Watch
{
public:
    static ClusterMonitor::Options quick()
    {
        ClusterMonitor::Options options;
        options.intervalMs = 200;
        options.deadlineMs = 1500;
        options.thresholds.stallAfterSeconds = 1;
        options.thresholds.raiseAfterSeconds = 0.5;
        options.thresholds.clearAfterSeconds = 0.5;
        return options;
    }

    explicit Watch(const QList<WatchedNode> &nodes, const ClusterMonitor::Options &options = quick())
        : monitor(std::make_shared<LibpqSecrets>(), options)
    {
        monitor.setNodes(nodes);
    }

    static WatchedNode node(const TestServer &server, const QString &user = QStringLiteral("understudy"))
    {
        WatchedNode out;
        out.endpoint.port = server.port();
        out.endpoint.user = user;
        out.endpoint.options.insert(QStringLiteral("passfile"), server.passfile());
        out.id = out.endpoint.address();
        out.name = server.name();
        return out;
    }
    /// The server as reached through another port.
    static WatchedNode through(const TestServer &server, int port, const QString &name)
    {
        WatchedNode out = node(server);
        out.endpoint.port = port;
        out.id = out.endpoint.address();
        out.name = name;
        return out;
    }
    template <typename... Servers>
    static QList<WatchedNode> nodes(const Servers &...servers)
    {
        return {node(*servers)...};
    }

    const QList<Cluster> &clusters() const { return monitor.topology().clusters; }
    const Node *at(const NodeId &id) const { return monitor.topology().node(id); }
    const Node *at(const std::unique_ptr<TestServer> &server) const { return at(node(*server).id); }
    const Link *linkTo(const NodeId &id) const
    {
        const Cluster *cluster = monitor.topology().clusterOf(id);
        return cluster ? cluster->linkTo(id) : nullptr;
    }
    const Link *linkTo(const std::unique_ptr<TestServer> &server) const { return linkTo(node(*server).id); }
    const NodeSnapshot *facts(const std::unique_ptr<TestServer> &server) const
    {
        return monitor.snapshot(node(*server).id);
    }

    bool isState(const NodeId &id, NodeState state) const { return at(id) && at(id)->state == state; }
    bool isState(const std::unique_ptr<TestServer> &server, NodeState state) const
    {
        return isState(node(*server).id, state);
    }
    template <typename Which>
    bool isLag(const Which &downstream, LagState state) const
    {
        const Link *link = linkTo(downstream);
        return link && link->lag == state;
    }
    /// The link is there, of this confidence, and up to date (idle is that as well).
    template <typename Which>
    bool isWell(const Which &downstream, const NodeId &upstream, Confidence confidence) const
    {
        const Link *link = linkTo(downstream);
        return link && link->upstream == upstream && link->confidence == confidence &&
               link->state == LinkState::Streaming &&
               (link->lag == LagState::CaughtUp || link->lag == LagState::Idle);
    }
    /// With @p about: only one about that node or downstream.
    const Finding *finding(const char *name, const NodeId &about = {}) const
    {
        for (const Cluster &cluster : clusters()) {
            for (const Finding &f : cluster.findings) {
                if (f.name == QLatin1String(name) &&
                    (about.isEmpty() || f.node == about || f.downstream == about))
                    return &f;
            }
        }
        return nullptr;
    }
    bool isClear() const ///< Nothing but notices.
    {
        for (const Cluster &cluster : clusters()) {
            for (const Finding &f : cluster.findings) {
                if (f.severity != Severity::Notice)
                    return false;
            }
        }
        return !clusters().isEmpty();
    }
    QByteArray dump() const { return QJsonDocument(toJson(monitor.topology())).toJson(); }

    ClusterMonitor monitor;
};

} // namespace understudy::test

/// Waits for @p condition of a Watch and shows what it saw if that never came.
#define SEE(watch, condition, milliseconds)                                                                  \
    QTRY_VERIFY2_WITH_TIMEOUT(condition, (watch).dump().constData(), milliseconds)
