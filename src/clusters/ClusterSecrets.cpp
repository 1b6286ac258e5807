// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ClusterSecrets.h"

#include "monitor/LibpqDefaults.h"

namespace understudy {

namespace {

QString addressKey(const Endpoint &endpoint)
{
    return endpoint.user + u'@' + endpoint.address();
}

QString hostKey(const Endpoint &endpoint)
{
    return endpoint.user + u'@' + endpoint.host;
}

/// A password given to libpq ends its own search, so the search is made here first.
bool libpqKnows(const Endpoint &endpoint)
{
    return !qEnvironmentVariableIsEmpty("PGPASSWORD") || passfilePasswordOf(endpoint);
}

/// Asks one source and then another.
class InTurn final : public SecretSource
{
public:
    InTurn(std::shared_ptr<const SecretSource> first, std::shared_ptr<const SecretSource> second)
        : m_first(std::move(first)), m_second(std::move(second))
    {
    }
    std::optional<QString> password(const Endpoint &endpoint) const override
    {
        if (auto known = m_first->password(endpoint))
            return known;
        return m_second->password(endpoint);
    }

private:
    std::shared_ptr<const SecretSource> m_first, m_second;
};

} // namespace

DescribedSecrets::~DescribedSecrets()
{
    for (auto *passwords : {&m_byAddress, &m_byHost}) {
        for (QString &password : *passwords)
            password.fill(QChar(u'\0'));
    }
}

std::optional<QString> DescribedSecrets::password(const Endpoint &endpoint) const
{
    auto known = m_byAddress.constFind(addressKey(endpoint));
    if (known == m_byAddress.constEnd()) {
        known = m_byHost.constFind(hostKey(endpoint));
        if (known == m_byHost.constEnd())
            return std::nullopt;
    }
    return libpqKnows(endpoint) ? std::nullopt : std::optional(*known);
}

void DescribedSecrets::set(const Endpoint &endpoint, const QString &password)
{
    m_byAddress.insert(addressKey(endpoint), password);
    // The first is as good as any other: a cluster's nodes share their roles.
    if (!m_byHost.contains(hostKey(endpoint)))
        m_byHost.insert(hostKey(endpoint), password);
}

std::shared_ptr<const SecretSource> secretsOf(const ClusterSpec &spec,
                                              std::shared_ptr<const SecretSource> first)
{
    if (!spec.secrets)
        return first;
    if (!first)
        return spec.secrets;
    return std::make_shared<InTurn>(std::move(first), spec.secrets);
}

} // namespace understudy
