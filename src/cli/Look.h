// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"
#include "history/LagHistory.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace understudy::cli {

/// A cluster resolved, completed with the standbys that can be found from it, and looked at.
struct Look
{
    ClusterSpec spec;
    std::shared_ptr<const SecretSource> secrets; ///< What was given, and what the spec's description holds
    Topology topology;
    QList<NodeSnapshot> snapshots;
    bool recorded = false;  ///< Of a recording: nobody was asked.
    LagHistory history;     ///< Of a recording, the whole of it.
    bool answered() const;  ///< At least one node did.
    bool stuck() const;     ///< A node hangs: a thread may hang with it, so that nobody may wait for threads.
    QString whyNot() const; ///< One sentence of a cluster in which nobody answered.
};

/// The spec with the nodes that its own nodes speak of. Blocks for at most about @p deadlineMs per node.
ClusterSpec withDiscoveredNodes(const ClusterSpec &spec, const std::shared_ptr<const SecretSource> &secrets,
                                int deadlineMs);
/// Resolves @p cluster and takes one look of @p polls polls, bounded by @p timeoutSeconds.
Result<Look> takeLook(const QString &cluster, const std::shared_ptr<const SecretSource> &secrets,
                      double timeoutSeconds, int polls);
/// The same where a recording will do as well: its look at the time @p at, the last one if that is empty.
Result<Look> takeLookOrRecorded(const QString &cluster, const std::shared_ptr<const SecretSource> &secrets,
                                double timeoutSeconds, int polls, const QString &at);
/// "2026-11-24T13:40:07Z", or "13:40:07" or "13:40" of the day of @p newestUs, all UTC; microseconds.
std::optional<qint64> readMoment(const QString &text, qint64 newestUs);

/// Ends the process with a sentence when the time is over, whatever its threads do.
class Deadline
{
public:
    Deadline(double seconds, const QString &sentence);
    ~Deadline();
    Deadline(const Deadline &) = delete;
    Deadline &operator=(const Deadline &) = delete;

private:
    std::mutex m_mutex;
    std::condition_variable_any m_over;
    std::jthread m_thread;
};

/// Ends the process at once: output is flushed, threads are not joined.
[[noreturn]] void leaveNow(int code);

} // namespace understudy::cli
