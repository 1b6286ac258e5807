// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphFilter.h"
#include "gui/graph/NodeTableModel.h"

#include <QSortFilterProxyModel>
#include <QTableView>

namespace understudy {

/// Leaves out what the filter does not match.
class NodeFilterModel final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    bool setMisses(const QSet<NodeId> &misses); ///< False: they were these before.

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QSet<NodeId> m_misses;
};

/// The graph's twin for people who read tables: same nodes, same order, same selection; Ctrl+C copies the
/// selected rows (or all) as tab-separated text. GUI thread.
class NodeTable final : public QTableView
{
    Q_OBJECT
public:
    explicit NodeTable(QWidget *parent = nullptr);

    void setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras);
    void setFilter(const QString &text);
    NodeId selected() const;
    void setSelected(const NodeId &node);
    QString asText() const;
    NodeTableModel *nodes() const { return m_nodes; }

Q_SIGNALS:
    void selectedChanged(const understudy::NodeId &node);
    void contextMenuRequested(const understudy::NodeId &node, const QPoint &globalPosition);

protected:
    void keyPressEvent(QKeyEvent *) override;
    void contextMenuEvent(QContextMenuEvent *) override;
    void changeEvent(QEvent *) override;
    void resizeEvent(QResizeEvent *) override;

private:
    void growColumns();
    void stretchLast();
    void applyTextSize();
    NodeTableModel *m_nodes;
    NodeFilterModel *m_shown;
    Topology m_topology;
    GraphFilter m_filter;
    NodeId m_wanted; ///< Selected even while the filter hides it
    int m_lastNeeded = 0;
    bool m_changing = false;
};

} // namespace understudy
