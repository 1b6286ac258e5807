// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/StoreWriter.h"

#include "history/StoreFile.h"
#include "history/StoreIntake.h"
#include "history/StoreLock.h"
#include "history/StoreUpkeep.h"
#include "model/Format.h"

#include <QDir>
#include <QFileInfo>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <variant>

namespace understudy {

namespace {

constexpr int looksInBatch = 128;
constexpr int upkeepMs = 50;        ///< Between two batches, at most about so long.
constexpr int lockedBeforeSaid = 3; ///< A backup may hold it for a moment.
constexpr std::size_t mostNotes = 1000;

using Steady = std::chrono::steady_clock;

qint64 weightOf(const Topology &topology)
{
    qint64 nodes = 1;
    for (const Cluster &cluster : topology.clusters)
        nodes += cluster.nodes.size();
    return nodes;
}

struct QueuedLook
{
    Topology topology;
    qint64 monotonicUs = 0;
};

} // namespace

struct StoreWriter::Private
{
    Options options;
    mutable std::mutex mutex;
    mutable std::condition_variable_any changed;
    std::deque<QueuedLook> looks;
    std::deque<HistoryEvent> notes;
    qint64 weight = 0;    ///< Of the queue.
    qint64 lost = 0;      ///< Looks let go that no event speaks of yet.
    bool working = false; ///< What was taken out of the queue is not in the file yet.
    StoreState state;

    // The thread's own.
    StoreIntake intake;
    std::unique_ptr<StoreLock> lock;
    std::unique_ptr<StoreFile> file;
    std::unique_ptr<StoreUpkeep> upkeep;
    StoreBatch pending;
    qint64 newestUs = 0; ///< Of what was written.
    bool moreUpkeep = false;
    int lockedTimes = 0;
    bool setAsideBefore = false;
    Steady::time_point nextTry{}, nextShortened{};
    std::jthread thread;

    explicit Private(const Options &given)
        : options(given), intake(qint64(given.settings.keyframeSeconds) * 1000000)
    {
    }

    void run(const std::stop_token &stop);
    void openFile();
    void closeFile();
    void fetch();
    void work(bool last);
    void keepUp();
    void failed(const StoreProblem &problem);
    void setAside(const StoreProblem &problem);
    void tell(const std::function<void(StoreState &)> &change);
    bool idle() const { return looks.empty() && notes.empty() && !working; }
};

StoreWriter::StoreWriter(const Options &options) : d(std::make_unique<Private>(options))
{
    d->thread = std::jthread([this](const std::stop_token &stop) { d->run(stop); });
}

StoreWriter::~StoreWriter()
{
    d->thread.request_stop();
    d->thread.join();
}

void StoreWriter::add(const Topology &topology)
{
    const qint64 weight = weightOf(topology);
    const std::lock_guard lock(d->mutex);
    d->looks.push_back({topology, d->options.clock->monotonicUs()});
    d->weight += weight;
    while (d->weight > d->options.mostNodes && d->looks.size() > 1) {
        d->weight -= weightOf(d->looks.front().topology);
        d->looks.pop_front();
        ++d->lost;
        ++d->state.dropped;
    }
    d->changed.notify_all();
}

void StoreWriter::note(const HistoryEvent &event)
{
    const std::lock_guard lock(d->mutex);
    d->notes.push_back(event);
    if (d->notes.size() > mostNotes)
        d->notes.pop_front();
    d->changed.notify_all();
}

StoreState StoreWriter::state() const
{
    const std::lock_guard lock(d->mutex);
    return d->state;
}

bool StoreWriter::waitUntilWritten(int timeoutMs) const
{
    std::unique_lock lock(d->mutex);
    return d->changed.wait_for(lock, std::chrono::milliseconds(timeoutMs), [this] { return d->idle(); });
}

void StoreWriter::Private::tell(const std::function<void(StoreState &)> &change)
{
    StoreState now;
    {
        const std::lock_guard guard(mutex);
        const StoreState before = state;
        change(state);
        now = state;
        // How many were written is no news.
        if (before.writing == now.writing && before.problem == now.problem && before.setAside == now.setAside)
            return;
    }
    if (options.told)
        options.told(now);
}

void StoreWriter::Private::run(const std::stop_token &stop)
{
    const auto batch = std::chrono::milliseconds(options.batchMs);
    while (true) {
        {
            std::unique_lock guard(mutex);
            const auto comes = [this] { return !looks.empty() || !notes.empty(); };
            // What is at hand already waits for its time; what comes waits for the rest of its batch.
            if (!working && !moreUpkeep)
                changed.wait(guard, stop, comes);
            changed.wait_for(guard, stop, batch, [] { return false; });
        }
        const bool last = stop.stop_requested();
        if (!file && (last || Steady::now() >= nextTry))
            openFile();
        if (file)
            work(last);
        if (last)
            break;
    }
    closeFile();
}

void StoreWriter::Private::openFile()
{
    nextTry = Steady::now() + std::chrono::milliseconds(options.retryMs);
    QDir().mkpath(QFileInfo(options.path).absolutePath());
    auto taken = StoreLock::take(options.path);
    if (!taken) {
        failed(taken.error());
        return;
    }
    lock = std::move(*taken);
    auto opened = StoreFile::open(options.path, StoreDialect::sqlite());
    if (!opened) {
        failed(opened.error());
        return;
    }
    file = std::move(*opened);
    upkeep = std::make_unique<StoreUpkeep>(file->connection(), options.settings);
    intake.begin(file->newestUs());
    lockedTimes = 0;
}

void StoreWriter::Private::closeFile()
{
    upkeep.reset();
    file.reset();
    lock.reset();
    moreUpkeep = false;
}

/// From the queue into the batch, as long as the last one is in the file.
void StoreWriter::Private::fetch()
{
    std::deque<QueuedLook> taken;
    std::deque<HistoryEvent> told;
    qint64 without = 0;
    {
        const std::lock_guard guard(mutex);
        while (!looks.empty() && taken.size() < looksInBatch) {
            weight -= weightOf(looks.front().topology);
            taken.push_back(std::move(looks.front()));
            looks.pop_front();
        }
        told.swap(notes);
        std::swap(without, lost);
        working = !taken.empty() || !told.empty();
    }
    pending = {};
    if (without > 0 && !taken.empty())
        pending.events << StoreEvent{taken.front().topology.takenAtUs,
                                     QStringLiteral("looks_lost"),
                                     Severity::Warning,
                                     {},
                                     {},
                                     QStringLiteral("%1 could not be kept: the history could not be written")
                                         .arg(format::plural(without, QStringLiteral("look"))),
                                     false};
    for (const QueuedLook &look : taken)
        intake.take(look.topology, look.monotonicUs, pending);
    for (const HistoryEvent &event : told)
        intake.note(event, pending);
}

void StoreWriter::Private::work(bool last)
{
    if (file->wasReplaced()) {
        // Somebody moved or deleted it: what is written now would be seen by nobody.
        closeFile();
        openFile();
        if (!file)
            return;
    }
    for (bool more = true; more;) {
        if (!working)
            fetch();
        if (const auto written = file->write(pending); !written) {
            failed(written.error());
            return;
        }
        lockedTimes = 0;
        if (pending.taken > 0)
            newestUs = pending.newestUs;
        tell([this](StoreState &now) {
            now.writing = true;
            now.written += pending.taken;
            // What was set aside stays told.
            if (now.problem && now.problem->kind != StoreProblem::Kind::Corrupt)
                now.problem.reset();
        });
        pending = {};
        const std::lock_guard guard(mutex);
        working = false;
        more = last ? !looks.empty() : looks.size() >= looksInBatch;
        changed.notify_all();
    }
    keepUp();
}

void StoreWriter::Private::keepUp()
{
    if (newestUs == 0)
        return;
    const bool trusted = options.clock->monotonicUs() >= intake.holdUntilMonotonicUs();
    const auto kept = upkeep->run(newestUs, trusted, upkeepMs);
    if (!kept) {
        failed(kept.error());
        return;
    }
    moreUpkeep = kept->more;
    if (!kept->shortened || Steady::now() < nextShortened)
        return;
    nextShortened = Steady::now() + std::chrono::hours(24);
    const QString text = QStringLiteral("The history reached %1; the oldest of it goes before its time")
                             .arg(format::bytes(options.settings.mostBytes));
    StoreBatch batch;
    batch.events << StoreEvent{newestUs, QStringLiteral("shortened"), Severity::Notice, {}, {}, text, true};
    if (const auto written = file->write(batch); !written)
        failed(written.error());
}

void StoreWriter::Private::failed(const StoreProblem &problem)
{
    using Kind = StoreProblem::Kind;
    nextTry = Steady::now() + std::chrono::milliseconds(options.retryMs);
    if (problem.kind == Kind::Locked && file) {
        nextTry = {};
        if (++lockedTimes < lockedBeforeSaid)
            return;
    } else if (problem.kind == Kind::Corrupt || (problem.kind == Kind::Foreign && options.ours)) {
        setAside(problem);
        return;
    } else {
        closeFile();
    }
    tell([&problem](StoreState &now) {
        now.writing = false;
        now.problem = problem;
    });
}

void StoreWriter::Private::setAside(const StoreProblem &problem)
{
    upkeep.reset();
    file.reset();
    const auto moved = setStoreAside(options.path, options.clock->nowUs());
    if (!moved) {
        closeFile();
        tell([&moved](StoreState &now) {
            now.writing = false;
            now.problem = moved.error();
        });
        return;
    }
    StoreProblem told = storeProblem(StoreProblem::Kind::Corrupt, options.path, problem.detail);
    told.action = QStringLiteral("It was set aside beside it as %1, and a new one was begun.")
                      .arg(QFileInfo(*moved).fileName());
    tell([&](StoreState &now) {
        now.writing = false;
        now.problem = told;
        now.setAside = *moved;
    });
    closeFile();
    // At once; but a disk that damages every file must not be filled with them.
    if (!setAsideBefore)
        nextTry = {};
    setAsideBefore = true;
}

} // namespace understudy
