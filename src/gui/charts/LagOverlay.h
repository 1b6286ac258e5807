// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/LagScale.h"
#include "model/Health.h"
#include "paint/Theme.h"

#include <QFont>
#include <QPainter>
#include <optional>

namespace understudy {

/// One line of the chart, as far as words and marks need it.
struct LagLine
{
    NodeId id;
    QString name;
    int slot = -1;
    double now = 0; ///< NaN: unknown
    QColor valueColor;
    Highest highest;
    QPointF end;           ///< Where the last known value is drawn, in pixels
    QList<QPointF> breaks; ///< Where the line stops because nothing is known, in pixels
};

/// Everything that is painted over the plot. Pixels of the chart widget.
struct LagOverlay
{
    const Theme *theme = nullptr;
    QFont font; ///< The application's font
    QRectF plot, whole;
    qint64 fromUs = 0, toUs = 0;
    LagUnit unit = LagUnit::Bytes;
    AxisTop top;
    Thresholds thresholds;
    QList<LagLine> lines; ///< Worst first
    QList<HistoryEvent> events;
    QString sentence;                ///< Said in the middle when there are no lines
    std::optional<double> crosshair; ///< x in pixels
    struct ReadOut
    {
        QString name;
        int slot = -1;
        double value = 0;
    };
    qint64 crosshairUs = 0;
    std::optional<qint64> marked;                    ///< The moment that is shown elsewhere
    QList<ReadOut> readOut;                          ///< Highest first
    std::optional<std::pair<double, double>> chosen; ///< What is about to be zoomed to, x in pixels

    QString words() const; ///< The read-out in one sentence, for a screen reader

    double xOf(qint64 atUs) const;
    double yOf(double value) const;
    /// What the lower edge stands for: a little below zero, so that a line at 0 is seen above the axis.
    double bottom() const;
    double threshold() const
    {
        return unit == LagUnit::Bytes ? double(thresholds.lagBytes) : thresholds.lagSeconds;
    }
    void paint(QPainter &painter) const;

private:
    void paintThreshold(QPainter &painter) const;
    void paintEvents(QPainter &painter) const;
    void paintEnds(QPainter &painter) const;
    void paintMarked(QPainter &painter) const;
    double paintLabels(QPainter &painter) const; ///< Where they end
    void paintCrosshair(QPainter &painter) const;
    void paintChosen(QPainter &painter) const;
};

} // namespace understudy
