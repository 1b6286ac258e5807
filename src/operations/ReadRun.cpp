// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ReadRun.h"

#include "model/Clock.h"
#include "model/Quote.h"
#include "monitor/SqlThread.h"

#include <QSqlQuery>
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace understudy::reading {

namespace {

constexpr qint64 warmUpUs = 200000;
constexpr int statementTimeoutMs = 5000;
constexpr int openTimeoutMs = 6000;
constexpr int cutGraceMs = 500;
constexpr qint64 errorsBeforeGivingUp = 20;

qint64 nowUs()
{
    return SystemClock::instance().monotonicUs();
}

/// What one connection measured. Belongs to its thread until that has ended.
struct Reader
{
    std::vector<float> latencyMs;
    qint64 errors = 0;
    QString firstError;

    void failed(const QString &words)
    {
        if (errors++ == 0)
            firstError = words;
    }
};

/// All connections are open and warm before the clock runs for any of them; one that hangs is not waited for.
class Start
{
public:
    Start(int readers, double seconds) : m_waiting(readers), m_lengthUs(qint64(seconds * 1e6)) {}

    /// Returns when the reading ends.
    qint64 arrive(std::stop_token stop)
    {
        std::unique_lock lock(m_mutex);
        --m_waiting;
        m_all.notify_all();
        m_all.wait_for(lock, stop, std::chrono::milliseconds(openTimeoutMs),
                       [this] { return m_waiting <= 0 || m_beganUs > 0; });
        if (m_beganUs == 0) {
            m_beganUs = nowUs();
            m_all.notify_all();
        }
        return m_beganUs + m_lengthUs;
    }
    qint64 beganUs() const
    {
        const std::lock_guard lock(m_mutex);
        return m_beganUs;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable_any m_all;
    int m_waiting;
    qint64 m_lengthUs;
    qint64 m_beganUs = 0;
};

/// One query; the error's words when it failed.
std::optional<QString> ask(QSqlQuery &query, const QString &statement)
{
    if (!query.exec(statement))
        return classify(query.lastError()).text;
    while (query.next()) {
        // The rows are fetched: a reader wants them.
    }
    return std::nullopt;
}

/// Everything a reader needs, its own: it may outlive the run that began it.
struct Job
{
    Endpoint endpoint;
    std::shared_ptr<const SecretSource> secrets;
    ReadWorkload work;
    std::shared_ptr<Start> start;
    std::shared_ptr<Reader> reader;
    std::stop_token stop;
};

bool prepare(const Job &job, Connection &connection, const std::shared_ptr<SocketCut> &cut)
{
    Connection::Options options;
    options.applicationName = QStringLiteral("understudy_read_load");
    options.connectTimeoutS = 5;
    options.readOnly = true;
    options.statementTimeoutMs = statementTimeoutMs;
    if (const auto refused = connection.open(job.endpoint, *job.secrets, options, cut)) {
        job.reader->failed(refused->text);
        return false;
    }
    QSqlQuery query(connection.database());
    for (const QString &statement : job.work.prepare) {
        if (const auto error = ask(query, statement)) {
            job.reader->failed(*error);
            return false;
        }
    }
    return true;
}

void warmUp(const Job &job, QSqlQuery &query, std::mt19937 &random)
{
    const qint64 until = nowUs() + warmUpUs;
    while (nowUs() < until && !job.stop.stop_requested()) {
        if (ask(query, job.work.statement(random())))
            return;
    }
}

void measure(const Job &job, QSqlQuery &query, std::mt19937 &random, qint64 endUs)
{
    Reader &reader = *job.reader;
    while (!job.stop.stop_requested()) {
        const qint64 began = nowUs();
        if (began >= endUs)
            return;
        const auto error = ask(query, job.work.statement(random()));
        if (!error) {
            reader.latencyMs.push_back(float(nowUs() - began) / 1000.0F);
        } else if (!job.stop.stop_requested()) {
            reader.failed(*error);
            if (reader.errors >= errorsBeforeGivingUp)
                return;
        }
    }
}

/// The whole life of one connection, on its own thread: a hop to another one would be in every latency.
void read(const Job &job, Connection &connection, const std::shared_ptr<SocketCut> &cut)
{
    const bool ready = prepare(job, connection, cut);
    if (!ready) {
        job.start->arrive(job.stop);
        return;
    }
    std::mt19937 random(std::random_device{}());
    {
        QSqlQuery query(connection.database());
        query.setForwardOnly(true);
        warmUp(job, query, random);
        measure(job, query, random, job.start->arrive(job.stop));
    }
    connection.close();
}

/// The highest lag that the primary saw of the given slots and standbys while readers were at work.
class LagWatch
{
public:
    LagWatch(const std::optional<WatchedNode> &primary, const SecretSource &secrets,
             const QStringList &slots_)
        : m_primary(primary), m_secrets(secrets), m_slots(slots_)
    {
        if (m_primary && !m_slots.isEmpty())
            m_thread = std::jthread([this](std::stop_token stop) { watch(stop); });
    }
    std::optional<qint64> finish()
    {
        if (m_thread.joinable()) {
            m_thread.request_stop();
            m_thread.join();
        }
        return m_highest;
    }

private:
    std::optional<WatchedNode> m_primary;
    const SecretSource &m_secrets;
    QStringList m_slots;
    std::optional<qint64> m_highest;
    std::jthread m_thread;

    void watch(std::stop_token stop)
    {
        auto sql = openOn(*m_primary, {}, m_secrets, stop);
        if (!sql)
            return;
        QStringList literals;
        for (const QString &name : m_slots)
            literals.append(quote::sqlLiteral(name));
        const QString question =
            QStringLiteral("SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn))::bigint "
                           "FROM pg_stat_replication r JOIN pg_replication_slots s ON s.active_pid = r.pid "
                           "WHERE s.slot_name IN (%1)")
                .arg(literals.join(u','));
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!stop.stop_requested()) {
            const auto rows = (*sql)->query(question, {}, 2000, stop);
            if (rows && !rows->first().isNull())
                m_highest = std::max(m_highest.value_or(0), std::max<qint64>(0, rows->first().toLongLong()));
            wake.wait_for(lock, stop, std::chrono::milliseconds(250), [] { return false; });
        }
    }
};

/// Sum of recovery conflicts on a standby; nothing when it cannot be asked.
std::optional<qint64> conflictsOn(const QList<WatchedNode> &nodes, const SecretSource &secrets,
                                  std::stop_token stop)
{
    qint64 sum = 0;
    for (const WatchedNode &node : nodes) {
        auto sql = openOn(node, {}, secrets, stop);
        const auto rows =
            sql ? (*sql)->query(
                      QStringLiteral("SELECT coalesce(sum(conflicts), 0)::bigint FROM pg_stat_database"), {},
                      5000, stop)
                : Result<SqlRows>(tl::unexpected(sql.error()));
        if (!rows)
            return std::nullopt;
        sum += rows->first().toLongLong();
    }
    return sum;
}

double percentile(const std::vector<float> &sorted, double p)
{
    if (sorted.empty())
        return 0;
    const auto index = std::size_t(p * double(sorted.size() - 1) + 0.5);
    return double(sorted[std::min(index, sorted.size() - 1)]);
}

/// Takes what the readers measured. Whoever hangs is cut off, and left behind if even that does not help.
std::vector<Reader> collect(std::vector<std::unique_ptr<SqlThread>> &threads,
                            const std::vector<std::shared_ptr<Reader>> &readers, double seconds,
                            std::stop_token stop)
{
    std::vector<Reader> out;
    const qint64 deadline =
        nowUs() + (2 * openTimeoutMs + 2 * statementTimeoutMs) * qint64(1000) + qint64(seconds * 1e6);
    for (std::size_t i = 0; i < threads.size(); ++i) {
        const int left = int(std::max<qint64>(1, (deadline - nowUs()) / 1000));
        auto ended = threads[i]->wait(left, stop);
        if (ended != SqlThread::Wait::Done) {
            threads[i]->cut();
            ended = threads[i]->wait(cutGraceMs, {});
        }
        if (ended == SqlThread::Wait::Done) {
            out.push_back(std::move(*readers[i]));
        } else {
            out.emplace_back();
            out.back().failed(QStringLiteral("it does not answer"));
        }
    }
    return out;
}

void summarize(ReadLoadRun &run, const std::vector<Reader> &readers)
{
    std::vector<float> all;
    for (const Reader &reader : readers) {
        all.insert(all.end(), reader.latencyMs.begin(), reader.latencyMs.end());
        run.errors += reader.errors;
        if (run.error.isEmpty())
            run.error = reader.firstError;
    }
    std::sort(all.begin(), all.end());
    run.queries = qint64(all.size());
    run.perSecond = run.seconds > 0 ? double(run.queries) / run.seconds : 0;
    run.medianMs = percentile(all, 0.5);
    run.p95Ms = percentile(all, 0.95);
}

} // namespace

Result<std::unique_ptr<SqlSession>> openOn(const WatchedNode &node, const QString &database,
                                           const SecretSource &secrets, std::stop_token stop)
{
    Endpoint endpoint = node.endpoint;
    if (!database.isEmpty())
        endpoint.database = database;
    SqlSession::Options options;
    options.applicationName = QStringLiteral("understudy_read_load");
    options.readOnly = true;
    return SqlSession::open(endpoint, secrets, options, stop);
}

std::optional<WatchedNode> findPrimary(const ClusterSpec &spec, const QList<WatchedNode> &standbys,
                                       const SecretSource &secrets, std::stop_token stop)
{
    for (const WatchedNode &node : spec.nodes) {
        const bool reads =
            std::any_of(standbys.begin(), standbys.end(), [&](const auto &s) { return s.id == node.id; });
        if (reads)
            continue;
        auto sql = openOn(node, {}, secrets, stop);
        const auto rows = sql ? (*sql)->query(QStringLiteral("SELECT pg_is_in_recovery()"), {}, 3000, stop)
                              : Result<SqlRows>(tl::unexpected(sql.error()));
        if (rows && !rows->first().toBool())
            return node;
    }
    return std::nullopt;
}

QString slotOf(const WatchedNode &node, const SecretSource &secrets, std::stop_token stop)
{
    auto sql = openOn(node, {}, secrets, stop);
    if (!sql)
        return {};
    const auto rows =
        (*sql)->query(QStringLiteral("SELECT slot_name FROM pg_stat_wal_receiver"), {}, 3000, stop);
    return rows ? rows->first().toString() : QString();
}

ReadLoadRun runOn(const QString &label, const QList<WatchedNode> &nodes, const RunScene &scene,
                  const QStringList &slots_, std::stop_token stop)
{
    ReadLoadRun run;
    run.label = label;
    for (const WatchedNode &node : nodes)
        run.nodes.append(node.id);
    // Asked with a deadline, so that a server which hangs already is noticed before readers are sent there.
    for (const WatchedNode &node : nodes) {
        if (const auto probe = openOn(node, scene.database, *scene.secrets, stop); !probe) {
            run.errors = 1;
            run.error = probe.error().what;
            return run;
        }
    }
    const auto before = conflictsOn(nodes, *scene.secrets, stop);
    // The same number of connections for each run: only where they go differs.
    const int connections = std::max(scene.connections, int(nodes.size()));
    const auto start = std::make_shared<Start>(connections, scene.seconds);
    LagWatch lag(scene.primary, *scene.secrets, slots_);
    std::vector<std::unique_ptr<SqlThread>> threads;
    std::vector<std::shared_ptr<Reader>> readers;
    for (int i = 0; i < connections; ++i) {
        Endpoint endpoint = nodes.at(i % nodes.size()).endpoint;
        if (!scene.database.isEmpty())
            endpoint.database = scene.database;
        readers.push_back(std::make_shared<Reader>());
        threads.push_back(std::make_unique<SqlThread>());
        const Job job{endpoint, scene.secrets, scene.work, start, readers.back(), stop};
        threads.back()->post([job](Connection &connection, const std::shared_ptr<SocketCut> &cut) {
            read(job, connection, cut);
        });
    }
    const std::vector<Reader> measured = collect(threads, readers, scene.seconds, stop);
    run.seconds = start->beganUs() > 0 ? double(nowUs() - start->beganUs()) / 1e6 : 0;
    run.highestLagBytes = lag.finish();
    summarize(run, measured);
    run.stopped = stop.stop_requested();
    const auto after = conflictsOn(nodes, *scene.secrets, stop);
    if (before && after)
        run.conflicts = std::max<qint64>(0, *after - *before);
    return run;
}

} // namespace understudy::reading
