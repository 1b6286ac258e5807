// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Style.h"
#include "gui/parts/Parts.h"

#include <QFontInfo>
#include <QGuiApplication>
#include <QPainter>
#include <QStyle>
#include <QTimerEvent>

#include <cmath>

namespace understudy {

namespace {

double textScale()
{
    return qMax(1.0, QFontInfo(QGuiApplication::font()).pixelSize() / 13.0);
}

QFont wordFont(int glyphSize)
{
    const TextRole role = glyphSize <= 14 ? TextRole::SmallStrong : TextRole::BodyStrong;
    return textFont(role, QGuiApplication::font());
}

constexpr int turnMs = 40;

} // namespace

GlyphLabel::GlyphLabel(int size, QWidget *parent) : QWidget(parent), m_size(size)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&Style::instance(), &Style::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void GlyphLabel::setGlyph(Glyph glyph, const QString &word)
{
    if (glyph == m_glyph && word == m_word && !accessibleName().isEmpty())
        return;
    const bool resized = word != m_word;
    m_glyph = glyph;
    m_word = word;
    setAccessibleName(word.isEmpty() ? glyphWord(glyph) : word);
    setToolTip(word.isEmpty() ? glyphWord(glyph) : QString());
    if (resized)
        updateGeometry();
    updateTimer();
    update();
}

int GlyphLabel::shownSize() const
{
    return qRound(m_size * textScale());
}

QSize GlyphLabel::sizeHint() const
{
    const int size = shownSize();
    if (m_word.isEmpty())
        return {size, size};
    const QFontMetricsF metrics(wordFont(m_size));
    const int width = size + (m_size <= 14 ? 5 : 8) + int(std::ceil(metrics.horizontalAdvance(m_word))) + 1;
    return {width, qMax(size, int(std::ceil(metrics.height())))};
}

void GlyphLabel::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    const int size = shownSize();
    const int y = (height() - size) / 2;
    const bool rtl = layoutDirection() == Qt::RightToLeft;
    const QRect glyph(rtl ? width() - size : 0, y, size, size);
    if (m_glyph == Glyph::CheckRunning)
        paintGlyph(painter, glyph, m_glyph, theme, m_turn);
    else
        painter.drawPixmap(glyph.topLeft(), glyphPixmap(m_glyph, size, theme, devicePixelRatioF()));
    if (m_word.isEmpty())
        return;
    painter.setFont(wordFont(m_size));
    painter.setPen(glyphTextColor(m_glyph, theme));
    const int gap = size + (m_size <= 14 ? 5 : 8);
    const QRect words = rtl ? rect().adjusted(0, 0, -gap, 0) : rect().adjusted(gap, 0, 0, 0);
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine, m_word);
}

void GlyphLabel::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_timer)
        return QWidget::timerEvent(event);
    m_turn += turnMs / 1000.0;
    if (m_turn >= 1)
        m_turn -= 1;
    update();
}

void GlyphLabel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    updateTimer();
}

void GlyphLabel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    updateTimer();
}

void GlyphLabel::updateTimer()
{
    const bool turning = m_glyph == Glyph::CheckRunning && isVisible() &&
                         style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) > 0;
    if (turning && m_timer == 0) {
        m_timer = startTimer(turnMs);
    } else if (!turning && m_timer != 0) {
        killTimer(m_timer);
        m_timer = 0;
        m_turn = 0;
    }
}

Pill::Pill(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&Style::instance(), &Style::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void Pill::set(Glyph glyph, const QString &words)
{
    if (glyph == m_glyph && words == m_words)
        return;
    const bool resized = words != m_words;
    m_glyph = glyph;
    m_words = words;
    setAccessibleName(words);
    if (resized)
        updateGeometry();
    update();
}

QSize Pill::sizeHint() const
{
    const QFontMetricsF metrics(wordFont(14));
    return {8 + qRound(14 * textScale()) + 6 + int(std::ceil(metrics.horizontalAdvance(m_words))) + 10,
            qRound(24 * textScale())};
}

void Pill::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(glyphTint(m_glyph, theme));
    const double radius = height() / 2.0;
    painter.drawRoundedRect(rect(), radius, radius);
    const int size = qRound(14 * textScale());
    painter.drawPixmap(QPoint(8, (height() - size) / 2),
                       glyphPixmap(m_glyph, size, theme, devicePixelRatioF()));
    painter.setFont(wordFont(14));
    painter.setPen(glyphTextColor(m_glyph, theme));
    painter.drawText(rect().adjusted(8 + size + 6, 0, 0, 0), Qt::AlignVCenter | Qt::TextSingleLine, m_words);
}

} // namespace understudy
