// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

#include <QRandomGenerator>
#include <QStringList>

/// Structures written down in a line, for tests of where things stand.
namespace understudy::samples {

/// "a>b,a>c,b>d": who feeds whom. A name alone is a node without a link; "?x" is a ghost; a name that begins
/// with p or q is a primary.
inline Topology graphOf(const QString &text)
{
    Cluster cluster;
    QHash<QString, bool> known;
    const auto nodeOf = [&](QString name) {
        const bool ghost = name.startsWith(u'?');
        if (ghost)
            name.remove(0, 1);
        if (!known.contains(name)) {
            known.insert(name, true);
            Node node;
            node.id = node.name = name;
            node.role = name.startsWith(u'p') || name.startsWith(u'q') ? Role::Primary : Role::Standby;
            node.state = ghost ? NodeState::Ghost : NodeState::Up;
            cluster.nodes << node;
        }
        return name;
    };
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        const QStringList ends = part.split(u'>');
        const QString up = nodeOf(ends.first());
        if (ends.size() < 2)
            continue;
        Link link;
        link.upstream = up;
        link.downstream = nodeOf(ends.last());
        cluster.links << link;
    }
    Topology topology;
    topology.clusters = {cluster};
    return topology;
}

/// A primary "p0" and standbys "s1" to "s(n-1)" in cascades at most @p deep, with some ghosts, detached nodes
/// and a second primary among them.
inline Topology randomCluster(int nodes, int deep, quint32 seed)
{
    QRandomGenerator random(seed);
    QString text = QStringLiteral("p0");
    QList<int> depth{0};
    QStringList names{QStringLiteral("p0")};
    for (int i = 1; i < nodes; ++i) {
        const int kind = random.bounded(40);
        const QString name = kind == 0 ? QStringLiteral("q%1").arg(i) : QStringLiteral("s%1").arg(i);
        names << name;
        if (kind <= 1) { // nobody feeds it
            depth << 0;
            text += u',' + name;
            continue;
        }
        int up = random.bounded(i);
        while (depth.at(up) >= deep)
            up = random.bounded(i);
        depth << (kind == 2 ? deep : depth.at(up) + 1);
        text +=
            QStringLiteral(",%1>%2%3").arg(names.at(up), kind == 2 ? QStringLiteral("?") : QString(), name);
    }
    return graphOf(text);
}

} // namespace understudy::samples
