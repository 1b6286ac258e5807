// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/Theme.h"

#include <QIconEngine>

namespace understudy {

/// Draws a one-colour SVG in a theme colour at exactly the size that is asked for. Follows the theme by
/// itself unless it was given a fixed colour. GUI thread.
class IconEngine final : public QIconEngine
{
public:
    using Token = QColor Theme::*;
    /// @p fixed wins over @p token when it is valid.
    IconEngine(QString path, Token token, const QColor &fixed = {});

    void paint(QPainter *, const QRect &, QIcon::Mode, QIcon::State) override;
    QPixmap pixmap(const QSize &size, QIcon::Mode, QIcon::State) override;
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode, QIcon::State, qreal scale) override;
    QIconEngine *clone() const override { return new IconEngine(*this); }
    bool isNull() override { return false; }

private:
    QColor colorFor(QIcon::Mode, QIcon::State) const;
    QPixmap render(const QSize &pixels, QIcon::Mode, QIcon::State) const;

    QString m_path;
    Token m_token;
    QColor m_fixed;
};

} // namespace understudy
