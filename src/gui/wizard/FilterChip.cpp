// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/FilterChip.h"

#include "gui/Style.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

namespace understudy {

FilterChip::FilterChip(const QString &word, std::optional<Glyph> glyph, QWidget *parent)
    : QAbstractButton(parent), m_word(word), m_glyph(glyph)
{
    setCheckable(true);
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCount(0);
}

QString FilterChip::words() const
{
    return QStringLiteral("%1 %2").arg(m_word).arg(m_count);
}

void FilterChip::setCount(int count)
{
    m_count = count;
    setText(words());
    setAccessibleName(words());
    updateGeometry();
    update();
}

QSize FilterChip::sizeHint() const
{
    const QFontMetrics metrics(textFont(TextRole::SmallStrong, QApplication::font()));
    return {metrics.horizontalAdvance(words()) + 20 + (m_glyph ? 20 : 0), qMax(24, metrics.height() + 8)};
}

void FilterChip::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const double radius = box.height() / 2;
    painter.setBrush(isChecked() ? theme.accentTint : underMouse() ? theme.hover : theme.panel);
    painter.setPen(QPen(isChecked() || hasFocus() ? theme.accent : theme.line2, 1));
    painter.drawRoundedRect(box, radius, radius);
    double left = 10;
    if (m_glyph) {
        paintGlyph(painter, QRectF(left, (height() - 12) / 2.0, 12, 12), *m_glyph, theme);
        left += 18;
    }
    painter.setFont(textFont(isChecked() ? TextRole::SmallStrong : TextRole::Small, QApplication::font()));
    painter.setPen(isChecked() ? theme.accent : theme.text2);
    painter.drawText(QRectF(left, 0, width() - left, height()), Qt::AlignVCenter | Qt::AlignLeft, words());
}

} // namespace understudy
