// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace understudy {

class GraphView;

/// The whole graph at the size of a stamp, with a frame around what the window shows; dragging moves the
/// window. Shows itself while the graph is much larger than the window, unless it was switched off. GUI
/// thread.
class GraphMiniMap final : public QWidget
{
    Q_OBJECT
public:
    explicit GraphMiniMap(GraphView *view, QWidget *parent = nullptr);
    bool isWanted() const { return m_wanted; }
    void setWanted(bool wanted);
    void setRoom(int right, int bottom); ///< How far it stays from the view's corner
    QSize sizeHint() const override;
    void refresh(); ///< After a look, or after the window was moved

Q_SIGNALS:
    void wantedChanged(bool wanted);

protected:
    void paintEvent(QPaintEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;

private:
    double factor() const;  ///< Pixels for a scene unit
    QPointF corner() const; ///< Where the scene's bounds begin
    void look(const QPointF &at);
    GraphView *m_view;
    bool m_wanted = true;
    int m_right = 16, m_bottom = 16;
};

} // namespace understudy
