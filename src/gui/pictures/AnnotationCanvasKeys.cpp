// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/AnnotationAccessible.h"
#include "gui/pictures/AnnotationCanvasPrivate.h"

#include <QKeyEvent>

namespace understudy {

namespace {

constexpr double step = 10, fineStep = 1;          ///< Picture pixels
constexpr double zoomStep = 1.25, scrollStep = 48; ///< Widget pixels
constexpr QSizeF usualBox(160, 100);
constexpr QPointF usualArrow(96, -56);

bool isPlain(const QKeyEvent *event)
{
    return !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
}

std::optional<AnnotationTool> toolOf(const QKeyEvent *event)
{
    if (!isPlain(event) || (event->modifiers() & Qt::ShiftModifier))
        return std::nullopt;
    for (int i = 0; i < annotationTools; ++i) {
        if (annotationwords::keyOf(AnnotationTool(i)) == event->key())
            return AnnotationTool(i);
    }
    return std::nullopt;
}

bool isDuplicate(const QKeyEvent *event)
{
    return event->key() == Qt::Key_D && event->modifiers() == Qt::ControlModifier;
}

bool isRedo(const QKeyEvent *event)
{
    const bool shifted =
        event->key() == Qt::Key_Z && event->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier);
    return shifted || event->matches(QKeySequence::Redo);
}

QPointF directionOf(int key)
{
    switch (key) {
    case Qt::Key_Left:
        return {-1, 0};
    case Qt::Key_Right:
        return {1, 0};
    case Qt::Key_Up:
        return {0, -1};
    case Qt::Key_Down:
        return {0, 1};
    default:
        return {};
    }
}

} // namespace

void AnnotationCanvas::placeInMiddle()
{
    finishEditing();
    if (d->tool == AnnotationTool::Select || d->edits.isFull() || d->picture.size.isEmpty() || !isEnabled())
        return;
    const QRectF page(QPointF(), d->picture.size);
    Annotation mark;
    mark.kind = annotationwords::kindFor(d->tool);
    QPointF middle = d->sight.toPicture(d->sight.visible().center());
    // Not onto another one that was placed so: it would not be seen.
    const auto taken = [this](const QPointF &at) {
        const QList<Annotation> &marks = d->edits.marks();
        return std::any_of(marks.cbegin(), marks.cend(), [&](const Annotation &one) {
            return (d->picture.sceneToPicture.map(one.at) - at).manhattanLength() < 8;
        });
    };
    const auto start = [&mark](const QPointF &at) {
        return mark.kind == Annotation::Kind::Box     ? at - QPointF(usualBox.width(), usualBox.height()) / 2
               : mark.kind == Annotation::Kind::Arrow ? at - usualArrow
                                                      : at;
    };
    for (int i = 0; i < 20 && taken(handles::onPage(start(middle), page)); ++i)
        middle += QPointF(24, 24);
    const QPointF from = handles::onPage(start(middle), page);
    const QPointF to = mark.kind == Annotation::Kind::Box
                           ? handles::onPage(from + QPointF(usualBox.width(), usualBox.height()), page)
                       : mark.kind == Annotation::Kind::Arrow ? handles::onPage(middle, page)
                                                              : from;
    mark.at = d->toScene(from);
    mark.end = d->toScene(to);
    setTool(AnnotationTool::Select); // So that the next Enter is for the text.
    if (mark.kind == Annotation::Kind::Text)
        d->openEditor(this, mark, -1);
    else
        d->edits.add(mark);
}

void AnnotationCanvas::Private::reveal(AnnotationCanvas *canvas, qsizetype mark)
{
    if (const Annotation *one = edits.mark(mark)) {
        sight.reveal(annotation::bounds(*one, place()));
        canvas->update();
    }
}

bool AnnotationCanvas::Private::nudge(AnnotationCanvas *canvas, int key, Qt::KeyboardModifiers modifiers)
{
    const QPointF way = directionOf(key);
    if (way.isNull())
        return false;
    const Annotation *mark = edits.selectedMark();
    if (!mark) {
        scroll(canvas, -way * scrollStep);
        return true;
    }
    const QPointF by = way * (modifiers & Qt::ControlModifier ? fineStep : step);
    const bool stretch = modifiers & Qt::ShiftModifier;
    edits.replace(
        edits.selected(),
        handles::dragged(*mark, stretch ? handles::stretched(*mark) : MarkHandle::Whole, by, false, place()),
        stretch ? AnnotationEdits::Change::Stretch : AnnotationEdits::Change::Nudge);
    reveal(canvas, edits.selected());
    return true;
}

/// One thing at a time: what is being done, what is selected, the tool.
void AnnotationCanvas::Private::escape(AnnotationCanvas *canvas)
{
    if (hand != Hand::None)
        hand = Hand::None;
    else if (edits.selected() >= 0)
        edits.select(-1);
    else
        canvas->setTool(AnnotationTool::Select);
    canvas->update();
}

void AnnotationCanvas::keyPressEvent(QKeyEvent *event)
{
    const bool busy = d->hand != Private::Hand::None;
    if (event->key() == Qt::Key_Escape) {
        const bool something = busy || d->edits.selected() >= 0 || d->tool != AnnotationTool::Select;
        if (something)
            d->escape(this);
        else
            event->ignore(); // The dialog's
        return;
    }
    if (busy)
        return;
    if (event->matches(QKeySequence::Undo))
        return d->edits.undoStack()->undo();
    if (isRedo(event))
        return d->edits.undoStack()->redo();
    if (isDuplicate(event))
        return duplicateSelected();
    if (const auto tool = toolOf(event))
        return setTool(*tool);
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (d->tool != AnnotationTool::Select)
            return placeInMiddle();
        return editText(d->edits.selected());
    case Qt::Key_F2:
        return editText(d->edits.selected());
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        return removeSelected();
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoomBy(zoomStep);
    case Qt::Key_Minus:
        return zoomBy(1 / zoomStep);
    case Qt::Key_0:
        return fit();
    default:
        if (!d->nudge(this, event->key(), event->modifiers()))
            QWidget::keyPressEvent(event);
    }
}

bool AnnotationCanvas::event(QEvent *event)
{
    // A window's own shortcuts must not take the keys that work on marks.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Undo) || isRedo(key) || isDuplicate(key) || toolOf(key) ||
            key->key() == Qt::Key_Delete) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

/// Tab goes through the marks and then on, so that nobody is held here.
bool AnnotationCanvas::focusNextPrevChild(bool next)
{
    if (d->editing || d->hand != Private::Hand::None)
        return QWidget::focusNextPrevChild(next);
    const qsizetype count = d->edits.marks().size(), at = d->edits.selected();
    const qsizetype to = at < 0 ? (next ? 0 : -1) : next ? at + 1 : at - 1;
    if (to < 0 && at < 0)
        return QWidget::focusNextPrevChild(next);
    if (to >= count) {
        d->edits.select(-1);
        return QWidget::focusNextPrevChild(next);
    }
    d->edits.select(to); // Before the first: the picture itself
    d->reveal(this, to);
    return true;
}

void AnnotationCanvas::focusInEvent(QFocusEvent *event)
{
    // Who comes backwards begins with the last mark.
    if (event->reason() == Qt::BacktabFocusReason)
        d->edits.select(d->edits.marks().size() - 1);
    annotationaccess::selectionChanged(this, d->edits.selected());
    QWidget::focusInEvent(event);
    update();
}

void AnnotationCanvas::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace understudy
