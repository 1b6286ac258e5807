// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/SecretSource.h"

#include <QHash>
#include <QMutex>

namespace understudy {

/// Passwords a person typed, for as long as the window is open. In memory only. Any thread.
class SessionSecrets final : public SecretSource
{
public:
    SessionSecrets() = default;
    ~SessionSecrets() override;
    std::optional<QString> password(const Endpoint &endpoint) const override;
    void set(const Endpoint &endpoint, const QString &password);
    void forget(const Endpoint &endpoint);

private:
    static QString key(const Endpoint &endpoint);
    mutable QMutex m_mutex;
    QHash<QString, QString> m_passwords;
};

} // namespace understudy
