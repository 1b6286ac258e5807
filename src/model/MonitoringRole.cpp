// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/MonitoringRole.h"

#include "model/Format.h"
#include "model/Quote.h"

#include <QStringList>
#include <algorithm>

namespace understudy {

namespace {

constexpr int oldest = 120000;

Result<void> checkName(const QString &name)
{
    const QString field = QStringLiteral("name");
    if (name.isEmpty())
        return fail(QStringLiteral("The role has no name."), {}, field);
    if (name.toUtf8().size() > 63)
        return fail(QStringLiteral("The name of the role is longer than 63 bytes."), {}, field);
    if (name.startsWith(QLatin1String("pg_")))
        return fail(QStringLiteral("Names that begin with pg_ belong to PostgreSQL."), {}, field);
    // psql gives quotes, backslashes, colons and backticks a meaning of their own in its commands.
    const bool plain = std::all_of(name.begin(), name.end(), [](QChar c) {
        return c.isLetterOrNumber() || QStringView(u"_-.@").contains(c);
    });
    if (!plain)
        return fail(QStringLiteral("The name of the role may have letters, digits and _ - . @ only."), {},
                    field);
    return {};
}

QStringList purposeOf(const MonitoringRole &role)
{
    QStringList words{QStringLiteral("watch")};
    if (role.addsStandbys)
        words << QStringLiteral("add standbys");
    if (role.comparesCounts)
        words << QStringLiteral("compare row counts");
    return words;
}

/// Reading tables, by what the version has for it.
QStringList countingLines(const MonitoringRole &role, const QString &name)
{
    QStringList lines;
    if (role.versionNum == 0 || role.versionNum >= 140000) {
        lines << QString()
              << QStringLiteral(
                     "-- Read every table, so that rows can be counted on every node; write none.");
        if (role.versionNum == 0)
            lines << QStringLiteral(
                "-- PostgreSQL 14 and later; ask for --version 13 to see what older ones take.");
        lines << QStringLiteral("GRANT pg_read_all_data TO %1;").arg(name);
        return lines;
    }
    return {
        QString(),
        QStringLiteral("-- To count rows it must read the tables, and PostgreSQL %1 has no pg_read_all_data.")
            .arg(role.versionNum / 10000),
        QStringLiteral("-- In each database, for each schema whose tables shall be counted (here: public):"),
        QStringLiteral("--   GRANT USAGE ON SCHEMA public TO %1;").arg(name),
        QStringLiteral("--   GRANT SELECT ON ALL TABLES IN SCHEMA public TO %1;").arg(name),
        QStringLiteral("-- and, as the role that makes the tables, for those to come:"),
        QStringLiteral("--   ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO %1;")
            .arg(name)};
}

QStringList hbaLines(const MonitoringRole &role, const QString &name)
{
    const bool known = !role.clientAddress.isEmpty();
    const bool loopback = role.clientAddress.startsWith(QLatin1String("127.")) ||
                          role.clientAddress.startsWith(QLatin1String("::1"));
    const QString address = known ? role.clientAddress : QStringLiteral("192.0.2.10/32");
    const QString kind = loopback ? QStringLiteral("host") : QStringLiteral("hostssl");
    const QString databases = role.comparesCounts ? QStringLiteral("all") : QStringLiteral("postgres");
    const auto line = [&](const QString &database, const QString &from) {
        return QStringLiteral("--   %1 %2 %3 %4 scram-sha-256")
            .arg(kind.leftJustified(8), database.leftJustified(12), name, from);
    };
    QStringList lines{
        QString(), QStringLiteral("-- In pg_hba.conf of every node, before any line that says otherwise:")};
    lines << line(databases, address);
    if (role.addsStandbys) {
        // "all" does not match replication.
        lines << line(QStringLiteral("replication"), address)
              << QStringLiteral(
                     "-- The second line lets it copy a server; the standby's own login needs one like it.");
    }
    if (!known)
        lines << QStringLiteral(
            "-- 192.0.2.10 stands for the address of the machine that Understudy runs on.");
    if (!loopback)
        lines << QStringLiteral("-- hostssl takes TLS only. Where the server has none: host.");
    lines << QStringLiteral("-- then, on every node:  SELECT pg_reload_conf();");
    return lines;
}

} // namespace

Result<QString> monitoringRoleScript(const MonitoringRole &role)
{
    if (role.versionNum != 0 && role.versionNum < oldest)
        return fail(QStringLiteral("PostgreSQL %1 cannot be watched; the oldest version that can be is 12.")
                        .arg(format::version(role.versionNum)),
                    {}, QStringLiteral("version"));
    if (const auto ok = checkName(role.name); !ok)
        return tl::unexpected(ok.error());
    const QString name = quote::sqlIdentifier(role.name);
    QStringList lines{
        QStringLiteral("-- The role that Understudy logs in with, to: %1.")
            .arg(purposeOf(role).join(QStringLiteral(", "))),
        role.versionNum ? QStringLiteral("-- For PostgreSQL %1.").arg(role.versionNum / 10000)
                        : QStringLiteral("-- For PostgreSQL 12 and later."),
        QStringLiteral(
            "-- Run it with psql as a superuser on the primary; standbys take it over by themselves."),
        QStringLiteral("\\set ON_ERROR_STOP on"), QString()};
    if (role.addsStandbys)
        lines << QStringLiteral(
                     "-- LOGIN to connect, REPLICATION to create the slot of a new standby and to copy the")
              << QStringLiteral(
                     "-- server. Who may copy it has all its data: leave REPLICATION out to watch only.")
              << QStringLiteral("CREATE ROLE %1 LOGIN REPLICATION;").arg(name);
    else
        lines << QStringLiteral("-- LOGIN to connect, and nothing that makes, changes or copies anything.")
              << QStringLiteral("CREATE ROLE %1 LOGIN;").arg(name);
    lines
        << QString()
        << QStringLiteral(
               "-- See lag, links, slots and settings. Without it rows come back with a pid and a name only.")
        << QStringLiteral("GRANT pg_monitor TO %1;").arg(name);
    if (role.comparesCounts)
        lines += countingLines(role, name);
    if (role.versionNum != 0 && role.versionNum < 150000)
        lines << QString()
              << QStringLiteral("-- Before PostgreSQL 15 every role may make tables in the schema public. To "
                                "end that, in each")
              << QStringLiteral("-- database, once you know that nobody relies on it:")
              << QStringLiteral("--   REVOKE CREATE ON SCHEMA public FROM PUBLIC;");
    lines << QString();
    if (role.versionNum == 0 || role.versionNum < 140000)
        lines << QStringLiteral("-- Before PostgreSQL 14 passwords are kept as md5 unless this is said.")
              << QStringLiteral("SET password_encryption = 'scram-sha-256';");
    lines << QStringLiteral(
                 "-- Asks for the password, twice; it is sent hashed and stands in no file and no log.")
          << QStringLiteral("\\password %1").arg(name);
    lines += hbaLines(role, name);
    return lines.join(u'\n') + u'\n';
}

} // namespace understudy
