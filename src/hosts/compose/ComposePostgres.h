// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/compose/ComposeProject.h"

#include <functional>

namespace understudy {

/// A service that runs a PostgreSQL server, as far as its description tells.
struct PostgresService
{
    enum class Guess { Unknown, Primary, Standby };

    QString name;
    QString evidence; ///< Why it is taken for one: "image postgres:16".
    Guess role = Guess::Unknown;
    QString roleEvidence; ///< Only a guess until the server has been asked.
    int port = 5432;      ///< In its container.
    QString host;      ///< How this machine reaches it: the address its port is bound to; empty if it is not.
    int published = 0; ///< 0: not, or at a port that only the engine knows.
    QString unreachable; ///< Why not, one sentence; empty if it is published at a known port.
    QString user, database;
    bool operator==(const PostgresService &) const = default;
};

/// The PostgreSQL servers among the services, in the project's order. Tools around PostgreSQL (exporters,
/// poolers, backups, consoles) and applications that use one are none. Pure.
QList<PostgresService> postgresServices(const ComposeProject &project);

/// The password of the service's own role: from its environment, a secret's or a mounted file, else (a
/// standby has its primary's roles) from the project's other services with that role. Nothing if nobody says
/// it. @p readFile reads a file of this machine.
std::optional<QString> servicePassword(const ComposeProject &project, const PostgresService &service,
                                       const std::function<Result<QByteArray>(const QString &)> &readFile);

} // namespace understudy
