// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor/SqlSession.h"
#include "operations/ReadLoad.h"
#include "operations/ReadWorkload.h"

namespace understudy::reading {

/// What all runs of one test share.
struct RunScene
{
    std::optional<WatchedNode> primary; ///< Where lag is read; none: it stays unknown.
    QString database;
    std::shared_ptr<const SecretSource> secrets;
    ReadWorkload work;
    double seconds = 3;
    int connections = 4;
};

/// A read-only session on @p node; an empty @p database is the endpoint's own.
Result<std::unique_ptr<SqlSession>> openOn(const WatchedNode &node, const QString &database,
                                           const SecretSource &secrets, std::stop_token stop);

/// The node of @p spec, beside the standbys, that is out of recovery.
std::optional<WatchedNode> findPrimary(const ClusterSpec &spec, const QList<WatchedNode> &standbys,
                                       const SecretSource &secrets, std::stop_token stop);

/// The slot that the walreceiver of @p node uses; empty: none, or not to be told.
QString slotOf(const WatchedNode &node, const SecretSource &secrets, std::stop_token stop);

/// One run of the workload, its connections spread evenly over @p nodes. Bounded in time, whatever they do.
ReadLoadRun runOn(const QString &label, const QList<WatchedNode> &nodes, const RunScene &scene,
                  const QStringList &slots_, std::stop_token stop);

} // namespace understudy::reading
