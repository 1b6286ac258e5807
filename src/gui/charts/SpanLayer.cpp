// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot's header is written with Qt's keywords; every other file does without them.
#undef QT_NO_KEYWORDS
#undef QT_NO_FOREACH
#include "gui/charts/SpanLayer.h"

#include <cmath>

namespace understudy {

SpanLayer::SpanLayer(QCPAxis *keys, QCPAxis *values) : QCPAbstractPlottable(keys, values) {}

QCPRange SpanLayer::getKeyRange(bool &found, QCP::SignDomain) const
{
    QCPRange range;
    found = false;
    for (const Line &line : m_lines) {
        if (line.series.size() == 0)
            continue;
        const QCPRange own(double(line.series.firstUs()) / 1e6, double(line.series.lastUs()) / 1e6);
        if (found)
            range.expand(own);
        else
            range = own;
        found = true;
    }
    return range;
}

QCPRange SpanLayer::getValueRange(bool &found, QCP::SignDomain, const QCPRange &) const
{
    // The chart knows its own scale; nobody rescales by this.
    found = false;
    return {};
}

void SpanLayer::draw(QCPPainter *painter)
{
    const QRectF target = mKeyAxis->axisRect()->rect();
    const double ratio = painter->device()->devicePixelRatioF();
    const QSize size = (target.size() * ratio).toSize();
    if (size.isEmpty())
        return;
    const QCPRange keys = mKeyAxis->range(), values = mValueAxis->range();
    // Seconds since 1970 have few digits behind the point: the same span is not the same to the last bit when
    // it moves.
    const double wanted = keys.size() * 1e6 / size.width();
    if (std::abs(wanted - m_usPerColumn) > 1e-7 * wanted)
        m_usPerColumn = wanted;
    const double usPerColumn = m_usPerColumn;
    const auto first = qint64(std::floor(keys.lower * 1e6 / usPerColumn));
    const bool vectors = painter->modes().testFlag(QCPPainter::pmVectorized);
    if (!vectors) {
        if (m_image.size() != size)
            m_image = QImage(size, QImage::Format_ARGB32_Premultiplied);
        m_image.fill(Qt::transparent);
    }
    const SpanScale scale{values.lower, values.upper, size.height(),
                          mValueAxis->scaleType() == QCPAxis::stLogarithmic};
    for (Line &line : m_lines) {
        if (!line.visible)
            continue;
        const SpanColumn *columns = line.columns.update(line.series, first, size.width(), usPerColumn);
        if (vectors) {
            drawVectors(*painter, line, columns, size.width(), target);
            continue;
        }
        SpanPen pen = line.pen;
        pen.width *= ratio;
        m_painter.draw(m_image, columns, size.width(), scale, pen);
    }
    if (vectors)
        return;
    m_image.setDevicePixelRatio(ratio);
    painter->drawImage(target.topLeft(), m_image);
    m_image.setDevicePixelRatio(1);
}

void SpanLayer::drawVectors(QCPPainter &painter, const Line &line, const SpanColumn *columns, qsizetype count,
                            const QRectF &target) const
{
    const SpanScale scale{mValueAxis->range().lower, mValueAxis->range().upper, int(target.height()),
                          mValueAxis->scaleType() == QCPAxis::stLogarithmic};
    const double width = target.width() / double(count);
    QPolygonF points;
    const auto put = [&](double x, float value) {
        if (!std::isnan(value))
            points << QPointF(target.left() + x * width, target.top() + double(scale.rowOf(value)));
    };
    const auto flush = [&] {
        if (points.size() > 1)
            painter.drawPolyline(points);
        points.clear();
    };
    painter.setPen(QPen(line.pen.color, line.pen.width));
    painter.setBrush(Qt::NoBrush);
    for (qsizetype i = 0; i < count; ++i) {
        const SpanColumn &column = columns[i];
        if (std::isnan(column.enter))
            flush();
        else
            put(double(i), column.enter);
        if (column.count > SpanColumn::few) {
            put(double(i) + 0.5, column.low);
            put(double(i) + 0.5, column.high);
        } else {
            for (quint32 n = 0; n < column.count; ++n)
                put(double(i) + double(column.at.at(n)), column.value.at(n));
        }
        if (std::isnan(column.leave))
            flush();
    }
    flush();
}

} // namespace understudy
