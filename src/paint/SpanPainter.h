// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/SpanSeries.h"

#include <QColor>
#include <QImage>

namespace understudy {

/// From a value to rows of an image, row 0 at the top.
struct SpanScale
{
    double low = 0, high = 1; ///< The values of the lower and the upper edge; on a logarithmic scale above 0
    int rows = 0;
    bool logarithmic = false;

    /// NaN stays NaN. What lies under a logarithmic scale is on its lower edge.
    float rowOf(float value) const;
};

struct SpanPen
{
    QColor color;
    double width = 1; ///< Rows and columns of the image, 1 to 8
};

/// Draws lines as columns of pixels into an image, smooth at their edges. Made for a hundred lines at sixty
/// frames a second: QPainter's stroker is left out, in which every pen that is not one pixel wide is dear.
/// One thread; keeps its scratch memory.
class SpanPainter
{
public:
    /// @p image must be ARGB32_Premultiplied; column i is drawn at x = i.
    void draw(QImage &image, const SpanColumn *columns, qsizetype count, const SpanScale &scale,
              const SpanPen &pen);

private:
    void band(float top, float bottom);
    void piece(float fromRow, float toRow, float width);
    void pieces(const SpanColumn &column, const SpanScale &scale);
    void blend(qsizetype x, quint32 color);
    void bar(qsizetype x, quint32 color, float top, float bottom); ///< A band at once

    std::vector<float> m_tops, m_bottoms; ///< Of each column: the rows between which the line runs
    float m_clipTop = 0, m_clipBottom = 0;
    std::vector<float> m_cover; ///< How much of each row of the column is covered
    quint32 *m_pixels = nullptr;
    qsizetype m_stride = 0;
    int m_rows = 0, m_first = 0, m_end = 0;
    float m_width = 1;
};

} // namespace understudy
