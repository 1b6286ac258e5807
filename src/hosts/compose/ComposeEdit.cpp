// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeEdit.h"

#include "hosts/compose/ComposeEditParts.h"

namespace understudy {

namespace {

QByteArray withInsertions(QByteArray bytes, const QList<InsertedText> &inserted)
{
    for (auto it = inserted.crbegin(); it != inserted.crend(); ++it)
        bytes.insert(it->offset, it->bytes);
    return bytes;
}

/// From the front: each one has moved by those before it.
QByteArray withoutInsertions(QByteArray bytes, const QList<InsertedText> &inserted)
{
    for (const InsertedText &piece : inserted) {
        if (bytes.mid(piece.offset, piece.bytes.size()) != piece.bytes)
            return {};
        bytes.remove(piece.offset, piece.bytes.size());
    }
    return bytes;
}

YamlValue withoutOurs(YamlValue root, const ComposeEdit &edit)
{
    const auto drop = [&root](const char *section, const QString &name) {
        if (!root.has(section))
            return;
        YamlValue &entries = root.entries[section];
        entries.entries.remove(name.toUtf8());
        if (entries.entries.isEmpty())
            root.entries.remove(section);
    };
    drop("services", edit.service);
    if (!edit.volume.isEmpty())
        drop("volumes", edit.volume);
    return withoutEmpty(root);
}

} // namespace

Result<ComposeEdit> addService(const QByteArray &file, const QString &fileName,
                               const ComposeProject &resolved, const NewComposeService &wanted)
{
    const auto prepared = prepareEdit(file, fileName, resolved, wanted);
    if (!prepared)
        return tl::unexpected(prepared.error());
    const auto inserted = insertions(file, *prepared, wanted);
    if (!inserted)
        return refused(inserted.error().line, fileName, inserted.error().why);

    ComposeEdit edit;
    edit.before = file;
    edit.inserted = *inserted;
    edit.after = withInsertions(file, edit.inserted);
    edit.service = wanted.name;
    edit.volume = prepared->meant.declaresVolume ? wanted.volume : QString();
    edit.dataSource = prepared->meant.dataSource;
    edit.dataTarget = prepared->meant.dataTarget;
    edit.dataDirectory = prepared->meant.dataDirectory;
    edit.notes = prepared->meant.notes;

    const int line = prepared->services->keys.at(prepared->model)->line;
    const auto unproven = [&](const QString &what) {
        return refused(line, fileName,
                       QStringLiteral("a copy of this service could not be proven right (%1)").arg(what));
    };
    if (withoutInsertions(edit.after, edit.inserted) != file)
        return unproven(QStringLiteral("the rest would not stay as it is"));
    const auto after = YamlFile::read(edit.after, fileName);
    if (!after)
        return unproven(QStringLiteral("it would not be read as YAML"));
    if (const QString what = whatIsNotProven(*prepared, *after, wanted); !what.isEmpty())
        return unproven(what);
    const YamlSource *services = after->root().own("services");
    edit.firstLine = services->keys.at(services->indexOf(wanted.name.toUtf8()))->line;
    edit.diff = diffLines(edit.after, *after, edit.inserted, wanted.secrets);
    return edit;
}

Result<QByteArray> removeInserted(const QByteArray &current, const QString &fileName, const ComposeEdit &edit)
{
    if (current == edit.after)
        return edit.before;
    const QString what =
        QStringLiteral(
            "%1 was changed since %2 was added to it, and so that cannot be taken out again without "
            "touching what somebody else wrote.")
            .arg(fileName, edit.service);
    const QString action = QStringLiteral("Remove the service by hand.");
    QByteArray bytes = current;
    for (const InsertedText &piece : edit.inserted) {
        const qsizetype at = bytes.indexOf(piece.bytes);
        if (piece.bytes.isEmpty() || at < 0 || bytes.indexOf(piece.bytes, at + 1) >= 0)
            return fail(what, action);
        bytes.remove(at, piece.bytes.size());
    }
    // What is left must be what was there without ours: a piece may have been part of something larger.
    const auto with = YamlFile::read(current, fileName);
    const auto without = YamlFile::read(bytes, fileName);
    if (!with || !without || withoutEmpty(without->value()) != withoutOurs(with->value(), edit))
        return fail(what, action);
    return bytes;
}

} // namespace understudy
