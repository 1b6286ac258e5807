// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/CanvasSight.h"

#include <cmath>

namespace understudy {

void CanvasSight::setPicture(const QSizeF &picture)
{
    if (picture == m_picture)
        return;
    m_picture = picture;
    fit();
}

void CanvasSight::setWidget(const QSizeF &widget, double devicePixelRatio)
{
    if (widget == m_widget && devicePixelRatio == m_ratio)
        return;
    // What was in the middle stays there.
    const QPointF middle = toPicture(QPointF(m_widget.width() / 2, m_widget.height() / 2));
    m_widget = widget;
    m_ratio = qMax(.1, devicePixelRatio);
    if (m_fitted) {
        fit();
    } else {
        m_origin = QPointF(widget.width() / 2, widget.height() / 2) - middle * m_zoom;
        settle();
    }
}

double CanvasSight::fittedZoom() const
{
    if (m_picture.isEmpty())
        return 1;
    const double across = (m_widget.width() - 2 * margin) / m_picture.width();
    const double down = (m_widget.height() - 2 * margin) / m_picture.height();
    return qBound(.05, qMin(across, down), 1.0);
}

void CanvasSight::fit()
{
    m_fitted = true;
    m_zoom = fittedZoom();
    settle();
}

void CanvasSight::zoomTo(double zoom, const QPointF &anchor)
{
    const QPointF under = toPicture(anchor);
    const double least = fittedZoom();
    m_zoom = qBound(least, zoom, nearest);
    m_fitted = m_zoom <= least + 1e-6;
    m_origin = anchor - under * m_zoom;
    settle();
}

void CanvasSight::scrollBy(const QPointF &delta)
{
    m_origin += delta;
    settle();
}

void CanvasSight::reveal(const QRectF &picturePart)
{
    const QRectF part = toWidget(picturePart).adjusted(-margin, -margin, margin, margin);
    const auto by = [](double low, double high, double room) {
        if (low < 0 || high - low > room)
            return -low;
        return high > room ? room - high : 0.0;
    };
    scrollBy(
        {by(part.left(), part.right(), m_widget.width()), by(part.top(), part.bottom(), m_widget.height())});
}

QRectF CanvasSight::toWidget(const QRectF &picture) const
{
    return {toWidget(picture.topLeft()), picture.size() * m_zoom};
}

QRectF CanvasSight::pictureRect() const
{
    return {m_origin, m_picture * m_zoom};
}

QRectF CanvasSight::visible() const
{
    return pictureRect().intersected(QRectF(QPointF(), m_widget));
}

bool CanvasSight::canScroll() const
{
    const QSizeF size = m_picture * m_zoom;
    return size.width() + 2 * margin > m_widget.width() + .5 ||
           size.height() + 2 * margin > m_widget.height() + .5;
}

/// The middle where there is room, else no gap wider than the margin; on a whole device pixel.
void CanvasSight::settle()
{
    const auto placed = [this](double origin, double size, double room) {
        const double place =
            size + 2 * margin <= room + .5 ? (room - size) / 2 : qBound(room - size - margin, origin, margin);
        return std::round(place * m_ratio) / m_ratio;
    };
    const QSizeF size = m_picture * m_zoom;
    m_origin = {placed(m_origin.x(), size.width(), m_widget.width()),
                placed(m_origin.y(), size.height(), m_widget.height())};
}

} // namespace understudy
