// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

#include <QColor>
#include <QWidget>

namespace understudy {

/// How far behind a standby is at each stage: sent, written, flushed, replayed. One painted strip.
class StagesStrip final : public QWidget
{
    Q_OBJECT
public:
    explicit StagesStrip(QWidget *parent = nullptr);
    /// @p abnormal: values above 0 in the colour of the state; invalid: in the colour of text.
    void set(const Stages &stages, const QColor &abnormal);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *) override;

private:
    Stages m_stages;
    QColor m_abnormal;
};

} // namespace understudy
