// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Motion.h"

#include <QProcess>
#include <QSettings>
#include <QStandardPaths>

namespace understudy {

namespace {

QString configFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
}

QString path()
{
    return configFolder() + QStringLiteral("/understudy/window.ini");
}

QString choiceKey()
{
    return QStringLiteral("window/motion");
}

} // namespace

Motion &Motion::instance()
{
    static Motion motion;
    return motion;
}

Motion::Motion()
{
    const QString kept = QSettings(path(), QSettings::IniFormat).value(choiceKey()).toString();
    m_choice = kept == QLatin1String("full")      ? Choice::Full
               : kept == QLatin1String("reduced") ? Choice::Reduced
                                                  : Choice::System;
    m_desktop = desktopWantsLittle(configFolder());
    askGnome();
}

bool Motion::desktopWantsLittle(const QString &configFolder)
{
    if (qEnvironmentVariableIsSet("UNDERSTUDY_REDUCED_MOTION"))
        return qEnvironmentVariableIntValue("UNDERSTUDY_REDUCED_MOTION") != 0;
    const QSettings kde(configFolder + QStringLiteral("/kdeglobals"), QSettings::IniFormat);
    if (kde.contains(QStringLiteral("KDE/AnimationDurationFactor")) &&
        kde.value(QStringLiteral("KDE/AnimationDurationFactor")).toDouble() <= 0)
        return true;
    for (const auto &version : {QStringLiteral("gtk-4.0"), QStringLiteral("gtk-3.0")}) {
        const QSettings gtk(configFolder + u'/' + version + QStringLiteral("/settings.ini"),
                            QSettings::IniFormat);
        const QVariant wanted = gtk.value(QStringLiteral("Settings/gtk-enable-animations"));
        if (wanted.isValid())
            return !wanted.toBool();
    }
    return false;
}

/// GNOME keeps it in a database of its own, which only its own program reads.
void Motion::askGnome()
{
    if (m_desktop || qEnvironmentVariableIsSet("UNDERSTUDY_REDUCED_MOTION") ||
        !qEnvironmentVariable("XDG_CURRENT_DESKTOP").contains(QLatin1String("GNOME")))
        return;
    auto *ask = new QProcess(this);
    connect(ask, &QProcess::errorOccurred, ask, &QObject::deleteLater);
    connect(ask, &QProcess::finished, this, [this, ask] {
        ask->deleteLater();
        if (ask->readAllStandardOutput().trimmed() != "false")
            return;
        m_desktop = true;
        Q_EMIT changed();
    });
    ask->start(QStringLiteral("gsettings"),
               {QStringLiteral("get"), QStringLiteral("org.gnome.desktop.interface"),
                QStringLiteral("enable-animations")},
               QIODevice::ReadOnly);
}

void Motion::setChoice(Choice choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    QSettings(path(), QSettings::IniFormat)
        .setValue(choiceKey(), choice == Choice::Full      ? QStringLiteral("full")
                               : choice == Choice::Reduced ? QStringLiteral("reduced")
                                                           : QStringLiteral("system"));
    Q_EMIT changed();
}

bool Motion::reduced() const
{
    return m_choice == Choice::Reduced || (m_choice == Choice::System && m_desktop);
}

} // namespace understudy
