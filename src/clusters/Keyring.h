// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"
#include "model/SecretSource.h"

#include <QHash>
#include <QMutex>
#include <memory>

namespace understudy {

/// The desktop's store of passwords. Every call blocks, for at most its limit: worker threads and verbs only.
class Keyring
{
public:
    enum class State { Found, NotFound, Unavailable };
    struct Answer
    {
        State state = State::Unavailable; ///< Unavailable: none runs, it is locked, or it did not answer.
        QString password;
    };

    virtual ~Keyring() = default;
    virtual Answer read(const QString &key, int timeoutMs) = 0;
    virtual Result<void> write(const QString &key, const QString &password, int timeoutMs) = 0;
    virtual Result<void> remove(const QString &key, int timeoutMs) = 0;
};

/// Secret Service (GNOME Keyring, KeePassXC...) or KWallet, through QtKeychain. Without a D-Bus session it is
/// unavailable at once, and no bus is started for it.
std::shared_ptr<Keyring> systemKeyring();

/// What a password is kept under: "user@host:port/database".
QString keyringKey(const Endpoint &endpoint);

/// Passwords from a keyring. What was found is remembered; a keyring that is not there or does not answer is
/// left alone for a while, so that it delays nobody. Any thread but the GUI's.
class KeyringSecrets final : public SecretSource
{
public:
    /// @p timeoutMs: how long a connection may wait for the keyring; well below a probe's deadline.
    explicit KeyringSecrets(std::shared_ptr<Keyring> keyring, int timeoutMs = 800);
    ~KeyringSecrets() override;
    std::optional<QString> password(const Endpoint &endpoint) const override;
    /// Reads what @p endpoints need beforehand, with time for a person to unlock the keyring.
    void prefetch(const QList<Endpoint> &endpoints, int timeoutMs = 20000) const;
    /// The next look asks again.
    void forget(const Endpoint &endpoint);

private:
    std::optional<QString> ask(const QString &key, int timeoutMs) const;

    const std::shared_ptr<Keyring> m_keyring;
    const int m_timeoutMs;
    mutable QMutex m_mutex;
    mutable QHash<QString, std::optional<QString>> m_known;
    mutable qint64 m_restUntilUs = 0; ///< Monotonic.
};

/// What verbs take: the system's keyring, briefly, else libpq's own sources.
std::shared_ptr<const SecretSource> systemSecrets();

} // namespace understudy
