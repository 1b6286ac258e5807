// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/RowCounts.h"

namespace understudy {

struct ChecksumOptions
{
    qint64 largestBytes =
        qint64(64) << 20; ///< A table with its TOAST; larger ones are left out, and said so.
    double seconds = 20;  ///< For all tables of one node together.
};

/// Compares what stands in the tables, row by row through a sum of hashes that knows no order: taken on the
/// primary, on each standby once it has replayed past that point, and on the primary again. A table that was
/// written meanwhile is not compared: neither an alarm nor an all-clear is made of it. @p tables as in
/// countRows(); empty: the same choice. An error when no table could be looked at. Blocking; reads only.
Result<QList<TableChecksum>> compareTables(const QList<CountedNode> &nodes, const QString &database,
                                           const QStringList &tables, const ChecksumOptions &options,
                                           const SecretSource &secrets, std::stop_token stop,
                                           const std::function<void(const QString &)> &say);

} // namespace understudy
