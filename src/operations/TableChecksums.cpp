// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/TableChecksums.h"

#include "model/Clock.h"
#include "model/Format.h"
#include "operations/RowCountRound.h"

#include <QSet>

namespace understudy {

namespace {

using counting::Table;
using State = TableChecksum::State;

/// Rows and sum of hashes of one table, or why not.
struct Sum
{
    QString value;
    QString error;
};
using Sums = QMap<qint64, Sum>;
using Counters = QMap<qint64, QString>;

/// Changes to each table since ever, as one text; another one: written. Absent: not tracked.
Counters counters(SqlSession &primary, const QList<Table> &tables, std::stop_token stop)
{
    QStringList oids;
    for (const Table &table : tables)
        oids.append(QString::number(table.oid));
    Counters out;
    const auto rows = primary.query(
        QStringLiteral("SELECT c.oid::bigint, concat_ws(' ', pg_stat_get_tuples_inserted(c.oid), "
                       "pg_stat_get_tuples_updated(c.oid), pg_stat_get_tuples_deleted(c.oid), "
                       "pg_relation_filenode(c.oid)) FROM pg_class c WHERE c.oid IN (%1) "
                       "AND current_setting('track_counts')::bool")
            .arg(oids.join(u',')),
        {}, 10000, stop);
    if (rows)
        for (const QVariantList &row : rows->rows)
            out.insert(row.at(0).toLongLong(), row.at(1).toString());
    return out;
}

/// The sums of all tables, bounded in time. How a value is written must be the same on all nodes.
Sums sumsOf(SqlSession &sql, const QList<Table> &tables, double seconds, std::stop_token stop)
{
    Sums out;
    const Clock &clock = SystemClock::instance();
    const qint64 until = clock.monotonicUs() + qint64(seconds * 1e6);
    for (const Table &table : tables) {
        const qint64 left = (until - clock.monotonicUs()) / 1000;
        if (left < 50 || stop.stop_requested()) {
            out.insert(table.oid,
                       {{}, QStringLiteral("the %1 for it were over").arg(format::seconds(seconds))});
            continue;
        }
        // One text with several statements would be one transaction too, but gives only the last answer.
        QString error;
        for (const QString &statement : {QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
                                         QStringLiteral("SET LOCAL statement_timeout = %1").arg(left),
                                         QStringLiteral("SET LOCAL datestyle = 'ISO, YMD'"),
                                         QStringLiteral("SET LOCAL timezone = 'UTC'"),
                                         QStringLiteral("SET LOCAL intervalstyle = 'iso_8601'"),
                                         QStringLiteral("SET LOCAL extra_float_digits = 3"),
                                         QStringLiteral("SET LOCAL bytea_output = 'hex'"),
                                         QStringLiteral("SET LOCAL lc_monetary = 'C'")}) {
            if (const auto done = sql.query(statement, {}, 10000, stop); !done && error.isEmpty())
                error = done.error().what;
        }
        Sum sum{{}, error};
        if (error.isEmpty()) {
            const auto rows =
                sql.query(QStringLiteral("SELECT count(*)::text || ' ' || "
                                         "coalesce(sum(hashtextextended((x.*)::text, 0)::numeric), 0)::text "
                                         "FROM ONLY %1 AS x")
                              .arg(table.sql),
                          {}, int(left) + 2000, stop);
            if (rows)
                sum.value = rows->first().toString();
            else
                sum.error = rows.error().what;
        }
        (void)sql.query(QStringLiteral("ROLLBACK"), {}, 10000, stop);
        out.insert(table.oid, sum);
    }
    return out;
}

/// What one pass over the nodes saw.
struct Pass
{
    Sums before, after;
    Counters countersBefore, countersAfter;
    QList<std::pair<QString, Sums>> standbys; ///< By name
    QString lsn, error;
};

Sums onStandby(const WatchedNode &node, const QString &database, Lsn target, const QList<Table> &tables,
               double seconds, const SecretSource &secrets, std::stop_token stop)
{
    auto sql = counting::sessionOn(node, database, secrets, stop);
    const QString why = sql ? counting::waitForReplay(**sql, target, stop) : sql.error().what;
    if (why.isEmpty())
        return sumsOf(**sql, tables, seconds, stop);
    Sums out;
    for (const Table &table : tables)
        out.insert(table.oid, {{}, why});
    return out;
}

Pass look(SqlSession &primary, const QList<WatchedNode> &standbys, const QString &database,
          const QList<Table> &tables, double seconds, const SecretSource &secrets, std::stop_token stop)
{
    Pass pass;
    pass.countersBefore = counters(primary, tables, stop);
    pass.before = sumsOf(primary, tables, seconds, stop);
    const auto target = counting::insertPosition(primary, stop);
    if (!target) {
        pass.error = target.error().what;
        return pass;
    }
    pass.lsn = target->toString();
    for (const WatchedNode &node : standbys)
        pass.standbys.append({node.name.isEmpty() ? node.id : node.name, Sums()});
    auto *on = pass.standbys.data(); // A thread each writes into its own.
    counting::onEach(standbys.size(), [&](qsizetype i) {
        on[i].second = onStandby(standbys.at(i), database, *target, tables, seconds, secrets, stop);
    });
    pass.after = sumsOf(primary, tables, seconds, stop);
    pass.countersAfter = counters(primary, tables, stop);
    return pass;
}

/// What can be said of one table. Different is only said when nothing wrote it, as far as is known by now.
TableChecksum judge(const Table &table, const Pass &pass)
{
    TableChecksum out{table.name, State::CannotTell, {}};
    const Sum before = pass.before.value(table.oid), after = pass.after.value(table.oid);
    if (before.value.isEmpty() || after.value.isEmpty()) {
        const QString why = !pass.error.isEmpty()    ? pass.error
                            : before.error.isEmpty() ? after.error
                                                     : before.error;
        out.words = QStringLiteral("Could not be read on the primary: %1").arg(why);
        return out;
    }
    if (before.value != after.value) {
        out.state = State::Written;
        out.words = QStringLiteral("Written meanwhile, so it was not compared.");
        return out;
    }
    QStringList missing, different;
    for (const auto &[name, sums] : pass.standbys) {
        const Sum sum = sums.value(table.oid);
        if (sum.value.isEmpty())
            missing.append(QStringLiteral("%1 (%2)").arg(name, sum.error));
        else if (sum.value != before.value)
            different.append(name);
    }
    const bool tracked = pass.countersBefore.contains(table.oid) && pass.countersAfter.contains(table.oid);
    if (!different.isEmpty() && !tracked) {
        out.words = QStringLiteral("Could not be told: changes are not counted (track_counts is off).");
    } else if (!different.isEmpty() &&
               pass.countersBefore.value(table.oid) != pass.countersAfter.value(table.oid)) {
        out.state = State::Written;
        out.words = QStringLiteral("Written meanwhile, so it was not compared.");
    } else if (!different.isEmpty()) {
        out.state = State::Different;
        out.words = QStringLiteral("The table was quiet, and its content on %1 is not that of the primary.")
                        .arg(different.join(QStringLiteral(", ")));
    } else if (!missing.isEmpty()) {
        out.words = QStringLiteral("Could not be told for %1.").arg(missing.join(QStringLiteral(", ")));
    } else {
        out.state = State::Equal;
        out.words = QStringLiteral("Equal on %1 at %2.").arg(allOf(pass.standbys.size() + 1), pass.lsn);
    }
    return out;
}

} // namespace

Result<QList<TableChecksum>> compareTables(const QList<CountedNode> &nodes, const QString &database,
                                           const QStringList &wanted, const ChecksumOptions &options,
                                           const SecretSource &secrets, std::stop_token stop,
                                           const std::function<void(const QString &)> &say)
{
    const auto [primary, standbys] = counting::sidesOf(nodes);
    if (!primary || standbys.isEmpty())
        return fail(QStringLiteral("A primary and a standby that answer are needed to compare them."));
    auto sql = counting::sessionOn(*primary, database, secrets, stop);
    if (!sql)
        return tl::unexpected(sql.error());
    const auto tables = counting::chooseTables(**sql, stop, wanted);
    if (!tables)
        return tl::unexpected(tables.error());
    QList<TableChecksum> out;
    QList<Table> left;
    for (const Table &table : *tables) {
        if (table.wholeBytes <= options.largestBytes)
            left.append(table);
        else
            out.append({table.name, State::TooLarge,
                        QStringLiteral("%1 are more than the %2 that are compared.")
                            .arg(format::bytes(table.wholeBytes), format::bytes(options.largestBytes))});
    }
    if (left.isEmpty() && out.isEmpty())
        return fail(QStringLiteral("There is no table to compare in the database %1.").arg(database));
    QMap<qint64, TableChecksum> judged;
    const auto judgeAll = [&](const Pass &pass) {
        QList<Table> again;
        for (const Table &table : left) {
            judged.insert(table.oid, judge(table, pass));
            if (judged.value(table.oid).state == State::Different)
                again.append(table);
        }
        return again;
    };
    const QList<Table> all = left;
    for (int round = 0; round < counting::rounds && !left.isEmpty() && !stop.stop_requested(); ++round) {
        if (say)
            say(QStringLiteral("Comparing the content of %1")
                    .arg(format::plural(left.size(), QStringLiteral("table"))));
        Pass pass = look(**sql, standbys, database, left, options.seconds, secrets, stop);
        left = judgeAll(pass);
        for (int read = 0; read < counting::counterReads && !left.isEmpty() && !stop.stop_requested();
             ++read) {
            counting::pause(counting::counterGapMs, stop);
            const Counters later = counters(**sql, left, stop);
            for (const Table &table : left)
                if (later.contains(table.oid))
                    pass.countersAfter.insert(table.oid, later.value(table.oid));
            left = judgeAll(pass);
        }
    }
    for (const Table &table : all)
        out.append(judged.value(table.oid, {table.name, State::CannotTell, QStringLiteral("Stopped.")}));
    return out;
}

} // namespace understudy
