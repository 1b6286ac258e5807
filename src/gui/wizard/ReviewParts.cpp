// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/ReviewParts.h"

#include "gui/Style.h"
#include "gui/wizard/Strip.h"
#include "model/Format.h"

#include <QApplication>
#include <QPainter>
#include <QVBoxLayout>

namespace understudy {

namespace {

struct ReviewParts
{
    Q_DECLARE_TR_FUNCTIONS(ReviewPage)
};

TextLabel *smallLabel(const QString &text)
{
    return new TextLabel(TextRole::Label, text, nullptr, TextLabel::Tone::Text3);
}

} // namespace

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

QWidget *makeStepRow(int number, const Step &step, const QString &shown)
{
    auto *row = new Strip(number > 1 ? Strip::TopLine : Strip::Plain);
    row->setObjectName(QStringLiteral("step_") + step.id);
    row->setToolTip(step.why);
    auto *grid = new QGridLayout(row);
    grid->setContentsMargins(14, 9, 16, 9);
    grid->setHorizontalSpacing(0);
    grid->setVerticalSpacing(2);
    grid->setColumnMinimumWidth(0, 32);
    grid->setColumnMinimumWidth(4, 44);
    grid->setColumnStretch(1, 1);
    grid->addWidget(new StepNumber(number), 0, 0, Qt::AlignLeft | Qt::AlignTop);
    auto *title = new TextLabel(TextRole::BodyStrong, step.title);
    title->setWordWrap(true);
    grid->addWidget(title, 0, 1);
    if (step.pointOfNoReturn) {
        grid->addWidget(smallLabel(ReviewParts::tr("no way back")), 0, 3);
    } else if (step.readsOnly || step.undoWords.isEmpty()) {
        grid->addWidget(smallLabel(ReviewParts::tr("reads only")), 0, 3);
    } else {
        auto *icon = new QLabel;
        icon->setPixmap(Style::instance().icon(QStringLiteral("edit-undo")).pixmap(12, 12));
        icon->setFixedWidth(16);
        icon->setAccessibleName(ReviewParts::tr("Undo"));
        grid->addWidget(icon, 0, 2);
        grid->addWidget(smallLabel(step.undoWords), 0, 3);
    }
    TextLabel *about = smallLabel(format::seconds(step.aboutSeconds));
    about->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    about->setContentsMargins(8, 0, 0, 0);
    grid->addWidget(about, 0, 4);
    auto *commands = new TextLabel(TextRole::MonoSmall, shown, nullptr, TextLabel::Tone::Text2);
    commands->setWordWrap(true);
    commands->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    commands->setTextInteractionFlags(Qt::TextSelectableByMouse);
    grid->addWidget(commands, 1, 1, 1, 4);
    return row;
}

} // namespace understudy
