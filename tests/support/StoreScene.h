// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/StoreFile.h"
#include "history/StoreIntake.h"
#include "history/StoreReader.h"
#include "history/StoreUpkeep.h"
#include "model/Topology.h"

#include <QDir>
#include <QTemporaryDir>

/// Looks made by hand, and a store to put them into without a thread.
namespace understudy::storescene {

constexpr qint64 second = 1000000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
constexpr qint64 start = qint64(1763380800) * second; // 17 November 2025, 12:00 UTC

inline NodeId standbyId(int i)
{
    return QStringLiteral("db%1:5432").arg(i);
}

/// A primary and so many standbys, each with a slot; every number follows from the time and @p bytes.
inline Topology look(qint64 atUs, int standbys = 2, qint64 bytes = 1000)
{
    Cluster cluster;
    cluster.systemIdentifier = QStringLiteral("7573920148826316834");
    Node primary;
    primary.id = standbyId(0);
    primary.name = QStringLiteral("primary");
    primary.role = Role::Primary;
    primary.state = NodeState::Up;
    primary.answer = Answer::Answered;
    primary.timeline = 1;
    primary.lsn = Lsn(quint64(atUs / 1000));
    primary.walRate = 5000 + double(atUs / second % 100);
    cluster.nodes << primary;
    for (int i = 1; i <= standbys; ++i) {
        Node node = primary;
        node.id = standbyId(i);
        node.name = QStringLiteral("standby%1").arg(i);
        node.role = Role::Standby;
        node.lsn = Lsn(primary.lsn->bytes() - quint64(bytes));
        node.receivedLsn = primary.lsn;
        node.walRate = 4000;
        cluster.nodes << node;
        Link link;
        link.upstream = primary.id;
        link.downstream = node.id;
        link.slot = QStringLiteral("slot%1").arg(i);
        link.state = LinkState::Streaming;
        link.lag = bytes == 0 ? LagState::CaughtUp : LagState::Replaying;
        link.lagBytes = bytes + i;
        link.lagSeconds = double((bytes + i) % 977) / 1000;
        link.stages = {0, bytes / 4, bytes / 2, bytes + i};
        link.walRate = 4000;
        cluster.links << link;
        Slot slot;
        slot.node = primary.id;
        slot.name = link.slot;
        slot.active = true;
        slot.walStatus = QStringLiteral("reserved");
        slot.retainedBytes = bytes / 2;
        cluster.slots_ << slot;
    }
    return {atUs, {cluster}};
}

/// A store in a temporary folder, written and kept up on this thread.
class Scene
{
public:
    QTemporaryDir folder;
    StoreSettings settings;
    StoreIntake intake{Q_INT64_C(300000000)};
    std::unique_ptr<StoreFile> file;
    std::unique_ptr<StoreUpkeep> upkeep;
    StoreBatch batch;
    qint64 monotonicUs = second;

    QString path() const { return folder.filePath(QStringLiteral("history.sqlite")); }

    Stored<void> open()
    {
        auto opened = StoreFile::open(path(), StoreDialect::sqlite());
        if (!opened)
            return storeFail(opened.error());
        file = std::move(*opened);
        upkeep = std::make_unique<StoreUpkeep>(file->connection(), settings);
        intake.begin(file->newestUs());
        return {};
    }
    void close()
    {
        upkeep.reset();
        file.reset();
    }
    /// @p passedUs: by the clock that never jumps.
    void take(const Topology &topology, qint64 passedUs = second)
    {
        monotonicUs += passedUs;
        intake.take(topology, monotonicUs, batch);
    }
    bool write()
    {
        const bool written = bool(file->write(batch));
        batch = {};
        return written;
    }
    /// As long as there is something to do.
    bool keepUp(qint64 nowUs)
    {
        for (int i = 0; i < 100000; ++i) {
            const auto done = upkeep->run(nowUs, monotonicUs >= intake.holdUntilMonotonicUs(), 1000);
            if (!done || !done->more)
                return bool(done);
        }
        return false;
    }
    qint64 number(const QString &sql) { return file->connection().number(sql).value_or(-42); }
    std::unique_ptr<StoreReader> reader() const
    {
        auto opened = StoreReader::open(path());
        return opened ? std::move(*opened) : nullptr;
    }
};

/// The series of a standby, or of the slot of that name.
inline qint64 seriesOf(StoreReader &reader, const NodeId &node, const QString &slot = {})
{
    const auto all = reader.series();
    for (const StoreSeries &one : all.value_or(QList<StoreSeries>()))
        if (one.key.node == node && one.key.slot == slot)
            return one.id;
    return -1;
}

} // namespace understudy::storescene
