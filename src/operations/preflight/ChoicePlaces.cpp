// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Format.h"
#include "model/Quote.h"
#include "operations/preflight/Checks.h"
#include "operations/preflight/Estimates.h"

#include <QFileInfo>
#include <algorithm>

namespace understudy::checks {

namespace {

/// What a directory beside the data directory must be; empty, or why it cannot be used.
QString placeFault(const CheckContext &cx, const QString &path)
{
    const bool root = cx.facts.currentUser == u"root" && !cx.facts.runAs.isEmpty();
    const auto there = cx.host->exists(path);
    if (!there)
        return QStringLiteral("%1 cannot be looked at: %2").arg(path, there.error().what);
    const QString parent = QFileInfo(path).path();
    if (!testAsServer(cx, {QStringLiteral("-x"), parent}))
        return QStringLiteral("%1 is absent, or cannot be reached by %2").arg(parent, cx.serverUser());
    if (!*there)
        return root || testAsServer(cx, {QStringLiteral("-w"), parent})
                   ? QString()
                   : QStringLiteral("%1 may not make a directory in %2").arg(cx.serverUser(), parent);
    const auto owner = cx.host->ownership(path);
    const auto names = cx.host->list(path);
    if (!owner || !owner->isDirectory)
        return QStringLiteral("%1 is no directory").arg(path);
    if (!names || !names->isEmpty())
        return QStringLiteral("%1 exists and is not empty").arg(path);
    if (owner->user != cx.serverUser() && !root)
        return QStringLiteral("%1 belongs to %2, not to %3").arg(path, owner->user, cx.serverUser());
    return {};
}

/// One file system and what the copy brings to it.
struct Volume
{
    QString path; ///< A directory on it
    qint64 freeBytes = 0, dataBytes = 0;
    bool wal = false;
};

/// A number of the file system that @p path is or will be on; empty when it cannot be told.
QString deviceOf(const CheckContext &cx, QString path)
{
    while (path != u"/" && !cx.host->exists(path).value_or(false))
        path = QFileInfo(path).path();
    Command ask;
    ask.argv = {QStringLiteral("stat"), QStringLiteral("-c"), QStringLiteral("%d"), QStringLiteral("--"),
                path};
    ask.timeoutMs = 5000;
    const auto answer = cx.host->run(ask, cx.stop);
    return answer && answer->ok() ? answer->output.trimmed() : QString();
}

} // namespace

bool testAsServer(const CheckContext &cx, const QStringList &words)
{
    Command command;
    command.argv = QStringList{QStringLiteral("test")} + words;
    command.runAs = cx.facts.runAs;
    command.workingDirectory = QStringLiteral("/");
    command.timeoutMs = 5000;
    const auto result = cx.host->run(command, cx.stop);
    return result && result->ok();
}

void walDirectory(CheckRun &run)
{
    const QString &path = run.cx.request.choices.walDirectory;
    const QString field = QStringLiteral("walDirectory");
    if (run.cx.isCompose())
        return run.failed(
            path, QStringLiteral("A service of a Compose project keeps its WAL in its one volume."), field);
    const QString fault = placeFault(run.cx, path);
    if (!fault.isEmpty())
        return run.failed(
            fault,
            QStringLiteral("WAL goes only into a directory that is absent or empty, and that the "
                           "server's user can use."),
            field);
    run.pass(QStringLiteral("%1 can be used by %2").arg(path, run.cx.serverUser()));
}

void tablespaces(CheckRun &run)
{
    const QString field = QStringLiteral("tablespaces");
    const QMap<QString, QString> &mapped = run.cx.request.choices.tablespaces;
    const auto rows =
        run.ask(QStringLiteral("SELECT spcname, pg_tablespace_location(oid) FROM pg_tablespace "
                               "WHERE spcname NOT IN ('pg_default', 'pg_global') ORDER BY spcname"));
    if (!rows)
        return run.unknown(rows.error());
    if (rows->rows.isEmpty())
        return mapped.isEmpty()
                   ? run.pass(QStringLiteral("none beyond the default"))
                   : run.failed(QStringLiteral("none beyond the default, but some are mapped"),
                                QStringLiteral("They may have been dropped since this was begun."), field);
    QStringList names, missing;
    QSet<QString> there;
    QString firstMissing;
    for (const QVariantList &row : rows->rows) {
        const QString name = row.at(0).toString(), location = row.at(1).toString();
        there << location;
        const QString to = mapped.value(location);
        names << (to.isEmpty() ? QStringLiteral("%1 in %2").arg(name, location)
                               : QStringLiteral("%1 to %2").arg(name, to));
        if (!to.isEmpty())
            continue;
        missing << name;
        if (firstMissing.isEmpty())
            firstMissing = location;
    }
    const QString evidence = names.join(QStringLiteral(", "));
    for (auto it = mapped.begin(); it != mapped.end(); ++it) {
        if (!there.contains(it.key()))
            return run.failed(
                QStringLiteral("%1 has no tablespace in %2").arg(run.cx.upstreamWord(), it.key()),
                QStringLiteral("It has these: %1.").arg(evidence), field);
        const QString fault = placeFault(run.cx, it.value());
        if (!fault.isEmpty())
            return run.failed(
                fault,
                QStringLiteral("A tablespace goes only into a directory that is absent or empty, and "
                               "that the server's user can use."),
                field);
    }
    if (missing.isEmpty())
        return run.pass(evidence);
    // A copy on the same machine would write into the very paths that the upstream uses.
    if (run.cx.sharesMachine) {
        const QString value = tablespaceMapping(firstMissing, firstMissing + u'-' + run.cx.request.name);
        run.fixField(field, value);
        return run.failed(
            evidence,
            QStringLiteral(
                "A copy on the same machine would go into the very directories that %1 uses. Map %2 to "
                "another one.")
                .arg(run.cx.upstreamWord(), missing.join(QStringLiteral(", "))),
            field);
    }
    run.result.waivable = true;
    run.warn(
        evidence,
        QStringLiteral(
            "The copy puts what is not mapped at the same paths on %1; each must be absent or empty there.")
            .arg(run.cx.targetWord()));
}

void diskSpaceByPlace(CheckRun &run)
{
    const CheckContext &cx = run.cx;
    const StandbyChoices &choices = cx.request.choices;
    const auto rows =
        run.ask(QStringLiteral("SELECT pg_tablespace_location(oid), pg_tablespace_size(oid)::bigint "
                               "FROM pg_tablespace"),
                {}, 8000);
    if (!rows)
        return run.unknown(rows.error());
    std::vector<Volume> volumes;
    QMap<QString, size_t> byDevice;
    const auto volumeOf = [&](const QString &path) -> Volume * {
        const QString device = deviceOf(cx, path);
        if (const auto it = byDevice.constFind(device); !device.isEmpty() && it != byDevice.constEnd())
            return &volumes[*it];
        const auto space = cx.host->space(path);
        if (!space)
            return nullptr;
        byDevice.insert(device, volumes.size());
        volumes.push_back(Volume{path, space->freeBytes, 0, false});
        return &volumes.back();
    };
    qint64 total = 0;
    for (const QVariantList &row : rows->rows) {
        const QString location = row.at(0).toString();
        const QString path =
            location.isEmpty() ? cx.request.dataDirectory : choices.tablespaces.value(location, location);
        Volume *volume = volumeOf(path);
        if (!volume)
            return run.unknown(Error{QStringLiteral("the space at %1").arg(path), {}, {}});
        volume->dataBytes += row.at(1).toLongLong();
        total += row.at(1).toLongLong();
    }
    Volume *wal = volumeOf(choices.walDirectory.isEmpty() ? cx.request.dataDirectory : choices.walDirectory);
    if (!wal)
        return run.unknown(Error{QStringLiteral("the space at %1").arg(choices.walDirectory), {}, {}});
    wal->wal = true;
    const qint64 walBytes = estimates::walDuringCopy(total, run.cx.walRate(*run.sql), cx.request.maxRate);
    QStringList evidence, full;
    qint64 missing = 0;
    for (const Volume &volume : volumes) {
        const qint64 beside = (volume.wal ? walBytes : 0) + estimates::reserve(volume.dataBytes);
        const qint64 needs = (volume.dataBytes + beside) * choices.copies;
        evidence << QStringLiteral("%1: %2 free, needs %3")
                        .arg(volume.path, format::bytes(volume.freeBytes), format::bytes(needs));
        if (volume.freeBytes >= needs)
            continue;
        full << volume.path;
        missing += needs - volume.freeBytes;
    }
    if (full.isEmpty())
        return run.pass(evidence.join(QStringLiteral("; ")));
    run.fix(QStringLiteral("df -h %1").arg(quote::shellCommand(full)));
    run.failed(
        evidence.join(QStringLiteral("; ")),
        QStringLiteral("The disk would be full before the copy is complete; %1 are missing. Free some, or "
                       "choose directories on another disk.")
            .arg(format::bytes(missing)),
        QStringLiteral("dataDirectory"));
}

} // namespace understudy::checks
