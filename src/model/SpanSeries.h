// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>
#include <array>
#include <limits>
#include <vector>

namespace understudy {

/// What a line of a chart does within one column of pixels. NaN: not known, or it does not get there.
struct SpanColumn
{
    static constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
    static constexpr quint32 few = 2;

    float enter = unknown, leave = unknown; ///< Where it crosses the left and the right edge
    float low = unknown, high = unknown;    ///< Of the samples within; no spike is averaged away
    quint32 count = 0;                      ///< Known samples within
    bool broken = false;                    ///< Something within is not known
    std::array<float, few> at{};            ///< Of up to two samples: where in the column, 0 to 1
    std::array<float, few> value{};
};

/// One line of a chart: eight bytes a sample, in the order of time. A plain value for one thread.
class SpanSeries
{
public:
    /// @p atUs (microseconds since 1970) must be newer than what is there; anything else is ignored and gives
    /// false. NaN: not known. Days lie within; a line is 49 days long at most.
    bool append(qint64 atUs, float value);
    void dropBefore(qint64 atUs);
    void clear();

    qsizetype size() const { return qsizetype(m_values.size() - m_head); }
    qint64 firstUs() const; ///< 0 if there is nothing
    qint64 lastUs() const;

    /// Fills @p count columns of a grid that begins at 1970 with @p usPerColumn each, from column @p first
    /// on.
    void columns(qint64 first, qsizetype count, double usPerColumn, SpanColumn *out) const;

private:
    qint64 timeAt(size_t index) const { return m_baseUs + qint64(m_offsets[index]) * 1000; }
    bool connected(size_t left, size_t right) const;
    float between(size_t left, size_t right, qint64 atUs) const;
    SpanColumn column(size_t from, size_t to, qint64 beginUs, qint64 endUs) const;

    qint64 m_baseUs = 0;
    size_t m_head = 0;              ///< What was dropped, until it is worth moving the rest
    std::vector<quint32> m_offsets; ///< Milliseconds since m_baseUs
    std::vector<float> m_values;
};

/// The columns that a view shows, kept from one frame to the next: a view that moves, and a line that grows,
/// cost only what is new.
class SpanColumns
{
public:
    /// Columns [first, first + count) of the grid; valid until the next call.
    const SpanColumn *update(const SpanSeries &series, qint64 first, qsizetype count, double usPerColumn);
    void forget() { m_columns.clear(); }

private:
    std::vector<SpanColumn> m_columns, m_spare;
    qint64 m_first = 0;
    double m_usPerColumn = 0;
    qint64 m_knownUntilUs = 0; ///< What was appended after it is new.
};

} // namespace understudy
