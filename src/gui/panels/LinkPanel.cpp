// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/panels/LinkPanel.h"

#include "gui/panels/LinkFacts.h"
#include "gui/panels/PanelSection.h"
#include "model/NodeQueries.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

namespace understudy {

namespace {

void setIfNew(QLabel *label, const QString &text)
{
    if (label->text() != text)
        label->setText(text);
}

/// Names come from outside: an ampersand in one is no shortcut.
QString asItIs(QString name)
{
    return name.replace(u'&', QStringLiteral("&&"));
}

} // namespace

LinkPanel::LinkPanel(QWidget *parent) : PanelWidget(parent)
{
    m_content = new QWidget(this);
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildHead(column);
    QVBoxLayout *inside = nullptr;
    const auto facts = [&](const QString &title) {
        QWidget *box = makePanelSection(m_content, column, title, &inside);
        auto *grid = new FactsGrid(box, 128);
        inside->addWidget(grid);
        return grid;
    };
    m_flow = facts(tr("Flow"));
    m_stages = facts(tr("From stage to stage"));
    m_ends = facts(tr("Link"));
    buildEnds(inside);
    m_slot = facts(tr("Slot on the upstream"));
    m_slotBox = m_slot->parentWidget();
    m_findingsBox = makePanelSection(m_content, column, tr("Findings"), &inside);
    m_findings = new FindingsList(m_findingsBox);
    inside->addWidget(m_findings);
    column->addStretch(1);
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->addWidget(makePanelArea(m_content, this), 1);
}

void LinkPanel::buildHead(QVBoxLayout *column)
{
    auto *head = new QVBoxLayout;
    head->setContentsMargins(16, 14, 16, 14);
    head->setSpacing(2);
    m_name = new TextLabel(TextRole::Title, {}, m_content);
    m_name->setObjectName(QStringLiteral("linkName"));
    m_name->setWordWrap(true);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_state = new GlyphLabel(14, m_content);
    m_state->setObjectName(QStringLiteral("linkState"));
    m_lag = new TextLabel(TextRole::Small, {}, m_content, TextLabel::Tone::Text2);
    m_lag->setObjectName(QStringLiteral("linkLag"));
    m_lag->setWordWrap(true);
    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_name, 1);
    top->addWidget(m_state, 0, Qt::AlignTop);
    head->addLayout(top);
    head->addWidget(m_lag);

    m_reattach = makeButton(tr("Re-attach\u2026"), QStringLiteral("small"), {}, m_content);
    m_reattach->setObjectName(QStringLiteral("linkReattachButton"));
    m_reattach->setToolTip(tr("See where else the standby could stream from"));
    connect(m_reattach, &QPushButton::clicked, this, [this] { Q_EMIT reattachWanted(m_downstream); });
    QAction *text = nullptr;
    m_copy = makeCopyButton(m_content, QStringLiteral("copyLinkButton"), &text, &m_copySql);
    text->setObjectName(QStringLiteral("copyLinkAsText"));
    m_copySql->setObjectName(QStringLiteral("copyLinkAsSql"));
    connect(text, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
    connect(m_copySql, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(m_sql); });
    auto *actions = new QHBoxLayout;
    actions->setSpacing(8);
    for (QPushButton *one : {m_reattach, m_copy})
        actions->addWidget(one);
    actions->addStretch(1);
    head->addSpacing(6);
    head->addLayout(actions);
    column->addLayout(head);
}

void LinkPanel::buildEnds(QVBoxLayout *column)
{
    m_select = makeButton(tr("Go to"), QStringLiteral("small"), {}, m_content);
    m_select->setObjectName(QStringLiteral("linkSelectButton"));
    m_select->setToolTip(tr("Select one of its ends"));
    auto *ends = new QMenu(m_select);
    m_toUpstream = ends->addAction(QString());
    m_toDownstream = ends->addAction(QString());
    connect(m_toUpstream, &QAction::triggered, this, [this] { Q_EMIT nodeWanted(m_upstream); });
    connect(m_toDownstream, &QAction::triggered, this, [this] { Q_EMIT nodeWanted(m_downstream); });
    m_select->setMenu(ends);
    column->addSpacing(2);
    column->addWidget(m_select, 0, Qt::AlignLeft);
}

void LinkPanel::set(const Topology &topology, const NodeId &downstream, bool now)
{
    const Cluster *cluster = topology.clusterOf(downstream);
    const Link *link = cluster ? cluster->linkTo(downstream) : nullptr;
    const Node *down = cluster ? cluster->node(downstream) : nullptr;
    m_content->setVisible(link && down);
    if (!link || !down)
        return;
    m_upstream = link->upstream;
    m_downstream = downstream;
    const Node *up = cluster->node(link->upstream);
    const QString from = up ? nodeName(*up) : link->upstream, to = nodeName(*down);
    setIfNew(m_name, tr("%1 to %2").arg(from, to));
    const Glyph glyph = glyphFor(*down, link);
    m_state->setGlyph(glyph, glyphWord(glyph));
    setIfNew(m_lag, linkwords::lagSentence(*link, topology.takenAtUs));
    m_toUpstream->setText(tr("The upstream, %1").arg(asItIs(from)));
    m_toUpstream->setEnabled(up);
    m_toDownstream->setText(tr("The downstream, %1").arg(asItIs(to)));
    m_reattach->setVisible(now && down->role == Role::Standby && down->state != NodeState::Ghost &&
                           down->state != NodeState::Planned);
    m_flow->setFacts(linkwords::flowFacts(*link));
    m_stages->setFacts(linkwords::stageFacts(topology, *link));
    m_ends->setFacts(linkwords::endFacts(topology, *link));

    const QList<FactsGrid::Fact> slot = linkwords::slotFacts(topology, *link);
    m_slotBox->setVisible(!slot.isEmpty());
    m_slot->setFacts(slot);
    const QList<Finding> findings = linkwords::findings(topology, *link);
    m_findingsBox->setVisible(!findings.isEmpty());
    m_findings->set(findings, topology);
    QStringList said;
    for (const Finding &finding : findings)
        said << finding.title + QStringLiteral(": ") + finding.evidence;
    m_findingsText = said.join(u'\n');
    m_sql = linkAsSql(topology, downstream);
    m_copySql->setEnabled(!m_sql.isEmpty());
}

QString LinkPanel::asText() const
{
    QStringList parts{m_name->text() + u'\n' + m_lag->text(), m_flow->asText(), m_stages->asText(),
                      m_ends->asText()};
    if (!m_slotBox->isHidden())
        parts << m_slot->asText();
    parts << m_findingsText;
    parts.removeAll(QString());
    return parts.join(QStringLiteral("\n\n"));
}

} // namespace understudy
