// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/SpanPainter.h"

#include <algorithm>
#include <cmath>

namespace understudy {

namespace {

/// The integral of what lies between 0 and 1 below @p u: the area that a moving edge leaves in a row.
float area(float u)
{
    return u <= 0 ? 0 : u < 1 ? u * u / 2 : u - 0.5F;
}

/// The part of the row from @p row on that is below an edge running from @p high to @p low (rows, high >=
/// low).
float below(float row, float low, float high)
{
    if (high - low < 0.01F)
        return std::clamp(row + 1 - low, 0.0F, 1.0F);
    return (area(row + 1 - low) - area(row + 1 - high)) / (high - low);
}

constexpr quint32 everyOther = 0xffU << 16 | 0xffU; ///< Two of the four parts of a pixel at once

quint32 scaled(quint32 color, quint32 by) // by: 0 to 256
{
    const quint32 evens = ((color & everyOther) * by >> 8) & everyOther;
    const quint32 odds = ((color >> 8) & everyOther) * by & ~everyOther;
    return evens | odds;
}

/// @p part: how much of the pixel, 0 to 1
inline void cover(quint32 &pixel, quint32 color, float part)
{
    const auto by = quint32(part * 256 + 0.5F); // NOLINT(bugprone-incorrect-roundings): never below 0
    if (by >= 256 && color >> 24 == 255) {
        pixel = color;
    } else if (by > 0) {
        const quint32 source = scaled(color, by);
        pixel = source + scaled(pixel, 256 - (source >> 24) - (source >> 31));
    }
}

} // namespace

float SpanScale::rowOf(float value) const
{
    if (std::isnan(value))
        return value;
    double part = 0;
    if (logarithmic)
        part = value <= low ? 0 : std::log(double(value) / low) / std::log(high / low);
    else
        part = (double(value) - low) / (high - low);
    // Far outside is as good as far outside: whole numbers of rows must hold it.
    return float(std::clamp((1 - part) * rows, -1e5, 1e5));
}

void SpanPainter::band(float top, float bottom)
{
    top = std::max(top, 0.0F);
    bottom = std::min(bottom, float(m_rows));
    if (top >= bottom)
        return;
    const int first = int(top), last = std::min(int(std::ceil(bottom)), m_rows) - 1;
    m_first = std::min(m_first, first);
    m_end = std::max(m_end, last + 1);
    for (int row = first; row <= last; ++row)
        m_cover[size_t(row)] += std::min(bottom, float(row + 1)) - std::max(top, float(row));
}

void SpanPainter::piece(float fromRow, float toRow, float width)
{
    if (!(width > 0.0F))
        return;
    const float low = std::min(fromRow, toRow), high = std::max(fromRow, toRow), rise = high - low;
    // A slanted line is as thick as a level one across itself, so it is thicker from top to bottom.
    const float slope = rise / width;
    const float half = m_width * std::sqrt(1 + slope * slope) / 2;
    // Steep, it would reach beyond its own ends; it ends where the line does.
    const float top = std::max({low - half, m_clipTop, 0.0F});
    const float bottom = std::min({high + half, m_clipBottom, float(m_rows)});
    if (top >= bottom)
        return;
    const int first = int(top), last = std::min(int(std::ceil(bottom)), m_rows) - 1;
    m_first = std::min(m_first, first);
    m_end = std::max(m_end, last + 1);
    for (int row = first; row <= last; ++row) {
        const float inside = std::min(bottom, float(row + 1)) - std::max(top, float(row));
        const float covered =
            below(float(row), low - half, high - half) - below(float(row), low + half, high + half);
        m_cover[size_t(row)] += width * std::clamp(covered, 0.0F, inside);
    }
}

void SpanPainter::pieces(const SpanColumn &column, const SpanScale &scale)
{
    const float enter = scale.rowOf(column.enter), leave = scale.rowOf(column.leave);
    const bool enters = !std::isnan(enter), leaves = !std::isnan(leave);
    if (column.count == 0) {
        if (enters && leaves && !column.broken)
            piece(enter, leave, 1);
        return;
    }
    const float first = scale.rowOf(column.value[0]);
    float row = first, at = column.at[0];
    if (enters)
        piece(enter, first, at);
    if (column.count == 2) {
        row = scale.rowOf(column.value[1]);
        if (!column.broken)
            piece(first, row, column.at[1] - at);
        at = column.at[1];
    }
    if (leaves)
        piece(row, leave, 1 - at);
    // A value on its own is a dot, or nobody would see it.
    if (!enters && !leaves)
        band(std::min(first, row) - m_width / 2, std::max(first, row) + m_width / 2);
}

void SpanPainter::blend(qsizetype x, quint32 color)
{
    quint32 *pixel = m_pixels + m_first * m_stride + x;
    for (int row = m_first; row < m_end; ++row, pixel += m_stride) {
        cover(*pixel, color, std::min(m_cover[size_t(row)], 1.0F));
        m_cover[size_t(row)] = 0;
    }
    m_first = m_rows;
    m_end = 0;
}

void SpanPainter::bar(qsizetype x, quint32 color, float top, float bottom)
{
    top = std::max(top, 0.0F);
    bottom = std::min(bottom, float(m_rows));
    if (!(top < bottom))
        return;
    const int first = int(top), last = std::min(int(bottom), m_rows - 1);
    quint32 *pixel = m_pixels + first * m_stride + x;
    if (first == last) {
        cover(*pixel, color, bottom - top);
        return;
    }
    cover(*pixel, color, float(first + 1) - top);
    for (int row = first + 1; row < last; ++row)
        cover(*(pixel += m_stride), color, 1);
    cover(*(pixel + m_stride), color, bottom - float(last));
}

void SpanPainter::draw(QImage &image, const SpanColumn *columns, qsizetype count, const SpanScale &scale,
                       const SpanPen &pen)
{
    Q_ASSERT(image.format() == QImage::Format_ARGB32_Premultiplied);
    m_rows = image.height();
    m_width = float(std::clamp(pen.width, 1.0, 8.0));
    m_cover.assign(size_t(m_rows), 0.0F);
    m_first = m_rows;
    m_end = 0;
    m_pixels = reinterpret_cast<quint32 *>(image.bits());
    m_stride = image.bytesPerLine() / 4;
    const quint32 color = qPremultiply(pen.color.rgba());
    // On a straight scale in one step: dense columns are what a long span is made of.
    const auto slope = float(-scale.rows / (scale.high - scale.low));
    const auto zero = float(scale.rows * scale.high / (scale.high - scale.low));
    const auto rowOf = [&scale, slope, zero](float value) {
        return scale.logarithmic ? scale.rowOf(value) : value * slope + zero;
    };
    const float half = m_width / 2;
    const qsizetype end = std::min<qsizetype>(count, image.width());
    m_tops.resize(size_t(end));
    m_bottoms.resize(size_t(end));
    for (qsizetype x = 0; x < end; ++x) {
        const SpanColumn &column = columns[x];
        float top = float(m_rows) * 2, bottom = -top;
        for (const float value : {column.high, column.low, column.enter, column.leave}) {
            const float row = rowOf(value);
            top = row < top ? row : top; // False for NaN
            bottom = row > bottom ? row : bottom;
        }
        m_tops[size_t(x)] = top;
        m_bottoms[size_t(x)] = bottom;
    }
    // A wide pen is as wide across a spike as it is along a level line.
    const auto reach = qsizetype(m_width / 2);
    for (qsizetype x = 0; x < end; ++x) {
        const SpanColumn &column = columns[x];
        const bool dense = column.count > SpanColumn::few;
        if (!dense && column.count == 0 && (std::isnan(column.enter) || std::isnan(column.leave)))
            continue;
        const qsizetype from = std::max<qsizetype>(0, x - (dense ? reach : reach + 1));
        const qsizetype to = std::min(end, x + (dense ? 1 : reach + 2));
        const float top = *std::min_element(m_tops.begin() + from, m_tops.begin() + to) - half;
        const float bottom = *std::max_element(m_bottoms.begin() + from, m_bottoms.begin() + to) + half;
        if (dense) {
            bar(x, color, top, bottom);
            continue;
        }
        m_clipTop = top;
        m_clipBottom = bottom;
        pieces(column, scale);
        blend(x, color);
    }
}

} // namespace understudy
