// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"
#include "hosts/compose/ComposePostgres.h"
#include "hosts/compose/EngineContainers.h"

namespace understudy {

/// The cluster that a Compose file describes: its PostgreSQL services with a published port are the nodes,
/// called by the services' names. Their passwords go into `secrets`, never into the saved form. Runs
/// Compose's `config` and looks at the engine's containers; without a running engine the nodes are there and
/// down. Blocking, about a second.
Result<ClusterSpec> resolveCompose(const QString &path);

/// The same from what Compose and the engine said. @p readFile reads secrets' files. Pure but for that.
Result<ClusterSpec> clusterOfProject(const QString &path, const ComposeProject &project,
                                     const QList<EngineContainer> &containers,
                                     const std::function<Result<QByteArray>(const QString &)> &readFile);

} // namespace understudy
