// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/Numbers.h"

#include "paint/PaintUnits.h"
#include "paint/TextShapes.h"

#include <QFontMetricsF>

namespace understudy {

namespace {

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

void drawAsText(QPainter &painter, const QFont &font, const QPointF &from, const QString &text)
{
    painter.setFont(font);
    TextShapes &shapes = TextShapes::of(font);
    if (shapes.digitsAreEven())
        return painter.drawText(from, text);
    double x = from.x();
    for (qsizetype i = 0; i < text.size();) {
        qsizetype end = i + 1;
        while (!isDigit(text.at(i)) && end < text.size() && !isDigit(text.at(end)))
            ++end;
        const QString part = text.mid(i, end - i);
        const double width = shapes.shape(part).width;
        const double slack = isDigit(text.at(i)) ? width - QFontMetricsF(font).horizontalAdvance(part) : 0;
        painter.drawText(QPointF(x + slack / 2, from.y()), part);
        x += width;
        i = end;
    }
}

} // namespace

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
    double x = rect.left();
    if (alignment & Qt::AlignRight)
        x = rect.right() - shape.width;
    else if (alignment & Qt::AlignHCenter)
        x = rect.center().x() - shape.width / 2;
    double baseline = rect.top() + shapes.ascent();
    if (alignment & Qt::AlignBottom)
        baseline = rect.bottom() - shapes.descent();
    else if (alignment & Qt::AlignVCenter)
        baseline = rect.center().y() + (shapes.ascent() - shapes.descent()) / 2;
    // In a file text stays text, so that it can be searched and edited.
    if (!paintsPixels(painter))
        return drawAsText(painter, font, {x, baseline}, text);
    for (const QGlyphRun &run : shape.runs)
        painter.drawGlyphRun({x, baseline}, run);
}

void drawTabular(QPainter &painter, const QRectF &rect, int alignment, const QString &text)
{
    drawTabular(painter, painter.font(), rect, alignment, text);
}

} // namespace understudy
