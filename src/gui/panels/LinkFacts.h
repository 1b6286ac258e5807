// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "model/Topology.h"

/// What is said of a replication link, in words. Pure.
namespace understudy::linkwords {

QString state(LinkState state);      ///< "streaming"; "no walsender"
QString sync(SyncState sync);        ///< "asynchronous"; "unknown"
QString matchedBy(const Link &link); ///< "slot and pid, certain"
/// Its lag state as one sentence, with how long it has been so where that is known.
QString lagSentence(const Link &link, qint64 nowUs);

/// From one stage to the next, in bytes: what lies between a position that was reached and the one before.
struct StageGaps
{
    std::optional<qint64> toSent, toWritten, toFlushed, toReplayed;
};
StageGaps gapsOf(const Stages &stages);

QList<FactsGrid::Fact> flowFacts(const Link &link);
QList<FactsGrid::Fact> stageFacts(const Topology &topology, const Link &link);
QList<FactsGrid::Fact> endFacts(const Topology &topology, const Link &link);
/// The slot it streams through, as its upstream has it; none if it has none.
QList<FactsGrid::Fact> slotFacts(const Topology &topology, const Link &link);
QList<Finding> findings(const Topology &topology, const Link &link);

} // namespace understudy::linkwords
