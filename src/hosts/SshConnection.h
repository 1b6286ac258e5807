// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/SshFacts.h"

#include <atomic>
#include <mutex>
#include <semaphore>

namespace understudy {

/// What runs on the other machine for one call.
struct SshCall
{
    QByteArray token;   ///< newSshToken()
    QByteArray script;  ///< By ssh_script, with the token.
    QStringList before; ///< Words in front of the shell that reads it (sudo).
    QByteArray secret;  ///< What those read on stdin: sudo's password and a line end.
    QByteArray content; ///< What the script reads on stdin.
    /// In place of a script: the whole command line. stdin ends behind the secret.
    QByteArray line;
    int timeoutMs = 60000;
};

struct SshReply
{
    QByteArray verdict; ///< SshReader::verdict()
    QByteArray output;
    QByteArray errorText;
    bool timedOut = false;
    bool cancelled = false;
    double seconds = 0;

    int exitCode() const;
    bool ok() const { return verdict == "0"; }
};

/// Error::field of a call that did not get as far as its script, though ssh did: sudo, the login shell.
inline const QString sshNotStarted = QStringLiteral("ssh-not-started");

/// The one connection to a machine that everything which runs there shares. ssh makes it (ControlPath in a
/// private folder) with the first call and again when it was lost; it ends a minute after the last call.
/// Any thread; calls run side by side.
class SshConnection
{
public:
    explicit SshConnection(QString destination) : m_destination(std::move(destination)) {}
    ~SshConnection() { close(); }
    SshConnection(const SshConnection &) = delete;
    SshConnection &operator=(const SshConnection &) = delete;

    const QString &destination() const { return m_destination; }
    /// Connects if need be.
    Result<SshFacts> facts(std::stop_token stop);
    bool wasReached() const { return m_reached; } ///< See Host::wasReached.
    void close(); ///< What still uses it loses it; the next call connects again.
    /// An error when the connection is lost before the script ended.
    Result<SshReply> call(const SshCall &call, std::stop_token stop, const LineSink &sink);

private:
    /// The socket of the connection.
    Result<QString> connect(std::stop_token stop);
    Result<SshFacts> connectOnce(std::stop_token stop);
    bool isOpen() const;
    enum class Way {
        Opens,  ///< Makes the connection.
        Shares, ///< Takes the one that is there.
    };
    Result<SshReply> speak(const SshCall &call, Way way, const QString &controlPath,
                           const QByteArrayList &options, const QByteArrayList &environment,
                           std::stop_token stop, const LineSink &sink);

    const QString m_destination;
    mutable std::mutex m_mutex; ///< Held while it connects: people are asked once.
    QString m_controlPath;
    std::optional<SshFacts> m_facts;
    std::atomic<bool> m_reached = true;
    std::counting_semaphore<8> m_slots{8}; // sshd's MaxSessions is 10
};

QByteArray newSshToken();
/// An error when @p destination is nothing that ssh should be given.
Result<void> checkSshDestination(const QString &destination);

} // namespace understudy
