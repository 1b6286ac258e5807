// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/SeveralStandbys.h"

#include "operations/FactsAfter.h"

#include <QFileInfo>

namespace understudy {

namespace {

// "mine" gives "mine2", "mine3"...: the first that none of those before has.
QString numberedOn(const QString &first, const QStringList &used)
{
    for (int number = 2;; ++number) {
        const QString name = numberedName(first, number);
        if (!used.contains(name))
            return name;
    }
}

QString pathOn(const QString &first, const QStringList &used)
{
    const QFileInfo info(first);
    QStringList names;
    for (const QString &path : used)
        names << QFileInfo(path).fileName();
    return info.path() + (info.path().endsWith(u'/') ? QString() : QStringLiteral("/")) +
           numberedOn(info.fileName(), names);
}

bool isKnown(const QString &name, const AddStandbyFacts &facts)
{
    for (const Cluster &cluster : facts.topology.clusters)
        for (const Node &node : cluster.nodes)
            if (node.name == name)
                return true;
    return false;
}

template <typename Get>
QStringList valuesOf(const QList<AddStandbyRequest> &requests, Get get)
{
    QStringList values;
    for (const AddStandbyRequest &request : requests)
        values << get(request);
    return values;
}

// What the first one was given by a person, for the next one.
AddStandbyRequest nextOf(const AddStandbyRequest &asked, const AddStandbyRequest &own,
                         const QList<AddStandbyRequest> &before, const AddStandbyFacts &facts)
{
    AddStandbyRequest next = asked;
    const auto settle = [&](QString AddStandbyRequest::*field, const auto &on) {
        if (!(own.*field).isEmpty())
            next.*field = own.*field;
        else if (!(asked.*field).isEmpty())
            next.*field =
                on(asked.*field, valuesOf(before, [&](const AddStandbyRequest &r) { return r.*field; }));
    };
    settle(&AddStandbyRequest::slot, numberedOn);
    settle(&AddStandbyRequest::dataDirectory, pathOn);
    settle(&AddStandbyRequest::service, numberedOn);
    settle(&AddStandbyRequest::volume, [](const QString &first, const QStringList &used) {
        return first.contains(u'/') ? pathOn(first, used) : numberedOn(first, used);
    });
    next.port = own.port;
    next.name = own.name;
    next.useEmptyDirectory = false;
    if (next.name.isEmpty() && !asked.name.isEmpty()) {
        next.name = asked.name;
        for (int number = 2; isKnown(next.name, facts); ++number)
            next.name = numberedName(asked.name, number);
    }
    StandbyChoices &choices = next.choices;
    choices.emptyDirectories.clear();
    if (!choices.walDirectory.isEmpty())
        choices.walDirectory = pathOn(asked.choices.walDirectory,
                                      valuesOf(before, [](const auto &r) { return r.choices.walDirectory; }));
    for (auto it = choices.tablespaces.begin(); it != choices.tablespaces.end(); ++it)
        it.value() =
            pathOn(it.value(),
                   valuesOf(before, [&](const auto &r) { return r.choices.tablespaces.value(it.key()); }));
    return next;
}

// Two of one plan cannot have one place.
void checkAgainst(QList<Error> &errors, const AddStandbyRequest &request, const AddStandbyRequest &other)
{
    const auto same = [&](const char *field, const QString &what) {
        errors << Error{QStringLiteral("%1 has %2 already.").arg(other.name, what),
                        QStringLiteral("Choose another one for %1.").arg(request.name),
                        QString::fromLatin1(field)};
    };
    if (request.port == other.port)
        same("port", QStringLiteral("port %1").arg(request.port));
    const auto overlap = [](const QString &a, const QString &b) {
        return !a.isEmpty() && !b.isEmpty() && (a == b || a.startsWith(b + u'/') || b.startsWith(a + u'/'));
    };
    if (overlap(request.dataDirectory, other.dataDirectory))
        same(request.on == QLatin1String("compose") ? "volume" : "dataDirectory",
             QStringLiteral("the directory %1").arg(other.dataDirectory));
    if (overlap(request.choices.walDirectory, other.choices.walDirectory))
        same("walDirectory", QStringLiteral("the directory %1").arg(other.choices.walDirectory));
    for (const QString &mine : request.choices.tablespaces)
        for (const QString &its : other.choices.tablespaces)
            if (overlap(mine, its))
                return same("tablespaces", QStringLiteral("the directory %1").arg(its));
}

} // namespace

QList<WatchedNode> SeveralStandbys::nodes() const
{
    QList<WatchedNode> all;
    for (const Plan &one : each) {
        const Endpoint endpoint = one.endpoints.value(one.subject);
        all << WatchedNode{endpoint.address(), one.subject, endpoint};
    }
    return all;
}

QList<AddStandbyRequest> suggestSeveral(const AddStandbyRequest &asked,
                                        const QList<AddStandbyRequest> &others, int count,
                                        const AddStandbyFacts &facts)
{
    QList<AddStandbyRequest> all;
    AddStandbyFacts now = facts;
    for (int i = 0; i < count; ++i) {
        AddStandbyRequest request = i == 0 ? asked : nextOf(asked, others.value(i - 1), all, now);
        request.choices.copies = count;
        request = suggest(request, now);
        now = factsAfter(request, now);
        all << request;
    }
    return all;
}

QList<AddStandbyFacts> factsForEach(const QList<AddStandbyRequest> &requests, const AddStandbyFacts &facts)
{
    QList<AddStandbyFacts> all;
    AddStandbyFacts now = facts;
    for (const AddStandbyRequest &request : requests) {
        all << now;
        now = factsAfter(request, now);
    }
    return all;
}

QList<QList<Error>> validateSeveral(const QList<AddStandbyRequest> &requests, const AddStandbyFacts &facts)
{
    QList<QList<Error>> all;
    const QList<AddStandbyFacts> found = factsForEach(requests, facts);
    for (qsizetype i = 0; i < requests.size(); ++i) {
        QList<Error> errors = validate(requests.at(i), found.at(i));
        for (qsizetype j = 0; j < i; ++j)
            checkAgainst(errors, requests.at(i), requests.at(j));
        all << errors;
    }
    if (requests.size() > 1 && requests.constFirst().overrideFile)
        all.first() << Error{QStringLiteral("A file of its own holds one service."),
                             QStringLiteral("Let several be written into the Compose file, or add one "
                                            "standby after the other."),
                             QStringLiteral("override")};
    return all;
}

Result<SeveralStandbys> planSeveral(const QList<AddStandbyRequest> &requests, const AddStandbyFacts &facts)
{
    for (const QList<Error> &errors : validateSeveral(requests, facts))
        if (!errors.isEmpty())
            return tl::unexpected(errors.constFirst());
    SeveralStandbys several;
    several.requests = requests;
    const QList<AddStandbyFacts> found = factsForEach(requests, facts);
    for (qsizetype i = 0; i < requests.size(); ++i) {
        auto plan = planAddStandby(requests.at(i), found.at(i));
        if (!plan)
            return tl::unexpected(plan.error());
        several.each << *std::move(plan);
    }
    several.plan = joinedPlan(several.each);
    several.after = factsAfter(requests.constLast(), found.constLast()).topology;
    return several;
}

Result<SeveralStandbys> planSeveral(const AddStandbyRequest &asked, int count, const AddStandbyFacts &facts)
{
    return planSeveral(suggestSeveral(asked, {}, count, facts), facts);
}

VerifyResult verifySeveral(const SeveralStandbys &several, ClusterSpec spec,
                           const std::shared_ptr<const SecretSource> &secrets, std::stop_token stop,
                           const std::function<void(const QString &)> &say, const VerifyOptions &options)
{
    for (const WatchedNode &node : several.nodes()) {
        const bool known = std::any_of(spec.nodes.cbegin(), spec.nodes.cend(),
                                       [&](const WatchedNode &other) { return other.id == node.id; });
        if (!known)
            spec.nodes << node;
    }
    VerifyResult all;
    for (const Plan &plan : several.each) {
        VerifyResult one = verifyStandby(plan, spec, secrets, stop, say, options);
        for (VerifyRow &row : one.rows)
            row.what = QStringLiteral("%1: %2").arg(plan.subject, row.what);
        if (all.rows.isEmpty()) {
            all = one;
            continue;
        }
        // The tables were counted on every node the first time.
        one.rows.removeIf(
            [](const VerifyRow &row) { return row.what.contains(QStringLiteral(": Rows in ")) && row.pass; });
        all.rows << one.rows;
        all.finishedUs = one.finishedUs;
    }
    return all;
}

} // namespace understudy
