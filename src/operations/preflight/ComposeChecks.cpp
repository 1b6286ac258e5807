// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/PostmasterPid.h"
#include "hosts/compose/EngineContainers.h"
#include "model/Format.h"
#include "model/Quote.h"
#include "operations/ComposeSteps.h"
#include "operations/preflight/Checks.h"

#include <QFileInfo>
#include <QSet>

namespace understudy::checks {

namespace {

const QString placeField = QStringLiteral("on");

bool passesTest(const CheckContext &cx, const QString &what, const QString &path)
{
    Command command;
    command.argv = {QStringLiteral("test"), what, path};
    command.timeoutMs = 5000;
    const auto result = cx.host->run(command, cx.stop);
    return result && result->ok();
}

/// The file can be replaced by the edited one; else the check has failed.
bool writable(CheckRun &run, const QString &path)
{
    const CheckContext &cx = run.cx;
    const auto owner = cx.host->ownership(path);
    if (!owner) {
        run.failed(owner.error().what, owner.error().action, placeField);
        return false;
    }
    // For root every file is writable: that its owner may not write says what the owner wants.
    if ((owner->mode & 0200) == 0 || !passesTest(cx, QStringLiteral("-w"), path)) {
        run.fix(QStringLiteral("chmod u+w %1").arg(quote::shellWord(path)));
        run.failed(QStringLiteral("%1 is read-only, mode %2")
                       .arg(path, QString::number(owner->mode & 07777, 8).rightJustified(4, u'0')),
                   QStringLiteral("The plan adds the new service to this file."), placeField);
        return false;
    }
    const QString folder = QFileInfo(path).path();
    if (!passesTest(cx, QStringLiteral("-w"), folder)) {
        run.fix(QStringLiteral("chmod u+w %1").arg(quote::shellWord(folder)));
        run.failed(
            QStringLiteral("%1 is read-only").arg(folder),
            QStringLiteral("The edited file is written beside the old one and then takes its place, so "
                           "that it is never there by halves."),
            placeField);
        return false;
    }
    if (owner->user != cx.facts.currentUser && cx.facts.currentUser != u"root") {
        run.failed(
            QStringLiteral("%1 belongs to %2, and we are %3").arg(path, owner->user, cx.facts.currentUser),
            QStringLiteral("The edited file takes the place of the old one and must belong to the same "
                           "user."),
            placeField);
        return false;
    }
    return true;
}

/// A new file can be made; else the check has failed.
bool canBeMade(CheckRun &run, const QString &path)
{
    const CheckContext &cx = run.cx;
    const auto there = cx.host->exists(path);
    if (!there || *there) {
        run.failed(
            there ? QStringLiteral("%1 is there already").arg(path) : there.error().what,
            QStringLiteral("The new service gets a file of its own, and no file is replaced. Let it be "
                           "written into %1, or move that file away.")
                .arg(QFileInfo(cx.facts.compose->file).fileName()),
            QStringLiteral("override"));
        return false;
    }
    const QString folder = QFileInfo(path).path();
    if (passesTest(cx, QStringLiteral("-w"), folder))
        return true;
    run.fix(QStringLiteral("chmod u+w %1").arg(quote::shellWord(folder)));
    run.failed(QStringLiteral("%1 is read-only").arg(folder),
               QStringLiteral("The new file is made there, where Compose and you look for it."), placeField);
    return false;
}

/// A service, as the request and the file know it, that a person may take instead.
QString nextFree(const QString &name, const QSet<QString> &taken)
{
    for (int n = 2; n < 1000; ++n) {
        const QString candidate = numberedName(name, n);
        if (!taken.contains(candidate))
            return candidate;
    }
    return {};
}

Result<QStringList> linesOf(const CheckContext &cx, const QStringList &words)
{
    Command ask;
    ask.argv = QStringList{QStringLiteral("docker")} + words;
    ask.timeoutMs = 10000;
    const auto answer = cx.host->run(ask, cx.stop);
    if (!answer)
        return tl::unexpected(answer.error());
    if (!answer->ok())
        return fail(answer->errorOutput.trimmed().section(u'\n', 0, 0));
    return answer->output.split(u'\n', Qt::SkipEmptyParts);
}

/// Fails the check with another name to take, if there is one.
void taken(CheckRun &run, const QString &field, const QString &name, const QSet<QString> &others,
           const QString &evidence, const QString &why)
{
    if (const QString other = nextFree(name, others); !other.isEmpty())
        run.fixField(field, other);
    run.failed(evidence, why, field);
}

int nextFreePort(const CheckContext &cx, const QSet<int> &used)
{
    for (int candidate = cx.request.port + 1; candidate < 65536 && candidate < cx.request.port + 200;
         ++candidate) {
        if (!used.contains(candidate) && cx.host->portFree(candidate).value_or(false))
            return candidate;
    }
    return 0;
}

/// Who listens on @p port here, as far as it can be known.
QString listener(const CheckContext &cx, int port)
{
    if (const auto containers = engineContainers(*cx.host, 3000, cx.stop)) {
        for (const EngineContainer &container : *containers) {
            for (const ComposePort &bound : container.ports) {
                if (bound.published == port)
                    return container.shownName();
            }
        }
    }
    for (const LocalServer &server : localServers()) {
        if (server.pid.port == port)
            return QStringLiteral("the PostgreSQL server in %1").arg(server.pid.dataDirectory);
    }
    return QStringLiteral("something");
}

} // namespace

void composeEngine(CheckRun &run)
{
    const auto engine = run.cx.composeProbe.engine();
    if (engine)
        return run.pass(QStringLiteral("Docker %1, its data in %2")
                            .arg(engine->version, engine->root.isEmpty() ? QStringLiteral("a place that it "
                                                                                          "does not say")
                                                                         : engine->root));
    run.fix(QStringLiteral("docker info"));
    run.failed(
        QStringLiteral("the Docker engine does not answer: ") + engine.error().what,
        QStringLiteral("The engine makes the new container and its volume. Start it, or be a user whom "
                       "it serves (group docker)."),
        placeField);
}

namespace {

/// Another file that may say something of the model; empty if none does.
QString readToo(const ComposeTarget &target)
{
    const auto describing = target.describing();
    if (describing.size() > 1)
        return QFileInfo(describing.at(1)->path).fileName();
    // What somebody puts beside a file is meant for it.
    const bool beside = !target.filesListed && target.files.size() > 1 && target.file == target.opened;
    return beside ? QFileInfo(target.files.constLast().path).fileName() : QString();
}

} // namespace

void composeFile(CheckRun &run)
{
    const CheckContext &cx = run.cx;
    if (!cx.facts.compose) {
        const Error problem = cx.facts.composeProblem.value_or(
            Error{QStringLiteral("this cluster was not opened from a Compose file"),
                  QStringLiteral("Open its docker-compose.yml, or choose this machine."), placeField});
        return run.failed(problem.what, problem.action, placeField);
    }
    const ComposeTarget &target = *cx.facts.compose;
    const Node *upstream = cx.facts.upstreamOf(cx.request);
    if (!upstream || !cx.facts.watched(upstream->id))
        return run.skip(QStringLiteral("not asked: there is no upstream yet"));
    const auto now = cx.host->readFile(target.file);
    if (!now)
        return run.failed(now.error().what, now.error().action, placeField);
    if (*now != target.content)
        return run.failed(QStringLiteral("%1 was changed after it was read").arg(target.file),
                          QStringLiteral("A plan is made for the file that its review shows. Begin again, so "
                                         "that it is read anew."),
                          placeField);
    const auto draft =
        composeDraft(standbyDraft(cx.request, cx.facts, *upstream), target, QStringLiteral("check"));
    if (!draft)
        return run.failed(draft.error().what, draft.error().action,
                          draft.error().field.isEmpty() ? placeField : draft.error().field);
    if (draft->ownFile ? !canBeMade(run, draft->fileEdit.path) : !writable(run, target.file))
        return;
    QString evidence =
        draft->ownFile
            ? QStringLiteral("service %1 in a new file, %2; from then on: %3")
                  .arg(draft->service, QFileInfo(draft->fileEdit.path).fileName(),
                       draft->readByItself ? QStringLiteral("Compose reads it by itself") : draft->callWords)
            : QStringLiteral("service %1 from line %2%3, %4 added")
                  .arg(draft->service)
                  .arg(draft->edit.firstLine)
                  .arg(target.file == target.opened
                           ? QString()
                           : QStringLiteral(" of ") + QFileInfo(target.file).fileName())
                  .arg(format::plural(draft->fileEdit.lines(), QStringLiteral("line")));
    for (const QString &note : draft->edit.notes)
        evidence += QStringLiteral(". ") + note;
    if (const QString other = draft->ownFile ? QString() : readToo(target); !other.isEmpty()) {
        run.result.waivable = true;
        return run.warn(
            evidence + QStringLiteral("; %1 is read too").arg(other),
            QStringLiteral(
                "Compose adds that file to this one. The new service is written into %1 only; what "
                "%2 changes in %3 does not reach it.")
                .arg(QFileInfo(target.file).fileName(), other, target.model));
    }
    run.pass(evidence);
}

void composeNames(CheckRun &run)
{
    const CheckContext &cx = run.cx;
    if (!cx.facts.compose)
        return run.skip(QStringLiteral("not asked: the Compose project could not be read"));
    if (!run.cx.composeProbe.engine())
        return run.skip(QStringLiteral("not asked: the Docker engine does not answer"));
    const ComposeTarget &target = *cx.facts.compose;
    const QString service = cx.request.service, volume = cx.request.volume;
    const auto volumes = linesOf(cx, {QStringLiteral("volume"), QStringLiteral("ls"), QStringLiteral("-q")});
    const auto containers =
        linesOf(cx, {QStringLiteral("ps"), QStringLiteral("-a"), QStringLiteral("--format"),
                     QStringLiteral("{{.Names}}\t{{.Label \"com.docker.compose.project\"}}\t"
                                    "{{.Label \"com.docker.compose.service\"}}")});
    if (!volumes || !containers)
        return run.unknown(!volumes ? volumes.error() : containers.error());

    QSet<QString> services, volumeNames, names;
    for (const ComposeService &each : target.project.services)
        services.insert(each.name);
    const bool inFile = services.contains(service);
    for (const QString &line : *containers) {
        names.insert(line.section(u'\t', 0, 0));
        if (line.section(u'\t', 1, 1) == target.projectName)
            services.insert(line.section(u'\t', 2));
    }
    for (const QString &each : target.project.volumes)
        volumeNames.insert(each);
    const QString lead = target.volumeName(QString());
    for (const QString &each : *volumes) {
        if (each.startsWith(lead))
            volumeNames.insert(each.mid(lead.size()));
    }
    const QString serviceField = QStringLiteral("service"), volumeField = QStringLiteral("volume");
    if (inFile)
        return taken(
            run, serviceField, service, services,
            QStringLiteral("service %1 is in %2 already").arg(service, QFileInfo(target.file).fileName()),
            QStringLiteral("The plan adds a service and changes none."));
    if (services.contains(service))
        return taken(
            run, serviceField, service, services,
            QStringLiteral("a container of a service %1 is there already").arg(service),
            QStringLiteral("It was left by a service that is not in the file any more. Compose would "
                           "take it over; it is not touched."));
    const bool named = !target.project.service(target.model)->containerName.isEmpty();
    for (const QString &name :
         named ? QStringList{service}
               : QStringList{QStringLiteral("%1_%2_1").arg(target.projectName, service),
                             QStringLiteral("%1-%2-1").arg(target.projectName, service)}) {
        if (names.contains(name))
            return taken(run, serviceField, service, services + names,
                         QStringLiteral("a container is called %1 already").arg(name),
                         QStringLiteral("The names of containers are unique in an engine."));
    }
    if (!target.modelFolder.isEmpty())
        return run.pass(QStringLiteral("%1 is new").arg(service));
    if (volumeNames.contains(volume))
        return taken(
            run, volumeField, volume, volumeNames,
            target.project.volumes.contains(volume)
                ? QStringLiteral("volume %1 is in %2 already").arg(volume, QFileInfo(target.file).fileName())
                : QStringLiteral("volume %1 is there already").arg(target.volumeName(volume)),
            QStringLiteral("It may hold somebody's data: it is not touched."));
    run.pass(QStringLiteral("%1 and %2 are new").arg(service, target.volumeName(volume)));
}

void composePort(CheckRun &run)
{
    const CheckContext &cx = run.cx;
    const int wanted = cx.request.port;
    const QString field = QStringLiteral("port");
    if (wanted < 1 || wanted > 65535)
        return run.failed(QStringLiteral("port %1 is outside 1 to 65535").arg(wanted),
                          QStringLiteral("The new server is reached at this port of this machine."), field);
    QSet<int> used;
    QString owner;
    if (cx.facts.compose) {
        for (const ComposeService &service : cx.facts.compose->project.services) {
            for (const ComposePort &port : service.ports) {
                for (int each = port.published; each > 0 && each <= port.publishedEnd; ++each)
                    used.insert(each);
                if (port.published > 0 && port.published <= wanted && wanted <= port.publishedEnd)
                    owner = service.name;
            }
        }
    }
    for (const WatchedNode &node : cx.facts.spec.nodes)
        used.insert(node.endpoint.port);
    const auto offer = [&] {
        if (const int other = nextFreePort(cx, used); other > 0)
            run.fixField(field, QString::number(other));
    };
    if (!owner.isEmpty()) {
        offer();
        return run.failed(QStringLiteral("port %1 is published by service %2").arg(wanted).arg(owner),
                          QStringLiteral("Two services cannot have one port of this machine."), field);
    }
    const auto free = cx.host->portFree(wanted);
    if (!free)
        return run.unknown(free.error());
    if (*free)
        return run.pass(
            QStringLiteral("nothing listens on port %1, and no service publishes it").arg(wanted));
    offer();
    run.failed(QStringLiteral("port %1 is taken: %2 listens there").arg(wanted).arg(listener(cx, wanted)),
               QStringLiteral("The engine could not start the new container."), field);
}

} // namespace understudy::checks
