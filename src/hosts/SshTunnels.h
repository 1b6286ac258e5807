// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/SshTunnel.h"
#include "model/Reach.h"

#include <map>
#include <mutex>

namespace understudy {

/// Every tunnel of this process, one for each pair of ssh host and target. Install with setReach().
class SshTunnels final : public Reach
{
public:
    Result<Endpoint> open(const Endpoint &endpoint, int timeoutMs) override;
    QString words(const Endpoint &endpoint) const override;

private:
    using Key = std::pair<QString, QString>;
    static Key keyOf(const Endpoint &endpoint);
    mutable std::mutex m_mutex;
    std::map<Key, std::shared_ptr<SshTunnel>> m_tunnels;
};

} // namespace understudy
