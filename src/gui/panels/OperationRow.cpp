// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/OperationRow.h"

#include "model/Format.h"
#include "operations/PickUp.h"

#include <QVBoxLayout>

namespace understudy {

QString outcomeWords(const JournalEntry &entry)
{
    if (entry.runningNow)
        return QObject::tr("Running");
    if (entry.open)
        return QObject::tr("Interrupted");
    switch (entry.record.outcome) {
    case RunRecord::Outcome::Done:
        return QObject::tr("Done");
    case RunRecord::Outcome::FailedAndUndone:
        return QObject::tr("Failed and undone");
    case RunRecord::Outcome::CancelledAndUndone:
        return QObject::tr("Cancelled and undone");
    case RunRecord::Outcome::LeftBehind:
        return QObject::tr("Left behind: %1").arg(entry.record.leftBehind.join(QStringLiteral(", ")));
    case RunRecord::Outcome::Interrupted:
    case RunRecord::Outcome::Running:
        break;
    }
    return QObject::tr("Interrupted");
}

Glyph outcomeGlyph(const JournalEntry &entry)
{
    if (entry.runningNow)
        return Glyph::CheckRunning;
    if (entry.open)
        return Glyph::CheckWarning;
    switch (entry.record.outcome) {
    case RunRecord::Outcome::Done:
        return Glyph::CheckPass;
    case RunRecord::Outcome::CancelledAndUndone:
        return Glyph::CheckWaived;
    case RunRecord::Outcome::FailedAndUndone:
    case RunRecord::Outcome::LeftBehind:
        return Glyph::CheckFail;
    case RunRecord::Outcome::Interrupted:
    case RunRecord::Outcome::Running:
        break;
    }
    return Glyph::CheckWarning;
}

OperationRow::OperationRow(QWidget *parent)
    : QWidget(parent), m_glyph(new GlyphLabel(16, this)),
      m_title(new TextLabel(TextRole::BodyMedium, {}, this)),
      m_when(new TextLabel(TextRole::Small, {}, this, TextLabel::Tone::Text2)),
      m_made(new TextLabel(TextRole::Small, {}, this, TextLabel::Tone::Text2)),
      m_id(new TextLabel(TextRole::MonoSmall, {}, this, TextLabel::Tone::Text3)),
      m_doing(new TextLabel(TextRole::Small, {}, this, TextLabel::Tone::Text2)), m_actions(new QWidget(this)),
      m_question(new QWidget(this)), m_sentence(new TextLabel(TextRole::Small, {}, m_question)),
      m_confirm(makeButton({}, QStringLiteral("danger")))
{
    for (TextLabel *label : {m_title, m_when, m_made, m_id, m_doing, m_sentence})
        label->setWordWrap(true);
    m_id->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_doing->setObjectName(QStringLiteral("operationDoing"));

    QPushButton *goOn = makeButton(tr("Continue"), QStringLiteral("small"));
    QPushButton *undo = makeButton(tr("Undo…"), QStringLiteral("small"));
    goOn->setObjectName(QStringLiteral("continueButton"));
    undo->setObjectName(QStringLiteral("undoButton"));
    auto *offered = new QHBoxLayout(m_actions);
    offered->setContentsMargins(0, 4, 0, 0);
    offered->setSpacing(8);
    offered->addWidget(goOn);
    offered->addWidget(undo);
    offered->addStretch(1);

    QPushButton *keep = makeButton(tr("Keep"), {});
    keep->setObjectName(QStringLiteral("undoKeep"));
    m_confirm->setObjectName(QStringLiteral("undoConfirm"));
    auto *answers = new QHBoxLayout;
    answers->setSpacing(8);
    answers->addWidget(keep);
    answers->addWidget(m_confirm);
    answers->addStretch(1);
    auto *asked = new QVBoxLayout(m_question);
    asked->setContentsMargins(0, 4, 0, 0);
    asked->setSpacing(6);
    asked->addWidget(m_sentence);
    asked->addLayout(answers);

    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    for (QWidget *each :
         std::initializer_list<QWidget *>{m_title, m_when, m_made, m_id, m_doing, m_actions, m_question})
        words->addWidget(each);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(16, 10, 16, 10);
    row->setSpacing(10);
    row->addWidget(m_glyph, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(new Line(this));

    connect(goOn, &QPushButton::clicked, this, &OperationRow::continueWanted);
    connect(undo, &QPushButton::clicked, this, [this] {
        m_asking = true;
        showActions();
    });
    connect(keep, &QPushButton::clicked, this, [this] {
        m_asking = false;
        showActions();
    });
    connect(m_confirm, &QPushButton::clicked, this, [this] {
        m_asking = false;
        Q_EMIT undoWanted();
    });
}

void OperationRow::set(const JournalEntry &entry)
{
    if (entry.record.plan.id != m_entry.record.plan.id) {
        m_asking = false;
        m_doing->clear();
    }
    m_entry = entry;
    const RunRecord &record = entry.record;
    m_glyph->setGlyph(outcomeGlyph(entry));
    m_title->setText(record.plan.title);
    QStringList parts = {outcomeWords(entry)};
    if (record.startedUs > 0)
        parts << format::utcDateTime(record.startedUs);
    if (record.finishedUs > record.startedUs && record.startedUs > 0)
        parts << tr("took %1").arg(format::age(record.finishedUs - record.startedUs));
    m_when->setText(parts.join(QStringLiteral(", ")));
    const QStringList made = record.changed();
    m_made->setText(made.isEmpty() ? tr("Nothing was made yet.")
                                   : tr("Made so far: %1.").arg(made.join(QStringLiteral(", "))));
    m_made->setVisible(isUnfinished(entry));
    m_id->setText(record.plan.id);
    setAccessibleName(record.plan.title + QStringLiteral(", ") + m_when->text());
    showActions();
}

void OperationRow::setOffered(bool offered)
{
    m_offered = offered;
    showActions();
}

void OperationRow::setDoing(const QString &words)
{
    m_doing->setText(words);
    showActions();
}

QString OperationRow::whatGoes() const
{
    QStringList goes;
    const RunRecord &record = m_entry.record;
    for (const StepRecord &step : record.steps) {
        const bool stands = step.state != StepState::Waiting && step.state != StepState::Undone &&
                            step.state != StepState::Skipped;
        for (const Step &planned : record.plan.steps) {
            if (planned.id == step.stepId && stands && !planned.undoWords.isEmpty())
                goes.prepend(planned.undoWords);
        }
    }
    return goes.join(QStringLiteral(", "));
}

void OperationRow::showActions()
{
    const bool unfinished = isUnfinished(m_entry) && m_offered;
    m_doing->setVisible(!m_doing->text().isEmpty());
    m_actions->setVisible(unfinished && !m_asking);
    m_question->setVisible(unfinished && m_asking);
    const QString goes = whatGoes();
    m_sentence->setText(goes.isEmpty() ? tr("Nothing was made; this only closes it.")
                                       : tr("This will %1. What others made is not touched.").arg(goes));
    m_confirm->setText(tr("Undo %1").arg(m_entry.record.plan.subject));
}

} // namespace understudy
