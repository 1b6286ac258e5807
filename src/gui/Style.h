// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/Theme.h"

#include <QIcon>
#include <QObject>

namespace understudy {

/// The look of the whole application: theme, style sheet, palette, icons. GUI thread only.
class Style final : public QObject
{
    Q_OBJECT
public:
    enum class Choice { System, Light, Dark };

    static Style &instance();
    /// Fusion, font, palette and style sheet; once per theme, never in a live update.
    void apply(Choice choice);
    Choice choice() const;
    const Theme &theme() const;
    /// A Breeze icon by name, tinted like text (text2), crisp at every scale. Null icon and a log line if
    /// unknown.
    QIcon icon(const QString &breezeName) const;
    QIcon icon(const QString &breezeName, const QColor &color) const;
    /// The same in a theme colour, e.g. &Theme::onFill; follows a change of theme.
    QIcon icon(const QString &breezeName, QColor Theme::*token) const;

    /// Whether the letters that Alt reaches are underlined just now: while it is held.
    bool showsMnemonics() const { return m_mnemonics; }

    bool eventFilter(QObject *watched, QEvent *event) override;

Q_SIGNALS:
    void changed(); ///< After a new theme or another text size was applied.

private:
    Style();
    void refreshSheet();
    void setShowsMnemonics(bool on);
    Choice m_choice = Choice::System;
    ThemeKind m_kind = ThemeKind::Light;
    bool m_applied = false;
    bool m_mnemonics = false;
    double m_sheetPixels = 0; ///< Text size the sheet was made for
};

} // namespace understudy
