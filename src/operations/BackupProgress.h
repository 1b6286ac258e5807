// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/RunRecord.h"

#include <deque>

namespace understudy {

/// Folds what pg_basebackup says (`-P -v`, LC_ALL=C) and what pg_stat_progress_basebackup says into one
/// CopyProgress. Phases only go forward, bytes only grow; the total may grow as well, that is normal.
/// Times are a monotonic clock's microseconds. Not thread safe.
class BackupProgress
{
public:
    explicit BackupProgress(qint64 nowUs);

    /// A line of pg_basebackup's stderr. True when it meant something.
    bool readLine(const QString &line, qint64 nowUs);
    /// A row of pg_stat_progress_basebackup; unknown numbers are nullopt.
    void readServer(const QString &phase, std::optional<qint64> total, std::optional<qint64> streamed,
                    qint64 nowUs);
    void readRetained(std::optional<qint64> bytes) { m_now.slotRetains = bytes; }
    /// The copy ended well: all phases are over.
    void finish(qint64 nowUs);

    CopyProgress at(qint64 nowUs) const;
    /// "61 %, 12 s left", or the phase in words while there are no bytes to tell.
    static QString fact(const CopyProgress &);

private:
    void enter(CopyProgress::Phase phase, qint64 nowUs);
    void bytes(qint64 done, qint64 total, qint64 nowUs);

    struct Sample
    {
        qint64 atUs, bytes;
    };
    CopyProgress m_now;
    qint64 m_phaseSinceUs;
    std::deque<Sample> m_samples; ///< Of the last few seconds.
};

} // namespace understudy
