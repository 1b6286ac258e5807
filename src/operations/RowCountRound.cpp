// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/RowCountRound.h"

#include "model/Clock.h"
#include "model/Quote.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace understudy::counting {

namespace {

constexpr int countTimeoutMs = 60000;
constexpr qint64 replayDeadlineUs = 30 * 1000000LL;
constexpr qint64 pausedGraceUs = 1000000;

/// All tables in one snapshot. A table that could not be counted is absent; @p note keeps the first reason.
QMap<qint64, qint64> countAll(SqlSession &sql, const QList<Table> &tables, std::stop_token stop,
                              QString *note)
{
    QMap<qint64, qint64> out;
    const auto begun =
        sql.query(QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), {}, 10000, stop);
    if (!begun) {
        *note = begun.error().what;
        return out;
    }
    for (const Table &table : tables) {
        const auto rows = sql.query(QStringLiteral("SELECT count(*)::bigint FROM ONLY ") + table.sql, {},
                                    countTimeoutMs, stop);
        if (!rows) {
            if (note->isEmpty())
                *note = rows.error().what;
            // The transaction is aborted; the rest of the tables gets a new snapshot of its own.
            (void)sql.query(QStringLiteral("ROLLBACK"), {}, 10000, stop);
            (void)sql.query(QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), {}, 10000,
                            stop);
            continue;
        }
        out.insert(table.oid, rows->first().toLongLong());
    }
    (void)sql.query(QStringLiteral("COMMIT"), {}, 10000, stop);
    return out;
}

StandbyCounts countStandby(const WatchedNode &node, const QString &database, Lsn target,
                           const QList<Table> &tables, const SecretSource &secrets, std::stop_token stop)
{
    StandbyCounts out;
    out.node = node.id;
    auto sql = sessionOn(node, database, secrets, stop);
    if (!sql) {
        out.note = sql.error().what;
        return out;
    }
    out.note = waitForReplay(**sql, target, stop);
    if (out.note.isEmpty())
        out.rows = countAll(**sql, tables, stop, &out.note);
    return out;
}

} // namespace

SqlSession::Options sessionOptions()
{
    SqlSession::Options options;
    options.applicationName = QStringLiteral("understudy_verify");
    options.readOnly = true;
    return options;
}

Result<std::unique_ptr<SqlSession>> sessionOn(const WatchedNode &node, const QString &database,
                                              const SecretSource &secrets, std::stop_token stop)
{
    Endpoint endpoint = node.endpoint;
    endpoint.database = database;
    return SqlSession::open(endpoint, secrets, sessionOptions(), std::move(stop));
}

Sides sidesOf(const QList<CountedNode> &nodes)
{
    Sides out;
    for (const CountedNode &counted : nodes) {
        if (counted.primary)
            out.primary = counted.node;
        else
            out.standbys.append(counted.node);
    }
    return out;
}

void onEach(qsizetype count, const std::function<void(qsizetype)> &ask)
{
    std::vector<std::jthread> threads;
    for (qsizetype i = 0; i < count; ++i)
        threads.emplace_back([&ask, i] { ask(i); });
}

Result<Lsn> insertPosition(SqlSession &primary, std::stop_token stop)
{
    const auto rows =
        primary.query(QStringLiteral("SELECT pg_current_wal_insert_lsn()::text"), {}, 10000, stop);
    if (!rows)
        return tl::unexpected(rows.error());
    const auto lsn = Lsn::parse(rows->first().toString());
    if (!lsn)
        return fail(QStringLiteral("the primary did not say its WAL position"));
    // At the start of a page the insert position is past the page's header, which an idle standby never
    // reaches.
    constexpr quint64 page = 8192, longestHeader = 40;
    const quint64 into = lsn->bytes() % page;
    return into <= longestHeader ? Lsn(lsn->bytes() - into) : *lsn;
}

QString waitForReplay(SqlSession &sql, Lsn target, std::stop_token stop)
{
    const Clock &clock = SystemClock::instance();
    const qint64 began = clock.monotonicUs();
    for (;;) {
        const auto rows = sql.query(
            QStringLiteral("SELECT pg_last_wal_replay_lsn()::text, CASE WHEN pg_is_in_recovery() THEN "
                           "pg_is_wal_replay_paused() ELSE false END, pg_is_in_recovery()"),
            {}, 10000, stop);
        if (!rows || rows->rows.isEmpty())
            return rows ? QStringLiteral("no answer") : rows.error().what;
        const QVariantList &row = rows->rows.first();
        if (!row.at(2).toBool())
            return QStringLiteral("it is no standby any more");
        const auto replayed = Lsn::parse(row.at(0).toString());
        if (replayed && *replayed >= target)
            return {};
        const qint64 waited = clock.monotonicUs() - began;
        const QString at = replayed ? replayed->toString() : QStringLiteral("an unknown position");
        if (row.at(1).toBool() && waited > pausedGraceUs)
            return QStringLiteral("replay is paused at %1").arg(at);
        if (waited > replayDeadlineUs)
            return QStringLiteral("it stayed at %1 for 30 s").arg(at);
        if (stop.stop_requested())
            return QStringLiteral("stopped");
        pause(50, stop);
    }
}

void pause(int ms, std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, std::chrono::milliseconds(ms), [] { return false; });
}

Result<QList<Table>> allTables(SqlSession &primary, std::stop_token stop)
{
    // Unlogged and temporary tables are not replicated: a standby has them empty or not at all.
    const auto rows = primary.query(
        QStringLiteral(
            "SELECT c.oid::bigint, n.nspname, c.relname, pg_relation_size(c.oid)::bigint AS bytes, "
            "pg_table_size(c.oid)::bigint "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind = 'r' AND c.relpersistence = 'p' "
            "AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_' "
            "AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') "
            "ORDER BY bytes, c.oid"),
        {}, 20000, stop);
    if (!rows)
        return tl::unexpected(rows.error());
    QList<Table> all;
    for (const QVariantList &row : rows->rows) {
        const QString schema = row.at(1).toString(), name = row.at(2).toString();
        all.append(Table{row.at(0).toLongLong(), schema + u'.' + name,
                         quote::sqlIdentifier(schema) + u'.' + quote::sqlIdentifier(name),
                         row.at(3).toLongLong(), row.at(4).toLongLong()});
    }
    return all;
}

Result<QList<Table>> chooseTables(SqlSession &primary, std::stop_token stop, const QStringList &wanted)
{
    const auto all = allTables(primary, stop);
    if (!all)
        return tl::unexpected(all.error());
    if (wanted.isEmpty()) {
        constexpr qsizetype small = 20;
        if (all->size() <= small + 1)
            return all;
        QList<Table> chosen = all->mid(0, small);
        chosen.append(all->last());
        return chosen;
    }
    QStringList names;
    for (const Table &table : *all)
        names.append(table.name);
    if (const auto known = checkTables(wanted, names); !known)
        return tl::unexpected(known.error());
    QList<Table> chosen;
    for (const Table &table : *all)
        if (wanted.contains(table.name) || wanted.contains(table.name.section(u'.', 1)))
            chosen.append(table);
    return chosen;
}

QMap<qint64, TableChanges> changes(SqlSession &primary, const QList<Table> &tables, std::stop_token stop)
{
    QStringList oids;
    for (const Table &table : tables)
        oids.append(QString::number(table.oid));
    QMap<qint64, TableChanges> out;
    const auto rows = primary.query(
        QStringLiteral(
            "SELECT c.oid::bigint, pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_deleted(c.oid), "
            "coalesce(pg_relation_filenode(c.oid), 0)::bigint FROM pg_class c WHERE c.oid IN (%1) "
            "AND current_setting('track_counts')::bool")
            .arg(oids.join(u',')),
        {}, 10000, stop);
    if (!rows)
        return out;
    for (const QVariantList &row : rows->rows)
        out.insert(row.at(0).toLongLong(),
                   TableChanges{row.at(1).toLongLong(), row.at(2).toLongLong(), row.at(3).toLongLong()});
    return out;
}

Pass countOnce(SqlSession &primary, const QList<WatchedNode> &standbys, const QString &database,
               const QList<Table> &tables, const SecretSource &secrets, std::stop_token stop,
               const std::function<void(const QString &)> &say)
{
    Pass pass;
    const auto changesBefore = changes(primary, tables, stop);
    const auto before = countAll(primary, tables, stop, &pass.error);
    const auto target = insertPosition(primary, stop);
    if (!target) {
        pass.error = target.error().what;
        return pass;
    }
    pass.lsn = target->toString();
    if (say)
        say(QStringLiteral("Waiting until every standby has replayed past %1").arg(pass.lsn));
    pass.standbys.resize(standbys.size());
    StandbyCounts *counts = pass.standbys.data(); // A thread each writes into its own.
    onEach(standbys.size(), [&](qsizetype i) {
        counts[i] = countStandby(standbys.at(i), database, *target, tables, secrets, stop);
    });
    const auto after = countAll(primary, tables, stop, &pass.error);
    const auto changesAfter = changes(primary, tables, stop);
    for (const Table &table : tables) {
        CountRound round;
        if (before.contains(table.oid))
            round.before = before.value(table.oid);
        if (after.contains(table.oid))
            round.after = after.value(table.oid);
        if (changesBefore.contains(table.oid))
            round.changesBefore = changesBefore.value(table.oid);
        if (changesAfter.contains(table.oid))
            round.changesAfter = changesAfter.value(table.oid);
        round.countersTrusted = round.changesBefore && round.changesAfter;
        pass.primary.insert(table.oid, round);
    }
    return pass;
}

} // namespace understudy::counting
