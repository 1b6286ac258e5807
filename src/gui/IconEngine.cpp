// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/IconEngine.h"

#include "gui/Style.h"

#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace understudy {

IconEngine::IconEngine(QString path, Token token, const QColor &fixed)
    : m_path(std::move(path)), m_token(token), m_fixed(fixed)
{
}

QColor IconEngine::colorFor(QIcon::Mode mode, QIcon::State state) const
{
    const Theme &theme = Style::instance().theme();
    if (mode == QIcon::Disabled)
        return theme.text3;
    if (m_fixed.isValid())
        return m_fixed;
    return state == QIcon::On && m_token == &Theme::text2 ? theme.accent : theme.*m_token;
}

QPixmap IconEngine::render(const QSize &pixels, QIcon::Mode mode, QIcon::State state) const
{
    const QColor color = colorFor(mode, state);
    const QString key = QStringLiteral("understudy-icon-%1-%2x%3-%4")
                            .arg(m_path)
                            .arg(pixels.width())
                            .arg(pixels.height())
                            .arg(color.rgba(), 0, 16);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    QSvgRenderer renderer(m_path);
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    // A box wider than high is an icon with a gap before its text: see makeButton().
    const double side = qMin(pixels.width(), pixels.height());
    renderer.render(&painter, QRectF(0, 0, side, side));
    // Some Breeze icons have a coloured accent of their own; ours are of one colour.
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), color);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

void IconEngine::paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state)
{
    const double scale = painter->device() ? painter->device()->devicePixelRatioF() : 1;
    QPixmap pixmap = render((QSizeF(rect.size()) * scale).toSize(), mode, state);
    pixmap.setDevicePixelRatio(scale);
    painter->drawPixmap(rect.topLeft(), pixmap);
}

QPixmap IconEngine::pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state)
{
    return render(size, mode, state);
}

QPixmap IconEngine::scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale)
{
    // Qt 6.4 to 6.8 hand over the size in device pixels already.
    QPixmap pixmap = render(size, mode, state);
    pixmap.setDevicePixelRatio(scale);
    return pixmap;
}

} // namespace understudy
