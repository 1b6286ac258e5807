// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/WizardFooter.h"

#include "gui/Style.h"
#include "gui/wizard/Strip.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace understudy {

WizardFooter::WizardFooter(QWidget *parent)
    : QWidget(parent), m_bar(new Strip(Strip::TopLine)),
      m_question(new Strip(Strip::TopLine, Strip::Fill::Warn)),
      m_sentence(new TextLabel(TextRole::BodyMedium)), m_answers(new QHBoxLayout), m_tools(new QHBoxLayout),
      m_actions(new QHBoxLayout), m_line(new TextLabel(TextRole::Small, {}, nullptr, TextLabel::Tone::Text3)),
      m_side(makeButton(tr("This plan"), {})), m_cancel(makeButton(tr("Cancel"), QStringLiteral("flat"))),
      m_back(makeButton(tr("Back"), {})), m_next(makeButton({}, QStringLiteral("primary")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_question->setObjectName(QStringLiteral("question"));
    auto *question = new QHBoxLayout(m_question);
    question->setContentsMargins(32, 8, 32, 8);
    question->setSpacing(8);
    auto *glyph = new GlyphLabel(16);
    glyph->setGlyph(Glyph::CheckWarning);
    question->addWidget(glyph);
    m_sentence->setWordWrap(true);
    m_sentence->setObjectName(QStringLiteral("questionSentence"));
    question->addWidget(m_sentence, 1);
    m_answers->setSpacing(8);
    question->addLayout(m_answers);
    m_question->hide();
    column->addWidget(m_question);

    m_bar->setFixedHeight(60);
    auto *row = new QHBoxLayout(m_bar);
    row->setContentsMargins(32, 0, 32, 0);
    row->setSpacing(8);
    m_tools->setSpacing(8);
    m_actions->setSpacing(8);
    row->addLayout(m_tools);
    m_side->setCheckable(true);
    m_side->setObjectName(QStringLiteral("sideButton"));
    row->addWidget(m_side);
    m_line->setObjectName(QStringLiteral("footerLine"));
    m_line->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_line, 1);
    m_cancel->setObjectName(QStringLiteral("cancelButton"));
    m_back->setObjectName(QStringLiteral("backButton"));
    m_next->setObjectName(QStringLiteral("nextButton"));
    row->addWidget(m_cancel);
    row->addLayout(m_actions);
    row->addWidget(m_back);
    row->addWidget(m_next);
    column->addWidget(m_bar);
    connect(m_next, &QPushButton::clicked, this, &WizardFooter::nextClicked);
    connect(m_back, &QPushButton::clicked, this, &WizardFooter::backClicked);
    connect(m_cancel, &QPushButton::clicked, this, &WizardFooter::cancelClicked);
    connect(m_side, &QPushButton::toggled, this, &WizardFooter::sideToggled);
}

void WizardFooter::addPage(WizardPage *page)
{
    m_pages << page;
    for (QWidget *tool : page->tools())
        m_tools->addWidget(tool);
    for (QWidget *action : page->actions())
        m_actions->addWidget(action);
}

void WizardFooter::setPage(WizardPage *page)
{
    for (WizardPage *other : std::as_const(m_pages)) {
        for (QWidget *tool : other->tools())
            tool->setVisible(other == page);
        for (QWidget *action : other->actions())
            action->setVisible(other == page && other->busy());
    }
}

void WizardFooter::refresh(WizardPage *page, bool hasBack, bool offerSide)
{
    m_next->setText(page->nextText());
    m_next->setEnabled(page->canGoNext() && !page->busy());
    m_back->setVisible(hasBack && page->canGoBack());
    m_cancel->setVisible(page->showsCancel());
    m_side->setVisible(offerSide);
    const QString blocked = page->blockedBy();
    if (!blocked.isEmpty() || m_line->property("blocked").toBool()) {
        m_line->setText(blocked);
        m_line->setToolTip(blocked);
        m_line->setProperty("blocked", !blocked.isEmpty());
        m_next->setAccessibleDescription(blocked);
    }
}

void WizardFooter::say(const QString &words)
{
    m_line->setText(words);
    m_line->setToolTip(words);
}

bool WizardFooter::sideShown() const
{
    return m_side->isChecked();
}

void WizardFooter::ask(const InlineQuestion &question)
{
    clearQuestion();
    m_sentence->setText(question.sentence);
    for (const InlineQuestion::Answer &answer : question.answers) {
        QPushButton *button = makeButton(answer.text, answer.kind);
        connect(button, &QPushButton::clicked, this, [this, chosen = answer.chosen] {
            // The answer may close the window; the question goes first.
            const auto run = chosen;
            clearQuestion();
            run();
        });
        m_answers->addWidget(button);
    }
    m_question->show();
    if (m_answers->count() > 0)
        m_answers->itemAt(0)->widget()->setFocus();
}

void WizardFooter::clearQuestion()
{
    m_question->hide();
    while (QLayoutItem *item = m_answers->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
}

bool WizardFooter::asking() const
{
    return m_question->isVisible();
}

void WizardFooter::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), Style::instance().theme().window);
}

} // namespace understudy
