// SPDX-License-Identifier: GPL-3.0-or-later
#include "clusters/ComposeCluster.h"

#include "clusters/ClusterSecrets.h"
#include "hosts/compose/ComposeCommand.h"

#include <QFileInfo>
#include <QSet>
#include <QUrl>
#include <algorithm>

namespace understudy {

namespace {

const QString field = QStringLiteral("cluster");

bool isSameFolder(const QString &a, const QString &b)
{
    const QString left = QFileInfo(a).canonicalFilePath();
    return a == b || (!left.isEmpty() && left == QFileInfo(b).canonicalFilePath());
}

const EngineContainer *containerOf(const QString &service, const QString &folder,
                                   const QList<EngineContainer> &containers)
{
    for (const EngineContainer &container : containers) {
        if (container.service == service && isSameFolder(container.workingDirectory, folder))
            return &container;
    }
    return nullptr;
}

/// Ports of an engine elsewhere are published there.
QString engineElsewhere()
{
    const QUrl url(qEnvironmentVariable("DOCKER_HOST"));
    static const QSet<QString> here{QString(), QStringLiteral("localhost"), QStringLiteral("127.0.0.1")};
    return url.scheme() == QLatin1String("unix") || here.contains(url.host()) ? QString() : url.host();
}

} // namespace

Result<ClusterSpec> clusterOfProject(const QString &path, const ComposeProject &project,
                                     const QList<EngineContainer> &containers,
                                     const std::function<Result<QByteArray>(const QString &)> &readFile)
{
    const QString folder = QFileInfo(path).path();
    QList<PostgresService> services = postgresServices(project);
    if (services.isEmpty()) {
        QStringList names;
        for (const ComposeService &service : project.services)
            names << service.name;
        return fail(QStringLiteral("No service of %1 runs PostgreSQL.").arg(path),
                    names.isEmpty()
                        ? QStringLiteral("It has no services.")
                        : QStringLiteral("Its services are: %1.").arg(names.join(QStringLiteral(", "))),
                    field);
    }
    ClusterSpec spec;
    spec.composeFile = QFileInfo(path).absoluteFilePath();
    spec.title =
        project.name.isEmpty() ? QFileInfo(QFileInfo(spec.composeFile).path()).fileName() : project.name;
    const auto secrets = std::make_shared<DescribedSecrets>();
    QMap<NodeId, QString> taken;
    for (PostgresService &service : services) {
        const EngineContainer *running = containerOf(service.name, folder, containers);
        // `up` leaves such a service alone: that it is not there is no trouble.
        const QStringList profiles = project.service(service.name)->profiles;
        if (!running && !profiles.isEmpty()) {
            spec.notes << QStringLiteral("Service %1 belongs to the profile %2 and is not running.")
                              .arg(service.name, profiles.join(QStringLiteral(", ")));
            continue;
        }
        // A port that the engine chose is known only from the container.
        if (const auto port =
                running && service.published == 0 ? running->published(service.port) : std::nullopt)
            std::tie(service.host, service.published) = *port;
        if (service.published == 0) {
            spec.notes << service.unreachable;
            continue;
        }
        Endpoint endpoint;
        endpoint.host = service.host;
        endpoint.port = service.published;
        endpoint.user = service.user;
        endpoint.database = service.database;
        const NodeId id = endpoint.address();
        if (taken.contains(id)) {
            spec.notes << QStringLiteral(
                              "Services %1 and %2 publish the same address, %3: only the first is watched.")
                              .arg(taken.value(id), service.name, id);
            continue;
        }
        taken.insert(id, service.name);
        spec.nodes << WatchedNode{id, service.name, endpoint};
        if (const auto password = servicePassword(project, service, readFile))
            secrets->set(endpoint, *password);
    }
    if (spec.nodes.isEmpty())
        return fail(QStringLiteral("No PostgreSQL service of %1 can be reached from this machine. %2")
                        .arg(path, spec.notes.join(u' ')),
                    QStringLiteral("Publish its port, for example with ports: [\"127.0.0.1:5432:5432\"]."),
                    field);
    spec.secrets = secrets;
    return spec;
}

Result<ClusterSpec> resolveCompose(const QString &path)
{
    const QString file = QFileInfo(path).absoluteFilePath();
    const auto host = localHost();
    const auto compose = ComposeCommand::find(*host);
    if (!compose)
        return tl::unexpected(compose.error());
    const auto project = compose->config(*host, file);
    if (!project)
        return tl::unexpected(project.error());
    const auto containers = engineContainers(*host);
    auto spec = clusterOfProject(file, *project, containers.value_or(QList<EngineContainer>()),
                                 [&host](const QString &secret) { return host->readFile(secret); });
    if (!spec)
        return spec;
    spec->source = path;
    if (!containers)
        spec->notes << containers.error().what;
    if (const QString elsewhere = engineElsewhere(); !elsewhere.isEmpty())
        spec->notes << QStringLiteral(
                           "DOCKER_HOST names an engine on %1; the ports are looked for on this machine.")
                           .arg(elsewhere);
    return spec;
}

} // namespace understudy
