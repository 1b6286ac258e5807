// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/UnseenTarget.h"

#include <QJsonArray>

namespace understudy {

namespace {

using T = UnseenTarget;

constexpr std::pair<const char *, QString T::*> texts[]{{"machine", &T::machine},
                                                        {"system_identifier", &T::systemIdentifier},
                                                        {"name", &T::name},
                                                        {"data_directory", &T::dataDirectory},
                                                        {"passfile", &T::passfile},
                                                        {"keeper", &T::keeper},
                                                        {"upstream", &T::upstream},
                                                        {"upstream_host", &T::upstreamHost},
                                                        {"login", &T::login},
                                                        {"login_user", &T::loginUser},
                                                        {"login_database", &T::loginDatabase},
                                                        {"replication_login", &T::replicationLogin},
                                                        {"role", &T::role},
                                                        {"streaming_sql", &T::streamingSql},
                                                        {"restore_program", &T::restoreProgram},
                                                        {"wal_directory", &T::walDirectory}};
constexpr std::pair<const char *, int T::*> numbers[]{
    {"major", &T::major}, {"port", &T::port}, {"upstream_port", &T::upstreamPort}};
constexpr std::pair<const char *, qint64 T::*> sizes[]{{"bytes", &T::bytes}, {"copy_rate", &T::copyRate}};
constexpr std::pair<const char *, bool T::*> flags[]{{"verifies", &T::verifies},
                                                     {"makes_parent", &T::makesParent}};
constexpr std::pair<const char *, QStringList T::*> lists[]{{"files", &T::files},
                                                            {"libraries", &T::libraries}};

} // namespace

QJsonObject toJson(const UnseenTarget &target)
{
    QJsonObject o, tablespaces;
    for (const auto &[key, member] : texts)
        o.insert(QLatin1String(key), target.*member);
    for (const auto &[key, member] : numbers)
        o.insert(QLatin1String(key), target.*member);
    for (const auto &[key, member] : sizes)
        o.insert(QLatin1String(key), target.*member);
    for (const auto &[key, member] : flags)
        o.insert(QLatin1String(key), target.*member);
    for (const auto &[key, member] : lists)
        o.insert(QLatin1String(key), QJsonArray::fromStringList(target.*member));
    for (auto it = target.tablespaces.begin(); it != target.tablespaces.end(); ++it)
        tablespaces.insert(it.key(), it.value());
    o.insert(QStringLiteral("tablespaces"), tablespaces);
    return o;
}

UnseenTarget unseenFromJson(const QJsonObject &o)
{
    UnseenTarget target;
    for (const auto &[key, member] : texts)
        target.*member = o[QLatin1String(key)].toString();
    for (const auto &[key, member] : numbers)
        target.*member = o[QLatin1String(key)].toInt();
    for (const auto &[key, member] : sizes)
        target.*member = o[QLatin1String(key)].toInteger();
    for (const auto &[key, member] : flags)
        target.*member = o[QLatin1String(key)].toBool();
    for (const auto &[key, member] : lists)
        for (const QJsonValue item : o[QLatin1String(key)].toArray())
            (target.*member) << item.toString();
    const QJsonObject tablespaces = o[QStringLiteral("tablespaces")].toObject();
    for (auto it = tablespaces.begin(); it != tablespaces.end(); ++it)
        target.tablespaces.insert(it.key(), it.value().toString());
    return target;
}

} // namespace understudy
