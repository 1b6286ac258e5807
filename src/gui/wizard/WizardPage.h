// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "gui/wizard/WizardState.h"

class QVBoxLayout;

namespace understudy {

/// What has been changed so far, in words, for the box at the bottom left.
struct ChangeNote
{
    Glyph glyph = Glyph::CheckPass;
    QString head; ///< "Nothing changed yet."
    QString text; ///< "These checks only read."
};

/// A question asked inside the window, with its answers.
struct InlineQuestion
{
    struct Answer
    {
        QString text, kind; ///< kind as for makeButton()
        std::function<void()> chosen;
    };
    QString sentence;
    QList<Answer> answers;
};

/// One page of the wizard: a heading with the sentence that says the result, a body, and what the footer
/// needs to know. GUI thread.
class WizardPage : public QWidget
{
    Q_OBJECT
public:
    WizardPage(WizardState &state, const QString &title, QWidget *parent = nullptr);

    virtual void enter() {} ///< It has become the current page
    virtual bool canGoNext() const { return true; }
    virtual bool canGoBack() const { return true; }
    virtual bool busy() const { return false; }
    virtual QString nextText() const = 0;            ///< The filled button, named after what it does
    virtual bool takeNext() { return false; }        ///< True: the page did something itself; stay
    virtual QString blockedBy() const { return {}; } ///< Why Next is disabled, in one sentence
    virtual ChangeNote changeNote() const;
    virtual QWidget *side() const { return nullptr; } ///< Folds away below 1200 px
    virtual bool showsCancel() const { return true; }

    const QList<QWidget *> &tools() const { return m_tools; }     ///< Left in the footer
    const QList<QWidget *> &actions() const { return m_actions; } ///< Right, before Back
    QString sentence() const;

Q_SIGNALS:
    void changed(); ///< Anything the functions above answer
    void jumpRequested(int page, const QString &field);
    void asked(const understudy::InlineQuestion &question);

protected:
    /// The note of a page before the plan: @p text, unless a fix of the pre-flight has changed a setting.
    ChangeNote noteBeforePlan(const QString &text) const;
    void setTitle(const QString &title);
    void setSentence(const QString &sentence);
    QVBoxLayout *body() const { return m_body; }
    /// A column in the body that scrolls where there is no room for it; made by the first call.
    QVBoxLayout *scrolling();
    void addTool(QWidget *tool) { m_tools << tool; }
    void addAction_(QWidget *action) { m_actions << action; }

    WizardState &m_state;

private:
    TextLabel *m_title;
    TextLabel *m_sentence;
    QVBoxLayout *m_body;
    QVBoxLayout *m_scrolling = nullptr;
    QList<QWidget *> m_tools, m_actions;
};

} // namespace understudy
