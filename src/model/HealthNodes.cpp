// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/HealthRules.h"

namespace understudy::health {

QString nameOf(const Cluster &cluster, const NodeId &id)
{
    const Node *node = cluster.node(id);
    return node ? node->name : id;
}

qint64 setting(const Node &node, const char *name, qint64 unknown)
{
    bool ok = false;
    const qint64 value = node.settings.value(QLatin1String(name)).toLongLong(&ok);
    return ok ? value : unknown;
}

namespace {

QString roleWord(const Node &node)
{
    return node.role == Role::Primary   ? QStringLiteral("primary")
           : node.role == Role::Standby ? QStringLiteral("standby")
                                        : QStringLiteral("server");
}

void reachability(const Node &node, QList<Finding> &out)
{
    Finding f;
    f.node = node.id;
    f.evidence = node.reason;
    const bool primary = node.role == Role::Primary;
    switch (node.state) {
    case NodeState::Down:
        f.name = QStringLiteral("node_down");
        f.severity = Severity::Critical;
        f.title = QStringLiteral("%1 is down").arg(node.name);
        f.meaning =
            primary ? QStringLiteral("Nothing can be written. The standbys still answer reads.")
                    : QStringLiteral("This %1 serves nobody; its upstream keeps WAL for it if it has a slot.")
                          .arg(roleWord(node));
        f.action = QStringLiteral("Read its log and start it.");
        break;
    case NodeState::NotResponding:
        f.name = QStringLiteral("node_not_responding");
        f.severity = Severity::Critical;
        f.title = QStringLiteral("%1 is not responding").arg(node.name);
        f.meaning =
            QStringLiteral("It accepts connections but does not answer: it may be frozen, overloaded or "
                           "behind a broken network.");
        f.action = QStringLiteral("Look at the machine it runs on: load, disk and network.");
        break;
    case NodeState::NoPermission:
        f.name = QStringLiteral("no_permission");
        f.severity = Severity::Warning;
        f.title = QStringLiteral("%1 may not be read in full").arg(node.name);
        f.meaning =
            QStringLiteral("Lag and links of this node are unknown; that says nothing about their health.");
        f.action = QStringLiteral("Grant pg_monitor to the role that is used here, or use another login.");
        break;
    case NodeState::Unknown:
        f.name = QStringLiteral("node_unknown");
        f.severity = Severity::Warning;
        f.title = QStringLiteral("The state of %1 is unknown").arg(node.name);
        f.meaning = QStringLiteral("It answers, but not as a server that can be watched now.");
        f.action = QStringLiteral("Wait if it is starting; else check the address and its log.");
        break;
    case NodeState::Up:
    case NodeState::Ghost:
    case NodeState::Planned:
        return;
    }
    out << f;
}

void walsendersLeft(const Cluster &cluster, const Node &node, QList<Finding> &out)
{
    const qint64 most = setting(node, "max_wal_senders", -1);
    if (most < 0)
        return;
    qint64 used = 0;
    for (const Link *link : cluster.linksFrom(node.id))
        used += link->pid ? 1 : 0;
    for (const Sender &sender : cluster.senders)
        used += sender.node == node.id ? 1 : 0;
    if (most - used >= 2 || (node.role == Role::Standby && used == 0))
        return;
    Finding f;
    f.name = QStringLiteral("few_walsenders_left");
    f.severity = Severity::Warning;
    f.node = node.id;
    f.title = QStringLiteral("%1 has %2 left")
                  .arg(node.name, format::plural(most - used, QStringLiteral("walsender")));
    f.evidence = QStringLiteral("max_wal_senders = %1, %2 in use").arg(most).arg(used);
    f.meaning = QStringLiteral("A base backup needs two, and a standby that reconnects needs one.");
    f.action = QStringLiteral("Raise max_wal_senders; it takes effect after a restart.");
    f.sql = QStringLiteral("ALTER SYSTEM SET max_wal_senders = %1").arg(most + 10);
    out << f;
}

void slotsLeft(const Cluster &cluster, const Node &node, QList<Finding> &out)
{
    const qint64 most = setting(node, "max_replication_slots", -1);
    qint64 used = 0;
    for (const Slot &slot : cluster.slots_)
        used += slot.node == node.id ? 1 : 0;
    if (most < 0 || used == 0 || most - used >= 1)
        return;
    Finding f;
    f.name = QStringLiteral("few_slots_left");
    f.severity = Severity::Warning;
    f.node = node.id;
    f.title = QStringLiteral("%1 has no replication slot left").arg(node.name);
    f.evidence = QStringLiteral("max_replication_slots = %1, %2 in use").arg(most).arg(used);
    f.meaning = QStringLiteral("No further standby with a slot can be added.");
    f.action = QStringLiteral("Drop a slot that nobody needs, or raise max_replication_slots and restart.");
    f.sql = QStringLiteral("ALTER SYSTEM SET max_replication_slots = %1").arg(most + 10);
    out << f;
}

} // namespace

void nodeFindings(const Cluster &cluster, QList<Finding> &out)
{
    for (const Node &node : cluster.nodes) {
        reachability(node, out);
        if (!isReadable(node))
            continue;
        walsendersLeft(cluster, node, out);
        slotsLeft(cluster, node, out);
    }
}

} // namespace understudy::health
