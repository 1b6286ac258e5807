// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/NodeTableModel.h"

#include "gui/graph/GraphWords.h"
#include "model/Format.h"
#include "model/WalFlow.h"
#include "paint/CardText.h"

#include <QSet>

namespace understudy {

namespace {

bool isNumber(int column)
{
    return column == NodeTableModel::BehindColumn || column == NodeTableModel::DelayColumn ||
           column == NodeTableModel::RateColumn || column == NodeTableModel::SendsColumn ||
           column == NodeTableModel::TimelineColumn;
}

} // namespace

NodeTableModel::NodeTableModel(QObject *parent) : QAbstractTableModel(parent) {}

NodeTableModel::Row NodeTableModel::rowFor(const Node &node, const Link *link, const WalFlow &flow,
                                           const Topology &topology, int series)
{
    Row row;
    row.id = node.id;
    row.glyph = glyphFor(node, link);
    row.series = node.role == Role::Primary ? -1 : series >= 0 ? series : -2;
    row.cells.resize(ColumnCount);
    const bool primary = node.role == Role::Primary;
    row.cells[NameColumn] = node.name.isEmpty() ? node.id : node.name;
    row.cells[RoleColumn] = cardtext::roleWord(node);
    row.cells[StateColumn] = glyphWord(row.glyph);
    if (link) {
        const Node *upstream = topology.node(link->upstream);
        row.cells[UpstreamColumn] = upstream && !upstream->name.isEmpty() ? upstream->name : link->upstream;
        row.cells[SlotColumn] = link->slot.isEmpty() ? tr("no slot") : link->slot;
        row.cells[SyncColumn] = stableName(link->sync);
    }
    if (!primary) {
        row.cells[BehindColumn] = cardtext::behind(link);
        row.cells[DelayColumn] = cardtext::delay(link);
    }
    // What it writes, or what its link carries; and what sending it on costs.
    row.cells[RateColumn] = format::rate(primary ? flow.written : link ? link->walRate : std::nullopt);
    if (flow.feeds())
        row.cells[SendsColumn] = format::rate(flow.sent);
    row.cells[LsnColumn] = cardtext::lsn(node);
    row.cells[TimelineColumn] = cardtext::timeline(node);
    row.cells[VersionColumn] = node.versionNum > 0 ? format::version(node.versionNum) : tr("unknown");
    row.cells[AddressColumn] = graphwords::addressOf(node);
    return row;
}

void NodeTableModel::setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras)
{
    QHash<NodeId, Row> wanted;
    for (const Cluster &cluster : topology.clusters) {
        QHash<NodeId, const Link *> links;
        for (auto link = cluster.links.crbegin(); link != cluster.links.crend(); ++link)
            links.insert(link->downstream, &*link);
        const QHash<NodeId, WalFlow> flows = walFlows(cluster);
        for (const Node &node : cluster.nodes)
            wanted.insert(node.id, rowFor(node, links.value(node.id), flows.value(node.id), topology,
                                          extras.value(node.id).seriesSlot));
    }
    const QList<NodeId> order = layoutGraph(topology).order;

    for (int i = int(m_rows.size()) - 1; i >= 0; --i) {
        if (wanted.contains(m_rows.at(i).id))
            continue;
        beginRemoveRows({}, i, i);
        m_rows.removeAt(i);
        endRemoveRows();
    }
    for (int i = 0; i < order.size(); ++i) {
        const Row &row = wanted[order.at(i)];
        if (i >= m_rows.size() || m_rows.at(i).id != row.id) {
            const int old = rowOf(row.id);
            if (old > i) {
                beginMoveRows({}, old, old, {}, i);
                m_rows.move(old, i);
                endMoveRows();
            } else {
                beginInsertRows({}, i, i);
                m_rows.insert(i, row);
                endInsertRows();
                continue;
            }
        }
        if (m_rows.at(i) == row)
            continue;
        int first = ColumnCount, last = -1;
        for (int column = 0; column < ColumnCount; ++column) {
            const bool same = m_rows.at(i).cells.at(column) == row.cells.at(column) &&
                              (column != NameColumn || m_rows.at(i).series == row.series) &&
                              (column != StateColumn || m_rows.at(i).glyph == row.glyph);
            if (same)
                continue;
            first = qMin(first, column);
            last = column;
        }
        m_rows[i] = row;
        if (last >= 0)
            Q_EMIT dataChanged(index(i, first), index(i, last));
    }
}

NodeId NodeTableModel::idAt(int row) const
{
    return row >= 0 && row < m_rows.size() ? m_rows.at(row).id : NodeId();
}

int NodeTableModel::rowOf(const NodeId &id) const
{
    for (int i = 0; i < m_rows.size(); ++i) {
        if (m_rows.at(i).id == id)
            return i;
    }
    return -1;
}

int NodeTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int NodeTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant NodeTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows.at(index.row());
    const bool number = isNumber(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return row.cells.at(index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1: %2").arg(
            headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(),
            row.cells.at(index.column()));
    case IdRole:
        return row.id;
    case GlyphRole:
        return index.column() == StateColumn ? QVariant(int(row.glyph)) : QVariant();
    case SeriesRole:
        return index.column() == NameColumn ? QVariant(row.series) : QVariant();
    case NumberRole:
        return number;
    case MonoRole:
        return index.column() == SlotColumn || index.column() == LsnColumn;
    default:
        return {};
    }
}

QVariant NodeTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool number = isNumber(section);
        return QVariant::fromValue(Qt::Alignment(number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role == Qt::ToolTipRole && section == RateColumn)
        return tr("WAL that a primary writes, or that the link to a standby carries");
    if (role == Qt::ToolTipRole && section == SendsColumn)
        return tr("What its walsenders send in all: its WAL once for each standby");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Node");
    case RoleColumn:
        return tr("Role");
    case StateColumn:
        return tr("State");
    case UpstreamColumn:
        return tr("Upstream");
    case SlotColumn:
        return tr("Slot");
    case SyncColumn:
        return tr("Sync");
    case BehindColumn:
        return tr("Behind");
    case DelayColumn:
        return tr("Delay");
    case RateColumn:
        return tr("WAL rate");
    case SendsColumn:
        return tr("Sends");
    case LsnColumn:
        return tr("LSN");
    case TimelineColumn:
        return tr("Timeline");
    case VersionColumn:
        return tr("Version");
    case AddressColumn:
        return tr("Address");
    default:
        return {};
    }
}

} // namespace understudy
