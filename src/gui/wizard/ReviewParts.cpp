// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/ReviewParts.h"

#include "gui/Style.h"

#include <QApplication>
#include <QPainter>
#include <QVBoxLayout>

namespace understudy {

PreviewBox::PreviewBox(const QString &title, TextLabel *words, GraphPreview *preview)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 8, 2, 8);
    layout->setSpacing(2);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(12, 0, 12, 0);
    head->addWidget(new TextLabel(TextRole::SmallStrong, title));
    head->addStretch(1);
    head->addWidget(words);
    layout->addLayout(head);
    layout->addWidget(preview, 1);
    setFixedHeight(190);
}

void PreviewBox::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.border, 1));
    painter.setBrush(theme.canvas);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

StepNumber::StepNumber(int number) : m_number(number)
{
    setFixedSize(20, 20);
}

void StepNumber::paintEvent(QPaintEvent *)
{
    const Theme &theme = Style::instance().theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.neutralTint);
    painter.drawEllipse(rect());
    painter.setPen(theme.neutral);
    painter.setFont(textFont(TextRole::LabelStrong, QApplication::font()));
    painter.drawText(rect(), Qt::AlignCenter, QString::number(m_number));
}

} // namespace understudy
