// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphWords.h"

#include "gui/panels/LinkFacts.h"
#include "model/Format.h"
#include "model/WalFlow.h"
#include "paint/CardText.h"
#include "paint/StateGlyph.h"

#include <QCoreApplication>
#include <QMap>

namespace understudy::graphwords {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Graph", text);
}

QString shownName(const Node &node)
{
    return node.name.isEmpty() ? node.id : node.name;
}

QString shownName(const NodeId &id, const Topology &topology)
{
    const Node *node = topology.node(id);
    return node ? shownName(*node) : id;
}

class Tip
{
public:
    explicit Tip(const QString &title)
    {
        m_html = QStringLiteral("<p style='white-space:nowrap'><b>%1</b></p>").arg(title.toHtmlEscaped());
    }
    void sentence(const QString &text)
    {
        if (!text.isEmpty())
            m_html += QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped());
    }
    void fact(const QString &label, const QString &value)
    {
        m_rows += QStringLiteral(
                      "<tr><td style='padding-right:12px'>%1</td><td style='white-space:nowrap'>%2</td></tr>")
                      .arg(label.toHtmlEscaped(), value.toHtmlEscaped());
    }
    QString html(const QString &source) const
    {
        QString out = m_html;
        if (!m_rows.isEmpty())
            out += QStringLiteral("<table cellspacing='0'>") + m_rows + QStringLiteral("</table>");
        if (!source.isEmpty())
            out += QStringLiteral("<p><code>%1</code></p>").arg(source.toHtmlEscaped());
        return out;
    }

private:
    QString m_html, m_rows;
};

QString exactBytes(std::optional<qint64> bytes)
{
    if (!bytes)
        return format::bytes(bytes);
    if (*bytes < 1024)
        return format::bytes(*bytes);
    return QStringLiteral("%1 (%2 bytes)").arg(format::bytes(*bytes), format::count(*bytes));
}

/// "Standby of primary", "Caught up", "0 B behind"
QStringList partsOf(const Node &node, const Topology &topology)
{
    const Cluster *cluster = topology.clusterOf(node.id);
    const Link *link = cluster ? cluster->linkTo(node.id) : nullptr;
    QStringList parts;
    if (link)
        parts << tr("%1 of %2").arg(cardtext::roleWord(node), shownName(link->upstream, topology));
    else
        parts << cardtext::roleWord(node);
    parts << glyphWord(glyphFor(node, link));
    if (link && link->lagBytes)
        parts << tr("%1 behind").arg(cardtext::behind(link));
    return parts;
}

} // namespace

QString addressOf(const Node &node)
{
    if (node.host.isEmpty())
        return node.id;
    return node.port > 0 ? QStringLiteral("%1:%2").arg(node.host).arg(node.port) : node.host;
}

QString nodeTip(const Node &node, const Link *link, const Topology &topology)
{
    Tip tip(QStringLiteral("%1, %2").arg(shownName(node), glyphWord(glyphFor(node, link))));
    tip.sentence(node.reason);
    tip.fact(tr("Address"), addressOf(node));
    if (node.role == Role::Primary) {
        tip.fact(tr("WAL rate"), format::rate(node.walRate));
        tip.fact(tr("Standbys"), cardtext::standbys(node, topology));
    } else {
        tip.fact(tr("Behind"), exactBytes(link ? link->lagBytes : std::nullopt));
        tip.fact(tr("Delay"), cardtext::delay(link));
    }
    // The cost of feeding others: WAL times standbys.
    if (const Cluster *cluster = topology.clusterOf(node.id)) {
        if (const WalFlow flow = walFlow(*cluster, node.id); flow.feeds())
            tip.fact(tr("Sends"), sendsWords(flow));
    }
    tip.fact(tr("LSN"), cardtext::lsn(node));
    tip.fact(tr("Timeline"), cardtext::timeline(node));
    tip.fact(tr("Version"), node.versionNum > 0 ? format::version(node.versionNum) : tr("unknown"));
    if (node.state != NodeState::Up && node.factsAtUs > 0 && topology.takenAtUs > node.factsAtUs)
        tip.fact(tr("Read"), tr("%1 ago").arg(format::age(topology.takenAtUs - node.factsAtUs)));
    return tip.html(node.role == Role::Primary ? QStringLiteral("pg_current_wal_lsn()")
                                               : QStringLiteral("pg_stat_replication.replay_lsn"));
}

QString linkName(const Link &link, const Topology &topology)
{
    QStringList parts{
        tr("%1 to %2").arg(shownName(link.upstream, topology), shownName(link.downstream, topology)),
        linkwords::state(link.state), link.slot.isEmpty() ? tr("no slot") : tr("slot %1").arg(link.slot)};
    parts << (link.lagBytes ? tr("%1 behind").arg(cardtext::behind(&link)) : tr("how far behind is unknown"));
    return parts.join(QStringLiteral(", "));
}

QString linkDescription(const Link &link, const Topology &topology)
{
    QString said =
        tr("%1, %2, %3.")
            .arg(words(link.lag), linkwords::sync(link.sync),
                 link.walRate ? tr("sends %1").arg(format::rate(link.walRate)) : tr("WAL rate unknown"));
    int told = 0;
    for (const Finding &finding : linkwords::findings(topology, link)) {
        if (!finding.title.isEmpty() && told++ < 3)
            said += u' ' + finding.title + u'.';
    }
    return said;
}

QString linkTip(const Link &link, const Topology &topology)
{
    Tip tip(tr("%1 to %2").arg(shownName(link.upstream, topology), shownName(link.downstream, topology)));
    tip.fact(tr("Slot"), link.slot.isEmpty() ? tr("no slot") : link.slot);
    tip.fact(tr("State"), tr("%1, %2").arg(linkwords::state(link.state), words(link.lag).toLower()));
    tip.fact(tr("Mode"), words(link.sync));
    tip.fact(tr("Behind"), exactBytes(link.lagBytes));
    tip.fact(tr("Delay"), cardtext::delay(&link));
    tip.fact(tr("WAL rate"), format::rate(link.walRate));
    if (link.pid)
        tip.fact(tr("Walsender"), tr("pid %1").arg(*link.pid));
    return tip.html(QStringLiteral("pg_stat_replication"));
}

QString nodeSentence(const Node &node, const Topology &topology)
{
    return (QStringList(shownName(node)) << partsOf(node, topology)).join(QStringLiteral(", "));
}

QString nodeDescription(const Node &node, const Topology &topology)
{
    const Cluster *cluster = topology.clusterOf(node.id);
    const Link *link = cluster ? cluster->linkTo(node.id) : nullptr;
    QString words = partsOf(node, topology).join(QStringLiteral(", "));
    if (link && !link->slot.isEmpty())
        words += tr(" through slot %1").arg(link->slot);
    words += u'.';
    int told = 0;
    for (const Finding &finding : cluster ? cluster->findings : QList<Finding>()) {
        // The worst come first; a list that never ends says nothing.
        if (finding.node == node.id && !finding.title.isEmpty() && told++ < 3)
            words += u' ' + finding.title + u'.';
    }
    return words;
}

QString summary(const Topology &topology)
{
    QMap<Glyph, int> glyphs;
    QMap<QString, int> counts;
    int nodes = 0;
    for (const Cluster &cluster : topology.clusters) {
        QHash<NodeId, const Link *> links;
        links.reserve(cluster.links.size());
        for (auto link = cluster.links.crbegin(); link != cluster.links.crend(); ++link)
            links.insert(link->downstream, &*link);
        for (const Node &node : cluster.nodes) {
            ++nodes;
            ++glyphs[glyphFor(node, links.value(node.id))];
        }
    }
    for (auto it = glyphs.cbegin(); it != glyphs.cend(); ++it)
        counts[glyphWord(it.key())] += it.value();
    QStringList parts;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        parts << QStringLiteral("%1 %2").arg(it.value()).arg(it.key().toLower());
    return QStringLiteral("%1. %2.").arg(format::plural(nodes, tr("node"), tr("nodes")),
                                         parts.join(QStringLiteral(", ")));
}

} // namespace understudy::graphwords
