// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/parts/Parts.h"
#include "history/LagHistory.h"

namespace understudy {

/// What happened to a node lately, the newest first: a few lines with their times.
class NodeHistory final : public QWidget
{
    Q_OBJECT
public:
    explicit NodeHistory(QWidget *parent = nullptr);
    void set(const LagHistory &history, const NodeId &node);
    QString asText() const;

private:
    struct Row
    {
        QWidget *box;
        GlyphLabel *glyph;
        TextLabel *text, *time;
    };
    QList<Row> m_rows;
    TextLabel *m_none;
    NodeId m_node;
};

/// The newest @p most events of a node, the newest first. Pure.
QList<HistoryEvent> eventsOf(const LagHistory &history, const NodeId &node, int most);

} // namespace understudy
