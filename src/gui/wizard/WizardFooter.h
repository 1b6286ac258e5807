// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/WizardPage.h"

class QHBoxLayout;

namespace understudy {

/// The 60 px below every page: its tools on the left, Cancel, Back and one filled button on the right. A
/// question is asked in a line above it, inside the window.
class WizardFooter final : public QWidget
{
    Q_OBJECT
public:
    explicit WizardFooter(QWidget *parent = nullptr);
    void addPage(WizardPage *page); ///< Takes its tools and actions in
    void setPage(WizardPage *page);
    void refresh(WizardPage *page, bool hasBack, bool offerSide);
    void ask(const InlineQuestion &question);
    void clearQuestion();
    bool asking() const;
    void say(const QString &words);
    bool sideShown() const;

Q_SIGNALS:
    void nextClicked();
    void backClicked();
    void cancelClicked();
    void sideToggled();

protected:
    void paintEvent(QPaintEvent *) override;

private:
    QWidget *m_bar;
    QWidget *m_question;
    TextLabel *m_sentence;
    QHBoxLayout *m_answers, *m_tools, *m_actions;
    TextLabel *m_line;
    QPushButton *m_side, *m_cancel, *m_back, *m_next;
    QList<WizardPage *> m_pages;
};

} // namespace understudy
