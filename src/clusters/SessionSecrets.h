// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/SecretSource.h"

#include <QHash>
#include <QMutex>
#include <memory>

namespace understudy {

/// Passwords a person typed, for as long as it lives (the window, one verb), in memory only; where none was
/// typed, what another source knows. Any thread.
class SessionSecrets final : public SecretSource
{
public:
    explicit SessionSecrets(std::shared_ptr<const SecretSource> otherwise = {});
    ~SessionSecrets() override;
    std::optional<QString> password(const Endpoint &endpoint) const override;
    void set(const Endpoint &endpoint, const QString &password);
    void forget(const Endpoint &endpoint);

private:
    static QString key(const Endpoint &endpoint);
    const std::shared_ptr<const SecretSource> m_otherwise;
    mutable QMutex m_mutex;
    QHash<QString, QString> m_passwords;
};

} // namespace understudy
