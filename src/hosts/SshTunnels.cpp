// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/SshTunnels.h"

namespace understudy {

namespace {

const QString hostaddr = QStringLiteral("hostaddr");

} // namespace

SshTunnels::Key SshTunnels::keyOf(const Endpoint &endpoint)
{
    Endpoint target = endpoint;
    target.host = endpoint.options.value(hostaddr, endpoint.host);
    return {endpoint.ssh, target.host.startsWith(u'/')
                              ? QStringLiteral("%1/.s.PGSQL.%2").arg(target.host).arg(target.port)
                              : target.address()};
}

Result<Endpoint> SshTunnels::open(const Endpoint &endpoint, int timeoutMs)
{
    const Key key = keyOf(endpoint);
    std::shared_ptr<SshTunnel> tunnel;
    {
        const std::lock_guard lock(m_mutex);
        std::shared_ptr<SshTunnel> &known = m_tunnels[key];
        if (!known)
            known = std::make_shared<SshTunnel>(key.first, key.second);
        tunnel = known;
    }
    const auto port = tunnel->port(timeoutMs);
    if (!port)
        return tl::unexpected(port.error());
    Endpoint here = endpoint;
    here.ssh.clear();
    here.port = *port;
    here.options.insert(hostaddr, QStringLiteral("127.0.0.1"));
    return here;
}

QString SshTunnels::words(const Endpoint &endpoint) const
{
    std::shared_ptr<SshTunnel> tunnel;
    {
        const std::lock_guard lock(m_mutex);
        const auto it = m_tunnels.find(keyOf(endpoint));
        if (it == m_tunnels.end())
            return {};
        tunnel = it->second;
    }
    return tunnel->words();
}

} // namespace understudy
