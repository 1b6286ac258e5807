// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/StoreMetrics.h"
#include "model/Topology.h"

namespace understudy {

/// What is measured over time.
struct SeriesKey
{
    enum class Kind { Node, Slot };
    QString cluster; ///< System identifier; empty if unknown.
    Kind kind = Kind::Node;
    NodeId node;
    QString slot; ///< Of a slot, its name.
    auto operator<=>(const SeriesKey &) const = default;
    bool operator==(const SeriesKey &) const = default;
};
size_t qHash(const SeriesKey &key, size_t seed = 0);

/// What one look measured of one series. A node's row speaks of the link that leads to it as well.
struct StoreRow
{
    qint64 atUs = 0;
    SeriesKey key;
    std::optional<int> link, lag; ///< Codes, see resources/sql/store/schema_1.sql; none: no link.
    bool lagging = false;
    std::optional<Lsn> lsn, receivedLsn;
    std::array<std::optional<qint64>, metrics.size()> values;
    bool operator==(const StoreRow &) const = default;
};

/// Pure. Planned nodes measure nothing.
QList<StoreRow> rowsOf(const Topology &topology);
/// Puts what a row measured into a look of the same structure. What is not in the look is left out. Pure.
void applyRow(Topology &topology, const StoreRow &row);
/// What a look says beyond its rows: nodes, roles, links, slots, findings. A look of the same structure
/// differs in what rows hold, and in what moves slowly (free space, sizes). Pure.
QByteArray structureOf(const Topology &topology);

/// Microseconds; saturates. NaN and infinity are unknown.
std::optional<qint64> microsOf(const std::optional<double> &seconds);

} // namespace understudy
