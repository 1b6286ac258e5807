// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/HealthRules.h"
#include "model/Quote.h"

#include <algorithm>

namespace understudy::health {

namespace {

constexpr double urgentRunwaySeconds = 600;

Finding about(const Slot &slot, const char *name, Severity severity)
{
    Finding f;
    f.name = QLatin1String(name);
    f.severity = severity;
    f.node = slot.node;
    f.slot = slot.name;
    return f;
}

QString dropSql(const Slot &slot)
{
    return QStringLiteral("SELECT pg_drop_replication_slot(%1)").arg(quote::sqlLiteral(slot.name));
}

// A standby that is known and away explains its slot: its own finding names it.
bool isExplained(const Cluster &cluster, const Slot &slot)
{
    return std::any_of(cluster.links.begin(), cluster.links.end(), [&](const Link &link) {
        return link.upstream == slot.node && link.slot == slot.name && link.state == LinkState::Broken;
    });
}

QString invalidationWords(const QString &reason)
{
    static const QMap<QString, QString> words{
        {QStringLiteral("rows_removed"), QStringLiteral("rows that its reader needs were vacuumed away")},
        {QStringLiteral("wal_level_insufficient"), QStringLiteral("wal_level is too low for it")},
        {QStringLiteral("idle_timeout"), QStringLiteral("nobody read it for idle_replication_slot_timeout")},
        {QStringLiteral("conflict"), QStringLiteral("it conflicted with recovery")}};
    return words.value(reason, QStringLiteral("the server says %1").arg(reason));
}

bool isWalGone(const Slot &slot)
{
    return slot.walStatus == QLatin1String("lost") &&
           (slot.invalidationReason.isEmpty() || slot.invalidationReason == QLatin1String("wal_removed"));
}

void invalidated(const Slot &slot, QList<Finding> &out)
{
    if (slot.invalidationReason.isEmpty() || isWalGone(slot))
        return;
    Finding f = about(slot, "slot_invalidated", Severity::Critical);
    f.title = QStringLiteral("Slot %1 was invalidated").arg(slot.name);
    f.evidence = QStringLiteral("pg_replication_slots: invalidated, %1.")
                     .arg(invalidationWords(slot.invalidationReason));
    f.meaning = slot.logical
                    ? QStringLiteral("Its subscriber cannot go on and must be set up anew.")
                    : QStringLiteral("It keeps no WAL any more: its standby may have to be rebuilt.");
    f.action = QStringLiteral("Drop the slot and make a new one for its reader.");
    f.sql = dropSql(slot);
    out << f;
}

void lost(const Slot &slot, QList<Finding> &out)
{
    if (!isWalGone(slot))
        return;
    Finding f = about(slot, "slot_lost", Severity::Critical);
    f.title = QStringLiteral("Slot %1 is lost").arg(slot.name);
    f.evidence = QStringLiteral("wal_status = lost");
    f.meaning = QStringLiteral("The WAL its standby needs was removed. The standby must be rebuilt.");
    f.action = QStringLiteral("Drop the slot and rebuild the standby.");
    f.sql = dropSql(slot);
    out << f;
}

void unreserved(const Slot &slot, QList<Finding> &out)
{
    if (slot.walStatus != QLatin1String("unreserved"))
        return;
    Finding f = about(slot, "slot_unreserved", Severity::Warning);
    f.title = QStringLiteral("Slot %1 is about to be lost").arg(slot.name);
    f.evidence =
        QStringLiteral("wal_status = unreserved, it would keep %1").arg(format::bytes(slot.retainedBytes));
    f.meaning =
        QStringLiteral("It keeps more than max_slot_wal_keep_size; the next checkpoint may remove its WAL.");
    f.action = QStringLiteral("Bring its standby back at once, or raise max_slot_wal_keep_size.");
    f.sql = QStringLiteral("ALTER SYSTEM SET max_slot_wal_keep_size = -1");
    out << f;
}

void inactive(const Cluster &cluster, const Slot &slot, const Thresholds &thresholds, QList<Finding> &out)
{
    if (slot.active || !slot.restartLsn)
        return;
    const bool much = slot.retainedBytes && *slot.retainedBytes > thresholds.slotRetainedBytes;
    if (!much && isExplained(cluster, slot))
        return;
    Finding f = about(slot, "slot_inactive", much ? Severity::Warning : Severity::Notice);
    f.title = QStringLiteral("Nobody reads slot %1").arg(slot.name);
    f.evidence = QStringLiteral("Inactive, keeps %1 of WAL.").arg(format::bytes(slot.retainedBytes));
    f.meaning = QStringLiteral("The WAL it keeps grows until somebody reads it or the disk of %1 is full.")
                    .arg(nameOf(cluster, slot.node));
    f.action = QStringLiteral("Start the standby it belongs to, or drop the slot if there is none.");
    f.sql = dropSql(slot);
    out << f;
}

void runway(const Cluster &cluster, const Slot &slot, const Thresholds &thresholds, QList<Finding> &out)
{
    if (!slot.runwaySeconds || *slot.runwaySeconds > thresholds.runwaySeconds)
        return;
    const bool urgent = *slot.runwaySeconds < urgentRunwaySeconds;
    Finding f = about(slot, "slot_runway", urgent ? Severity::Critical : Severity::Warning);
    const Node *node = cluster.node(slot.node);
    f.title = QStringLiteral("Slot %1 runs out in about %2")
                  .arg(slot.name, format::age(qint64(*slot.runwaySeconds * 1e6)));
    f.evidence =
        QStringLiteral("It keeps %1 and grows at the measured %2.")
            .arg(format::bytes(slot.retainedBytes), format::rate(node ? node->walRate : std::nullopt));
    f.meaning = QStringLiteral("Then the slot is lost or the disk is full.");
    f.action = QStringLiteral("Bring its standby back, or drop the slot.");
    f.sql = dropSql(slot);
    out << f;
}

void unlimited(const Cluster &cluster, const Node &node, QList<Finding> &out)
{
    const bool hasSlot = std::any_of(cluster.slots_.begin(), cluster.slots_.end(),
                                     [&](const Slot &slot) { return slot.node == node.id; });
    if (!hasSlot || node.role != Role::Primary || !isReadable(node) ||
        setting(node, "max_slot_wal_keep_size", 0) != -1)
        return;
    Finding f;
    f.name = QStringLiteral("slot_unlimited");
    f.severity = Severity::Notice;
    f.node = node.id;
    f.title = QStringLiteral("Slots may keep WAL without limit");
    f.evidence = QStringLiteral("max_slot_wal_keep_size = -1");
    f.meaning =
        QStringLiteral("A standby that stays away makes the primary keep WAL until its disk is full.");
    f.action = QStringLiteral("Set a limit that the disk can bear; it takes effect on reload.");
    f.sql = QStringLiteral("ALTER SYSTEM SET max_slot_wal_keep_size = '16GB'; SELECT pg_reload_conf()");
    out << f;
}

} // namespace

void slotFindings(const Cluster &cluster, const Thresholds &thresholds, QList<Finding> &out)
{
    for (const Slot &slot : cluster.slots_) {
        const Node *node = cluster.node(slot.node);
        if (!node || !isReadable(*node))
            continue; // What it said long ago is no news.
        lost(slot, out);
        invalidated(slot, out);
        unreserved(slot, out);
        inactive(cluster, slot, thresholds, out);
        runway(cluster, slot, thresholds, out);
    }
    for (const Node &node : cluster.nodes)
        unlimited(cluster, node, out);
}

} // namespace understudy::health
