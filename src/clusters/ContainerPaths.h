// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/compose/EngineContainers.h"
#include "model/Topology.h"

#include <functional>

namespace understudy {

/// The local engine's containers as ways to the servers in them. A container's own address is never a way: it
/// is another one's after the next start. The engine is asked once, when a question first needs it; blocking
/// then, bounded.
class ContainerPaths
{
public:
    using Ask = std::function<Result<QList<EngineContainer>>()>;
    explicit ContainerPaths(Ask ask) : m_ask(std::move(ask)) {}

    enum class Found { NoContainer, Published, Unpublished };
    struct Way
    {
        Found found = Found::NoContainer;
        QString host; ///< On this machine, as bound.
        int port = 0;
        QString name; ///< The service's or container's.
    };

    /// To a server that connects from @p address; it listens on one of @p serverPorts, the likeliest first.
    Way toAddress(const QString &address, const QList<int> &serverPorts);
    /// To a server that @p neighbour calls @p name; only where both are containers of one network.
    Way toName(const QString &name, int serverPort, const Endpoint &neighbour);

    /// Addresses that led to a container which cannot be reached, with a sentence that says why.
    const QMap<QString, QString> &unreachable() const { return m_unreachable; }

private:
    const QList<EngineContainer> &all();
    Way wayInto(const EngineContainer &container, const QString &asked, const QList<int> &serverPorts);

    Ask m_ask;
    std::optional<QList<EngineContainer>> m_all;
    QMap<QString, QString> m_unreachable;
};

/// @p topology with the ghosts' reasons completed by what is known of their addresses. Pure.
Topology withGhostReasons(Topology topology, const QMap<QString, QString> &unreachable);

} // namespace understudy
