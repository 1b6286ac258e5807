// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/SlotsPanel.h"

#include "gui/Style.h"
#include "gui/panels/NodeFacts.h"
#include "model/Format.h"

#include <QApplication>
#include <QHeaderView>
#include <QVBoxLayout>

namespace understudy {

void SlotsModel::set(const Topology &topology)
{
    QList<Row> next;
    for (const Cluster &cluster : topology.clusters) {
        for (const Slot &slot : cluster.slots_) {
            const Node *node = cluster.node(slot.node);
            next.append({slot, node ? nodeName(*node) : slot.node});
        }
    }
    const auto same = [](const Row &a, const Row &b) {
        return a.slot.node == b.slot.node && a.slot.name == b.slot.name;
    };
    // What went, then what came (at the end): what stays keeps its row.
    for (int i = int(m_rows.size()); i-- > 0;) {
        const Row row = m_rows.at(i);
        if (std::none_of(next.begin(), next.end(), [&](const Row &one) { return same(one, row); })) {
            beginRemoveRows({}, i, i);
            m_rows.removeAt(i);
            endRemoveRows();
        }
    }
    for (const Row &one : std::as_const(next)) {
        const auto known =
            std::find_if(m_rows.begin(), m_rows.end(), [&](const Row &r) { return same(r, one); });
        if (known == m_rows.end()) {
            beginInsertRows({}, int(m_rows.size()), int(m_rows.size()));
            m_rows.append(one);
            endInsertRows();
        } else if (!(*known == one)) {
            *known = one;
            const int row = int(known - m_rows.begin());
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        }
    }
}

int SlotsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int SlotsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant SlotsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Row &row = m_rows.at(index.row());
    const Theme &theme = Style::instance().theme();
    if (role == Qt::TextAlignmentRole)
        return QVariant(index.column() >= Keeps ? Qt::AlignRight | Qt::AlignVCenter
                                                : Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::FontRole && index.column() == Name)
        return textFont(TextRole::Mono, QApplication::font());
    if (role == Qt::ForegroundRole) {
        const bool bad = (index.column() == Active && !row.slot.active) ||
                         (index.column() >= WalStatus && row.slot.walStatus == QLatin1String("lost"));
        return bad                                                   ? theme.crit
               : index.column() == Runway && !row.slot.runwaySeconds ? theme.text3
                                                                     : theme.text;
    }
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
    case Name:
        return row.slot.logical ? tr("%1 (logical)").arg(row.slot.name) : row.slot.name;
    case OnNode:
        return row.node;
    case Active:
        return row.slot.active ? tr("yes") : tr("no");
    case WalStatus:
        return row.slot.walStatus.isEmpty() ? tr("unknown") : row.slot.walStatus;
    case Keeps:
        return format::bytes(row.slot.retainedBytes);
    case Runway:
        return runwayWords(row.slot);
    default:
        return {};
    }
}

QVariant SlotsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section >= Keeps ? Qt::AlignRight | Qt::AlignVCenter
                                         : Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Runway)
        return tr("Time until the slot is lost or the disk is full, at the measured rate");
    if (role != Qt::DisplayRole)
        return {};
    static const char *const names[] = {QT_TR_NOOP("Slot"),       QT_TR_NOOP("Node"),  QT_TR_NOOP("Active"),
                                        QT_TR_NOOP("WAL status"), QT_TR_NOOP("Keeps"), QT_TR_NOOP("Runway")};
    return section >= 0 && section < ColumnCount ? tr(names[section]) : QString();
}

SlotsPanel::SlotsPanel(QWidget *parent) : PanelWidget(parent)
{
    m_model = new SlotsModel(this);
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("slotsTable"));
    m_table->setProperty("kind", QStringLiteral("bare"));
    m_table->setModel(m_model);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setAccessibleName(tr("Replication slots"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(std::max(30, m_table->fontMetrics().height() + 14));
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    // Names share what is left; numbers are never cut, and their columns do not move with them.
    const auto widths = [this] {
        QHeaderView *header = m_table->horizontalHeader();
        const QFontMetrics metrics(QApplication::font());
        const std::pair<int, QString> columns[] = {{SlotsModel::Active, tr("Active")},
                                                   {SlotsModel::Keeps, QStringLiteral("1,000 MB")},
                                                   {SlotsModel::Runway, tr("about 23 h 59 min")}};
        for (const auto &[column, longest] : columns) {
            header->setSectionResizeMode(column, QHeaderView::Fixed);
            header->resizeSection(column, metrics.horizontalAdvance(longest) + 32);
        }
    };
    widths();
    connect(&Style::instance(), &Style::changed, this, widths);
    auto *none = new TextLabel(TextRole::Body,
                               tr("No replication slots: a standby without one can fall too far behind."),
                               this, TextLabel::Tone::Text3);
    none->setAlignment(Qt::AlignCenter);
    none->setWordWrap(true);
    m_none = none;
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_table, 1);
    column->addWidget(none, 1);
    set({});
}

void SlotsPanel::set(const Topology &topology)
{
    m_model->set(topology);
    m_table->setVisible(m_model->rowCount() > 0);
    m_none->setVisible(m_model->rowCount() == 0);
}

} // namespace understudy
