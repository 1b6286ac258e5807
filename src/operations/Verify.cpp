// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/Verify.h"

#include "model/Clock.h"
#include "model/Format.h"
#include "operations/RowCountRound.h"
#include "operations/TableChecksums.h"
#include "operations/VerifyScene.h"

#include <QJsonArray>
#include <algorithm>

namespace understudy {

using namespace verifying;

namespace {

// A delay that a comparison has the time for: replay is waited for three times as long.
constexpr qint64 shortDelayMs = 10000;

// How late a node replays on purpose, in words; empty: not, or so little that it is waited for.
QString delayOf(const Plan &plan, const Scene &scene, const NodeId &id)
{
    if (const QString own = fact(plan, "apply_delay"); id == scene.subject && !own.isEmpty())
        return own;
    const Node *node = scene.node(id);
    const qint64 ms =
        node ? node->settings.value(QStringLiteral("recovery_min_apply_delay")).toLongLong() : 0;
    return node && node->role == Role::Standby && ms > shortDelayMs ? format::seconds(double(ms) / 1000)
                                                                    : QString();
}

QList<CountedNode> countedNodes(const Plan &plan, const Scene &scene)
{
    const WatchedNode *primary = primaryOf(scene);
    const Cluster *cluster = scene.cluster();
    QList<CountedNode> nodes;
    for (const WatchedNode &node : scene.nodes) {
        // What was written within the delay is not there yet, and counting would wait for all of it.
        if (!delayOf(plan, scene, node.id).isEmpty())
            continue;
        const bool ours = primary && node.id == primary->id;
        const Node *known = scene.node(node.id);
        // A server of another cluster in the same list is no part of this proof.
        const bool foreign = known && cluster && !known->systemIdentifier.isEmpty() &&
                             known->systemIdentifier != cluster->systemIdentifier;
        if (!foreign)
            nodes.append(CountedNode{node, ours});
    }
    return nodes;
}

QString databaseOf(const Plan &plan, const Scene &scene)
{
    const QString named = fact(plan, "database");
    const WatchedNode *primary = primaryOf(scene);
    return named.isEmpty() && primary ? primary->endpoint.database : named;
}

// Says why delayed standbys are left out; false when nothing remains to be compared.
bool addDelays(VerifyResult &result, const Plan &plan, const Scene &scene, qsizetype counted,
               const QString &what)
{
    bool any = false;
    for (const WatchedNode &node : scene.nodes) {
        const QString delay = delayOf(plan, scene, node.id);
        if (delay.isEmpty())
            continue;
        VerifyRow row{
            QStringLiteral("%1 on %2").arg(what, scene.name(node.id)), QStringLiteral("not compared"),
            QStringLiteral("behind by up to %1 on purpose: rows of that time are not there yet").arg(delay)};
        row.pass = any = true;
        result.rows.append(row);
    }
    return !any || counted > 1;
}

// What differs is named; what could not be told is counted, and all of it no all-clear.
void addChecksums(VerifyResult &result, const Plan &plan, const Scene &scene, const QStringList &tables,
                  const SecretSource &secrets, std::stop_token stop,
                  const std::function<void(const QString &)> &say)
{
    using State = TableChecksum::State;
    const QList<CountedNode> nodes = countedNodes(plan, scene);
    if (!addDelays(result, plan, scene, nodes.size(), QStringLiteral("Content")))
        return;
    VerifyRow row{QStringLiteral("Content of tables"), QStringLiteral("equal on ") + allOf(nodes.size()), {}};
    const auto compared = compareTables(nodes, databaseOf(plan, scene), tables, {}, secrets, stop, say);
    if (!compared) {
        row.actual = QStringLiteral("could not be told: ") + compared.error().what;
        row.unknown = true;
        result.rows.append(row);
        return;
    }
    result.checksums = *compared;
    QMap<State, int> of;
    QStringList wrong, said;
    QString why;
    for (const TableChecksum &table : *compared) {
        ++of[table.state];
        if (table.state == State::Different)
            wrong.append(QStringLiteral("%1 (%2)").arg(table.table, table.words));
        if (table.state == State::CannotTell && why.isEmpty())
            why = table.table + QStringLiteral(": ") + table.words;
    }
    if (!wrong.isEmpty())
        said.append(QStringLiteral("different: ") + wrong.join(QStringLiteral(", ")));
    if (of[State::Equal] > 0)
        said.append(QStringLiteral("%1 equal").arg(of[State::Equal]));
    if (of[State::Written] > 0)
        said.append(QStringLiteral("%1 written meanwhile and not compared").arg(of[State::Written]));
    if (of[State::TooLarge] > 0)
        said.append(QStringLiteral("%1 too large and not compared").arg(of[State::TooLarge]));
    if (of[State::CannotTell] > 0)
        said.append(QStringLiteral("%1 could not be told (%2)").arg(of[State::CannotTell]).arg(why));
    row.actual = said.join(QStringLiteral("; "));
    row.pass = wrong.isEmpty() && of[State::CannotTell] == 0 && of[State::Equal] > 0;
    row.unknown = wrong.isEmpty() && !row.pass;
    result.rows.append(row);
}

void addCounts(VerifyResult &result, const Plan &plan, const Scene &scene, const QStringList &tables,
               const SecretSource &secrets, std::stop_token stop,
               const std::function<void(const QString &)> &say)
{
    const QList<CountedNode> nodes = countedNodes(plan, scene);
    if (!addDelays(result, plan, scene, nodes.size(), QStringLiteral("Rows")))
        return;
    const QString database = databaseOf(plan, scene);
    const QString expected = QStringLiteral("equal on ") + allOf(nodes.size());
    auto counted = countRows(nodes, database, secrets, stop, say, tables);
    if (!counted) {
        VerifyRow row{QStringLiteral("Row counts"), expected,
                      QStringLiteral("could not be told: ") + counted.error().what};
        row.unknown = true;
        result.rows.append(row);
        return;
    }
    result.counts = *counted;
    const RowCount &first = result.counts.first();
    const auto cannotTell = [](const RowCount &count) {
        return !count.pass && count.words.startsWith(QStringLiteral("Could not"));
    };
    VerifyRow row{QStringLiteral("Rows in ") + first.table,
                  first.exact ? expected : QStringLiteral("within bounds on ") + allOf(nodes.size()),
                  first.words};
    if (first.pass && first.exact)
        row.actual = QStringLiteral("%1 on %2")
                         .arg(format::count(first.nodes.first().rows.value_or(0)), allOf(nodes.size()));
    row.pass = first.pass;
    row.unknown = cannotTell(first);
    result.rows.append(row);
    if (result.counts.size() < 2)
        return;
    int exact = 0, bounded = 0, unknown = 0;
    QStringList wrong;
    for (const RowCount &count : result.counts.mid(1)) {
        if (count.pass)
            ++(count.exact ? exact : bounded);
        else if (cannotTell(count))
            ++unknown;
        else
            wrong.append(count.table);
    }
    VerifyRow rest{QStringLiteral("Rows in %1")
                       .arg(format::plural(result.counts.size() - 1, QStringLiteral("more table"))),
                   expected,
                   {}};
    QStringList said;
    if (exact > 0)
        said.append(QStringLiteral("%1 equal").arg(exact));
    if (bounded > 0)
        said.append(QStringLiteral("%1 within bounds, written meanwhile").arg(bounded));
    if (unknown > 0)
        said.append(QStringLiteral("%1 could not be told").arg(unknown));
    if (!wrong.isEmpty())
        said.append(QStringLiteral("different: ") + wrong.join(QStringLiteral(", ")));
    if (bounded > 0)
        rest.expected = QStringLiteral("equal, or within bounds where written");
    rest.actual = said.join(QStringLiteral("; "));
    rest.pass = wrong.isEmpty() && unknown == 0;
    rest.unknown = wrong.isEmpty() && unknown > 0;
    result.rows.append(rest);
}

} // namespace

bool VerifyResult::pass() const
{
    return !rows.isEmpty() && std::all_of(rows.begin(), rows.end(), [](const VerifyRow &row) {
        return row.pass && !row.unknown;
    }) && std::all_of(counts.begin(), counts.end(), [](const RowCount &count) { return count.pass; });
}

VerifyResult verifyStandby(const Plan &plan, const ClusterSpec &spec,
                           const std::shared_ptr<const SecretSource> &secrets_, std::stop_token stop,
                           const std::function<void(const QString &)> &say, const VerifyOptions &options)
{
    const auto secrets = secrets_ ? secrets_ : std::make_shared<const LibpqSecrets>();
    VerifyResult result;
    result.startedUs = SystemClock::instance().nowUs();
    if (say)
        say(QStringLiteral("Looking at every node"));
    const Scene scene = lookUntilStreaming(plan, spec, secrets, stop);
    result.rows = {streamingRow(scene), slotsRow(plan, scene), upstreamRow(scene), syncRow(plan, scene)};
    result.rows.append(caughtUpRow(plan, scene, *secrets, stop));
    addCounts(result, plan, scene, options.tables, *secrets, stop, say);
    if (options.checksums)
        addChecksums(result, plan, scene, options.tables, *secrets, stop, say);
    result.finishedUs = SystemClock::instance().nowUs();
    return result;
}

Result<QStringList> countableTables(const Endpoint &primary, const QString &database,
                                    const SecretSource &secrets, std::stop_token stop)
{
    Endpoint endpoint = primary;
    endpoint.database = database;
    auto sql = SqlSession::open(endpoint, secrets, counting::sessionOptions(), stop);
    if (!sql)
        return tl::unexpected(sql.error());
    const auto tables = counting::allTables(**sql, stop);
    if (!tables)
        return tl::unexpected(tables.error());
    QStringList names;
    for (const counting::Table &table : *tables)
        names.append(table.name);
    return names;
}

Result<void> checkTables(const QStringList &wanted, const QStringList &countable)
{
    for (const QString &name : wanted) {
        if (countable.contains(name))
            continue;
        QStringList meant;
        for (const QString &table : countable)
            if (table.section(u'.', 1) == name)
                meant.append(table);
        if (meant.size() > 1)
            return fail(QStringLiteral("Several tables are called \"%1\".").arg(name),
                        QStringLiteral("Say which: %1.").arg(meant.join(QStringLiteral(", "))),
                        QStringLiteral("tables"));
        if (meant.isEmpty())
            return fail(
                QStringLiteral("The rows of \"%1\" cannot be counted: there is no such table, it is not "
                               "replicated (unlogged), or the role may not read it.")
                    .arg(name),
                QStringLiteral("Name tables as schema.table, as they are in the connected database."),
                QStringLiteral("tables"));
    }
    return {};
}

QJsonObject toJson(const VerifyResult &result)
{
    static const char *const states[] = {"equal", "different", "written", "too_large", "unknown"};
    QJsonArray checksums;
    for (const TableChecksum &table : result.checksums)
        checksums.append(QJsonObject{{"table", table.table},
                                     {"state", QLatin1String(states[int(table.state)])},
                                     {"words", table.words}});
    QJsonArray rows, counts;
    for (const VerifyRow &row : result.rows)
        rows.append(QJsonObject{{"what", row.what},
                                {"expected", row.expected},
                                {"actual", row.actual},
                                {"pass", row.pass},
                                {"unknown", row.unknown}});
    for (const RowCount &count : result.counts) {
        QJsonArray nodes;
        for (const RowCount::OnNode &node : count.nodes)
            nodes.append(QJsonObject{{"node", node.node},
                                     {"name", node.name},
                                     {"address", node.address},
                                     {"rows", node.rows ? QJsonValue(*node.rows) : QJsonValue()},
                                     {"note", node.note}});
        counts.append(QJsonObject{{"table", count.table},
                                  {"counted_at", count.countedAt},
                                  {"exact", count.exact},
                                  {"pass", count.pass},
                                  {"words", count.words},
                                  {"nodes", nodes}});
    }
    return {{"format", 1},
            {"started_at", format::isoUtc(result.startedUs)},
            {"finished_at", format::isoUtc(result.finishedUs)},
            {"pass", result.pass()},
            {"rows", rows},
            {"counts", counts},
            {"checksums", checksums}};
}

} // namespace understudy
