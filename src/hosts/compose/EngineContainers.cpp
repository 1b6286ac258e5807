// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/EngineContainers.h"

#include "hosts/compose/ComposeCommand.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace understudy {

namespace {

constexpr qsizetype mostContainers = 200;

QList<ComposePort> portsOf(const QJsonObject &ports)
{
    QList<ComposePort> out;
    for (auto it = ports.begin(); it != ports.end(); ++it) {
        ComposePort shape;
        shape.target = it.key().section(u'/', 0, 0).toInt();
        shape.protocol = it.key().section(u'/', 1, 1);
        const QJsonArray bindings = it.value().toArray();
        for (const auto binding : bindings) {
            ComposePort port = shape;
            port.hostAddress = binding[QStringLiteral("HostIp")].toString();
            port.published = port.publishedEnd = binding[QStringLiteral("HostPort")].toString().toInt();
            if (port.target > 0 && port.published > 0)
                out << port;
        }
    }
    return out;
}

EngineContainer containerOf(const QJsonObject &object)
{
    EngineContainer container;
    container.name = object.value(QStringLiteral("Name")).toString();
    if (container.name.startsWith(u'/'))
        container.name.remove(0, 1);
    const QJsonValue labels = object.value(QStringLiteral("Config"))[QStringLiteral("Labels")];
    container.service = labels[QStringLiteral("com.docker.compose.service")].toString();
    container.workingDirectory = labels[QStringLiteral("com.docker.compose.project.working_dir")].toString();
    const QJsonValue settings = object.value(QStringLiteral("NetworkSettings"));
    container.ports = portsOf(settings[QStringLiteral("Ports")].toObject());
    const QJsonObject networks = settings[QStringLiteral("Networks")].toObject();
    for (auto it = networks.begin(); it != networks.end(); ++it) {
        container.networks << it.key();
        for (const char *key : {"IPAddress", "GlobalIPv6Address"}) {
            const QString address = it.value()[QString::fromLatin1(key)].toString();
            if (!address.isEmpty())
                container.addresses << address;
        }
        const QJsonArray aliases = it.value()[QStringLiteral("Aliases")].toArray();
        for (const auto alias : aliases)
            container.aliases << alias.toString();
    }
    container.aliases << container.name;
    return container;
}

Result<QByteArray> ask(Host &host, const QStringList &words, int timeoutMs, const std::stop_token &stop)
{
    Command command;
    command.argv = QStringList{QStringLiteral("docker")} + words;
    command.environment = dockerEnvironment();
    command.timeoutMs = qMax(1, timeoutMs);
    const auto answer = host.run(command, stop);
    if (!answer)
        return tl::unexpected(answer.error());
    if (answer->timedOut)
        return fail(
            QStringLiteral("The Docker engine did not answer within %1 s.").arg((timeoutMs + 999) / 1000));
    // A container that went between the two questions is no failure of the engine.
    if (answer->ok() || answer->errorOutput.contains(QLatin1String("No such")))
        return answer->output.toUtf8();
    return fail(QStringLiteral("The Docker engine does not answer: %1")
                    .arg(answer->errorOutput.simplified().left(200)));
}

} // namespace

QString EngineContainer::shownName() const
{
    return service.isEmpty() ? QStringLiteral("container %1").arg(name)
                             : QStringLiteral("service %1").arg(service);
}

std::optional<std::pair<QString, int>> EngineContainer::published(int target) const
{
    for (const ComposePort &port : ports) {
        if (port.target != target || port.protocol != QLatin1String("tcp"))
            continue;
        const bool any = port.hostAddress.isEmpty() || port.hostAddress == QLatin1String("0.0.0.0") ||
                         port.hostAddress == QLatin1String("::");
        return std::pair(any ? QStringLiteral("127.0.0.1") : port.hostAddress, port.published);
    }
    return std::nullopt;
}

bool EngineContainer::sharesNetworkWith(const EngineContainer &other) const
{
    for (const QString &network : networks) {
        if (other.networks.contains(network))
            return true;
    }
    return false;
}

QList<EngineContainer> parseInspect(const QByteArray &json)
{
    QList<EngineContainer> out;
    const QJsonArray all = QJsonDocument::fromJson(json).array();
    for (const auto value : all) {
        if (value.isObject() && out.size() < mostContainers)
            out << containerOf(value.toObject());
    }
    return out;
}

Result<QList<EngineContainer>> engineContainers(Host &host, int deadlineMs, std::stop_token stop)
{
    QElapsedTimer timer;
    timer.start();
    const auto ids =
        ask(host, {QStringLiteral("ps"), QStringLiteral("--quiet"), QStringLiteral("--no-trunc")}, deadlineMs,
            stop);
    if (!ids)
        return tl::unexpected(ids.error());
    static const QRegularExpression id(QStringLiteral("^[0-9a-f]{12,64}$"));
    QStringList words{QStringLiteral("inspect"), QStringLiteral("--type"), QStringLiteral("container")};
    for (const QByteArray &line : ids->split('\n')) {
        const QString word = QString::fromLatin1(line.trimmed());
        if (id.match(word).hasMatch() && words.size() < mostContainers + 3)
            words << word;
    }
    if (words.size() == 3)
        return QList<EngineContainer>();
    const auto told = ask(host, words, deadlineMs - int(timer.elapsed()), stop);
    if (!told)
        return tl::unexpected(told.error());
    return parseInspect(*told);
}

} // namespace understudy
