// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/FoldMemory.h"

#include <algorithm>

namespace understudy {

namespace {

SyncState syncStateOf(const QString &word)
{
    if (word == QLatin1String("async"))
        return SyncState::Async;
    if (word == QLatin1String("sync"))
        return SyncState::Sync;
    if (word == QLatin1String("quorum"))
        return SyncState::Quorum;
    return word == QLatin1String("potential") ? SyncState::Potential : SyncState::Unknown;
}

std::optional<Lsn> further(std::optional<Lsn> a, std::optional<Lsn> b)
{
    if (!a || !b)
        return a ? a : b;
    return std::max(*a, *b);
}

struct Positions
{
    std::optional<Lsn> sent, written, flushed, replayed;
};

// A standby reports how far it is only now and then (wal_receiver_status_interval): what it says itself in
// the same round may be newer than what its upstream has heard.
// Where the match is a guess only it itself counts: a mix-up must not hide that it is late.
Positions positionsOf(const SenderRow &sender, const NodeSnapshot *standby, Confidence confidence)
{
    Positions p{sender.sent, sender.written, sender.flushed, sender.replayed};
    if (!standby || !sender.sent)
        return p;
    if (confidence == Confidence::Guess && standby->receiver && standby->receiver->flushed &&
        standby->replayedLsn)
        return {sender.sent, standby->receiver->written, standby->receiver->flushed, standby->replayedLsn};
    if (standby->receiver) {
        p.written = further(p.written, standby->receiver->written);
        p.flushed = further(p.flushed, standby->receiver->flushed);
    }
    p.replayed = further(p.replayed, standby->replayedLsn);
    return p;
}

std::optional<qint64> behind(std::optional<Lsn> position, std::optional<Lsn> head)
{
    if (!position || !head)
        return std::nullopt;
    return position->bytesTo(*head);
}

// However long a stage stood still before: WAL that was written a moment ago has waited for a moment only.
void progress(StageProgress &stage, std::optional<Lsn> now, std::optional<qint64> waiting, qint64 nowUs)
{
    if (waiting.value_or(0) <= 0)
        stage.waitingSinceUs = 0;
    else if (stage.waitingSinceUs == 0 || stage.lsn != now)
        stage.waitingSinceUs = nowUs;
    stage.lsn = now;
}

// WAL has waited before this stage for too long and the stage has not moved.
bool isStuck(const StageProgress &stage, const ClusterLook &look)
{
    return stage.lsn && stage.waitingSinceUs > 0 &&
           double(look.nowUs - stage.waitingSinceUs) >= look.thresholds.stallAfterSeconds * 1e6;
}

std::optional<double> lagSecondsOf(const Link &link, const SenderRow &sender, std::optional<Lsn> replayed,
                                   const NodeMemory &upstream)
{
    if (!link.lagBytes || !replayed)
        return std::nullopt;
    if (*link.lagBytes == 0)
        return 0.0;
    if (const auto age = ageOf(upstream.ring, *replayed, upstream.last.finishedUs))
        return age;
    // Older than what was watched: the server's own measure, and at least as old as our first look.
    std::optional<double> atLeast;
    if (upstream.ring.size() > 1)
        atLeast = double(upstream.last.finishedUs - upstream.ring.first().timeUs) / 1e6;
    if (sender.replayLag)
        return std::max(*sender.replayLag, atLeast.value_or(0));
    return std::nullopt;
}

void keepSince(Link &link, const Link *before, qint64 nowUs)
{
    if (!before)
        return; // Nobody saw it begin.
    link.sinceUs = before->lag == link.lag ? before->sinceUs : nowUs;
}

bool isIdle(const ClusterLook &look, const NodeMemory &upstream)
{
    return !look.singleLook &&
           double(look.nowUs - upstream.movedUs) >= look.thresholds.idleAfterSeconds * 1e6;
}

} // namespace

Link foldLink(const ClusterLook &look, const Match &match, LinkMemory &memory, const NodeMemory &upstream)
{
    const bool remembered = !memory.link.downstream.isEmpty() && memory.link.upstream == match.upstream;
    const Link before = memory.link;
    const SenderRow &sender = match.sender;
    const NodeSnapshot *standby = look.answered(match.downstream);
    const auto head = upstream.last.headLsn();

    Link link;
    link.upstream = match.upstream;
    link.downstream = match.downstream;
    link.slot = match.slot;
    link.pid = sender.pid;
    link.applicationName = sender.applicationName;
    link.sync = syncStateOf(sender.syncState);
    link.matchedBy = match.by;
    link.confidence = match.confidence;
    link.xminAge = sender.xminAge;
    if (standby && standby->receiver && standby->receiver->lastMessageReceivedUs && standby->serverTimeUs)
        link.lastMessageS =
            std::max(0.0, double(*standby->serverTimeUs - *standby->receiver->lastMessageReceivedUs) / 1e6);

    const Positions at = positionsOf(sender, standby, match.confidence);
    link.stages = {behind(at.sent, head), behind(at.written, head), behind(at.flushed, head),
                   behind(at.replayed, head)};
    link.lagBytes = link.stages.replayed;
    link.lagSeconds = lagSecondsOf(link, sender, at.replayed, upstream);

    if (!remembered || before.pid != link.pid) { // A new connection begins anew.
        memory.sent = memory.written = memory.flushed = {};
        memory.recentSent.clear();
    }
    progress(memory.sent, at.sent, link.stages.sent, look.nowUs);
    progress(memory.written, at.written, link.stages.written, look.nowUs);
    progress(memory.flushed, at.flushed, link.stages.flushed, look.nowUs);
    if (at.sent)
        rememberRecent(memory.recentSent, {upstream.last.finishedUs, *at.sent});
    link.walRate = rateOf(memory.recentSent);
    memory.lastSeenUs = look.nowUs;

    const bool paused = standby ? standby->replayPaused : remembered && before.lag == LagState::ReplayPaused;
    link.state = sender.state == QLatin1String("catchup") || sender.state == QLatin1String("startup")
                     ? LinkState::Catchup
                     : LinkState::Streaming;
    if (!at.sent || !head) {
        link.lag = LagState::Unknown; // Without pg_monitor, or a walsender that has only begun.
    } else if (isStuck(memory.sent, look) || isStuck(memory.written, look) || isStuck(memory.flushed, look)) {
        link.lag = LagState::LinkStalled;
        link.state = LinkState::Stalled;
    } else if (paused) {
        link.lag = LagState::ReplayPaused;
    } else if (!link.lagBytes) {
        link.lag = LagState::Unknown;
    } else if (*link.lagBytes == 0) {
        link.lag = isIdle(look, upstream) ? LagState::Idle : LagState::CaughtUp;
    } else {
        link.lag = LagState::Replaying;
    }
    keepSince(link, remembered ? &before : nullptr, look.nowUs);
    memory.link = link;
    return link;
}

Link foldBrokenLink(const ClusterLook &look, const NodeId &downstream, const NodeId &upstream,
                    const LinkMemory *memory)
{
    const bool remembered = memory && memory->link.upstream == upstream;
    const NodeSnapshot *standby = look.answered(downstream);
    const NodeSnapshot *known = look.fact(downstream);
    const NodeSnapshot *above = look.answered(upstream);
    Link link;
    if (remembered) {
        link.slot = memory->link.slot;
        link.applicationName = memory->link.applicationName;
        link.matchedBy = memory->link.matchedBy;
        link.confidence = memory->link.confidence;
    } else {
        if (known) {
            link.slot = known->primarySlotName;
            link.applicationName = receiverName(*known);
        }
        link.matchedBy = link.slot.isEmpty() ? MatchedBy::Address : MatchedBy::Slot;
        link.confidence = Confidence::Likely;
    }
    link.upstream = upstream;
    link.downstream = downstream;
    link.state = LinkState::Broken;

    const bool receives = standby && standby->receiver;
    if (receives && (!above || !above->canMonitor)) {
        // We cannot see the other end; the standby says that it is fed.
        const bool streaming =
            standby->receiver->status == QLatin1String("streaming") || !standby->canMonitor;
        bool refused = false;
        for (const NodeSnapshot &s : look.now)
            refused = refused || (s.id == upstream && s.answer == Answer::Refused);
        link.state = streaming && !refused ? LinkState::Streaming : LinkState::Broken;
        link.lag = refused ? LagState::Disconnected : LagState::Unknown;
    } else if (standby && !receives) {
        link.lag = LagState::NoReceiver;
    } else if (above && above->canMonitor) {
        link.lag = LagState::Disconnected; // The upstream would know its walsender.
    } else {
        link.lag = LagState::Unknown; // Both ends are out of sight.
        for (const NodeSnapshot &s : look.now) {
            if ((s.id == upstream || s.id == downstream) && s.answer == Answer::Refused)
                link.lag = LagState::Disconnected;
        }
    }
    // How far behind it is by now, from what it was last known to have replayed.
    if (above && known && link.state == LinkState::Broken) {
        link.stages.replayed = behind(known->replayedLsn, above->headLsn());
        link.lagBytes = link.stages.replayed;
    }
    keepSince(link, remembered ? &memory->link : nullptr, look.nowUs);
    return link;
}

} // namespace understudy
