// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/graph/GraphFilter.h"

#include "gui/graph/GraphWords.h"
#include "paint/CardText.h"
#include "paint/StateGlyph.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <array>

namespace understudy {

namespace {

constexpr qsizetype longestText = 500;

/// "Link stalled", "link_stalled" and "LinkStalled" are one.
QString plain(const QString &text)
{
    QString out;
    out.reserve(text.size());
    for (const QChar c : text) {
        if (c != u' ' && c != u'_' && c != u'-')
            out += c.toCaseFolded();
    }
    return out;
}

bool has(const QString &text, const QString &value)
{
    return plain(text).contains(value);
}

/// Words apart, quoted ones together; the quotes are gone.
QStringList wordsOf(const QString &text)
{
    QStringList words;
    QString word;
    bool quoted = false, some = false;
    for (const QChar c : text) {
        if (c == u'"') {
            quoted = !quoted;
            some = true;
        } else if (c.isSpace() && !quoted) {
            if (some)
                words << word;
            word.clear();
            some = false;
        } else {
            word += c;
            some = true;
        }
    }
    if (some)
        words << word;
    return words;
}

} // namespace

std::optional<GraphFilter::Field> GraphFilter::fieldOf(QStringView word)
{
    static constexpr std::array<std::pair<const char *, Field>, 11> names{{{"name", Field::Name},
                                                                           {"node", Field::Name},
                                                                           {"host", Field::Host},
                                                                           {"address", Field::Host},
                                                                           {"role", Field::Role},
                                                                           {"state", Field::State},
                                                                           {"finding", Field::Finding},
                                                                           {"findings", Field::Finding},
                                                                           {"severity", Field::Severity},
                                                                           {"slot", Field::Slot},
                                                                           {"sync", Field::Sync}}};
    for (const auto &[name, field] : names) {
        if (word.compare(QLatin1String(name), Qt::CaseInsensitive) == 0)
            return field;
    }
    return {};
}

GraphFilter::GraphFilter(const QString &text)
{
    for (const QString &word : wordsOf(text.left(longestText))) {
        const qsizetype colon = word.indexOf(u':');
        // An address has a colon too: only what names a field is one.
        const std::optional<Field> field =
            colon > 0 ? fieldOf(QStringView(word).left(colon)) : std::optional<Field>();
        const Term term{field.value_or(Field::Any), plain(field ? word.mid(colon + 1) : word)};
        // "state:" while the person is still typing hides nothing.
        if (!term.value.isEmpty())
            m_terms << term;
    }
}

bool GraphFilter::contains(const Term &term, const Node &node, const Link *link, const Cluster &cluster)
{
    const QString &value = term.value;
    const auto in = [&](Field field, auto test) {
        return (term.field == Field::Any || term.field == field) && test();
    };
    if (in(Field::Name, [&] { return has(node.name.isEmpty() ? node.id : node.name, value); }) ||
        in(Field::Host, [&] { return has(graphwords::addressOf(node), value); }) ||
        in(Field::Role, [&] { return has(cardtext::roleWord(node), value); }) ||
        in(Field::State, [&] { return has(glyphWord(glyphFor(node, link)), value); }))
        return true;
    // A healthy state has a name of its own that its word on the card does not say.
    if (term.field == Field::State &&
        (has(stableName(node.state), value) || (link && has(stableName(link->state), value))))
        return true;
    if (link && in(Field::Slot, [&] { return has(link->slot, value); }))
        return true;
    if (link && term.field == Field::Sync && plain(stableName(link->sync)).startsWith(value))
        return true;
    if (term.field != Field::Any && term.field != Field::Finding && term.field != Field::Severity)
        return false;
    return std::any_of(cluster.findings.cbegin(), cluster.findings.cend(), [&](const Finding &finding) {
        if (finding.node != node.id && finding.downstream != node.id)
            return false;
        if (in(Field::Severity, [&] { return has(stableName(finding.severity), value); }))
            return true;
        return in(Field::Finding, [&] {
            return has(finding.name, value) || has(finding.title, value) || has(finding.slot, value) ||
                   has(stableName(finding.severity), value);
        });
    });
}

bool GraphFilter::matches(const Node &node, const Link *link, const Cluster &cluster) const
{
    return std::all_of(m_terms.cbegin(), m_terms.cend(),
                       [&](const Term &term) { return contains(term, node, link, cluster); });
}

QSet<NodeId> GraphFilter::misses(const Topology &topology) const
{
    QSet<NodeId> out;
    if (isEmpty())
        return out;
    for (const Cluster &cluster : topology.clusters) {
        QHash<NodeId, const Link *> links;
        for (auto link = cluster.links.crbegin(); link != cluster.links.crend(); ++link)
            links.insert(link->downstream, &*link);
        for (const Node &node : cluster.nodes) {
            if (!matches(node, links.value(node.id), cluster))
                out.insert(node.id);
        }
    }
    return out;
}

} // namespace understudy
