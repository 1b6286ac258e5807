// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/ChoiceRow.h"

#include "gui/Style.h"
#include "paint/Numbers.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

namespace understudy {

namespace {

void paintRadio(QPainter &painter, const QPointF &center, bool on, bool enabled, const Theme &theme)
{
    painter.setPen(QPen(on ? theme.fill : enabled ? theme.ctl : theme.line2, 1));
    painter.setBrush(on ? theme.fill : theme.panel);
    painter.drawEllipse(center, 7.5, 7.5);
    if (on) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.onFill);
        painter.drawEllipse(center, 3, 3);
    }
}

} // namespace

ChoiceRow::ChoiceRow(const Content &content, QWidget *parent) : QAbstractButton(parent)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setContent(content);
}

void ChoiceRow::setContent(const Content &content)
{
    m_content = content;
    setEnabled(content.reason.isEmpty());
    setText(content.title);
    setAccessibleName(content.title);
    setAccessibleDescription(
        QStringList{content.detail, content.state, content.reason}.join(QStringLiteral(". ")));
    updateGeometry();
    update();
}

QSize ChoiceRow::sizeHint() const
{
    const QFontMetrics title(textFont(TextRole::BodyStrong, QApplication::font()));
    const QFontMetrics detail(textFont(TextRole::Small, QApplication::font()));
    return {480, title.height() + detail.height() + 22};
}

void ChoiceRow::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool on = isChecked() && isEnabled();
    QPainterPath box;
    box.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    painter.fillPath(box, on                            ? theme.accentTint
                          : !isEnabled()                ? theme.sunken
                          : underMouse() && isEnabled() ? theme.hover
                                                        : theme.panel);
    painter.strokePath(box, QPen(on ? theme.accent : theme.border, 1));
    const double middle = height() / 2.0;
    paintRadio(painter, QPointF(26, middle), on, isEnabled(), theme);
    const QRectF sign(48, middle - 9, 18, 18);
    if (m_content.seriesSlot >= 0)
        paintSeriesMark(painter, QRectF(52, middle - 5, 10, 10), m_content.seriesSlot, theme);
    else
        paintGlyph(painter, sign, m_content.sign, isEnabled() ? theme.accent : theme.neutral, theme.mark);

    const QFont titleFont = textFont(TextRole::BodyStrong, QApplication::font());
    const QFont smallFont = textFont(TextRole::Small, QApplication::font());
    const double titleHeight = QFontMetricsF(titleFont).height();
    const double smallHeight = QFontMetricsF(smallFont).height();
    const double top = middle - (titleHeight + smallHeight + 2) / 2;

    double right = width() - 18;
    if (!m_content.state.isEmpty()) {
        const QFont font = textFont(TextRole::SmallStrong, QApplication::font());
        const double wide = tabularWidth(font, m_content.state) + 1;
        painter.setFont(font);
        painter.setPen(glyphTextColor(m_content.stateGlyph, theme));
        drawTabular(painter, QRectF(right - wide, 0, wide, height()), Qt::AlignVCenter | Qt::AlignLeft,
                    m_content.state);
        paintGlyph(painter, QRectF(right - wide - 20, middle - 7, 14, 14), m_content.stateGlyph, theme);
        right -= wide + 32;
    }
    const double left = 80;
    painter.setFont(titleFont);
    painter.setPen(isEnabled() ? theme.text : theme.text2);
    painter.drawText(QRectF(left, top, right - left, titleHeight), Qt::AlignVCenter,
                     QFontMetricsF(titleFont).elidedText(m_content.title, Qt::ElideMiddle, right - left));
    painter.setFont(smallFont);
    painter.setPen(theme.text2);
    const QString detail = m_content.reason.isEmpty() ? m_content.detail : m_content.reason;
    drawTabular(painter, QRectF(left, top + titleHeight + 2, right - left, smallHeight), Qt::AlignVCenter,
                QFontMetricsF(smallFont).elidedText(detail, Qt::ElideRight, right - left));
}

} // namespace understudy
