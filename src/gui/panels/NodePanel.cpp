// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/NodePanel.h"

#include "gui/Style.h"
#include "gui/panels/PanelSection.h"
#include "model/NodeQueries.h"

#include <QClipboard>
#include <QGuiApplication>

namespace understudy {

namespace {

constexpr int settingWidth = 184;

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
    buildHead(column);
    buildSections(column);
    column->addStretch(1);

    m_none = new QWidget(this);
    auto *none = new QVBoxLayout(m_none);
    none->setContentsMargins(24, 40, 24, 24);
    none->setSpacing(8);
    auto *title = new TextLabel(TextRole::Title, tr("Nothing is selected"), m_none);
    auto *words =
        new TextLabel(TextRole::Body, tr("Select a card or a link in the graph to see what is known of it."),
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

void NodePanel::buildHead(QVBoxLayout *column)
{
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
    const auto button = [this](const QString &text, const char *name, const QString &tip) {
        auto *made = makeButton(text, QStringLiteral("small"), {}, m_content);
        made->setObjectName(QLatin1String(name));
        made->setToolTip(tip);
        return made;
    };
    m_adopt = button(tr("Adopt\u2026"), "adoptButton",
                     tr("Say where it listens, so that it can be watched like the others"));
    connect(m_adopt, &QPushButton::clicked, this, [this] { Q_EMIT adoptWanted(m_id); });
    m_reattach = button(tr("Re-attach\u2026"), "reattachButton", tr("See where else it could stream from"));
    connect(m_reattach, &QPushButton::clicked, this, [this] { Q_EMIT reattachWanted(m_id); });
    QAction *text = nullptr;
    m_copy = makeCopyButton(m_content, QStringLiteral("copyFactsButton"), &text, &m_copySql);
    text->setObjectName(QStringLiteral("copyFactsAsText"));
    connect(text, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
    m_copySql->setObjectName(QStringLiteral("copyFactsAsSql"));
    connect(m_copySql, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(asSql()); });
    auto *actions = new QHBoxLayout;
    actions->setSpacing(8);
    for (QPushButton *one : {m_adopt, m_reattach, m_copy})
        actions->addWidget(one);
    actions->addStretch(1);
    head->addSpacing(6);
    head->addLayout(actions);
    column->addLayout(head);
}

void NodePanel::buildSections(QVBoxLayout *column)
{
    const auto box = [this, column](const QString &title, QVBoxLayout **inside) {
        return makePanelSection(m_content, column, title, inside);
    };
    QVBoxLayout *inside = nullptr;
    m_replicationBox = box(tr("Replication"), &inside);
    m_stages = new StagesStrip(m_replicationBox);
    inside->addWidget(m_stages);
    m_replication = new FactsGrid(m_replicationBox);
    inside->addWidget(m_replication);

    QWidget *machine = box(tr("Node"), &inside);
    m_machine = new FactsGrid(machine);
    inside->addWidget(m_machine);

    for (int i = 0; i < 2; ++i) {
        QWidget *rows = box({}, &inside);
        auto *table = new NodeSlotRows(rows);
        inside->addWidget(table);
        m_slots.append({rows, table});
    }

    m_findingsBox = box(tr("Findings"), &inside);
    m_findings = new FindingsList(m_findingsBox);
    inside->addWidget(m_findings);

    QWidget *history = box(tr("History"), &inside);
    m_history = new NodeHistory(history);
    m_history->setObjectName(QStringLiteral("nodeHistory"));
    inside->addWidget(m_history);

    m_settingsBox = box(tr("Settings that matter"), &inside);
    m_settings = new FactsGrid(m_settingsBox, settingWidth);
    m_settings->setObjectName(QStringLiteral("nodeSettings"));
    inside->addWidget(m_settings);
}

void NodePanel::set(const Topology &topology, const QHash<NodeId, CardExtras> &extras, const NodeId &id,
                    bool now)
{
    const Node *node = topology.node(id);
    m_content->parentWidget()->parentWidget()->setVisible(node);
    m_none->setVisible(!node);
    m_id = id;
    if (!node)
        return;
    m_adopt->setVisible(now && node->state == NodeState::Ghost);
    m_reattach->setVisible(now && node->role == Role::Standby && node->state != NodeState::Ghost &&
                           node->state != NodeState::Planned);
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
    const QList<NodeSlots> kept = slotsOf(topology, *node);
    for (int i = 0; i < m_slots.size(); ++i) {
        m_slots.at(i).first->setVisible(i < kept.size());
        if (i < kept.size())
            m_slots.at(i).second->set(kept.at(i));
    }
    const QList<FactsGrid::Fact> settings = settingFacts(topology, *node);
    m_settingsBox->setVisible(!settings.isEmpty());
    m_settings->setFacts(settings);
    m_sql = factsAsSql(topology, id);
    m_copySql->setEnabled(!m_sql.isEmpty());
    const QList<Finding> findings = findingsAbout(topology, id);
    m_findingsBox->setVisible(!findings.isEmpty());
    m_findings->set(findings, topology);
    QStringList said;
    for (const Finding &finding : findings)
        said << finding.title + QStringLiteral(": ") + finding.evidence;
    m_findingsText = said.join(u'\n');
}

void NodePanel::setHistory(const LagHistory &history)
{
    m_history->set(history, m_id);
}

QString NodePanel::asText() const
{
    QStringList parts{m_name->text() + QStringLiteral("\n") + m_role->text(), m_replication->asText(),
                      m_machine->asText()};
    for (const auto &[box, rows] : m_slots) {
        if (!box->isHidden())
            parts << rows->asText();
    }
    parts << m_findingsText << m_history->asText() << m_settings->asText();
    parts.removeAll(QString());
    return parts.join(QStringLiteral("\n\n"));
}

QString NodePanel::asSql() const
{
    return m_sql;
}

} // namespace understudy
