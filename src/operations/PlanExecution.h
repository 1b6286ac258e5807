// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/ActionRunner.h"
#include "operations/ClusterLock.h"

#include <optional>

namespace understudy {

/// One run of a plan: the steps forward, the undo back, and what the journal proves of each. Plain sequential
/// code on the runner's thread.
class PlanExecution
{
public:
    PlanExecution(const RunRecord &record, RunContext context, QList<JournalAction> actions = {});

    /// Takes the cluster's lock. When that fails nothing was changed, and the record says so.
    bool begin(std::stop_token stop);
    /// Runs the steps from @p first on. On a failure or a stop request everything is undone.
    RunRecord forward(int first, std::stop_token stop);
    /// Undoes steps from the last down to @p first. True if nothing of them is left. A machine that cannot be
    /// connected to is tried once; what else is there is then named without waiting for it again.
    bool undoFrom(int first);
    /// The first step that is not done, judged by the journal and by looking again.
    int firstNotDone(std::stop_token stop);

    RunRecord finish(RunRecord::Outcome outcome) { return m_teller.finish(outcome); }
    RunRecord refuse(const Error &error);
    bool anythingLeft() const { return !m_teller.record.leftBehind.isEmpty(); }
    RunRecord &record() { return m_teller.record; }

private:
    bool runStep(int index, std::stop_token stop);
    bool undoStep(int index);
    void stepFailed(int index, const QString &said, std::stop_token stop);
    /// Did the step begin something that may have had an effect?
    bool needsUndo(int index) const;
    bool begun(int index) const;
    void remember(int index, int action, JournalAction::Ended ended);
    const Step &step(int index) const { return m_teller.record.plan.steps[index]; }

    RunContext m_context;
    RunTeller m_teller;
    ActionRunner m_runner;
    std::optional<ClusterLock> m_lock;
    QList<JournalAction> m_actions; ///< Of the steps' own actions, not of undo.
};

} // namespace understudy
