// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/CanvasBackdrop.h"

#include "gui/pictures/CanvasSight.h"

namespace understudy {

void CanvasBackdrop::setPaint(Paint paint)
{
    m_paint = std::move(paint);
    m_valid = false;
}

void CanvasBackdrop::draw(QPainter &painter, const CanvasSight &sight, const QSize &widget,
                          double devicePixelRatio)
{
    const QSize pixels = (QSizeF(widget) * devicePixelRatio).toSize();
    const QPoint origin = (sight.origin() * devicePixelRatio).toPoint();
    if (!m_paint || pixels.isEmpty())
        return;
    const bool same = m_valid && m_pixmap.size() == pixels && qFuzzyCompare(m_zoom, sight.zoom()) &&
                      qFuzzyCompare(m_pixmap.devicePixelRatio(), devicePixelRatio);
    const QPoint by = origin - m_origin;
    m_zoom = sight.zoom();
    m_origin = origin;
    if (same && by.isNull()) {
        painter.drawPixmap(0, 0, m_pixmap);
        return;
    }
    if (same && qAbs(by.x()) < pixels.width() && qAbs(by.y()) < pixels.height()) {
        QRegion fresh;
        m_pixmap.scroll(by.x(), by.y(), m_pixmap.rect(), &fresh);
        for (const QRect &part : fresh)
            drawPart(part, sight, devicePixelRatio);
    } else {
        m_pixmap = QPixmap(pixels);
        m_pixmap.fill(Qt::transparent); // With an alpha channel from now on
        m_pixmap.setDevicePixelRatio(devicePixelRatio);
        drawPart(m_pixmap.rect(), sight, devicePixelRatio);
    }
    m_valid = true;
    painter.drawPixmap(0, 0, m_pixmap);
}

void CanvasBackdrop::drawPart(const QRect &pixels, const CanvasSight &sight, double devicePixelRatio)
{
    ++m_drawn;
    const QRectF part(QPointF(pixels.topLeft()) / devicePixelRatio, QSizeF(pixels.size()) / devicePixelRatio);
    QPainter painter(&m_pixmap);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.setClipRect(part);
    painter.setCompositionMode(QPainter::CompositionMode_Source);
    painter.fillRect(part, Qt::transparent);
    painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
    painter.setClipRect(part.intersected(sight.visible()));
    painter.translate(sight.origin());
    painter.scale(sight.zoom(), sight.zoom());
    m_paint(painter);
}

} // namespace understudy
