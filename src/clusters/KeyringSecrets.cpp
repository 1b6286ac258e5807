// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/Keyring.h"
#include "model/Clock.h"

namespace understudy {

namespace {

constexpr qint64 restUs = qint64(60) * 1000 * 1000;

} // namespace

QString keyringKey(const Endpoint &endpoint)
{
    return endpoint.user + u'@' + endpoint.address() + u'/' + endpoint.database;
}

KeyringSecrets::KeyringSecrets(std::shared_ptr<Keyring> keyring, int timeoutMs)
    : m_keyring(std::move(keyring)), m_timeoutMs(timeoutMs)
{
}

KeyringSecrets::~KeyringSecrets()
{
    for (auto &password : m_known) {
        if (password)
            password->fill(QChar(u'\0'));
    }
}

std::optional<QString> KeyringSecrets::password(const Endpoint &endpoint) const
{
    return ask(keyringKey(endpoint), m_timeoutMs);
}

void KeyringSecrets::prefetch(const QList<Endpoint> &endpoints, int timeoutMs) const
{
    for (const Endpoint &endpoint : endpoints)
        ask(keyringKey(endpoint), timeoutMs);
}

void KeyringSecrets::forget(const Endpoint &endpoint)
{
    QMutexLocker lock(&m_mutex);
    m_known.remove(keyringKey(endpoint));
    m_restUntilUs = 0;
}

std::optional<QString> KeyringSecrets::ask(const QString &key, int timeoutMs) const
{
    {
        QMutexLocker lock(&m_mutex);
        if (const auto it = m_known.constFind(key); it != m_known.constEnd())
            return *it;
        if (SystemClock::instance().monotonicUs() < m_restUntilUs)
            return std::nullopt;
    }
    // Not under the lock: the others must not wait for a keyring that does not answer.
    const Keyring::Answer answer = m_keyring->read(key, timeoutMs);
    QMutexLocker lock(&m_mutex);
    if (answer.state == Keyring::State::Unavailable) {
        m_restUntilUs = SystemClock::instance().monotonicUs() + restUs;
        return std::nullopt;
    }
    const std::optional<QString> found =
        answer.state == Keyring::State::Found ? std::optional(answer.password) : std::nullopt;
    m_known.insert(key, found);
    return found;
}

std::shared_ptr<const SecretSource> systemSecrets()
{
    return std::make_shared<KeyringSecrets>(systemKeyring());
}

} // namespace understudy
