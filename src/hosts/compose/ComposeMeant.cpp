// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeMeant.h"

namespace understudy {

namespace {

using Kind = YamlChange::Kind;

/// Names that a service must not share with its model.
void decideNames(const ComposeModel &model, ComposeMeant &meant)
{
    const QByteArray name = model.wanted.name.toUtf8();
    const auto set = [&](const char *key, const QByteArray &text) {
        const YamlSource *own = model.own(key);
        meant.service << YamlChange{own && own->isScalar() ? Kind::Replace : Kind::Insert, {key}, text};
        if (own && !own->isScalar())
            throw ComposeRefusal{own->line, QStringLiteral("its %1 comes from elsewhere").arg(key)};
    };
    // Compose knows of a name that comes from another file, too.
    if (model.value.has("container_name") || !model.resolved.containerName.isEmpty())
        set("container_name",
            model.wanted.containerName.isEmpty() ? name : model.wanted.containerName.toUtf8());
    if (model.value.has("hostname"))
        set("hostname", name);
}

/// Addresses and names on the network.
void decideNetworks(const ComposeModel &model, ComposeMeant &meant)
{
    const auto drop = [&](const YamlPath &path, const QString &note) {
        if (!sourceAt(model.source, path))
            throw ComposeRefusal{
                model.key.line, QStringLiteral("it takes a fixed address or a network alias from elsewhere")};
        meant.service << YamlChange{Kind::Remove, path};
        meant.notes << note;
    };
    if (model.value.has("mac_address"))
        drop({"mac_address"}, QStringLiteral("The model's fixed mac_address was not taken over."));
    const YamlValue networks = model.value.at("networks");
    for (auto it = networks.entries.cbegin(); it != networks.entries.cend(); ++it) {
        for (const char *key : {"ipv4_address", "ipv6_address", "link_local_ips", "mac_address"}) {
            if (it->has(key))
                drop({"networks", it.key(), key},
                     QStringLiteral("The model's fixed %1 in network %2 was not taken over.")
                         .arg(QString::fromLatin1(key), QString::fromUtf8(it.key())));
        }
        if (it->has("aliases"))
            drop({"networks", it.key(), "aliases"},
                 QStringLiteral("The model's aliases in network %1 were not taken over.")
                     .arg(QString::fromUtf8(it.key())));
    }
}

void refuseWhatIsNotOneServer(const ComposeModel &model)
{
    const auto more = [](const YamlValue &count) {
        return count.kind == YamlValue::Kind::Scalar && count.text != "1";
    };
    const auto lineOf = [&](const YamlPath &path) {
        const YamlSource *node = sourceAt(model.source, path);
        return node ? node->line : model.key.line;
    };
    if (more(model.value.at("scale")))
        throw ComposeRefusal{lineOf({"scale"}), QStringLiteral("its service does not run in one container")};
    if (more(model.value.at("deploy").at("replicas")))
        throw ComposeRefusal{lineOf({"deploy", "replicas"}),
                             QStringLiteral("its service does not run in one container")};
    if (model.value.has("volumes_from"))
        throw ComposeRefusal{lineOf({"volumes_from"}),
                             QStringLiteral("its service has the volumes of another container")};
    const QByteArray mode = model.value.at("network_mode").text;
    if (mode.startsWith("service:") || mode.startsWith("container:"))
        throw ComposeRefusal{lineOf({"network_mode"}),
                             QStringLiteral("its service lives in the network of another container")};
}

/// An override file that says more about the model says nothing about its copy.
void noteOtherFiles(const ComposeModel &model, ComposeMeant &meant)
{
    if (model.value.has("extends"))
        return; // The copy extends the same.
    const ComposeService &resolved = model.resolved;
    QStringList missing;
    const auto note = [&](const char *key, bool there) {
        if (there && !model.value.has(key))
            missing << QString::fromLatin1(key);
    };
    note("command", !resolved.command.isEmpty());
    note("entrypoint", !resolved.entrypoint.isEmpty());
    note("environment", !resolved.environment.isEmpty() && !model.value.has("env_file"));
    note("healthcheck", resolved.healthcheck.has_value());
    note("restart", !resolved.restart.isEmpty());
    note("profiles", !resolved.profiles.isEmpty());
    if (resolved.volumes.size() > model.value.at("volumes").items.size())
        missing << QStringLiteral("some of the volumes");
    if (!missing.isEmpty())
        meant.notes << QStringLiteral(
                           "The model gets this from another file, and the new service does not: %1.")
                           .arg(missing.join(QStringLiteral(", ")));
}

} // namespace

ComposeMeant decideWhatDiffers(const ComposeModel &model)
{
    ComposeMeant meant;
    refuseWhatIsNotOneServer(model);
    decideNames(model, meant);
    decideNetworks(model, meant);
    decidePorts(model, meant);
    decideData(model, meant);
    decideVolumeEntry(model, meant);
    if (model.wanted.plainStandby)
        decidePlainStandby(model, meant);
    decideWords(model, meant);
    noteOtherFiles(model, meant);
    return meant;
}

QList<QByteArray> splitAtColons(const QByteArray &text)
{
    QList<QByteArray> parts{QByteArray()};
    int depth = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text.at(i);
        const bool opens = c == '[' || (c == '{' && i > 0 && text.at(i - 1) == '$');
        depth += opens ? 1 : (depth > 0 && (c == '}' || c == ']')) ? -1 : 0;
        if (c == ':' && depth == 0)
            parts << QByteArray();
        else
            parts.last() += c;
    }
    return parts;
}

QByteArray withoutVariables(const QByteArray &text)
{
    if (!text.contains('$'))
        return text;
    const qsizetype dash = text.indexOf('-');
    if (!text.startsWith("${") || text.indexOf('}') != text.size() - 1 || dash < 0)
        return {};
    return text.mid(dash + 1, text.size() - dash - 2);
}

} // namespace understudy
