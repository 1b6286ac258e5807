// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/Verify.h"

#include "model/Clock.h"
#include "model/Format.h"
#include "operations/RowCounts.h"
#include "operations/VerifyScene.h"

#include <QJsonArray>
#include <algorithm>

namespace understudy {

using namespace verifying;

namespace {

void addCounts(VerifyResult &result, const Plan &plan, const Scene &scene, const SecretSource &secrets,
               std::stop_token stop, const std::function<void(const QString &)> &say)
{
    const WatchedNode *primary = primaryOf(scene);
    const Cluster *cluster = scene.cluster();
    QList<CountedNode> nodes;
    const QString delay = fact(plan, "apply_delay");
    for (const WatchedNode &node : scene.nodes) {
        // What was written within the delay is not there yet, and counting would wait for all of it.
        if (!delay.isEmpty() && node.id == scene.subject) {
            VerifyRow row{QStringLiteral("Rows on %1").arg(plan.subject), QStringLiteral("not compared"),
                          QStringLiteral("behind by up to %1 on purpose: rows of that time are not there yet")
                              .arg(delay)};
            row.pass = true;
            result.rows.append(row);
            continue;
        }
        const bool ours = primary && node.id == primary->id;
        const Node *known = scene.node(node.id);
        // A server of another cluster in the same list is no part of this proof.
        const bool foreign = known && cluster && !known->systemIdentifier.isEmpty() &&
                             known->systemIdentifier != cluster->systemIdentifier;
        if (!foreign)
            nodes.append(CountedNode{node, ours});
    }
    if (!delay.isEmpty() && nodes.size() < 2)
        return; // the primary alone: nothing to compare it with
    QString database = fact(plan, "database");
    if (database.isEmpty() && primary)
        database = primary->endpoint.database;
    const QString expected = QStringLiteral("equal on ") + allOf(nodes.size());
    auto counted = countRows(nodes, database, secrets, stop, say);
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
                           const std::function<void(const QString &)> &say)
{
    const auto secrets = secrets_ ? secrets_ : std::make_shared<const LibpqSecrets>();
    VerifyResult result;
    result.startedUs = SystemClock::instance().nowUs();
    if (say)
        say(QStringLiteral("Looking at every node"));
    const Scene scene = lookUntilStreaming(plan, spec, secrets, stop);
    result.rows = {streamingRow(scene), slotsRow(plan, scene), upstreamRow(scene), syncRow(plan, scene)};
    result.rows.append(caughtUpRow(plan, scene, *secrets, stop));
    addCounts(result, plan, scene, *secrets, stop, say);
    result.finishedUs = SystemClock::instance().nowUs();
    return result;
}

QJsonObject toJson(const VerifyResult &result)
{
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
            {"counts", counts}};
}

} // namespace understudy
