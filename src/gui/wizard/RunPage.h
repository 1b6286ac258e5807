// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/wizard/CopyCards.h"
#include "gui/wizard/PlanThread.h"
#include "gui/wizard/RunLog.h"
#include "gui/wizard/RunSteps.h"
#include "gui/wizard/WizardPage.h"

#include <QTimer>

namespace understudy {

/// Page 5: the plan as it runs. Cancel and failure roll back; closing the window asks once.
class RunPage final : public WizardPage
{
    Q_OBJECT
public:
    explicit RunPage(WizardState &state, QWidget *parent = nullptr);

    void enter() override;
    bool canGoNext() const override;
    bool canGoBack() const override { return m_ended && !m_state.added; }
    bool busy() const override { return m_thread.running(); }
    QString nextText() const override;
    bool takeNext() override;
    QString blockedBy() const override { return {}; }
    ChangeNote changeNote() const override;
    bool showsCancel() const override { return m_ended && !m_state.added; }

    bool running() const { return m_thread.running(); }
    bool copying() const { return m_copying; } ///< Bytes are being copied right now
    /// How much of the copy is done, 0 to 1; 0 before it and after its end.
    double copyFraction() const;
    void cancel(); ///< Rolls back, without asking
    void askToCancel();
    void takeStep(int index, const StepRecord &record);
    void takeCopy(const CopyProgress &progress);
    void takeRecord(const RunRecord &record);

Q_SIGNALS:
    void standbyAdded(const understudy::WatchedNode &node);
    void backgroundRequested();

private:
    void startPlan();
    void beginStandby(int standby); ///< The cards tell of its copy from here on.
    void tick();
    QStringList changes() const;
    QString whatGoes() const;

    PlanThread m_thread;
    RunRecord m_record;
    bool m_ended = false, m_copying = false, m_cancelling = false;
    std::optional<CopyProgress> m_progress;
    int m_standby = 0; ///< Which of several is being made
    QTimer m_tick;
    RunSteps *m_steps;
    CurrentStepCard *m_current;
    SlotCard *m_slot;
    RateCard *m_rate;
    RunLog *m_log;
    TextLabel *m_clock;
    QPushButton *m_background, *m_cancelButton;
};

} // namespace understudy
