// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/NodeSlotRows.h"

#include "model/Format.h"
#include "paint/PaintUnits.h"

#include <QApplication>
#include <QVBoxLayout>

namespace understudy {

namespace {

constexpr int columns = 4;
constexpr double tooLargeForOneRow = 1.5; ///< Of the usual text, in the side panel's width

} // namespace

NodeSlotRows::NodeSlotRows(QWidget *parent) : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_title = new TextLabel(TextRole::LabelStrong, {}, this, TextLabel::Tone::Text3);
    m_title->setWordWrap(true);
    column->addWidget(m_title);
    m_grid = new QGridLayout;
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(2);
    m_grid->setColumnStretch(0, 1);
    column->addLayout(m_grid);
    const QStringList names = {tr("Name"), tr("Active"), tr("WAL status"), tr("Keeps")};
    for (int i = 0; i < columns; ++i) {
        auto *label = new TextLabel(TextRole::Label, names.at(i), this, TextLabel::Tone::Text3);
        m_grid->addWidget(label, 0, i, i == columns - 1 ? Qt::AlignRight : Qt::AlignLeft);
        m_heads.append(label);
    }
}

void NodeSlotRows::place(qsizetype index)
{
    const int row = int(index / columns), column = int(index % columns);
    const Qt::Alignment alignment = column == columns - 1 ? Qt::AlignRight : Qt::Alignment();
    if (!m_stacked)
        m_grid->addWidget(m_cells.at(index), 1 + row, column, alignment);
    else if (column == 0)
        m_grid->addWidget(m_cells.at(index), 1 + 2 * row, 0, 1, columns);
    else
        m_grid->addWidget(m_cells.at(index), 2 + 2 * row, column, alignment);
}

void NodeSlotRows::setStacked(bool stacked)
{
    if (stacked == m_stacked)
        return;
    m_stacked = stacked;
    m_heads.constFirst()->setVisible(!stacked); // A name above its values says what it is.
    for (TextLabel *cell : std::as_const(m_cells))
        m_grid->removeWidget(cell);
    for (qsizetype i = 0; i < m_cells.size(); ++i)
        place(i);
}

void NodeSlotRows::set(const NodeSlots &found)
{
    if (m_title->text() != found.title)
        m_title->setText(found.title);
    setStacked(textScale(QApplication::font()) >= tooLargeForOneRow);
    while (m_cells.size() < found.rows.size() * columns) {
        const int index = int(m_cells.size());
        const int column = index % columns;
        auto *cell = new TextLabel(column == 0 ? TextRole::Mono : TextRole::Small, {}, this);
        cell->setTextInteractionFlags(Qt::TextSelectableByMouse);
        if (column == 0)
            cell->setWordWrap(true);
        m_cells.append(cell);
        place(index);
    }
    for (qsizetype i = 0; i < m_cells.size(); ++i) {
        const qsizetype row = i / columns;
        m_cells.at(i)->setVisible(row < found.rows.size());
        if (row >= found.rows.size())
            continue;
        const Slot &slot = found.rows.at(row);
        const QStringList words = {slot.name, slot.active ? tr("yes") : tr("no"),
                                   slot.walStatus.isEmpty() ? tr("unknown") : slot.walStatus,
                                   format::bytes(slot.retainedBytes)};
        if (m_cells.at(i)->text() != words.at(i % columns))
            m_cells.at(i)->setText(words.at(i % columns));
        if (i % columns == 1)
            m_cells.at(i)->setTone(slot.active ? TextLabel::Tone::Text : TextLabel::Tone::Crit);
    }
}

QString NodeSlotRows::asText() const
{
    QStringList lines{m_title->text()};
    for (qsizetype i = 0; i + columns <= m_cells.size(); i += columns) {
        QStringList cells;
        for (int column = 0; column < columns; ++column)
            cells << m_cells.at(i + column)->text();
        if (!m_cells.at(i)->isHidden())
            lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

} // namespace understudy
