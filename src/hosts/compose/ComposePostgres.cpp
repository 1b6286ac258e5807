// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposePostgres.h"

#include <QRegularExpression>
#include <algorithm>

namespace understudy {

namespace {

using Guess = PostgresService::Guess;

constexpr Qt::CaseSensitivity anyCase = Qt::CaseInsensitive;

bool matches(const QString &text, const char *pattern)
{
    return QRegularExpression(QString::fromLatin1(pattern), QRegularExpression::CaseInsensitiveOption)
        .match(text)
        .hasMatch();
}

QString valueOf(const ComposeService &service, std::initializer_list<const char *> keys)
{
    for (const char *key : keys) {
        if (QString value = service.environment.value(QString::fromLatin1(key)); !value.isEmpty())
            return value;
    }
    return {};
}

/// The image's own name: "postgres" of "registry:5000/library/postgres:16@sha256:...".
QString imageName(const QString &image)
{
    QString name = image.section(u'@', 0, 0);
    name = name.section(u'/', -1);
    return name.section(u':', 0, 0);
}

QString commandText(const ComposeService &service)
{
    return (service.entrypoint + service.command).join(u' ');
}

bool mountsData(const ComposeService &service)
{
    return std::any_of(service.volumes.begin(), service.volumes.end(), [](const ComposeVolume &volume) {
        return matches(volume.target,
                       "^/(var/lib/postgresql|bitnami/postgresql|home/postgres/pgdata|pgdata)\\b");
    });
}

/// Images around PostgreSQL, and its own image used for something else: a job with psql, a backup with
/// pg_dump.
bool isTool(const ComposeService &service)
{
    const QString image = imageName(service.image);
    if (matches(image,
                "exporter|backup|dump|admin|bouncer|pgpool|pgcat|odyssey|postgrest|client|proxy|migrat|"
                "barman|restore|cron|graphile|hasura|wal-?g|operator|[-_](meta|mcp|ui|web|metrics|monitor)$"))
        return true;
    const QString command = commandText(service);
    if (matches(command,
                "(^|[\\s/"
                ";&|'\"])(postgres|postmaster|docker-entrypoint\\.sh|pg_ctl|pg_ctlcluster|patroni)(\\s|$)"))
        return false;
    if (matches(command, "\\bpg_basebackup\\b"))
        return !mountsData(service);
    return matches(command, "\\b(psql|pg_dump|pg_dumpall|pg_restore|pgbench|pg_receivewal|createdb)\\b");
}

/// Why the service is a server; empty if it is none.
QString evidenceOf(const ComposeService &service)
{
    if (isTool(service))
        return {};
    const QString image = imageName(service.image);
    if (matches(image, "postgres|postgis|timescale|pgvector|citus|spilo|^pg[-_0-9]|[-_]pg[0-9]*$"))
        return QStringLiteral("image %1").arg(service.image.section(u'@', 0, 0));
    const QString command = commandText(service);
    if (matches(command, "(^|[\\s/])(postgres|postmaster)(\\s|$)"))
        return QStringLiteral("its command runs postgres");
    if (matches(command, "\\bpg_basebackup\\b") && mountsData(service))
        return QStringLiteral("its command runs pg_basebackup into its volume");
    if (service.environment.contains(QStringLiteral("PGDATA")))
        return QStringLiteral("PGDATA in its environment");
    // Applications are given the same variables to log in with: a server is what also keeps the data.
    const bool client = !valueOf(service, {"POSTGRES_HOST", "PGHOST", "DB_HOST", "DATABASE_URL"}).isEmpty();
    const bool named =
        std::any_of(service.environment.keyBegin(), service.environment.keyEnd(), [](const QString &key) {
            return key.startsWith(QLatin1String("POSTGRES_")) || key.startsWith(QLatin1String("POSTGRESQL_"));
        });
    if (named && !client && mountsData(service))
        return QStringLiteral("POSTGRES_* in its environment and its data in a volume");
    return {};
}

/// In people's files stand words that the field has left behind; they are read, never written.
void guessRole(const ComposeService &service, PostgresService &found)
{
    const auto say = [&found](Guess role, const QString &why) {
        found.role = role;
        found.roleEvidence = why;
    };
    const QString command = commandText(service);
    if (matches(command, "\\bpg_basebackup\\b"))
        return say(Guess::Standby, QStringLiteral("its command runs pg_basebackup"));
    if (matches(command, "standby\\.signal|primary_conninfo"))
        return say(Guess::Standby, QStringLiteral("its command sets it up as a standby"));
    for (const QString &key : service.environment.keys()) {
        if (matches(
                key,
                "^(POSTGRESQL_MASTER_HOST|(POSTGRES_|PG_?)?PRIMARY_HOST|REPLICATE_FROM|PRIMARY_CONNINFO)$"))
            return say(Guess::Standby, QStringLiteral("%1 in its environment").arg(key));
    }
    if (const QString mode =
            valueOf(service, {"POSTGRESQL_REPLICATION_MODE", "REPLICATION_MODE", "REPLICATION_ROLE"});
        !mode.isEmpty()) {
        const bool primary = matches(mode, "^([m]aster|primary)$");
        return say(primary ? Guess::Primary : Guess::Standby,
                   QStringLiteral("the replication mode in its environment"));
    }
    if (matches(service.name, "standby|replica|secondary|follower|[s]lave|(^|[-_])(read|ro)([-_0-9]|$)"))
        return say(Guess::Standby, QStringLiteral("its name"));
    if (matches(service.name, "primary|[m]aster|leader|writer|(^|[-_])rw([-_0-9]|$)"))
        return say(Guess::Primary, QStringLiteral("its name"));
}

/// Whoever is left when the others are standbys, or whom the others wait for.
void guessTheRest(const ComposeProject &project, QList<PostgresService> &found)
{
    QList<PostgresService *> unknown;
    bool primary = false;
    for (PostgresService &service : found) {
        primary = primary || service.role == Guess::Primary;
        if (service.role == Guess::Unknown)
            unknown << &service;
    }
    if (primary)
        return;
    if (unknown.size() == 1) {
        unknown[0]->role = Guess::Primary;
        unknown[0]->roleEvidence = found.size() == 1 ? QStringLiteral("the only PostgreSQL service")
                                                     : QStringLiteral("the only one that is not a standby");
        return;
    }
    for (PostgresService *service : unknown) {
        const bool awaited = std::any_of(found.begin(), found.end(), [&](const PostgresService &other) {
            const ComposeService *described = project.service(other.name);
            return other.role == Guess::Standby && described && described->dependsOn.contains(service->name);
        });
        if (awaited) {
            service->role = Guess::Primary;
            service->roleEvidence = QStringLiteral("its standby waits for it");
            return;
        }
    }
}

int portOf(const ComposeService &service)
{
    static const QRegularExpression option(
        QStringLiteral("(?:^|\\s)(?:-p\\s*|--port[= ]|(?:-c\\s*|--)port\\s*=\\s*)([0-9]{1,5})(?:\\s|$)"));
    const QString command = commandText(service);
    // In a script `-p` may be anybody's: only the words after the server's own name count.
    static const QRegularExpression server(QStringLiteral("(?:^|[\\s/])(?:postgres|postmaster)(?=\\s)"));
    QString arguments;
    if (const auto at = server.match(command); at.hasMatch())
        arguments = command.mid(at.capturedEnd());
    else if (service.command.value(0).startsWith(u'-'))
        arguments = command;
    int port = option.match(arguments).captured(1).toInt();
    if (port == 0)
        port = valueOf(service, {"PGPORT", "POSTGRESQL_PORT_NUMBER"}).toInt();
    return port > 0 && port < 65536 ? port : 5432;
}

void reach(const ComposeProject &project, const ComposeService &service, PostgresService &found)
{
    const ComposeService *holder = &service;
    if (service.networkMode == QLatin1String("host")) {
        found.host = QStringLiteral("127.0.0.1");
        found.published = found.port;
        return;
    }
    if (service.networkMode.startsWith(QLatin1String("service:"))) {
        if (const ComposeService *other = project.service(service.networkMode.mid(8)))
            holder = other;
    }
    for (const ComposePort &port : holder->ports) {
        if (port.target != found.port || port.protocol.compare(QLatin1String("tcp"), anyCase) != 0)
            continue;
        const bool any = port.hostAddress.isEmpty() || port.hostAddress == QLatin1String("0.0.0.0") ||
                         port.hostAddress == QLatin1String("::");
        found.host = any ? QStringLiteral("127.0.0.1") : port.hostAddress;
        if (port.isFixed()) {
            found.published = port.published;
            found.unreachable.clear();
            return;
        }
        found.unreachable =
            QStringLiteral(
                "Service %1 publishes its port %2 at a port that the engine chooses when it starts.")
                .arg(found.name)
                .arg(found.port);
    }
    if (found.unreachable.isEmpty())
        found.unreachable = holder->ports.isEmpty()
                                ? QStringLiteral("Service %1 publishes no port.").arg(found.name)
                                : QStringLiteral("Service %1 does not publish its server's port %2.")
                                      .arg(found.name)
                                      .arg(found.port);
}

/// What a standby does not say about roles and databases, its primary does: they are the same.
void fillLogins(const ComposeProject &project, QList<PostgresService> &found)
{
    const PostgresService *primary = nullptr;
    for (PostgresService &service : found) {
        const ComposeService &described = *project.service(service.name);
        service.user = valueOf(described, {"POSTGRES_USER", "POSTGRESQL_USERNAME", "POSTGRESQL_USER"});
        service.database = valueOf(described, {"POSTGRES_DB", "POSTGRESQL_DATABASE"});
        if (service.role == Guess::Primary && !primary)
            primary = &service;
    }
    for (PostgresService &service : found) {
        const bool follows = service.role == Guess::Standby && primary;
        if (service.user.isEmpty() && follows)
            service.user = primary->user;
        if (service.user.isEmpty())
            service.user = QStringLiteral("postgres");
        if (service.database.isEmpty() && follows)
            service.database = primary->database;
        if (service.database.isEmpty())
            service.database = service.user;
    }
}

} // namespace

QList<PostgresService> postgresServices(const ComposeProject &project)
{
    QList<PostgresService> out;
    for (const ComposeService &service : project.services) {
        PostgresService found;
        found.name = service.name;
        found.evidence = evidenceOf(service);
        if (found.evidence.isEmpty())
            continue;
        guessRole(service, found);
        found.port = portOf(service);
        reach(project, service, found);
        out << found;
    }
    guessTheRest(project, out);
    fillLogins(project, out);
    return out;
}

} // namespace understudy
