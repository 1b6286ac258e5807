// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/PlanExecution.h"

#include "operations/FailureWords.h"

namespace understudy {

namespace {

using Ended = JournalAction::Ended;
using Outcome = RunRecord::Outcome;

// An action that changes nothing when it fails, so that nobody else's thing is undone: a slot that was there
// before, a directory that somebody else made.
bool harmlessWhenFailed(const Action &action)
{
    if (const auto *command = std::get_if<CommandAction>(&action))
        return command->atomic;
    return true; // a refused statement, a file written whole or not at all, a wait
}

} // namespace

PlanExecution::PlanExecution(const RunRecord &record, RunContext context, QList<JournalAction> actions)
    : m_context(std::move(context)), m_teller(record, m_context), m_runner(m_teller, m_context)
{
    if (!m_context.secrets)
        m_context.secrets = std::make_shared<LibpqSecrets>();
    for (const JournalAction &action : actions)
        if (!action.undo)
            m_actions << action;
}

RunRecord PlanExecution::refuse(const Error &error)
{
    m_teller.record.error = error.text();
    return m_teller.finish(Outcome::FailedAndUndone);
}

bool PlanExecution::begin(std::stop_token stop)
{
    const Plan &plan = m_teller.record.plan;
    if (plan.lockNode.isEmpty())
        return true;
    auto lock = ClusterLock::take(plan.endpoints.value(plan.lockNode), *m_context.secrets,
                                  plan.kind + u' ' + plan.subject, stop);
    if (!lock) {
        m_teller.record.error = lock.error().text();
        return false;
    }
    m_lock = std::move(*lock);
    return true;
}

void PlanExecution::remember(int index, int action, Ended ended)
{
    const QString id = step(index).id;
    for (JournalAction &known : m_actions) {
        if (known.stepId == id && known.action == action) {
            known.ended = ended;
            return;
        }
    }
    m_actions << JournalAction{id, action, false, ended};
}

bool PlanExecution::begun(int index) const
{
    for (const JournalAction &known : m_actions)
        if (known.stepId == step(index).id)
            return true;
    return false;
}

bool PlanExecution::needsUndo(int index) const
{
    const Step &s = step(index);
    if (s.undo.isEmpty())
        return false;
    for (const JournalAction &known : m_actions) {
        if (known.stepId != s.id || known.action < 0 || known.action >= s.actions.size())
            continue;
        const Action &action = s.actions[known.action];
        if (std::holds_alternative<WaitAction>(action))
            continue;
        if (known.ended != Ended::Failed || !harmlessWhenFailed(action))
            return true;
    }
    return false;
}

void PlanExecution::stepFailed(int index, const QString &said, std::stop_token stop)
{
    const Step &s = step(index);
    if (stop.stop_requested()) {
        m_teller.note(index, QStringLiteral("Cancelled."));
        m_teller.record.error = QStringLiteral("Cancelled during \u201c%1\u201d.").arg(s.title);
        m_teller.state(index, StepState::Failed, QStringLiteral("Cancelled."));
        return;
    }
    for (const QString &line : said.split(u'\n', Qt::SkipEmptyParts))
        m_teller.log(index, LogLine::Kind::Error, line);
    QString all = said;
    if (s.evidence) {
        const ActionEnd look = m_runner.perform(*s.evidence, index, {});
        all = look.value + u'\n' + said;
    }
    const Error error = failureInWords(s.title, all);
    m_teller.record.error = error.text();
    m_teller.state(index, StepState::Failed, error.text());
}

bool PlanExecution::runStep(int index, std::stop_token stop)
{
    const Step &s = step(index);
    m_teller.state(index, StepState::Running);
    for (int i = 0; i < s.actions.size(); ++i) {
        if (stop.stop_requested()) {
            stepFailed(index, {}, stop);
            return false;
        }
        if (auto written = m_teller.intent(index, i, false); !written) {
            stepFailed(index, written.error().text(), {});
            return false;
        }
        remember(index, i, Ended::Unknown);
        const ActionEnd end = m_runner.perform(s.actions[i], index, stop);
        const QString as = std::visit(
            [](const auto &a) {
                if constexpr (requires { a.storeAs; })
                    return a.storeAs;
                else
                    return QString();
            },
            s.actions[i]);
        if (end.ended != Ended::Unknown) {
            remember(index, i, end.ended);
            const auto written = m_teller.result(index, i, false, end.ok(), as, end.value, end.said);
            if (!written && end.ok()) {
                stepFailed(index, written.error().text(), {});
                return false;
            }
        }
        if (!end.ok()) {
            stepFailed(index, end.said, stop);
            return false;
        }
    }
    if (!s.fact.isEmpty())
        m_teller.record.steps[index].fact = m_teller.placeholders.forPeople(s.fact);
    m_teller.state(index, StepState::Done);
    return true;
}

bool PlanExecution::undoStep(int index)
{
    const Step &s = step(index);
    m_teller.state(index, StepState::Undoing);
    ActionEnd end;
    for (int i = 0; i < s.undo.size(); ++i) {
        // Without a journal the undo still goes on: what is left must not stay because a disk is full.
        (void)m_teller.intent(index, i, true);
        end = m_runner.perform(s.undo[i], index, {});
        if (!end.ok())
            m_teller.log(index, LogLine::Kind::Note, end.said);
        (void)m_teller.result(index, i, true, end.ok(), {}, {}, end.said);
    }
    if (!end.ok()) {
        const QString left = s.leftover.isEmpty() ? s.changes : s.leftover;
        m_teller.record.leftBehind << m_teller.placeholders.scrub(m_teller.placeholders.forPeople(left));
        m_teller.state(index, StepState::UndoFailed,
                       QStringLiteral("Left behind: %1. %2").arg(left, tellingLine(end.said)));
        return false;
    }
    m_actions.removeIf([&s](const JournalAction &a) { return a.stepId == s.id; });
    m_teller.state(index, StepState::Undone);
    return true;
}

bool PlanExecution::undoFrom(int first)
{
    m_teller.record.leftBehind.clear();
    m_runner.tryAgain(); // A machine that was gone may be back.
    for (int i = int(m_teller.record.plan.steps.size()) - 1; i >= first; --i) {
        if (needsUndo(i)) {
            undoStep(i);
        } else if (m_teller.record.steps[i].state == StepState::Running) {
            // Killed in a step that had changed nothing yet.
            m_teller.state(i, StepState::Failed, QStringLiteral("Interrupted."));
        }
        if (step(i).pointOfNoReturn && begun(i)) {
            m_teller.record.leftBehind << step(i).leftover;
            break;
        }
    }
    return m_teller.record.leftBehind.isEmpty();
}

RunRecord PlanExecution::forward(int first, std::stop_token stop)
{
    const int count = int(m_teller.record.plan.steps.size());
    bool failed = false;
    for (int i = first; i < count && !failed; ++i) {
        if (m_lock) {
            if (auto held = m_lock->stillHeld(stop); !held && !stop.stop_requested()) {
                stepFailed(i, held.error().text(), {});
                failed = true;
                break;
            }
        }
        failed = !runStep(i, stop);
    }
    if (!failed)
        return m_teller.finish(Outcome::Done);
    const bool cancelled = stop.stop_requested();
    if (!undoFrom(0))
        return m_teller.finish(Outcome::LeftBehind);
    return m_teller.finish(cancelled ? Outcome::CancelledAndUndone : Outcome::FailedAndUndone);
}

int PlanExecution::firstNotDone(std::stop_token stop)
{
    const int count = int(m_teller.record.plan.steps.size());
    for (int i = 0; i < count; ++i) {
        const StepState state = m_teller.record.steps[i].state;
        const bool wasDone = state == StepState::Done || state == StepState::Skipped;
        const auto &look = step(i).alreadyDone;
        // Only what this plan itself began may count as done by it.
        if (!begun(i) || (!wasDone && !look))
            return i;
        if (look && !m_runner.perform(*look, i, stop).ok())
            return i;
        if (!wasDone)
            m_teller.state(i, StepState::Done);
    }
    return count;
}

} // namespace understudy
