// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace understudy {

/// Whether changes may be shown as movement. The desktop's setting, unless the person chose here. GUI thread.
class Motion final : public QObject
{
    Q_OBJECT
public:
    enum class Choice { System, Full, Reduced };

    static Motion &instance();
    Choice choice() const { return m_choice; }
    void setChoice(Choice choice); ///< Kept among the window's settings.
    bool reduced() const;
    /// @p usual, or 0 where things are not to move.
    int milliseconds(int usual) const { return reduced() ? 0 : usual; }

    /// What the desktop was told, from the environment and the files below @p configFolder: KDE's and GTK's.
    static bool desktopWantsLittle(const QString &configFolder);

Q_SIGNALS:
    void changed();

private:
    Motion();
    void askGnome();
    Choice m_choice = Choice::System;
    bool m_desktop = false;
};

} // namespace understudy
