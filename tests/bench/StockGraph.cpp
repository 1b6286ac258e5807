// SPDX-License-Identifier: GPL-3.0-or-later
#include "StockGraph.h"

#include "model/Format.h"
#include "paint/CardText.h"

#include <QGraphicsEllipseItem>

namespace understudy::bench {

namespace {

struct Place
{
    double x, y;
    int pixels;
    bool strong;
};

constexpr std::array<Place, 8> places{{{54, 10, 14, true},
                                       {54, 28, 11, false},
                                       {210, 11, 12, true},
                                       {16, 53, 11, false},
                                       {16, 67, 13, true},
                                       {88, 53, 11, false},
                                       {88, 67, 13, true},
                                       {16, 99, 11, false}}};

QStringList textsOf(const Node &node, const Link *link)
{
    return {node.name,
            cardtext::roleWord(node) + QStringLiteral(", ") + node.host,
            glyphWord(glyphFor(node, link)),
            QStringLiteral("Behind"),
            cardtext::behind(link),
            QStringLiteral("Delay"),
            cardtext::delay(link),
            cardtext::lsn(node) + QStringLiteral("  ") + format::version(node.versionNum)};
}

} // namespace

StockGraph::StockGraph(const Topology &topology, const GraphLayout &layout)
{
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(NoFrame);
    auto *all = new QGraphicsScene(this);
    const Theme &theme = Theme::light();
    all->setBackgroundBrush(theme.canvas);
    for (const Cluster &cluster : topology.clusters) {
        for (const Link &link : cluster.links) {
            const QRectF up = layout.cards.value(link.upstream), down = layout.cards.value(link.downstream);
            QPainterPath way(QPointF(up.right(), up.center().y()));
            way.lineTo(up.right() + 52, up.center().y());
            way.lineTo(up.right() + 52, down.center().y());
            way.lineTo(down.left(), down.center().y());
            all->addPath(way, QPen(theme.ctl, 2));
        }
        for (const Node &node : cluster.nodes) {
            Card card;
            card.box = all->addRect(QRectF(QPointF(), layout.cards.value(node.id).size()),
                                    QPen(theme.line2, 1), theme.panel);
            card.box->setPos(layout.cards.value(node.id).topLeft());
            auto *state = new QGraphicsEllipseItem(QRectF(190, 12, 14, 14), card.box);
            state->setBrush(theme.ok);
            for (const Place &place : places) {
                auto *text = new QGraphicsSimpleTextItem(card.box);
                QFont font = applicationFont();
                font.setPixelSize(place.pixels);
                font.setBold(place.strong);
                text->setFont(font);
                text->setPos(place.x, place.y);
                card.texts << text;
            }
            m_cards.insert(node.id, card);
        }
    }
    setScene(all);
    setTopology(topology);
}

void StockGraph::setTopology(const Topology &topology)
{
    for (const Cluster &cluster : topology.clusters) {
        QHash<NodeId, const Link *> links;
        for (const Link &link : cluster.links)
            links.insert(link.downstream, &link);
        for (const Node &node : cluster.nodes) {
            const QStringList words = textsOf(node, links.value(node.id));
            const Card &card = *m_cards.constFind(node.id);
            for (qsizetype i = 0; i < words.size(); ++i)
                card.texts.at(i)->setText(words.at(i));
        }
    }
}

void StockGraph::setZoom(double zoom, const QPointF &centre)
{
    resetTransform();
    scale(zoom, zoom);
    centerOn(centre);
}

} // namespace understudy::bench
