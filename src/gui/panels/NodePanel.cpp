// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/NodePanel.h"

#include "gui/Style.h"
#include "model/Format.h"

#include <QClipboard>
#include <QGuiApplication>

namespace understudy {

namespace {

constexpr int slotColumns = 4;

TextLabel *heading(const QString &text, QWidget *parent)
{
    return new TextLabel(TextRole::LabelStrong, text, parent, TextLabel::Tone::Text3);
}

/// A section below a line: padding 16, 12 between the line and its head.
QVBoxLayout *section(QWidget *box)
{
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new Line(box));
    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(16, 12, 16, 12);
    inner->setSpacing(6);
    column->addLayout(inner);
    return inner;
}

void setIfNew(QLabel *label, const QString &text)
{
    if (label->text() != text)
        label->setText(text);
}

} // namespace

NodePanel::NodePanel(QWidget *parent) : PanelWidget(parent)
{
    m_content = new QWidget(this);
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);

    auto *head = new QVBoxLayout;
    head->setContentsMargins(16, 14, 16, 14);
    head->setSpacing(2);
    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    m_mark = new SeriesMark(-1, m_content);
    m_cylinder = new GlyphLabel(16, m_content);
    m_cylinder->setGlyph(Glyph::CylinderFilled);
    m_name = new TextLabel(TextRole::Title, {}, m_content);
    m_name->setObjectName(QStringLiteral("nodeName"));
    m_name->setWordWrap(true);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_state = new GlyphLabel(14, m_content);
    m_state->setObjectName(QStringLiteral("nodeState"));
    top->addWidget(m_mark);
    top->addWidget(m_cylinder);
    top->addWidget(m_name, 1);
    top->addWidget(m_state);
    m_role = new TextLabel(TextRole::Small, {}, m_content, TextLabel::Tone::Text3);
    m_role->setObjectName(QStringLiteral("nodeRole"));
    m_role->setWordWrap(true);
    m_role->setContentsMargins(20, 0, 0, 0);
    head->addLayout(top);
    head->addWidget(m_role);
    m_adopt = makeButton(tr("Adopt\u2026"), QStringLiteral("small"), {}, m_content);
    m_adopt->setObjectName(QStringLiteral("adoptButton"));
    m_adopt->setToolTip(tr("Say where it listens, so that it can be watched like the others"));
    connect(m_adopt, &QPushButton::clicked, this, [this] { Q_EMIT adoptWanted(m_id); });
    head->addSpacing(6);
    head->addWidget(m_adopt, 0, Qt::AlignLeft);
    column->addLayout(head);

    m_replicationBox = new QWidget(m_content);
    QVBoxLayout *replication = section(m_replicationBox);
    auto *row = new QHBoxLayout;
    row->addWidget(heading(tr("Replication"), m_replicationBox), 1);
    auto *copy =
        makeButton(tr("Copy as text"), QStringLiteral("icon"), QStringLiteral("edit-copy"), m_content);
    copy->setObjectName(QStringLiteral("copyFactsButton"));
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
    row->addWidget(copy);
    replication->addLayout(row);
    m_stages = new StagesStrip(m_replicationBox);
    replication->addWidget(m_stages);
    m_replication = new FactsGrid(m_replicationBox);
    replication->addWidget(m_replication);
    column->addWidget(m_replicationBox);

    auto *machineBox = new QWidget(m_content);
    QVBoxLayout *machine = section(machineBox);
    machine->addWidget(heading(tr("Node"), machineBox));
    m_machine = new FactsGrid(machineBox);
    machine->addWidget(m_machine);
    column->addWidget(machineBox);

    m_slotsBox = new QWidget(m_content);
    QVBoxLayout *slotsColumn = section(m_slotsBox);
    m_slotsTitle = heading({}, m_slotsBox);
    slotsColumn->addWidget(m_slotsTitle);
    m_slotsGrid = new QGridLayout;
    m_slotsGrid->setContentsMargins(0, 0, 0, 0);
    m_slotsGrid->setHorizontalSpacing(12);
    m_slotsGrid->setVerticalSpacing(2);
    m_slotsGrid->setColumnStretch(0, 1);
    slotsColumn->addLayout(m_slotsGrid);
    const QStringList names = {tr("Name"), tr("Active"), tr("WAL status"), tr("Keeps")};
    for (int i = 0; i < slotColumns; ++i) {
        auto *label = new TextLabel(TextRole::Label, names.at(i), m_slotsBox, TextLabel::Tone::Text3);
        m_slotsGrid->addWidget(label, 0, i, i == slotColumns - 1 ? Qt::AlignRight : Qt::AlignLeft);
    }
    column->addWidget(m_slotsBox);

    m_findingsBox = new QWidget(m_content);
    QVBoxLayout *findings = section(m_findingsBox);
    findings->addWidget(heading(tr("Findings"), m_findingsBox));
    m_findings = new FindingsList(m_findingsBox);
    findings->addWidget(m_findings);
    column->addWidget(m_findingsBox);
    column->addStretch(1);

    m_none = new QWidget(this);
    auto *none = new QVBoxLayout(m_none);
    none->setContentsMargins(24, 40, 24, 24);
    none->setSpacing(8);
    auto *title = new TextLabel(TextRole::Title, tr("No node is selected"), m_none);
    auto *words = new TextLabel(TextRole::Body, tr("Select a card in the graph to see what is known of it."),
                                m_none, TextLabel::Tone::Text2);
    words->setWordWrap(true);
    words->setAlignment(Qt::AlignHCenter);
    none->addWidget(title, 0, Qt::AlignHCenter);
    none->addWidget(words);
    none->addStretch(1);

    auto *pages = new QVBoxLayout(this);
    pages->setContentsMargins(0, 0, 0, 0);
    pages->addWidget(makePanelArea(m_content, this), 1);
    pages->addWidget(m_none, 1);
    set({}, {}, {});
}

void NodePanel::set(const Topology &topology, const QHash<NodeId, CardExtras> &extras, const NodeId &id)
{
    const Node *node = topology.node(id);
    m_content->parentWidget()->parentWidget()->setVisible(node);
    m_none->setVisible(!node);
    m_id = id;
    if (!node)
        return;
    m_adopt->setVisible(node->state == NodeState::Ghost);
    const Theme &theme = Style::instance().theme();
    const Cluster *cluster = topology.clusterOf(id);
    const Link *link = cluster ? cluster->linkTo(id) : nullptr;
    const bool primary = node->role == Role::Primary;
    // Without a place among the series it has no mark: that of -1 is the primary's.
    const int series = extras.value(id).seriesSlot;
    m_mark->setVisible(!primary && series >= 0);
    m_mark->setSlot(series);
    m_cylinder->setVisible(primary);
    const Glyph glyph = glyphFor(*node, link);
    m_state->setGlyph(glyph, glyphWord(glyph));
    setIfNew(m_name, nodeName(*node));
    setIfNew(m_role, roleLine(topology, *node));

    m_stages->setVisible(link && !primary);
    if (link)
        m_stages->set(link->stages, isAbnormal(glyph) ? glyphTextColor(glyph, theme) : QColor());
    const QList<FactsGrid::Fact> replication = replicationFacts(topology, *node);
    m_replicationBox->setVisible(!replication.isEmpty());
    m_replication->setFacts(replication);
    m_machine->setFacts(machineFacts(topology, *node));
    setSlotRows(slotsOf(topology, *node));
    const QList<Finding> findings = findingsAbout(topology, id);
    m_findingsBox->setVisible(!findings.isEmpty());
    m_findings->set(findings, topology);
}

void NodePanel::setSlotRows(const NodeSlots &found)
{
    m_slotsBox->setVisible(!found.rows.isEmpty());
    setIfNew(m_slotsTitle, found.title);
    while (m_slotCells.size() < found.rows.size() * slotColumns) {
        const int index = int(m_slotCells.size());
        const int column = index % slotColumns;
        auto *cell = new TextLabel(column == 0 ? TextRole::Mono : TextRole::Small, {}, m_slotsBox);
        cell->setTextInteractionFlags(Qt::TextSelectableByMouse);
        if (column == 0)
            cell->setWordWrap(true);
        m_slotsGrid->addWidget(cell, 1 + index / slotColumns, column,
                               column == slotColumns - 1 ? Qt::AlignRight : Qt::Alignment());
        m_slotCells.append(cell);
    }
    for (qsizetype i = 0; i < m_slotCells.size(); ++i) {
        const qsizetype row = i / slotColumns;
        m_slotCells.at(i)->setVisible(row < found.rows.size());
        if (row >= found.rows.size())
            continue;
        const Slot &slot = found.rows.at(row);
        const QStringList words = {slot.name, slot.active ? tr("yes") : tr("no"),
                                   slot.walStatus.isEmpty() ? tr("unknown") : slot.walStatus,
                                   format::bytes(slot.retainedBytes)};
        setIfNew(m_slotCells.at(i), words.at(i % slotColumns));
        if (i % slotColumns == 1)
            m_slotCells.at(i)->setTone(slot.active ? TextLabel::Tone::Text : TextLabel::Tone::Crit);
    }
}

QString NodePanel::asText() const
{
    return QStringList({m_name->text() + QStringLiteral("\n") + m_role->text(), m_replication->asText(),
                        m_machine->asText()})
        .join(QStringLiteral("\n\n"));
}

} // namespace understudy
