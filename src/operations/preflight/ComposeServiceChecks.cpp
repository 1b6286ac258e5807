// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeMeant.h"
#include "model/Format.h"
#include "model/Quote.h"
#include "operations/ComposeSteps.h"
#include "operations/preflight/Checks.h"
#include "operations/preflight/ComposeParity.h"

#include <QFileInfo>

namespace understudy::checks {

namespace {

const QString placeField = QStringLiteral("on");
const QStringList notLower{QStringLiteral("max_connections"), QStringLiteral("max_worker_processes"),
                           QStringLiteral("max_wal_senders"), QStringLiteral("max_prepared_transactions"),
                           QStringLiteral("max_locks_per_transaction")};

bool ready(CheckRun &run)
{
    if (!run.cx.facts.compose)
        run.skip(QStringLiteral("not asked: the Compose project could not be read"));
    else if (!run.cx.composeProbe.engine())
        run.skip(QStringLiteral("not asked: the Docker engine does not answer"));
    else
        return true;
    return false;
}

const Node *primaryOf(const CheckContext &cx)
{
    const Cluster *cluster = cx.cluster();
    return cluster ? cluster->primary() : nullptr;
}

} // namespace

void composeImage(CheckRun &run)
{
    if (!ready(run))
        return;
    const ComposeTarget &target = *run.cx.facts.compose;
    const auto answer = run.cx.composeProbe.container();
    if (!answer)
        return run.failed(answer.error().what,
                          QStringLiteral("The new service has the same image and could not run either."),
                          placeField);
    const QString image = target.project.service(target.model)->image;
    const QString what = image.isEmpty() ? QStringLiteral("the image of ") + target.model : image;
    const auto missing = [&](const QString &words, const QString &why) {
        run.failed(QStringLiteral("%1 has no %2").arg(what, words), why, placeField);
    };
    if (answer->server.isEmpty())
        return missing(QStringLiteral("postgres"), QStringLiteral("The new service has the same image."));
    if (answer->copier.isEmpty())
        return missing(QStringLiteral("pg_basebackup"),
                       QStringLiteral("The copy is made by a container of the new service."));
    if (answer->uid.isEmpty())
        return missing(QStringLiteral("user postgres"),
                       QStringLiteral("The data belongs to it, and PostgreSQL does not run as root."));
    if (!answer->canSwitch)
        return missing(QStringLiteral("gosu, su-exec or setpriv"),
                       QStringLiteral("The copy is made as the user postgres; one of them changes to it."));
    if (run.cx.request.choices.verifyBackup.value_or(false) && !answer->verifier) {
        run.failed(QStringLiteral("%1 has no pg_verifybackup").arg(what),
                   QStringLiteral("The copy cannot be verified in a container of this image. Leave the "
                                  "verification out, or take an image that has the program."),
                   QStringLiteral("verifyBackup"));
        return run.fixField(QStringLiteral("verifyBackup"), QStringLiteral("no"));
    }
    const QString evidence =
        QStringLiteral("%1 holds %2, %3 runs %4")
            .arg(what, answer->server, run.cx.upstreamWord(), format::version(run.cx.server.versionNum));
    if (answer->server.section(u'.', 0, 0).toInt() == run.cx.server.versionNum / 10000)
        return run.pass(evidence);
    run.failed(evidence,
               QStringLiteral("Streaming replication works only within one major version: this image cannot "
                              "read the copied files."),
               placeField);
}

namespace {

/// The directory on this machine that the request's data goes into; empty if it cannot be told.
QString newDirectory(const CheckContext &cx)
{
    const auto edit = composeEditFor(cx.request, *cx.facts.compose);
    return edit ? edit->dataDirectory : QString();
}

/// Absent or empty, below a directory that is there; else the check has failed.
bool directoryIsFree(CheckRun &run)
{
    const CheckContext &cx = run.cx;
    const QString path = newDirectory(cx), parent = QFileInfo(path).path();
    const QString field = QStringLiteral("volume");
    if (path.isEmpty()) {
        run.skip(QStringLiteral("not asked: the new service could not be written"));
        return false;
    }
    if (const QString engine = qEnvironmentVariable("DOCKER_HOST");
        !engine.isEmpty() && !engine.startsWith(QLatin1String("unix:"))) {
        run.failed(QStringLiteral("the engine is elsewhere: %1").arg(engine),
                   QStringLiteral(
                       "%1 keeps its data in a directory of the engine's machine, and the new one's would "
                       "have to be made there. Run Understudy on that machine.")
                       .arg(cx.facts.compose->model),
                   field);
        return false;
    }
    const auto there = cx.host->exists(path);
    if (there && !*there) {
        const auto above = cx.host->ownership(parent);
        if (above && above->isDirectory)
            return true;
        run.fix(QStringLiteral("mkdir -p %1").arg(quote::shellWord(parent)));
        run.failed(QStringLiteral("%1 is not there").arg(parent),
                   QStringLiteral("The directory %1 is made in it.").arg(path), field);
        return false;
    }
    const auto names = cx.host->list(path);
    if (there && names && names->isEmpty())
        return true;
    run.failed(
        !there  ? there.error().what
        : names ? QStringLiteral("%1 is there and holds %2")
                      .arg(path, format::plural(int(names->size()), QStringLiteral("entry"),
                                                QStringLiteral("entries")))
                : QStringLiteral("%1 is there and cannot be looked into: %2").arg(path, names.error().what),
        QStringLiteral("It may be somebody's data: it is not touched. Choose another directory."), field);
    return false;
}

} // namespace

void composeVolume(CheckRun &run)
{
    if (!run.cx.facts.compose)
        return run.skip(QStringLiteral("not asked: the Compose project could not be read"));
    const ComposeTarget &target = *run.cx.facts.compose;
    if (!target.modelFolder.isEmpty() && !directoryIsFree(run))
        return;
    QStringList shared;
    for (const ComposeVolume &volume : target.project.service(target.model)->volumes) {
        const bool data = volume.target == target.mountPath;
        if (data || volume.readOnly || volume.source.isEmpty() || volume.type == QLatin1String("tmpfs") ||
            (target.modelIsPrimary && isForFirstStart(volume.target)))
            continue;
        // The new service would have it too, for writing.
        if (volume.target == target.dataPath || volume.target.startsWith(target.dataPath + u'/'))
            return run.failed(
                QStringLiteral("%1 of %2 is at %3, inside of the data")
                    .arg(volume.source, target.model, volume.target),
                QStringLiteral(
                    "Two servers that write into one directory destroy its data. Only one volume for "
                    "the whole data directory can be added so far."),
                placeField);
        shared << QStringLiteral("%1 at %2").arg(volume.source, volume.target);
    }
    const QString evidence = QStringLiteral("%1 at %2, apart from %3")
                                 .arg(run.cx.request.volume, target.mountPath,
                                      target.modelVolume.isEmpty() ? target.modelFolder : target.modelVolume);
    if (shared.isEmpty())
        return run.pass(evidence);
    run.result.waivable = true;
    run.warn(
        QStringLiteral("%1; shared with %2: %3")
            .arg(evidence, target.model, shared.join(QStringLiteral(", "))),
        QStringLiteral("Both services may write there. That is right for an archive of WAL and wrong for "
                       "anything that belongs to one server."));
}

void composeDisk(CheckRun &run)
{
    if (!ready(run))
        return;
    const ComposeTarget &target = *run.cx.facts.compose;
    if (!target.modelFolder.isEmpty()) {
        const QString directory = newDirectory(run.cx);
        const auto space = directory.isEmpty()
                               ? Result<Host::Space>(fail(QStringLiteral("there is no directory")))
                               : run.cx.host->space(directory);
        if (!space)
            return run.unknown(space.error());
        return judgeSpace(run, space->freeBytes,
                          QStringLiteral("df -h %1").arg(quote::shellWord(QFileInfo(directory).path())),
                          QStringLiteral("Choose a directory on another file system."),
                          QStringLiteral("volume"));
    }
    const auto answer = run.cx.composeProbe.container();
    if (!answer)
        return run.unknown(answer.error());
    if (!answer->freeBytes)
        return run.unknown(Error{QStringLiteral("the image has no stat that tells free space"), {}, {}});
    const auto engine = run.cx.composeProbe.engine();
    judgeSpace(run, *answer->freeBytes, QStringLiteral("docker system df -v"),
               QStringLiteral("Free some where the engine keeps volumes%1.")
                   .arg(engine && !engine->root.isEmpty() ? QStringLiteral(", ") + engine->root : QString()),
               QStringLiteral("volume"));
    run.result.evidence += QStringLiteral(", as %1 sees it").arg(target.model);
}

void composeTablespaces(CheckRun &run)
{
    const auto rows =
        run.ask(QStringLiteral("SELECT spcname, pg_tablespace_location(oid) FROM pg_tablespace "
                               "WHERE spcname NOT IN ('pg_default', 'pg_global') ORDER BY spcname"));
    if (!rows)
        return run.unknown(rows.error());
    if (rows->rows.isEmpty())
        return run.pass(QStringLiteral("none beyond the default"));
    QStringList names;
    for (const QVariantList &row : rows->rows)
        names.append(QStringLiteral("%1 in %2").arg(row.at(0).toString(), row.at(1).toString()));
    run.failed(
        names.join(QStringLiteral(", ")),
        QStringLiteral("The copy would put them into its container, outside of the new volume, and they "
                       "would be lost with it: the new service has one volume, and a tablespace has no "
                       "place in it."),
        placeField);
}

void composeSettings(CheckRun &run)
{
    if (!run.cx.facts.compose)
        return run.skip(QStringLiteral("not asked: the Compose project could not be read"));
    const AddStandbyFacts &facts = run.cx.facts;
    const QString model = facts.compose->model;
    const Node *primary = primaryOf(run.cx);
    const auto rows = run.ask(QStringLiteral("SELECT name, boot_val FROM pg_settings WHERE name = ANY "
                                             "(string_to_array(?, ','))"),
                              {notLower.join(u',')});
    if (!rows)
        return run.unknown(rows.error());
    QMap<QString, qint64> builtIn;
    for (const QVariantList &row : rows->rows)
        builtIn.insert(row.at(0).toString(), row.at(1).toString().toLongLong());
    if (!primary || !facts.serverSettings.contains(primary->id) ||
        !facts.serverSettings.contains(facts.compose->modelNode))
        return run.unknown(Error{
            QStringLiteral("the settings of the primary or of %1 could not be read").arg(model), {}, {}});
    const auto lower =
        lowerSettings(facts.serverSettings.value(primary->id), facts.serverSettings.value(run.cx.upstream.id),
                      facts.serverSettings.value(facts.compose->modelNode), builtIn, notLower);
    if (!lower.isEmpty()) {
        QStringList words, options;
        for (const LowerSetting &each : lower) {
            words << QStringLiteral("%1 = %2, the primary has %3")
                         .arg(each.name)
                         .arg(each.standby)
                         .arg(each.primary);
            options << QStringLiteral("-c %1=%2").arg(each.name).arg(each.primary);
        }
        run.fix(options.join(u' '));
        run.result.waivable = true;
        return run.failed(
            words.join(QStringLiteral("; ")),
            QStringLiteral("The standby would stop with \"insufficient parameter settings\". Add "
                           "this to the command of %1, which the new service copies.")
                .arg(model),
            placeField);
    }
    run.pass(QStringLiteral("%1 of %1, with the command of %2").arg(notLower.size()).arg(model));
}

void composeClock(CheckRun &run)
{
    if (!run.cx.facts.compose)
        return run.skip(QStringLiteral("not asked: the Compose project could not be read"));
    if (run.cx.facts.compose->project.service(run.cx.upstream.name))
        return run.pass(QStringLiteral("the containers of one engine have one clock"));
    run.result.waivable = true;
    run.warn(QStringLiteral("%1 is no service of this project, its clock was not compared")
                 .arg(run.cx.upstream.name),
             QStringLiteral("Delays in seconds compare two clocks."));
}

} // namespace understudy::checks
