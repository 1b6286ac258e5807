// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor/SqlSession.h"
#include "operations/RowCounts.h"

namespace understudy::counting {

struct Table
{
    qint64 oid = 0;
    QString name; ///< schema.table, for people
    QString sql;  ///< Quoted
    qint64 bytes = 0;
    qint64 wholeBytes = 0; ///< With TOAST
};

/// Counts of one standby in one round.
struct StandbyCounts
{
    NodeId node;
    QMap<qint64, qint64> rows; ///< By table
    QString note;              ///< Why something is missing; empty: all is there.
};

/// What one pass over the nodes saw.
struct Pass
{
    QString lsn; ///< Every standby that was counted had replayed past it.
    QMap<qint64, CountRound> primary;
    QList<StandbyCounts> standbys;
    QString error;
};

/// A read-only session of a proof.
SqlSession::Options sessionOptions();

/// Tables that may be read and are replicated, by size.
Result<QList<Table>> allTables(SqlSession &primary, std::stop_token stop);
/// Of those @p wanted (all must be there), or up to twenty small ones and the largest.
Result<QList<Table>> chooseTables(SqlSession &primary, std::stop_token stop, const QStringList &wanted = {});

/// A position behind every commit that a snapshot taken before can see.
Result<Lsn> insertPosition(SqlSession &primary, std::stop_token stop);
/// Empty when @p sql has replayed past @p target; else why not.
QString waitForReplay(SqlSession &sql, Lsn target, std::stop_token stop);

/// Counters of changes, by table; fresh at every call.
QMap<qint64, TableChanges> changes(SqlSession &primary, const QList<Table> &tables, std::stop_token stop);

/// Counts on the primary, on every standby once it has replayed past that point, and on the primary again.
Pass countOnce(SqlSession &primary, const QList<WatchedNode> &standbys, const QString &database,
               const QList<Table> &tables, const SecretSource &secrets, std::stop_token stop,
               const std::function<void(const QString &)> &say);

/// Waits @p ms, or until a stop is asked for.
void pause(int ms, std::stop_token stop);

} // namespace understudy::counting
