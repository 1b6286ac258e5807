// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "operations/ReadLoad.h"

#include <QJsonArray>
#include <QUrl>
#include <algorithm>
#include <cmath>

namespace understudy {

namespace {

QString nameIn(const ReadLoadRun &run)
{
    const QString tail = QStringLiteral(" alone");
    return run.label.endsWith(tail) ? run.label.chopped(tail.size()) : run.label;
}

bool served(const ReadLoadRun &run)
{
    return run.queries > 0 && run.errors == 0 && run.error.isEmpty();
}

QString encoded(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

QString hostPort(const Endpoint &endpoint, bool jdbc)
{
    QString host = endpoint.host;
    if (host.contains(u':'))
        host = u'[' + host + u']';
    else if (!jdbc)
        host = encoded(host);
    return host + u':' + QString::number(endpoint.port); // Not arg(): a host may hold "%2F".
}

QString libpqUri(const QStringList &hosts, const QString &database, const QString &user, const QString &query)
{
    const QString who = user.isEmpty() ? QString() : encoded(user) + u'@';
    return QStringLiteral("postgresql://%1%2/%3?%4").arg(who, hosts.join(u','), encoded(database), query);
}

} // namespace

bool ReadLoadResult::pass() const
{
    return error.isEmpty() && !runs.isEmpty() &&
           std::all_of(runs.begin(), runs.end(),
                       [](const ReadLoadRun &run) { return served(run) && !run.stopped; });
}

QString ReadLoadResult::sentence() const
{
    if (!error.isEmpty())
        return error;
    if (runs.isEmpty())
        return QStringLiteral("Nothing was measured.");
    for (const ReadLoadRun &run : runs) {
        if (run.stopped)
            return QStringLiteral("Stopped before it was complete.");
    }
    for (const ReadLoadRun &run : runs) {
        if (served(run))
            continue;
        const QString words = run.error.isEmpty() ? QStringLiteral("no answer") : run.error;
        if (run.queries == 0)
            return QStringLiteral("%1: no query was answered: %2").arg(run.label, words);
        return QStringLiteral("%1: %2 of %3 queries failed: %4")
            .arg(run.label, format::count(run.errors), format::count(run.errors + run.queries), words);
    }
    const ReadLoadRun &first = runs.first();
    const bool spread = runs.size() > 1 && runs.last().nodes.size() > 1;
    if (!spread)
        return QStringLiteral("%1 serves reads: %2 queries a second.")
            .arg(nameIn(first), format::count(qint64(std::llround(first.perSecond))));
    const qsizetype standbys = runs.last().nodes.size();
    const QString who = standbys == 2 ? QStringLiteral("Both standbys serve reads.")
                                      : QStringLiteral("All %1 standbys serve reads.").arg(standbys);
    const double ratio = first.perSecond > 0 ? runs.last().perSecond / first.perSecond : 0;
    QString text = QStringLiteral("%1 Together they answer %2 times the queries of %3 alone")
                       .arg(who, QString::number(ratio, 'f', 2), nameIn(first));
    // On one machine a second server brings no second processor: said, so that nobody reads it as a promise.
    if (oneMachine)
        text += ratio < 1 ? QStringLiteral(", no gain: they share this machine")
                          : QStringLiteral("; they share this machine");
    else if (ratio < 1)
        text += QStringLiteral(", no gain");
    return text + u'.';
}

QList<ReaderString> readerStrings(const QList<Endpoint> &standbys, const QString &database,
                                  const QString &user)
{
    if (standbys.isEmpty())
        return {};
    QStringList hosts, jdbcHosts;
    for (const Endpoint &endpoint : standbys) {
        hosts.append(hostPort(endpoint, false));
        // JDBC speaks TCP only: a socket directory means this machine.
        Endpoint tcp = endpoint;
        if (tcp.host.startsWith(u'/'))
            tcp.host = QStringLiteral("localhost");
        jdbcHosts.append(hostPort(tcp, true));
    }
    QStringList turned = hosts;
    std::rotate(turned.begin(), turned.begin() + 1, turned.end());
    const QString prefer = QStringLiteral("target_session_attrs=prefer-standby");
    // Before 16 libpq always takes the first host that answers: half of the readers get another order.
    QString older = libpqUri(hosts, database, user, QStringLiteral("target_session_attrs=any"));
    if (hosts.size() > 1)
        older += u'\n' + libpqUri(turned, database, user, QStringLiteral("target_session_attrs=any"));
    const QString jdbcUser = user.isEmpty() ? QString() : QStringLiteral("user=%1&").arg(encoded(user));
    return {
        {QStringLiteral("libpq 16 and later"),
         libpqUri(hosts, database, user, prefer + QStringLiteral("&load_balance_hosts=random"))},
        {QStringLiteral("Older libpq"), older},
        {QStringLiteral("JDBC"),
         QStringLiteral("jdbc:postgresql://%1/%2?%3targetServerType=preferSecondary&loadBalanceHosts=true")
             .arg(jdbcHosts.join(u','), encoded(database), jdbcUser)}};
}

QJsonObject toJson(const ReadLoadResult &result)
{
    QJsonArray runs;
    for (const ReadLoadRun &run : result.runs) {
        runs.append(QJsonObject{
            {"label", run.label},
            {"nodes", QJsonArray::fromStringList(run.nodes)},
            {"queries", run.queries},
            {"errors", run.errors},
            {"seconds", run.seconds},
            {"per_second", run.perSecond},
            {"median_ms", run.medianMs},
            {"p95_ms", run.p95Ms},
            {"highest_lag_bytes", run.highestLagBytes ? QJsonValue(*run.highestLagBytes) : QJsonValue()},
            {"conflicts", run.conflicts ? QJsonValue(*run.conflicts) : QJsonValue()},
            {"error", run.error.isEmpty() ? QJsonValue() : QJsonValue(run.error)}});
    }
    return {{"format", 1},
            {"started_at", format::isoUtc(result.startedUs)},
            {"workload", result.workload},
            {"sql", result.sql},
            {"seconds_each", result.options.secondsEach},
            {"connections", result.options.connections},
            {"one_machine", result.oneMachine},
            {"pass", result.pass()},
            {"sentence", result.sentence()},
            {"runs", runs}};
}

} // namespace understudy
