// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/PostmasterPid.h"
#include "model/Format.h"
#include "model/Quote.h"
#include "operations/AddStandbySteps.h"
#include "operations/preflight/Checks.h"
#include "operations/preflight/Estimates.h"

#include <QDir>
#include <QFileInfo>

namespace understudy::checks {

namespace {

const QString directoryField = QStringLiteral("dataDirectory");

bool testAs(const CheckContext &cx, const QStringList &test)
{
    Command command;
    command.argv = QStringList{QStringLiteral("test")} + test;
    command.runAs = cx.facts.runAs;
    command.workingDirectory = QStringLiteral("/");
    command.timeoutMs = 5000;
    const auto result = cx.host->run(command, cx.stop);
    return result && result->ok();
}

/// The nearest folder above @p path that is there.
QString nearestParent(const CheckContext &cx, const QString &path)
{
    QString up = path;
    while (up != u"/") {
        up = QFileInfo(up).path();
        const auto there = cx.host->exists(up);
        if (there && *there)
            return up;
    }
    return up;
}

QString freeSibling(const CheckContext &cx, const QString &path)
{
    for (int n = 2; n < 100; ++n) {
        const QString candidate = QStringLiteral("%1_%2").arg(path).arg(n);
        const auto there = cx.host->exists(candidate);
        if (there && !*there)
            return candidate;
    }
    return {};
}

void occupied(CheckRun &run, const QString &evidence, const QString &why)
{
    const QString other = freeSibling(run.cx, QDir::cleanPath(run.cx.request.dataDirectory));
    if (!other.isEmpty())
        run.fixField(directoryField, other);
    run.failed(evidence, why, directoryField);
}

/// A folder above @p path that holds a server's data; empty: none.
QString dataAbove(const CheckContext &cx, const QString &path)
{
    for (QString up = QFileInfo(path).path(); up != u"/"; up = QFileInfo(up).path())
        if (cx.host->exists(up + QStringLiteral("/PG_VERSION")).value_or(false))
            return up;
    return {};
}

bool actsAsRoot(const CheckContext &cx)
{
    return cx.facts.currentUser == u"root" && !cx.facts.runAs.isEmpty();
}

/// The server's user can get to @p parent; else the check has failed.
bool reachable(CheckRun &run, const QString &parent)
{
    if (testAs(run.cx, {QStringLiteral("-d"), parent}) && testAs(run.cx, {QStringLiteral("-x"), parent}))
        return true;
    run.failed(
        QStringLiteral("%1 cannot be reached by %2").arg(parent, run.cx.serverUser()),
        QStringLiteral("The server runs as %1 and must get to its own data. Choose a directory that it can "
                       "reach.")
            .arg(run.cx.serverUser()),
        directoryField);
    return false;
}

/// An existing, empty directory: owner and mode must be what the server accepts.
void judgeEmpty(CheckRun &run, const QString &path)
{
    const auto owner = run.cx.host->ownership(path);
    if (!owner)
        return run.unknown(owner.error());
    const QString user = run.cx.serverUser();
    if (!owner->isDirectory)
        return occupied(run, QStringLiteral("%1 is a file").arg(path),
                        QStringLiteral("The copy needs a directory."));
    // As root the plan gives it to the server's user; otherwise it must be ours. The plan sets the mode.
    if (owner->user != user && !actsAsRoot(run.cx)) {
        run.fix(QStringLiteral("chown %1: %2").arg(quote::shellWord(user), quote::shellWord(path)));
        return run.failed(
            QStringLiteral("%1 is empty, but belongs to %2, not to %3").arg(path, owner->user, user),
            QStringLiteral("PostgreSQL refuses a data directory that belongs to somebody else."),
            directoryField);
    }
    if (!reachable(run, QFileInfo(path).path()))
        return;
    if (owner->user != user)
        return run.pass(QStringLiteral("%1 is empty, the plan gives it to %2").arg(path, user));
    run.pass(QStringLiteral("%1 is empty and belongs to %2").arg(path, user));
}

} // namespace

void dataDirectory(CheckRun &run)
{
    const CheckContext &cx = run.cx;
    const QString path = QDir::cleanPath(cx.request.dataDirectory);
    if (!QDir::isAbsolutePath(path) || path == u"/")
        return run.failed(
            QStringLiteral("\"%1\" is not the full path of a directory").arg(cx.request.dataDirectory),
            QStringLiteral("Server programs run elsewhere; only a path from / means the same to all."),
            directoryField);
    if (!cx.facts.target.isLocal()) {
        if (const QString data = dataAbove(cx, path); !data.isEmpty())
            return occupied(
                run, QStringLiteral("%1 is inside %2, the data of a server").arg(path, data),
                QStringLiteral("A base backup copies everything in there, and so the new standby too."));
    }
    for (const LocalServer &server : cx.facts.target.isLocal() ? localServers() : QList<LocalServer>()) {
        const QString theirs = QDir::cleanPath(server.pid.dataDirectory);
        if (path == theirs)
            return occupied(run,
                            QStringLiteral("the server on port %1 runs in %2").arg(server.pid.port).arg(path),
                            QStringLiteral("Two servers in one directory destroy its data."));
        if (path.startsWith(theirs + u'/'))
            return occupied(
                run,
                QStringLiteral("%1 is inside %2, the data of the server on port %3")
                    .arg(path, theirs, QString::number(server.pid.port)),
                QStringLiteral("A base backup copies everything in there, and so the new standby too."));
    }
    const auto there = cx.host->exists(path);
    if (!there)
        return run.unknown(there.error());
    if (*there) {
        const auto owner = cx.host->ownership(path);
        if (owner && !owner->isDirectory)
            return judgeEmpty(run, path);
        const auto names = cx.host->list(path);
        if (!names)
            return run.failed(QStringLiteral("%1 cannot be looked into: %2").arg(path, names.error().what),
                              QStringLiteral("The copy goes only into a directory that is absent or empty."),
                              directoryField);
        if (names->contains(QStringLiteral("PG_VERSION")))
            return occupied(run, QStringLiteral("%1 holds a PostgreSQL cluster already").arg(path),
                            QStringLiteral("It may be somebody's data: it is not touched."));
        if (!names->isEmpty())
            return occupied(
                run,
                QStringLiteral("%1 is not empty: it holds %2, %3")
                    .arg(path,
                         format::plural(names->size(), QStringLiteral("entry"), QStringLiteral("entries")),
                         names->first()),
                QStringLiteral("The copy goes only into a directory that is absent or empty."));
        return judgeEmpty(run, path);
    }
    const QString parent = QFileInfo(path).path();
    const auto parentThere = cx.host->exists(parent);
    if (!parentThere)
        return run.unknown(parentThere.error());
    // Folders above are made only below those of our own.
    const bool madeByPlan = makesParent(path);
    if (!*parentThere && !madeByPlan) {
        run.fix(QStringLiteral("mkdir -p %1").arg(quote::shellWord(parent)));
        return run.failed(
            QStringLiteral("%1 is absent, so %2 cannot be made in it")
                .arg(parent, QFileInfo(path).fileName()),
            QStringLiteral("Only the last directory of the path is made. A typing error would otherwise "
                           "fill a disk that nobody looks at."),
            directoryField);
    }
    const QString base = *parentThere ? parent : nearestParent(cx, parent);
    if (!reachable(run, base))
        return;
    if (!actsAsRoot(cx) && !testAs(cx, {QStringLiteral("-w"), base})) {
        run.fix(QStringLiteral("install -d -m 700 -o %1 %2")
                    .arg(quote::shellWord(cx.serverUser()), quote::shellWord(path)));
        return run.failed(
            QStringLiteral("%1 may not make a directory in %2").arg(cx.serverUser(), base),
            QStringLiteral("The new server's data belongs to %1. Make the directory for it, or choose "
                           "another place.")
                .arg(cx.serverUser()),
            directoryField);
    }
    run.pass(QStringLiteral("%1 is absent and can be made for %2").arg(path, cx.serverUser()));
}

void judgeSpace(CheckRun &run, qint64 freeBytes, const QString &look, const QString &otherPlace,
                const QString &field)
{
    const auto size = estimates::clusterBytes(run);
    if (!size)
        return run.unknown(size.error());
    const auto rate = run.cx.walRate(*run.sql);
    const qint64 wal = estimates::walDuringCopy(*size, rate, run.cx.request.maxRate);
    const qint64 beside = wal + estimates::reserve(*size);
    const int copies = run.cx.request.choices.copies;
    const qint64 needs = (*size + beside) * copies;
    QString evidence =
        QStringLiteral("%1 free, needs %2: %3 data and %4 WAL and reserve")
            .arg(format::bytes(freeBytes), format::bytes(needs), format::bytes(*size), format::bytes(beside));
    if (copies > 1)
        evidence += QStringLiteral(", %1 times").arg(copies);
    if (freeBytes < needs) {
        run.fix(look);
        return run.failed(
            evidence,
            QStringLiteral("The disk would be full before the copy is complete; %1 are missing. %2")
                .arg(format::bytes(needs - freeBytes), otherPlace),
            field);
    }
    const auto rows =
        run.ask(QStringLiteral("SELECT pg_size_bytes(current_setting('max_wal_size'))::bigint"));
    const qint64 maxWal = rows ? rows->first().toLongLong() : 0;
    if (freeBytes < needs + maxWal) {
        run.result.waivable = true;
        run.result.field = field;
        return run.warn(
            evidence,
            QStringLiteral("The copy fits, but under load the standby keeps WAL up to max_wal_size, "
                           "%1: then this disk is full.")
                .arg(format::bytes(maxWal)));
    }
    run.pass(evidence);
}

void diskSpace(CheckRun &run)
{
    const CheckContext &cx = run.cx;
    if (!cx.request.choices.tablespaces.isEmpty() || !cx.request.choices.walDirectory.isEmpty())
        return diskSpaceByPlace(run);
    const auto space = cx.host->space(cx.request.dataDirectory);
    if (!space)
        return run.unknown(space.error());
    judgeSpace(run, space->freeBytes,
               QStringLiteral("df -h %1").arg(quote::shellWord(nearestParent(cx, cx.request.dataDirectory))),
               QStringLiteral("Free some, or choose a directory on another disk."), directoryField);
}

} // namespace understudy::checks
