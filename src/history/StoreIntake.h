// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/LagHistory.h"
#include "history/StoreEvents.h"
#include "history/StoreRows.h"

namespace understudy {

/// A whole look, packed, and whether something changed at it.
struct StoreLook
{
    qint64 atUs = 0;
    bool turn = false;
    QByteArray bytes;
};

/// What one transaction writes.
struct StoreBatch
{
    QList<StoreRow> rows;
    QList<StoreLook> looks;
    QList<StoreEvent> events;
    qint64 taken = 0;                                     ///< Looks that went into it.
    qint64 oldestUs = std::numeric_limits<qint64>::max(); ///< Of its rows.
    qint64 newestUs = std::numeric_limits<qint64>::min();
    bool isEmpty() const { return rows.isEmpty() && looks.isEmpty() && events.isEmpty(); }
};

/// Turns looks into what is stored: rows, events from one look to the next, a whole look where the structure
/// changed and every few minutes; and tells what the clock did meanwhile. Pure but for its memory.
class StoreIntake
{
public:
    explicit StoreIntake(qint64 keyframeUs = Q_INT64_C(300000000)) : m_keyframeUs(keyframeUs) {}

    /// @p monotonicUs: when the look was handed over, by a clock that never jumps.
    void take(const Topology &topology, qint64 monotonicUs, StoreBatch &batch);
    void note(const HistoryEvent &event, StoreBatch &batch);
    /// A file begins, or is gone on with: its newest row, if it has one. The next look is stored whole.
    void begin(std::optional<qint64> newestStoredUs);
    /// Until then nothing is dropped for its age: the clock may have been set far ahead by mistake, and be
    /// set back. By the clock that never jumps; 0: at once.
    qint64 holdUntilMonotonicUs() const { return m_holdUntil; }

private:
    void clockEvents(qint64 atUs, qint64 monotonicUs, StoreBatch &batch);

    qint64 m_keyframeUs;
    Topology m_last;
    QByteArray m_structure;
    std::optional<qint64> m_lastAtUs, m_lastMonotonicUs, m_stored;
    qint64 m_keyframeAtUs = 0;
    qint64 m_holdUntil = 0;
};

} // namespace understudy
