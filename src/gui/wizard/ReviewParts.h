// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphView.h"
#include "gui/parts/Parts.h"
#include "operations/Plan.h"

namespace understudy {

/// A box in the canvas colour with its words above the picture.
class PreviewBox final : public QWidget
{
public:
    PreviewBox(const QString &title, TextLabel *words, GraphPreview *preview);

protected:
    void paintEvent(QPaintEvent *) override;
};

/// The number of a step in its grey disc.
class StepNumber final : public QWidget
{
public:
    explicit StepNumber(int number);

protected:
    void paintEvent(QPaintEvent *) override;

private:
    int m_number;
};

/// A step of a plan as a row: its number, its name, its undo in words, about how long, and @p commands. Its
/// object name is "step_" and the step's id.
QWidget *makeStepRow(int number, const Step &step, const QString &commands);

} // namespace understudy
