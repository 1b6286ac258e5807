// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/SshConnection.h"

#include <QHash>
#include <chrono>

namespace understudy {

/// A user of the other machine's operating system.
struct SshUser
{
    QString name;
    int uid = -1;
    int gid = -1;
    QString home;
};

/// Who is who on one machine, and how commands run there as somebody else: as root with setpriv or runuser,
/// else with sudo. A password that sudo wants is asked for once and stays in memory. Any thread.
class SshUsers
{
public:
    explicit SshUsers(SshConnection &connection) : m_connection(connection) {}

    /// Empty: who is logged in. An error when there is no such user.
    Result<SshUser> find(const QString &name, std::stop_token stop);

    struct Way
    {
        QStringList before; ///< In front of the shell (SshCall::before).
        QByteArray secret;  ///< SshCall::secret
        QStringList drop;   ///< In front of the command itself.
    };
    Result<Way> way(const SshUser &user, std::stop_token stop);
    /// Whether way() would ask somebody for sudo's password. Asks nobody itself. An error where there is no
    /// way.
    Result<bool> asksBefore(const SshUser &user, std::stop_token stop);
    void forget();
    /// sudo said no to a call that went its way(): the error. A password that it does not take any more is
    /// forgotten.
    Error refused(const QString &user, const QString &said);

private:
    Error refusal(const QString &user, const QString &said) const;
    Error noSudo(const QString &user, const QString &us) const;
    Result<bool> sudoIsFree(const QString &user, std::stop_token stop);
    Result<void> askForSudo(const QString &user, std::stop_token stop);

    SshConnection &m_connection;
    std::mutex m_mutex;
    QHash<QString, SshUser> m_users;
    std::mutex m_sudoMutex; ///< Held while somebody is asked.
    QHash<QString, bool> m_sudoFree;
    QByteArray m_sudoPassword;
    std::optional<std::chrono::steady_clock::time_point> m_declined; ///< When nobody gave it last.
};

} // namespace understudy
