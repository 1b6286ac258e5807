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
        // A refused login says itself what to do.
        if (node.answer != Answer::LoginFailed)
            f.action =
                QStringLiteral("Grant pg_monitor to the role that is used here, or use another login.");
        break;
    case NodeState::Unknown:
        f.name = QStringLiteral("node_unknown");
        f.severity = Severity::Warning;
        f.title = QStringLiteral("The state of %1 is unknown").arg(node.name);
        f.meaning =
            node.answer == Answer::Failed
                ? QStringLiteral("Nothing can be said of its health, or of its links, before it answers.")
                : QStringLiteral("It answers, but not as a server that can be watched now.");
        if (node.answer == Answer::StartingUp)
            f.action = QStringLiteral("Wait; its log says how far it is.");
        else if (node.answer == Answer::Failed)
            f.action = QStringLiteral("Check the address, and its log.");
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

void archiving(const Node &node, QList<Finding> &out)
{
    const QString mode = node.settings.value(QStringLiteral("archive_mode"));
    const bool archives =
        mode == QLatin1String("always") || (mode == QLatin1String("on") && node.role == Role::Primary);
    if (!archives)
        return;
    Finding f;
    f.name = QStringLiteral("archiving_failing");
    f.severity = Severity::Warning;
    f.node = node.id;
    f.title = QStringLiteral("Archiving fails on %1").arg(node.name);
    f.meaning =
        QStringLiteral("WAL that cannot be archived stays in pg_wal until its disk is full, and no backup "
                       "can be restored past it.");
    f.sql = QStringLiteral("SELECT * FROM pg_stat_archiver");
    const bool hasCommand = !node.settings.value(QStringLiteral("archive_command")).isEmpty() ||
                            !node.settings.value(QStringLiteral("archive_library")).isEmpty();
    if (!hasCommand) {
        f.evidence = QStringLiteral("archive_mode = %1, archive_command is empty").arg(mode);
        f.action = QStringLiteral("Give it an archive_command, or turn archive_mode off and restart.");
        out << f;
        return;
    }
    const auto &v = node.vitals;
    if (!v || !v->lastArchiveFailedUs || (v->lastArchivedUs && *v->lastArchivedUs >= *v->lastArchiveFailedUs))
        return;
    f.evidence = QStringLiteral("pg_stat_archiver: %1 failed at %2, %3 so far; %4.")
                     .arg(v->lastFailedWal, format::utcTime(*v->lastArchiveFailedUs),
                          format::plural(v->archiveFailures.value_or(1), QStringLiteral("failure")),
                          v->lastArchivedUs ? QStringLiteral("the last success was at %1")
                                                  .arg(format::utcDateTime(*v->lastArchivedUs))
                                            : QStringLiteral("none has succeeded yet"));
    f.action = QStringLiteral("Read the log of %1: it holds what the command said.").arg(node.name);
    out << f;
}

void conflicts(const Node &node, QList<Finding> &out)
{
    if (node.recentConflicts.isEmpty())
        return;
    qint64 total = 0;
    QStringList kinds;
    for (auto it = node.recentConflicts.begin(); it != node.recentConflicts.end(); ++it) {
        total += it.value();
        kinds << QStringLiteral("%1 %2").arg(it.key(), format::count(it.value()));
    }
    const bool isSnapshot = node.recentConflicts.contains(QStringLiteral("snapshot"));
    Finding f;
    f.name = QStringLiteral("recovery_conflicts");
    f.severity = Severity::Warning;
    f.node = node.id;
    f.title = QStringLiteral("Replay cancels queries on %1").arg(node.name);
    f.evidence = QStringLiteral("pg_stat_database_conflicts: %1 within %2 (%3).")
                     .arg(format::plural(total, QStringLiteral("conflict")), format::age(conflictSpanUs),
                          kinds.join(QStringLiteral(", ")));
    f.meaning = QStringLiteral("Readers of this standby get errors and must try again.");
    f.action =
        isSnapshot
            ? QStringLiteral("Turn hot_standby_feedback on there (vacuum on the primary then waits for its "
                             "queries), or give queries more time with max_standby_streaming_delay.")
            : QStringLiteral("Give queries more time with max_standby_streaming_delay (replay then waits for "
                             "them), or move schema changes on the primary to a quiet hour.");
    f.sql = QStringLiteral("SELECT * FROM pg_stat_database_conflicts");
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
        archiving(node, out);
        conflicts(node, out);
    }
}

} // namespace understudy::health
