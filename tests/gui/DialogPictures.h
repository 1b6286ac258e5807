// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/Style.h"

#include <QWidget>

namespace understudy::test {

template <typename T>
T *child(const QWidget &window, const char *name)
{
    return window.findChild<T *>(QString::fromLatin1(name));
}

/// To be looked at, where UNDERSTUDY_SHOTS names a folder.
inline void picture(QWidget &widget, const QString &name)
{
    const QString folder = qEnvironmentVariable("UNDERSTUDY_SHOTS");
    if (folder.isEmpty())
        return;
    for (const auto choice : {Style::Choice::Light, Style::Choice::Dark}) {
        Style::instance().apply(choice);
        widget.grab().save(
            folder + u'/' + name +
            (choice == Style::Choice::Light ? QStringLiteral("-light.png") : QStringLiteral("-dark.png")));
    }
    Style::instance().apply(Style::Choice::Light);
}

} // namespace understudy::test
