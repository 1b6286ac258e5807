// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeProject.h"

#include "hosts/compose/ShellWords.h"
#include "hosts/compose/YamlSize.h"

#include <yaml-cpp/yaml.h>

namespace understudy {

namespace {

/// What is wrong, as a sentence; caught where the reading began.
struct Wrong
{
    QString what;
};

[[noreturn]] void wrong(const QString &where, const char *what)
{
    throw Wrong{QStringLiteral("%1 %2.").arg(where, QString::fromLatin1(what))};
}

/// A scalar's text. `config` doubles every dollar, so that its words can be a Compose file again.
QString textOf(const YAML::Node &node, const QString &where)
{
    if (!node.IsDefined() || node.IsNull())
        return {};
    if (!node.IsScalar())
        wrong(where, "is not plain text");
    return QString::fromStdString(node.Scalar()).replace(QLatin1String("$$"), QLatin1String("$"));
}

void requireList(const YAML::Node &node, const QString &where)
{
    if (!node.IsSequence())
        wrong(where, "is not a list");
}

bool isMap(const YAML::Node &node, const QString &where)
{
    if (!node.IsDefined() || node.IsNull())
        return false;
    if (!node.IsMap())
        wrong(where, "is not a mapping");
    return true;
}

bool isThere(const YAML::Node &node)
{
    return node.IsDefined() && !node.IsNull();
}

QStringList listOf(const YAML::Node &node, const QString &where)
{
    QStringList out;
    if (!isThere(node))
        return out;
    requireList(node, where);
    for (const YAML::Node &item : node)
        out << textOf(item, where);
    return out;
}

/// The names in a list, or the keys of a mapping.
QStringList namesOf(const YAML::Node &node, const QString &where)
{
    if (!isThere(node) || node.IsSequence())
        return listOf(node, where);
    isMap(node, where);
    QStringList out;
    for (const auto &entry : node)
        out << textOf(entry.first, where);
    return out;
}

QStringList wordsOf(const YAML::Node &node, const QString &where)
{
    return isThere(node) && node.IsScalar() ? shellWords(textOf(node, where)) : listOf(node, where);
}

QMap<QString, QString> environmentOf(const YAML::Node &node, const QString &where)
{
    QMap<QString, QString> out;
    if (!isThere(node))
        return out;
    if (node.IsSequence()) {
        for (const QString &pair : listOf(node, where)) {
            if (const qsizetype equals = pair.indexOf(u'='); equals > 0)
                out.insert(pair.left(equals), pair.mid(equals + 1));
        }
        return out;
    }
    isMap(node, where);
    for (const auto &entry : node) {
        if (isThere(entry.second))
            out.insert(textOf(entry.first, where), textOf(entry.second, where));
    }
    return out;
}

QList<ComposePort> portsOf(const YAML::Node &node, const QString &where)
{
    QList<ComposePort> out;
    if (!isThere(node))
        return out;
    requireList(node, where);
    for (const YAML::Node &item : node) {
        QString text;
        if (item.IsMap()) {
            // The long form is the short one in pieces: v1 says numbers where v2 says text.
            const QString address = textOf(item["host_ip"], where);
            text = (address.isEmpty() ? QString() : u'[' + address + QStringLiteral("]:")) +
                   textOf(item["published"], where) + u':' + textOf(item["target"], where);
            const QString protocol = textOf(item["protocol"], where);
            text += protocol.isEmpty() ? QString() : u'/' + protocol;
        } else {
            text = textOf(item, where);
        }
        const QList<ComposePort> ports = parseShortPort(text);
        if (ports.isEmpty())
            throw Wrong{QStringLiteral("%1: \"%2\" is not a port.").arg(where, text.left(60))};
        out << ports;
    }
    return out;
}

QList<ComposeVolume> volumesOf(const YAML::Node &node, const QString &where)
{
    QList<ComposeVolume> out;
    if (!isThere(node))
        return out;
    requireList(node, where);
    for (const YAML::Node &item : node) {
        ComposeVolume volume;
        if (item.IsMap()) {
            volume.type = textOf(item["type"], where);
            volume.source = textOf(item["source"], where);
            volume.target = textOf(item["target"], where);
            volume.readOnly = textOf(item["read_only"], where) == QLatin1String("true");
        } else {
            const QStringList parts = textOf(item, where).split(u':');
            volume.source = parts.size() > 1 ? parts.at(0) : QString();
            volume.target = parts.size() > 1 ? parts.at(1) : parts.at(0);
            volume.readOnly = parts.value(2).split(u',').contains(QLatin1String("ro"));
            const bool path = volume.source.startsWith(u'/') || volume.source.startsWith(u'.') ||
                              volume.source.startsWith(u'~');
            volume.type = path ? QStringLiteral("bind") : QStringLiteral("volume");
        }
        out << volume;
    }
    return out;
}

std::optional<ComposeHealthcheck> healthcheckOf(const YAML::Node &node, const QString &where)
{
    if (!isMap(node, where))
        return std::nullopt;
    ComposeHealthcheck check;
    const YAML::Node test = node["test"];
    check.test = isThere(test) && test.IsScalar()
                     ? QStringList{QStringLiteral("CMD-SHELL"), textOf(test, where)}
                     : listOf(test, where);
    check.disabled = textOf(node["disable"], where) == QLatin1String("true") ||
                     check.test == QStringList{QStringLiteral("NONE")};
    check.interval = textOf(node["interval"], where);
    check.timeout = textOf(node["timeout"], where);
    check.startPeriod = textOf(node["start_period"], where);
    bool ok = false;
    if (const int retries = textOf(node["retries"], where).toInt(&ok); ok)
        check.retries = retries;
    return check;
}

QMap<QString, QString> secretsOf(const YAML::Node &node, const QString &where)
{
    QMap<QString, QString> out;
    if (!isThere(node))
        return out;
    requireList(node, where);
    for (const YAML::Node &item : node) {
        const QString source = item.IsMap() ? textOf(item["source"], where) : textOf(item, where);
        QString target = item.IsMap() ? textOf(item["target"], where) : QString();
        if (target.isEmpty())
            target = source;
        out.insert(target.startsWith(u'/') ? target : QStringLiteral("/run/secrets/") + target, source);
    }
    return out;
}

ComposeService serviceOf(const QString &name, const YAML::Node &node)
{
    // Where a quote is missing, half a file can be a name.
    const QString shown = name.simplified().left(60);
    const auto at = [&shown](const char *key) {
        return QStringLiteral("%1 of service %2").arg(QString::fromLatin1(key), shown);
    };
    if (!node.IsMap())
        wrong(QStringLiteral("Service %1").arg(shown), "is not a mapping");
    ComposeService service;
    service.name = name;
    service.image = textOf(node["image"], at("image"));
    const YAML::Node build = node["build"];
    if (isThere(build) && build.IsScalar())
        service.buildContext = textOf(build, at("build"));
    else if (isMap(build, at("build")))
        service.buildContext = textOf(build["context"], at("build"));
    service.command = wordsOf(node["command"], at("command"));
    service.entrypoint = wordsOf(node["entrypoint"], at("entrypoint"));
    service.environment = environmentOf(node["environment"], at("environment"));
    service.ports = portsOf(node["ports"], at("ports"));
    service.networks = namesOf(node["networks"], at("networks"));
    service.networkMode = textOf(node["network_mode"], at("network_mode"));
    service.volumes = volumesOf(node["volumes"], at("volumes"));
    service.containerName = textOf(node["container_name"], at("container_name"));
    service.profiles = listOf(node["profiles"], at("profiles"));
    service.dependsOn = namesOf(node["depends_on"], at("depends_on"));
    service.secrets = secretsOf(node["secrets"], at("secrets"));
    service.healthcheck = healthcheckOf(node["healthcheck"], at("healthcheck"));
    service.restart = textOf(node["restart"], at("restart"));
    return service;
}

ComposeProject projectOf(const YAML::Node &top)
{
    if (!top.IsMap())
        throw Wrong{QStringLiteral("It is not a mapping.")};
    ComposeProject project;
    project.name = textOf(top["name"], QStringLiteral("name"));
    const QString services = QStringLiteral("services");
    if (isMap(top["services"], services)) {
        for (const auto &entry : top["services"])
            project.services << serviceOf(textOf(entry.first, services), entry.second);
    }
    project.networks = namesOf(top["networks"], QStringLiteral("networks"));
    project.volumes = namesOf(top["volumes"], QStringLiteral("volumes"));
    const QString secrets = QStringLiteral("secrets");
    if (isMap(top["secrets"], secrets)) {
        for (const auto &entry : top["secrets"]) {
            if (isMap(entry.second, secrets) && isThere(entry.second["file"]))
                project.secretFile.insert(textOf(entry.first, secrets),
                                          textOf(entry.second["file"], secrets));
        }
    }
    return project;
}

} // namespace

const ComposeService *ComposeProject::service(const QString &wanted) const
{
    for (const ComposeService &service : services) {
        if (service.name == wanted)
            return &service;
    }
    return nullptr;
}

Result<ComposeProject> parseComposeConfig(const QByteArray &yaml)
{
    const QString what = QStringLiteral("What Compose made of the file");
    if (auto size = checkYamlSize(yaml, what); !size)
        return tl::unexpected(size.error());
    try {
        return projectOf(YAML::Load(yaml.toStdString()));
    } catch (const Wrong &error) {
        return fail(QStringLiteral("%1 cannot be understood: %2").arg(what, error.what));
    } catch (const std::exception &error) {
        // A parser's own words are short; what it cites may be long.
        return fail(QStringLiteral("%1 cannot be read as YAML: %2.")
                        .arg(what, QString::fromUtf8(error.what()).simplified().left(200)));
    }
}

} // namespace understudy
