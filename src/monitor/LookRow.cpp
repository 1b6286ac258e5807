// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor/LookRow.h"

#include "model/ConninfoText.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QVariant>

namespace understudy {

namespace {

// The columns of vitals_*.sql, in their order.
enum VitalsColumn { Archiver, Conflicts, Transaction, Frozen };

// The columns of look_*.sql, in their order.
enum Column {
    InRecovery,
    ServerTime,
    ConfigurationTime,
    Timeline,
    CurrentLsn,
    ReceivedLsn,
    ReplayedLsn,
    ReplayPaused,
    LastReplay,
    Receiver,
    Senders,
    Slots,
    Backups
};

std::optional<Lsn> lsnOf(const QJsonValue &value)
{
    return Lsn::parse(value.toString());
}

std::optional<qint64> integerOf(const QJsonValue &value)
{
    if (!value.isDouble())
        return std::nullopt;
    return value.toInteger();
}

std::optional<int> smallOf(const QJsonValue &value)
{
    if (!value.isDouble())
        return std::nullopt;
    return value.toInt();
}

std::optional<double> realOf(const QJsonValue &value)
{
    if (!value.isDouble())
        return std::nullopt;
    return value.toDouble();
}

QJsonArray arrayOf(const QVariant &value)
{
    return QJsonDocument::fromJson(value.toByteArray()).array();
}

std::optional<qint64> integerOf(const QVariant &value)
{
    if (value.isNull())
        return std::nullopt;
    return value.toLongLong();
}

ReceiverRow receiverOf(const QJsonArray &a)
{
    ReceiverRow row;
    row.pid = a[0].toInt();
    row.status = a[1].toString();
    row.written = lsnOf(a[2]);
    row.flushed = lsnOf(a[3]);
    row.timeline = smallOf(a[4]);
    row.lastMessageSentUs = integerOf(a[5]);
    row.lastMessageReceivedUs = integerOf(a[6]);
    row.slotName = a[7].toString();
    row.senderHost = a[8].toString();
    row.senderPort = smallOf(a[9]);
    return row;
}

SenderRow senderOf(const QJsonArray &a)
{
    SenderRow row;
    row.pid = a[0].toInt();
    row.user = a[1].toString();
    row.applicationName = a[2].toString();
    row.clientAddress = a[3].toString();
    row.clientPort = a[4].toInt(-1);
    row.state = a[5].toString();
    row.sent = lsnOf(a[6]);
    row.written = lsnOf(a[7]);
    row.flushed = lsnOf(a[8]);
    row.replayed = lsnOf(a[9]);
    row.writeLag = realOf(a[10]);
    row.flushLag = realOf(a[11]);
    row.replayLag = realOf(a[12]);
    row.syncState = a[13].toString();
    row.replyTimeUs = integerOf(a[14]);
    row.backendStartUs = integerOf(a[15]);
    row.xminAge = integerOf(a[16]);
    return row;
}

SlotRow slotOf(const QJsonArray &a)
{
    SlotRow row;
    row.name = a[0].toString();
    row.logical = a[1].toBool();
    row.temporary = a[2].toBool();
    row.active = a[3].toBool();
    row.activePid = smallOf(a[4]);
    row.restartLsn = lsnOf(a[5]);
    row.walStatus = a[6].toString();
    row.safeWalSize = integerOf(a[7]);
    row.invalidationReason = a[8].toString();
    row.xminAge = integerOf(a[9]);
    return row;
}

} // namespace

qint64 readLookRow(const QSqlQuery &query, NodeSnapshot &snapshot)
{
    const auto value = [&query](Column column) { return query.value(column); };
    snapshot.role = value(InRecovery).toBool() ? Role::Standby : Role::Primary;
    snapshot.serverTimeUs = integerOf(value(ServerTime));
    if (const QVariant timeline = value(Timeline); !timeline.isNull())
        snapshot.timeline = timeline.toInt();
    snapshot.currentLsn = Lsn::parse(value(CurrentLsn).toString());
    snapshot.receivedLsn = Lsn::parse(value(ReceivedLsn).toString());
    snapshot.replayedLsn = Lsn::parse(value(ReplayedLsn).toString());
    snapshot.replayPaused = value(ReplayPaused).toBool();
    snapshot.lastReplayUs = integerOf(value(LastReplay));
    if (const QJsonArray receiver = arrayOf(value(Receiver)); !receiver.isEmpty()) {
        snapshot.receiver = receiverOf(receiver);
        // Without pg_monitor there is a row of a pid and nothing else.
        if (const QString conninfo = receiver[10].toString(); !conninfo.isEmpty())
            snapshot.primaryConninfo = withoutPassword(conninfo);
    }
    for (const QJsonValue &row : arrayOf(value(Slots)))
        snapshot.slots_ << slotOf(row.toArray());
    for (const QJsonValue &row : arrayOf(value(Senders))) {
        SenderRow sender = senderOf(row.toArray());
        for (const SlotRow &slot : snapshot.slots_)
            sender.logical = sender.logical || (slot.logical && slot.activePid == sender.pid);
        snapshot.senders << sender;
    }
    for (const QJsonValue &row : arrayOf(value(Backups))) {
        const QJsonArray a = row.toArray();
        snapshot.backups << BackupRow{a[0].toInt(), a[1].toString(), integerOf(a[2]), integerOf(a[3])};
    }
    return value(ConfigurationTime).toLongLong();
}

Vitals readVitalsRow(const QSqlQuery &query, qint64 nowUs)
{
    Vitals vitals;
    vitals.readUs = nowUs;
    const QJsonArray archiver = arrayOf(query.value(Archiver));
    vitals.archived = integerOf(archiver[0]);
    vitals.archiveFailures = integerOf(archiver[1]);
    vitals.lastArchivedUs = integerOf(archiver[2]);
    vitals.lastArchiveFailedUs = integerOf(archiver[3]);
    vitals.lastFailedWal = archiver[4].toString();
    const QJsonObject conflicts = QJsonDocument::fromJson(query.value(Conflicts).toByteArray()).object();
    for (auto it = conflicts.begin(); it != conflicts.end(); ++it) {
        if (const auto count = integerOf(it.value()))
            vitals.conflicts.insert(it.key(), *count);
    }
    if (const QJsonArray a = arrayOf(query.value(Transaction)); !a.isEmpty())
        vitals.oldestTransaction = TransactionRow{a[0].toInt(),    a[1].toInteger(), integerOf(a[2]),
                                                  a[3].toString(), a[4].toString(),  a[5].toString()};
    const QJsonArray frozen = arrayOf(query.value(Frozen));
    vitals.frozenXidAge = integerOf(frozen[0]);
    vitals.frozenXidDatabase = frozen[1].toString();
    return vitals;
}

void takeSettings(QMap<QString, QString> settings, NodeSnapshot &snapshot)
{
    const QString conninfo = settings.take(QStringLiteral("primary_conninfo"));
    if (snapshot.primaryConninfo.isEmpty() && !conninfo.isEmpty())
        snapshot.primaryConninfo = withoutPassword(conninfo);
    snapshot.conninfoSetting = withoutPassword(conninfo);
    snapshot.conninfoHasPassword = holdsPassword(conninfo);
    // 12 counts segments; everybody else bytes.
    if (const QString segments = settings.take(QStringLiteral("wal_keep_segments")); !segments.isEmpty())
        settings.insert(QStringLiteral("wal_keep_size"),
                        QString::number(segments.toLongLong() *
                                        settings.value(QStringLiteral("wal_segment_size")).toLongLong()));
    snapshot.primarySlotName = settings.value(QStringLiteral("primary_slot_name"));
    snapshot.clusterName = settings.value(QStringLiteral("cluster_name"));
    snapshot.dataDirectory = settings.value(QStringLiteral("data_directory"));
    snapshot.listenPort = settings.value(QStringLiteral("port")).toInt();
    snapshot.settings = std::move(settings);
}

void tellSettings(const NodeSnapshot &from, NodeSnapshot &snapshot)
{
    if (snapshot.primaryConninfo.isEmpty())
        snapshot.primaryConninfo = from.primaryConninfo;
    snapshot.conninfoSetting = from.conninfoSetting;
    snapshot.conninfoHasPassword = from.conninfoHasPassword;
    snapshot.primarySlotName = from.primarySlotName;
    snapshot.clusterName = from.clusterName;
    snapshot.dataDirectory = from.dataDirectory;
    snapshot.listenPort = from.listenPort;
    snapshot.settings = from.settings;
}

} // namespace understudy
