// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QObject>
#include <QPainter>

#include <functional>

namespace understudy {

class CanvasSight;

/// The picture below the marks. A worker draws it once for each sight, with something beyond the rim so that
/// scrolling need not wait; until that is there, what was drawn last stands in for it. GUI thread.
class CanvasBackdrop final : public QObject
{
    Q_OBJECT
public:
    using Paint = std::function<void(QPainter &)>;
    using QObject::QObject;

    /// Another picture. @p paint draws it in picture pixels, on any thread.
    void setPaint(const Paint &paint);
    void draw(QPainter &painter, const CanvasSight &sight, double devicePixelRatio);
    bool isCurrent() const { return m_current; } ///< What was drawn last is what was asked for last
    int drawnTimes() const { return m_drawn; }

Q_SIGNALS:
    void drawn(); ///< Something newer can be shown

private:
    /// A part of the picture, in device pixels from the picture's corner.
    struct Part
    {
        QRect pixels;
        double zoom = 1, ratio = 1;
        quint64 picture = 0;
        bool operator==(const Part &) const = default;
    };
    void order(const Part &part);

    Paint m_paint;
    quint64 m_picture = 0;
    QImage m_image;
    Part m_shown, m_wanted;
    bool m_busy = false, m_current = false;
    int m_drawn = 0;
};

} // namespace understudy
