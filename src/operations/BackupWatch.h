// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor/SqlSession.h"
#include "operations/BackupProgress.h"

#include <functional>

namespace understudy {

/// Runs pg_basebackup and watches it: its own lines, and twice a second what the upstream says of it
/// (pg_stat_progress_basebackup and the WAL its slot keeps). The program runs on a helper thread; the sinks
/// are called on the thread of run().
class BackupWatch
{
public:
    using ProgressSink = std::function<void(const CopyProgress &)>;

    /// Opens a session anew, which ends the one before; null if that failed.
    using Reconnect = std::function<SqlSession *()>;

    /// @p upstream may be null: then only the program's words are used until @p reconnect gives one.
    /// @p silenceMs: the program is ended when neither it nor the upstream has said anything for so long;
    /// 0: never.
    BackupWatch(SqlSession *upstream, QString slot, Reconnect reconnect = {}, int silenceMs = 0)
        : m_upstream(upstream), m_slot(std::move(slot)), m_reconnect(std::move(reconnect)),
          m_silenceMs(silenceMs)
    {
    }

    Result<CommandResult> run(Host &host, const Command &command, std::stop_token stop, const LineSink &lines,
                              const ProgressSink &sink);

    /// False once the session was given up and no other was had.
    bool upstreamAnswers() const { return m_upstream != nullptr; }

private:
    void ask(BackupProgress &progress, std::stop_token stop);
    bool readDetails(BackupProgress &progress, std::stop_token stop);

    SqlSession *m_upstream;
    QString m_slot;
    Reconnect m_reconnect;
    int m_silenceMs;
    bool m_details = true; ///< The upstream knows pg_stat_progress_basebackup.
    qint64 m_answeredUs = 0, m_triedUs = 0;
    QString m_since; ///< The upstream's clock when the copy began: an older backup is not ours.
};

} // namespace understudy
