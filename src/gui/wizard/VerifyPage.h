// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/TableChoice.h"
#include "gui/wizard/VerifyTable.h"
#include "gui/wizard/WizardPage.h"
#include "gui/wizard/WizardWorker.h"

namespace understudy {

/// Page 6: expected against actual, and row counts on every node. Starts by itself; reads only.
class VerifyPage final : public WizardPage
{
    Q_OBJECT
public:
    explicit VerifyPage(WizardState &state, QWidget *parent = nullptr);

    void enter() override;
    bool canGoNext() const override { return !busy(); }
    bool busy() const override { return m_worker.busy(); }
    QString nextText() const override { return tr("Next: read load"); }
    ChangeNote changeNote() const override;
    bool showsCancel() const override { return false; }

    void showResult(const VerifyResult &result);

private:
    void verify();
    VerifyTable *m_table;
    RowCountCard *m_counts;
    GlyphLabel *m_running;
    TextLabel *m_step;
    QWidget *m_progress;
    TableChoice *m_choice;
    QPushButton *m_again, *m_choose;
    WizardWorker m_worker;
};

} // namespace understudy
