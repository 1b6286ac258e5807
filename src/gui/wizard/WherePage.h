// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/ChoiceRow.h"
#include "gui/wizard/WizardPage.h"
#include "gui/wizard/WizardWorker.h"

namespace Ui {
class WherePage;
}

namespace understudy {

class SshPlace;

/// Page 1: from which node the new standby copies and streams, and where it will run.
class WherePage final : public WizardPage
{
    Q_OBJECT
public:
    explicit WherePage(WizardState &state, QWidget *parent = nullptr);
    ~WherePage() override;

    void enter() override;
    bool canGoNext() const override;
    bool busy() const override;
    QString nextText() const override { return tr("Next: names"); }
    QString blockedBy() const override;
    ChangeNote changeNote() const override;

    void showFacts(); ///< Fills the rows from the shared facts

private:
    void gather();
    void takeFacts(const AddStandbyFacts &facts);
    void lookHere();
    void showProblem(const Error &error);
    bool isThere() const; ///< The machine in the field is the one that was looked at.
    void choose(const NodeId &id);
    ChoiceRow::Content contentOf(const Node &node) const;
    void showMethods();
    void showMethod(const QString &on, ChoiceRow::Content content, const QString &note);
    ChoiceRow::Content composeContent() const;
    ChoiceRow::Content localContent() const;
    ChoiceRow::Content sshContent() const;
    void chooseMethod(const QString &method);
    void say();

    std::unique_ptr<Ui::WherePage> m_ui;
    QList<std::pair<NodeId, ChoiceRow *>> m_rows;
    QList<std::pair<QString, ChoiceRow *>> m_methods;
    QList<QWidget *> m_methodNotes;
    bool m_methodChosen = false;              ///< By the person
    QString m_method;                         ///< "local", "compose", "ssh"; empty: none
    std::optional<ChoiceRow::Content> m_here; ///< As this machine was when it was looked at
    SshPlace *m_ssh;
    TextLabel *m_message;
    QPushButton *m_again;
    QString m_error;
    WizardWorker m_worker;
};

} // namespace understudy
