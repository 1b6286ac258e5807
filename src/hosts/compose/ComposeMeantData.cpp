// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeMeant.h"

#include <QDir>
#include <algorithm>

namespace understudy {

namespace {

using Kind = YamlChange::Kind;

QString dataDirectory(const ComposeService &service)
{
    for (const char *key : {"PGDATA", "POSTGRESQL_DATA_DIR"}) {
        if (QString set = service.environment.value(QString::fromLatin1(key)); set.startsWith(u'/'))
            return set;
    }
    return QStringLiteral("/var/lib/postgresql/data");
}

/// What the container has the server's data in; null if nothing is mounted there.
const ComposeVolume *dataMount(const ComposeService &service)
{
    const QString data = dataDirectory(service) + u'/';
    const ComposeVolume *best = nullptr;
    for (const ComposeVolume &volume : service.volumes) {
        if (data.startsWith(volume.target + u'/') && (!best || best->target.size() < volume.target.size()))
            best = &volume;
    }
    for (const char *known : {"/var/lib/postgresql", "/bitnami/postgresql"}) {
        for (const ComposeVolume &volume : service.volumes) {
            if (!best && volume.target.startsWith(QString::fromLatin1(known)))
                best = &volume;
        }
    }
    return best;
}

bool isPath(const QByteArray &source)
{
    return source.startsWith('/') || source.startsWith('.') || source.startsWith('~') || source.contains('/');
}

/// Where "./data/standby2" is on this machine, told by where "./data/standby1" is: from the part at @p place
/// on they are written as they are.
QString directoryBeside(const QString &modelDirectory, const QList<QByteArray> &parts, qsizetype place)
{
    const QString cleaned = QDir::cleanPath(modelDirectory);
    QStringList resolved = cleaned.split(u'/'), tail;
    for (qsizetype i = place; i < parts.size(); ++i) {
        if (!parts.at(i).isEmpty())
            tail << QString::fromUtf8(parts.at(i));
    }
    if (tail.contains(QStringLiteral("..")) || tail.contains(QStringLiteral(".")) ||
        tail.join(u'/').contains(u'$') || resolved.size() <= tail.size())
        return {};
    return (resolved.mid(0, resolved.size() - tail.size()) + tail).join(u'/');
}

/// "./data/standby1" with the part that is named after the model named after the new service; "data" and the
/// like name no server. @p directory is where that is.
QByteArray pathBeside(const QByteArray &path, const NewComposeService &wanted, int line,
                      const QString &modelDirectory, QString &directory)
{
    QList<QByteArray> parts = path.split('/');
    const QByteArray model = wanted.model.toUtf8();
    qsizetype place = -1;
    for (qsizetype i = 0; i < parts.size(); ++i) {
        if (parts.at(i) == model)
            place = i;
    }
    static const QList<QByteArray> general{"data", "pgdata", "db", "postgres", "postgresql",
                                           "",     ".",      "..", "~"};
    for (qsizetype i = parts.size() - 1; place < 0 && i >= 0; --i) {
        if (!general.contains(parts.at(i).toLower()))
            place = i;
    }
    if (place < 0 || (place == 1 && parts.first().isEmpty() && parts.size() == 2) ||
        parts.at(place).contains('$'))
        throw ComposeRefusal{line,
                             QStringLiteral("its data is in a directory whose name does not tell how to "
                                            "name another one beside it")};
    parts[place] = wanted.name.toUtf8();
    directory = directoryBeside(modelDirectory, parts, place);
    if (directory.isEmpty() || directory == QDir::cleanPath(modelDirectory))
        throw ComposeRefusal{line, QStringLiteral("it cannot be told where a directory beside its data is")};
    return parts.join('/');
}

/// An explicit path of the request on this machine.
QString directoryAt(const QString &path, const QString &projectFolder)
{
    if (path.startsWith(QLatin1String("~/")))
        return QDir::cleanPath(QDir::homePath() + path.mid(1));
    return QDir::cleanPath(QDir(projectFolder).absoluteFilePath(path));
}

/// A volume that only the model has, other than its data: two servers would write into it.
void checkOtherMounts(const ComposeModel &model, const ComposeVolume *data, ComposeMeant &meant)
{
    for (const ComposeVolume &volume : model.resolved.volumes) {
        if (&volume == data || volume.readOnly || volume.source.isEmpty() ||
            (model.wanted.plainStandby && isForFirstStart(volume.target)))
            continue;
        if (volume.type == QLatin1String("bind")) {
            meant.notes << QStringLiteral("The new service shares %1 of this machine with its model.")
                               .arg(volume.target);
            continue;
        }
        const bool shared = std::any_of(
            model.project.services.cbegin(), model.project.services.cend(), [&](const ComposeService &other) {
                return other.name != model.resolved.name &&
                       std::any_of(other.volumes.cbegin(), other.volumes.cend(),
                                   [&](const ComposeVolume &v) { return v.source == volume.source; });
            });
        if (!shared) {
            throw ComposeRefusal{model.source.line,
                                 QStringLiteral("its service has a second volume of its own at %1, which two "
                                                "servers must not share")
                                     .arg(volume.target)};
        }
    }
}

QByteArray targetOf(const YamlValue &item)
{
    QByteArray target = item.at("target").text;
    if (item.kind != YamlValue::Kind::Map) {
        const QList<QByteArray> parts = splitAtColons(item.text);
        target = parts.size() > 1 ? parts.at(1) : parts.at(0);
    }
    if (target.contains('$'))
        target = withoutVariables(target);
    while (target.size() > 1 && target.endsWith('/'))
        target.chop(1);
    return target;
}

void renameMount(const ComposeModel &model, ComposeMeant &meant, const ComposeVolume &data, qsizetype place,
                 const YamlSource &item, const YamlValue &value)
{
    const bool bind = data.type == QLatin1String("bind");
    QList<QByteArray> parts = item.isMap() ? QList<QByteArray>() : splitAtColons(value.text);
    const QByteArray source = item.isMap()       ? value.at("source").text
                              : parts.size() > 1 ? parts.first()
                                                 : QByteArray();
    QByteArray other = model.wanted.volume.toUtf8();
    if (bind && !other.contains('/')) {
        if (!isPath(source))
            throw ComposeRefusal{item.line, QStringLiteral("its data directory is named by a variable")};
        other = pathBeside(source, model.wanted, item.line, data.source, meant.dataDirectory);
    } else if (bind) {
        meant.dataDirectory = directoryAt(QString::fromUtf8(other), model.wanted.projectFolder);
    }
    if (data.type == QLatin1String("tmpfs"))
        throw ComposeRefusal{item.line, QStringLiteral("its data is in memory only")};
    if (!bind && other.isEmpty())
        throw ComposeRefusal{item.line, QStringLiteral("its data needs a volume, and no name was given")};
    meant.dataSource = QString::fromUtf8(other);
    if (item.isMap()) {
        meant.service << YamlChange{
            item.own("source") ? Kind::Replace : Kind::Insert, {"volumes", place, "source"}, other};
    } else {
        if (parts.size() > 1)
            parts.first() = other;
        else
            parts.prepend(other);
        meant.service << YamlChange{Kind::Replace, {"volumes", place}, parts.join(':')};
    }
    if (!bind) {
        meant.declaresVolume = true;
        meant.modelVolume = source.contains('$') ? data.source.toUtf8() : source;
    }
}

} // namespace

void decideData(const ComposeModel &model, ComposeMeant &meant)
{
    const ComposeVolume *data = dataMount(model.resolved);
    checkOtherMounts(model, data, meant);
    meant.dataTarget = data ? data->target : dataDirectory(model.resolved);
    if (data && data->readOnly)
        throw ComposeRefusal{model.key.line, QStringLiteral("its data cannot be written to")};
    const YamlValue memory = model.value.at("tmpfs");
    for (const YamlValue &mount : memory.items.isEmpty() ? QList<YamlValue>{memory} : memory.items) {
        const QByteArray path = splitAtColons(mount.text).constFirst();
        if (!path.isEmpty() && (meant.dataTarget.toUtf8() + '/').startsWith(path + '/')) {
            const YamlSource *line = model.own("tmpfs");
            throw ComposeRefusal{line ? line->line : model.key.line,
                                 QStringLiteral("its data is in memory only")};
        }
    }
    const YamlSource *own = model.own("volumes");
    const YamlValue volumes = model.value.at("volumes");
    if (!data) {
        if (model.wanted.volume.isEmpty() || model.inherits("volumes") || (own && !own->isSequence()))
            throw ComposeRefusal{own ? own->line : model.key.line,
                                 QStringLiteral("it does not say where its data is")};
        meant.service << YamlChange{volumes.items.isEmpty() ? Kind::InsertList : Kind::Append,
                                    {"volumes"},
                                    (model.wanted.volume + u':' + meant.dataTarget).toUtf8()};
        meant.dataSource = model.wanted.volume;
        meant.declaresVolume = !isPath(model.wanted.volume.toUtf8());
        return;
    }
    QByteArray wantedTarget = data->target.toUtf8();
    while (wantedTarget.size() > 1 && wantedTarget.endsWith('/'))
        wantedTarget.chop(1);
    for (qsizetype i = 0; i < volumes.items.size(); ++i) {
        const bool only = volumes.items.size() == 1 && model.resolved.volumes.size() == 1;
        const QByteArray target = targetOf(volumes.items.at(i));
        if (target != wantedTarget && !(target.isEmpty() && only))
            continue;
        if (!own || !own->isSequence())
            break;
        const YamlSource &item = *own->items.at(i);
        if (!item.isScalar() && !item.isMap())
            throw ComposeRefusal{item.line, QStringLiteral("its data comes from elsewhere in the file")};
        return renameMount(model, meant, *data, i, item, volumes.items.at(i));
    }
    throw ComposeRefusal{own ? own->line : model.key.line,
                         QStringLiteral("its data's volume comes from elsewhere")};
}

void decideVolumeEntry(const ComposeModel &model, ComposeMeant &meant)
{
    const YamlSource *entry =
        model.volumes && !meant.modelVolume.isEmpty() ? model.volumes->own(meant.modelVolume) : nullptr;
    if (!meant.declaresVolume || !entry)
        return;
    const YamlValue value = YamlFile::valueOf(*entry);
    const QByteArray name = model.wanted.volume.toUtf8();
    const auto ownOrRefuse = [&](const char *key) {
        if (!entry->own(key))
            throw ComposeRefusal{
                entry->line,
                QStringLiteral("its volume takes its %1 from elsewhere").arg(QString::fromLatin1(key))};
    };
    if (value.has("external") && value.at("external").text != "false") {
        ownOrRefuse("external");
        meant.volume << YamlChange{Kind::Remove, {"external"}};
        if (value.has("name")) {
            ownOrRefuse("name");
            meant.volume << YamlChange{Kind::Remove, {"name"}};
        }
        meant.notes << QStringLiteral("The model's volume is external; the new one belongs to the project.");
    } else if (value.has("name")) {
        ownOrRefuse("name");
        QByteArray other = value.at("name").text;
        other = other.contains(meant.modelVolume) ? other.replace(meant.modelVolume, name) : name;
        meant.volume << YamlChange{Kind::Replace, {"name"}, other};
    }
    const QByteArray device = value.at("driver_opts").at("device").text;
    if (isPath(device)) {
        const YamlSource *line = sourceAt(*entry, {"driver_opts", "device"});
        throw ComposeRefusal{
            line ? line->line : entry->line,
            QStringLiteral("its volume is a directory or device that a second server cannot have")};
    }
}

} // namespace understudy
