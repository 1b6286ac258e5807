// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/wizard/UpstreamRows.h"

#include "gui/parts/Parts.h"
#include "model/Format.h"

#include <QVBoxLayout>

namespace understudy {

namespace {

QString roleWords(const Node &node)
{
    switch (node.role) {
    case Role::Primary:
        return UpstreamRows::tr("Primary");
    case Role::Standby:
        return UpstreamRows::tr("Standby");
    case Role::Unknown:
        break;
    }
    return UpstreamRows::tr("Role unknown");
}

/// Why it cannot be an upstream; empty: it can.
QString reasonAgainst(const Node &node, const WizardState &state)
{
    if (node.state != NodeState::Up)
        return node.reason.isEmpty() ? words(node.state) : node.reason;
    AddStandbyRequest asked = state.request;
    asked.upstream = node.id;
    QString reason;
    for (const Error &error : validate(asked, *state.facts)) {
        if (error.field == QLatin1String("upstream"))
            reason = error.text();
    }
    return reason;
}

ChoiceRow::Content contentOf(const Node &node, const WizardState &state)
{
    ChoiceRow::Content content;
    content.title = node.name.isEmpty() ? node.id : node.name;
    QStringList detail{roleWords(node), node.id};
    if (node.versionNum > 0)
        detail << QStringLiteral("PostgreSQL ") + format::version(node.versionNum);
    if (node.databaseBytes)
        detail << UpstreamRows::tr("%1 to copy").arg(format::bytes(node.databaseBytes));
    const Cluster *cluster = state.facts->topology.clusterOf(node.id);
    const Link *link = cluster ? cluster->linkTo(node.id) : nullptr;
    if (link && link->lagBytes)
        detail << UpstreamRows::tr("%1 behind").arg(format::bytes(link->lagBytes));
    if (node.role == Role::Primary && node.walRate)
        detail << UpstreamRows::tr("writes %1 of WAL").arg(format::rate(node.walRate));
    content.detail = detail.join(QStringLiteral(", "));
    content.stateGlyph = glyphFor(node, link);
    content.state = glyphWord(content.stateGlyph);
    content.sign = node.role == Role::Primary ? Glyph::CylinderFilled : Glyph::Cylinder;
    if (node.role == Role::Standby)
        content.seriesSlot = state.extras().value(node.id).seriesSlot;
    content.reason = reasonAgainst(node, state);
    return content;
}

} // namespace

UpstreamRows::UpstreamRows(QWidget *parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    m_layout->addWidget(new TextLabel(TextRole::BodyStrong, tr("Upstream: the server to copy and follow")));
}

void UpstreamRows::setState(const WizardState &state)
{
    for (const auto &row : std::as_const(m_rows))
        delete row.second;
    m_rows.clear();
    QList<const Node *> nodes;
    for (const Cluster &cluster : state.facts->topology.clusters) {
        for (const Node &node : cluster.nodes) {
            // The primary leads: copying from it needs no other server to stay up.
            if (node.role == Role::Primary)
                nodes.prepend(&node);
            else
                nodes.append(&node);
        }
    }
    for (const Node *node : std::as_const(nodes)) {
        auto *row = new ChoiceRow(contentOf(*node, state));
        row->setObjectName(QStringLiteral("upstream_%1").arg(node->id));
        m_layout->addWidget(row);
        m_rows.append(std::pair(node->id, row));
        connect(row, &ChoiceRow::clicked, this, [this, id = node->id] { Q_EMIT chosen(id); });
    }
}

NodeId UpstreamRows::possible(const NodeId &wanted) const
{
    NodeId first;
    for (const auto &[id, row] : m_rows) {
        if (!row->isEnabled())
            continue;
        if (id == wanted)
            return id;
        if (first.isEmpty())
            first = id;
    }
    return first;
}

void UpstreamRows::choose(const NodeId &id)
{
    for (const auto &[node, row] : std::as_const(m_rows))
        row->setChecked(node == id);
}

} // namespace understudy
