// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/StoreDialect.h"
#include "history/StoreEvents.h"
#include "history/StoreRows.h"

#include <QHash>

namespace understudy {

/// A stretch of one series: its smallest, largest and last number. `n` 0: a gap, and the numbers are NaN.
struct StoreSpan
{
    qint64 atUs = 0;                    ///< Where it begins; of a single look, when that was.
    qint64 n = 0;                       ///< How many looks knew the number.
    double low = 0, high = 0, last = 0; ///< In the metric's unit.
    bool isGap() const { return n == 0; }
};

struct StoreSeries
{
    qint64 id = 0;
    SeriesKey key;
};

/// How fine something is kept.
enum class StoreLevel { Raw, Minute, Hour };

/// Reads a store, also while it is written. Blocks: worker threads and verbs; one thread an object.
class StoreReader
{
public:
    static Stored<std::unique_ptr<StoreReader>> open(const QString &path);
    ~StoreReader();

    Stored<QList<StoreSeries>> series();
    struct Extent
    {
        qint64 oldestUs = 0, newestUs = 0; ///< Of everything that is kept; 0 of an empty store.
    };
    Stored<Extent> extent();
    /// A metric of some series from @p fromUs until before @p untilUs, in order, at most about @p maxPoints
    /// each, from whatever is fine enough and kept; the newest part, which is not rolled up yet, from what is
    /// finer. Between two spans that are too far apart stands a gap.
    Stored<QHash<qint64, QList<StoreSpan>>> read(const QList<qint64> &series, Metric metric, qint64 fromUs,
                                                 qint64 untilUs, int maxPoints);
    /// The clusters as they were looked at last at or before @p atUs: `takenAtUs` says when. Every number of
    /// that look where every look is still kept, else the whole look that was kept before. Nothing: there is
    /// none as old.
    Stored<std::optional<Topology>> topologyAt(qint64 atUs);
    /// The moments of whole looks, oldest first; the newest of them if there are more than @p most.
    Stored<QList<qint64>> moments(qint64 fromUs, qint64 untilUs, int most);
    /// The moments of every look that is still there, oldest first: the last day at most.
    Stored<QList<qint64>> rawMoments(qint64 fromUs, qint64 untilUs);
    /// Oldest first; the newest of them if there are more than @p most.
    Stored<QList<StoreEvent>> events(qint64 fromUs, qint64 untilUs, int most = 10000);

private:
    explicit StoreReader(std::unique_ptr<StoreConnection> connection);
    struct Piece
    {
        StoreLevel level = StoreLevel::Raw;
        qint64 fromUs = 0, untilUs = 0;
    };
    Stored<QList<Piece>> pieces(qint64 fromUs, qint64 untilUs, int maxPoints, qsizetype wanted);
    Stored<void> readRaw(const Piece &piece, Metric metric, QHash<qint64, QList<StoreSpan>> &into);
    Stored<void> readRolled(const Piece &piece, Metric metric, QHash<qint64, QList<StoreSpan>> &into);

    std::unique_ptr<StoreConnection> m_connection;
};

/// Whether a file is a database as stores are, by its first bytes. Not while this process has it open.
bool looksLikeStore(const QString &path);

/// Merges spans into at most about @p maxPoints and puts gaps where nothing was seen. @p stepUs: how far
/// apart two neighbours stand at most. Pure.
QList<StoreSpan> mergedSpans(const QList<StoreSpan> &spans, qint64 fromUs, qint64 untilUs, int maxPoints);

} // namespace understudy
