// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/panels/DockHead.h"
#include "model/Topology.h"

#include <QAbstractTableModel>
#include <QTableView>

namespace understudy {

/// Slots of all nodes. Rows are told apart by node and name: a look changes cells, never the selection.
class SlotsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, OnNode, Active, WalStatus, Keeps, Runway, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void set(const Topology &topology);
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        Slot slot;
        QString node;
        bool operator==(const Row &) const = default;
    };
    QList<Row> m_rows;
};

/// The dock page with them.
class SlotsPanel final : public PanelWidget
{
    Q_OBJECT
public:
    explicit SlotsPanel(QWidget *parent = nullptr);
    void set(const Topology &topology);
    QTableView *table() const { return m_table; }

private:
    SlotsModel *m_model;
    QTableView *m_table;
    QWidget *m_none;
};

} // namespace understudy
