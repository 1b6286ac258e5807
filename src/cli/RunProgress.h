// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/PlanRunner.h"

namespace understudy::cli {

/// Says on stderr what a plan does while it does it: a line a step, a line every tenth of a copy.
class RunProgress final : public RunObserver
{
public:
    explicit RunProgress(const Plan &plan) : m_plan(plan) {}
    void stepChanged(int index, const StepRecord &record) override;
    void logged(int index, const LogLine &line) override;
    void copying(int index, const CopyProgress &progress) override;

private:
    Plan m_plan;
    int m_tenths = -1;
    QHash<int, StepState> m_said;
    QString m_lastLogged;
};

/// How a run ended, for stdout and for the exit code.
QString outcomeWords(const RunRecord &run);
QString stableName(RunRecord::Outcome outcome);
QString stableName(StepState state);
int exitCode(const RunRecord &run);
/// The steps of a run with outcome, time and error.
QJsonObject runJson(const RunRecord &run);

} // namespace understudy::cli
