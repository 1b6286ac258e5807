// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/Quote.h"
#include "operations/preflight/Checks.h"
#include "operations/preflight/Estimates.h"

#include <QRegularExpression>

namespace understudy::checks {

namespace {

constexpr double restartSeconds = 60;          ///< How long a standby that is restarted may be away.
constexpr double writtenBytesPerSecond = 1024; ///< More than a quiet server's own housekeeping.

QString standbyName(const CheckContext &cx)
{
    return cx.request.name.isEmpty() ? QStringLiteral("the new standby") : cx.request.name;
}

} // namespace

void compression(CheckRun &run)
{
    const QString field = QStringLiteral("compress");
    const QString &asked = run.cx.request.choices.compress;
    const QString version = QStringLiteral("PostgreSQL ") + format::version(run.cx.server.versionNum);
    if (run.cx.server.versionNum < 150000)
        return run.failed(QStringLiteral("%1, and %2 runs %3").arg(asked, run.cx.upstreamWord(), version),
                          QStringLiteral("Servers before PostgreSQL 15 send a copy as it is."), field);
    const QString method = compressMethod(asked).section(u'-', 1);
    // What the server was built with shows in the methods that it offers for WAL. Whether it has gzip is
    // shown to nobody but superusers; builds without are not shipped.
    const auto rows =
        run.ask(QStringLiteral("SELECT ? = ANY (enumvals) FROM pg_settings WHERE name = 'wal_compression'"),
                {method});
    if (!rows || rows->rows.isEmpty())
        return run.unknown(rows ? Error{QStringLiteral("no answer"), {}, {}} : rows.error());
    if (method != u"gzip" && !rows->first().toBool())
        return run.failed(QStringLiteral("%1 was built without %2").arg(run.cx.upstreamWord(), method),
                          QStringLiteral("It would refuse the copy. Take another method, or none."), field);
    if (run.cx.host && !run.cx.isCompose() && !run.cx.facts.binDirectory.isEmpty()) {
        static const QMap<QString, QString> symbols{
            {QStringLiteral("gzip"), QStringLiteral("inflateInit2_")},
            {QStringLiteral("lz4"), QStringLiteral("LZ4F_decompress")},
            {QStringLiteral("zstd"), QStringLiteral("ZSTD_decompressStream")}};
        Command look;
        look.argv = {QStringLiteral("grep"), QStringLiteral("-qaF"),
                     QStringLiteral("-e"),   symbols.value(method),
                     QStringLiteral("--"),   run.cx.facts.binDirectory + QStringLiteral("/pg_basebackup")};
        look.timeoutMs = 5000;
        const auto found = run.cx.host->run(look, run.cx.stop);
        if (found && found->exitCode == 1) {
            run.result.waivable = true;
            run.result.field = field;
            return run.warn(QStringLiteral("pg_basebackup in %1 does not seem to know %2")
                                .arg(run.cx.facts.binDirectory, method),
                            QStringLiteral("The files are unpacked here. If it cannot, the copy ends as it "
                                           "begins, and everything is undone."));
        }
    }
    run.pass(QStringLiteral("%1, %2 can").arg(asked, version));
}

void keptWal(CheckRun &run)
{
    CheckContext &cx = run.cx;
    const bool old = cx.server.versionNum < 130000;
    const auto rows =
        run.ask(old ? QStringLiteral("SELECT current_setting('wal_keep_segments')::bigint * "
                                     "pg_size_bytes(current_setting('wal_segment_size'))")
                    : QStringLiteral("SELECT pg_size_bytes(current_setting('wal_keep_size'))::bigint"));
    if (!rows)
        return run.unknown(rows.error());
    const auto size = estimates::clusterBytes(run);
    const auto rate = cx.walRate(*run.sql);
    if (!size || !rate)
        return run.unknown(!size ? size.error()
                                 : Error{QStringLiteral("the WAL rate could not be measured"), {}, {}});
    const qint64 kept = rows->first().toLongLong();
    const qint64 needed =
        estimates::walDuringCopy(*size, rate, cx.request.maxRate) + qint64(*rate * restartSeconds);
    const QString setting = old ? QStringLiteral("wal_keep_segments") : QStringLiteral("wal_keep_size");
    const QString evidence = QStringLiteral("%1 = %2, a copy and a restart write about %3")
                                 .arg(setting, format::bytes(kept), format::bytes(needed));
    if (kept >= needed)
        return run.pass(evidence);
    run.result.waivable = true;
    run.result.field = QStringLiteral("slot");
    constexpr qint64 segment = qint64(16) << 20;
    const qint64 segments = (needed + segment - 1) / segment;
    run.fix(QStringLiteral("ALTER SYSTEM SET %1 = %2;\nSELECT pg_reload_conf();")
                .arg(setting, old ? QString::number(segments) : QStringLiteral("'%1MB'").arg(segments * 16)));
    run.warn(evidence,
             QStringLiteral(
                 "Without a slot %1 throws WAL away that %2 has not read yet once it is older than that; "
                 "a standby that was away for longer must be made anew, unless it finds its WAL in an "
                 "archive.")
                 .arg(cx.upstreamWord(), standbyName(cx)));
}

void applyDelay(CheckRun &run)
{
    const CheckContext &cx = run.cx;
    const QString &delay = cx.request.choices.applyDelay;
    const QString field = QStringLiteral("applyDelay");
    const auto ms = applyDelayMs(delay);
    if (!ms)
        return run.failed(QStringLiteral("\"%1\" is not a delay").arg(delay.left(40)),
                          QStringLiteral("Give a number with us, ms, s, min, h or d, up to 24 days."), field);
    const auto rows = run.ask(QStringLiteral("SELECT current_setting('synchronous_commit'), "
                                             "current_setting('hot_standby_feedback')"));
    if (!rows || rows->rows.isEmpty())
        return run.unknown(rows ? Error{QStringLiteral("no answer"), {}, {}} : rows.error());
    const QString commit = rows->rows.first().at(0).toString();
    const bool feedback = rows->rows.first().at(1).toString() == u"on";
    const QString name = standbyName(cx);
    run.result.field = field;
    if (cx.request.synchronous && commit == u"remote_apply")
        return run.failed(
            QStringLiteral("synchronous, and synchronous_commit = remote_apply"),
            QStringLiteral("Every commit would wait %1 until %2 has replayed it.").arg(delay, name), field);
    const auto rate = run.cx.walRate(*run.sql);
    QString evidence = QStringLiteral("%1 replays %2 late").arg(name, delay);
    if (rate)
        evidence += QStringLiteral(", and keeps about %1 of WAL for it")
                        .arg(format::bytes(qint64(*rate * double(*ms) / 1000)));
    run.result.waivable = true;
    if (cx.request.synchronous)
        return run.warn(
            evidence + QStringLiteral("; synchronous"),
            QStringLiteral("Commits wait until %1 has them on disk, not until they are seen there; with "
                           "remote_apply they would wait %2 each.")
                .arg(name, delay));
    if (cx.cascade || (rate && *rate >= writtenBytesPerSecond))
        return run.warn(
            evidence + QStringLiteral("; streams up to %1 after the copy").arg(delay),
            QStringLiteral("Commits that the copy brings along are held back before %1 asks for more. Under "
                           "write load there are some: the plan waits up to %2 for it to connect. %3")
                .arg(name, delay,
                     cx.request.choices.slot
                         ? QStringLiteral("Its slot keeps the WAL of that time on %1.").arg(cx.upstreamWord())
                         : QStringLiteral("Without a slot %1 may have thrown the WAL of that time away.")
                               .arg(cx.upstreamWord())));
    if (feedback)
        return run.warn(
            evidence + QStringLiteral("; hot_standby_feedback = on"),
            QStringLiteral("The copy takes hot_standby_feedback along: vacuum on %1 would spare every "
                           "row for %2 longer.")
                .arg(cx.upstreamWord(), delay));
    run.pass(evidence);
}

void restoreCommand(CheckRun &run)
{
    const QString &command = run.cx.request.choices.restoreCommand;
    if (run.cx.isCompose())
        return run.pass(QStringLiteral("%1, run in the new container").arg(command.left(100)));
    static const QRegularExpression blank(QStringLiteral("\\s"));
    const QString program = command.trimmed().section(blank, 0, 0);
    Command look;
    look.argv = {QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("command -v \"$1\" >/dev/null"),
                 QStringLiteral("sh"), program};
    look.runAs = run.cx.facts.runAs;
    look.workingDirectory = QStringLiteral("/");
    look.timeoutMs = 5000;
    const auto found = run.cx.host->run(look, run.cx.stop);
    if (found && found->ok())
        return run.pass(command.left(100));
    run.result.waivable = true;
    run.result.field = QStringLiteral("restoreCommand");
    run.warn(QStringLiteral("%1 finds no program %2").arg(run.cx.serverUser(), program.left(60)),
             QStringLiteral(
                 "A restore command that fails leaves the standby with streaming alone: WAL that %1 has "
                 "thrown away is then not fetched from the archive.")
                 .arg(run.cx.upstreamWord()));
}

} // namespace understudy::checks
