// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/AddStandby.h"

#include "hosts/Deployment.h"
#include "model/SlotName.h"
#include "operations/ComposeSteps.h"
#include "operations/PlanHosts.h"
#include "operations/UnseenMachine.h"
#include "operations/UpstreamAddress.h"

#include <QDir>
#include <QRegularExpression>

namespace understudy {

namespace {

using Errors = QList<Error>;

void add(Errors &errors, const char *field, const QString &what, const QString &action = {})
{
    errors << Error{what, action, QString::fromLatin1(field)};
}

// Text from outside may hold anything; it is shown in one line.
QString shown(QString text)
{
    for (QChar &c : text)
        if (!c.isPrint())
            c = u'?';
    return text.size() > 80 ? text.left(77) + QStringLiteral("...") : text;
}

bool isCompose(const AddStandbyRequest &request)
{
    return request.on == QLatin1String("compose");
}

void checkPlace(Errors &errors, const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    if (isCompose(request)) {
        if (facts.composeProblem)
            errors << *facts.composeProblem;
        else if (!facts.compose)
            add(errors, "on", QStringLiteral("This cluster was not opened from a Compose file."),
                QStringLiteral("Open its docker-compose.yml, or choose this machine (local)."));
        return;
    }
    if (request.on != localHostKey && !request.on.startsWith(sshPrefix) && !isScriptPlace(request.on))
        return add(errors, "on",
                   QStringLiteral("\"%1\" is not a place for a standby.").arg(shown(request.on)),
                   QStringLiteral("Choose compose, local, ssh:HOST or script."));
    if (request.on != facts.target.place)
        return add(errors, "on",
                   QStringLiteral("%1 was not looked at yet.").arg(shown(placeWords(request.on))),
                   QStringLiteral("Connect to it first."));
    if (!request.keeper.isEmpty() && !deploymentBy(request.keeper, {}))
        add(errors, "keeper", QStringLiteral("\"%1\" keeps no servers.").arg(shown(request.keeper)),
            QStringLiteral("Choose pg_ctl, pg_ctlcluster or systemd."));
    else if (!request.keeper.isEmpty() && !facts.target.keepers.isEmpty() &&
             !facts.target.canKeep(request.keeper))
        add(errors, "keeper",
            QStringLiteral("%1 cannot be used on %2: it is not there, or we may not act as root.")
                .arg(request.keeper, shown(placeWords(request.on))),
            QStringLiteral("Choose %1.").arg(facts.target.keepers.join(QStringLiteral(" or "))));
}

void checkUpstream(Errors &errors, const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    const Node *upstream = facts.upstreamOf(request);
    if (!upstream) {
        if (request.upstream.isEmpty())
            add(errors, "upstream", QStringLiteral("No primary was found."),
                QStringLiteral("Start it, or choose the upstream yourself."));
        else
            add(errors, "upstream", QStringLiteral("No node is called \"%1\".").arg(shown(request.upstream)),
                QStringLiteral("Choose one of the nodes of this cluster."));
        return;
    }
    if (upstream->state != NodeState::Up)
        add(errors, "upstream",
            QStringLiteral("%1 is not up: %2").arg(shown(upstream->name), shown(upstream->reason)),
            QStringLiteral("Start it, or choose another upstream."));
    else if (!facts.watched(upstream->id))
        add(errors, "upstream", QStringLiteral("There is no address to reach %1.").arg(shown(upstream->name)),
            QStringLiteral("Choose another upstream."));
    if (request.synchronous && upstream->role == Role::Standby)
        add(errors, "synchronous",
            QStringLiteral("Only a standby of the primary can be synchronous, and %1 is a standby.")
                .arg(shown(upstream->name)),
            QStringLiteral("Choose the primary as the upstream, or asynchronous."));
    if (!isCompose(request) && facts.binDirectory.isEmpty())
        add(errors, "on",
            QStringLiteral("PostgreSQL %1 is not installed on %2.")
                .arg(upstream->versionNum / 10000)
                .arg(shown(placeWords(request.on))),
            QStringLiteral("Install its server package (postgresql-%1).").arg(upstream->versionNum / 10000));
}

void checkNames(Errors &errors, const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    if (const auto name = checkNodeName(request.name); !name)
        add(errors, "name", name.error().what, name.error().action);
    if (const auto slot = checkSlotName(request.slot); !slot && request.choices.slot)
        add(errors, "slot", slot.error().what, slot.error().action);
    for (const Cluster &cluster : facts.topology.clusters)
        for (const Node &node : cluster.nodes)
            if (!request.name.isEmpty() && node.name == request.name)
                add(errors, "name",
                    QStringLiteral("A node is already called \"%1\".").arg(shown(request.name)),
                    QStringLiteral("Choose another name."));
    const Node *upstream = facts.upstreamOf(request);
    const Cluster *cluster = upstream ? facts.topology.clusterOf(upstream->id) : nullptr;
    if (!cluster)
        return;
    for (const Slot &slot : cluster->slots_)
        if (request.choices.slot && slot.node == upstream->id && slot.name == request.slot)
            add(errors, "slot",
                QStringLiteral("%1 already has a slot \"%2\".").arg(shown(upstream->name), shown(slot.name)),
                QStringLiteral("Choose another slot name."));
}

void checkPort(Errors &errors, const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    const int port = request.port;
    const bool root = facts.runAs.isEmpty() && facts.currentUser == QStringLiteral("root");
    if (port < 1 || port > 65535)
        add(errors, "port", QStringLiteral("The port %1 is not between 1 and 65535.").arg(port),
            QStringLiteral("Choose a port from 1024 to 65535."));
    else if (port < 1024 && !root)
        add(errors, "port", QStringLiteral("The port %1 is reserved for root.").arg(port),
            QStringLiteral("Choose a port from 1024 to 65535."));
    for (const HostBinding &binding : facts.target.isLocal() ? facts.bindings : QList<HostBinding>()) {
        const Node *node = facts.topology.node(binding.id);
        if (node && node->port == port)
            add(errors, "port",
                QStringLiteral("%1 listens on port %2 of this machine.").arg(shown(node->name)).arg(port),
                QStringLiteral("Choose another port."));
    }
}

void checkDirectory(Errors &errors, const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    const QString &path = request.dataDirectory;
    const auto bad = [&](const QString &what) {
        add(errors, "dataDirectory", what,
            QStringLiteral("Give an absolute path to a directory that does not exist yet."));
    };
    if (path.isEmpty())
        return bad(QStringLiteral("No data directory is given."));
    for (const QChar c : path)
        if (c < u' ' || c == QChar(0x7f) || c == QChar(0x2028) || c == QChar(0x2029))
            return bad(QStringLiteral("The data directory has a control character in its name."));
    if (!path.startsWith(u'/'))
        return bad(QStringLiteral("The data directory \"%1\" is not an absolute path.").arg(shown(path)));
    if (QDir::cleanPath(path) != path || path == QStringLiteral("/"))
        return bad(QStringLiteral("The data directory \"%1\" is not a plain path.").arg(shown(path)));
    if (path.toUtf8().size() > 900)
        return bad(QStringLiteral("The data directory's path is too long."));
    // It hands the path to a shell within double quotes: these act there.
    static const QRegularExpression acting(QStringLiteral("[\"$`\\\\]"));
    if (isScriptPlace(request.on) && request.keeper != QLatin1String("systemd") && path.contains(acting))
        return bad(QStringLiteral("pg_ctl gives the data directory to a shell, where \\ \" $ and ` act."));
    if (path.contains(QLatin1String("${")))
        return bad(
            QStringLiteral("The data directory \"%1\" has ${ in it, which stands for a value of the plan.")
                .arg(shown(path)));
    for (const HostBinding &binding : facts.target.isLocal() ? facts.bindings : QList<HostBinding>()) {
        const QString other = QDir::cleanPath(binding.dataDirectory);
        if (path == other || path.startsWith(other + u'/') || other.startsWith(path + u'/'))
            return bad(
                QStringLiteral("The data directory overlaps with %1 of a running server.").arg(shown(other)));
    }
}

void checkFolder(Errors &errors, const AddStandbyRequest &request, const ComposeTarget &target)
{
    static const QRegularExpression form(QStringLiteral("^[A-Za-z0-9_./~@%+${}:-]{1,255}$"));
    if (!request.volume.isEmpty() &&
        (!form.match(request.volume).hasMatch() || !request.volume.contains(u'/')))
        add(errors, "volume",
            QStringLiteral("\"%1\" is not a path for the data directory.").arg(shown(request.volume)),
            QStringLiteral("%1 keeps its data in a directory: give one as the file would say it, for example "
                           "./%2.")
                .arg(target.model, request.service));
    if (request.volume.contains(u'$')) {
        const auto edit = composeEditFor(request, target);
        if (edit && edit->dataSource != request.volume)
            add(errors, "volume",
                QStringLiteral("\"%1\" has a variable, and only Compose knows its value.")
                    .arg(shown(request.volume)),
                QStringLiteral("Give a path without one."));
    }
    for (const ComposeService &service : target.project.services) {
        for (const ComposeVolume &volume : service.volumes) {
            if (volume.source.startsWith(u'/') && !request.dataDirectory.isEmpty() &&
                QDir::cleanPath(volume.source) == request.dataDirectory)
                add(errors, "volume",
                    QStringLiteral("Service %1 has %2 already.").arg(service.name, request.dataDirectory),
                    QStringLiteral("Choose another directory."));
        }
    }
}

void checkService(Errors &errors, const AddStandbyRequest &request, const ComposeTarget &target)
{
    static const QRegularExpression form(QStringLiteral("^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$"));
    if (!form.match(request.service).hasMatch())
        add(errors, "service",
            QStringLiteral("\"%1\" cannot be the name of a service.").arg(shown(request.service)),
            QStringLiteral("Use up to 63 letters, digits, dots, hyphens and underscores."));
    else if (target.project.service(request.service))
        add(errors, "service",
            QStringLiteral("%1 already has a service \"%2\".").arg(target.file, request.service),
            QStringLiteral("Choose another name."));
    if (!target.modelFolder.isEmpty())
        checkFolder(errors, request, target);
    else if (!form.match(request.volume).hasMatch())
        add(errors, "volume",
            QStringLiteral("\"%1\" cannot be the name of a volume.").arg(shown(request.volume)),
            QStringLiteral("Use up to 63 letters, digits, dots, hyphens and underscores."));
    else if (target.project.volumes.contains(request.volume))
        add(errors, "volume",
            QStringLiteral("%1 already has a volume \"%2\".").arg(target.file, request.volume),
            QStringLiteral("Choose another name."));
    if (request.overrideFile) {
        if (const auto place = target.overrideFor(request.service); !place)
            errors << place.error();
    }
    for (const ComposeService &service : target.project.services) {
        for (const ComposePort &port : service.ports) {
            if (port.published <= request.port && request.port <= port.publishedEnd)
                add(errors, "port",
                    QStringLiteral("Service %1 publishes port %2.").arg(service.name).arg(request.port),
                    QStringLiteral("Choose another port."));
        }
    }
}

void checkRest(Errors &errors, const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    static const QRegularExpression rate(QStringLiteral("^([0-9]{1,9})([kM]?)$"));
    if (!request.maxRate.isEmpty()) {
        const auto match = rate.match(request.maxRate);
        const qint64 kb =
            match.captured(1).toLongLong() * (match.captured(2) == QStringLiteral("M") ? 1024 : 1);
        if (!match.hasMatch() || kb < 32 || kb > 1048576)
            add(errors, "maxRate",
                QStringLiteral("The rate limit \"%1\" is not one that pg_basebackup takes.")
                    .arg(shown(request.maxRate)),
                QStringLiteral("Give kB a second from 32k to 1024M, for example 20M, or leave it empty."));
    }
    const QString user =
        request.replicationUser.isEmpty() ? facts.spec.replicationUser : request.replicationUser;
    if (user.isEmpty())
        add(errors, "replicationUser",
            QStringLiteral("No standby shows which role replicates in this cluster."),
            QStringLiteral("Name a role that has REPLICATION."));
    for (const QChar c : user)
        if (!c.isPrint())
            return add(errors, "replicationUser",
                       QStringLiteral("The replication role has a control character in its name."),
                       QStringLiteral("Name a role that has REPLICATION."));
}

} // namespace

QList<Error> validate(const AddStandbyRequest &request, const AddStandbyFacts &facts)
{
    Errors errors;
    checkPlace(errors, request, facts);
    checkUpstream(errors, request, facts);
    errors << upstreamAddressErrors(request, facts);
    checkNames(errors, request, facts);
    checkPort(errors, request, facts);
    if (!isCompose(request))
        checkDirectory(errors, request, facts);
    else if (facts.compose)
        checkService(errors, request, *facts.compose);
    checkRest(errors, request, facts);
    errors << validateChoices(request, facts);
    return errors;
}

} // namespace understudy
