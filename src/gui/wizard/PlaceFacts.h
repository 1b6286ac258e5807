// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/WizardState.h"

#include "gui/parts/Parts.h"

namespace understudy {

/// Where the new standby of @p state will live, as rows: its data directory on this machine, or the service,
/// the volume and the file of a Compose project. @p brief: for a narrow column.
QList<FactsGrid::Fact> placeFacts(const WizardState &state, bool brief);

/// Where the new standby will answer: host and port, as others reach it.
QString addressOfNew(const WizardState &state);
QString addressOfNew(const WizardState &state, const AddStandbyRequest &request);

/// One of several in a line: address, slot, place.
QString standbyLine(const WizardState &state, const AddStandbyRequest &request);

/// The Compose file's name without its folder; empty when the cluster was not opened from one.
QString composeFileName(const WizardState &state);

} // namespace understudy
