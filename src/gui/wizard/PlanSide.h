// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "gui/wizard/WizardState.h"

namespace understudy {

/// The column beside names and pre-flight: this plan, the state before, and what a further standby costs.
class PlanSide final : public QWidget
{
    Q_OBJECT
public:
    explicit PlanSide(bool baseline, QWidget *parent = nullptr);
    void setState(const WizardState &state);

private:
    FactsGrid *m_plan;
    FactsGrid *m_baseline = nullptr;
    TextLabel *m_costHead, *m_cost;
};

} // namespace understudy
