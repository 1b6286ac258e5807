// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/RowCounts.h"

#include <algorithm>

namespace understudy {

bool isQuiet(const CountRound &round)
{
    if (!round.before || !round.after || *round.before != *round.after)
        return false;
    // Without counters an insert and a delete that balance each other cannot be seen.
    return round.countersTrusted && round.changesBefore && round.changesAfter &&
           *round.changesBefore == *round.changesAfter;
}

CountJudgement judgeCount(const CountRound &round, std::optional<qint64> onStandby)
{
    using Kind = CountJudgement::Kind;
    CountJudgement out;
    if (!onStandby || !round.before || !round.after)
        return out;
    const qint64 rows = *onStandby, before = *round.before, after = *round.after;
    if (isQuiet(round)) {
        out.lowest = out.highest = before;
        out.kind = rows == before ? Kind::Equal : Kind::Different;
        return out;
    }
    if (!round.countersTrusted || !round.changesBefore || !round.changesAfter)
        return out;
    if (round.changesBefore->fileNode != round.changesAfter->fileNode)
        return out; // Truncated or rewritten meanwhile: any number was possible.
    const qint64 inserted = round.changesAfter->inserted - round.changesBefore->inserted;
    const qint64 deleted = round.changesAfter->deleted - round.changesBefore->deleted;
    if (inserted < 0 || deleted < 0)
        return out; // The counters were reset.
    // The standby's moment lies between the two counts: at most everything inserted came before it and
    // everything deleted after it, or the other way round.
    out.lowest = std::max({qint64(0), before - deleted, after - inserted});
    out.highest = std::min(before + inserted, after + deleted);
    out.kind = rows >= out.lowest && rows <= out.highest ? Kind::InRange : Kind::OutOfRange;
    return out;
}

QString allOf(qsizetype nodes)
{
    switch (nodes) {
    case 1:
        return QStringLiteral("the one node");
    case 2:
        return QStringLiteral("both");
    case 3:
        return QStringLiteral("all three");
    case 4:
        return QStringLiteral("all four");
    default:
        return QStringLiteral("all %1").arg(nodes);
    }
}

} // namespace understudy
