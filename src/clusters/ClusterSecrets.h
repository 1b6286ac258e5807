// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "clusters/ClusterSpec.h"

#include <QHash>

namespace understudy {

/// Passwords that came with a cluster's description (a Compose service's environment), for as long as the
/// cluster is open. In memory only. What libpq finds by itself (PGPASSWORD, a passfile) goes first. Filled
/// before it is shared, then any thread.
class DescribedSecrets final : public SecretSource
{
public:
    DescribedSecrets() = default;
    ~DescribedSecrets() override;
    std::optional<QString> password(const Endpoint &endpoint) const override;
    void set(const Endpoint &endpoint, const QString &password);

private:
    QHash<QString, QString> m_byAddress; ///< For one server.
    QHash<QString, QString> m_byHost;    ///< For servers discovered beside it: they share their roles.
};

/// Where the passwords of @p spec come from: @p first (what a person typed), then what its description says,
/// then libpq's own sources. This is what goes to monitors and sessions. Any thread.
std::shared_ptr<const SecretSource> secretsOf(const ClusterSpec &spec,
                                              std::shared_ptr<const SecretSource> first);

} // namespace understudy
