// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/HealthRules.h"
#include "model/Quote.h"

namespace understudy::health {

namespace {

Finding about(const Link &link, const char *name, Severity severity)
{
    Finding f;
    f.name = QLatin1String(name);
    f.severity = severity;
    f.node = link.upstream;
    f.slot = link.slot;
    f.downstream = link.downstream;
    return f;
}

QString slotWords(const Cluster &cluster, const Link &link)
{
    if (link.slot.isEmpty())
        return QStringLiteral("no slot");
    for (const Slot &slot : cluster.slots_) {
        if (slot.node != link.upstream || slot.name != link.slot)
            continue;
        if (slot.walStatus == QLatin1String("lost"))
            return QStringLiteral("slot %1 is lost").arg(slot.name);
        return QStringLiteral("slot %1 is %2 and keeps %3")
            .arg(slot.name, slot.active ? QStringLiteral("active") : QStringLiteral("inactive"),
                 format::bytes(slot.retainedBytes));
    }
    return QStringLiteral("slot %1 does not exist").arg(link.slot);
}

void broken(const Cluster &cluster, const Link &link, QList<Finding> &out)
{
    const QString standby = nameOf(cluster, link.downstream);
    const QString upstream = nameOf(cluster, link.upstream);
    const Node *above = cluster.node(link.upstream);
    // The upstream's own finding says it all: its standbys cannot be connected.
    if (above && above->state == NodeState::Down)
        return;
    Finding f = about(link, "standby_disconnected", Severity::Critical);
    const bool noReceiver = link.lag == LagState::NoReceiver;
    f.title = noReceiver ? QStringLiteral("%1 has no walreceiver").arg(standby)
                         : QStringLiteral("%1 is disconnected").arg(standby);
    QString since;
    if (link.sinceUs)
        since = QStringLiteral(" since %1").arg(format::utcTime(*link.sinceUs));
    f.evidence = noReceiver ? QStringLiteral("pg_stat_wal_receiver on %1 is empty%2; %3.")
                                  .arg(standby, since, slotWords(cluster, link))
                            : QStringLiteral("No walsender for it on %1%2; %3.")
                                  .arg(upstream, since, slotWords(cluster, link));
    f.meaning =
        link.slot.isEmpty()
            ? QStringLiteral("It falls behind. Once the WAL it needs is recycled it must be rebuilt.")
            : QStringLiteral("It falls behind, and the WAL that its slot keeps grows on %1.").arg(upstream);
    const Node *below = cluster.node(link.downstream);
    f.action = below && below->state == NodeState::Down
                   ? QStringLiteral("Start %1; it catches up by itself while its WAL is kept.").arg(standby)
                   : QStringLiteral("Read the log of %1: it says why it cannot connect.").arg(standby);
    f.sql = QStringLiteral("SELECT pid, application_name, state FROM pg_stat_replication");
    out << f;
}

void stalled(const Cluster &cluster, const Link &link, QList<Finding> &out)
{
    Finding f = about(link, "link_stalled", Severity::Critical);
    const QString standby = nameOf(cluster, link.downstream);
    f.title = QStringLiteral("The link to %1 has stalled").arg(standby);
    f.evidence = QStringLiteral("Behind at sent %1, written %2, flushed %3, and no progress.")
                     .arg(format::bytes(link.stages.sent), format::bytes(link.stages.written),
                          format::bytes(link.stages.flushed));
    f.meaning = QStringLiteral("WAL waits and does not move, though both ends still say streaming.");
    f.action = QStringLiteral("Check the network between %1 and %2 and whether either of them hangs.")
                   .arg(nameOf(cluster, link.upstream), standby);
    f.sql = QStringLiteral(
        "SELECT pid, state, sent_lsn, write_lsn, flush_lsn, reply_time FROM pg_stat_replication");
    out << f;
}

void lagging(const Cluster &cluster, const Link &link, const Thresholds &thresholds, QList<Finding> &out)
{
    const Node *below = cluster.node(link.downstream);
    // A standby that was told to stay behind is not late before that time has passed as well.
    const double delay = below ? double(setting(*below, "recovery_min_apply_delay", 0)) / 1000.0 : 0;
    const bool late = link.lagSeconds && *link.lagSeconds > thresholds.lagSeconds + delay;
    const bool far = delay == 0 && link.lagBytes && *link.lagBytes > thresholds.lagBytes;
    if (link.lag != LagState::Replaying || (!late && !far))
        return;
    Finding f = about(link, "standby_lagging", Severity::Warning);
    const QString standby = nameOf(cluster, link.downstream);
    f.title = QStringLiteral("%1 is lagging").arg(standby);
    f.evidence = QStringLiteral("%1 and %2 behind; the limits are %3 and %4.")
                     .arg(format::bytes(link.lagBytes), format::seconds(link.lagSeconds),
                          format::bytes(thresholds.lagBytes), format::seconds(thresholds.lagSeconds));
    f.meaning =
        QStringLiteral("Readers of %1 see old data, and a failover to it would have to catch up first.")
            .arg(standby);
    f.action = QStringLiteral("Look for a long query that holds replay, a slow disk, or a burst of writes.");
    f.sql =
        QStringLiteral("SELECT pid, now() - xact_start AS age, query FROM pg_stat_activity WHERE xact_start "
                       "IS NOT NULL ORDER BY xact_start");
    out << f;
}

void paused(const Cluster &cluster, const Link &link, QList<Finding> &out)
{
    if (link.lag != LagState::ReplayPaused)
        return;
    Finding f = about(link, "replay_paused", Severity::Warning);
    const QString standby = nameOf(cluster, link.downstream);
    f.title = QStringLiteral("Replay is paused on %1").arg(standby);
    f.evidence =
        QStringLiteral("pg_is_wal_replay_paused() is true; %1 wait.").arg(format::bytes(link.lagBytes));
    f.meaning = QStringLiteral("It receives WAL but does not apply it: its data stands still.");
    f.action = QStringLiteral("Resume replay on %1 when nobody needs it to stand still.").arg(standby);
    f.sql = QStringLiteral("SELECT pg_wal_replay_resume()");
    out << f;
}

void slotless(const Cluster &cluster, const Link &link, QList<Finding> &out)
{
    const Node *above = cluster.node(link.upstream);
    if (!link.slot.isEmpty() || !above || !isReadable(*above) || link.state == LinkState::Broken)
        return;
    Finding f = about(link, "no_slot", Severity::Notice);
    const QString standby = nameOf(cluster, link.downstream);
    const qint64 kept = setting(*above, "wal_keep_size", -1);
    f.title = QStringLiteral("%1 streams without a slot").arg(standby);
    f.evidence = QStringLiteral("No replication slot on %1; wal_keep_size is %2.")
                     .arg(above->name, kept < 0 ? QStringLiteral("unknown") : format::bytes(kept));
    f.meaning = QStringLiteral("If it is away for long, the WAL it needs is gone and it must be rebuilt.");
    f.action = QStringLiteral("Create a slot for it and set primary_slot_name, or raise wal_keep_size.");
    QString slot = standby.toLower() + QStringLiteral("_slot");
    for (QChar &c : slot) {
        if (!(c >= u'a' && c <= u'z') && !(c >= u'0' && c <= u'9'))
            c = u'_';
    }
    f.sql = QStringLiteral("SELECT pg_create_physical_replication_slot(%1)")
                .arg(quote::sqlLiteral(slot.right(63)));
    out << f;
}

void timeline(const Cluster &cluster, const Link &link, QList<Finding> &out)
{
    const Node *above = cluster.node(link.upstream);
    const Node *below = cluster.node(link.downstream);
    if (link.state != LinkState::Broken || !above || !below || !isReadable(*above) || !isReadable(*below) ||
        !above->timeline || !below->timeline || *below->timeline >= *above->timeline)
        return;
    Finding f = about(link, "timeline_behind", Severity::Warning);
    f.title = QStringLiteral("%1 is on an older timeline").arg(below->name);
    f.evidence = QStringLiteral("%1 is on timeline %2, %3 on timeline %4.")
                     .arg(below->name)
                     .arg(*below->timeline)
                     .arg(above->name)
                     .arg(*above->timeline);
    f.meaning = QStringLiteral("Somebody was promoted and this standby did not follow.");
    f.action = QStringLiteral(
        "Set recovery_target_timeline to latest and point it to the new primary, or rebuild it.");
    out << f;
}

} // namespace

void linkFindings(const Cluster &cluster, const Thresholds &thresholds, QList<Finding> &out)
{
    for (const Link &link : cluster.links) {
        if (link.lag == LagState::Disconnected || link.lag == LagState::NoReceiver)
            broken(cluster, link, out);
        if (link.lag == LagState::LinkStalled)
            stalled(cluster, link, out);
        lagging(cluster, link, thresholds, out);
        paused(cluster, link, out);
        slotless(cluster, link, out);
        timeline(cluster, link, out);
    }
}

} // namespace understudy::health
