// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/Numbers.h"

#include "paint/PaintUnits.h"
#include "paint/TextShapes.h"

#include <QFontMetricsF>

namespace understudy {

double tabularWidth(const QFont &font, const QString &text)
{
    return TextShapes::of(font).shape(text).width;
}

void drawTabular(QPainter &painter, const QFont &font, const QRectF &rect, int alignment, const QString &text)
{
    if (text.isEmpty())
        return;
    TextShapes &shapes = TextShapes::of(font);
    const TextShape &shape = shapes.shape(text);
    // In a file text stays text, so that it can be searched and edited; there no digit ever changes, and none
    // needs a cell of its own.
    const bool pixels = paintsPixels(painter);
    const double width = pixels ? shape.width : QFontMetricsF(font).horizontalAdvance(text);
    double x = rect.left();
    if (alignment & Qt::AlignRight)
        x = rect.right() - width;
    else if (alignment & Qt::AlignHCenter)
        x = rect.center().x() - width / 2;
    double baseline = rect.top() + shapes.ascent();
    if (alignment & Qt::AlignBottom)
        baseline = rect.bottom() - shapes.descent();
    else if (alignment & Qt::AlignVCenter)
        baseline = rect.center().y() + (shapes.ascent() - shapes.descent()) / 2;
    if (!pixels) {
        painter.setFont(font);
        return painter.drawText(QPointF(x, baseline), text);
    }
    for (const QGlyphRun &run : shape.runs)
        painter.drawGlyphRun({x, baseline}, run);
}

void drawTabular(QPainter &painter, const QRectF &rect, int alignment, const QString &text)
{
    drawTabular(painter, painter.font(), rect, alignment, text);
}

} // namespace understudy
