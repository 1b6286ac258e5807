// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/LagHistory.h"
#include "monitor/ClusterMonitor.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace understudy::cli {

/// Looks at a cluster every second on a thread of its own, so that a report can draw the lag during a run.
class LagSampler
{
public:
    explicit LagSampler(std::shared_ptr<const SecretSource> secrets);
    ~LagSampler();

    void setNodes(const QList<WatchedNode> &nodes); ///< From the next look on. Any thread.
    /// Blocks until so many further looks were taken, a few seconds at most.
    void waitForLooks(int looks, const std::stop_token &stop);
    LagHistory stop(); ///< Ends it; what was seen.

private:
    void work(const std::stop_token &stop);
    std::shared_ptr<const SecretSource> m_secrets;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    QList<WatchedNode> m_nodes;
    LagHistory m_history;
    int m_looks = 0;
    std::jthread m_thread;
};

} // namespace understudy::cli
