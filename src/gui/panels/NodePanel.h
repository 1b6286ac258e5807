// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/FindingsPanel.h"
#include "gui/panels/NodeFacts.h"
#include "gui/panels/StagesStrip.h"
#include "paint/GraphPainter.h"

#include <QGridLayout>

namespace understudy {

/// The inspector: everything known of the selected node. Values change in place; what is not known says so.
class NodePanel final : public PanelWidget
{
    Q_OBJECT
public:
    explicit NodePanel(QWidget *parent = nullptr);
    void set(const Topology &topology, const QHash<NodeId, CardExtras> &extras, const NodeId &node);
    QString asText() const; ///< What the copy button copies

Q_SIGNALS:
    void adoptWanted(const understudy::NodeId &ghost);

private:
    void setSlotRows(const NodeSlots &found);

    QWidget *m_content, *m_none;
    SeriesMark *m_mark;
    GlyphLabel *m_cylinder, *m_state;
    TextLabel *m_name, *m_role;
    StagesStrip *m_stages;
    FactsGrid *m_replication, *m_machine;
    QWidget *m_replicationBox, *m_slotsBox, *m_findingsBox;
    TextLabel *m_slotsTitle;
    QGridLayout *m_slotsGrid;
    QList<TextLabel *> m_slotCells;
    FindingsList *m_findings;
    QPushButton *m_adopt;
    NodeId m_id;
};

} // namespace understudy
