// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphView.h"
#include "gui/wizard/FileListing.h"
#include "gui/wizard/WizardPage.h"
#include "gui/wizard/WizardWorker.h"

namespace understudy {

/// Page 4: the cluster now and after, the steps with their exact commands and undo, the files written.
class ReviewPage final : public WizardPage
{
    Q_OBJECT
public:
    explicit ReviewPage(WizardState &state, QWidget *parent = nullptr);

    void enter() override;
    bool canGoNext() const override { return m_state.plan.has_value(); }
    QString nextText() const override;
    bool takeNext() override;
    QString blockedBy() const override { return m_error; }
    ChangeNote changeNote() const override;

private:
    QWidget *buildPreviews();
    QWidget *buildSteps();
    QWidget *buildFiles();
    void saveScript();
    void showFiles();
    void showPlan();
    void showPreviews();

    GraphPreview *m_now, *m_after;
    TextLabel *m_nowWords, *m_afterWords, *m_stepsHead, *m_about, *m_filesHead, *m_filesCount, *m_filesHint,
        *m_filesNote;
    QVBoxLayout *m_steps = nullptr;
    FileListing *m_files;
    FactsGrid *m_facts;
    QPushButton *m_copy, *m_save;
    QString m_error;
    WizardWorker m_worker;
};

} // namespace understudy
