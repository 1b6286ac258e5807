// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/AnnotationAccessible.h"
#include "gui/pictures/AnnotationCanvasPrivate.h"

#include "gui/Style.h"

#include <QEvent>
#include <QResizeEvent>

namespace understudy {

AnnotationCanvas::AnnotationCanvas(QWidget *parent) : QWidget(parent), d(std::make_unique<Private>())
{
    annotationaccess::install();
    setFocusPolicy(Qt::StrongFocus);
    setProperty("focusRing", true);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    d->editor = new AnnotationEditor(this);
    connect(d->editor, &AnnotationEditor::finished, this, [this](const QString &text) {
        d->closeEditor(text);
        update();
    });
    connect(&d->edits, &AnnotationEdits::changed, this, [this] {
        d->told(this);
        annotationaccess::marksChanged(this);
        update();
        Q_EMIT changed();
    });
    connect(&d->edits, &AnnotationEdits::selectionChanged, this, [this] {
        annotationaccess::selectionChanged(this, d->edits.selected());
        update();
        Q_EMIT selectionChanged();
    });
    connect(&d->backdrop, &CanvasBackdrop::drawn, this, [this] {
        update();
        Q_EMIT pictureDrawn();
    });
    connect(&Style::instance(), &Style::changed, this, qOverload<>(&QWidget::update));
    d->told(this);
}

AnnotationCanvas::~AnnotationCanvas()
{
    d->editor->disconnect(this); // It tells of its end when it goes with its parent.
}

void AnnotationCanvas::setPicture(const CanvasPicture &picture)
{
    finishEditing();
    d->hand = Private::Hand::None;
    d->picture = picture;
    // What cannot be turned round cannot be drawn on.
    if (!picture.sceneToPicture.isInvertible())
        d->picture.sceneToPicture = {};
    d->backdrop.setPaint(picture.paint);
    d->sight.setPicture(picture.size);
    d->told(this);
    update();
    Q_EMIT zoomChanged();
}

const CanvasPicture &AnnotationCanvas::picture() const
{
    return d->picture;
}

void AnnotationCanvas::setPlaceName(const annotationwords::PlaceName &placeName)
{
    d->placeName = placeName;
}

QList<Annotation> AnnotationCanvas::marks() const
{
    return d->edits.marks();
}

void AnnotationCanvas::setMarks(const QList<Annotation> &marks)
{
    finishEditing();
    d->hand = Private::Hand::None;
    d->edits.reset(marks);
}

AnnotationEdits &AnnotationCanvas::edits()
{
    return d->edits;
}

AnnotationPlace AnnotationCanvas::place() const
{
    return d->place();
}

AnnotationTool AnnotationCanvas::tool() const
{
    return d->tool;
}

void AnnotationCanvas::setTool(AnnotationTool tool)
{
    finishEditing();
    if (tool == d->tool)
        return;
    d->tool = tool;
    d->told(this);
    d->updateCursor(this, mapFromGlobal(QCursor::pos()));
    update();
    Q_EMIT toolChanged();
}

bool AnnotationCanvas::isEditing() const
{
    return d->editing;
}

void AnnotationCanvas::finishEditing()
{
    d->editor->finish();
}

void AnnotationCanvas::editText(qsizetype mark)
{
    const Annotation *wanted = d->edits.mark(mark);
    if (!wanted || !wanted->hasText() || !isEnabled())
        return;
    finishEditing();
    wanted = d->edits.mark(mark); // Finishing may have removed an empty one.
    if (!wanted)
        return;
    d->edits.select(mark);
    d->openEditor(this, *wanted, mark);
}

void AnnotationCanvas::duplicateSelected()
{
    finishEditing();
    if (const Annotation *mark = d->edits.selectedMark()) {
        d->edits.add(handles::dragged(*mark, MarkHandle::Whole, {16, 16}, false, d->place()),
                     AnnotationEdits::Change::Duplicate);
        d->reveal(this, d->edits.selected());
    }
}

void AnnotationCanvas::removeSelected()
{
    finishEditing();
    d->edits.remove(d->edits.selected());
}

double AnnotationCanvas::zoom() const
{
    return d->sight.zoom();
}

void AnnotationCanvas::zoomBy(double factor)
{
    zoomTo(d->sight.zoom() * factor);
}

void AnnotationCanvas::zoomTo(double zoom)
{
    finishEditing();
    // About what the person works on, else about the middle.
    const QRectF selected = markRect(d->edits.selected());
    d->sight.zoomTo(zoom, selected.isEmpty() ? QRectF(rect()).center() : selected.center());
    update();
    Q_EMIT zoomChanged();
}

void AnnotationCanvas::fit()
{
    finishEditing();
    d->sight.fit();
    update();
    Q_EMIT zoomChanged();
}

QTransform AnnotationCanvas::pictureTransform() const
{
    return QTransform::fromScale(d->sight.zoom(), d->sight.zoom()) *
           QTransform::fromTranslate(d->sight.origin().x(), d->sight.origin().y());
}

QRectF AnnotationCanvas::markRect(qsizetype mark) const
{
    const Annotation *one = d->edits.mark(mark);
    return one ? d->sight.toWidget(annotation::bounds(*one, d->place())) : QRectF();
}

QString AnnotationCanvas::describe(qsizetype mark) const
{
    const Annotation *one = d->edits.mark(mark);
    return one ? annotationwords::describe(*one, d->place(), d->placeName) : QString();
}

bool AnnotationCanvas::isPictureShown() const
{
    return d->backdrop.isCurrent();
}

int AnnotationCanvas::picturesDrawn() const
{
    return d->backdrop.drawnTimes();
}

void AnnotationCanvas::resizeEvent(QResizeEvent *)
{
    finishEditing();
    d->sight.setWidget(size(), devicePixelRatioF());
    Q_EMIT zoomChanged();
}

void AnnotationCanvas::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::EnabledChange) {
        finishEditing();
        d->hand = Private::Hand::None;
        update();
    }
    QWidget::changeEvent(event);
}

AnnotationPlace AnnotationCanvas::Private::place() const
{
    return {picture.sceneToPicture, picture.font, QRectF(QPointF(), picture.size)};
}

QPointF AnnotationCanvas::Private::toScene(const QPointF &picturePoint) const
{
    return picture.sceneToPicture.inverted().map(picturePoint);
}

void AnnotationCanvas::Private::openEditor(AnnotationCanvas *canvas, const Annotation &mark, qsizetype index)
{
    editing = true;
    edited = index;
    draft = mark;
    const double zoom = sight.zoom(), k = annotation::scaleOf(place());
    // As wide as the text may be, so that it wraps where it will.
    const double wraps = (mark.width > 0 ? mark.width : annotation::usualTextWidth) * k * zoom;
    const annotation::Shape shape = annotation::shapeOf(mark, place());
    QFont font = annotation::textFontOf(place());
    font.setPixelSize(qMax(11, qRound(QFontInfo(font).pixelSize() * zoom)));
    canvas->update();
    editor->open(mark.text, sight.toWidget(shape.textAt), wraps, font);
}

void AnnotationCanvas::Private::closeEditor(const QString &text)
{
    if (!editing)
        return;
    editing = false;
    Annotation mark = draft;
    mark.text = annotation::harmless(text).trimmed();
    const bool nothing = mark.kind == Annotation::Kind::Text && mark.text.isEmpty();
    if (edited < 0) {
        if (!nothing)
            edits.add(mark);
    } else if (nothing) {
        edits.remove(edited);
    } else {
        edits.replace(edited, mark, AnnotationEdits::Change::Text);
    }
}

void AnnotationCanvas::Private::told(AnnotationCanvas *canvas)
{
    const QString name = tr("Picture, %1").arg(annotationwords::count(edits.marks()));
    if (canvas->accessibleName() != name)
        canvas->setAccessibleName(name);
    QStringList sentences{picture.words,
                          edits.marks().isEmpty() ? annotationwords::doingOf(tool) : QString()};
    sentences.removeAll(QString());
    const QString words = sentences.join(QStringLiteral(". "));
    if (canvas->accessibleDescription() != words)
        canvas->setAccessibleDescription(words);
}

} // namespace understudy
