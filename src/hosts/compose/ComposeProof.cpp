// SPDX-License-Identifier: GPL-3.0-or-later
#include "hosts/compose/ComposeEditParts.h"

namespace understudy {

namespace {

/// The section without one entry; a section that holds nothing but that entry may be new.
YamlValue withoutEntry(YamlValue root, const QByteArray &section, const QByteArray &entry, bool wasThere)
{
    if (!root.has(section))
        return root;
    YamlValue &entries = root.entries[section];
    entries.entries.remove(entry);
    if (entries.entries.isEmpty() && !wasThere)
        root.entries.remove(section);
    return root;
}

bool isCopyOf(const YamlValue &model, const QList<YamlChange> &changes, const YamlValue &copy)
{
    return withoutEmpty(changedValue(model, changes)) == withoutEmpty(copy);
}

/// `volumes:` without anything and `volumes: {}` become a section with an entry.
YamlValue withEmptyAsNothing(YamlValue root)
{
    if (root.has("volumes") && root.at("volumes").entries.isEmpty())
        root.entries["volumes"] = YamlValue();
    return root;
}

} // namespace

QString whatIsNotProven(const PreparedEdit &prepared, const YamlFile &after, const NewComposeService &wanted)
{
    const YamlValue before = prepared.file.value();
    YamlValue now = after.value();
    const QByteArray name = wanted.name.toUtf8(), volume = wanted.volume.toUtf8();
    const YamlSource *services = after.root().own("services");
    if (!services || services->keys.size() != prepared.services->keys.size() + 1 ||
        !now.at("services").has(name))
        return QStringLiteral("it would not be one more service");
    const YamlValue service = now.at("services").at(name);
    const bool declares = prepared.meant.declaresVolume;
    const YamlValue entry = now.at("volumes").at(volume);
    if (declares && !now.at("volumes").has(volume))
        return QStringLiteral("its volume would be missing");

    now = withoutEntry(now, "services", name, true);
    if (declares)
        now = withoutEntry(now, "volumes", volume, before.has("volumes"));
    if (withEmptyAsNothing(now) != withEmptyAsNothing(before))
        return QStringLiteral("something else would change");
    if (!isCopyOf(prepared.modelValue, prepared.meant.service, service))
        return QStringLiteral("it would not be what was meant");
    const YamlValue modelEntry = before.at("volumes").at(prepared.meant.modelVolume);
    if (declares && !isCopyOf(modelEntry, prepared.meant.volume, entry))
        return QStringLiteral("its volume would not be what was meant");
    return {};
}

} // namespace understudy
