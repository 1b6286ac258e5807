// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "gui/wizard/Strip.h"
#include "operations/RunRecord.h"

namespace understudy {

/// The steps of a running plan: state, one fact, time.
class RunSteps final : public Card
{
    Q_OBJECT
public:
    explicit RunSteps(QWidget *parent = nullptr);
    void setPlan(const Plan &plan);
    void setStep(int index, const StepRecord &record);
    void tick(qint64 nowUs); ///< The running step's time
    int current() const { return m_current; }

private:
    struct Row
    {
        Strip *strip;
        GlyphLabel *glyph;
        TextLabel *title, *titleStrong, *fact, *time;
        StepRecord record;
    };
    QList<Row> m_rows;
    TextLabel *m_head;
    QWidget *m_list;
    int m_current = 0;
};

} // namespace understudy
