// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/AnnotationShapes.h"

#include <QKeySequence>
#include <functional>

namespace understudy {

enum class AnnotationTool { Select, Arrow, Box, Text, Callout };
inline constexpr int annotationTools = 5;

/// Marks and tools in words, for tool tips, hints and screen readers.
namespace annotationwords {

/// What stands at a place of the picture's scene, "standby1"; empty: nothing that has a name.
using PlaceName = std::function<QString(const QPointF &)>;

QString nameOf(const Annotation &mark);
QString describe(const Annotation &mark, const AnnotationPlace &place, const PlaceName &placeName);
/// "3 marks: 1 arrow, 2 callouts"
QString count(const QList<Annotation> &marks);

QString nameOf(AnnotationTool tool);
QString doingOf(AnnotationTool tool); ///< What to do with it: "Drag to draw an arrow"
QString iconOf(AnnotationTool tool);  ///< Breeze name
Qt::Key keyOf(AnnotationTool tool);
AnnotationTool toolFor(Annotation::Kind kind);
Annotation::Kind kindFor(AnnotationTool tool); ///< Not for Select

} // namespace annotationwords
} // namespace understudy
