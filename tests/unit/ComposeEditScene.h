// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/compose/ComposeEdit.h"
#include "hosts/compose/YamlSource.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace understudy::test {

inline QByteArray editFixture(const QString &name)
{
    QFile file(QStringLiteral(COMPOSE_FIXTURES "/edit/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QJsonValue jsonOf(const YamlValue &value)
{
    if (value.kind == YamlValue::Kind::Sequence) {
        QJsonArray out;
        for (const YamlValue &item : value.items)
            out << jsonOf(item);
        return out;
    }
    if (value.kind == YamlValue::Kind::Map) {
        QJsonObject out;
        for (auto it = value.entries.cbegin(); it != value.entries.cend(); ++it)
            out.insert(QString::fromUtf8(it.key()), jsonOf(*it));
        return out;
    }
    if (value.kind == YamlValue::Kind::Null)
        return QJsonValue::Null;
    static const QRegularExpression variable(QStringLiteral("\\$\\{[A-Za-z_]+:?-([^}]*)\\}"));
    return QString::fromUtf8(value.text).replace(variable, QStringLiteral("\\1"));
}

/// What Compose makes of a file that needs no other and no set variables, well enough for the editor.
inline Result<ComposeProject> resolvedHere(const QByteArray &bytes)
{
    const auto file = YamlFile::read(bytes, QStringLiteral("x.yml"));
    if (!file)
        return tl::unexpected(file.error());
    return parseComposeConfig(QJsonDocument(jsonOf(file->value()).toObject()).toJson());
}

/// A fixture and what is asked of it.
struct EditCase
{
    const char *file;
    NewComposeService wanted;
};

inline NewComposeService wantedService(const char *model, const char *name, int port, const char *volume)
{
    NewComposeService wanted;
    wanted.model = QString::fromUtf8(model);
    wanted.name = QString::fromUtf8(name);
    wanted.publishedPort = port;
    wanted.volume = QString::fromUtf8(volume);
    return wanted;
}

inline QList<EditCase> acceptedCases()
{
    const auto withSlot = [](NewComposeService wanted, const char *from, const char *to) {
        wanted.modelSlot = QString::fromUtf8(from);
        wanted.slot = QString::fromUtf8(to);
        return wanted;
    };
    QList<EditCase> out{
        {"scenario", withSlot(wantedService("postgres-standby", "postgres-standby2", 5434, "standby2_data"),
                              "standby_slot", "standby2_slot")},
        {"anchors", withSlot(wantedService("replica1", "replica2", 5434, "pg-replica2"), "replica1_slot",
                             "replica2_slot")},
        {"build", withSlot(wantedService("db-standby", "db-standby2", 5434, "db-standby2"), "db_standby",
                           "db_standby2")},
        {"dashes", wantedService("pgstandby", "pgstandby2", 5434, "pgstandby2")},
        {"long", withSlot(wantedService("standby", "standby2", 5434, "standby2"), "standby", "standby2")},
        {"binds",
         withSlot(wantedService("standby1", "standby2", 5434, ""), "standby1_slot", "standby2_slot")},
        {"host", wantedService("standby", "standby2", 5434, "s2")},
        {"networks", wantedService("pg1", "pg2", 5434, "pg2")},
        {"single", wantedService("db", "db-standby", 5433, "pgdata-standby")},
        {"bare", wantedService("db", "db2", 5433, "db2-data")},
        {"envfile", withSlot(wantedService("standby", "standby2", 5434, "pg_standby2"), "standby_slot",
                             "standby2_slot")},
        {"external", wantedService("db-b", "db-c", 5434, "c")},
        {"flowservice", wantedService("two", "three", 5434, "three")},
        {"quoted",
         withSlot(wantedService("pg-standby", "pg-standby2", 5434, "standby2"), "pg_standby", "pg_standby2")},
        {"anonymous", wantedService("s", "s2", 5434, "s2-data")},
        {"nullvolumes", wantedService("s", "s2", 5434, "s2-data")},
        {"emptyvolumes", wantedService("s", "s2", 5434, "s2-data")},
        {"utf8", wantedService("replica", "replica2", 5434, "replica2")},
        {"patroni", withSlot(wantedService("pg2", "pg3", 5434, "pg3"), "pg2_slot", "pg3_slot")},
        {"wide", wantedService("standby", "standby2", 5434, "standby2")},
        {"crlf", withSlot(wantedService("postgres-standby", "postgres-standby2", 5434, "standby2_data"),
                          "standby_slot", "standby2_slot")},
        {"windows", wantedService("db", "db-standby", 5433, "pgdata-standby")},
        {"mixed", withSlot(wantedService("db-standby", "db-standby2", 5434, "db-standby2"), "db_standby",
                           "db_standby2")},
    };
    for (EditCase &one : out) {
        if (qstrcmp(one.file, "host") == 0)
            one.wanted.serverPort = 5433;
        if (qstrcmp(one.file, "patroni") == 0)
            one.wanted.containerName = QStringLiteral("demo-pg3");
        if (qstrcmp(one.file, "build") == 0)
            one.wanted.environment = {{QStringLiteral("NODE"), QStringLiteral("a $b: #2")}};
        if (qstrcmp(one.file, "anonymous") == 0)
            one.wanted.environment = {{QStringLiteral("A"), QStringLiteral("1")},
                                      {QStringLiteral("B"), QStringLiteral("x")}};
    }
    return out;
}

} // namespace understudy::test
