// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/NodeTable.h"

#include "gui/Style.h"
#include "gui/graph/NodeDelegate.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScopedValueRollback>
#include <QScrollBar>

namespace understudy {

bool NodeFilterModel::setMisses(const QSet<NodeId> &misses)
{
    if (misses == m_misses)
        return false;
    m_misses = misses;
    invalidateFilter();
    return true;
}

bool NodeFilterModel::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    return m_misses.isEmpty() ||
           !m_misses.contains(sourceModel()->index(row, 0, parent).data(NodeTableModel::IdRole).toString());
}

NodeTable::NodeTable(QWidget *parent)
    : QTableView(parent), m_nodes(new NodeTableModel(this)), m_shown(new NodeFilterModel(this))
{
    m_shown->setSourceModel(m_nodes);
    setModel(m_shown);
    setItemDelegate(new NodeDelegate(this));
    setProperty("kind", QStringLiteral("nodes"));
    setAccessibleName(tr("Nodes as a table"));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setWordWrap(false);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    horizontalHeader()->setStretchLastSection(false);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    applyTextSize();
    connect(&Style::instance(), &Style::changed, this, [this] { viewport()->update(); });
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &now) {
        if (m_changing || !now.isValid())
            return;
        m_wanted = now.data(NodeTableModel::IdRole).toString();
        Q_EMIT selectedChanged(m_wanted);
    });
}

void NodeTable::applyTextSize()
{
    const int row = qRound(36 * qMax(1.0, QGuiApplication::font().pixelSize() / 13.0));
    verticalHeader()->setMinimumSectionSize(24);
    verticalHeader()->setDefaultSectionSize(row);
    for (int column = 0; column < NodeTableModel::ColumnCount; ++column)
        setColumnWidth(column, 40);
    m_lastNeeded = 0;
    growColumns();
}

/// Columns grow with what stands in them and never shrink: numbers that come and go must not move the others.
void NodeTable::growColumns()
{
    for (int column = 0; column < NodeTableModel::ColumnCount; ++column) {
        int needed = horizontalHeader()->sectionSizeHint(column);
        for (int row = 0; row < m_shown->rowCount(); ++row)
            needed = qMax(needed, sizeHintForIndex(m_shown->index(row, column)).width());
        if (column == NodeTableModel::AddressColumn)
            m_lastNeeded = qMax(m_lastNeeded, needed);
        else if (needed > columnWidth(column))
            setColumnWidth(column, needed);
    }
    stretchLast();
}

/// The last column takes the room that is left, and never less than its text.
void NodeTable::stretchLast()
{
    const int last = NodeTableModel::AddressColumn;
    const int before = columnViewportPosition(last) + horizontalScrollBar()->value();
    const int wanted = qMax(m_lastNeeded, viewport()->width() - before);
    if (columnWidth(last) != wanted)
        setColumnWidth(last, wanted);
}

void NodeTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    stretchLast();
}

void NodeTable::setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras)
{
    {
        const QScopedValueRollback<bool> changing(m_changing, true);
        m_topology = topology;
        m_shown->setMisses(m_filter.misses(m_topology));
        m_nodes->setTopology(topology, extras);
    }
    growColumns();
    if (!m_wanted.isEmpty() && selected() != m_wanted)
        setSelected(m_wanted);
}

void NodeTable::setFilter(const QString &text)
{
    const QScopedValueRollback<bool> changing(m_changing, true);
    m_filter = GraphFilter(text);
    m_shown->setMisses(m_filter.misses(m_topology));
    if (!m_wanted.isEmpty())
        setSelected(m_wanted);
}

NodeId NodeTable::selected() const
{
    const QModelIndexList rows = selectionModel()->selectedRows();
    return rows.isEmpty() ? NodeId() : rows.constFirst().data(NodeTableModel::IdRole).toString();
}

void NodeTable::setSelected(const NodeId &node)
{
    const QScopedValueRollback<bool> changing(m_changing, true);
    m_wanted = node;
    const QModelIndex index = m_shown->mapFromSource(m_nodes->index(m_nodes->rowOf(node), 0));
    if (!index.isValid()) {
        clearSelection();
        return;
    }
    if (selectionModel()->isRowSelected(index.row(), {}) && selectionModel()->selectedRows().size() == 1)
        return;
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

QString NodeTable::asText() const
{
    QStringList lines, heads;
    for (int column = 0; column < m_shown->columnCount(); ++column)
        heads << m_shown->headerData(column, Qt::Horizontal).toString();
    lines << heads.join(u'\t');
    const bool all = selectionModel()->selectedRows().isEmpty();
    for (int row = 0; row < m_shown->rowCount(); ++row) {
        if (!all && !selectionModel()->isRowSelected(row, {}))
            continue;
        QStringList cells;
        for (int column = 0; column < m_shown->columnCount(); ++column)
            cells << m_shown->index(row, column).data().toString().replace(u'\t', u' ').replace(u'\n', u' ');
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

void NodeTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(asText());
        return event->accept();
    }
    QTableView::keyPressEvent(event);
}

void NodeTable::contextMenuEvent(QContextMenuEvent *event)
{
    const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = keyboard ? currentIndex() : indexAt(event->pos());
    if (!index.isValid())
        return event->ignore();
    const QPoint at = keyboard ? viewport()->mapToGlobal(visualRect(index).bottomLeft()) : event->globalPos();
    Q_EMIT contextMenuRequested(index.data(NodeTableModel::IdRole).toString(), at);
    event->accept();
}

void NodeTable::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange || event->type() == QEvent::FontChange)
        applyTextSize();
}

} // namespace understudy
