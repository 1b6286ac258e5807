// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/Style.h"
#include "gui/charts/ChartRange.h"
#include "gui/charts/LagChart.h"
#include "gui/charts/LagLines.h"
#include "gui/charts/LagOverlay.h"
#include "gui/charts/SpanLayer.h"

#include <QPushButton>
#include <qcustomplot.h>

namespace understudy {

/// Times of an axis in UTC, at round steps.
class TimeTicker final : public QCPAxisTickerFixed
{
public:
    void setSpan(double seconds, double pixels); ///< Chooses the step

protected:
    QString getTickLabel(double tick, const QLocale &, QChar, int) override;
};

class ValueTicker final : public QCPAxisTickerFixed
{
public:
    LagUnit unit = LagUnit::Bytes;

protected:
    QString getTickLabel(double tick, const QLocale &, QChar, int) override { return axisWords(tick, unit); }
};

/// QCustomPlot with our words over it. The mouse is the chart's.
class LagPlot final : public QCustomPlot
{
public:
    using QCustomPlot::QCustomPlot;
    std::function<void(QPainter &)> over;
    std::function<void(std::optional<QPointF>)> hovered;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override { event->ignore(); }
    void mouseReleaseEvent(QMouseEvent *event) override { event->ignore(); }
    void mouseDoubleClickEvent(QMouseEvent *event) override { event->ignore(); }
    void wheelEvent(QWheelEvent *event) override { event->ignore(); }
    void leaveEvent(QEvent *) override { hovered(std::nullopt); }
};

struct LagChart::Private
{
    LagPlot *plot = nullptr;
    SpanLayer *layer = nullptr; // The plot's
    QPushButton *backToLive = nullptr;
    LagLines lines;
    QSharedPointer<TimeTicker> times{new TimeTicker};
    QSharedPointer<ValueTicker> values{new ValueTicker};
    LagHistory history;
    Topology topology;
    LagOverlay overlay;
    SteadyTop steady;
    ChartRange range;
    LagUnit unit = LagUnit::Bytes;
    bool stale = true;
    bool picture = false; ///< Drawn for a report: no live axis to keep steady
    const Theme *fixed = nullptr;
    std::optional<QPointF> hover;
    std::optional<qint64> reading; ///< The time that the keyboard's crosshair is at

    enum class Drag { None, Pan, Box };
    Drag drag = Drag::None;
    QPointF dragFrom;
    qint64 dragEndUs = 0; ///< The right edge when the drag began
    int dragSpan = 0;

    const Theme &theme() const { return fixed ? *fixed : Style::instance().theme(); }
    void restyle();
    void margins(const QSize &size);
    void rebuild(const QSize &size);
    void addLine(const NodeId &id);
    void placeBackToLive();
    void readOut();
    qint64 timeAt(double x) const;
    void readNext(int step); ///< The crosshair to the next look, or the one before
};

} // namespace understudy
