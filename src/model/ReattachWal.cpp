// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ReattachRules.h"

#include "model/Format.h"

namespace understudy::reattach {

namespace {

constexpr qint64 usualSegment = qint64(16) << 20;

/// What a standby asks for next lies here: everything before it is on its disk.
std::optional<Lsn> positionOf(const Node &standby)
{
    return standby.receivedLsn && standby.lsn ? std::max(*standby.receivedLsn, *standby.lsn)
           : standby.receivedLsn              ? standby.receivedLsn
                                              : standby.lsn;
}

/// How far a node can feed others: a cascade passes on what it has received, replayed or not.
std::optional<Lsn> headOf(const Node &node)
{
    return node.role == Role::Primary ? node.lsn : positionOf(node);
}

bool isFed(const Cluster &cluster, const NodeId &node)
{
    const Link *link = cluster.linkTo(node);
    return link && (link->state == LinkState::Streaming || link->state == LinkState::Catchup);
}

qint64 segmentOf(const Case &c)
{
    const qint64 told = c.targetSetting("wal_segment_size").value_or(usualSegment);
    return told > 0 ? told : usualSegment;
}

} // namespace

void timelineRule(const Case &c)
{
    const auto &own = c.standby.timeline, &other = c.target.timeline;
    if (!own || !other) {
        c.risky("timeline_unknown", QStringLiteral("timeline unknown"),
                QStringLiteral("The timeline of %1 is not known: they may have parted.")
                    .arg(own ? c.targetName() : c.standbyName()));
        return;
    }
    if (*other < *own) {
        c.impossible(
            "older_timeline", QStringLiteral("on the older timeline %1").arg(*other),
            QStringLiteral("%1 is on timeline %2, %3 on timeline %4 already. PostgreSQL refuses: "
                           "\"highest timeline %2 of the primary is behind recovery timeline %4\".")
                .arg(c.targetName(), QString::number(*other), c.standbyName(), QString::number(*own)));
        return;
    }
    if (*other == *own)
        return;
    const QString follows = c.standby.settings.value(QStringLiteral("recovery_target_timeline"));
    if (!follows.isEmpty() && follows != QLatin1String("latest") && follows != QString::number(*other)) {
        c.impossible("stays_on_timeline", QStringLiteral("would stay on timeline %1").arg(*own),
                     QStringLiteral("%1 is on timeline %2, and recovery_target_timeline = %3 keeps %4 on "
                                    "timeline %5, which gets no more WAL there. Set it to latest (a restart) "
                                    "first.")
                         .arg(c.targetName(), QString::number(*other), follows, c.standbyName(),
                              QString::number(*own)));
        return;
    }
    const auto position = positionOf(c.standby), head = headOf(c.target);
    if (position && head && *position > *head) {
        c.impossible(
            "diverged", QStringLiteral("they have diverged"),
            QStringLiteral("%1 has WAL of timeline %2 up to %3, but timeline %4 of %5 left it before "
                           "that and is at %6 only. It needs pg_rewind or a new copy.")
                .arg(c.standbyName(), QString::number(*own), position->toString(), QString::number(*other),
                     c.targetName(), head->toString()));
        return;
    }
    c.risky("newer_timeline", QStringLiteral("on the newer timeline %1").arg(*other),
            QStringLiteral("%1 is on timeline %2, %3 still on %4. It follows only if it has no WAL from "
                           "after the point where timeline %2 began, which is not known here; else "
                           "PostgreSQL says \"new timeline %2 forked off current database system timeline "
                           "%4 before current recovery point\", and it needs pg_rewind or a new copy.")
                .arg(c.targetName(), QString::number(*other), c.standbyName(), QString::number(*own)));
}

void positionRule(const Case &c)
{
    const auto position = positionOf(c.standby), head = headOf(c.target);
    if (!position || !head) {
        c.risky("position_unknown", QStringLiteral("position unknown"),
                QStringLiteral("The WAL position of %1 is not known: %2 may have WAL that %3 lacks.")
                    .arg(position ? c.targetName() : c.standbyName(), c.standbyName(), c.targetName()));
        return;
    }
    // Another timeline was judged already; below the target it is only the moment between two looks.
    if (*position <= *head ||
        (c.standby.timeline && c.target.timeline && *c.standby.timeline != *c.target.timeline))
        return;
    const QList<NodeId> path = c.above(c.standby.id);
    if (path.contains(c.target.id) && isFed(c.cluster, c.standby.id))
        return;
    const qint64 ahead = head->bytesTo(*position);
    const QString much = format::bytes(ahead);
    if (c.target.role == Role::Primary) {
        if (ahead > segmentOf(c))
            c.impossible("ahead_of_primary", QStringLiteral("lacks %1 of its WAL").arg(much),
                         QStringLiteral("%1 has %2 of WAL that the primary %3 never wrote: they have "
                                        "diverged. It needs pg_rewind or a new copy.")
                             .arg(c.standbyName(), much, c.targetName()));
        else
            c.risky("ahead_maybe", QStringLiteral("may lack %1 of its WAL").arg(much),
                    QStringLiteral("%1 seems %2 ahead of the primary %3. It may be the moment between two "
                                   "looks; if it stays, they have diverged. Look again.")
                        .arg(c.standbyName(), much, c.targetName()));
        return;
    }
    const Cluster *theirs = c.scene.topology.clusterOf(c.target.id);
    if (!theirs || !isFed(*theirs, c.target.id))
        c.impossible("ahead_unfed", QStringLiteral("lacks %1, and gets nothing").arg(much),
                     QStringLiteral("%1 has %2 of WAL that %3 lacks, and %3 receives nothing. PostgreSQL "
                                    "refuses: \"requested starting point is ahead of the WAL flush "
                                    "position of this server\". The other way round may work.")
                         .arg(c.standbyName(), much, c.targetName()));
    else if (ahead > segmentOf(c))
        c.risky("target_lacks_wal", QStringLiteral("%1 behind it").arg(much),
                QStringLiteral("%1 is %2 behind %3. Until it has caught up PostgreSQL refuses the link "
                               "(\"requested starting point is ahead of the WAL flush position of this "
                               "server\"), tried again every 5 s, and nothing new arrives meanwhile.")
                    .arg(c.targetName(), much, c.standbyName()));
}

void walKeptRule(const Case &c)
{
    const auto position = positionOf(c.standby), head = headOf(c.target);
    if (!position || !head || *position >= *head)
        return;
    const qint64 behind = position->bytesTo(*head);
    const qint64 kept = c.targetSetting("wal_keep_size").value_or(0);
    // The segment that is written and the one before it are always there.
    if (behind <= std::max(kept, segmentOf(c)))
        return;
    const Cluster *theirs = c.scene.topology.clusterOf(c.target.id);
    for (const Slot &slot : theirs ? theirs->slots_ : QList<Slot>()) {
        if (slot.node == c.target.id && slot.restartLsn && slot.walStatus != QLatin1String("lost") &&
            *slot.restartLsn <= *position)
            return;
    }
    const QString much = format::bytes(behind);
    if (!c.standby.settings.value(QStringLiteral("restore_command")).isEmpty()) {
        c.note("wal_from_archive",
               QStringLiteral("Nothing on %1 is known to keep the %2 of WAL since %3. What is gone there, "
                              "the restore_command of %4 must bring.")
                   .arg(c.targetName(), much, position->toString(), c.standbyName()));
        return;
    }
    c.risky("wal_gone", QStringLiteral("WAL may be gone"),
            QStringLiteral("%1 needs the WAL since %2, which is %3 back on %4. No slot there holds it and "
                           "wal_keep_size is %5, so it may be gone: \"requested WAL segment has already "
                           "been removed\". Then it needs a new copy, unless it still finds its old "
                           "upstream.")
                .arg(c.standbyName(), position->toString(), much, c.targetName(), format::bytes(kept)));
}

} // namespace understudy::reattach
