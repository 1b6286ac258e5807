// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ConnectionText.h"

#include "clusters/ServiceFile.h"
#include "hosts/OsUser.h"
#include "model/ConninfoText.h"

#include <QStringList>
#include <algorithm>

namespace understudy {

namespace {

using Values = QMap<QString, QString>;

const QString hostKey = QStringLiteral("host");
const QString hostaddrKey = QStringLiteral("hostaddr");
const QString serviceKey = QStringLiteral("service");

/// What @p more knows and @p values do not say.
void fillFrom(const Values &more, Values &values)
{
    for (auto it = more.begin(); it != more.end(); ++it) {
        if (!values.contains(it.key()))
            values.insert(it.key(), it.value());
    }
}

/// A host that is nowhere named is the socket folder, one by one as libpq does it.
QString withSocketFolder(const QString &hosts, const QString &addresses, const QString &folder)
{
    QStringList each = hosts.split(QLatin1Char(','));
    const QStringList address = addresses.split(QLatin1Char(','));
    for (qsizetype i = 0; i < each.size(); ++i) {
        if (each[i].trimmed().isEmpty() && address.value(i).trimmed().isEmpty())
            each[i] = folder;
    }
    return each.join(QLatin1Char(','));
}

/// A mistake may stand where nobody looks for it.
Error withOrigin(Error error, const Values &given, const LibpqDefaults &defaults)
{
    QStringList from;
    for (auto it = defaults.variables.begin(); it != defaults.variables.end(); ++it) {
        static const QStringList telling{hostKey, hostaddrKey, QStringLiteral("port")};
        if (telling.contains(it.key()) && !given.contains(it.key()))
            from << it.value();
    }
    if (!from.isEmpty())
        error.what +=
            QStringLiteral(" (%1 of the environment counts too.)").arg(from.join(QStringLiteral(" and ")));
    return error;
}

} // namespace

QMap<QString, QString> withDefaults(QMap<QString, QString> given, const QMap<QString, QString> &service,
                                    const LibpqDefaults &defaults, const QString &osUser)
{
    fillFrom(service, given);
    fillFrom(defaults.environment, given);
    if (given.value(QStringLiteral("user")).isEmpty())
        given.insert(QStringLiteral("user"), osUser);
    const QString addresses = given.value(hostaddrKey);
    if (addresses.isEmpty() || given.value(hostKey).contains(QLatin1Char(',')))
        given.insert(hostKey, withSocketFolder(given.value(hostKey), addresses, defaults.socketDirectory));
    return given;
}

Result<QList<Endpoint>> readConnection(const QString &text)
{
    const auto given = readConninfoText(text.trimmed());
    if (!given)
        return fail(given.error().what, given.error().action, QStringLiteral("cluster"));
    if (given->contains(QStringLiteral("password")))
        return Endpoint::fromValues(*given); // refused, before anything else is looked at
    const LibpqDefaults defaults = libpqDefaults();
    QString name = given->value(serviceKey);
    if (!given->contains(serviceKey))
        name = defaults.environment.value(serviceKey);
    Values service;
    if (!name.isEmpty()) {
        const auto read = readService(name);
        if (!read)
            return tl::unexpected(read.error());
        service = *read;
    }
    Values all = withDefaults(*given, service, defaults, OsUser::current().name);
    // libpq looks into the service file again for a password; an empty name is no service to it.
    if (all.value(serviceKey).isEmpty())
        all.remove(serviceKey);
    auto endpoints = Endpoint::fromValues(all);
    if (!endpoints) {
        Error error = withOrigin(endpoints.error(), *given, defaults);
        if (!name.isEmpty())
            error.what = QStringLiteral("Service \"%1\": %2").arg(name, error.what);
        return tl::unexpected(error);
    }
    return endpoints;
}

} // namespace understudy
