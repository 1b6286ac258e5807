// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphDrag.h"
#include "gui/graph/GraphPlaces.h"
#include "paint/GraphPainter.h"
#include "report/Picture.h"

#include <QWidget>

class QMenu;

namespace understudy {

/// The live node graph. One paint, no items; keyboard: arrows follow the edges, Enter opens, Menu key, plus
/// and minus unfold and fold what is below the selected node (else they zoom), Shift and arrows move its
/// card, L goes to the link that feeds it. Either a node or a link is selected. GUI thread.
class GraphView final : public QWidget
{
    Q_OBJECT
public:
    explicit GraphView(QWidget *parent = nullptr);
    ~GraphView() override;

    /// A new look. Scroll, zoom, selection and places stay unless the structure changed.
    void setTopology(const Topology &topology, const QHash<NodeId, CardExtras> &extras);
    NodeId selected() const;              ///< Empty while a link is
    void setSelected(const NodeId &node); ///< Unfolds what hides it
    NodeId selectedLink() const;          ///< By its downstream
    void setSelectedLink(const NodeId &downstream);
    void openLink(const NodeId &downstream); ///< Selects it and says that it was activated
    NodeId current() const;                  ///< Where the keyboard stands; of a link its downstream
    void open(const NodeId &node);           ///< Selects it and says that it was activated
    void setDirection(std::optional<Direction> direction);
    void setFilter(const QString &text); ///< Dims what does not match; see GraphFilter
    QList<NodeId> matches() const;       ///< In drawing order; all without a filter
    bool isDimmed(const NodeId &node) const;
    Direction direction() const; ///< As drawn
    double zoom() const;
    QRectF cardRect(const NodeId &node) const;  ///< In widget coordinates; empty if it is not there
    QRectF shownRect(const NodeId &node) const; ///< The same, while it glides: where it is just now
    /// The label of a link, or where it has none the stretch next to its downstream; empty if it is not
    /// drawn.
    QRectF linkRect(const NodeId &downstream) const;
    NodeId linkAt(const QPointF &widgetPosition) const; ///< Never below a card
    bool isGliding() const;
    const GraphScene &scene() const;

    /// Where a person put cards; loading does not count as a change.
    const PlaceSet &places() const;
    void loadPlaces(const PlaceSet &kept);
    void place(const NodeId &node, const QPointF &topLeft); ///< Scene units; onto the grid
    bool canUndoPlaces() const;
    bool isPlaced(const NodeId &node) const;
    void resetPlace(const NodeId &node);

    const QSet<NodeId> &folds() const; ///< Also of nodes that are not there now
    void loadFolds(const QSet<NodeId> &kept);
    bool canCollapse(const NodeId &node) const; ///< Something is below it
    bool isCollapsed(const NodeId &node) const;
    void setCollapsed(const NodeId &node, bool collapsed);

    /// Who says what dropping a standby's card on another card would mean; without one a card can only be
    /// placed. Called on the GUI thread, at most once a target and drag.
    void setDropAdviser(DropAdviser adviser);
    bool isDragging() const; ///< A card

    QRectF visibleScene() const; ///< What of the scene is in the window
    void lookAt(const QPointF &scenePoint);

public Q_SLOTS:
    void zoomIn();
    void zoomOut();
    void resetZoom();         ///< 100 %
    void zoomTo(double zoom); ///< About the middle; at most 200 %, at least 5 % or what fits all of it
    void fit();               ///< And keeps fitting until the person zooms
    void zoomToSelection();   ///< The selected node with its neighbours along the edges
    void zoomToMatches();
    void showNode(const understudy::NodeId &node); ///< Moves it into the middle
    void resetPlaces();                            ///< Of the direction that is shown; and unfolds everything
    void undoPlaces();
    void redoPlaces();
    void expandAll();

Q_SIGNALS:
    void selectionChanged(const understudy::NodeId &node);
    void activated(const understudy::NodeId &node);
    void actionClicked(const understudy::NodeId &node); ///< "Adopt..." on the card of a ghost
    void contextMenuRequested(const understudy::NodeId &node, const QPoint &globalPosition);
    void linkSelected(const understudy::NodeId &downstream); ///< Empty: none is any more
    void linkActivated(const understudy::NodeId &downstream);
    void linkMenuRequested(const understudy::NodeId &downstream, const QPoint &globalPosition);
    void zoomChanged(double zoom);
    void sightChanged();  ///< Zoomed, panned, or laid out anew
    void placesChanged(); ///< By the person
    void foldsChanged();  ///< By the person, also by choosing what was folded away
    /// A standby's card was dropped on another card, and nothing made that impossible.
    void reattachWanted(const understudy::NodeId &standby, const understudy::NodeId &target);

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
    /// @p freshWord is what a screen reader says of the nodes in @p fresh; "new" if empty.
    void set(const Topology &topology, const QHash<NodeId, CardExtras> &extras, const QSet<NodeId> &fresh,
             const QString &freshWord = {});

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
    /// What can be done with the picture itself; @p node: also with that node's card.
    void addViewActions(QMenu *menu, const NodeId &node);
    void addToHead(QWidget *widget); ///< At the right of the row above the graph

Q_SIGNALS:
    void selectionChanged(const understudy::NodeId &node);
    void linkSelected(const understudy::NodeId &downstream); ///< Never empty
    void contextMenuRequested(const understudy::NodeId &node, const QPoint &globalPosition);

private:
    void askForPlaces();
    void keepPlaces();
    void tellMatches();
    void refreshTable();
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace understudy
