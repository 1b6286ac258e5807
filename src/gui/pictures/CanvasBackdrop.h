// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QPixmap>

#include <functional>

namespace understudy {

class CanvasSight;

/// The picture below the marks, drawn once for each sight: what is expensive is not drawn again while marks
/// move, and scrolling draws only what comes into view. GUI thread.
class CanvasBackdrop
{
public:
    using Paint = std::function<void(QPainter &)>;
    void setPaint(Paint paint); ///< In picture pixels; also forgets what was drawn
    void draw(QPainter &painter, const CanvasSight &sight, const QSize &widget, double devicePixelRatio);
    int drawnTimes() const { return m_drawn; }

private:
    void drawPart(const QRect &pixels, const CanvasSight &sight, double devicePixelRatio);
    Paint m_paint;
    QPixmap m_pixmap; ///< As large as the widget
    double m_zoom = 0;
    QPoint m_origin; ///< Device pixels
    bool m_valid = false;
    int m_drawn = 0;
};

} // namespace understudy
