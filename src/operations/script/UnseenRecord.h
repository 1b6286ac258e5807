// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace understudy::script {

/// Variables that stand in the record of a run: what was made ("made_slot"), and what its undo needs.
struct RecordNames
{
    QStringList made, values;
};

/// begin, intend, note and undo_earlier_run: what a run makes stands in a file beside the data until all is
/// done or undone, so that the next run can undo what a killed one left.
QString recordFunctions(const RecordNames &);

} // namespace understudy::script
