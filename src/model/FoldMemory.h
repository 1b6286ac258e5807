// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ClusterFold.h"

#include <QMap>

// Private to the fold: what it remembers, and the parts it is made of. Everything here is pure.
namespace understudy {

/// A position at a moment (our wall clock).
struct LsnSample
{
    qint64 timeUs = 0;
    Lsn lsn;
};

/// Where a stage of a link stood and since when WAL was seen waiting for it there.
struct StageProgress
{
    std::optional<Lsn> lsn;
    qint64 waitingSinceUs = 0; ///< 0: nothing waits, or it moved since the last look.
};

/// How many queries recovery had cancelled at a moment (our wall clock), by kind.
struct ConflictSample
{
    qint64 timeUs = 0;
    QMap<QString, qint64> counts;
};

struct NodeMemory
{
    NodeSnapshot last;               ///< The newest answered look; its `id` is empty when there was none.
    QList<LsnSample> ring;           ///< The node's own head, for the age of lag: bounded, oldest first.
    QList<LsnSample> recent;         ///< The last seconds of it, for the rate.
    QList<ConflictSample> conflicts; ///< One a reading of the vitals, oldest first, within conflictSpanUs.
    qint64 movedUs = 0; ///< When the head was last seen to move; the first look counts as a move.
};

struct LinkMemory
{
    Link link;
    Node ghost;            ///< Set (id not empty) when the downstream is only known through its walsender.
    qint64 lastSeenUs = 0; ///< When its walsender was last seen.
    StageProgress sent, written, flushed;
    QList<LsnSample> recentSent;
};

struct FindingMemory
{
    Finding finding;
    qint64 firstSeenUs = 0;
    qint64 lastSeenUs = 0;
    bool raised = false;
};

struct FoldMemory
{
    QMap<NodeId, NodeMemory> nodes;
    QMap<NodeId, LinkMemory> links; ///< By downstream.
    QMap<QString, FindingMemory> findings;
    QList<Cleared> cleared; ///< Of every cluster, the newest first.
};

/// The nodes of one cluster at one look, with what is remembered of them.
struct ClusterLook
{
    QList<NodeSnapshot> now;            ///< As they answered or not.
    QMap<NodeId, NodeSnapshot> facts;   ///< The newest answered look, of now or of before.
    const FoldMemory *before = nullptr; ///< Never null.
    qint64 nowUs = 0;
    bool singleLook = false;
    Thresholds thresholds;

    const NodeSnapshot *answered(const NodeId &id) const; ///< This look's answer, or null.
    const NodeSnapshot *fact(const NodeId &id) const;     ///< The newest known facts, or null.
    QString nameOf(const NodeId &id) const;
};

/// A walsender and the standby that it feeds.
struct Match
{
    NodeId upstream;
    NodeId downstream; ///< Empty: nobody we know.
    SenderRow sender;
    QString slot;
    MatchedBy by = MatchedBy::Address;
    Confidence confidence = Confidence::Guess;
};

/// Every physical walsender of every node that answered, with its standby where that can be told.
QList<Match> matchSenders(const ClusterLook &look);
/// Backups, receivers of WAL archives, logical subscribers: what is not a standby.
std::optional<Sender::Kind> otherSenderKind(const NodeSnapshot &upstream, const SenderRow &sender);
/// The name that a standby's walreceiver goes by.
QString receiverName(const NodeSnapshot &standby);
/// Which node a standby that has no walsender belongs below; empty if nobody can say.
NodeId upstreamOf(const ClusterLook &look, const NodeId &standby);

/// A node as drawn.
Node foldNode(const NodeSnapshot &now, const NodeSnapshot *facts);
Node ghostNode(const ClusterLook &look, const Match &match, const NodeId &id);
QString shownName(const NodeSnapshot &facts);

/// The link of a match, and what is to be remembered of it.
Link foldLink(const ClusterLook &look, const Match &match, LinkMemory &memory, const NodeMemory &upstream);
/// The link of a standby that nobody feeds.
Link foldBrokenLink(const ClusterLook &look, const NodeId &downstream, const NodeId &upstream,
                    const LinkMemory *memory);

void remember(QList<LsnSample> &ring, LsnSample sample);
void rememberRecent(QList<LsnSample> &recent, LsnSample sample);
std::optional<double> rateOf(const QList<LsnSample> &recent);
/// How long ago the ring passed @p position; nothing if that was before it began.
std::optional<double> ageOf(const QList<LsnSample> &ring, Lsn position, qint64 nowUs);

void rememberConflicts(QList<ConflictSample> &samples, const ConflictSample &sample);
/// What was cancelled since the oldest sample, by kind; only what rose.
QMap<QString, qint64> risenConflicts(const QList<ConflictSample> &samples);

/// The findings of @p cluster as they are told: with hysteresis, and with what cleared lately.
void foldFindings(Cluster &cluster, const FoldMemory &before, FoldMemory &after, const FoldInput &input);

} // namespace understudy
