// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/LagScale.h"
#include "model/Health.h"
#include "paint/Theme.h"

#include <QImage>
#include <QWidget>
#include <memory>

namespace understudy {

/// Lag of every standby over time, one line each in its series colour. QCustomPlot does axes, grid and lines;
/// words, marks and the read-out are painted over it. Redraws only while it is visible. GUI thread.
class LagChart final : public QWidget
{
    Q_OBJECT
public:
    explicit LagChart(QWidget *parent = nullptr);
    ~LagChart() override;

    /// Another look. Cheap when hidden. Both are copied by their implicit sharing.
    void setData(const LagHistory &history, const Topology &topology);
    void setThresholds(const Thresholds &thresholds);
    void setMarked(std::optional<qint64> atUs); ///< The moment of the past that the graph shows; none: now.
    void setUnit(LagUnit unit);
    LagUnit unit() const;
    void setSpan(int seconds); ///< 60, 300, 3600
    int span() const;
    bool isLive() const; ///< Shows the newest, and moves on with it
    qint64 shownFromUs() const;
    qint64 shownToUs() const;
    void backToLive();
    void setTheme(const Theme *theme); ///< A fixed theme for pictures; null follows Style.
    AxisTop axisTop() const;
    int lineCount() const;

    /// The chart as it would look at @p size; @p scale device pixels a pixel.
    QImage image(const QSize &size, double scale);
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void spanChanged(int seconds); ///< By wheel, drag or key; not by setSpan

protected:
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;
    void mouseReleaseEvent(QMouseEvent *) override;
    void mouseDoubleClickEvent(QMouseEvent *) override;
    void wheelEvent(QWheelEvent *) override;
    void keyPressEvent(QKeyEvent *) override;
    void showEvent(QShowEvent *) override;
    void resizeEvent(QResizeEvent *) override;
    bool event(QEvent *) override;

private:
    void refresh();
    void moved(); ///< Somebody went elsewhere in time

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace understudy
