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

    /// @p upstream may be null: then only the program's words are used.
    BackupWatch(SqlSession *upstream, QString slot) : m_upstream(upstream), m_slot(std::move(slot)) {}

    Result<CommandResult> run(Host &host, const Command &command, std::stop_token stop, const LineSink &lines,
                              const ProgressSink &sink);

private:
    void ask(BackupProgress &progress, std::stop_token stop);

    SqlSession *m_upstream;
    QString m_slot;
    QString m_since; ///< The upstream's clock when the copy began: an older backup is not ours.
};

} // namespace understudy
