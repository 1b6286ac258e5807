// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphPainter.h"
#include "report/Picture.h"

#include <QWidget>

namespace understudy {

/// The live node graph. One paint, no items; keyboard: arrows follow the edges, Enter opens, Menu key. GUI
/// thread.
class GraphView final : public QWidget
{
    Q_OBJECT
public:
    explicit GraphView(QWidget *parent = nullptr);

    /// A new look. Scroll, zoom, selection and places stay unless the structure changed.
    void setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras);
    NodeId selected() const;
    void setSelected(const NodeId &node);
    void setDirection(std::optional<Direction> direction);
    void setFilter(const QString &text); ///< Dims what does not match by name, address or state word
    Direction direction() const;         ///< As drawn
    double zoom() const;
    QRectF cardRect(const NodeId &node) const; ///< In widget coordinates; empty if it is not there

public Q_SLOTS:
    void zoomIn();
    void zoomOut();
    void resetZoom(); ///< 100 %
    void fit();       ///< And keeps fitting until the person zooms

Q_SIGNALS:
    void selectionChanged(const understudy::NodeId &node);
    void activated(const understudy::NodeId &node);
    void actionClicked(const understudy::NodeId &node); ///< "Adopt..." on the card of a ghost
    void contextMenuRequested(const understudy::NodeId &node, const QPoint &globalPosition);
    void zoomChanged(double zoom);

protected:
    bool event(QEvent *) override;
    void paintEvent(QPaintEvent *) override;
    void resizeEvent(QResizeEvent *) override;
    void mousePressEvent(QMouseEvent *) override;
    void mouseMoveEvent(QMouseEvent *) override;
    void mouseReleaseEvent(QMouseEvent *) override;
    void mouseDoubleClickEvent(QMouseEvent *) override;
    void wheelEvent(QWheelEvent *) override;
    void keyPressEvent(QKeyEvent *) override;
    void contextMenuEvent(QContextMenuEvent *) override;
    void leaveEvent(QEvent *) override;

private:
    struct Private;
    std::shared_ptr<Private> d;
};

/// Now or After on the review page: the whole graph fitted, compact cards, nothing live.
class GraphPreview final : public QWidget
{
    Q_OBJECT
public:
    explicit GraphPreview(QWidget *parent = nullptr);
    void set(const Topology &topology, const QHash<NodeId, CardExtras> &extras, const QSet<NodeId> &fresh);

protected:
    void paintEvent(QPaintEvent *) override;

private:
    Topology m_topology;
    QHash<NodeId, CardExtras> m_extras;
    QSet<NodeId> m_fresh;
};

/// The centre of the window: Graph | Table, filter, direction above; legend and zoom below; graph and table
/// between.
class GraphPane final : public QWidget
{
    Q_OBJECT
public:
    explicit GraphPane(QWidget *parent = nullptr);
    void setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras);
    GraphView *graph() const;
    void showTable(bool table);

Q_SIGNALS:
    void selectionChanged(const understudy::NodeId &node);
    void contextMenuRequested(const understudy::NodeId &node, const QPoint &globalPosition);

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace understudy
