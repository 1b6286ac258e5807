// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight/CheckTable.h"

#include "operations/preflight/Checks.h"

#include <QSet>
#include <algorithm>

namespace understudy {

namespace {

using G = CheckGroup;
using Rows = std::vector<CheckDefinition>;

QString manualPage(const char *page)
{
    return QStringLiteral("https://www.postgresql.org/docs/current/") + QLatin1String(page);
}

bool asksForTls(const Endpoint &endpoint)
{
    const QString mode = endpoint.options.value(QStringLiteral("sslmode"));
    return mode == u"require" || mode.startsWith(u"verify");
}

CheckDefinition row(const char *id, CheckGroup group, const QString &title, const char *page, bool server,
                    void (*run)(CheckRun &))
{
    return {QLatin1String(id),
            group,
            title,
            QLatin1String(page).startsWith(QLatin1String("https:")) ? QLatin1String(page) : manualPage(page),
            server,
            run};
}

Rows upstreamRows(const CheckContext &cx)
{
    const QString who = cx.cascade ? cx.upstream.name : QStringLiteral("Primary");
    const QString user = cx.upstream.endpoint.user;
    const QString rightsTitle =
        user.isEmpty() ? QStringLiteral("Rights of our role") : QStringLiteral("Rights of ") + user;
    const bool compose = cx.isCompose();
    Rows rows{
        row("upstream_answers", G::Upstream, who + QStringLiteral(" answers"), "app-pg-isready.html", false,
            checks::upstreamAnswers),
        row("current_replication", G::Upstream, "Current replication",
            "monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW", true, checks::currentReplication),
        row("replication_login", G::Upstream, "Login from the target",
            "warm-standby.html#STREAMING-REPLICATION-AUTHENTICATION", true,
            compose ? checks::composeLogin : checks::replicationLogin),
        row("rights", G::Upstream, rightsTitle, "role-attributes.html", true, checks::rights),
        row("walsenders_slots", G::Upstream, "WAL senders and slots",
            "runtime-config-replication.html#GUC-MAX-WAL-SENDERS", true, checks::walSendersAndSlots),
        row("wal_level", G::Upstream, "WAL level", "runtime-config-wal.html#GUC-WAL-LEVEL", true,
            checks::walLevel),
        cx.request.choices.slot
            ? row("slot_retention", G::Upstream, "Slot retention limit",
                  "runtime-config-replication.html#GUC-MAX-SLOT-WAL-KEEP-SIZE", true, checks::slotRetention)
            : row("wal_keep", G::Upstream, "WAL kept without a slot",
                  "runtime-config-replication.html#GUC-WAL-KEEP-SIZE", true, checks::keptWal),
        row("checksums", G::Upstream, "Data checksums", "app-pgrewind.html", true, checks::dataChecksums),
        row("archiving", G::Upstream, "Archiving", "continuous-archiving.html#BACKUP-ARCHIVING-WAL", true,
            checks::archiving),
        row("backup_running", G::Upstream, "Other base backups", "progress-reporting.html", true,
            checks::backupRunning),
    };
    if (asksForTls(cx.upstream.endpoint)) {
        const auto at =
            std::find_if(rows.begin(), rows.end(), [](const auto &d) { return d.id == u"rights"; });
        rows.insert(at, row("tls", G::Upstream, "Encryption", "ssl-tcp.html", true, checks::tls));
    }
    if (!cx.request.choices.compress.isEmpty())
        rows.push_back(row("compression", G::Upstream, "Compression of the copy", "app-pgbasebackup.html",
                           true, checks::compression));
    return rows;
}

/// Rows for what a person chose; without a choice there is nothing to check.
Rows choiceRows(const StandbyChoices &choices)
{
    Rows rows;
    if (!choices.walDirectory.isEmpty())
        rows.push_back(row("wal_directory", G::Target, "WAL directory", "app-pgbasebackup.html", false,
                           checks::walDirectory));
    if (!choices.restoreCommand.isEmpty())
        rows.push_back(row("restore_command", G::Target, "Restore command",
                           "runtime-config-wal.html#GUC-RESTORE-COMMAND", false, checks::restoreCommand));
    if (!choices.applyDelay.isEmpty())
        rows.push_back(row("apply_delay", G::Effect, "Delayed replay",
                           "runtime-config-replication.html#GUC-RECOVERY-MIN-APPLY-DELAY", true,
                           checks::applyDelay));
    return rows;
}

Rows machineRows(const CheckContext &cx, const QString &portTitle)
{
    Rows rows{
        row("programs", G::Target, "PostgreSQL programs", "app-pgbasebackup.html", false, checks::programs),
        row("same_version", G::Target, "Same major version", "warm-standby.html#STANDBY-PLANNING", true,
            checks::sameMajorVersion),
        row("os_user", G::Target, "Operating-system user", "postgres-user.html", false, checks::osUser),
        row("port", G::Target, portTitle, "runtime-config-connection.html#GUC-PORT", false, checks::port),
        row("keeper", G::Target, "Start and stop", "server-start.html", false, checks::keeper),
        row("data_directory", G::Target, "Data directory", "creating-cluster.html", false,
            checks::dataDirectory),
        row("disk", G::Target, "Disk space", "disk-full.html", true, checks::diskSpace),
        row("tablespaces", G::Target, "Tablespaces", "manage-ag-tablespaces.html", true, checks::tablespaces),
        row("settings_parity", G::Target, "Settings not below the primary",
            "hot-standby.html#HOT-STANDBY-ADMIN", true, checks::settingsParity),
        row("clock", G::Target, "Clock", "monitoring-stats.html", true, checks::clock),
        row("collation", G::Target, "Locale and collations", "collation.html", true, checks::collation),
    };
    if (!cx.sharesMachine) {
        rows.push_back(
            row("login_rules", G::Target, "Login rules", "auth-pg-hba-conf.html", true, checks::loginRules));
        rows.push_back(row("foreign_files", G::Target, "Certificates and libraries",
                           "runtime-config-client.html#GUC-SHARED-PRELOAD-LIBRARIES", true,
                           checks::foreignFiles));
    }
    return rows;
}

Rows composeRows(const QString &portTitle)
{
    return {
        row("engine", G::Target, "Docker engine", "https://docs.docker.com/engine/", false,
            checks::composeEngine),
        row("compose_file", G::Target, "Compose file", "https://docs.docker.com/reference/compose-file/",
            false, checks::composeFile),
        row("image", G::Target, "PostgreSQL in the image", "warm-standby.html#STANDBY-PLANNING", true,
            checks::composeImage),
        row("compose_names", G::Target, "Service, container and volume",
            "https://docs.docker.com/reference/compose-file/services/", false, checks::composeNames),
        row("port", G::Target, portTitle, "https://docs.docker.com/reference/compose-file/services/#ports",
            false, checks::composePort),
        row("network", G::Target, "Way to the upstream",
            "https://docs.docker.com/compose/how-tos/networking/", true, checks::composeNetwork),
        row("data_volume", G::Target, "Data volume",
            "https://docs.docker.com/reference/compose-file/volumes/", false, checks::composeVolume),
        row("disk", G::Target, "Disk space", "disk-full.html", true, checks::composeDisk),
        row("tablespaces", G::Target, "Tablespaces", "manage-ag-tablespaces.html", true,
            checks::composeTablespaces),
        row("settings_parity", G::Target, "Settings not below the primary",
            "hot-standby.html#HOT-STANDBY-ADMIN", true, checks::composeSettings),
        row("clock", G::Target, "Clock", "monitoring-stats.html", false, checks::composeClock),
        row("collation", G::Target, "Locale and collations", "collation.html", true, checks::collation),
    };
}

/// Where nothing of the target can be looked at, the rows that would look say who does.
void leaveToScript(Rows &rows)
{
    static const QSet<QString> byScript{
        QStringLiteral("programs"),      QStringLiteral("same_version"),   QStringLiteral("os_user"),
        QStringLiteral("port"),          QStringLiteral("keeper"),         QStringLiteral("data_directory"),
        QStringLiteral("disk"),          QStringLiteral("tablespaces"),    QStringLiteral("foreign_files"),
        QStringLiteral("wal_directory"), QStringLiteral("restore_command")};
    for (CheckDefinition &row : rows) {
        const bool told = row.id == u"clock" || row.id == u"collation",
                   login = row.id == u"replication_login";
        if (!told && !login && !byScript.contains(row.id))
            continue;
        row.run = told ? checks::toldByScript : login ? checks::loginByScript : checks::leftToScript;
        row.needsServer = false;
    }
}

Rows lastRows()
{
    return {
        row("names", G::Names, "New names", "warm-standby.html#STREAMING-REPLICATION-SLOTS-MANIPULATION",
            true, checks::newNames),
        row("sync", G::Effect, "Effect on commits",
            "runtime-config-replication.html#GUC-SYNCHRONOUS-STANDBY-NAMES", true, checks::effectOnCommits),
        row("wal_cost", G::Effect, "WAL sent to standbys", "warm-standby.html#STREAMING-REPLICATION", true,
            checks::walSentTwice),
    };
}

} // namespace

std::vector<CheckDefinition> checkDefinitions(const CheckContext &cx)
{
    const QString portTitle =
        cx.request.port > 0 ? QStringLiteral("Port %1").arg(cx.request.port) : QStringLiteral("Port");
    Rows all = upstreamRows(cx);
    for (const Rows &more : {cx.isCompose() ? composeRows(portTitle) : machineRows(cx, portTitle),
                             choiceRows(cx.request.choices), lastRows()})
        all.insert(all.end(), more.begin(), more.end());
    if (cx.isUnseen())
        leaveToScript(all);
    // The groups stay together, each in its order.
    std::stable_sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.group < b.group; });
    return all;
}

} // namespace understudy
