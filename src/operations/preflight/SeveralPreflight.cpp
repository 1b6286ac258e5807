// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/SeveralPreflight.h"

#include "operations/SeveralStandbys.h"

namespace understudy {

namespace {

/// Checks of what belongs to one standby alone.
const QStringList &ownChecks()
{
    static const QStringList ids{QStringLiteral("port"),           QStringLiteral("keeper"),
                                 QStringLiteral("data_directory"), QStringLiteral("compose_names"),
                                 QStringLiteral("data_volume"),    QStringLiteral("tablespaces"),
                                 QStringLiteral("wal_directory"),  QStringLiteral("names")};
    return ids;
}

CheckResult named(CheckResult check, const QList<AddStandbyRequest> &requests, int index)
{
    if (requests.size() < 2 || !ownChecks().contains(check.id))
        return check;
    const QString &name = requests.at(index).name;
    check.title = QStringLiteral("%1: %2").arg(name, check.title);
    if (index > 0)
        check.id = name + u'/' + check.id;
    return check;
}

// Each standby's own row stands below the same one of the first.
QList<CheckResult> woven(const QList<QList<CheckResult>> &each)
{
    QList<CheckResult> out;
    for (const CheckResult &check : each.constFirst()) {
        out << check;
        for (const QList<CheckResult> &checks : each.mid(1))
            for (const CheckResult &own : checks)
                if (own.id.section(u'/', 1) == check.id)
                    out << own;
    }
    return out;
}

} // namespace

std::pair<int, QString> requestOf(const QString &id, const QList<AddStandbyRequest> &requests)
{
    // Neither a name nor an id has a slash.
    for (int i = 1; i < requests.size(); ++i)
        if (id.startsWith(requests.at(i).name + u'/'))
            return {i, id.mid(requests.at(i).name.size() + 1)};
    return {0, id};
}

QList<CheckResult> severalChecks(const QList<AddStandbyRequest> &requests, const AddStandbyFacts &facts)
{
    QList<QList<CheckResult>> each;
    for (int i = 0; i < requests.size(); ++i) {
        QList<CheckResult> checks;
        for (const CheckResult &check : preflightChecks(requests.at(i), facts))
            if (i == 0 || ownChecks().contains(check.id))
                checks << named(check, requests, i);
        each << checks;
    }
    return woven(each);
}

PreflightResult runPreflight(const QList<AddStandbyRequest> &requests, const AddStandbyFacts &facts,
                             const std::shared_ptr<const SecretSource> &secrets,
                             const QMap<QString, QString> &secretValues, std::stop_token stop,
                             const CheckSink &sink, const QStringList &only)
{
    PreflightResult all;
    QList<QList<CheckResult>> each;
    const QList<AddStandbyFacts> found = factsForEach(requests, facts);
    for (int i = 0; i < requests.size(); ++i) {
        QStringList wanted;
        for (const QString &id : only)
            if (const auto [index, own] = requestOf(id, requests); index == i)
                wanted << own;
        if (only.isEmpty() && i > 0)
            wanted = ownChecks();
        if (!only.isEmpty() && wanted.isEmpty())
            continue;
        const auto tell = [&](const CheckResult &check) {
            if (sink)
                sink(named(check, requests, i));
        };
        PreflightResult one =
            runPreflight(requests.at(i), found.at(i), secrets, secretValues, stop, tell, wanted);
        for (CheckResult &check : one.checks)
            check = named(check, requests, i);
        if (all.startedUs == 0)
            all = one;
        all.finishedUs = one.finishedUs;
        each << one.checks;
    }
    if (!each.isEmpty() && only.isEmpty())
        all.checks = woven(each);
    else
        for (const QList<CheckResult> &more : each.mid(1))
            all.checks << more;
    return all;
}

} // namespace understudy
