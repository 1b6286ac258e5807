// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/WindowLayout.h"

#include <QSettings>
#include <QStandardPaths>

namespace understudy {

namespace {

QString path()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/understudy/window.ini");
}

} // namespace

WindowLayout WindowLayout::load()
{
    const QSettings settings(path(), QSettings::IniFormat);
    WindowLayout layout;
    layout.geometry = settings.value(QStringLiteral("window/geometry")).toByteArray();
    layout.docks = settings.value(QStringLiteral("window/docks")).toByteArray();
    const QString theme = settings.value(QStringLiteral("window/theme")).toString();
    layout.theme = theme == QLatin1String("light")  ? Style::Choice::Light
                   : theme == QLatin1String("dark") ? Style::Choice::Dark
                                                    : Style::Choice::System;
    return layout;
}

void WindowLayout::save() const
{
    QSettings settings(path(), QSettings::IniFormat);
    if (!geometry.isEmpty())
        settings.setValue(QStringLiteral("window/geometry"), geometry);
    if (!docks.isEmpty())
        settings.setValue(QStringLiteral("window/docks"), docks);
    settings.setValue(QStringLiteral("window/theme"), theme == Style::Choice::Light ? QStringLiteral("light")
                                                      : theme == Style::Choice::Dark
                                                          ? QStringLiteral("dark")
                                                          : QStringLiteral("system"));
}

} // namespace understudy
