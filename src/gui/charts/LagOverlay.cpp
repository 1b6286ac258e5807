// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/LagOverlay.h"

#include "model/Format.h"
#include "paint/Numbers.h"
#include "paint/StateGlyph.h"

#include <QCoreApplication>
#include <cmath>

namespace understudy {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("LagChart", text);
}

void line(QPainter &painter, QPointF from, QPointF to, const QColor &color,
          Qt::PenStyle style = Qt::SolidLine)
{
    QPen pen(color, 0, style);
    if (style == Qt::CustomDashLine)
        pen.setDashPattern({4, 4});
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(pen);
    painter.drawLine(from, to);
    painter.setRenderHint(QPainter::Antialiasing, true);
}

} // namespace

double LagOverlay::xOf(qint64 atUs) const
{
    return plot.left() + plot.width() * double(atUs - fromUs) / double(std::max<qint64>(1, toUs - fromUs));
}

double LagOverlay::yOf(double value) const
{
    return plot.bottom() - plot.height() * (value - bottom()) / std::max(1e-9, top.top - bottom());
}

double LagOverlay::bottom() const
{
    constexpr double pixelsBelowZero = 2;
    return -top.top * pixelsBelowZero / std::max(10.0, plot.height() - pixelsBelowZero);
}

void LagOverlay::paint(QPainter &painter) const
{
    if (!theme || plot.width() < 10 || plot.height() < 10)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    paintThreshold(painter);
    paintEvents(painter);
    paintEnds(painter);
    const double labelsEnd = paintLabels(painter);
    if (!sentence.isEmpty()) {
        painter.setFont(textFont(TextRole::Body, font));
        painter.setPen(theme->text3);
        painter.drawText(plot, Qt::AlignCenter | Qt::TextWordWrap, sentence);
    }
    // Said once: every time on the axis is UTC.
    const QFont label = textFont(TextRole::Label, font);
    painter.setFont(label);
    painter.setPen(theme->text3);
    const QFontMetricsF metrics(label);
    if (labelsEnd <= plot.bottom() + 5)
        painter.drawText(QPointF(plot.right() + 28, plot.bottom() + 5 + metrics.ascent()),
                         QStringLiteral("UTC"));
    paintMarked(painter);
    paintChosen(painter);
    paintCrosshair(painter);
    painter.restore();
}

QString LagOverlay::words() const
{
    QStringList parts;
    for (const ReadOut &one : readOut)
        parts << tr("%1 %2").arg(one.name, valueWords(one.value, unit));
    return parts.isEmpty() ? QString()
                           : tr("%1: %2").arg(format::utcTime(crosshairUs), parts.join(QStringLiteral(", ")));
}

void LagOverlay::paintChosen(QPainter &painter) const
{
    if (!chosen)
        return;
    const QRectF box(std::round(chosen->first) + 0.5, plot.top() + 0.5,
                     std::round(chosen->second - chosen->first), plot.height() - 1);
    QColor tint = theme->accent;
    tint.setAlphaF(0.12F);
    painter.setPen(QPen(theme->accent, 0));
    painter.setBrush(tint);
    painter.drawRect(box);
}

void LagOverlay::paintThreshold(QPainter &painter) const
{
    if (threshold() > top.top || lines.isEmpty())
        return;
    const double y = std::round(yOf(threshold()));
    line(painter, {plot.left(), y}, {plot.right(), y}, theme->warnG, Qt::CustomDashLine);
    const QFont label = textFont(TextRole::Label, font);
    const QString words = tr("Warning %1").arg(axisWords(threshold(), unit));
    const QFontMetricsF metrics(label);
    painter.setFont(label);
    painter.setPen(theme->warn);
    const double above = y - 3 - metrics.height() < plot.top() ? y + 2 : y - 2 - metrics.height();
    painter.drawText(QPointF(plot.left() + 6, above + metrics.ascent()), words);
}

void LagOverlay::paintEvents(QPainter &painter) const
{
    const QFont label = textFont(TextRole::Label, font);
    const QFontMetricsF metrics(label);
    double taken = plot.left() - 100; // right edge of the marker before
    for (qsizetype i = 0; i < events.size(); ++i) {
        const HistoryEvent &event = events.at(i);
        if (event.atUs < fromUs || event.atUs > toUs)
            continue;
        const double x = std::round(xOf(event.atUs));
        line(painter, {x, plot.top()}, {x, plot.bottom()}, theme->axis);
        const double size = event.neutral ? 8 : 14;
        // Neighbours move apart; a crowd keeps its lines and loses its markers.
        double left = std::max(x - size / 2, taken + 3);
        if (left > x + 24)
            continue;
        const double middle = plot.top() - 9;
        const QRectF mark(left, middle - size / 2, size, size);
        if (event.neutral) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme->neutral);
            painter.drawRoundedRect(mark, 2, 2);
        } else {
            paintGlyph(painter, mark, glyphFor(event.severity), *theme);
        }
        double room = plot.right() + 20 - mark.right();
        if (i + 1 < events.size() && events.at(i + 1).atUs <= toUs)
            room = std::min(room, xOf(events.at(i + 1).atUs) - 14 - mark.right());
        const double wide = metrics.horizontalAdvance(event.text) + 6;
        painter.setFont(label);
        painter.setPen(theme->text2);
        QRectF words(mark.right() + 6, middle - metrics.height() / 2, room, metrics.height());
        if (wide > room && mark.left() - 6 - wide > taken + 8) {
            // What has just happened stands at the right edge: its words go to the left.
            words.moveLeft(mark.left() - 6 - wide);
            words.setWidth(wide);
            taken = mark.right();
        } else if (wide > room && room < 70) {
            taken = mark.right();
            continue;
        } else {
            taken = mark.right() + 6 + std::min(wide, room);
        }
        painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(event.text, Qt::ElideRight, words.width()));
    }
}

void LagOverlay::paintEnds(QPainter &painter) const
{
    // The worst is painted last, on top.
    for (qsizetype i = lines.size(); i-- > 0;) {
        const LagLine &one = lines.at(i);
        const QColor color = one.slot < 0 ? theme->neutral : theme->series(one.slot);
        for (const QPointF &at : one.breaks) {
            painter.setPen(QPen(color, 1));
            painter.setBrush(theme->panel);
            painter.drawEllipse(at, 3, 3);
        }
        if (!std::isfinite(one.now))
            continue;
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(one.end, 3.5, 3.5);
        if (Theme::hollowMark(one.slot)) {
            painter.setBrush(theme->panel);
            painter.drawEllipse(one.end, 1.75, 1.75);
        }
    }
}

double LagOverlay::paintLabels(QPainter &painter) const
{
    const QFont small = textFont(TextRole::Small, font), strong = textFont(TextRole::SmallStrong, font),
                label = textFont(TextRole::Label, font);
    const QFontMetricsF smallMetrics(small), labelMetrics(label);
    const double left = plot.right() + 16, right = whole.right() - 12;
    const double rowHeight = std::max(20.0, smallMetrics.height() + 4);
    const bool roomy = lines.size() <= 2;
    double y = plot.top() - 8;
    const double bottom = plot.bottom() - 8;
    const bool above = threshold() > top.top && !lines.isEmpty();
    const double reserved = above ? 2 * labelMetrics.height() + 8 : 0;
    qsizetype shown = 0;
    for (; shown < lines.size(); ++shown) {
        const LagLine &one = lines.at(shown);
        const qsizetype left_ = lines.size() - shown;
        if (y + rowHeight * (left_ > 1 ? 2 : 1) > bottom - reserved && left_ > 1 && shown > 0)
            break;
        const QString value = valueWords(one.now, unit);
        const double valueWide = tabularWidth(strong, value) + 2;
        paintSeriesMark(painter, QRectF(left, y + rowHeight / 2 - 4.5, 9, 9), one.slot, *theme);
        painter.setFont(small);
        painter.setPen(theme->text);
        const QRectF row(left + 15, y, right - left - 15, rowHeight);
        painter.drawText(row.adjusted(0, 0, -valueWide - 6, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         smallMetrics.elidedText(one.name, Qt::ElideMiddle, row.width() - valueWide - 6));
        painter.setFont(strong);
        painter.setPen(one.valueColor);
        drawTabular(painter, row, Qt::AlignRight | Qt::AlignVCenter, value);
        y += rowHeight;
        if (roomy && std::isfinite(one.highest.value) && y + rowHeight < bottom) {
            painter.setFont(label);
            painter.setPen(theme->text3);
            painter.drawText(
                QRectF(left + 15, y - 2, right - left - 15, labelMetrics.height()), Qt::AlignLeft,
                tr("Highest %1, %2")
                    .arg(valueWords(one.highest.value, unit), format::utcTime(one.highest.atUs).left(5)));
            y += labelMetrics.height() + 4;
        }
    }
    painter.setFont(label);
    painter.setPen(theme->text3);
    if (shown < lines.size()) {
        const QString words = tr("%1 more").arg(lines.size() - shown);
        painter.drawText(QRectF(left, y, right - left, rowHeight), Qt::AlignLeft | Qt::AlignVCenter, words);
        y += rowHeight;
    }
    if (above) {
        const QRectF room(left, y + 8, right - left, plot.bottom() - y - 8);
        const auto heightOf = [&](const QString &words) {
            return labelMetrics.boundingRect(QRectF(0, 0, room.width(), 1e4), Qt::TextWordWrap, words)
                .height();
        };
        QString words = tr("Warning line at %1 is above this scale.").arg(axisWords(threshold(), unit));
        // Large text in a low chart: what is below belongs to the times.
        if (heightOf(words) > room.height())
            words = tr("Warning: %1").arg(axisWords(threshold(), unit));
        if (heightOf(words) > room.height())
            return y;
        QRectF drawn;
        painter.drawText(room, Qt::AlignLeft | Qt::TextWordWrap, words, &drawn);
        y = drawn.bottom();
    }
    return y;
}

void LagOverlay::paintMarked(QPainter &painter) const
{
    if (!marked || *marked < fromUs || *marked > toUs)
        return;
    const double x = std::round(xOf(*marked));
    painter.fillRect(QRectF(x, plot.top(), 1, plot.height()), theme->info);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme->info);
    painter.drawPolygon(QPolygonF({{x - 4.5, plot.top()}, {x + 5.5, plot.top()}, {x + 0.5, plot.top() + 6}}));
}

void LagOverlay::paintCrosshair(QPainter &painter) const
{
    if (!crosshair || readOut.isEmpty())
        return;
    const double x = std::round(*crosshair);
    line(painter, {x, plot.top()}, {x, plot.bottom()}, theme->text2);
    const QFont small = textFont(TextRole::Small, font), strong = textFont(TextRole::SmallStrong, font);
    const QFontMetricsF metrics(small);
    constexpr qsizetype most = 5;
    const qsizetype rows = std::min(readOut.size(), most);
    const bool more = readOut.size() > most;
    const double row = metrics.height() + 3, padding = 8;
    const double wide = 166 * std::max(1.0, metrics.height() / 15);
    // An event whose words had no room is said here.
    QString happened;
    for (const HistoryEvent &event : events) {
        if (event.atUs >= fromUs && event.atUs <= toUs && std::abs(xOf(event.atUs) - x) <= 6)
            happened = event.text;
    }
    const double high = 2 * padding + row * double(1 + rows + (more ? 1 : 0) + (happened.isEmpty() ? 0 : 1));
    const double left = x + 10 + wide > plot.right() ? x - 10 - wide : x + 10;
    const QRectF box(std::max(plot.left(), left), plot.top() + 4, wide, high);
    painter.setPen(QPen(theme->line2, 0));
    painter.setBrush(theme->panel);
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    painter.setFont(strong);
    painter.setPen(theme->text);
    QRectF at(box.left() + 10, box.top() + padding, box.width() - 20, row);
    drawTabular(painter, at, Qt::AlignLeft | Qt::AlignVCenter, format::utcTime(crosshairUs));
    if (!happened.isEmpty()) {
        at.translate(0, row);
        painter.setFont(small);
        painter.drawText(at, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(happened, Qt::ElideRight, at.width()));
    }
    for (qsizetype i = 0; i < rows; ++i) {
        at.translate(0, row);
        const ReadOut &one = readOut.at(i);
        const QString value = valueWords(one.value, unit);
        const double valueWide = tabularWidth(strong, value) + 2;
        paintSeriesMark(painter, QRectF(at.left(), at.center().y() - 4.5, 9, 9), one.slot, *theme);
        painter.setFont(small);
        painter.setPen(theme->text2);
        const QRectF name = at.adjusted(15, 0, -valueWide - 6, 0);
        painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(one.name, Qt::ElideMiddle, name.width()));
        painter.setFont(strong);
        painter.setPen(theme->text);
        drawTabular(painter, at, Qt::AlignRight | Qt::AlignVCenter, value);
    }
    if (more) {
        at.translate(0, row);
        painter.setFont(small);
        painter.setPen(theme->text3);
        painter.drawText(at, Qt::AlignLeft | Qt::AlignVCenter,
                         tr("%1 more below %2")
                             .arg(readOut.size() - most)
                             .arg(valueWords(readOut.at(most - 1).value, unit)));
    }
}

} // namespace understudy
