// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeEditParts.h"

#include <QRegularExpression>
#include <algorithm>

namespace understudy {

namespace {

[[noreturn]] void refuse(int line, const QString &why)
{
    throw ComposeRefusal{line, why};
}

void findServices(PreparedEdit &prepared, const NewComposeService &wanted)
{
    const YamlSource &root = prepared.file.root();
    const YamlSource *services = root.own("services");
    if (!root.isMap() || !services)
        refuse(1, QStringLiteral("the file has no services: at its top"));
    if (root.flow)
        refuse(root.line, QStringLiteral("the whole file stands inside braces"));
    if (services->kind == YamlSource::Kind::Alias)
        refuse(services->line, QStringLiteral("its services come from elsewhere in the file"));
    if (!services->isMap())
        refuse(services->line, QStringLiteral("its services are not a mapping"));
    if (services->flow)
        refuse(services->line, QStringLiteral("its services stand inside braces"));
    prepared.services = services;
    prepared.model = services->indexOf(wanted.model.toUtf8());
    if (prepared.model < 0) {
        const qsizetype include = root.indexOf("include");
        const qsizetype merge = services->indexOf("<<");
        const bool merged = YamlFile::valueOf(*services).has(wanted.model.toUtf8());
        const int line = merged && merge >= 0 ? services->keys.at(merge)->line
                         : include >= 0       ? root.keys.at(include)->line
                                              : root.keys.at(root.indexOf("services"))->line;
        refuse(line, QStringLiteral("the service %1 is not written here but %2")
                         .arg(wanted.model, merged ? QStringLiteral("elsewhere in the file")
                                                   : QStringLiteral("in another file")));
    }
    const YamlSource &model = *services->items.at(prepared.model);
    if (model.kind == YamlSource::Kind::Alias)
        refuse(model.line, QStringLiteral("its service is an alias of what is written elsewhere"));
    if (!model.isMap())
        refuse(model.line, QStringLiteral("its service is not a mapping"));
}

} // namespace

tl::unexpected<Error> refused(int line, const QString &fileName, const QString &why)
{
    return fail(QStringLiteral("Line %1 of %2 cannot be edited: %3.").arg(line).arg(fileName, why),
                QStringLiteral("A separate override file can hold the new service."),
                QStringLiteral("service"));
}

Result<void> checkWanted(const ComposeProject &project, const NewComposeService &wanted)
{
    static const QRegularExpression nameRule(QStringLiteral("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$"));
    static const QRegularExpression pathRule(QStringLiteral("^[A-Za-z0-9_./~@%+-]{1,255}$"));
    static const QRegularExpression variableRule(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]*$"));
    static const QRegularExpression addressRule(QStringLiteral("^[0-9A-Fa-f.:]{0,45}$"));
    const auto isName = [](const QString &text) { return nameRule.match(text).hasMatch(); };
    const QString field = QStringLiteral("service");
    if (!isName(wanted.name))
        return fail(QStringLiteral("A service's name is 1 to 63 letters, digits, '-', '_' and '.'."), {},
                    field);
    if (!wanted.containerName.isEmpty() && !isName(wanted.containerName))
        return fail(QStringLiteral("A container's name is 1 to 63 letters, digits, '-', '_' and '.'."), {},
                    field);
    if (!wanted.volume.isEmpty() && !isName(wanted.volume) &&
        !(wanted.volume.contains(u'/') && pathRule.match(wanted.volume).hasMatch()))
        return fail(QStringLiteral("A volume's name is 1 to 63 letters, digits, '-', '_' and '.'."), {},
                    QStringLiteral("volume"));
    if (!wanted.slot.isEmpty() && !isName(wanted.slot))
        return fail(QStringLiteral("A slot's name is letters, digits and '_'."), {}, QStringLiteral("slot"));
    if (wanted.publishedPort < 0 || wanted.publishedPort > 65535 || wanted.serverPort < 1 ||
        wanted.serverPort > 65535)
        return fail(QStringLiteral("A port is a number from 1 to 65535."), {}, QStringLiteral("port"));
    if (!addressRule.match(wanted.hostAddress).hasMatch())
        return fail(QStringLiteral("A port is bound to a numeric address."), {}, QStringLiteral("port"));
    for (auto it = wanted.environment.cbegin(); it != wanted.environment.cend(); ++it) {
        if (!variableRule.match(it.key()).hasMatch())
            return fail(QStringLiteral("A variable's name is letters, digits and '_'."));
    }
    if (project.service(wanted.name))
        return fail(QStringLiteral("There is a service %1 already.").arg(wanted.name), {}, field);
    if (!project.service(wanted.model))
        return fail(QStringLiteral("There is no service %1 to be its model.").arg(wanted.model), {}, field);
    if (project.volumes.contains(wanted.volume))
        return fail(QStringLiteral("There is a volume %1 already.").arg(wanted.volume), {},
                    QStringLiteral("volume"));
    const QString container = wanted.containerName.isEmpty() ? wanted.name : wanted.containerName;
    for (const ComposeService &other : project.services) {
        if (other.containerName == container)
            return fail(QStringLiteral("Service %1 has a container %2 already.").arg(other.name, container),
                        {}, field);
        for (const ComposePort &port : other.ports) {
            if (wanted.publishedPort > 0 && port.published == wanted.publishedPort && port.isFixed())
                return fail(QStringLiteral("Service %1 is published at port %2 already.")
                                .arg(other.name)
                                .arg(port.published),
                            {}, QStringLiteral("port"));
        }
    }
    return {};
}

PreparedEdit prepareRead(const YamlFile &file, const ComposeProject &resolved,
                         const NewComposeService &wanted)
{
    PreparedEdit prepared;
    prepared.file = file;
    findServices(prepared, wanted);
    if (const YamlSource *volumes = prepared.file.root().own("volumes")) {
        if (volumes->kind == YamlSource::Kind::Alias || volumes->isScalar() || volumes->isSequence())
            refuse(volumes->line, QStringLiteral("its volumes come from elsewhere in the file"));
        prepared.volumes = volumes->isMap() ? volumes : nullptr;
    }
    const YamlSource &source = *prepared.services->items.at(prepared.model);
    prepared.modelValue = YamlFile::valueOf(source);
    prepared.meant =
        decideWhatDiffers({*prepared.services->keys.at(prepared.model), source, prepared.modelValue,
                           prepared.volumes, resolved, *resolved.service(wanted.model), wanted});
    return prepared;
}

Result<PreparedEdit> prepareEdit(const QByteArray &bytes, const QString &fileName,
                                 const ComposeProject &resolved, const NewComposeService &wanted)
{
    if (auto ok = checkWanted(resolved, wanted); !ok)
        return tl::unexpected(ok.error());
    auto file = YamlFile::read(bytes, fileName);
    if (!file)
        return tl::unexpected(file.error());
    try {
        return prepareRead(*file, resolved, wanted);
    } catch (const ComposeRefusal &refusal) {
        return refused(refusal.line, fileName, refusal.why);
    }
}

} // namespace understudy
