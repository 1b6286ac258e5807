// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/AnnotationCanvasPrivate.h"

#include <QMouseEvent>
#include <QWheelEvent>

#include <cmath>

namespace understudy {

namespace {

double distance(const QPointF &a, const QPointF &b)
{
    return std::hypot(a.x() - b.x(), a.y() - b.y());
}

Qt::CursorShape cursorOf(MarkHandle handle)
{
    switch (handle) {
    case MarkHandle::Whole:
        return Qt::SizeAllCursor;
    case MarkHandle::TopLeft:
    case MarkHandle::BottomRight:
        return Qt::SizeFDiagCursor;
    case MarkHandle::TopRight:
    case MarkHandle::BottomLeft:
        return Qt::SizeBDiagCursor;
    case MarkHandle::Top:
    case MarkHandle::Bottom:
        return Qt::SizeVerCursor;
    case MarkHandle::Left:
    case MarkHandle::Right:
    case MarkHandle::TextWidth:
        return Qt::SizeHorCursor;
    case MarkHandle::Start:
    case MarkHandle::End:
        break;
    }
    return Qt::CrossCursor;
}

} // namespace

std::optional<MarkHandle> AnnotationCanvas::Private::handleAt(const QPointF &widget) const
{
    const Annotation *mark = edits.selectedMark();
    if (!mark)
        return std::nullopt;
    double nearest = handleReach;
    std::optional<MarkHandle> found;
    for (const handles::Place &handle : handles::of(*mark, place())) {
        const double away = distance(sight.toWidget(handle.at), widget);
        if (away <= nearest) {
            nearest = away;
            found = handle.handle;
        }
    }
    // On a small mark the handles would leave nothing to move it by.
    const bool inside = annotation::hits(*mark, place(), sight.toPicture(widget), 0);
    const QRectF bounds = sight.toWidget(annotation::bounds(*mark, place()));
    const bool small = qMax(bounds.width(), bounds.height()) < 3 * handleReach;
    if (found && !(small && inside && nearest > handleReach / 3))
        return found;
    if (annotation::hits(*mark, place(), sight.toPicture(widget), reach / sight.zoom()))
        return MarkHandle::Whole;
    return std::nullopt;
}

qsizetype AnnotationCanvas::Private::markAt(const QPointF &widget) const
{
    return annotation::markAt(edits.marks(), place(), sight.toPicture(widget), reach / sight.zoom());
}

void AnnotationCanvas::Private::updateCursor(AnnotationCanvas *canvas, const QPointF &at) const
{
    if (hand == Hand::Pan && wentFar)
        return canvas->setCursor(Qt::ClosedHandCursor);
    if (const auto hit = handleAt(at))
        return canvas->setCursor(cursorOf(*hit));
    if (tool != AnnotationTool::Select)
        return canvas->setCursor(tool == AnnotationTool::Text ? Qt::IBeamCursor : Qt::CrossCursor);
    canvas->setCursor(markAt(at) >= 0     ? Qt::SizeAllCursor
                      : sight.canScroll() ? Qt::OpenHandCursor
                                          : Qt::ArrowCursor);
}

void AnnotationCanvas::Private::scroll(AnnotationCanvas *canvas, const QPointF &by)
{
    canvas->finishEditing();
    sight.scrollBy(by);
    canvas->update();
}

void AnnotationCanvas::Private::draw(const QPointF &to, bool constrained)
{
    const QRectF page(QPointF(), picture.size);
    const QPointF from = handles::onPage(sight.toPicture(pressedAt), page);
    QPointF end = handles::onPage(sight.toPicture(to), page);
    switch (draft.kind) {
    case Annotation::Kind::Arrow:
    case Annotation::Kind::Box:
        if (constrained)
            end = handles::constrainedEnd(draft.kind, from, end);
        draft.at = toScene(from);
        draft.end = toScene(end);
        break;
    case Annotation::Kind::Callout:
        draft.at = draft.end = toScene(end);
        break;
    case Annotation::Kind::Text:
        draft.at = draft.end = toScene(from);
        if (wentFar && end.x() > from.x())
            draft.width = qBound(annotation::narrowestText,
                                 (end.x() - from.x()) / annotation::scaleOf(place()), annotation::widestText);
        break;
    }
}

void AnnotationCanvas::Private::finishDrawing(AnnotationCanvas *canvas)
{
    const bool line = !draft.hasText();
    if (line && !wentFar) // A click: somebody wants what is there.
        return edits.select(markAt(pressedAt));
    if (draft.kind == Annotation::Kind::Text)
        return openEditor(canvas, draft, -1);
    edits.add(draft);
}

void AnnotationCanvas::mousePressEvent(QMouseEvent *event)
{
    finishEditing();
    if (d->picture.size.isEmpty() || d->hand != Private::Hand::None)
        return;
    d->pressedAt = d->lastAt = event->position();
    d->wentFar = false;
    const auto take = [this](MarkHandle handle) {
        d->hand = Private::Hand::Drag;
        d->handle = handle;
        d->taken = d->draft = *d->edits.selectedMark();
    };
    if (event->button() == Qt::MiddleButton) {
        d->hand = Private::Hand::Pan;
    } else if (event->button() != Qt::LeftButton) {
        return;
    } else if (const auto handle = d->handleAt(event->position())) {
        take(*handle);
    } else if (d->tool == AnnotationTool::Select) {
        d->edits.select(d->markAt(event->position()));
        if (d->edits.selected() >= 0)
            take(MarkHandle::Whole);
        else
            d->hand = Private::Hand::Pan;
    } else if (!d->edits.isFull()) {
        d->hand = Private::Hand::Draw;
        d->draft = {};
        d->draft.kind = annotationwords::kindFor(d->tool);
        d->draw(event->position(), false);
    }
    update();
}

void AnnotationCanvas::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF at = event->position();
    const bool constrained = event->modifiers() & Qt::ShiftModifier;
    if (d->hand != Private::Hand::None && distance(at, d->pressedAt) >= Private::farEnough)
        d->wentFar = true;
    if (d->hand == Private::Hand::Pan && d->wentFar)
        d->scroll(this, at - d->lastAt);
    else if (d->hand == Private::Hand::Drag && d->wentFar)
        d->draft = handles::dragged(d->taken, d->handle, (at - d->pressedAt) / d->sight.zoom(), constrained,
                                    d->place());
    else if (d->hand == Private::Hand::Draw)
        d->draw(at, constrained);
    d->lastAt = at;
    d->updateCursor(this, at);
    if (d->hand != Private::Hand::None)
        update();
}

void AnnotationCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    const Private::Hand did = std::exchange(d->hand, Private::Hand::None);
    if (did == Private::Hand::Drag && d->wentFar)
        d->edits.replace(d->edits.selected(), d->draft,
                         d->handle == MarkHandle::Whole ? AnnotationEdits::Change::Move
                                                        : AnnotationEdits::Change::Resize);
    else if (did == Private::Hand::Draw)
        d->finishDrawing(this);
    d->updateCursor(this, event->position());
    update();
}

void AnnotationCanvas::mouseDoubleClickEvent(QMouseEvent *event)
{
    const qsizetype mark = d->markAt(event->position());
    const Annotation *hit = d->edits.mark(mark);
    if (event->button() == Qt::LeftButton && hit && hit->hasText())
        editText(mark);
    else
        mousePressEvent(event);
}

void AnnotationCanvas::wheelEvent(QWheelEvent *event)
{
    const QPoint turned = event->pixelDelta().isNull() ? event->angleDelta() / 2 : event->pixelDelta();
    if (event->modifiers() & Qt::ControlModifier) {
        finishEditing();
        d->sight.zoomTo(d->sight.zoom() * std::pow(1.2, event->angleDelta().y() / 120.0), event->position());
        update();
        Q_EMIT zoomChanged();
    } else if (d->sight.canScroll() && d->hand == Private::Hand::None) {
        const bool across = event->modifiers() & Qt::ShiftModifier;
        d->scroll(this, across ? QPointF(turned.y(), turned.x()) : QPointF(turned));
    } else {
        event->ignore();
        return;
    }
    event->accept();
}

} // namespace understudy
