// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/Numbers.h"

#include <QFontMetricsF>
#include <QHash>

namespace understudy {

namespace {

struct Digits
{
    double cell = 0;
    bool even = true; ///< The font's digits are tabular already.
};

Digits digitsOf(const QFont &font)
{
    thread_local QHash<QString, Digits> known;
    const QString key = font.key();
    if (const auto it = known.constFind(key); it != known.constEnd())
        return *it;
    const QFontMetricsF metrics(font);
    Digits digits;
    double narrowest = 1e9;
    for (char16_t c = u'0'; c <= u'9'; ++c) {
        const double width = metrics.horizontalAdvance(QChar(c));
        digits.cell = qMax(digits.cell, width);
        narrowest = qMin(narrowest, width);
    }
    digits.even = digits.cell - narrowest < 0.01;
    if (known.size() > 200)
        known.clear();
    known.insert(key, digits);
    return digits;
}

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

/// Calls @p each(text, x, width) for every digit and every run between digits; returns the whole width.
template <typename Each>
double layOut(const QFontMetricsF &metrics, const Digits &digits, const QString &text, Each each)
{
    double x = 0;
    for (qsizetype i = 0; i < text.size();) {
        if (isDigit(text.at(i))) {
            const QString one(text.at(i));
            const double slack = digits.cell - metrics.horizontalAdvance(one);
            each(one, x + slack / 2);
            x += digits.cell;
            ++i;
            continue;
        }
        qsizetype end = i;
        while (end < text.size() && !isDigit(text.at(end)))
            ++end;
        const QString run = text.mid(i, end - i);
        each(run, x);
        x += metrics.horizontalAdvance(run);
        i = end;
    }
    return x;
}

} // namespace

double tabularWidth(const QFont &font, const QString &text)
{
    const QFontMetricsF metrics(font);
    const Digits digits = digitsOf(font);
    if (digits.even)
        return metrics.horizontalAdvance(text);
    return layOut(metrics, digits, text, [](const QString &, double) {});
}

void drawTabular(QPainter &painter, const QRectF &rect, int alignment, const QString &text)
{
    const QFont font = painter.font();
    const Digits digits = digitsOf(font);
    if (digits.even) {
        painter.drawText(rect, alignment | Qt::TextSingleLine | Qt::TextDontClip, text);
        return;
    }
    const QFontMetricsF metrics(font);
    const double width = layOut(metrics, digits, text, [](const QString &, double) {});
    double x = rect.left();
    if (alignment & Qt::AlignRight)
        x = rect.right() - width;
    else if (alignment & Qt::AlignHCenter)
        x = rect.center().x() - width / 2;
    double baseline = rect.top() + metrics.ascent();
    if (alignment & Qt::AlignBottom)
        baseline = rect.bottom() - metrics.descent();
    else if (alignment & Qt::AlignVCenter)
        baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    layOut(metrics, digits, text, [&](const QString &part, double offset) {
        painter.drawText(QPointF(x + offset, baseline), part);
    });
}

} // namespace understudy
