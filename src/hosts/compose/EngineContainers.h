// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/Host.h"
#include "hosts/compose/ComposeProject.h"

namespace understudy {

/// A running container of the local engine, as far as it matters for finding the server in it. Its addresses
/// change when it starts again: they lead to it now and identify nothing.
struct EngineContainer
{
    QString name;
    QString service;          ///< Of its Compose project; empty if it has none.
    QString workingDirectory; ///< Of its Compose project.
    QStringList networks;     ///< Names.
    QStringList addresses;    ///< In those networks.
    QStringList aliases;      ///< The names by which others in those networks call it.
    QList<ComposePort> ports; ///< As bound on this machine; only those that are.
    bool operator==(const EngineContainer &) const = default;

    QString shownName() const; ///< "service postgres-standby" or "container db"
    /// Where this machine reaches a TCP port of it, {address, port}; nothing if it is not published.
    std::optional<std::pair<QString, int>> published(int target) const;
    bool sharesNetworkWith(const EngineContainer &other) const;
};

/// The engine's running containers, paused ones too, by `docker ps` and `docker inspect`. An error where
/// there is no docker or its engine does not answer by the deadline. Blocking, 0.1 s.
Result<QList<EngineContainer>> engineContainers(Host &host, int deadlineMs = 3000, std::stop_token stop = {});

/// Reads what `docker inspect` printed; what is of another form is left out. Pure.
QList<EngineContainer> parseInspect(const QByteArray &json);

} // namespace understudy
