// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Look.h"
#include "history/StoreWriter.h"

namespace understudy::cli {

/// A store in a cluster's place: how it was at the time @p at, its newest look if that is empty. Its lag
/// chart is that of the hour before.
Result<Look> lookFromStore(const QString &path, const QString &at);

/// A store that a verb writes: says on stderr what is the matter with it, once for each.
class StoreRecorder
{
public:
    explicit StoreRecorder(const QString &path);
    void add(const Topology &topology) { m_writer.add(topology); }
    /// Says what is new. False: it will never take anything, so there is nothing to go on for.
    bool look();
    /// Waits for what is queued. An error: nothing, or not all of it, is in the file.
    Result<void> finish();

private:
    StoreWriter m_writer;
    std::optional<StoreProblem> m_said;
};

} // namespace understudy::cli
