// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/NodeQueries.h"

#include "model/Format.h"
#include "model/Quote.h"

namespace understudy {

namespace {

QString nameOf(const Node &node)
{
    return quote::visible(node.name.isEmpty() ? node.id : node.name);
}

QString senders(const QString &where)
{
    return QStringLiteral("SELECT pid, usename, application_name, client_addr, state, sent_lsn, write_lsn, "
                          "flush_lsn, replay_lsn,\n"
                          "       write_lag, flush_lag, replay_lag, sync_state, reply_time\n"
                          "  FROM pg_stat_replication%1;")
        .arg(where);
}

/// What is missing from one stage to the next, in bytes.
QString stages(const QString &head, const QString &where)
{
    return QStringLiteral("SELECT pg_wal_lsn_diff(%1, sent_lsn) AS to_sent,\n"
                          "       pg_wal_lsn_diff(sent_lsn, write_lsn) AS sent_to_written,\n"
                          "       pg_wal_lsn_diff(write_lsn, flush_lsn) AS written_to_flushed,\n"
                          "       pg_wal_lsn_diff(flush_lsn, replay_lsn) AS flushed_to_replayed\n"
                          "  FROM pg_stat_replication%2;")
        .arg(head, where);
}

QString slotRows(int version, const QString &where)
{
    return QStringLiteral("SELECT slot_name, slot_type, active, active_pid, restart_lsn%1\n"
                          "  FROM pg_replication_slots%2;")
        .arg(version >= 130000 ? QStringLiteral(", wal_status, safe_wal_size") : QString(), where);
}

QString receiver(int version)
{
    return QStringLiteral("SELECT pid, status, %1, received_tli, last_msg_send_time, last_msg_receipt_time,\n"
                          "       slot_name, sender_host, sender_port\n"
                          "  FROM pg_stat_wal_receiver;")
        .arg(version >= 130000 ? QStringLiteral("written_lsn, flushed_lsn") : QStringLiteral("received_lsn"));
}

QString settings(Role role)
{
    QStringList names;
    for (const QString &name : settingsThatMatter(role))
        names << quote::sqlLiteral(name);
    return QStringLiteral("SELECT name, setting, unit, source, pending_restart\n"
                          "  FROM pg_settings\n"
                          " WHERE name IN (%1)\n"
                          " ORDER BY name;")
        .arg(names.join(QStringLiteral(", ")));
}

} // namespace

QStringList settingsThatMatter(Role role)
{
    const QStringList both{QStringLiteral("max_wal_senders"), QStringLiteral("max_replication_slots"),
                           QStringLiteral("wal_keep_size"),   QStringLiteral("max_slot_wal_keep_size"),
                           QStringLiteral("data_checksums"),  QStringLiteral("wal_log_hints")};
    if (role == Role::Primary)
        return QStringList{QStringLiteral("wal_level"), QStringLiteral("synchronous_standby_names"),
                           QStringLiteral("synchronous_commit")} +
               both +
               QStringList{QStringLiteral("wal_sender_timeout"), QStringLiteral("archive_mode"),
                           QStringLiteral("max_wal_size")};
    if (role == Role::Standby)
        return QStringList{QStringLiteral("hot_standby"),
                           QStringLiteral("hot_standby_feedback"),
                           QStringLiteral("max_standby_streaming_delay"),
                           QStringLiteral("recovery_min_apply_delay"),
                           QStringLiteral("recovery_target_timeline"),
                           QStringLiteral("restore_command"),
                           QStringLiteral("wal_receiver_timeout")} +
               both;
    return {};
}

QString factsAsSql(const Topology &topology, const NodeId &id)
{
    const Cluster *cluster = topology.clusterOf(id);
    const Node *node = cluster ? cluster->node(id) : nullptr;
    if (!node || node->versionNum == 0 || node->role == Role::Unknown)
        return {};
    const QString name = nameOf(*node);
    const int version = node->versionNum;
    QStringList out{
        QStringLiteral("-- %1, PostgreSQL %2").arg(name, format::version(version)),
        QStringLiteral("-- On %1:").arg(name),
        QStringLiteral("SELECT pg_is_in_recovery(), pg_postmaster_start_time(), system_identifier\n"
                       "  FROM pg_control_system();")};
    if (node->role == Role::Standby)
        out << QStringLiteral("SELECT pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn(), "
                              "pg_last_xact_replay_timestamp(),\n       pg_is_wal_replay_paused();")
            << receiver(version);
    else
        out << QStringLiteral("SELECT pg_current_wal_lsn(), pg_walfile_name(pg_current_wal_lsn());");
    out << senders({}) << slotRows(version, {}) << settings(node->role);
    const Link *link = node->role == Role::Standby ? cluster->linkTo(id) : nullptr;
    const Node *upstream = link ? cluster->node(link->upstream) : nullptr;
    if (!upstream)
        return out.join(u'\n') + u'\n';
    out << QString() << QStringLiteral("-- On %1, its upstream:").arg(nameOf(*upstream));
    if (link->pid)
        out << senders(QStringLiteral("\n WHERE pid = %1").arg(*link->pid));
    if (!link->slot.isEmpty())
        out << slotRows(upstream->versionNum > 0 ? upstream->versionNum : version,
                        QStringLiteral("\n WHERE slot_name = ") + quote::sqlLiteral(link->slot));
    return out.join(u'\n') + u'\n';
}

QString linkAsSql(const Topology &topology, const NodeId &downstream)
{
    const Cluster *cluster = topology.clusterOf(downstream);
    const Link *link = cluster ? cluster->linkTo(downstream) : nullptr;
    const Node *down = cluster ? cluster->node(downstream) : nullptr;
    const Node *up = link ? cluster->node(link->upstream) : nullptr;
    QStringList out;
    if (up && up->versionNum > 0 && up->role != Role::Unknown) {
        // A walsender is found by what identifies it best; a broken link has none: then all are shown.
        const QString where =
            link->pid ? QStringLiteral("\n WHERE pid = %1").arg(*link->pid)
            : link->applicationName.isEmpty()
                ? QString()
                : QStringLiteral("\n WHERE application_name = ") + quote::sqlLiteral(link->applicationName);
        const QString head = up->role == Role::Primary ? QStringLiteral("pg_current_wal_lsn()")
                                                       : QStringLiteral("pg_last_wal_receive_lsn()");
        out << QStringLiteral("-- On %1, PostgreSQL %2, the upstream:")
                   .arg(nameOf(*up), format::version(up->versionNum))
            << senders(where) << stages(head, where);
        if (!link->slot.isEmpty())
            out << slotRows(up->versionNum,
                            QStringLiteral("\n WHERE slot_name = ") + quote::sqlLiteral(link->slot));
    }
    if (down && down->versionNum > 0 && down->role == Role::Standby) {
        if (!out.isEmpty())
            out << QString();
        out << QStringLiteral("-- On %1, PostgreSQL %2, the downstream:")
                   .arg(nameOf(*down), format::version(down->versionNum))
            << receiver(down->versionNum)
            << QStringLiteral("SELECT pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn();");
    }
    return out.isEmpty() ? QString() : out.join(u'\n') + u'\n';
}

} // namespace understudy
