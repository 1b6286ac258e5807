// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Endpoint.h"
#include "model/Lsn.h"

#include <QList>
#include <QMap>
#include <QMetaType>
#include <QString>
#include <optional>

namespace understudy {

/// A node's identity in one session: "host:port" as we reach it. It never changes while the node is watched.
using NodeId = QString;

/// How one look at one node ended.
enum class Answer {
    Answered,   ///< Facts are there.
    Refused,    ///< Nobody listens: the server is down.
    StartingUp, ///< It listens and says it is starting up, shutting down or in recovery without hot standby.
    NotResponding, ///< No answer by the deadline.
    LoginFailed,   ///< Password, role, database or pg_hba.conf.
    NotPostgres,   ///< Something answered that is not a supported PostgreSQL server (a pooler, 9.6...).
    Failed,        ///< Anything else; `error` says what.
};

enum class Role { Unknown, Primary, Standby };

/// A row of pg_stat_replication (plus backend_type where it may be read).
struct SenderRow
{
    int pid = 0;
    QString user;
    QString applicationName;
    QString clientAddress; ///< Empty over a unix socket.
    int clientPort = -1;   ///< Ephemeral: never the port the standby listens on.
    QString state;         ///< startup, catchup, streaming, backup, stopping; empty without pg_monitor.
    std::optional<Lsn> sent, written, flushed, replayed;
    std::optional<double> writeLag, flushLag, replayLag; ///< Seconds; NULL on an idle primary.
    QString syncState;                                   ///< async, sync, quorum, potential
    std::optional<qint64> replyTimeUs;                   ///< Server clock.
    std::optional<qint64> backendStartUs;
    std::optional<qint64>
        xminAge;          ///< Transactions its hot_standby_feedback holds back from vacuum, slotless.
    bool logical = false; ///< A logical walsender (its slot is logical or its backend says so).
    bool operator==(const SenderRow &) const = default;
};

/// pg_stat_wal_receiver: at most one a node.
struct ReceiverRow
{
    int pid = 0;
    QString status;
    std::optional<Lsn> written, flushed; ///< 12 has one received_lsn: it is `flushed`.
    std::optional<int> timeline;
    std::optional<qint64> lastMessageSentUs, lastMessageReceivedUs; ///< Server clocks.
    QString slotName;
    QString senderHost;
    std::optional<int> senderPort;
    bool operator==(const ReceiverRow &) const = default;
};

/// A row of pg_replication_slots.
struct SlotRow
{
    QString name;
    bool logical = false;
    bool temporary = false;
    bool active = false;
    std::optional<int> activePid;
    std::optional<Lsn> restartLsn;     ///< NULL until used or reserved, and when lost.
    QString walStatus;                 ///< reserved, extended, unreserved, lost; empty before 13.
    std::optional<qint64> safeWalSize; ///< Bytes that may still be written before it is in danger.
    QString invalidationReason;        ///< 17+; "conflict" on 16 where only that much is known.
    std::optional<qint64> xminAge;     ///< Transactions held back from vacuum.
    bool operator==(const SlotRow &) const = default;
};

/// A row of pg_stat_progress_basebackup (13+).
struct BackupRow
{
    int pid = 0;
    QString phase;
    std::optional<qint64> total, streamed; ///< Bytes.
    bool operator==(const BackupRow &) const = default;
};

/// The oldest open transaction of a client backend (pg_stat_activity).
struct TransactionRow
{
    int pid = 0;
    qint64 ageUs = 0;              ///< Since it began, by the server's clock.
    std::optional<qint64> xminAge; ///< Transactions it holds back from vacuum.
    QString state;                 ///< active, idle in transaction...
    QString applicationName;
    QString database;
    bool operator==(const TransactionRow &) const = default;
};

/// What changes slowly and costs more to ask: read every ten seconds, not at every look.
struct Vitals
{
    qint64 readUs = 0; ///< Our wall clock when it was read.
    // pg_stat_archiver
    std::optional<qint64> archived, archiveFailures;           ///< Counts since its statistics were reset.
    std::optional<qint64> lastArchivedUs, lastArchiveFailedUs; ///< Server clock.
    QString lastFailedWal;
    /// pg_stat_database_conflicts: queries cancelled by recovery, summed over databases, by kind.
    QMap<QString, qint64> conflicts;
    std::optional<TransactionRow> oldestTransaction; ///< Nothing open, or no right to see it.
    std::optional<qint64> frozenXidAge;              ///< The largest age(datfrozenxid).
    QString frozenXidDatabase;
    bool operator==(const Vitals &) const = default;
};

/// What one probe saw of one node in one round of SQL. A value: copied between threads, never changed.
struct NodeSnapshot
{
    NodeId id;
    QString name; ///< As the person or the cluster file calls it; may be empty.
    Endpoint endpoint;

    qint64 startedUs = 0;  ///< Our wall clock when the look began.
    qint64 finishedUs = 0; ///< Our wall clock when the answer was complete.
    double tookMs = 0;     ///< Time the queries took, without connecting.

    Answer answer = Answer::Failed;
    QString error; ///< The server's or libpq's words; empty when answered.

    // Everything below is known only if `answered()`.
    int versionNum = 0; ///< server_version_num
    QString systemIdentifier;
    Role role = Role::Unknown;
    bool canMonitor = true; ///< The role has pg_monitor: other backends' rows are complete.
    std::optional<qint64> serverTimeUs;
    std::optional<qint64> startTimeUs; ///< pg_postmaster_start_time()
    QString clusterName;
    QString dataDirectory; ///< Empty when it may not be read.
    int listenPort = 0;    ///< The port the server believes it has.

    std::optional<int> timeline;
    std::optional<Lsn> currentLsn;  ///< Primary: pg_current_wal_lsn()
    std::optional<Lsn> receivedLsn; ///< Standby: pg_last_wal_receive_lsn()
    std::optional<Lsn> replayedLsn; ///< Standby: pg_last_wal_replay_lsn()
    bool replayPaused = false;
    std::optional<qint64> lastReplayUs; ///< pg_last_xact_replay_timestamp()
    QString primaryConninfo;            ///< Without any password; of its receiver, else as it is set.
    QString conninfoSetting;            ///< primary_conninfo as it is set, without any password.
    bool conninfoHasPassword = false;   ///< A password stands in that setting.
    QString primarySlotName;

    std::optional<ReceiverRow> receiver;
    QList<SenderRow> senders;
    QList<SlotRow> slots_; ///< `slots` is a Qt keyword.
    QList<BackupRow> backups;
    QMap<QString, QString>
        settings; ///< pg_settings that matter here, by name; memory and size settings in bytes.
    std::optional<qint64> databaseBytes; ///< Size of all databases; refreshed seldom.
    std::optional<Vitals> vitals;        ///< Nothing until they were read for the first time.

    bool answered() const { return answer == Answer::Answered; }
    /// The position that downstream nodes are compared with: current on a primary, replayed else.
    std::optional<Lsn> headLsn() const { return role == Role::Primary ? currentLsn : receivedLsn; }
    bool operator==(const NodeSnapshot &) const = default;
};

/// What the machine below a node says, where we are bound to it. Comes from `clusters`, never from SQL.
struct HostFacts
{
    NodeId id;
    qint64 takenUs = 0;
    std::optional<qint64> diskFree, diskTotal; ///< Bytes on the file system of the data directory.
    bool operator==(const HostFacts &) const = default;
};

} // namespace understudy

Q_DECLARE_METATYPE(understudy::NodeSnapshot)
Q_DECLARE_METATYPE(understudy::HostFacts)
