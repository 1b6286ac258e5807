// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/RunRecord.h"

/// The words in which a journal writes states and outcomes. Stable: old journals are read by new versions.
namespace understudy::journal {

QString stateName(StepState);
std::optional<StepState> stateOf(const QString &name);
QString outcomeName(RunRecord::Outcome);
std::optional<RunRecord::Outcome> outcomeOf(const QString &name);

} // namespace understudy::journal
