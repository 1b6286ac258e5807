// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QToolButton>

namespace understudy {

/// Out, the zoom in percent (a click: 100 %), in, fit.
class ZoomControl final : public QFrame
{
    Q_OBJECT
public:
    explicit ZoomControl(QWidget *parent = nullptr, const QString &fitWords = {}); ///< Empty: of the graph
    void setZoom(double zoom);

Q_SIGNALS:
    void zoomOut();
    void zoomIn();
    void reset();
    void fit();

private:
    QToolButton *m_percent;
};

/// What the widths of links mean; leaves out what has no room. Lets the mouse through to the graph.
class GraphLegend final : public QWidget
{
    Q_OBJECT
public:
    explicit GraphLegend(QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, 0}; }

protected:
    void paintEvent(QPaintEvent *) override;
};

} // namespace understudy
