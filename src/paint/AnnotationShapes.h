// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/Annotation.h"
#include "paint/AnnotationText.h"

#include <QPainterPath>

#include <optional>

namespace understudy {

/// Where marks stand: how their coordinates become picture pixels, and what decides the size of their text.
struct AnnotationPlace
{
    QTransform toPicture;
    QFont font;
    QRectF page; ///< The picture; empty: not known, text is kept inside nothing
};

namespace annotation {

/// Measures at usual text size; they grow with the text.
inline constexpr double stroke = 3, halo = 2, headLength = 18, headWidth = 16, boxRadius = 6;
inline constexpr double discSize = 24, edge = 1.5, faceRadius = 7, paddingX = 9, paddingY = 5;
inline constexpr double usualTextWidth = 240;

/// How much larger than usual the picture's text is.
double scaleOf(const AnnotationPlace &place);
QFont textFontOf(const AnnotationPlace &place);

/// A mark's outlines in picture pixels, without the halo.
struct Shape
{
    QPainterPath ink; ///< What is filled: the arrow, the ring of a box, the disc of a callout
    QRectF face;      ///< Behind the text; empty: there is none
    double faceRadius = 0;
    QRectF disc;    ///< Callout
    QPointF textAt; ///< Its top left corner, also where there is none yet
    AnnotationText text;
};
Shape shapeOf(const Annotation &mark, const AnnotationPlace &place);

/// The rectangle around all of a mark, in picture pixels.
QRectF bounds(const Annotation &mark, const AnnotationPlace &place);
/// Whether @p point (picture pixels) is on the mark or within @p reach of it; a box is its frame.
bool hits(const Annotation &mark, const AnnotationPlace &place, const QPointF &point, double reach);
/// The uppermost mark at @p point; where there is none, the smallest box around it. -1: nothing.
qsizetype markAt(const QList<Annotation> &marks, const AnnotationPlace &place, const QPointF &point,
                 double reach);

} // namespace annotation
} // namespace understudy
