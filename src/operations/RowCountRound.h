// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitor/SqlSession.h"
#include "operations/RowCounts.h"

#include <memory>
#include <optional>

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

// A session reports its changes to the counters at the end of a transaction, at most once a second, and when
// idle within 10 s. What looks wrong is judged again with later counters until twelve seconds are past: they
// can only widen what was possible.
inline constexpr int counterGapMs = 1000;
inline constexpr int counterReads = 12;
inline constexpr int rounds = 2;

/// Who is compared with whom.
struct Sides
{
    std::optional<WatchedNode> primary;
    QList<WatchedNode> standbys;
};
Sides sidesOf(const QList<CountedNode> &nodes);

/// A read-only session of a proof.
SqlSession::Options sessionOptions();
Result<std::unique_ptr<SqlSession>> sessionOn(const WatchedNode &node, const QString &database,
                                              const SecretSource &secrets, std::stop_token stop);

/// Calls @p ask with each place of @p count, a thread each, and waits for all.
void onEach(qsizetype count, const std::function<void(qsizetype)> &ask);

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
