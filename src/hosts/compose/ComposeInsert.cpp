// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeEditParts.h"
#include "hosts/compose/YamlExtent.h"

#include <algorithm>

namespace understudy {

namespace {

/// Whole lines at the beginning of a line, or behind a last line that has no ending: then these have none
/// either.
InsertedText wholeLines(const QByteArray &bytes, qsizetype at, QByteArray lines, const QByteArray &eol)
{
    if (at == bytes.size() && at > 0 && !bytes.endsWith('\n')) {
        lines.chop(eol.size());
        lines.prepend(eol);
    }
    return {at, lines};
}

QByteArray indentOf(const QByteArray &bytes, const YamlSource &key)
{
    const qsizetype start = lineStart(bytes, key.at);
    QByteArray indent = bytes.mid(start, key.at - start);
    if (indent.startsWith("\xef\xbb\xbf"))
        indent.remove(0, 3);
    if (!indent.trimmed().isEmpty())
        throw ComposeRefusal{key.line, QStringLiteral("its key does not begin the line")};
    return indent;
}

bool isEmptyLine(const QByteArray &bytes, qsizetype at)
{
    return at < bytes.size() && bytes.mid(at, nextLine(bytes, at) - at).trimmed().isEmpty();
}

/// Whether the person keeps services apart with an empty line.
bool keepsApart(const QByteArray &bytes, const YamlSource &services, qsizetype model, qsizetype end)
{
    if (model + 1 < services.keys.size() || services.keys.size() == 1)
        return isEmptyLine(bytes, end);
    qsizetype line = lineStart(bytes, services.keys.at(model)->at);
    while (line > 0) {
        line = lineStart(bytes, line - 1);
        if (!bytes.mid(line, nextLine(bytes, line) - line).trimmed().startsWith('#'))
            break;
    }
    return isEmptyLine(bytes, line);
}

QByteArray copied(const YamlCopy &copy)
{
    const auto text = copy.text();
    if (!text)
        throw ComposeRefusal{text.error().line, text.error().why};
    return *text;
}

/// The entry behind which a new one goes.
qsizetype entryOf(const YamlSource &map, const QString &wanted, qsizetype model)
{
    const qsizetype there = wanted.isEmpty() ? -1 : map.indexOf(wanted.toUtf8());
    return there < 0 ? model : there;
}

qsizetype endOf(const QByteArray &bytes, const YamlSource &map, qsizetype entry)
{
    return YamlCopy{bytes, map, entry, {}, {}, {}}.end();
}

InsertedText serviceLines(const QByteArray &bytes, const PreparedEdit &prepared,
                          const NewComposeService &wanted)
{
    const YamlSource &services = *prepared.services;
    indentOf(bytes, *services.keys.at(prepared.model));
    const YamlCopy copy{bytes,
                        services,
                        prepared.model,
                        wanted.name.toUtf8(),
                        prepared.meant.service,
                        prepared.meant.comments};
    const QByteArray eol = lineEnding(bytes, services.keys.at(prepared.model)->at);
    QByteArray lines = copied(copy);
    const qsizetype before = entryOf(services, wanted.after, prepared.model);
    const qsizetype end = endOf(bytes, services, before);
    if (keepsApart(bytes, services, before, end))
        lines.prepend(eol);
    return wholeLines(bytes, end, lines, eol);
}

InsertedText volumeCopy(const QByteArray &bytes, const PreparedEdit &prepared,
                        const NewComposeService &wanted, qsizetype entry)
{
    const YamlSource &volumes = *prepared.volumes;
    const YamlCopy copy{
        bytes, volumes, entry, wanted.volume.toUtf8(), prepared.meant.volume, prepared.meant.comments};
    const QByteArray text = copied(copy);
    const qsizetype end = endOf(bytes, volumes, entryOf(volumes, wanted.afterVolume, entry));
    if (volumes.flow)
        return {end, ", " + text};
    indentOf(bytes, *volumes.keys.at(entry));
    return wholeLines(bytes, end, text, lineEnding(bytes, volumes.keys.at(entry)->at));
}

/// One more among others that are not the model's.
InsertedText volumeAmongOthers(const QByteArray &bytes, const YamlSource &volumes, const QByteArray &name)
{
    if (volumes.flow)
        return {volumes.body + 1, name + ": {}" + (volumes.keys.isEmpty() ? "" : ", ")};
    const qsizetype last = volumes.keys.size() - 1;
    const YamlSource &value = *volumes.items.at(last);
    const QByteArray empty = value.isMap() && value.flow && value.keys.isEmpty() ? ": {}" : ":";
    const QByteArray eol = lineEnding(bytes, volumes.keys.at(last)->at);
    const YamlCopy place{bytes, volumes, last, name, {}, {}};
    return wholeLines(bytes, place.end(), indentOf(bytes, *volumes.keys.at(last)) + name + empty + eol, eol);
}

InsertedText volumeSection(const QByteArray &bytes, const PreparedEdit &prepared, const QByteArray &name)
{
    const YamlSource &root = prepared.file.root();
    const QByteArray top = indentOf(bytes, *root.keys.at(root.indexOf("services")));
    const QByteArray indent = indentOf(bytes, *prepared.services->keys.at(prepared.model));
    if (const qsizetype there = root.indexOf("volumes"); there >= 0) {
        const YamlSource &key = *root.keys.at(there);
        const QByteArray eol = lineEnding(bytes, key.at);
        return wholeLines(bytes, nextLine(bytes, key.end), indent + name + ':' + eol, eol);
    }
    const qsizetype last = root.keys.size() - 1;
    const YamlCopy place{bytes, root, last, name, {}, {}};
    const QByteArray eol = lineEnding(bytes, qMax<qsizetype>(place.end() - 1, 0));
    return wholeLines(bytes, place.end(), eol + top + "volumes:" + eol + indent + name + ':' + eol, eol);
}

InsertedText volumeLines(const QByteArray &bytes, const PreparedEdit &prepared,
                         const NewComposeService &wanted)
{
    const QByteArray name = yamlScalar(wanted.volume.toUtf8(), {});
    if (!prepared.volumes)
        return volumeSection(bytes, prepared, name);
    const qsizetype entry = prepared.volumes->indexOf(prepared.meant.modelVolume);
    return entry < 0 ? volumeAmongOthers(bytes, *prepared.volumes, name)
                     : volumeCopy(bytes, prepared, wanted, entry);
}

} // namespace

tl::expected<QList<InsertedText>, ComposeRefusal>
insertions(const QByteArray &bytes, const PreparedEdit &prepared, const NewComposeService &wanted)
{
    try {
        QList<InsertedText> out{serviceLines(bytes, prepared, wanted)};
        if (prepared.meant.declaresVolume)
            out << volumeLines(bytes, prepared, wanted);
        std::stable_sort(out.begin(), out.end(),
                         [](const InsertedText &a, const InsertedText &b) { return a.offset < b.offset; });
        return out;
    } catch (const ComposeRefusal &refusal) {
        return tl::unexpected(refusal);
    }
}

} // namespace understudy
