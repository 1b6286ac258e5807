// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/SessionSecrets.h"

namespace understudy {

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
    QMutexLocker lock(&m_mutex);
    const auto it = m_passwords.constFind(key(endpoint));
    return it == m_passwords.constEnd() ? std::nullopt : std::optional<QString>(*it);
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
