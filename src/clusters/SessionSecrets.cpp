// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/SessionSecrets.h"

namespace understudy {

SessionSecrets::SessionSecrets(std::shared_ptr<const SecretSource> otherwise)
    : m_otherwise(std::move(otherwise))
{
}

SessionSecrets::~SessionSecrets()
{
    for (QString &password : m_passwords)
        password.fill(QChar(u'\0'));
}

QString SessionSecrets::key(const Endpoint &endpoint)
{
    return endpoint.user + u'@' + endpoint.host;
}

std::optional<QString> SessionSecrets::password(const Endpoint &endpoint) const
{
    {
        QMutexLocker lock(&m_mutex);
        if (const auto it = m_passwords.constFind(key(endpoint)); it != m_passwords.constEnd())
            return *it;
    }
    return m_otherwise ? m_otherwise->password(endpoint) : std::nullopt;
}

void SessionSecrets::set(const Endpoint &endpoint, const QString &password)
{
    QMutexLocker lock(&m_mutex);
    m_passwords.insert(key(endpoint), password);
}

void SessionSecrets::forget(const Endpoint &endpoint)
{
    QMutexLocker lock(&m_mutex);
    m_passwords.remove(key(endpoint));
}

} // namespace understudy
