// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/SecretSource.h"
#include "operations/Journal.h"
#include "operations/RunRecord.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <thread>

namespace understudy {

/// What happens during a run. Called on the runner's thread; a window posts it to itself as a value.
class RunObserver
{
public:
    virtual ~RunObserver() = default;
    virtual void stepChanged(int index, const StepRecord &) { (void)index; }
    virtual void logged(int index, const LogLine &) { (void)index; }
    virtual void copying(int index, const CopyProgress &) { (void)index; }
    virtual void finished(const RunRecord &) {}
};

struct RunContext
{
    QMap<QString, std::shared_ptr<Host>> hosts; ///< By the keys of Plan::hosts.
    std::shared_ptr<const SecretSource> secrets;
    QMap<QString, QString> secretValues; ///< For ${secret:name}; wiped after the run.
    std::shared_ptr<Journal> journal;    ///< Required: intent is on disk before each effect.
    RunObserver *observer = nullptr;
};

/// Runs a plan as plain sequential code on the calling (worker) thread, and finishes exactly once. On a
/// failure or a stop request everything that the journal proves was made is undone, last first.
RunRecord runPlan(const Plan &plan, RunContext context, std::stop_token stop);

/// Picks up what a killed process left: undoes it, or goes on from the first step that is not done.
RunRecord undoInterrupted(const JournalEntry &, RunContext context, std::stop_token stop);
RunRecord continueInterrupted(const JournalEntry &, RunContext context, std::stop_token stop);

/// A plan run on a thread of its own; for windows. Destroying it asks it to stop and waits for the rollback.
class PlanRun
{
public:
    PlanRun(Plan plan, RunContext context);
    enum class PickUp { Continue, Undo };
    PlanRun(JournalEntry entry, PickUp how, RunContext context); ///< What another process left.
    ~PlanRun();
    void cancel(); ///< Any thread; rolls back.

private:
    std::jthread m_thread;
};

} // namespace understudy
