// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/SpanSeries.h"
#include "paint/SpanPainter.h"

#include <qcustomplot.h>

namespace understudy {

/// All lines of a chart as one plottable of QCustomPlot: each is drawn as columns of device pixels into one
/// image, and columns are kept while the view moves. Keys are seconds since 1970. GUI thread.
class SpanLayer final : public QCPAbstractPlottable
{
public:
    struct Line
    {
        SpanSeries series;
        SpanPen pen;
        bool visible = true;
        SpanColumns columns = {}; ///< Kept between frames
    };

    SpanLayer(QCPAxis *keys, QCPAxis *values);

    std::vector<Line> &lines() { return m_lines; }

    double selectTest(const QPointF &, bool, QVariant * = nullptr) const override { return -1; }
    QCPRange getKeyRange(bool &found, QCP::SignDomain = QCP::sdBoth) const override;
    QCPRange getValueRange(bool &found, QCP::SignDomain = QCP::sdBoth,
                           const QCPRange & = QCPRange()) const override;

protected:
    void draw(QCPPainter *painter) override;
    void drawLegendIcon(QCPPainter *, const QRectF &) const override {}

private:
    void drawVectors(QCPPainter &painter, const Line &line, const SpanColumn *columns, qsizetype count,
                     const QRectF &target) const;

    std::vector<Line> m_lines;
    SpanPainter m_painter;
    double m_usPerColumn = 0;
    QImage m_image; ///< Kept: making one of a large chart costs more than drawing into it.
};

} // namespace understudy
