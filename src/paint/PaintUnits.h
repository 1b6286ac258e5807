// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/GraphPainter.h"

#include <QFontMetricsF>

namespace understudy {

/// Fonts of the graph, made once for each application font. They are for 13 px text: the painter is scaled
/// where the person's text is larger.
struct GraphFonts
{
    QFont node, body, bodyStrong, small, smallStrong, label, labelStrong, mono;
};
const GraphFonts &graphFonts(const QFont &base);

/// How much larger than usual the person's text is (1 = 13 px); cards and labels grow with it.
double textScale(const QFont &base);

/// Device-independent pixels of the screen for each scene unit, at usual text size: links, labels and small
/// cards are drawn in these, whatever the zoom.
double unitsPerScene(const GraphStyle &style);

/// @p rect moved onto whole device pixels, so that lines of 1 px stay sharp.
QRectF onPixels(const QPainter &painter, const QRectF &rect);

/// Into pixels, and not into a file that keeps shapes and text as they are.
bool paintsPixels(const QPainter &painter);

/// A rounded rectangle with an edge of @p width, as two filled shapes: no wide pens.
void fillFramed(QPainter &painter, const QRectF &rect, double radius, const QColor &edge, const QColor &face,
                double width = 1);
/// A 1 px dashed edge around nothing.
void strokeDashed(QPainter &painter, const QRectF &rect, double radius, const QColor &edge);

QString elided(const QString &text, const QFont &font, double width,
               Qt::TextElideMode mode = Qt::ElideMiddle);
/// Of how many findings a card has, on its upper edge; @p right is the card's. One digit.
inline QRectF findingsPlace(double right)
{
    return {right - 12 - 18, -8, 18, 16};
}

/// One line, whatever line breaks came from outside.
QString oneLine(const QString &text);

/// A node's name and address as shown.
QString shownName(const Node &node);
QString shownAddress(const Node &node);

} // namespace understudy
