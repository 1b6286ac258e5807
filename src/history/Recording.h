// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/LagHistory.h"
#include "model/Result.h"

#include <QStringList>

namespace understudy {

/// Looks at a cluster in a file, to be replayed anywhere: what an incident looked like, the picture in a
/// document. Holds what a look holds (names, addresses, settings) and no password.
struct Recording
{
    QString title;              ///< As the cluster was called.
    QList<Topology> looks;      ///< Oldest first, at least one.
    QList<HistoryEvent> events; ///< What happened meanwhile, also what no look shows.
};

/// Ends in ".understudy-recording".
bool isRecordingName(const QString &path);
/// Written beside and then moved into its place: a file of that name is whole or what it was. Blocking.
Result<void> writeRecording(const Recording &recording, const QString &path);
/// A file of anybody's: what is damaged or of another kind is an error that says so. Blocking.
Result<Recording> readRecording(const QString &path);

} // namespace understudy
