// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/Meters.h"

#include "gui/Style.h"
#include "model/Format.h"
#include "paint/Numbers.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace understudy {

namespace {

void paintBar(QPainter &painter, const QRectF &area, double fraction, const QColor &color, const Theme &theme)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const double radius = area.height() / 2;
    QPainterPath track;
    track.addRoundedRect(area, radius, radius);
    painter.fillPath(track, theme.neutralTint);
    if (fraction <= 0)
        return;
    painter.save();
    painter.setClipPath(track);
    painter.fillRect(
        QRectF(area.left(), area.top(), std::max(area.width() * std::min(fraction, 1.0), 3.0), area.height()),
        color);
    painter.restore();
}

} // namespace

MeterBar::MeterBar(QWidget *parent) : QWidget(parent)
{
    setFixedHeight(8);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void MeterBar::setFraction(double fraction, Tone tone)
{
    m_fraction = fraction;
    m_tone = tone;
    setAccessibleDescription(format::percent(fraction));
    update();
}

void MeterBar::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    const QColor color = m_tone == Tone::Fill   ? theme.fill
                         : m_tone == Tone::Ok   ? theme.ok
                         : m_tone == Tone::Warn ? theme.warnG
                                                : theme.crit;
    QPainter painter(this);
    paintBar(painter, rect(), m_fraction, color, theme);
}

PhaseBars::PhaseBars(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize PhaseBars::sizeHint() const
{
    const QFontMetrics small(textFont(TextRole::Small, QApplication::font()));
    const QFontMetrics label(textFont(TextRole::Label, QApplication::font()));
    return {600, 4 + 8 + small.height() + label.height() + 2};
}

void PhaseBars::setProgress(const CopyProgress &progress, bool ended)
{
    m_progress = progress;
    m_ended = ended;
    update();
}

void PhaseBars::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    const QStringList names{tr("Connect"),        tr("Checkpoint"),   tr("Estimate size"),
                            tr("Database files"), tr("Wait for WAL"), tr("Sync to disk")};
    QPainter painter(this);
    const double gap = 8;
    const double wide = (width() - gap * double(names.size() - 1)) / double(names.size());
    const int current = int(m_progress.phase);
    for (int i = 0; i < names.size(); ++i) {
        const double left = i * (wide + gap);
        const bool done = m_ended || i < current;
        const bool now = !m_ended && i == current;
        double part = done ? 1 : 0;
        if (now)
            part = m_progress.phase == CopyProgress::Phase::Files && m_progress.totalBytes > 0
                       ? double(m_progress.doneBytes) / double(m_progress.totalBytes)
                       : 0.5;
        paintBar(painter, QRectF(left, 0, wide, 4), part, done ? theme.ok : theme.fill, theme);
        const QFont name = textFont(now ? TextRole::SmallStrong : TextRole::Small, QApplication::font());
        painter.setFont(name);
        painter.setPen(done || now ? theme.text : theme.text3);
        const QFontMetricsF metrics(name);
        painter.drawText(QRectF(left, 11, wide, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(names.at(i), Qt::ElideRight, wide));
        if (m_progress.phaseSeconds.contains(i) && (done || now)) {
            painter.setFont(textFont(TextRole::Label, QApplication::font()));
            painter.setPen(theme.text3);
            drawTabular(painter,
                        QRectF(left, 11 + metrics.height(), wide, QFontMetricsF(painter.font()).height()),
                        Qt::AlignLeft | Qt::AlignVCenter, format::seconds(m_progress.phaseSeconds.value(i)));
        }
    }
}

MiniLine::MiniLine(QWidget *parent) : QWidget(parent)
{
    setMinimumHeight(40);
}

void MiniLine::clear()
{
    m_values.clear();
    update();
}

void MiniLine::add(double value)
{
    m_values.append(value);
    if (m_values.size() > 600)
        m_values.removeFirst();
    update();
}

void MiniLine::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    const double base = height() - 1;
    painter.fillRect(QRectF(0, base, width(), 1 / devicePixelRatioF()), theme.axis);
    if (m_values.size() < 2)
        return;
    const double top = std::max(*std::max_element(m_values.begin(), m_values.end()), 1.0) * 1.05;
    QPolygonF line;
    for (int i = 0; i < m_values.size(); ++i)
        line << QPointF(double(width()) * i / double(m_values.size() - 1),
                        base - 2 - (base - 4) * m_values.at(i) / top);
    QPen pen(theme.accent, 1);
    pen.setCosmetic(true);
    painter.setPen(pen);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawPolyline(line);
}

} // namespace understudy
