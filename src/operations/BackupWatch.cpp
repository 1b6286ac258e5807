// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/BackupWatch.h"

#include "model/Clock.h"
#include "model/Format.h"
#include "model/Quote.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace understudy {

namespace {

using Lines = std::vector<std::pair<Stream, QString>>;

constexpr auto period = std::chrono::milliseconds(500);
constexpr qint64 reconnectUs = 1'000'000;

// What the helper thread hands over.
struct Shared
{
    std::mutex mutex;
    std::condition_variable_any changed;
    Lines lines;
    bool ended = false;
};

std::optional<qint64> number(const QVariant &value)
{
    bool ok = false;
    const qint64 n = value.toLongLong(&ok);
    return value.isNull() || !ok ? std::nullopt : std::optional(n);
}

} // namespace

bool BackupWatch::readDetails(BackupProgress &progress, std::stop_token stop)
{
    const QString sql =
        QStringLiteral("SELECT b.phase, b.backup_total, b.backup_streamed, "
                       "(SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() "
                       "ELSE pg_current_wal_lsn() END, restart_lsn)::bigint FROM pg_replication_slots "
                       "WHERE slot_name = %1) "
                       "FROM (SELECT 1) one LEFT JOIN (SELECT p.* FROM pg_stat_progress_basebackup p "
                       "JOIN pg_stat_activity a USING (pid) WHERE a.backend_start >= %2::timestamptz "
                       "ORDER BY a.backend_start LIMIT 1) b ON true")
            .arg(quote::sqlLiteral(m_slot), quote::sqlLiteral(m_since));
    const auto rows = m_upstream->query(sql, {}, 2000, stop);
    const QVariantList row = rows ? rows->rows.value(0) : QVariantList();
    if (row.size() < 4)
        return false;
    const qint64 now = SystemClock::instance().monotonicUs();
    progress.readServer(row[0].toString(), number(row[1]), number(row[2]), now);
    progress.readRetained(number(row[3]));
    return true;
}

void BackupWatch::ask(BackupProgress &progress, std::stop_token stop)
{
    const qint64 now = SystemClock::instance().monotonicUs();
    if (!m_upstream && m_reconnect && now - m_triedUs >= reconnectUs) {
        m_triedUs = now;
        m_upstream = m_reconnect();
    }
    if (!m_upstream)
        return;
    if (m_details)
        m_details = readDetails(progress, stop);
    // Before 13 there is no such view: the program's own words are enough, and that it answers.
    if (!m_details && !m_upstream->query(QStringLiteral("SELECT 1"), {}, 2000, stop)) {
        m_upstream = nullptr;
        m_details = !m_since.isEmpty();
        return;
    }
    m_answeredUs = SystemClock::instance().monotonicUs();
}

Result<CommandResult> BackupWatch::run(Host &host, const Command &command, std::stop_token stop,
                                       const LineSink &lines, const ProgressSink &sink)
{
    const Clock &clock = SystemClock::instance();
    if (m_upstream) {
        const auto now = m_upstream->query(QStringLiteral("SELECT clock_timestamp()::text"), {}, 2000, stop);
        m_since = now ? now->first().toString() : QString();
    }
    m_details = !m_since.isEmpty();
    BackupProgress progress(clock.monotonicUs());
    Shared shared;
    Result<CommandResult> end = fail(QStringLiteral("It never ran."));
    std::stop_source ending;
    const std::stop_callback cancelled(stop, [&ending] { ending.request_stop(); });
    bool stoodStill = false;
    qint64 movedUs = m_answeredUs = clock.monotonicUs();
    qint64 doneBytes = 0;
    std::jthread program([&] {
        end = host.run(command, ending.get_token(), [&shared](Stream stream, const QString &line) {
            const std::lock_guard lock(shared.mutex);
            shared.lines.emplace_back(stream, line);
            shared.changed.notify_one();
        });
        const std::lock_guard lock(shared.mutex);
        shared.ended = true;
        shared.changed.notify_one();
    });
    for (bool ended = false; !ended;) {
        Lines come;
        {
            std::unique_lock lock(shared.mutex);
            shared.changed.wait_for(lock, period, [&] { return shared.ended || !shared.lines.empty(); });
            come.swap(shared.lines);
            ended = shared.ended;
        }
        for (const auto &[stream, line] : come) {
            progress.readLine(line, clock.monotonicUs());
            lines(stream, line);
        }
        if (!ended && !stoodStill)
            ask(progress, stop);
        const CopyProgress seen = progress.at(clock.monotonicUs());
        sink(seen);
        if (!come.empty() || seen.doneBytes != doneBytes)
            movedUs = clock.monotonicUs();
        doneBytes = seen.doneBytes;
        if (m_silenceMs > 0 && !ended && !stoodStill &&
            clock.monotonicUs() - std::max(movedUs, m_answeredUs) > qint64(m_silenceMs) * 1000) {
            stoodStill = true;
            ending.request_stop();
        }
    }
    program.join();
    if (stoodStill && !stop.stop_requested() && !(end && end->ok()))
        return fail(QStringLiteral("For %1 the copy brought nothing and the upstream did not answer.")
                        .arg(format::seconds(m_silenceMs / 1000.0)));
    if (end && end->ok()) {
        progress.finish(clock.monotonicUs());
        sink(progress.at(clock.monotonicUs()));
    }
    return end;
}

} // namespace understudy
