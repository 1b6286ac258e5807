// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Placeholders.h"
#include "operations/PlanRunner.h"

namespace understudy {

/// Keeps the record of a run, writes its journal and tells its observer: the one place where words leave the
/// runner, so the one place where secrets are taken out. Lives on the runner's thread.
class RunTeller
{
public:
    RunTeller(RunRecord record, const RunContext &context);

    RunRecord record;
    Placeholders placeholders;

    void log(int index, LogLine::Kind kind, const QString &text);
    void note(int index, const QString &text) { log(index, LogLine::Kind::Note, text); }
    void copying(int index, const CopyProgress &progress);
    /// Changes a step's state, journals it and tells.
    void state(int index, StepState state, const QString &error = {});
    void fact(int index, const QString &fact);

    Result<void> intent(int index, int action, bool undo);
    Result<void> result(int index, int action, bool undo, bool ok, const QString &as, const QString &value,
                        const QString &error);
    /// Ends the run, once.
    RunRecord finish(RunRecord::Outcome outcome);

private:
    std::shared_ptr<Journal> m_journal;
    RunObserver *m_observer;
};

} // namespace understudy
