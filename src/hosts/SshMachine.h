// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/SshUser.h"

namespace understudy {

/// Runs commands on another machine, as somebody. Any thread.
class SshMachine
{
public:
    explicit SshMachine(const QString &destination) : m_connection(destination), m_users(m_connection) {}

    /// Ends the connection and forgets what was asked; either comes back when it is needed.
    void close()
    {
        m_connection.close();
        m_users.forget();
    }
    bool wasReached() const { return m_connection.wasReached(); }
    const QString &name() const { return m_connection.destination(); }
    Result<SshFacts> facts(std::stop_token stop) { return m_connection.facts(std::move(stop)); }
    Result<SshUser> user(const QString &name, std::stop_token stop)
    {
        return m_users.find(name, std::move(stop));
    }

    /// See SshUsers::asksBefore.
    Result<bool> asksBefore(const QString &user);

    /// See Host::run.
    Result<CommandResult> run(const Command &command, std::stop_token stop, const LineSink &sink);

    /// A short script with its arguments, from bytes to bytes; it reads @p content itself. The exit code is
    /// the script's; an error when it did not come to an end.
    struct Script
    {
        QString text;
        QStringList arguments;
        QString runAs;
        QByteArray content;
        int timeoutMs = 30000;
    };
    Result<SshReply> run(const Script &script);

private:
    Result<SshReply> finish(Result<SshReply> reply, const SshUsers::Way &way, const QString &user);

    SshConnection m_connection;
    SshUsers m_users;
};

} // namespace understudy
