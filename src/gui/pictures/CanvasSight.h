// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace understudy {

/// Which part of a picture a widget shows, and how large. Places are whole device pixels, so that nothing
/// blurs or trembles. A value; widget coordinates are device-independent pixels.
class CanvasSight
{
public:
    static constexpr double nearest = 4, margin = 12;

    void setPicture(const QSizeF &picture);
    void setWidget(const QSizeF &widget, double devicePixelRatio); ///< Keeps fitting if it did

    double zoom() const { return m_zoom; }
    bool isFitted() const { return m_fitted; }
    double fittedZoom() const; ///< All of the picture, never above 1
    void fit();
    void zoomTo(double zoom, const QPointF &anchor); ///< @p anchor (widget) stays on its place
    void scrollBy(const QPointF &delta);             ///< Moves the picture, as far as there is more of it
    void reveal(const QRectF &picturePart);          ///< Scrolls as little as shows it

    QPointF toWidget(const QPointF &picture) const { return m_origin + picture * m_zoom; }
    QPointF toPicture(const QPointF &widget) const { return (widget - m_origin) / m_zoom; }
    QRectF toWidget(const QRectF &picture) const;
    QPointF origin() const { return m_origin; } ///< Where the picture's corner is
    QRectF pictureRect() const;                 ///< Widget coordinates
    QRectF visible() const;                     ///< The same, as far as the widget shows it
    bool canScroll() const;

private:
    void settle();
    QSizeF m_picture, m_widget;
    double m_ratio = 1, m_zoom = 1;
    QPointF m_origin;
    bool m_fitted = true;
};

} // namespace understudy
