// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Plan.h"

namespace understudy {

enum class StepState { Waiting, Running, Done, Skipped, Failed, Undoing, Undone, UndoFailed };

/// Progress of one long command: pg_basebackup's own words and pg_stat_progress_basebackup, taken together.
struct CopyProgress
{
    enum class Phase { Connect, Checkpoint, Estimate, Files, WaitForWal, Sync };
    Phase phase = Phase::Connect;
    qint64 doneBytes = 0, totalBytes = 0;
    double rate = 0; ///< Bytes a second, over the last few seconds.
    std::optional<double> secondsLeft;
    QMap<int, double> phaseSeconds;    ///< Time spent in each phase so far, by int(Phase).
    std::optional<qint64> slotRetains; ///< WAL the new slot keeps meanwhile, bytes.
    bool operator==(const CopyProgress &) const = default;
};

struct LogLine
{
    enum class Kind { Command, Output, Error, Note } kind = Kind::Note;
    qint64 atUs = 0;
    QString text; ///< Secrets hidden.
};

struct StepRecord
{
    QString stepId;
    StepState state = StepState::Waiting;
    qint64 startedUs = 0, finishedUs = 0;
    QString fact;  ///< The one fact worth showing: "0/F0BA410", "61 %, 12 s left"
    QString error; ///< In words, with what to do next.
    QList<LogLine> log;
    double seconds() const { return startedUs && finishedUs ? double(finishedUs - startedUs) / 1e6 : 0; }
};

/// A plan as executed. A value: the run page, the runbook and the exit code read it.
struct RunRecord
{
    enum class Outcome { Running, Done, FailedAndUndone, CancelledAndUndone, LeftBehind, Interrupted };
    Plan plan;
    QList<StepRecord> steps;
    Outcome outcome = Outcome::Running;
    qint64 startedUs = 0, finishedUs = 0;
    QMap<QString, QString> values; ///< Run-time values by name, no secret.
    QStringList leftBehind;        ///< Named exactly; empty unless LeftBehind.
    QString error;                 ///< Why it failed, in words.
    const StepRecord *step(const QString &id) const;
    QStringList changed() const; ///< "1 slot", "1 directory"... of the steps that are done and not undone
};

} // namespace understudy

Q_DECLARE_METATYPE(understudy::RunRecord)
Q_DECLARE_METATYPE(understudy::CopyProgress)
Q_DECLARE_METATYPE(understudy::LogLine)
Q_DECLARE_METATYPE(understudy::StepRecord)
