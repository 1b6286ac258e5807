// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/FindingsPanel.h"
#include "gui/panels/NodeHistory.h"
#include "gui/panels/NodeSlotRows.h"
#include "gui/panels/StagesStrip.h"
#include "paint/GraphPainter.h"

namespace understudy {

/// The inspector: everything known of the selected node. Values change in place; what is not known says so.
class NodePanel final : public PanelWidget
{
    Q_OBJECT
public:
    explicit NodePanel(QWidget *parent = nullptr);
    /// @p now: not the past, so that something can be done with the node.
    void set(const Topology &topology, const QHash<NodeId, CardExtras> &extras, const NodeId &node,
             bool now = true);
    void setHistory(const LagHistory &history); ///< Of the node that is shown.
    QString asText() const;                     ///< Everything it says of the node
    QString asSql() const; ///< Statements that show the same; empty if none can be written

Q_SIGNALS:
    void adoptWanted(const understudy::NodeId &ghost);
    void reattachWanted(const understudy::NodeId &standby);

private:
    void buildHead(QVBoxLayout *column);
    void buildSections(QVBoxLayout *column);

    QWidget *m_content, *m_none;
    SeriesMark *m_mark;
    GlyphLabel *m_cylinder, *m_state;
    TextLabel *m_name, *m_role;
    StagesStrip *m_stages;
    FactsGrid *m_replication, *m_machine, *m_settings;
    QWidget *m_replicationBox, *m_settingsBox, *m_findingsBox;
    QList<std::pair<QWidget *, NodeSlotRows *>> m_slots; ///< Its own on its upstream, and those it keeps.
    NodeHistory *m_history;
    FindingsList *m_findings;
    QPushButton *m_adopt, *m_reattach, *m_copy;
    QAction *m_copySql = nullptr;
    NodeId m_id;
    QString m_sql, m_findingsText;
};

} // namespace understudy
