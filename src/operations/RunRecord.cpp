// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/RunRecord.h"

namespace understudy {

const StepRecord *RunRecord::step(const QString &id) const
{
    for (const StepRecord &record : steps)
        if (record.stepId == id)
            return &record;
    return nullptr;
}

QStringList RunRecord::changed() const
{
    QStringList all;
    for (const Step &step : plan.steps) {
        const StepRecord *record = this->step(step.id);
        // What could not be undone is still there.
        if (record && !step.changes.isEmpty() &&
            (record->state == StepState::Done || record->state == StepState::UndoFailed))
            all << step.changes;
    }
    return all;
}

} // namespace understudy
