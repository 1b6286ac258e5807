// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/ChoiceRow.h"
#include "gui/wizard/WizardPage.h"
#include "gui/wizard/WizardWorker.h"

namespace Ui {
class WherePage;
}

namespace understudy {

/// Page 1: from which node the new standby copies and streams, and where it will run.
class WherePage final : public WizardPage
{
    Q_OBJECT
public:
    explicit WherePage(WizardState &state, QWidget *parent = nullptr);
    ~WherePage() override;

    void enter() override;
    bool canGoNext() const override;
    bool busy() const override { return m_worker.busy(); }
    QString nextText() const override { return tr("Next: names"); }
    QString blockedBy() const override;
    ChangeNote changeNote() const override;

    void showFacts(); ///< Fills the rows from the shared facts

private:
    void gather();
    void choose(const NodeId &id);
    ChoiceRow::Content contentOf(const Node &node) const;
    void showMethods();
    void showMethod(const QString &on, ChoiceRow::Content content, const QString &note);
    ChoiceRow::Content composeContent() const;
    ChoiceRow::Content localContent() const;
    void chooseMethod(const QString &on);
    void say();

    std::unique_ptr<Ui::WherePage> m_ui;
    QList<std::pair<NodeId, ChoiceRow *>> m_rows;
    QList<std::pair<QString, ChoiceRow *>> m_methods;
    QList<QWidget *> m_methodNotes;
    bool m_methodChosen = false; ///< By the person
    TextLabel *m_message;
    QPushButton *m_again;
    QString m_error;
    WizardWorker m_worker;
};

} // namespace understudy
