// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "operations/NeededFiles.h"
#include "operations/preflight/Checks.h"
#include "operations/preflight/Estimates.h"

namespace understudy::checks {

void dataChecksums(CheckRun &run)
{
    const auto rows =
        run.ask(QStringLiteral("SELECT current_setting('data_checksums'), current_setting('wal_log_hints')"));
    if (!rows || rows->rows.isEmpty())
        return run.unknown(rows ? Error{QStringLiteral("no answer"), {}, {}} : rows.error());
    const bool checksums = rows->rows.first().at(0).toString() == u"on";
    const bool hints = rows->rows.first().at(1).toString() == u"on";
    if (checksums)
        return run.pass(QStringLiteral("data_checksums = on"));
    if (hints)
        return run.pass(QStringLiteral("data_checksums = off, wal_log_hints = on"));
    const auto size = estimates::clusterBytes(run);
    run.warn(
        QStringLiteral("data_checksums = off, wal_log_hints = off"),
        QStringLiteral("After a failover pg_rewind needs one of them to bring the old primary back. Without, "
                       "it is copied whole again: %1.")
            .arg(size ? format::bytes(*size) : QStringLiteral("the whole cluster")));
    run.result.waivable = true;
    run.fix(QStringLiteral("ALTER SYSTEM SET wal_log_hints = on;"), {}, true);
}

void archiving(CheckRun &run)
{
    const auto rows = run.ask(QStringLiteral(
        "SELECT current_setting('archive_mode'), archived_count, failed_count, coalesce(last_failed_wal, "
        "''), "
        "coalesce(last_failed_time > last_archived_time, last_failed_time IS NOT NULL), "
        "(extract(epoch FROM now() - last_failed_time) * 1000000)::bigint FROM pg_stat_archiver"));
    if (!rows || rows->rows.isEmpty())
        return run.unknown(rows ? Error{QStringLiteral("no answer"), {}, {}} : rows.error());
    const QVariantList &row = rows->rows.first();
    const QString mode = row.at(0).toString();
    if (mode == u"off")
        return run.pass(QStringLiteral("archive_mode = off"));
    if (row.at(4).toBool()) {
        run.result.waivable = true;
        return run.warn(
            QStringLiteral("archive_mode = %1, %2 failed %3 ago")
                .arg(mode, row.at(3).toString(), format::age(row.at(5).toLongLong())),
            QStringLiteral("%1 attempts failed, the last one after the last success. WAL that is not "
                           "archived stays on %2 and fills its disk.")
                .arg(format::count(row.at(2).toLongLong()), run.cx.upstreamWord()));
    }
    run.pass(QStringLiteral("archive_mode = %1, %2 archived, none failing")
                 .arg(mode, format::plural(row.at(1).toLongLong(), QStringLiteral("file"))));
}

void backupRunning(CheckRun &run)
{
    // Version 12 has no progress view: there a walsender in state "backup" is all that can be seen.
    const bool progress = run.cx.server.versionNum >= 130000;
    const auto rows = run.ask(
        progress ? QStringLiteral("SELECT pid, phase FROM pg_stat_progress_basebackup")
                 : QStringLiteral("SELECT pid, state FROM pg_stat_replication WHERE state = 'backup'"));
    if (!rows)
        return run.unknown(rows.error());
    if (rows->rows.isEmpty())
        return run.pass(QStringLiteral("none is running"));
    run.result.waivable = true;
    run.warn(
        QStringLiteral("%1 running, pid %2, %3")
            .arg(format::plural(rows->rows.size(), QStringLiteral("base backup")),
                 rows->rows.first().at(0).toString(), rows->rows.first().at(1).toString()),
        QStringLiteral("Two copies at once share the disk and the network of %1: each takes about twice as "
                       "long.")
            .arg(run.cx.upstreamWord()));
}

namespace {

/// The files that the standby's own connection needs, as its server's user sees them; true when one is wrong.
bool certificateFault(CheckRun &run)
{
    if (run.cx.isCompose() || run.cx.isUnseen())
        return false; // there the new service connects as its model does, or the script looks
    const auto files = connectionFiles(run.cx.upstream.endpoint);
    for (auto it = files.begin(); it != files.end(); ++it) {
        const QString path = it.value();
        const QString evidence = QStringLiteral("%1=%2").arg(it.key(), path);
        const QString user = run.cx.serverUser();
        if (!path.startsWith(u'/'))
            run.failed(evidence + QStringLiteral(" is not an absolute path"),
                       QStringLiteral("It becomes a part of primary_conninfo, and the new server runs in a "
                                      "directory of its own."),
                       QStringLiteral("upstream"));
        else if (!testAsServer(run.cx, {QStringLiteral("-r"), path}))
            run.failed(
                QStringLiteral("%1 cannot be read by %2").arg(evidence, user),
                QStringLiteral("It becomes a part of primary_conninfo, and the new server, which runs as "
                               "%1, would not connect. Put it where %1 can read it, and name that place.")
                    .arg(user),
                QStringLiteral("upstream"));
        else
            continue;
        return true;
    }
    return false;
}

} // namespace

void tls(CheckRun &run)
{
    const auto rows = run.ask(QStringLiteral("SELECT ssl, coalesce(version, ''), coalesce(cipher, '') FROM "
                                             "pg_stat_ssl WHERE pid = pg_backend_pid()"));
    if (!rows || rows->rows.isEmpty())
        return run.unknown(rows ? Error{QStringLiteral("no answer"), {}, {}} : rows.error());
    const QVariantList &row = rows->rows.first();
    const QString mode = run.cx.upstream.endpoint.options.value(QStringLiteral("sslmode"));
    if (!row.at(0).toBool())
        return run.failed(
            QStringLiteral("sslmode=%1 is asked for, but this session is not encrypted").arg(mode),
            QStringLiteral("WAL holds every row that is written; it would cross the network as "
                           "plain text."),
            QStringLiteral("upstream"));
    if (certificateFault(run))
        return;
    run.pass(QStringLiteral("%1, %2, sslmode=%3").arg(row.at(1).toString(), row.at(2).toString(), mode));
}

} // namespace understudy::checks
