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
    bool dashed = false;
};

/// @p cards: in units, what it must not lie on; empty where the way itself leaves room.
LinkLabel linkLabel(const LinkRoute &route, const Topology &topology, const CardExtras &extras,
                    const GraphStyle &style, const QList<QRectF> &cards);
void paintLinkLabel(QPainter &painter, const LinkLabel &label, const Theme &theme);

} // namespace understudy
