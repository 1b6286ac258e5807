// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/LinkRoutes.h"

#include <QFont>

namespace understudy {

/// The pill on a link, laid out in units. An empty rect: there is no room, or the zoom is too far.
struct LinkLabel
{
    struct Part
    {
        QString text;
        QFont font;
        QColor color;
        double width = 0;
    };
    QRectF rect;
    QList<Part> parts;
    int seriesSlot = -1; ///< -1: no mark
    QColor edge, face;
    bool dashed = false, selected = false, focused = false;
};

/// @p cards: in units, what it must not lie on; empty where the way itself leaves room.
LinkLabel linkLabel(const LinkRoute &route, const Topology &topology, const CardExtras &extras,
                    const GraphStyle &style, const QList<QRectF> &cards);
/// What labels must not lie on, in units. The tree's own ways leave room for them; others may not.
QList<QRectF> labelObstacles(const GraphLayout &layout, double unitsPerScene);
void paintLinkLabel(QPainter &painter, const LinkLabel &label, const Theme &theme);

} // namespace understudy
