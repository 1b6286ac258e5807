// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphPainter.h"

#include <QAbstractTableModel>

namespace understudy {

struct WalFlow;

/// The graph as a table: one row a node, in the graph's own order. A new look changes only the cells that
/// changed: rows are never reset, so selection, scroll and a screen reader's place stay. GUI thread.
class NodeTableModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        RoleColumn,
        StateColumn,
        UpstreamColumn,
        SlotColumn,
        SyncColumn,
        BehindColumn,
        DelayColumn,
        RateColumn,
        SendsColumn,
        LsnColumn,
        TimelineColumn,
        VersionColumn,
        AddressColumn,
        ColumnCount
    };
    enum Roles {
        IdRole = Qt::UserRole,
        GlyphRole,  ///< int: the row's Glyph (state column)
        SeriesRole, ///< int: the series slot, -1 the primary, -2 none (name column)
        NumberRole, ///< bool: right-aligned, tabular
        MonoRole,   ///< bool
    };

    explicit NodeTableModel(QObject *parent = nullptr);

    void setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras);
    NodeId idAt(int row) const;
    int rowOf(const NodeId &id) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation, int role) const override;

private:
    struct Row
    {
        NodeId id;
        QStringList cells;
        Glyph glyph = Glyph::Unknown;
        int series = -1;
        bool operator==(const Row &) const = default;
    };
    static Row rowFor(const Node &, const Link *, const WalFlow &, const Topology &, int series);
    QList<Row> m_rows;
};

} // namespace understudy
