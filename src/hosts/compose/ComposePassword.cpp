// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposePostgres.h"

namespace understudy {

namespace {

using FileReader = std::function<Result<QByteArray>(const QString &)>;

constexpr qsizetype longestPassword = 4096;

/// Where a file of the container is on this machine; empty if it is not.
QString fileBehind(const ComposeProject &project, const ComposeService &service, const QString &path)
{
    if (service.secrets.contains(path))
        return project.secretFile.value(service.secrets.value(path));
    for (const ComposeVolume &volume : service.volumes) {
        if (volume.type != QLatin1String("bind"))
            continue;
        if (path == volume.target)
            return volume.source;
        if (path.startsWith(volume.target + u'/'))
            return volume.source + path.mid(volume.target.size());
    }
    return {};
}

std::optional<QString> passwordIn(const ComposeProject &project, const ComposeService &service,
                                  const FileReader &readFile)
{
    for (const char *key : {"POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD", "POSTGRESQL_POSTGRES_PASSWORD"}) {
        const QString name = QString::fromLatin1(key);
        if (const QString value = service.environment.value(name); !value.isEmpty())
            return value;
        const QString path = service.environment.value(name + QStringLiteral("_FILE"));
        const QString file = path.isEmpty() ? QString() : fileBehind(project, service, path);
        if (file.isEmpty())
            continue;
        const auto content = readFile(file);
        if (!content || content->size() > longestPassword)
            continue;
        // As the image's entrypoint reads it: without the newline at the end.
        QString text = QString::fromUtf8(*content);
        while (text.endsWith(u'\n') || text.endsWith(u'\r'))
            text.chop(1);
        if (!text.isEmpty())
            return text;
    }
    return std::nullopt;
}

} // namespace

std::optional<QString> servicePassword(const ComposeProject &project, const PostgresService &service,
                                       const FileReader &readFile)
{
    if (const ComposeService *own = project.service(service.name)) {
        if (auto password = passwordIn(project, *own, readFile))
            return password;
    }
    if (service.role != PostgresService::Guess::Standby)
        return std::nullopt;
    for (const PostgresService &other : postgresServices(project)) {
        if (other.role != PostgresService::Guess::Primary || other.user != service.user)
            continue;
        if (auto password = passwordIn(project, *project.service(other.name), readFile))
            return password;
    }
    return std::nullopt;
}

} // namespace understudy
