// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/pictures/AnnotationCanvas.h"
#include "gui/pictures/AnnotationEditor.h"
#include "gui/pictures/AnnotationHandles.h"
#include "gui/pictures/CanvasBackdrop.h"
#include "gui/pictures/CanvasSight.h"

namespace understudy {

/// The canvas's state. Pictures, tools and text are in AnnotationCanvas.cpp, painting in
/// AnnotationCanvasPaint.cpp, the mouse in AnnotationCanvasMouse.cpp, the keyboard in
/// AnnotationCanvasKeys.cpp.
struct AnnotationCanvas::Private
{
    enum class Hand { None, Pan, Draw, Drag };
    static constexpr double reach = 6;        ///< Widget pixels around a mark that still hit it
    static constexpr double handleReach = 12; ///< The same around a handle
    static constexpr double farEnough = 4;    ///< A press that moved less is a click

    CanvasPicture picture;
    AnnotationEdits edits;
    AnnotationTool tool = AnnotationTool::Select;
    CanvasSight sight;
    CanvasBackdrop backdrop;
    annotationwords::PlaceName placeName;

    Hand hand = Hand::None;
    MarkHandle handle = MarkHandle::Whole;
    QPointF pressedAt, lastAt; ///< Widget
    bool wentFar = false;
    Annotation taken; ///< As it was when it was taken hold of
    Annotation draft; ///< What is shown instead while it is dragged, or what is being drawn

    AnnotationEditor *editor = nullptr;
    bool editing = false;
    qsizetype edited = -1; ///< -1: `draft` is new and has no text yet

    AnnotationPlace place() const;
    QPointF toScene(const QPointF &picturePoint) const;
    QList<Annotation> shown() const; ///< The marks with what is just being done to them
    /// Of the selected mark; Whole where the mark itself is hit, nothing where neither is.
    std::optional<MarkHandle> handleAt(const QPointF &widget) const;
    qsizetype markAt(const QPointF &widget) const;
    void openEditor(AnnotationCanvas *canvas, const Annotation &mark, qsizetype index);
    void closeEditor(const QString &text);
    void updateCursor(AnnotationCanvas *canvas, const QPointF &at) const;
    void draw(const QPointF &to, bool constrained); ///< The draft follows the pointer
    void finishDrawing(AnnotationCanvas *canvas);
    void scroll(AnnotationCanvas *canvas, const QPointF &by);
    void reveal(AnnotationCanvas *canvas, qsizetype mark);
    bool nudge(AnnotationCanvas *canvas, int key, Qt::KeyboardModifiers modifiers);
    void escape(AnnotationCanvas *canvas);
    void told(AnnotationCanvas *canvas); ///< Accessible name and description follow the marks
};

} // namespace understudy
