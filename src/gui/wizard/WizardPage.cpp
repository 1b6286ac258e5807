// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/WizardPage.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace understudy {

WizardPage::WizardPage(WizardState &state, const QString &title, QWidget *parent)
    : QWidget(parent), m_state(state), m_title(new TextLabel(TextRole::Page, title, this)),
      m_sentence(new TextLabel(TextRole::Body, {}, this, TextLabel::Tone::Text2)), m_body(new QVBoxLayout)
{
    m_sentence->setWordWrap(true);
    m_sentence->setObjectName(QStringLiteral("pageSentence"));
    setAccessibleName(title);
    setFocusPolicy(Qt::ClickFocus); // Enter goes on from anywhere that is not a button
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(32, 24, 32, 16);
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addWidget(m_sentence);
    layout->addSpacing(12);
    m_body->setContentsMargins(0, 0, 0, 0);
    m_body->setSpacing(16);
    layout->addLayout(m_body, 1);
}

QVBoxLayout *WizardPage::scrolling()
{
    if (m_scrolling)
        return m_scrolling;
    auto *column = new QWidget;
    m_scrolling = new QVBoxLayout(column);
    // The bar stands in the page's margin, apart from the cards.
    const QMargins margins = layout()->contentsMargins();
    const int apart = margins.right() / 2;
    layout()->setContentsMargins(margins.left(), margins.top(), margins.right() - apart, margins.bottom());
    m_scrolling->setContentsMargins(0, 0, apart, 0);
    m_scrolling->setSpacing(m_body->spacing());
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(column);
    m_body->addWidget(scroll, 1);
    return m_scrolling;
}

ChangeNote WizardPage::changeNote() const
{
    return {Glyph::CheckPass, tr("Nothing changed yet."), tr("You can leave at any time.")};
}

ChangeNote WizardPage::noteBeforePlan(const QString &text) const
{
    const QStringList &fixes = m_state.fixesApplied;
    if (fixes.isEmpty())
        return {Glyph::CheckPass, tr("Nothing changed yet."), text};
    return {Glyph::CheckPass,
            fixes.size() == 1 ? tr("Changed: 1 setting.") : tr("Changed: %1 settings.").arg(fixes.size()),
            fixes.join(QStringLiteral(". "))};
}

QString WizardPage::sentence() const
{
    return m_sentence->text();
}

void WizardPage::setTitle(const QString &title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

void WizardPage::setSentence(const QString &sentence)
{
    m_sentence->setText(sentence);
    setAccessibleDescription(sentence);
}

} // namespace understudy
