// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"

#include <optional>

namespace understudy {

/// A line above what shows the past, saying so and of when it is. Not there while now is shown.
class PastStrip final : public QWidget
{
    Q_OBJECT
public:
    explicit PastStrip(QWidget *parent = nullptr);
    void setMoment(std::optional<qint64> atUs);

protected:
    void paintEvent(QPaintEvent *) override;

private:
    TextLabel *m_words;
};

} // namespace understudy
