// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/DemoSql.h"

#include "demo/DemoBuilder.h"
#include "model/Quote.h"

namespace understudy {

namespace {

constexpr int version15 = 150000;

QString role(const QString &name)
{
    return quote::sqlIdentifier(name);
}

} // namespace

QStringList demoServerStatements(int versionNum, const QMap<QString, QString> &passwords)
{
    const auto create = [&](const QString &name, const QString &attributes) {
        return QStringLiteral("CREATE ROLE %1 LOGIN %2 PASSWORD %3")
            .arg(role(name), attributes, quote::sqlLiteral(passwords.value(name)));
    };
    const QString user = role(demoUser());
    QStringList out{create(demoReplicationUser(), QStringLiteral("REPLICATION")),
                    create(demoUser(), QStringLiteral("REPLICATION")), create(demoLoadRole(), QString()),
                    // A standby that is waited for and gone must not stop the load.
                    QStringLiteral("ALTER ROLE %1 SET synchronous_commit = local").arg(role(demoLoadRole())),
                    QStringLiteral("GRANT pg_monitor TO %1").arg(user)};
    if (versionNum >= version15) {
        out << QStringLiteral("GRANT pg_read_all_data, pg_checkpoint TO %1").arg(user);
        for (const char *parameter : {"synchronous_standby_names", "max_slot_wal_keep_size"})
            out << QStringLiteral("GRANT ALTER SYSTEM ON PARAMETER %1 TO %2")
                       .arg(QLatin1String(parameter), user);
    } else {
        // ALTER SYSTEM could not be granted before 15.
        out << QStringLiteral("ALTER ROLE %1 SUPERUSER").arg(user);
    }
    out << QStringLiteral("CREATE DATABASE %1").arg(quote::sqlIdentifier(demoDatabase()));
    return out;
}

QStringList demoDatabaseStatements(int versionNum)
{
    if (versionNum < version15)
        return {};
    const QString user = role(demoUser());
    return {QStringLiteral("GRANT EXECUTE ON FUNCTION pg_catalog.pg_reload_conf() TO %1").arg(user),
            QStringLiteral("GRANT EXECUTE ON FUNCTION pg_catalog.pg_hba_file_rules() TO %1").arg(user),
            QStringLiteral("GRANT SELECT ON pg_catalog.pg_hba_file_rules TO %1").arg(user)};
}

QStringList demoContentStatements()
{
    const QString load = role(demoLoadRole());
    return {
        QStringLiteral("CREATE TABLE public.orders (id bigint PRIMARY KEY, customer text NOT NULL,"
                       " item text NOT NULL, quantity integer NOT NULL, amount numeric(10,2) NOT NULL,"
                       " status text NOT NULL, placed_at timestamptz NOT NULL)"),
        QStringLiteral(
            "INSERT INTO public.orders SELECT g,"
            " (ARRAY['Ada', 'Bilal', 'Chiara', 'Dmitri', 'Emeka', 'Farah', 'Greta', 'Hiro'])[1 + g * 7 % 8]"
            " || ' ' ||"
            " (ARRAY['Okafor', 'Lind', 'Moreau', 'Tanaka', 'Silva', 'Novak', 'Haddad'])[1 + g * 5 % 7],"
            " (ARRAY['lamp', 'desk', 'chair', 'shelf', 'rug', 'mirror'])[1 + g * 11 % 6],"
            " 1 + g % 4, ((g * 7919) % 90000 + 490) / 100.0,"
            " (ARRAY['delivered', 'delivered', 'shipped', 'paid'])[1 + g * 3 % 4],"
            " now() - (50004 - g) * interval '8 minutes' FROM generate_series(1, 50004) AS g"),
        QStringLiteral("CREATE SCHEMA load AUTHORIZATION %1").arg(load),
        QStringLiteral("CREATE TABLE load.events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                       " happened_at timestamptz NOT NULL DEFAULT now(), kind text NOT NULL,"
                       " payload text NOT NULL)"),
        QStringLiteral("ALTER TABLE load.events OWNER TO %1").arg(load),
        // Now, so that nothing touches the rows later.
        QStringLiteral("VACUUM (FREEZE, ANALYZE) public.orders")};
}

} // namespace understudy
