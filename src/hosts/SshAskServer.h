// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/SshAsk.h"
#include "model/Result.h"

#include <QByteArrayList>
#include <mutex>
#include <thread>

namespace understudy {

/// Takes the questions of one ssh while it connects, puts them to the person and gives the answers back: the
/// listening end of answerForSsh(). Watches as well that a connection which asks nothing does not take for
/// ever.
class SshAskServer
{
public:
    /// @p giveUp is asked to stop when the person declines, or when ssh neither asks nor ends within
    /// @p patienceMs.
    SshAskServer(const QString &folder, const QString &destination, std::shared_ptr<SshAsk> ask,
                 std::stop_source giveUp, int patienceMs);
    ~SshAskServer(); ///< Takes an open question back.
    SshAskServer(const SshAskServer &) = delete;
    SshAskServer &operator=(const SshAskServer &) = delete;

    bool listens() const { return m_listener >= 0; }
    /// What ssh must find in its environment to ask here.
    QByteArrayList environment() const;
    std::optional<SshQuestion> declined() const; ///< The question that got no answer.
    bool outOfPatience() const;

private:
    void serve(const std::stop_token &stop);
    void answer(int client, const std::stop_token &stop);

    const QString m_path;
    const QString m_destination;
    const std::shared_ptr<SshAsk> m_ask;
    const QByteArray m_token;
    std::stop_source m_giveUp;
    const int m_patienceMs;
    int m_listener = -1;
    int m_wake = -1;
    mutable std::mutex m_mutex;
    std::optional<SshQuestion> m_declined;
    bool m_outOfPatience = false;
    QStringList m_asked;
    std::jthread m_thread;
};

} // namespace understudy
