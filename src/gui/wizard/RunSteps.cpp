// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/RunSteps.h"

#include "gui/wizard/ContentScroll.h"
#include "model/Format.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace understudy {

namespace {

Glyph glyphOf(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return Glyph::CheckWaiting;
    case StepState::Running:
    case StepState::Undoing:
        return Glyph::CheckRunning;
    case StepState::Done:
    case StepState::Skipped:
        return Glyph::CheckPass;
    case StepState::Failed:
    case StepState::UndoFailed:
        return Glyph::CheckFail;
    case StepState::Undone:
        return Glyph::Idle;
    }
    return Glyph::CheckWaiting;
}

/// What is left of a row beside its glyph, its time and its margins.
constexpr int factWidth = 206;

QString factOf(const StepRecord &record)
{
    switch (record.state) {
    case StepState::Undoing:
        return RunSteps::tr("undoing");
    case StepState::Undone:
        return RunSteps::tr("undone");
    case StepState::Skipped:
        return RunSteps::tr("already done");
    case StepState::UndoFailed:
        return RunSteps::tr("could not be undone");
    case StepState::Failed:
        return record.fact.isEmpty() ? RunSteps::tr("failed") : record.fact;
    default:
        return record.fact;
    }
}

} // namespace

RunSteps::RunSteps(QWidget *parent)
    : Card(parent), m_head(new TextLabel(TextRole::LabelStrong, {}, nullptr, TextLabel::Tone::Text3)),
      m_list(new QWidget)
{
    setFixedWidth(324);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *head = new Strip(Strip::RoundTop | Strip::BottomLine, Strip::Fill::Sunken);
    head->setFixedHeight(32);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(16, 0, 16, 0);
    row->addWidget(m_head, 1);
    row->addWidget(new TextLabel(TextRole::LabelStrong, tr("Time"), nullptr, TextLabel::Tone::Text3));
    layout->addWidget(head);
    auto *rows = new QVBoxLayout(m_list);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    layout->addWidget(new ContentScroll(m_list));
    layout->addStretch(1);
}

void RunSteps::setPlan(const Plan &plan)
{
    QLayout *rows = m_list->layout();
    while (QLayoutItem *item = rows->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    m_rows.clear();
    m_current = 0;
    for (int i = 0; i < plan.steps.size(); ++i) {
        Row row{new Strip(i > 0 ? Strip::TopLine : Strip::Plain),
                new GlyphLabel(16),
                new TextLabel(TextRole::Body),
                new TextLabel(TextRole::BodyStrong),
                new TextLabel(TextRole::Label, {}, nullptr, TextLabel::Tone::Text3),
                new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text3),
                {}};
        row.strip->setMinimumHeight(48);
        row.strip->setObjectName(QStringLiteral("runStep_") + plan.steps.at(i).id);
        for (TextLabel *title : {row.title, row.titleStrong}) {
            title->setText(
                QFontMetrics(title->font()).elidedText(plan.steps.at(i).title, Qt::ElideMiddle, factWidth));
            title->setToolTip(plan.steps.at(i).title);
        }
        row.record.stepId = plan.steps.at(i).id;
        auto *line = new QHBoxLayout(row.strip);
        line->setContentsMargins(16, 6, 16, 6);
        line->setSpacing(0);
        row.glyph->setFixedWidth(28);
        row.fact->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        auto *words = new QVBoxLayout;
        words->setSpacing(0);
        words->addStretch(1);
        words->addWidget(row.title);
        words->addWidget(row.titleStrong);
        words->addWidget(row.fact);
        words->addStretch(1);
        line->addWidget(row.glyph);
        line->addLayout(words, 1);
        line->addSpacing(8);
        line->addWidget(row.time);
        rows->addWidget(row.strip);
        m_rows << row;
        setStep(i, row.record);
    }
    static_cast<QVBoxLayout *>(rows)->addStretch(1);
}

void RunSteps::setStep(int index, const StepRecord &record)
{
    if (index < 0 || index >= m_rows.size())
        return;
    Row &row = m_rows[index];
    row.record = record;
    const bool running = record.state == StepState::Running || record.state == StepState::Undoing;
    if (running)
        m_current = index;
    row.glyph->setGlyph(glyphOf(record.state));
    row.title->setVisible(!running);
    row.titleStrong->setVisible(running);
    row.title->setTone(record.state == StepState::Waiting ? TextLabel::Tone::Text3 : TextLabel::Tone::Text);
    const QString fact = factOf(record);
    const QFontMetrics metrics(row.fact->font());
    row.fact->setText(metrics.elidedText(fact, Qt::ElideMiddle, factWidth));
    row.fact->setToolTip(fact);
    row.fact->setVisible(!fact.isEmpty());
    row.fact->setTone(record.state == StepState::Failed || record.state == StepState::UndoFailed
                          ? TextLabel::Tone::Crit
                          : TextLabel::Tone::Text3);
    row.strip->setFill(running ? Strip::Fill::Accent : Strip::Fill::None);
    row.time->setText(record.finishedUs > 0 && record.state != StepState::Waiting
                          ? format::seconds(record.seconds())
                          : QString());
    m_head->setText(tr("Step %1 of %2").arg(m_current + 1).arg(m_rows.size()));
    row.strip->setAccessibleName(QStringList{row.title->toolTip(), fact}.join(QStringLiteral(", ")));
}

void RunSteps::tick(qint64 nowUs)
{
    for (const Row &row : std::as_const(m_rows)) {
        if (row.record.state == StepState::Running && row.record.startedUs > 0)
            row.time->setText(format::seconds(double(nowUs - row.record.startedUs) / 1e6));
    }
}

} // namespace understudy
