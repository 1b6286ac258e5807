// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/LagSampler.h"

namespace understudy::cli {

namespace {

using namespace std::chrono_literals;
constexpr auto interval = 1s;
constexpr auto patience = 3s;

} // namespace

LagSampler::LagSampler(std::shared_ptr<const SecretSource> secrets)
    : m_secrets(std::move(secrets)), m_thread([this](const std::stop_token &stop) { work(stop); })
{
}

LagSampler::~LagSampler() = default; // The thread is asked to stop and joined.

void LagSampler::setNodes(const QList<WatchedNode> &nodes)
{
    const std::lock_guard lock(m_mutex);
    m_nodes = nodes;
    m_changed.notify_all();
}

void LagSampler::waitForLooks(int looks, const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    const int wanted = m_looks + looks;
    m_changed.wait_for(lock, stop, patience * looks, [&] { return m_looks >= wanted; });
}

LagHistory LagSampler::stop()
{
    m_thread.request_stop();
    if (m_thread.joinable())
        m_thread.join();
    return m_history;
}

void LagSampler::work(const std::stop_token &stop)
{
    while (!stop.stop_requested()) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, stop, [&] { return !m_nodes.isEmpty(); });
        if (stop.stop_requested())
            return;
        const QList<WatchedNode> nodes = m_nodes;
        lock.unlock();
        const Topology topology = lookOnce(nodes, m_secrets, {}, 1, 0);
        lock.lock();
        m_history.add(topology);
        ++m_looks;
        m_changed.notify_all();
        m_changed.wait_for(lock, stop, interval, [] { return false; });
    }
}

} // namespace understudy::cli
