// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphLayout.h"
#include "paint/GraphPainter.h"

#include <QGraphicsView>

namespace understudy::bench {

/// The graph as one would write it first: a scene with an item for each card, each text and each link,
/// antialiased, everything else as it comes.
class StockGraph final : public QGraphicsView
{
public:
    StockGraph(const Topology &topology, const GraphLayout &layout);
    void setTopology(const Topology &topology); ///< Same structure, other numbers
    void setZoom(double zoom, const QPointF &centre);

private:
    struct Card
    {
        QGraphicsRectItem *box = nullptr;
        QList<QGraphicsSimpleTextItem *> texts;
    };
    QHash<NodeId, Card> m_cards;
};

} // namespace understudy::bench
