// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphView.h"
#include "gui/parts/Parts.h"

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

} // namespace understudy
