// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/FilterChip.h"
#include "gui/wizard/PlanSide.h"
#include "gui/wizard/PlanThread.h"
#include "gui/wizard/PreflightRow.h"
#include "gui/wizard/WizardPage.h"
#include "gui/wizard/WizardWorker.h"

class QHBoxLayout;

namespace understudy {

/// Page 3: the live table of checks. Nothing is changed here but by a fix that a person asks for.
class PreflightPage final : public WizardPage
{
    Q_OBJECT
public:
    explicit PreflightPage(WizardState &state, QWidget *parent = nullptr);

    void enter() override;
    bool canGoNext() const override;
    bool busy() const override { return m_worker.busy() || m_fix.running(); }
    bool fixRunning() const { return m_fix.running(); }
    QString nextText() const override { return tr("Next: review"); }
    QString blockedBy() const override;
    ChangeNote changeNote() const override;
    QWidget *side() const override { return m_side; }

    void showChecks(const QList<CheckResult> &checks); ///< Builds the table: groups, rows in their order
    void takeCheck(const CheckResult &check);
    void takeResult(const PreflightResult &result, const QStringList &only);

private:
    QHBoxLayout *buildHead();
    void runAll();
    void runOnly(const QStringList &ids);
    void applyFix(const QString &id);
    void setField(int standby, const CheckFix &fix);
    void setWaived(const QString &id, const std::optional<QString> &reason);
    void waive(const QString &id, const QString &reason);
    void undoWaiver(const QString &id);
    void filter(int which);
    void summarize();
    void saveResults();
    PreflightRow *row(const QString &id) const;
    PreflightRow *makeRow(const CheckResult &check);

    struct Group
    {
        Strip *head;
        TextLabel *count;
        QList<PreflightRow *> rows;
    };
    QList<Group> m_groups;
    QList<PreflightRow *> m_rows;
    QList<FilterChip *> m_chips; ///< All, failed, warning, waived, passed
    int m_filter = 0;
    Card *m_table;
    QWidget *m_list = nullptr;
    QVBoxLayout *m_listLayout = nullptr;
    TextLabel *m_finished;
    QPushButton *m_again, *m_save;
    PlanSide *m_side;
    QList<AddStandbyRequest> m_checkedFor; ///< What the shown results belong to
    PlanThread m_fix;
    WizardWorker m_worker, m_files;
};

} // namespace understudy
