// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/CanvasBackdrop.h"

#include "gui/Background.h"
#include "gui/pictures/CanvasSight.h"

namespace understudy {

namespace {

constexpr double beyond = .25; ///< Of what is seen, on every side

QRect toPixels(const QRectF &rect, const QPointF &origin, double ratio)
{
    return QRectF((rect.topLeft() - origin) * ratio, rect.size() * ratio).toAlignedRect();
}

QImage painted(const CanvasBackdrop::Paint &paint, const QRect &pixels, double scale)
{
    QImage image(pixels.size(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.translate(-pixels.topLeft());
    painter.scale(scale, scale);
    paint(painter);
    return image;
}

} // namespace

void CanvasBackdrop::setPaint(const Paint &paint)
{
    m_paint = paint;
    ++m_picture;
    m_current = false;
}

void CanvasBackdrop::draw(QPainter &painter, const CanvasSight &sight, double devicePixelRatio)
{
    const QRectF seen = sight.visible();
    if (!m_paint || seen.isEmpty())
        return;
    const QRect needed = toPixels(seen, sight.origin(), devicePixelRatio);
    const bool same = m_shown.picture == m_picture && qFuzzyCompare(m_shown.zoom, sight.zoom()) &&
                      qFuzzyCompare(m_shown.ratio, devicePixelRatio);
    m_current = same && m_shown.pixels.contains(needed);
    if (!m_image.isNull()) {
        // Of another sight it is stretched, and soon replaced.
        const double stretch = sight.zoom() / m_shown.zoom / m_shown.ratio;
        painter.save();
        painter.setClipRect(seen);
        painter.setRenderHint(QPainter::SmoothPixmapTransform, !same);
        painter.translate(sight.origin());
        painter.drawImage(
            QRectF(QPointF(m_shown.pixels.topLeft()) * stretch, QSizeF(m_shown.pixels.size()) * stretch),
            m_image);
        painter.restore();
    }
    if (m_current)
        return;
    const double across = seen.width() * beyond, down = seen.height() * beyond;
    const QRectF wide = seen.adjusted(-across, -down, across, down).intersected(sight.pictureRect());
    order({toPixels(wide, sight.origin(), devicePixelRatio), sight.zoom(), devicePixelRatio, m_picture});
}

/// Of many wishes the last one counts.
void CanvasBackdrop::order(const Part &part)
{
    m_wanted = part;
    if (std::exchange(m_busy, true))
        return;
    inBackground(
        this, [paint = m_paint, part] { return painted(paint, part.pixels, part.zoom * part.ratio); },
        [this, part](const QImage &image) {
            m_busy = false;
            ++m_drawn;
            m_image = image;
            m_shown = part;
            m_current = part == m_wanted && part.picture == m_picture;
            // Whoever shows it draws again, and orders what is still missing.
            Q_EMIT drawn();
        });
}

} // namespace understudy
