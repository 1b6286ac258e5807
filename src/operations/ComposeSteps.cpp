// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ComposeSteps.h"

#include "model/Format.h"
#include "model/Quote.h"
#include "operations/ChoiceSteps.h"
#include "operations/ComposeScripts.h"
#include "operations/DirectoryScripts.h"
#include "operations/PlanHosts.h"

#include <QFileInfo>

namespace understudy {

namespace {

const QString directoryOwner = QStringLiteral("directory_owner");
const QString directoryMode = QStringLiteral("directory_mode");

// As people would type it, without what makes it safe.
CommandAction shownAs(CommandAction action, const QStringList &lines)
{
    action.shown = lines.join(u'\n');
    return action;
}

QString containersOf(const ComposeDraft &c)
{
    return QStringLiteral("docker ps -aq --filter label=com.docker.compose.project=%1 "
                          "--filter label=com.docker.compose.service=%2")
        .arg(quote::shellWord(c.target.projectName), quote::shellWord(c.service));
}

QStringList shownRemoval(const ComposeDraft &c)
{
    QStringList lines{QStringLiteral("docker rm -f $(%1)").arg(containersOf(c))};
    if (!c.volume.isEmpty())
        lines << QStringLiteral("docker volume rm ") + quote::shellWord(c.volume);
    return lines;
}

QStringList shownEnd(const CommandAction &action)
{
    return {QStringLiteral("# if it still runs: ") + quote::shellCommand(action.command.argv)};
}

} // namespace

Endpoint composeUpstream(const ComposeTarget &target, const NodeId &upstream, const QString &upstreamName,
                         const QString &role)
{
    Endpoint out = target.upstream;
    if (upstream != target.modelUpstream) {
        out.host = upstreamName;
        out.port = 5432;
    }
    out.user = role;
    return out;
}

QStringList composeConninfo(const Endpoint &upstream)
{
    QStringList words{QStringLiteral("host=") + quote::conninfoValue(upstream.host),
                      QStringLiteral("port=%1").arg(upstream.port),
                      QStringLiteral("user=") + quote::conninfoValue(upstream.user)};
    for (auto it = upstream.options.begin(); it != upstream.options.end(); ++it) {
        // What was resolved when the model connected, and what belongs to its own session.
        const bool own = it.key().startsWith(QLatin1String("ssl")) || it.key() == QLatin1String("passfile") ||
                         it.key() == QLatin1String("channel_binding") ||
                         it.key().startsWith(QLatin1String("gss"));
        if (own)
            words << it.key() + u'=' + quote::conninfoValue(it.value());
    }
    return words;
}

Step composeFileStep(const ComposeDraft &c)
{
    const QString name = QFileInfo(c.fileEdit.path).fileName();
    Step s;
    s.id = QStringLiteral("file");
    s.changes = QStringLiteral("1 file");
    s.aboutSeconds = 0.7;
    if (c.ownFile) {
        s.title = QStringLiteral("Make ") + name;
        const QString use =
            c.readByItself
                ? QStringLiteral("Compose reads it by itself; where files are named with -f it must be named "
                                 "too: %1")
                      .arg(c.callWords)
                : QStringLiteral("From then on Compose must be given it as well: %1").arg(c.callWords);
        s.why = QStringLiteral("Modelled on %1. Your own files are not touched. %2").arg(c.target.model, use);
        s.undoWords = QStringLiteral("remove the file");
        s.leftover = QStringLiteral("the file ") + c.fileEdit.path;
        s.fact = c.callWords;
    } else {
        s.title = QStringLiteral("Edit ") + name;
        s.why =
            QStringLiteral(
                "Modelled on %1. Every line that is there stays as it is; Compose reads the result before "
                "anything is made from it.")
                .arg(c.target.model);
        s.undoWords = QStringLiteral("take the lines out");
        s.leftover = QStringLiteral("the service %1 in %2").arg(c.service, c.target.file);
        s.fact = QStringLiteral("%1, from line %2").arg(c.service).arg(c.edit.firstLine);
    }
    s.actions << c.fileEdit << c.compose({QStringLiteral("config"), QStringLiteral("-q")});
    EditAction out = c.fileEdit;
    out.takeOut = true;
    s.undo << out;
    return s;
}

Step composeDirectoryStep(const ComposeDraft &c)
{
    const auto command = [](const QStringList &argv, const QString &storeAs = {}) {
        CommandAction action;
        action.host = engineHostKey;
        action.command.argv = argv;
        action.storeAs = storeAs;
        action.atomic = true;
        return action;
    };
    Step s;
    s.id = QStringLiteral("directory");
    s.fact = c.directory;
    s.aboutSeconds = 0.1;
    if (c.directoryIsThere) {
        // It was there before us: it gets back what it had, where what was copied into it goes.
        s.title = QStringLiteral("Look at the data directory");
        s.why = QStringLiteral("It is there and empty. An undo leaves it like that.");
        s.readsOnly = true;
        s.actions
            << command({QStringLiteral("stat"), QStringLiteral("-c"), QStringLiteral("%u:%g"), c.directory},
                       directoryOwner)
            << command({QStringLiteral("stat"), QStringLiteral("-c"), QStringLiteral("%a"), c.directory},
                       directoryMode)
            << command({QStringLiteral("sh"), QStringLiteral("-c"), directory_scripts::stillEmpty,
                        QStringLiteral("sh"), c.directory});
        return s;
    }
    s.title = QStringLiteral("Make the data directory");
    s.why = QStringLiteral("Beside the data of %1. It fails if the directory is there already, so nothing of "
                           "anybody else's is used.")
                .arg(c.target.model);
    s.changes = QStringLiteral("1 directory");
    s.undoWords = QStringLiteral("remove the directory");
    s.leftover = QStringLiteral("the directory ") + c.directory;
    s.actions << command({QStringLiteral("mkdir"), QStringLiteral("-m"), QStringLiteral("0700"),
                          QStringLiteral("--"), c.directory});
    // Empty, and nothing else: what was copied into it goes through a container.
    s.undo << shownAs(c.script(directory_scripts::removeEmpty, {c.directory}),
                      {QStringLiteral("rmdir -- ") + quote::shellWord(c.directory)});
    return s;
}

Step composeServiceStep(const ComposeDraft &c)
{
    const QStringList names{c.target.projectName, c.service, c.volume};
    const bool volume = !c.volume.isEmpty();
    Step s;
    s.id = QStringLiteral("service");
    s.title =
        volume ? QStringLiteral("Create its container and volume") : QStringLiteral("Create its container");
    s.why =
        QStringLiteral("Made and not started: without a base backup it would become a primary of its own.");
    s.changes = volume ? QStringLiteral("1 container, 1 volume") : QStringLiteral("1 container");
    s.undoWords =
        volume ? QStringLiteral("remove container and volume") : QStringLiteral("remove the container");
    s.leftover = QStringLiteral("the container of %1").arg(c.service) +
                 (volume ? QStringLiteral(" and the volume ") + c.volume : QString());
    s.fact = volume ? c.volume : c.service;
    s.aboutSeconds = 1;
    QStringList looks;
    if (volume)
        looks
            << QStringLiteral("docker volume ls -q | grep -xF %1 # nothing").arg(quote::shellWord(c.volume));
    looks << containersOf(c) + QStringLiteral(" # nothing");
    CommandAction check = shownAs(c.script(composeScripts::nothingThere, names), looks);
    check.atomic = true;
    const CommandAction create = c.compose(
        {QStringLiteral("up"), QStringLiteral("--no-start"), QStringLiteral("--no-deps"), c.service});
    s.actions << check << create;
    s.undo << shownAs(c.script(composeScripts::endCompose + composeScripts::removeService,
                               QStringList{c.wordsOf(create), c.target.file} + names),
                      shownEnd(create) + shownRemoval(c));
    return s;
}

CommandAction composeLog(const ComposeDraft &c)
{
    CommandAction log = c.script(
        QStringLiteral("project=$1; service=$2; shift 2\n"
                       "[ -n \"$(docker ps -q --filter \"label=com.docker.compose.project=$project\" "
                       "--filter \"label=com.docker.compose.service=$service\")\" ] || "
                       "echo \"no container of $service runs\"\n"
                       "exec \"$@\""),
        QStringList{c.target.projectName, c.service} +
            c.compose({QStringLiteral("logs"), QStringLiteral("--no-color"), QStringLiteral("--tail=20"),
                       c.service})
                .command.argv);
    log.command.workingDirectory = c.target.folder();
    return log;
}

Step composeStartStep(const AddStandbyDraft &d, const ComposeDraft &c)
{
    Step s;
    s.id = QStringLiteral("start");
    s.title = QStringLiteral("Start ") + c.service;
    s.why = QStringLiteral("It replays what the copy brought, then follows %1.").arg(d.upstream);
    s.changes = QStringLiteral("1 server");
    s.undoWords = QStringLiteral("stop the container");
    s.leftover = QStringLiteral("the running service %1 on port %2").arg(c.service).arg(d.request.port);
    s.fact = QStringLiteral("port %1").arg(d.request.port);
    s.aboutSeconds = 1.5;
    const CommandAction up =
        c.compose({QStringLiteral("up"), QStringLiteral("-d"), QStringLiteral("--no-deps"), c.service});
    s.actions << up;
    s.evidence = composeLog(c);
    s.alreadyDone = attached(d);
    s.undo << shownAs(c.script(composeScripts::endCompose, {c.wordsOf(up), c.target.file}), shownEnd(up))
           << shownAs(c.script(composeScripts::stopService, {c.target.projectName, c.service}),
                      {QStringLiteral("docker stop -t 30 $(%1)").arg(containersOf(c))});
    return s;
}

} // namespace understudy
