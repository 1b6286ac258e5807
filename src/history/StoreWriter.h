// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/LagHistory.h"
#include "history/StoreProblem.h"
#include "history/StoreSettings.h"
#include "model/Clock.h"

#include <functional>
#include <memory>
#include <optional>

namespace understudy {

/// How keeping history goes.
struct StoreState
{
    bool writing = false;                ///< The file is open and takes what comes.
    std::optional<StoreProblem> problem; ///< Why not, or what was done about it.
    QString setAside;                    ///< Where a damaged file went; empty if none did.
    qint64 written = 0;                  ///< Looks that stand in the file.
    qint64 dropped = 0;                  ///< Looks that were let go since the file took none.
    bool operator==(const StoreState &) const = default;
};

/// Keeps looks in a file: a thread of its own writes what came every second, rolls up and drops what is old.
/// Nothing that happens to the file reaches who hands looks over: the queue is bounded, a file that cannot be
/// used is tried again, a damaged one is set aside and a new one begun. To be used from one thread.
class StoreWriter
{
public:
    struct Options
    {
        QString path; ///< Its folder is made if need be.
        StoreSettings settings;
        /// The file's name is ours, in a folder of ours: whatever stands there is set aside if it is no
        /// store. A file that a person named is left alone then.
        bool ours = false;
        int batchMs = 1000;
        int retryMs = 10000;      ///< After a problem, so long.
        qint64 mostNodes = 60000; ///< In the queue, all looks together; some 60 MB.
        const Clock *clock = &SystemClock::instance();
        std::function<void(const StoreState &)> told; ///< On the writer's thread, whenever the state changes.
    };

    explicit StoreWriter(const Options &options);
    ~StoreWriter(); ///< Writes what is queued, if the file takes it, and waits for that.
    StoreWriter(const StoreWriter &) = delete;
    StoreWriter &operator=(const StoreWriter &) = delete;

    void add(const Topology &topology); ///< Returns at once.
    void note(const HistoryEvent &event);
    StoreState state() const;
    /// Until all that was added is in the file, or @p timeoutMs is over. Blocks: verbs and tests.
    bool waitUntilWritten(int timeoutMs) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace understudy
