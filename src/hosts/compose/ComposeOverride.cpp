// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeEditParts.h"

namespace understudy {

namespace {

YamlValue mapOf(const QByteArray &key, const YamlValue &value)
{
    YamlValue map;
    map.kind = YamlValue::Kind::Map;
    map.entries.insert(key, value);
    return map;
}

/// Several lines are written as such where that keeps every byte of them.
bool fitsBlock(const QByteArray &text)
{
    if (!text.contains('\n') || text.startsWith(' ') || text.startsWith('\n') || text.endsWith("\n\n"))
        return false;
    for (const char c : text) {
        if (uchar(c) < 0x20 && c != '\n')
            return false;
    }
    return !text.contains(" \n");
}

QByteArray scalarText(const YamlValue &value, const QByteArray &indent)
{
    if (value.plain && !value.text.contains('\n'))
        return value.text;
    if (!fitsBlock(value.text))
        return yamlScalar(value.text, "\"");
    const bool ends = value.text.endsWith('\n');
    QByteArray out = ends ? "|" : "|-";
    const QByteArray body = ends ? value.text.chopped(1) : value.text;
    for (const QByteArray &line : body.split('\n'))
        out += '\n' + (line.isEmpty() ? QByteArray() : indent + line);
    return out;
}

void write(QByteArray &out, const YamlValue &value, const QByteArray &indent)
{
    const QByteArray deeper = indent + "  ";
    switch (value.kind) {
    case YamlValue::Kind::Null:
        out += '\n';
        break;
    case YamlValue::Kind::Scalar:
        out += ' ' + scalarText(value, indent) + '\n';
        break;
    case YamlValue::Kind::Sequence:
        out += value.items.isEmpty() ? " []\n" : "\n";
        for (const YamlValue &item : value.items) {
            if (item.kind == YamlValue::Kind::Null)
                continue; // Taken out.
            out += indent + '-';
            write(out, item, deeper);
        }
        break;
    case YamlValue::Kind::Map:
        out += value.entries.isEmpty() ? " {}\n" : "\n";
        for (auto it = value.entries.cbegin(); it != value.entries.cend(); ++it) {
            out += indent + yamlScalar(it.key(), {}) + ':';
            write(out, *it, deeper);
        }
        break;
    }
}

QByteArray written(const YamlValue &root)
{
    QByteArray out;
    write(out, root, {});
    return out.mid(1); // The top begins on no line of a key.
}

} // namespace

Result<ComposeOverride> overrideFile(const QByteArray &source, const QString &fileName,
                                     const ComposeProject &resolved, const NewComposeService &wanted)
{
    if (auto ok = checkWanted(resolved, wanted); !ok)
        return tl::unexpected(ok.error());
    const auto file = YamlFile::read(source, fileName);
    if (!file)
        return tl::unexpected(file.error());
    const YamlValue root = file->value();
    const QByteArray model = wanted.model.toUtf8(), name = wanted.name.toUtf8();
    const auto impossible = [&](const QString &why) {
        return fail(QStringLiteral("A service like %1 cannot be written: %2.").arg(wanted.model, why), {},
                    QStringLiteral("service"));
    };
    if (!root.at("services").has(model))
        return impossible(QStringLiteral("it does not stand in %1").arg(fileName));
    // The model alone, with all that it takes from elsewhere in its file written out: nothing is shared
    // there.
    YamlValue alone = mapOf("services", mapOf(model, root.at("services").at(model)));
    if (root.at("volumes").kind == YamlValue::Kind::Map)
        alone.entries.insert("volumes", root.at("volumes"));
    const auto flat = YamlFile::read(written(alone), fileName);
    if (!flat)
        return impossible(QStringLiteral("what it holds cannot be written out"));
    ComposeOverride out;
    YamlValue meant;
    meant.kind = YamlValue::Kind::Map;
    try {
        const PreparedEdit prepared = prepareRead(*flat, resolved, wanted);
        meant.entries.insert("services",
                             mapOf(name, changedValue(prepared.modelValue, prepared.meant.service)));
        if (prepared.meant.declaresVolume) {
            out.volume = wanted.volume;
            const YamlValue entry = root.at("volumes").at(prepared.meant.modelVolume);
            meant.entries.insert("volumes",
                                 mapOf(out.volume.toUtf8(), changedValue(entry, prepared.meant.volume)));
        }
        out.dataSource = prepared.meant.dataSource;
        out.dataTarget = prepared.meant.dataTarget;
        out.dataDirectory = prepared.meant.dataDirectory;
        out.notes = prepared.meant.notes;
    } catch (const ComposeRefusal &refusal) {
        return impossible(refusal.why);
    }
    // Files of one project must say the same version.
    if (root.has("version"))
        meant.entries.insert("version", root.at("version"));
    out.text = "# The standby " + name + ", modelled on " + model + " of " + fileName.toUtf8() + ".\n" +
               written(meant);
    const auto back = YamlFile::read(out.text, fileName);
    if (!back || withoutEmpty(back->value()) != withoutEmpty(meant))
        return impossible(QStringLiteral("what it holds cannot be written out"));
    const YamlSource *services = back->root().own("services");
    out.firstLine = services->keys.at(services->indexOf(name))->line;
    out.diff = diffLines(out.text, *back, {{0, out.text}}, wanted.secrets);
    return out;
}

} // namespace understudy
