// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ReattachRules.h"

#include "model/FoldMemory.h"
#include "model/Format.h"
#include "model/ReattachAddress.h"
#include "model/SyncNames.h"

namespace understudy::reattach {

namespace {

bool counts(SyncState sync)
{
    return sync == SyncState::Sync || sync == SyncState::Quorum || sync == SyncState::Potential;
}

void leavesSynchronous(const Case &c, const Node &upstream)
{
    const QString setting = upstream.settings.value(QStringLiteral("synchronous_standby_names"));
    const int needed = SyncNames::parse(setting).needed;
    int left = 0;
    for (const Link *other : c.cluster.linksFrom(upstream.id)) {
        if (other->downstream != c.standby.id && other->state != LinkState::Broken && counts(other->sync))
            ++left;
    }
    if (left < needed) {
        c.risky("commits_wait", QStringLiteral("commits on %1 would wait").arg(reattachName(upstream)),
                QStringLiteral("%1 is synchronous for %2 (synchronous_standby_names = %3). Below %4 it "
                               "confirms nothing any more, and %5 of the %6 needed would be left: commits on "
                               "%2 would wait for ever. Change that setting first.")
                    .arg(c.standbyName(), reattachName(upstream), setting, c.targetName(),
                         QString::number(left), QString::number(needed)));
        return;
    }
    if (c.link->sync == SyncState::Potential) {
        c.note("sync_spare", QStringLiteral("It is a spare for synchronous commits on %1 now; below %2 it is "
                                            "none.")
                                 .arg(reattachName(upstream), c.targetName()));
        return;
    }
    c.risky(
        "sync_lost", QStringLiteral("no longer synchronous"),
        QStringLiteral("%1 confirms commits of %2 now (synchronous_standby_names = %3). Cascading "
                       "replication is asynchronous: below %4 it confirms none, and another standby takes "
                       "its place.")
            .arg(c.standbyName(), reattachName(upstream), setting, c.targetName()));
}

} // namespace

void roomRules(const Case &c)
{
    const QString target = c.targetName();
    for (const Node *node : {&c.standby, &c.target}) {
        if (node->state == NodeState::NoPermission)
            c.risky("no_permission", QStringLiteral("no pg_monitor on %1").arg(reattachName(*node)),
                    QStringLiteral("The role lacks pg_monitor on %1, so its links are not seen whole. Grant "
                                   "it: Cluster, Monitoring role.")
                        .arg(reattachName(*node)));
    }
    if (c.target.settings.value(QStringLiteral("wal_level")) == QLatin1String("minimal"))
        c.impossible("wal_level", QStringLiteral("wal_level is minimal"),
                     QStringLiteral("wal_level is minimal on %1: its WAL is not enough for a standby. Set it "
                                    "to replica and restart it.")
                         .arg(target));
    const auto senders = c.targetSetting("max_wal_senders"),
               slots_ = c.targetSetting("max_replication_slots");
    if (!senders || !slots_ || !c.targetFacts) {
        c.risky("room_unknown", QStringLiteral("walsenders unknown"),
                QStringLiteral("How many walsenders and slots %1 has is not known: there may be none left.")
                    .arg(target));
        return;
    }
    const qint64 sending = c.targetFacts->senders.size(), held = c.targetFacts->slots_.size();
    if (*senders == 0)
        c.impossible(
            "no_walsenders", QStringLiteral("max_wal_senders is 0"),
            QStringLiteral("max_wal_senders is 0 on %1: it feeds nobody. Raise it (a restart).").arg(target));
    else if (sending >= *senders)
        c.impossible("walsenders_full", QStringLiteral("no free walsender"),
                     QStringLiteral("All %1 walsenders on %2 are in use: \"number of requested standby "
                                    "connections exceeds max_wal_senders\". Raise it (a restart), or end one "
                                    "of them.")
                         .arg(QString::number(*senders), target));
    if (held >= *slots_)
        c.impossible("slots_full", QStringLiteral("no free slot"),
                     QStringLiteral("All %1 replication slots on %2 are taken: \"all "
                                    "replication slots are in use\". Drop one that nobody needs, or raise "
                                    "max_replication_slots (a restart).")
                         .arg(QString::number(*slots_), target));
}

void cascadeRules(const Case &c)
{
    if (c.target.role != Role::Standby)
        return;
    const QString target = c.targetName();
    const Cluster *theirs = c.scene.topology.clusterOf(c.target.id);
    const Link *up = theirs ? theirs->linkTo(c.target.id) : nullptr;
    const qint64 missing = up ? up->stages.flushed.value_or(0) : 0;
    if (!up || up->state == LinkState::Broken)
        c.risky("target_unfed", QStringLiteral("receives nothing itself"),
                QStringLiteral("Nothing streams to %1 now, so nothing new would reach %2 either.")
                    .arg(target, c.standbyName()));
    else if (up->state == LinkState::Stalled)
        c.risky("target_stalled", QStringLiteral("its own link is stalled"),
                QStringLiteral("The link to %1 is stalled; what it does not get, it cannot pass on to %2.")
                    .arg(target, c.standbyName()));
    else if (up->state == LinkState::Catchup || missing > Thresholds().lagBytes)
        c.risky("target_behind",
                missing > 0 ? QStringLiteral("%1 behind itself").arg(format::bytes(missing))
                            : QStringLiteral("still catching up"),
                QStringLiteral("%1 itself lacks %2 of its upstream's WAL. Everything below it is at least as "
                               "far behind.")
                    .arg(target, missing > 0 ? format::bytes(missing) : QStringLiteral("some")));
    if (c.target.replayPaused)
        c.risky(
            "target_paused", QStringLiteral("its replay is paused"),
            QStringLiteral("Replay is paused on %1. WAL passes through it all the same, but it follows no "
                           "new timeline until replay goes on, and neither does what is below it.")
                .arg(target));
}

void synchronousRules(const Case &c)
{
    const Node *upstream = c.link ? c.cluster.node(c.link->upstream) : nullptr;
    if (c.target.role == Role::Standby) {
        if (upstream && c.link->state != LinkState::Broken && counts(c.link->sync))
            leavesSynchronous(c, *upstream);
        return;
    }
    const QString setting = c.target.settings.value(QStringLiteral("synchronous_standby_names"));
    const QString name = c.standbyFacts                                 ? receiverName(*c.standbyFacts)
                         : c.link && !c.link->applicationName.isEmpty() ? c.link->applicationName
                                                                        : QString();
    if (!setting.isEmpty() && !name.isEmpty() && SyncNames::parse(setting).matches(name))
        c.risky("becomes_synchronous", QStringLiteral("becomes synchronous"),
                QStringLiteral("synchronous_standby_names = %1 on %2 means %3 too (it is called %4): commits "
                               "there may wait for it, and wait when it goes away.")
                    .arg(setting, c.targetName(), c.standbyName(), name));
}

void settingRules(const Case &c)
{
    if (c.standby.versionNum > 0 && c.standby.versionNum < 130000)
        c.risky("restart", QStringLiteral("needs a restart of %1").arg(c.standbyName()),
                QStringLiteral("Before PostgreSQL 13 primary_conninfo is read at start only, and %1 runs %2: "
                               "it is restarted, which ends its sessions.")
                    .arg(c.standbyName(), format::version(c.standby.versionNum)));
    if (!c.standbyFacts || c.standbyFacts->conninfoSetting.isEmpty()) {
        c.risky("conninfo_unknown", QStringLiteral("primary_conninfo unknown"),
                QStringLiteral("primary_conninfo of %1 is empty or may not be read (pg_monitor may), so the "
                               "role that it replicates as is not known.")
                    .arg(c.standbyName()));
        return;
    }
    if (const SeenAddress seen = addressSeenBy(c.scene, c.standby.id, c.target.id); !seen.sure)
        c.risky("address_guess", QStringLiteral("address unknown to %1").arg(c.standbyName()),
                QStringLiteral("We reach %1 at %2:%3. %4 calls its upstream by other names than we do, so it "
                               "may need another address: put it into the steps.")
                    .arg(c.targetName(), seen.host, QString::number(seen.port), c.standbyName()));
    if (c.standbyFacts->conninfoHasPassword)
        c.note("password_in_conninfo",
               QStringLiteral("A password stands in primary_conninfo of %1. The steps write it nowhere: it "
                              "goes into a passfile, which the new value names.")
                   .arg(c.standbyName()));
}

void worthKnowing(const Case &c)
{
    if (const auto below = c.cluster.linksFrom(c.standby.id).size(); below > 0)
        c.note("takes_along", QStringLiteral("It takes along what is below it: %1.")
                                  .arg(format::plural(below, QStringLiteral("standby"))));
    if (c.target.walRate && *c.target.walRate > 0)
        c.note("sends_more", QStringLiteral("%1 sends its WAL once more, %2 now.")
                                 .arg(c.targetName(), format::rate(c.target.walRate)));
    if (c.link && !c.link->slot.isEmpty()) {
        const Node *old = c.cluster.node(c.link->upstream);
        const bool reachable = old && old->state == NodeState::Up;
        c.note("old_slot", reachable
                               ? QStringLiteral("The slot %1 on %2 is dropped once the new link streams: "
                                                "until then the way back is open.")
                                     .arg(c.link->slot, reattachName(*old))
                               : QStringLiteral("The slot %1 stays on %2, which cannot be reached now. It "
                                                "keeps WAL there when it is back: drop it then.")
                                     .arg(c.link->slot, old ? reattachName(*old) : c.link->upstream));
    }
    c.note("login_unchecked",
           QStringLiteral("Whether pg_hba.conf on %1 lets the replication role in from %2 shows when it "
                          "connects. If not, it keeps what it has and tries again every 5 s.")
               .arg(c.targetName(), c.standbyName()));
    QStringList unproven;
    for (const Node *node : {&c.standby, &c.target}) {
        if (!c.scene.isProven(node->id))
            unproven << reattachName(*node);
    }
    if (!unproven.isEmpty())
        c.note("not_proven", QStringLiteral("Not proved to run on a host that Understudy can act on: %1. "
                                            "Commands and files there are for a person to run.")
                                 .arg(unproven.join(QStringLiteral(", "))));
}

} // namespace understudy::reattach
