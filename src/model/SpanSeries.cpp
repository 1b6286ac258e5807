// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/SpanSeries.h"

#include <algorithm>
#include <cmath>

namespace understudy {

namespace {

constexpr qint64 longestMs = std::numeric_limits<quint32>::max();
constexpr size_t worthMoving = 4096;

qint64 edge(qint64 column, double usPerColumn)
{
    return qint64(std::llround(double(column) * usPerColumn));
}

} // namespace

bool SpanSeries::append(qint64 atUs, float value)
{
    if (size() == 0) {
        clear();
        m_baseUs = atUs - atUs % 1000;
    }
    const qint64 offset = (atUs - m_baseUs) / 1000;
    if (offset < 0 || offset > longestMs || (size() > 0 && offset <= qint64(m_offsets.back())))
        return false;
    m_offsets.push_back(quint32(offset));
    m_values.push_back(std::isfinite(value) ? value : SpanColumn::unknown);
    return true;
}

void SpanSeries::dropBefore(qint64 atUs)
{
    while (m_head < m_values.size() && timeAt(m_head) < atUs)
        ++m_head;
    if (m_head < worthMoving || m_head * 2 < m_values.size())
        return;
    const quint32 shift = m_head < m_offsets.size() ? m_offsets[m_head] : 0;
    m_offsets.erase(m_offsets.begin(), m_offsets.begin() + std::ptrdiff_t(m_head));
    m_values.erase(m_values.begin(), m_values.begin() + std::ptrdiff_t(m_head));
    for (quint32 &offset : m_offsets)
        offset -= shift;
    m_baseUs += qint64(shift) * 1000;
    m_head = 0;
}

void SpanSeries::clear()
{
    m_offsets.clear();
    m_values.clear();
    m_head = 0;
    m_baseUs = 0;
}

qint64 SpanSeries::firstUs() const
{
    return size() > 0 ? timeAt(m_head) : 0;
}

qint64 SpanSeries::lastUs() const
{
    return size() > 0 ? timeAt(m_values.size() - 1) : 0;
}

bool SpanSeries::connected(size_t left, size_t right) const
{
    return !std::isnan(m_values[left]) && !std::isnan(m_values[right]);
}

float SpanSeries::between(size_t left, size_t right, qint64 atUs) const
{
    if (!connected(left, right))
        return SpanColumn::unknown;
    const qint64 from = timeAt(left), to = timeAt(right);
    return m_values[left] +
           (m_values[right] - m_values[left]) * float(double(atUs - from) / double(to - from));
}

SpanColumn SpanSeries::column(size_t from, size_t to, qint64 beginUs, qint64 endUs) const
{
    SpanColumn out;
    if (from > m_head && from < m_values.size())
        out.enter = between(from - 1, from, beginUs);
    if (to > m_head && to < m_values.size())
        out.leave = between(to - 1, to, endUs);
    if (from == to)
        return out;
    // Comparisons with NaN are false, so what is not known drops out by itself.
    float low = std::numeric_limits<float>::infinity(), high = -low;
    quint32 known = 0;
    for (size_t i = from; i < to; ++i) {
        const float value = m_values[i];
        low = value < low ? value : low;
        high = value > high ? value : high;
        known += value == value ? 1 : 0; // NOLINT(misc-redundant-expression)
    }
    out.count = known;
    out.broken = known < to - from;
    if (known == 0)
        return out;
    out.low = low;
    out.high = high;
    if (known <= SpanColumn::few) {
        const double width = double(endUs - beginUs);
        quint32 n = 0;
        for (size_t i = from; i < to; ++i) {
            if (std::isnan(m_values[i]))
                continue;
            out.at[n] = float(double(timeAt(i) - beginUs) / width);
            out.value[n++] = m_values[i];
        }
    }
    return out;
}

void SpanSeries::columns(qint64 first, qsizetype count, double usPerColumn, SpanColumn *out) const
{
    const auto indexOf = [this](qint64 us, size_t from) {
        const qint64 ms = us - m_baseUs <= 0 ? 0 : (us - m_baseUs + 999) / 1000;
        const auto end = m_offsets.end();
        return ms > longestMs
                   ? m_offsets.size()
                   : size_t(std::lower_bound(m_offsets.begin() + std::ptrdiff_t(from), end, quint32(ms)) -
                            m_offsets.begin());
    };
    qint64 begin = edge(first, usPerColumn);
    size_t from = indexOf(begin, m_head);
    for (qsizetype i = 0; i < count; ++i) {
        const qint64 end = edge(first + i + 1, usPerColumn);
        size_t to = from;
        // Most columns hold few samples; a jump is for those before the line begins and the widest ones.
        while (to < m_values.size() && to - from < 256 && timeAt(to) < end)
            ++to;
        if (to - from == 256)
            to = indexOf(end, to);
        out[i] = column(from, to, begin, end);
        begin = end;
        from = to;
    }
}

const SpanColumn *SpanColumns::update(const SpanSeries &series, qint64 first, qsizetype count,
                                      double usPerColumn)
{
    const auto size = qsizetype(m_columns.size());
    const qint64 keptFrom = std::max(first, m_first);
    qint64 keptTo = std::min(first + count, m_first + size);
    // The column of the newest sample known then had no right edge yet, and its neighbour no left one.
    if (usPerColumn > 0)
        keptTo = std::min(keptTo, qint64(std::floor(double(m_knownUntilUs) / usPerColumn)) - 1);
    m_spare.resize(size_t(count));
    if (usPerColumn != m_usPerColumn || keptFrom >= keptTo) {
        series.columns(first, count, usPerColumn, m_spare.data());
    } else {
        std::copy_n(m_columns.begin() + (keptFrom - m_first), keptTo - keptFrom,
                    m_spare.begin() + (keptFrom - first));
        series.columns(first, keptFrom - first, usPerColumn, m_spare.data());
        series.columns(keptTo, first + count - keptTo, usPerColumn, m_spare.data() + (keptTo - first));
    }
    m_columns.swap(m_spare);
    m_first = first;
    m_usPerColumn = usPerColumn;
    m_knownUntilUs = series.lastUs();
    return m_columns.data();
}

} // namespace understudy
