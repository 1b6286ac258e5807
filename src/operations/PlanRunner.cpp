// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/PlanRunner.h"

#include "operations/PlanExecution.h"

namespace understudy {

namespace {

using Outcome = RunRecord::Outcome;

// Wiped on every way out; a copy shares its characters, so they are overwritten where they are.
struct Wipe
{
    QMap<QString, QString> &secrets;
    ~Wipe()
    {
        for (QString &secret : secrets)
            secret.fill(QChar(0));
        secrets.clear();
    }
};

const Error noJournal{QStringLiteral("The plan has no journal, so it was not run."),
                      QStringLiteral("Nothing was changed."),
                      {}};

RunRecord withoutJournal(RunRecord record, const RunContext &context, const Error &error)
{
    RunTeller teller(std::move(record), context);
    teller.record.error = error.text();
    return teller.finish(Outcome::FailedAndUndone);
}

// The journal of an interrupted plan, locked against a second one who picks it up.
Result<void> openJournal(const JournalEntry &entry, RunContext &context)
{
    if (context.journal)
        return {};
    auto journal = Journal::reopen(entry.path);
    if (!journal)
        return tl::unexpected(journal.error());
    context.journal = *journal;
    return {};
}

// It could not be picked up now: what was open stays open.
RunRecord notNow(RunRecord record, RunObserver *observer, const Error &error = {})
{
    if (record.outcome == Outcome::Running)
        record.outcome = Outcome::Interrupted;
    if (!error.what.isEmpty())
        record.error = error.text();
    if (observer)
        observer->finished(record);
    return record;
}

const Error alreadyEnded{QStringLiteral("This plan has ended; there is nothing to pick up."), {}, {}};

bool canBePickedUp(const JournalEntry &entry)
{
    return entry.open || entry.record.outcome == Outcome::LeftBehind;
}

} // namespace

RunRecord runPlan(const Plan &plan, RunContext context, std::stop_token stop)
{
    const Wipe wipe{context.secretValues};
    RunRecord record;
    record.plan = plan;
    if (!context.journal)
        return withoutJournal(record, context, noJournal);
    PlanExecution execution(record, context);
    if (!execution.begin(stop))
        return execution.finish(stop.stop_requested() ? Outcome::CancelledAndUndone
                                                      : Outcome::FailedAndUndone);
    return execution.forward(0, stop);
}

RunRecord undoInterrupted(const JournalEntry &entry, RunContext context, std::stop_token stop)
{
    const Wipe wipe{context.secretValues};
    if (!canBePickedUp(entry))
        return notNow(entry.record, context.observer, alreadyEnded);
    if (auto opened = openJournal(entry, context); !opened)
        return notNow(entry.record, context.observer, opened.error());
    PlanExecution execution(entry.record, context, entry.actions);
    if (!execution.begin(stop))
        return notNow(execution.record(), context.observer);
    const bool clean = execution.undoFrom(0);
    return execution.finish(clean ? Outcome::CancelledAndUndone : Outcome::LeftBehind);
}

RunRecord continueInterrupted(const JournalEntry &entry, RunContext context, std::stop_token stop)
{
    const Wipe wipe{context.secretValues};
    if (!canBePickedUp(entry))
        return notNow(entry.record, context.observer, alreadyEnded);
    if (auto opened = openJournal(entry, context); !opened)
        return notNow(entry.record, context.observer, opened.error());
    PlanExecution execution(entry.record, context, entry.actions);
    if (!execution.begin(stop))
        return notNow(execution.record(), context.observer);
    const int first = execution.firstNotDone(stop);
    // A step that was cut off half-way is done anew, and so is all that came after it.
    if (!execution.undoFrom(first))
        return execution.finish(Outcome::LeftBehind);
    return execution.forward(first, stop);
}

PlanRun::PlanRun(Plan plan, RunContext context)
    : m_thread([plan = std::move(plan), context = std::move(context)](std::stop_token stop) mutable {
          (void)runPlan(plan, std::move(context), stop);
      })
{
}

PlanRun::PlanRun(JournalEntry entry, PickUp how, RunContext context)
    : m_thread([entry = std::move(entry), how, context = std::move(context)](std::stop_token stop) mutable {
          (void)(how == PickUp::Undo ? undoInterrupted(entry, std::move(context), stop)
                                     : continueInterrupted(entry, std::move(context), stop));
      })
{
}

PlanRun::~PlanRun() = default; // jthread asks it to stop and waits for the rollback

void PlanRun::cancel()
{
    m_thread.request_stop();
}

} // namespace understudy
