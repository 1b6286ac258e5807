// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Clock.h"
#include "model/Format.h"
#include "operations/preflight/Checks.h"

#include <algorithm>

namespace understudy::checks {

void settingsParity(CheckRun &run)
{
    // The new standby gets the values of the configuration files and of the server's command line; what came
    // from anywhere else (its environment) stays behind.
    const auto rows = run.ask(QStringLiteral(
        "SELECT name, setting::bigint, boot_val::bigint, source, pending_restart, coalesce(sourcefile, ''), "
        "coalesce(current_setting('data_directory', true), '') FROM pg_settings WHERE name IN "
        "('max_connections', 'max_worker_processes', 'max_wal_senders', 'max_prepared_transactions', "
        "'max_locks_per_transaction') ORDER BY name"));
    if (!rows)
        return run.unknown(rows.error());
    QStringList lower, pending;
    QStringList assignments;
    qint64 connections = 0;
    for (const QVariantList &row : rows->rows) {
        const QString name = row.at(0).toString(), source = row.at(3).toString();
        const qint64 value = row.at(1).toLongLong(), boot = row.at(2).toLongLong();
        if (name == u"max_connections")
            connections = value;
        const bool copied =
            source == u"default" || source == u"configuration file" || source == u"command line";
        if (!copied && boot < value) {
            lower.append(QStringLiteral("%1 = %2 from the %3").arg(name).arg(value).arg(source));
            assignments.append(QStringLiteral("ALTER SYSTEM SET %1 = %2;").arg(name).arg(value));
        }
        if (row.at(4).toBool())
            pending.append(name);
    }
    if (!lower.isEmpty()) {
        run.fix(assignments.join(u'\n'));
        run.result.waivable = true;
        return run.failed(
            lower.join(QStringLiteral(", ")),
            QStringLiteral("This does not travel with the copy: the standby would start with the default, "
                           "which is lower, and stop with \"insufficient parameter settings\"."));
    }
    if (!pending.isEmpty())
        return run.warn(
            QStringLiteral("%1 changed in the configuration, but not in force yet")
                .arg(pending.join(QStringLiteral(", "))),
            QStringLiteral("The copy starts with the new value, %1 still runs with the old one. If the new "
                           "one is lower, the standby does not start before the other restarts.")
                .arg(run.cx.upstreamWord()));
    run.pass(QStringLiteral("%1 of 5, max_connections %2 and %2").arg(rows->rows.size()).arg(connections));
}

namespace {

/// How far a clock is before ours, in microseconds: between the two.
struct ClockOffset
{
    qint64 least = 0, most = 0;
};

/// The target's own clock.
Result<ClockOffset> clockOf(CheckRun &run)
{
    Command ask;
    ask.argv = {QStringLiteral("date"), QStringLiteral("+%s%6N")};
    ask.timeoutMs = 10000;
    const qint64 before = SystemClock::instance().nowUs();
    const auto answer = run.cx.host->run(ask, run.cx.stop);
    const qint64 after = SystemClock::instance().nowUs();
    if (!answer)
        return tl::unexpected(answer.error());
    bool ok = false;
    const qint64 there = answer->output.trimmed().toLongLong(&ok);
    if (!ok)
        return fail(QStringLiteral("%1 does not tell its time").arg(run.cx.targetWord()));
    return ClockOffset{there - after, there - before};
}

} // namespace

void clock(CheckRun &run)
{
    const qint64 before = SystemClock::instance().nowUs();
    const auto rows =
        run.ask(QStringLiteral("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"));
    const qint64 after = SystemClock::instance().nowUs();
    if (!rows)
        return run.unknown(rows.error());
    const qint64 there = rows->first().toLongLong();
    // Within the time that the questions took, the difference cannot be told from nothing.
    ClockOffset server{there - after, there - before};
    ClockOffset target;
    if (!run.cx.host->isLocal()) {
        const auto asked = clockOf(run);
        if (!asked)
            return run.unknown(asked.error());
        target = *asked;
    }
    const qint64 apartUs = std::max<qint64>({0, server.least - target.most, target.least - server.most});
    const double apart = double(apartUs) / 1e6;
    const QString evidence =
        QStringLiteral("%1 apart, asked within %2")
            .arg(format::seconds(apart),
                 format::milliseconds(double(server.most - server.least + target.most - target.least) /
                                      1000.0));
    if (apart <= 2)
        return run.pass(evidence);
    run.result.waivable = true;
    run.warn(evidence, QStringLiteral("Delays in seconds compare the two clocks: they would be wrong by %1.")
                           .arg(format::seconds(apart)));
}

namespace {

// The libraries that sort are the image's.
void composeCollation(CheckRun &run, const QString &words)
{
    const ComposeTarget &target = *run.cx.facts.compose;
    const ComposeService *model = target.project.service(target.model);
    const ComposeService *upstream = target.project.service(run.cx.upstream.name);
    if (model && upstream && !model->image.isEmpty() && model->image == upstream->image)
        return run.pass(words + QStringLiteral(", the same image %1").arg(model->image));
    run.result.waivable = true;
    run.warn(
        words +
            QStringLiteral(" on %1, another image than that of %2").arg(run.cx.upstreamWord(), target.model),
        QStringLiteral("If the C library of the new service's image sorts differently, text indexes on "
                       "the standby give wrong answers."));
}

// PostgreSQL notes the C library's own version, see pg_collation_actual_version().
void machineCollation(CheckRun &run, const QString &locale, const QString &words, const QString &version)
{
    // These sort by the characters' numbers, whatever the library; PostgreSQL notes no version for them.
    if (version.isEmpty() && (locale == u"C" || locale == u"POSIX" || locale.startsWith(u"C.")))
        return run.pass(words + QStringLiteral(", the same order everywhere"));
    Command ask;
    ask.argv = {QStringLiteral("getconf"), QStringLiteral("GNU_LIBC_VERSION")};
    ask.timeoutMs = 10000;
    const auto answer = run.cx.host->run(ask, run.cx.stop);
    const QString here = answer && answer->ok() ? answer->output.trimmed().section(u' ', 1) : QString();
    if (!here.isEmpty() && here == version)
        return run.pass(words + QStringLiteral(", the same C library on ") + run.cx.targetWord());
    run.result.waivable = true;
    const bool compared = !here.isEmpty() && !version.isEmpty();
    run.warn(words + QStringLiteral(" on ") + run.cx.upstreamWord() +
                 (compared ? QStringLiteral(", C library %1 on %2").arg(here, run.cx.targetWord())
                           : QStringLiteral(", %1 not compared").arg(run.cx.targetWord())),
             QStringLiteral("If the C library of %1 sorts differently, text indexes on the standby give "
                            "wrong answers.")
                 .arg(run.cx.targetWord()));
}

} // namespace

void collation(CheckRun &run)
{
    const bool versions = run.cx.server.versionNum >= 150000;
    const auto rows = run.ask(
        versions ? QStringLiteral("SELECT datname, datcollate, coalesce(datcollversion, ''), "
                                  "coalesce(pg_database_collation_actual_version(oid), '') FROM pg_database "
                                  "WHERE datallowconn ORDER BY datname = current_database() DESC, datname")
                 : QStringLiteral("SELECT datname, datcollate, '', '' FROM pg_database WHERE datallowconn "
                                  "ORDER BY datname = current_database() DESC, datname"));
    if (!rows || rows->rows.isEmpty())
        return run.unknown(rows ? Error{QStringLiteral("no database was listed"), {}, {}} : rows.error());
    const QString locale = rows->rows.first().at(1).toString();
    for (const QVariantList &row : rows->rows) {
        const QString stored = row.at(2).toString(), actual = row.at(3).toString();
        if (stored.isEmpty() || stored == actual)
            continue;
        run.result.waivable = true;
        return run.warn(
            QStringLiteral("%1: collation version %2, the library has %3")
                .arg(row.at(0).toString(), stored, actual),
            QStringLiteral("Indexes on text may be sorted by older rules already, and a standby copies them "
                           "as they are."));
    }
    const QString version = rows->rows.first().at(2).toString();
    const QString words = version.isEmpty() ? locale : QStringLiteral("%1, version %2").arg(locale, version);
    if (run.cx.sharesMachine)
        return run.pass(words + QStringLiteral(", the same libraries on the same machine"));
    if (run.cx.isCompose() && run.cx.facts.compose)
        return composeCollation(run, words);
    machineCollation(run, locale, words, version);
}

} // namespace understudy::checks
