// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

namespace understudy {

/// What a person wrote into the filter: words that must all be found, each in a node's name, address, role,
/// state, slot or findings, or in one of these alone: "state:lagging", "finding:slot", "severity:critical",
/// "role:primary", "name:fra", "slot:dr", "host:10.20", "sync:quorum". Quotes keep words together. A value.
class GraphFilter
{
public:
    GraphFilter() = default;
    explicit GraphFilter(const QString &text);

    bool isEmpty() const { return m_terms.isEmpty(); }
    bool matches(const Node &node, const Link *link, const Cluster &cluster) const;
    /// All nodes that do not match.
    QSet<NodeId> misses(const Topology &topology) const;

private:
    enum class Field { Any, Name, Host, Role, State, Finding, Severity, Slot, Sync };
    struct Term
    {
        Field field = Field::Any;
        QString value; ///< As plain() makes it
    };
    static std::optional<Field> fieldOf(QStringView word);
    static bool contains(const Term &term, const Node &node, const Link *link, const Cluster &cluster);
    QList<Term> m_terms;
};

} // namespace understudy
