// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/NodeFacts.h"

#include <QGridLayout>

namespace understudy {

/// Slots as a small table under its heading. Cells change in place. With large text a name stands above its
/// values.
class NodeSlotRows final : public QWidget
{
    Q_OBJECT
public:
    explicit NodeSlotRows(QWidget *parent = nullptr);
    void set(const NodeSlots &found);
    QString asText() const;

private:
    void place(qsizetype index);
    void setStacked(bool stacked);

    TextLabel *m_title;
    QGridLayout *m_grid;
    QList<TextLabel *> m_heads, m_cells;
    bool m_stacked = false;
};

} // namespace understudy
