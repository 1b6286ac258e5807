// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/JournalWords.h"

#include <array>
#include <utility>

namespace understudy::journal {

namespace {

using Outcome = RunRecord::Outcome;

constexpr std::array states{
    std::pair{StepState::Waiting, "waiting"}, std::pair{StepState::Running, "running"},
    std::pair{StepState::Done, "done"},       std::pair{StepState::Skipped, "skipped"},
    std::pair{StepState::Failed, "failed"},   std::pair{StepState::Undoing, "undoing"},
    std::pair{StepState::Undone, "undone"},   std::pair{StepState::UndoFailed, "undo_failed"},
};

constexpr std::array outcomes{
    std::pair{Outcome::Running, "running"},
    std::pair{Outcome::Done, "done"},
    std::pair{Outcome::FailedAndUndone, "failed_and_undone"},
    std::pair{Outcome::CancelledAndUndone, "cancelled_and_undone"},
    std::pair{Outcome::LeftBehind, "left_behind"},
    std::pair{Outcome::Interrupted, "interrupted"},
};

template <typename Table, typename Value>
QString nameOf(const Table &table, Value value)
{
    for (const auto &[known, name] : table)
        if (known == value)
            return QString::fromLatin1(name);
    return {};
}

template <typename Value, typename Table>
std::optional<Value> valueOf(const Table &table, const QString &wanted)
{
    for (const auto &[value, name] : table)
        if (wanted == QLatin1String(name))
            return value;
    return std::nullopt;
}

} // namespace

QString stateName(StepState state)
{
    return nameOf(states, state);
}

std::optional<StepState> stateOf(const QString &name)
{
    return valueOf<StepState>(states, name);
}

QString outcomeName(RunRecord::Outcome outcome)
{
    return nameOf(outcomes, outcome);
}

std::optional<RunRecord::Outcome> outcomeOf(const QString &name)
{
    return valueOf<RunRecord::Outcome>(outcomes, name);
}

} // namespace understudy::journal
