// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/RunTeller.h"

#include "model/Clock.h"

namespace understudy {

namespace {

qint64 nowUs()
{
    return SystemClock::instance().nowUs();
}

} // namespace

RunTeller::RunTeller(RunRecord initial, const RunContext &context)
    : record(std::move(initial)), placeholders(record.values, context.secretValues),
      m_journal(context.journal), m_observer(context.observer)
{
    if (record.steps.size() != record.plan.steps.size()) {
        record.steps.clear();
        for (const Step &step : record.plan.steps)
            record.steps << StepRecord{step.id, StepState::Waiting, 0, 0, {}, {}, {}};
    }
    record.outcome = RunRecord::Outcome::Running;
    if (!record.startedUs)
        record.startedUs = nowUs();
}

void RunTeller::log(int index, LogLine::Kind kind, const QString &text)
{
    const LogLine line{kind, nowUs(), placeholders.scrub(text)};
    record.steps[index].log << line;
    if (m_observer)
        m_observer->logged(index, line);
}

void RunTeller::copying(int index, const CopyProgress &progress)
{
    if (m_observer)
        m_observer->copying(index, progress);
}

void RunTeller::state(int index, StepState state, const QString &error)
{
    StepRecord &step = record.steps[index];
    step.state = state;
    if (state == StepState::Running) {
        step.startedUs = nowUs();
        step.finishedUs = 0;
        step.error.clear();
    } else if (state != StepState::Undoing && state != StepState::Undone) {
        step.finishedUs = nowUs(); // the time a step took does not grow by its undo
    }
    if (!error.isEmpty())
        step.error = placeholders.scrub(error);
    // A state that cannot be journalled loses nothing: effects are proved by intents.
    if (m_journal)
        (void)m_journal->stepState(step);
    if (m_observer)
        m_observer->stepChanged(index, step);
}

void RunTeller::fact(int index, const QString &fact)
{
    record.steps[index].fact = placeholders.scrub(fact);
    if (m_observer)
        m_observer->stepChanged(index, record.steps[index]);
}

Result<void> RunTeller::intent(int index, int action, bool undo)
{
    return m_journal->intent(record.plan.steps[index].id, action, undo);
}

Result<void> RunTeller::result(int index, int action, bool undo, bool ok, const QString &as,
                               const QString &value, const QString &error)
{
    const QString clean = placeholders.scrub(value);
    if (ok && !as.isEmpty()) {
        placeholders.store(as, clean);
        record.values.insert(as, clean);
    }
    return m_journal->result(record.plan.steps[index].id, action, undo, ok, ok ? as : QString(), clean,
                             placeholders.scrub(error));
}

RunRecord RunTeller::finish(RunRecord::Outcome outcome)
{
    record.outcome = outcome;
    record.finishedUs = nowUs();
    record.error = placeholders.scrub(record.error);
    if (m_journal)
        (void)m_journal->closed(record);
    if (m_observer)
        m_observer->finished(record);
    return record;
}

} // namespace understudy
