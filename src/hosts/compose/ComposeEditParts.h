// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hosts/compose/ComposeMeant.h"

namespace understudy {

/// A file that was read and may be edited, and what is to differ. Throws nothing.
struct PreparedEdit
{
    YamlFile file;
    const YamlSource *services = nullptr;
    const YamlSource *volumes = nullptr; ///< The file's volumes as they are written; null: none.
    qsizetype model = -1;                ///< The model's place among the services.
    YamlValue modelValue;
    ComposeMeant meant;
};

Result<PreparedEdit> prepareEdit(const QByteArray &bytes, const QString &fileName,
                                 const ComposeProject &resolved, const NewComposeService &wanted);
/// The same, where the question was found sound and the file was read. Throws ComposeRefusal.
PreparedEdit prepareRead(const YamlFile &file, const ComposeProject &resolved,
                         const NewComposeService &wanted);
/// Whether what is asked for can be at all in this project; faults of the question, not of the file.
Result<void> checkWanted(const ComposeProject &project, const NewComposeService &wanted);

/// "Line 7 of docker-compose.yml cannot be edited: ...", with the offer of an override file.
tl::unexpected<Error> refused(int line, const QString &fileName, const QString &why);

/// Where the new service and its volume go, and the bytes. In order of their offsets.
tl::expected<QList<InsertedText>, ComposeRefusal>
insertions(const QByteArray &bytes, const PreparedEdit &prepared, const NewComposeService &wanted);

/// Lines of @p after, which was read already, around what was inserted; secrets are hidden.
QList<DiffLine> diffLines(const QByteArray &after, const YamlFile &read, const QList<InsertedText> &inserted,
                          const QStringList &secrets);

/// The proof, on what the two files mean: all but the new service and its volume is unchanged, and those
/// differ from the model's in what was meant and in nothing else. Says what does not hold; empty if all does.
QString whatIsNotProven(const PreparedEdit &prepared, const YamlFile &after, const NewComposeService &wanted);

} // namespace understudy
