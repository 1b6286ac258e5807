// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

namespace understudy {

enum class ThemeKind { Light, Dark };

/// Every colour of the application, by token. The only place with colour values. A value; any thread.
struct Theme
{
    ThemeKind kind = ThemeKind::Light;
    QColor window, panel, canvas, sunken, hover, border, line2, ctl;
    QColor text, text2, text3, accent, fill, onFill, fillHover, accentTint;
    QColor grid, axis, add, addText;
    QColor ok, okTint, info, infoTint, warn, warnG, warnTint, crit, critTint, held, heldTint, neutral,
        neutralTint;
    QColor mark; ///< Inside a solid state shape.
    QColor note; ///< What a person draws on a picture; `mark` stands in it and around it.

    static const Theme &light();
    static const Theme &dark();
    static const Theme &of(ThemeKind);

    /// Colour of a standby's series slot (0..9); neutral from the 11th on.
    QColor series(int slot) const;
    /// Slots 6 to 10 have a hollow mark.
    static bool hollowMark(int slot) { return slot >= 5 && slot <= 9; }
    QPalette palette() const;
};

/// Text roles; sizes are ratios of the application font, so that 200 % text works.
enum class TextRole {
    Page,
    Title,
    Node,
    Body,
    BodyStrong,
    BodyMedium,
    Small,
    SmallStrong,
    Label,
    LabelStrong,
    Mono,
    MonoSmall
};
/// @p base is the application's font (QGuiApplication::font()).
QFont textFont(TextRole role, const QFont &base);
/// Inter where it is installed, else the system's sans; 13 px at 100 %.
QFont applicationFont();

} // namespace understudy
