// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/RowCounts.h"

#include "model/Format.h"
#include "operations/RowCountRound.h"

#include <QSet>
#include <algorithm>

namespace understudy {

namespace {

using counting::Pass;
using counting::StandbyCounts;
using counting::Table;
using Kind = CountJudgement::Kind;

struct Verdict
{
    RowCount count;
    bool again = false; ///< Looks wrong: worth another round before anything is claimed.
};

RowCount::OnNode cell(const WatchedNode &node, std::optional<qint64> rows, const QString &note)
{
    return RowCount::OnNode{node.id, node.name, node.endpoint.address(), rows, note};
}

QString rangeWords(const CountJudgement &judged)
{
    return judged.lowest == judged.highest
               ? format::count(judged.lowest)
               : QStringLiteral("%1 to %2").arg(format::count(judged.lowest), format::count(judged.highest));
}

Verdict judge(const Table &table, const WatchedNode &primary, const QList<WatchedNode> &standbys,
              const Pass &pass)
{
    Verdict out;
    RowCount &count = out.count;
    const CountRound round = pass.primary.value(table.oid);
    count.table = table.name;
    count.countedAt = pass.lsn;
    count.exact = isQuiet(round);
    count.nodes.append(cell(primary, round.before, round.before ? QString() : pass.error));
    QStringList missing, different;
    QString range;
    for (qsizetype i = 0; i < standbys.size(); ++i) {
        const StandbyCounts &on = pass.standbys.at(i);
        const auto rows =
            on.rows.contains(table.oid) ? std::optional(on.rows.value(table.oid)) : std::nullopt;
        count.nodes.append(cell(standbys.at(i), rows, rows ? QString() : on.note));
        const CountJudgement judged = judgeCount(round, rows);
        const QString name = standbys.at(i).name;
        if (judged.kind == Kind::CannotTell)
            missing.append(rows || on.note.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, on.note));
        if (judged.kind == Kind::Different || judged.kind == Kind::OutOfRange)
            different.append(QStringLiteral("%1 has %2").arg(name, format::count(*rows)));
        if (judged.kind != Kind::CannotTell)
            range = rangeWords(judged);
    }
    const QString all = allOf(count.nodes.size());
    if (!different.isEmpty()) {
        out.again = true;
        count.words = count.exact
                          ? QStringLiteral("The primary has %1 and the table was quiet, but %2.")
                                .arg(format::count(*round.before), different.join(QStringLiteral(", ")))
                          : QStringLiteral("The table was written meanwhile: %1 were possible, but %2.")
                                .arg(range, different.join(QStringLiteral(", ")));
        return out;
    }
    if (!missing.isEmpty()) {
        count.words = QStringLiteral("Could not be told for %1.").arg(missing.join(QStringLiteral(", ")));
        if (!round.before || !round.after)
            count.words = QStringLiteral("Could not be counted on the primary: %1").arg(pass.error);
        return out;
    }
    count.pass = !standbys.isEmpty();
    count.words =
        count.exact
            ? QStringLiteral("%1 on %2. Counted at %3, on each standby once it had replayed past that point.")
                  .arg(format::count(*round.before), all, pass.lsn)
            : QStringLiteral("The table was written meanwhile: %1 rows were possible after %2, and every "
                             "standby is within.")
                  .arg(range, pass.lsn);
    return out;
}

} // namespace

Result<QList<RowCount>> countRows(const QList<CountedNode> &nodes, const QString &database,
                                  const SecretSource &secrets, std::stop_token stop,
                                  const std::function<void(const QString &)> &say, const QStringList &wanted)
{
    const auto [primary, standbys] = counting::sidesOf(nodes);
    if (!primary)
        return fail(QStringLiteral("No node of this cluster is a primary that answers."));
    auto sql = counting::sessionOn(*primary, database, secrets, stop);
    if (!sql)
        return tl::unexpected(sql.error());
    const auto tables = counting::chooseTables(**sql, stop, wanted);
    if (!tables)
        return tl::unexpected(tables.error());
    const QString &user = primary->endpoint.user;
    if (tables->isEmpty())
        return fail(QStringLiteral("%1 may read no table in the database %2.")
                        .arg(user.isEmpty() ? QStringLiteral("Our role") : user, database));
    QMap<qint64, Verdict> verdicts;
    QList<Table> left = *tables;
    const auto judgeAll = [&](const Pass &pass) {
        QList<Table> again;
        for (const Table &table : left) {
            verdicts.insert(table.oid, judge(table, *primary, standbys, pass));
            if (verdicts.value(table.oid).again)
                again.append(table);
        }
        left = again;
    };
    for (int round = 0; round < counting::rounds && !left.isEmpty() && !stop.stop_requested(); ++round) {
        if (say)
            say(QStringLiteral("Counting %1 on %2")
                    .arg(format::plural(left.size(), QStringLiteral("table")), allOf(standbys.size() + 1)));
        Pass pass = counting::countOnce(**sql, standbys, database, left, secrets, stop, say);
        judgeAll(pass);
        for (int read = 0; read < counting::counterReads && !left.isEmpty() && !stop.stop_requested();
             ++read) {
            if (read == 0 && say)
                say(QStringLiteral("Waiting for the counters of %1 that are being written")
                        .arg(format::plural(left.size(), QStringLiteral("table"))));
            counting::pause(counting::counterGapMs, stop);
            const auto later = counting::changes(**sql, left, stop);
            for (auto it = later.begin(); it != later.end(); ++it)
                pass.primary[it.key()].changesAfter = it.value();
            judgeAll(pass);
        }
    }
    QList<RowCount> out;
    for (const Table &table : *tables)
        out.append(verdicts.value(table.oid).count);
    std::stable_sort(out.begin(), out.end(), [](const RowCount &a, const RowCount &b) {
        if (a.exact != b.exact)
            return a.exact;
        return a.nodes.value(0).rows.value_or(-1) > b.nodes.value(0).rows.value_or(-1);
    });
    return out;
}

} // namespace understudy
