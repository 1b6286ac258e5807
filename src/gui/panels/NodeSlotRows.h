// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/NodeFacts.h"

#include <QGridLayout>

namespace understudy {

/// Slots as a small table under its heading. Cells change in place.
class NodeSlotRows final : public QWidget
{
    Q_OBJECT
public:
    explicit NodeSlotRows(QWidget *parent = nullptr);
    void set(const NodeSlots &found);
    QString asText() const;

private:
    TextLabel *m_title;
    QGridLayout *m_grid;
    QList<TextLabel *> m_cells;
};

} // namespace understudy
