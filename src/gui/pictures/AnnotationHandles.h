// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/AnnotationShapes.h"

namespace understudy {

/// What of a mark is taken hold of.
enum class MarkHandle {
    Whole,
    Start, ///< An arrow's tail
    End,   ///< An arrow's tip
    TopLeft,
    Top,
    TopRight,
    Right,
    BottomRight,
    Bottom,
    BottomLeft,
    Left,
    TextWidth
};

/// How marks follow the hand: pure, in picture pixels, always from the mark as it was when it was taken hold
/// of, so that nothing drifts.
namespace handles {

struct Place
{
    MarkHandle handle;
    QPointF at;
};
QList<Place> of(const Annotation &mark, const AnnotationPlace &place);

/// @p mark with @p handle moved by @p delta. @p constrained: along one axis, in steps of 45 degrees, square.
/// Nothing leaves the page.
Annotation dragged(const Annotation &mark, MarkHandle handle, QPointF delta, bool constrained,
                   const AnnotationPlace &place);
/// The end of something drawn from @p from to @p to.
QPointF constrainedEnd(Annotation::Kind kind, const QPointF &from, const QPointF &to);
/// What a key makes larger: the tip, the lower right corner, the width of text.
MarkHandle stretched(const Annotation &mark);
QPointF onPage(const QPointF &point, const QRectF &page);

} // namespace handles
} // namespace understudy
