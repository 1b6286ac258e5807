// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/LagHistory.h"
#include "history/PastLooks.h"
#include "model/Result.h"

namespace understudy {

/// Looks at a cluster in a file, to be replayed anywhere: what an incident looked like, the picture in a
/// document. Holds what a look holds (names, addresses, settings) and no password.
struct Recording
{
    QString title;              ///< As the cluster was called.
    QList<PackedLook> looks;    ///< Oldest first, at least one.
    QList<HistoryEvent> events; ///< What happened meanwhile, also what no look shows.
};

/// A recording as it is shown.
struct Replay
{
    QString title;
    LagHistory history;
    std::shared_ptr<PastLooks> past;
    Topology last; ///< The newest look.
};

/// Ends in ".understudy-recording".
bool isRecordingName(const QString &path);
/// Written beside and then moved into its place: a file of that name is whole or what it was. Blocking.
Result<void> writeRecording(const Recording &recording, const QString &path);
/// A file of anybody's: what is of another kind, or ends early, is an error that says so. Blocking.
Result<Recording> readRecording(const QString &path);
/// Reads every look once; one that is damaged is an error. Some 0.1 ms a node and look.
Result<Replay> replayOf(const Recording &recording);

} // namespace understudy
