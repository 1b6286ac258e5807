// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/FindingsPanel.h"
#include "gui/panels/NodeFacts.h"

namespace understudy {

/// The inspector of a replication link: its ends, what flows and how it flows, how it was found. Values
/// change in place; what is not known says so. Object names: "linkName", "linkState", "linkLag",
/// "linkReattachButton", "linkSelectButton", "copyLinkButton", "copyLinkAsText", "copyLinkAsSql".
class LinkPanel final : public PanelWidget
{
    Q_OBJECT
public:
    explicit LinkPanel(QWidget *parent = nullptr);
    /// The link to @p downstream. @p now: not the past, so that something can be done with it.
    void set(const Topology &topology, const NodeId &downstream, bool now = true);
    QString asText() const;                 ///< Everything it says of the link
    QString asSql() const { return m_sql; } ///< Statements that show the same; empty if none can be written

Q_SIGNALS:
    void nodeWanted(const understudy::NodeId &node);
    void reattachWanted(const understudy::NodeId &standby);

private:
    void buildHead(QVBoxLayout *column);
    void buildEnds(QVBoxLayout *column);

    QWidget *m_content;
    GlyphLabel *m_state;
    TextLabel *m_name, *m_lag;
    FactsGrid *m_flow, *m_stages, *m_ends, *m_slot;
    QWidget *m_slotBox, *m_findingsBox;
    FindingsList *m_findings;
    QPushButton *m_reattach, *m_select, *m_copy;
    QAction *m_copySql = nullptr, *m_toUpstream = nullptr, *m_toDownstream = nullptr;
    NodeId m_upstream, m_downstream;
    QString m_sql, m_findingsText;
};

} // namespace understudy
