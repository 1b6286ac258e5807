// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/Verify.h"

#include <map>

namespace understudy {

/// What PostgreSQL counted of changes to a table, read before and after. Only growth means something.
struct TableChanges
{
    qint64 inserted = 0, deleted = 0;
    qint64 fileNode = 0; ///< Another one: truncated or rewritten.
    bool operator==(const TableChanges &) const = default;
};

/// One table as one round saw it.
struct CountRound
{
    std::optional<qint64> before, after; ///< On the primary, in one snapshot each.
    std::optional<TableChanges> changesBefore, changesAfter;
    bool countersTrusted = true; ///< track_counts is on.
};

/// The judgement of one standby's count against what the primary said around it. Pure.
struct CountJudgement
{
    enum class Kind { Equal, InRange, Different, OutOfRange, CannotTell } kind = Kind::CannotTell;
    qint64 lowest = 0, highest = 0; ///< What was possible; equal when the table was quiet.
};
bool isQuiet(const CountRound &round);
CountJudgement judgeCount(const CountRound &round, std::optional<qint64> onStandby);

/// A node whose tables are counted.
struct CountedNode
{
    WatchedNode node;
    bool primary = false;
};

/// Counts the tables of @p database on every node: @p wanted, or up to twenty small ones and the largest by
/// size. The biggest quiet table comes first. An error when no table could be looked at. Blocking: seconds on
/// a quiet cluster.
Result<QList<RowCount>> countRows(const QList<CountedNode> &nodes, const QString &database,
                                  const SecretSource &secrets, std::stop_token stop,
                                  const std::function<void(const QString &)> &say,
                                  const QStringList &wanted = {});

/// "both", "all three", "all 7"
QString allOf(qsizetype nodes);

} // namespace understudy
