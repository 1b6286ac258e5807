// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/RunRecord.h"

#include <QFile>
#include <memory>

namespace understudy {

/// What is known of one action: its intent was written, and perhaps how it ended.
struct JournalAction
{
    enum class Ended { Unknown, Ok, Failed };
    QString stepId;
    int action = 0;
    bool undo = false;
    Ended ended = Ended::Unknown; ///< Unknown: the process was killed, or the connection died, in between.
};

/// A plan found in the journal folder.
struct JournalEntry
{
    QString path;
    RunRecord record;             ///< As far as it came; `values` hold the run-time values.
    QList<JournalAction> actions; ///< In the order they were begun; one an action, its newest try.
    bool open = false;            ///< Its last line does not say how it ended.
    bool runningNow = false;      ///< Its process is still alive (the file is locked).
};

/// An append-only file of JSON lines, one a plan: the plan, then intent before each effect and result after
/// it, each fsynced before the next thing happens. No secret is ever in it. Below the user's state folder
/// (XDG_STATE_HOME/understudy/operations), 0600.
class Journal
{
public:
    static QString folder();
    static Result<std::shared_ptr<Journal>> create(const Plan &plan,
                                                   const QString &folder = Journal::folder());
    static Result<std::shared_ptr<Journal>> reopen(const QString &path);
    /// Every plan in the folder, the newest last. A torn last line is normal after a crash and is left out;
    /// files that are not ours, or that others may write, are not read at all.
    static QList<JournalEntry> entries(const QString &folder = Journal::folder());
    ~Journal();
    QString path() const { return m_file.fileName(); }

    Result<void> intent(const QString &stepId, int action, bool undo);
    /// Only called when it is known how the action ended.
    Result<void> result(const QString &stepId, int action, bool undo, bool ok, const QString &storedAs,
                        const QString &value, const QString &error);
    Result<void> stepState(const StepRecord &);
    Result<void> closed(const RunRecord &);

private:
    Journal() = default;
    QFile m_file;
    Result<void> append(const QJsonObject &line);
};

} // namespace understudy
