// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/RunProgress.h"

#include "cli/Output.h"
#include "model/Format.h"

#include <QJsonArray>

namespace understudy::cli {

QString stableName(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return QStringLiteral("waiting");
    case StepState::Running:
        return QStringLiteral("running");
    case StepState::Done:
        return QStringLiteral("done");
    case StepState::Skipped:
        return QStringLiteral("skipped");
    case StepState::Failed:
        return QStringLiteral("failed");
    case StepState::Undoing:
        return QStringLiteral("undoing");
    case StepState::Undone:
        return QStringLiteral("undone");
    case StepState::UndoFailed:
        return QStringLiteral("undo_failed");
    }
    return QStringLiteral("unknown");
}

QString stableName(RunRecord::Outcome outcome)
{
    switch (outcome) {
    case RunRecord::Outcome::Running:
        return QStringLiteral("running");
    case RunRecord::Outcome::Done:
        return QStringLiteral("done");
    case RunRecord::Outcome::FailedAndUndone:
        return QStringLiteral("failed_and_undone");
    case RunRecord::Outcome::CancelledAndUndone:
        return QStringLiteral("cancelled_and_undone");
    case RunRecord::Outcome::LeftBehind:
        return QStringLiteral("left_behind");
    case RunRecord::Outcome::Interrupted:
        return QStringLiteral("interrupted");
    }
    return QStringLiteral("unknown");
}

void RunProgress::stepChanged(int index, const StepRecord &record)
{
    // A running step reports each new fact; a line is worth only a new state.
    if (index < 0 || index >= m_plan.steps.size() || m_said.value(index, StepState::Waiting) == record.state)
        return;
    m_said[index] = record.state;
    m_tenths = -1;
    const QString head = QStringLiteral("[%1/%2] %3")
                             .arg(index + 1)
                             .arg(m_plan.steps.size())
                             .arg(m_plan.steps.at(index).title);
    QString words = stableName(record.state);
    words.replace(u'_', u' ');
    QString line = record.state == StepState::Running ? head + QStringLiteral(" ...")
                                                      : head + QStringLiteral(": ") + words;
    if (record.state == StepState::Done && !record.fact.isEmpty())
        line += QStringLiteral(", ") + record.fact;
    if (record.state == StepState::Done && record.seconds() > 0)
        line += QStringLiteral(" (%1)").arg(format::seconds(record.seconds()));
    // Said once, when it happens: the log line before it may have said it already.
    const bool broken = record.state == StepState::Failed || record.state == StepState::UndoFailed;
    if (broken && !record.error.isEmpty() && record.error != m_lastLogged)
        line += QStringLiteral(". ") + record.error;
    progress(line);
}

void RunProgress::logged(int, const LogLine &line)
{
    if (line.kind == LogLine::Kind::Error || line.kind == LogLine::Kind::Note)
        progress(QStringLiteral("      ") + line.text);
    m_lastLogged = line.text;
}

void RunProgress::copying(int, const CopyProgress &copy)
{
    if (copy.phase != CopyProgress::Phase::Files || copy.totalBytes <= 0)
        return;
    const int tenths = int(10 * copy.doneBytes / copy.totalBytes);
    if (tenths == m_tenths)
        return;
    m_tenths = tenths;
    QString line = QStringLiteral("      %1, %2 at %3")
                       .arg(format::percent(double(copy.doneBytes) / double(copy.totalBytes)),
                            format::bytesOf(copy.doneBytes, copy.totalBytes), format::rate(copy.rate));
    if (copy.secondsLeft)
        line += QStringLiteral(", about %1 left").arg(format::seconds(copy.secondsLeft));
    progress(line);
}

QString outcomeWords(const RunRecord &run)
{
    const QString why = run.error.isEmpty() ? QString() : u' ' + run.error;
    switch (run.outcome) {
    case RunRecord::Outcome::Done:
        return QStringLiteral("%1: done in %2.")
            .arg(run.plan.title, format::seconds(double(run.finishedUs - run.startedUs) / 1e6));
    case RunRecord::Outcome::FailedAndUndone:
        return QStringLiteral("%1: failed.%2 Everything made so far was undone.").arg(run.plan.title, why);
    case RunRecord::Outcome::CancelledAndUndone:
        return QStringLiteral("%1: cancelled. Everything made so far was undone.").arg(run.plan.title);
    case RunRecord::Outcome::LeftBehind:
        return QStringLiteral("%1: failed.%2 Left behind: %3.")
            .arg(run.plan.title, why, run.leftBehind.join(QStringLiteral(", ")));
    case RunRecord::Outcome::Running:
    case RunRecord::Outcome::Interrupted:
        break;
    }
    return QStringLiteral("%1: interrupted. 'understudy operations' lists it and picks it up.")
        .arg(run.plan.title);
}

int exitCode(const RunRecord &run)
{
    switch (run.outcome) {
    case RunRecord::Outcome::Done:
        return ExitDone;
    case RunRecord::Outcome::FailedAndUndone:
        return ExitFailed;
    default:
        return ExitLeftBehind;
    }
}

QJsonObject runJson(const RunRecord &run)
{
    QJsonArray steps;
    for (const Step &step : run.plan.steps) {
        const StepRecord *record = run.step(step.id);
        const auto text = [](const QString &value) {
            return value.isEmpty() ? QJsonValue() : QJsonValue(value);
        };
        steps << QJsonObject{
            {QStringLiteral("id"), step.id},
            {QStringLiteral("title"), step.title},
            {QStringLiteral("outcome"), stableName(record ? record->state : StepState::Waiting)},
            {QStringLiteral("seconds"),
             record && record->finishedUs ? QJsonValue(record->seconds()) : QJsonValue()},
            {QStringLiteral("fact"), text(record ? record->fact : QString())},
            {QStringLiteral("error"), text(record ? record->error : QString())}};
    }
    return {{QStringLiteral("outcome"), stableName(run.outcome)},
            {QStringLiteral("seconds"),
             run.finishedUs ? QJsonValue(double(run.finishedUs - run.startedUs) / 1e6) : QJsonValue()},
            {QStringLiteral("error"), run.error.isEmpty() ? QJsonValue() : QJsonValue(run.error)},
            {QStringLiteral("left_behind"), QJsonArray::fromStringList(run.leftBehind)},
            {QStringLiteral("steps"), steps}};
}

} // namespace understudy::cli
