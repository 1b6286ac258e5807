// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>
#include <array>

namespace understudy {

/// A number that the store keeps over time. The values stand in files and are never given another meaning.
enum class Metric {
    LagBytes = 1,
    LagMicros = 2,
    Sent = 3,
    Written = 4,
    Flushed = 5,
    Replayed = 6,
    WalRate = 7,
    LinkRate = 8,
    Retained = 9,
};

struct MetricInfo
{
    Metric metric;
    const char *name; ///< Also its column in `raw`.
    const char *unit;
};

/// Every metric, in the order of the columns of `raw`. All of them are whole numbers.
constexpr std::array<MetricInfo, 9> metrics{{
    {Metric::LagBytes, "lag_bytes", "bytes"},
    {Metric::LagMicros, "lag_us", "microseconds"},
    {Metric::Sent, "sent", "bytes"},
    {Metric::Written, "written", "bytes"},
    {Metric::Flushed, "flushed", "bytes"},
    {Metric::Replayed, "replayed", "bytes"},
    {Metric::WalRate, "wal_rate", "bytes a second"},
    {Metric::LinkRate, "link_rate", "bytes a second"},
    {Metric::Retained, "retained", "bytes"},
}};

constexpr std::size_t indexOf(Metric metric)
{
    return std::size_t(metric) - 1;
}

} // namespace understudy
