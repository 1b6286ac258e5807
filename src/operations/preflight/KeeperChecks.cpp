// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/Deployment.h"
#include "model/Quote.h"
#include "operations/AddStandbySteps.h"
#include "operations/NeededFiles.h"
#include "operations/preflight/Checks.h"

#include <QFileInfo>

namespace understudy::checks {

namespace {

const QString keeperField = QStringLiteral("keeper");

std::optional<AddStandbyDraft> draftOf(const CheckContext &cx)
{
    const Node *upstream = cx.facts.topology.node(cx.upstream.id);
    if (!upstream || !cx.facts.watched(cx.upstream.id))
        return std::nullopt;
    return standbyDraft(cx.request, cx.facts, *upstream);
}

QMap<QString, ServerSetting> settingsOf(const CheckContext &cx)
{
    return cx.facts.serverSettings.value(cx.upstream.id);
}

QString setting(const CheckContext &cx, const char *name)
{
    return settingsOf(cx).value(QLatin1String(name)).value;
}

bool hasLibrary(const CheckContext &cx, const QString &name)
{
    if (name.startsWith(u'/'))
        return cx.host->exists(name).value_or(false) ||
               cx.host->exists(name + QStringLiteral(".so")).value_or(false);
    Command ask;
    ask.argv = {cx.facts.binDirectory + QStringLiteral("/pg_config"), QStringLiteral("--pkglibdir")};
    const auto answer = cx.host->run(ask, cx.stop);
    QStringList folders{QFileInfo(cx.facts.binDirectory).path() + QStringLiteral("/lib")};
    if (answer && answer->ok())
        folders.prepend(answer->output.trimmed());
    for (const QString &folder : folders) {
        const QString file = folder + u'/' + name;
        if (cx.host->exists(file + QStringLiteral(".so")).value_or(false) ||
            cx.host->exists(file).value_or(false))
            return true;
    }
    return false;
}

} // namespace

void keeper(CheckRun &run)
{
    const CheckContext &cx = run.cx;
    const auto draft = draftOf(cx);
    if (!draft || !draft->deployment)
        return run.failed(QStringLiteral("nothing known keeps servers as %1").arg(cx.request.keeper),
                          QStringLiteral("Choose pg_ctl, pg_ctlcluster or systemd."), keeperField);
    const Deployment &deployment = *draft->deployment;
    if (!cx.facts.target.canKeep(deployment.keeper()))
        return run.failed(QStringLiteral("%1 cannot be used on %2").arg(deployment.keeper(), cx.targetWord()),
                          QStringLiteral("It is not there, or we may not act as root. Choose %1.")
                              .arg(cx.facts.target.keepers.join(QStringLiteral(" or "))),
                          keeperField);
    const auto registration = deployment.registration();
    if (registration) {
        const bool root = cx.facts.target.usesRoot(deployment.keeper(), cx.serverUser());
        const auto absent = cx.host->run(registration->absent.command, cx.stop);
        // Only now was sudo asked whether we may.
        if (!absent && root && cx.facts.target.adminAsks)
            return run.failed(absent.error().what,
                              QStringLiteral("%1 is told by root what to do. Choose pg_ctl, which is not.")
                                  .arg(deployment.keeper()),
                              keeperField);
        if (!absent)
            return run.unknown(absent.error());
        if (!absent->ok())
            return run.failed(absent->errorOutput.trimmed().section(u'\n', -1),
                              QStringLiteral("What somebody else made is not touched. Take another name."),
                              QStringLiteral("name"));
        if (!root) {
            run.result.waivable = true;
            return run.warn(
                QStringLiteral("%1, told by %2").arg(deployment.keeper(), cx.serverUser()),
                QStringLiteral("systemd only watches a server that root has started: this one it starts on "
                               "the next boot."));
        }
    }
    if (deployment.startsOnBoot())
        return run.pass(QStringLiteral("%1, starts with the machine").arg(deployment.keeper()));
    run.pass(QStringLiteral("%1, started by hand after a boot").arg(deployment.keeper()));
}

void loginRules(CheckRun &run)
{
    const CheckContext &cx = run.cx;
    const auto draft = draftOf(cx);
    if (!draft || !draft->ownConfiguration)
        return run.pass(QStringLiteral("pg_hba.conf comes with the copy"));
    if (cx.sharesMachine)
        return run.pass(QStringLiteral("copied from %1").arg(setting(cx, "hba_file")));
    if (cx.facts.loginRules.contains(cx.upstream.id))
        return run.pass(
            QStringLiteral("those of %1, read from %2").arg(cx.upstreamWord(), setting(cx, "hba_file")));
    run.result.waivable = true;
    run.fix(QStringLiteral("GRANT pg_read_server_files TO %1;").arg(quote::sqlIdentifier(cx.server.role)));
    run.warn(QStringLiteral("%1 may not be read, or holds a password").arg(setting(cx, "hba_file")),
             QStringLiteral("It is not in the copy. The new standby gets rules that admit its own machine "
                            "only; add what its clients need afterwards."));
}

void foreignFiles(CheckRun &run)
{
    const CheckContext &cx = run.cx;
    QStringList missing, found;
    for (const QString &file : neededFiles(settingsOf(cx))) {
        Command ask;
        ask.argv = {QStringLiteral("test"), QStringLiteral("-r"), file};
        ask.runAs = cx.facts.runAs;
        const auto answer = cx.host->run(ask, cx.stop);
        if (!answer)
            return run.unknown(answer.error());
        (answer->ok() ? found : missing) << file;
    }
    for (const QString &library : neededLibraries(settingsOf(cx)))
        (hasLibrary(cx, library) ? found : missing) << library;
    if (missing.isEmpty())
        return run.pass(found.isEmpty() ? QStringLiteral("the settings name none outside of the data")
                                        : QStringLiteral("%1 are there").arg(found.join(u", ")));
    run.result.waivable = true;
    run.failed(QStringLiteral("%1 missing on %2, or not readable by %3")
                   .arg(missing.join(QStringLiteral(", ")), cx.targetWord(), cx.serverUser()),
               QStringLiteral("The settings of %1 name them, so the standby would not start.")
                   .arg(cx.upstreamWord()),
               QStringLiteral("on"));
}

} // namespace understudy::checks
