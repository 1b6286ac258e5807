// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/NodeSnapshot.h"

#include <QJsonObject>
#include <QList>
#include <QMetaType>

namespace understudy {

enum class NodeState { Up, NotResponding, Down, NoPermission, Ghost, Unknown, Planned };
enum class LinkState { Streaming, Catchup, Stalled, Broken };
enum class LagState {
    CaughtUp,
    Replaying,
    Idle,
    ReplayPaused,
    LinkStalled,
    NoReceiver,
    Disconnected,
    Unknown
};
enum class SyncState { Async, Sync, Quorum, Potential, Unknown };
enum class MatchedBy { Slot, ApplicationName, Address };
enum class Confidence { Certain, Likely, Guess };
enum class Severity { Critical, Warning, Notice };

/// One server as drawn: facts of its last good look, and what this look said.
struct Node
{
    NodeId id;
    QString name;
    QString host;
    int port = 0;
    Role role = Role::Unknown;
    NodeState state = NodeState::Unknown;
    QString reason; ///< Why it is not simply up, in words; empty when up.
    Answer answer =
        Answer::Failed;   ///< How this look at it ended; of a ghost or a planned node there was none.
    qint64 factsAtUs = 0; ///< When the facts below were read; 0 if never.
    int versionNum = 0;   ///< 0 if unknown
    QString systemIdentifier;
    std::optional<int> timeline;
    std::optional<Lsn> lsn;         ///< Primary: current; standby: replayed.
    std::optional<Lsn> receivedLsn; ///< Standby only.
    std::optional<qint64> startTimeUs;
    bool replayPaused = false;
    std::optional<double>
        walRate; ///< Bytes a second written (primary) or received (standby); needs two looks.
    std::optional<qint64> diskFree, diskTotal;
    std::optional<qint64> databaseBytes;
    QString dataDirectory;
    QMap<QString, QString> settings;
    std::optional<Vitals> vitals;
    /// Queries that recovery cancelled within the last `conflictSpanUs`, by kind; needs two looks.
    QMap<QString, qint64> recentConflicts;
    double probeMs = 0;
    bool operator==(const Node &) const = default;
};

/// How far a standby is behind at each stage, in bytes counted from the upstream's own position.
struct Stages
{
    std::optional<qint64> sent, written, flushed, replayed;
    bool operator==(const Stages &) const = default;
};

/// One replication link from an upstream to a downstream standby.
struct Link
{
    NodeId upstream;
    NodeId downstream;
    QString slot; ///< Empty: no slot.
    std::optional<int> pid;
    QString applicationName;
    LinkState state = LinkState::Broken;
    SyncState sync = SyncState::Unknown;
    LagState lag = LagState::Unknown;
    std::optional<qint64> lagBytes;
    std::optional<double> lagSeconds;
    Stages stages;
    MatchedBy matchedBy = MatchedBy::Address;
    Confidence confidence = Confidence::Guess;
    std::optional<double> walRate;      ///< Bytes a second sent over this link.
    std::optional<qint64> sinceUs;      ///< When the present `lag` state began, our clock.
    std::optional<qint64> xminAge;      ///< What its feedback holds back from vacuum on the upstream.
    std::optional<double> lastMessageS; ///< Age of the last message seen by the receiver, seconds.
    bool lagging = false;               ///< Replaying, over the threshold.
    bool operator==(const Link &) const = default;
};

/// A walsender that is not a standby.
struct Sender
{
    NodeId node;
    int pid = 0;
    QString applicationName;
    enum class Kind { BaseBackup, ReceiveWal, Logical, Other } kind = Kind::Other;
    bool operator==(const Sender &) const = default;
};

struct Slot
{
    NodeId node;
    QString name;
    bool logical = false;
    bool active = false;
    QString walStatus;
    QString invalidationReason;    ///< 16 and newer; empty while it is valid.
    std::optional<qint64> xminAge; ///< Transactions it holds back from vacuum.
    std::optional<Lsn> restartLsn;
    std::optional<qint64> retainedBytes;
    std::optional<double> runwaySeconds; ///< Until it is lost or the disk is full, at the measured rate.
    bool operator==(const Slot &) const = default;
};

/// Something a person should know: a stable name, what was seen, what it means, what to do.
struct Finding
{
    QString name; ///< Stable: "standby_disconnected". Never translated.
    Severity severity = Severity::Notice;
    NodeId node;
    QString slot;
    NodeId downstream;
    QString title;    ///< "pg-lon-1 is disconnected"
    QString evidence; ///< The values it was made from.
    QString meaning;  ///< One or two sentences.
    QString action;   ///< What to do next, in words.
    QString sql;      ///< The exact SQL or command; may be empty.
    qint64 sinceUs = 0;
    /// What makes two findings the same one over time.
    QString key() const { return name + u'|' + node + u'|' + slot + u'|' + downstream; }
    bool operator==(const Finding &) const = default;
};

/// A finding that is no more.
struct Cleared
{
    Finding finding;
    qint64 clearedUs = 0; ///< Our wall clock.
    bool operator==(const Cleared &) const = default;
};

constexpr qint64 conflictSpanUs = Q_INT64_C(300000000); ///< Five minutes.
constexpr qint64 clearedForUs = Q_INT64_C(300000000);   ///< A cleared finding is told for this long.

struct Cluster
{
    QString systemIdentifier; ///< Empty: could not be identified.
    QList<Node> nodes;
    QList<Link> links;
    QList<Sender> senders;
    QList<Slot> slots_;
    QList<Finding> findings; ///< Worst first.
    QList<Cleared> cleared;  ///< Critical ones and warnings that cleared lately, the newest first.

    const Node *node(const NodeId &id) const;
    const Node *
    primary() const; ///< The first node that is up and out of recovery, else the last known, else null.
    const Link *linkTo(const NodeId &downstream) const;
    QList<const Link *> linksFrom(const NodeId &upstream) const;
    QList<const Node *> standbys() const;
    bool operator==(const Cluster &) const = default;
};

/// What the clusters looked like at one moment. A value; stored by history, drawn by anyone.
struct Topology
{
    qint64 takenAtUs = 0; ///< Our wall clock.
    QList<Cluster> clusters;

    const Cluster *clusterOf(const NodeId &id) const;
    const Node *node(const NodeId &id) const;
    bool operator==(const Topology &) const = default;
};

// Stable words for JSON and logs ("caught_up"), and words for people ("Caught up").
QString stableName(Role);
QString stableName(NodeState);
QString stableName(LinkState);
QString stableName(LagState);
QString stableName(SyncState);
QString stableName(MatchedBy);
QString stableName(Confidence);
QString stableName(Severity);
QString stableName(Sender::Kind);
QString words(NodeState);
QString words(LagState);
QString words(SyncState);

/// The stable contract of `understudy topology --json`, "format": 1. Unknown is null, never 0.
QJsonObject toJson(const Topology &);

} // namespace understudy

Q_DECLARE_METATYPE(understudy::Topology)
