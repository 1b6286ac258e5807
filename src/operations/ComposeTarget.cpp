// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/ComposeTarget.h"

#include "hosts/compose/ComposeCommand.h"
#include "hosts/compose/ComposePostgres.h"
#include "hosts/compose/EngineContainers.h"
#include "hosts/compose/EngineHost.h"
#include "hosts/compose/YamlSource.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>

namespace understudy {

namespace {

const QString field = QStringLiteral("on");

const NodeSnapshot *snapshotOf(const QList<NodeSnapshot> &snapshots, const NodeId &id)
{
    const auto it = std::find_if(snapshots.begin(), snapshots.end(),
                                 [&](const NodeSnapshot &s) { return s.id == id && s.answered(); });
    return it == snapshots.end() ? nullptr : &*it;
}

// Its own service, by the name that the node has from it.
const ComposeService *serviceOf(const ComposeProject &project, const ClusterSpec &spec, const NodeId &id)
{
    for (const WatchedNode &node : spec.nodes) {
        if (node.id == id)
            return project.service(node.name);
    }
    return nullptr;
}

// How another service of the project reaches the model's server.
Endpoint endpointOf(const ComposeTarget &target)
{
    Endpoint out;
    const bool host = target.project.service(target.model)->networkMode == QLatin1String("host");
    out.host = host ? QStringLiteral("127.0.0.1") : target.model;
    out.port = target.modelPort;
    return out;
}

Result<void> modelOnPrimary(ComposeTarget &target, const ClusterSpec &spec, const Topology &topology,
                            const QList<NodeSnapshot> &snapshots)
{
    for (const Cluster &cluster : topology.clusters) {
        const Node *primary = cluster.primary();
        const ComposeService *service = primary && snapshotOf(snapshots, primary->id)
                                            ? serviceOf(target.project, spec, primary->id)
                                            : nullptr;
        if (!service)
            continue;
        // A standby that is described but was not seen shows how it is done here: a second way would be
        // worse.
        for (const PostgresService &other : postgresServices(target.project)) {
            if (other.role == PostgresService::Guess::Standby && other.name != service->name)
                return fail(
                    QStringLiteral("The standby %1 of %2 is not up, and the new one is modelled on it.")
                        .arg(other.name, target.file),
                    QStringLiteral("Start it: how standbys are made there is taken from it."), field);
        }
        target.model = service->name;
        target.modelIsPrimary = true;
        target.modelNode = target.modelUpstream = primary->id;
        return {};
    }
    return fail(
        QStringLiteral("No service of %1 is up that the new one could be modelled on.").arg(target.file),
        QStringLiteral("Start the primary, or a standby that is in the file."), field);
}

Result<void> pickModel(ComposeTarget &target, const ClusterSpec &spec, const Topology &topology,
                       const QList<NodeSnapshot> &snapshots, const NodeId &upstream)
{
    const Link *chosen = nullptr;
    for (const Cluster &cluster : topology.clusters) {
        for (const Link &link : cluster.links) {
            const NodeSnapshot *standby = snapshotOf(snapshots, link.downstream);
            if (!standby || standby->primaryConninfo.isEmpty() ||
                !serviceOf(target.project, spec, link.downstream))
                continue;
            if (!chosen || (link.upstream == upstream && chosen->upstream != upstream))
                chosen = &link;
        }
    }
    if (!chosen)
        return modelOnPrimary(target, spec, topology, snapshots);
    const NodeSnapshot &standby = *snapshotOf(snapshots, chosen->downstream);
    target.model = serviceOf(target.project, spec, chosen->downstream)->name;
    target.modelNode = chosen->downstream;
    target.modelUpstream = chosen->upstream;
    target.modelSlot = standby.primarySlotName;
    const auto upstreams = Endpoint::parse(standby.primaryConninfo);
    if (!upstreams || upstreams->isEmpty())
        return fail(QStringLiteral("How %1 reaches its upstream cannot be read.").arg(target.model), {},
                    field);
    target.upstream = upstreams->constFirst();
    return {};
}

// The volume that holds the model's data directory.
Result<void> findData(ComposeTarget &target)
{
    const ComposeService &model = *target.project.service(target.model);
    target.dataPath =
        model.environment.value(QStringLiteral("PGDATA"), QStringLiteral("/var/lib/postgresql/data"));
    const ComposeVolume *data = nullptr;
    for (const ComposeVolume &volume : model.volumes) {
        const bool holds =
            target.dataPath == volume.target || target.dataPath.startsWith(volume.target + u'/');
        if (holds && (!data || volume.target.size() > data->target.size()))
            data = &volume;
    }
    if (!data)
        return fail(QStringLiteral("The data of %1 is in no volume, so it would go with its container.")
                        .arg(target.model),
                    QStringLiteral("Give the service a named volume at %1.").arg(target.dataPath), field);
    if (data->source.isEmpty())
        return fail(QStringLiteral("The data of %1 is in an anonymous volume, which has no name of its own.")
                        .arg(target.model),
                    QStringLiteral("Give the service a named volume at %1.").arg(target.dataPath), field);
    if (data->type == QLatin1String("tmpfs"))
        return fail(QStringLiteral("The data of %1 is in memory only.").arg(target.model),
                    QStringLiteral("Give the service a named volume at %1.").arg(target.dataPath), field);
    if (data->source.startsWith(u'/') || data->type == QLatin1String("bind"))
        target.modelFolder = data->source;
    else
        target.modelVolume = data->source;
    target.mountPath = data->target;
    return {};
}

// v1 does not print the project's name; its containers carry it.
Result<QString> projectNameOf(Host &engine, const ComposeTarget &target)
{
    if (!target.project.name.isEmpty())
        return target.project.name;
    Command ask;
    ask.argv = {QStringLiteral("docker"),
                QStringLiteral("ps"),
                QStringLiteral("-a"),
                QStringLiteral("--filter"),
                QStringLiteral("label=com.docker.compose.service=") + target.model,
                QStringLiteral("--format"),
                QStringLiteral("{{.Label \"com.docker.compose.project.working_dir\"}}\t"
                               "{{.Label \"com.docker.compose.project\"}}")};
    ask.timeoutMs = 10000;
    const auto answer = engine.run(ask, {}, {});
    if (!answer || !answer->ok())
        return fail(QStringLiteral("The Docker engine does not answer."), QStringLiteral("Start it."), field);
    const QString folder = QFileInfo(target.folder()).canonicalFilePath();
    for (const QString &line : answer->output.split(u'\n')) {
        if (QFileInfo(line.section(u'\t', 0, 0)).canonicalFilePath() == folder)
            return line.section(u'\t', 1);
    }
    return fail(QStringLiteral("No container of %1 was made from %2.").arg(target.model, target.opened),
                QStringLiteral("Start the project with its own Compose first."), field);
}

} // namespace

QStringList ComposeTarget::secrets() const
{
    static const QRegularExpression telling(QStringLiteral("PASS|SECRET|TOKEN|KEY|CREDENTIAL|PWD"),
                                            QRegularExpression::CaseInsensitiveOption);
    QStringList out;
    for (const ComposeService &service : project.services) {
        for (auto it = service.environment.begin(); it != service.environment.end(); ++it) {
            if (!telling.match(it.key()).hasMatch() || it.value().isEmpty() || out.contains(it.value()))
                continue;
            out << it.value();
            // As it is written in the file.
            if (it.value().contains(u'$'))
                out << QString(it.value()).replace(u'$', QStringLiteral("$$"));
        }
    }
    return out;
}

QString ComposeTarget::folder() const
{
    return QFileInfo(opened).path();
}

QList<const ComposeTarget::File *> ComposeTarget::describing() const
{
    QList<const File *> found;
    for (const File &each : files) {
        const auto read = YamlFile::read(each.content, each.path);
        if (!read || !read->value().at("services").has(model.toUtf8()))
            continue;
        if (each.path == file)
            found.prepend(&each);
        else
            found.append(&each);
    }
    return found;
}

bool ComposeTarget::givesPassfile() const
{
    return modelIsPrimary || upstream.options.value(QStringLiteral("passfile")).startsWith(dataPath + u'/');
}

Result<ComposeTarget::Override> ComposeTarget::overrideFor(const QString &service) const
{
    const QFileInfo info(opened);
    if (!filesListed && ComposeCommand::isUsualName(opened)) {
        if (files.size() == 1)
            return Override{
                QStringLiteral("%1/%2.override.%3").arg(info.path(), info.completeBaseName(), info.suffix()),
                true};
        const QString there = QFileInfo(files.constLast().path).fileName();
        return fail(
            QStringLiteral("%1 is there already. Compose reads one override file by itself, and this one "
                           "is yours.")
                .arg(there),
            QStringLiteral("Let the new service be written into %1, or list your files in COMPOSE_FILE: "
                           "then a new one is made beside them.")
                .arg(info.fileName()),
            QStringLiteral("override"));
    }
    return Override{
        QStringLiteral("%1/%2.%3.%4").arg(info.path(), info.completeBaseName(), service, info.suffix()),
        false};
}

QString ComposeTarget::callWith(const QString &extra) const
{
    const QString inFolder = folder() + u'/';
    QStringList names;
    for (const File &each : files)
        names << each.path;
    names << extra;
    for (QString &name : names) {
        if (name.startsWith(inFolder))
            name.remove(0, inFolder.size());
    }
    if (filesListed)
        return QStringLiteral("COMPOSE_FILE=") + names.join(u':');
    return composeText + QStringLiteral(" -f ") + names.join(QStringLiteral(" -f "));
}

QStringList ComposeTarget::baseWith(const QString &extra) const
{
    QStringList words = base;
    const qsizetype at = words.indexOf(QStringLiteral("--project-directory"));
    words.insert(at, extra);
    words.insert(at, QStringLiteral("-f"));
    return words;
}

Result<ComposeTarget> composeTarget(const ClusterSpec &spec, const Topology &topology,
                                    const QList<NodeSnapshot> &snapshots, const NodeId &upstream,
                                    std::stop_token stop)
{
    const auto engine = engineHost();
    ComposeTarget target;
    target.opened = target.file = QFileInfo(spec.composeFile).canonicalFilePath();
    const auto content = engine->readFile(target.file);
    if (!content)
        return tl::unexpected(content.error());
    target.content = *content;
    const ComposeCommand::Files files = ComposeCommand::filesOf(*engine, target.file);
    target.filesListed = files.listed;
    for (const QString &path : files.paths) {
        const auto bytes = path == target.file ? content : engine->readFile(path);
        if (!bytes)
            return tl::unexpected(bytes.error());
        target.files << ComposeTarget::File{path, *bytes};
    }
    const auto compose = ComposeCommand::find(*engine, stop);
    if (!compose)
        return tl::unexpected(compose.error());
    target.composeText = compose->text();
    auto project = compose->config(*engine, target.file, stop);
    if (!project)
        return tl::unexpected(project.error());
    target.project = *std::move(project);
    if (auto picked = pickModel(target, spec, topology, snapshots, upstream); !picked)
        return tl::unexpected(picked.error());
    if (const auto describing = target.describing();
        !describing.isEmpty() && describing.constFirst()->path != target.file) {
        target.file = describing.constFirst()->path;
        target.content = describing.constFirst()->content;
    }
    for (const PostgresService &service : postgresServices(target.project)) {
        if (service.name == target.model)
            target.modelPort = service.port;
    }
    if (target.modelIsPrimary)
        target.upstream = endpointOf(target);
    if (auto found = findData(target); !found)
        return tl::unexpected(found.error());
    const auto name = projectNameOf(*engine, target);
    if (!name)
        return tl::unexpected(name.error());
    target.projectName = *name;
    target.base =
        compose->baseWords(*engine, target.opened) + QStringList{QStringLiteral("-p"), target.projectName};
    return target;
}

QString numberedName(const QString &model, int number)
{
    // What a name of this kind ends with stays at its end.
    static const QRegularExpression form(
        QStringLiteral("^(.*?)(\\d*)([-_.]?(?:slot|data|volume|vol|db|pgdata))?$"),
        QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(model);
    QString lead = match.captured(1);
    if (lead.isEmpty())
        return model + QString::number(number);
    return lead + QString::number(number) + match.captured(3);
}

QString standbyNameOf(const QString &primary)
{
    QString name = primary;
    name.replace(QStringLiteral("primary"), QStringLiteral("standby"));
    return name == primary ? primary + QStringLiteral("-standby") : name;
}

} // namespace understudy
