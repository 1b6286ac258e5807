// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/AnnotationShapes.h"

#include "paint/PaintUnits.h"

#include <QPainterPathStroker>

#include <cmath>

namespace understudy::annotation {

namespace {

double length(const QPointF &vector)
{
    return std::hypot(vector.x(), vector.y());
}

/// A shaft that ends in a head with a slight notch; a short arrow has a smaller head.
QPainterPath arrowPath(const QPointF &from, const QPointF &to, double k)
{
    QPainterPath path;
    const double whole = length(to - from);
    if (whole < 1)
        return path;
    const QPointF along = (to - from) / whole, across(-along.y(), along.x());
    const double head = qMin(headLength * k, whole * .6);
    const double half = headWidth / headLength * head / 2;
    const double shaft = qMin(stroke * k / 2, half * .5);
    const QPointF barb = to - along * head, neck = to - along * (head * .86);
    path.moveTo(from + across * shaft);
    path.lineTo(neck + across * shaft);
    path.lineTo(barb + across * half);
    path.lineTo(to);
    path.lineTo(barb - across * half);
    path.lineTo(neck - across * shaft);
    path.lineTo(from - across * shaft);
    path.closeSubpath();
    return path;
}

QPainterPath ringPath(const QRectF &rect, double k)
{
    const double half = stroke * k / 2;
    QPainterPath path;
    path.setFillRule(Qt::OddEvenFill);
    const QRectF outer = rect.adjusted(-half, -half, half, half),
                 inner = rect.adjusted(half, half, -half, -half);
    const double radius = qMin(boxRadius * k, qMin(outer.width(), outer.height()) / 2);
    path.addRoundedRect(outer, radius, radius);
    if (inner.width() > 0 && inner.height() > 0)
        path.addRoundedRect(inner, qMax(0.0, radius - 2 * half), qMax(0.0, radius - 2 * half));
    return path;
}

/// How wide text may be: as asked, as is usual, and never wider than the page.
double textRoom(const Annotation &mark, const AnnotationPlace &place, double taken)
{
    const double k = scaleOf(place);
    double room = (mark.width > 0 ? qBound(narrowestText, mark.width, widestText) : usualTextWidth) * k;
    if (!place.page.isEmpty())
        room = qMin(room, place.page.width() - taken);
    return qMax(room, narrowestText * k / 2);
}

/// @p rect moved into @p page as far as it fits; its top left corner wins.
QRectF keptIn(QRectF rect, const QRectF &page)
{
    if (page.isEmpty())
        return rect;
    rect.moveLeft(qMax(page.left(), qMin(rect.left(), page.right() - rect.width())));
    rect.moveTop(qMax(page.top(), qMin(rect.top(), page.bottom() - rect.height())));
    return rect;
}

void addText(Shape &shape, const Annotation &mark, const AnnotationPlace &place)
{
    const double k = scaleOf(place);
    shape.text = laidOutText(mark.text, textFontOf(place), textRoom(mark, place, 2 * paddingX * k));
    const QSizeF text = shape.text.layout ? shape.text.size : QSizeF(paddingX * k, shape.text.lineHeight);
    const QRectF face(place.toPicture.map(mark.at), text + QSizeF(2 * paddingX * k, 2 * paddingY * k));
    shape.face = keptIn(face, place.page);
    shape.faceRadius = faceRadius * k;
    shape.textAt = shape.face.topLeft() + QPointF(paddingX, paddingY) * k;
}

/// The disc, and a face of the same height that begins behind it: to the right, or to the left where the page
/// has no room; more lines grow downwards, or upwards likewise.
void addCallout(Shape &shape, const Annotation &mark, const AnnotationPlace &place)
{
    const double k = scaleOf(place), size = discSize * k;
    QRectF disc(0, 0, size, size);
    disc.moveCenter(place.toPicture.map(mark.at));
    shape.disc = keptIn(disc, place.page);
    shape.ink.addEllipse(shape.disc);
    const double gap = 6 * k, end = 10 * k;
    shape.text = laidOutText(mark.text, textFontOf(place), textRoom(mark, place, size + gap + end));
    const double above = qMax(2.0, (size - shape.text.lineHeight) / 2);
    shape.textAt = shape.disc.topRight() + QPointF(gap, above);
    if (!shape.text.layout)
        return;
    const QSizeF text = shape.text.size;
    QRectF face(shape.disc.topLeft(), QSizeF(size + gap + text.width() + end, text.height() + 2 * above));
    const QRectF &page = place.page;
    const bool left = !page.isEmpty() && face.right() > page.right() &&
                      shape.disc.right() - page.left() > page.right() - shape.disc.left();
    if (left)
        face.moveRight(shape.disc.right());
    if (!page.isEmpty() && face.bottom() > page.bottom() &&
        shape.disc.bottom() - page.top() > page.bottom() - shape.disc.top())
        face.moveBottom(shape.disc.bottom());
    shape.face = face;
    shape.faceRadius = size / 2;
    shape.textAt = {left ? face.left() + end : face.left() + size + gap, face.top() + above};
}

} // namespace

double scaleOf(const AnnotationPlace &place)
{
    return textScale(place.font);
}

QFont textFontOf(const AnnotationPlace &place)
{
    return textFont(TextRole::BodyMedium, place.font);
}

Shape shapeOf(const Annotation &mark, const AnnotationPlace &place)
{
    Shape shape;
    const double k = scaleOf(place);
    const QPointF at = place.toPicture.map(mark.at), end = place.toPicture.map(mark.end);
    switch (mark.kind) {
    case Annotation::Kind::Arrow:
        shape.ink = arrowPath(at, end, k);
        break;
    case Annotation::Kind::Box:
        shape.ink = ringPath(QRectF(at, end).normalized(), k);
        break;
    case Annotation::Kind::Text:
        addText(shape, mark, place);
        break;
    case Annotation::Kind::Callout:
        addCallout(shape, mark, place);
        break;
    }
    return shape;
}

QRectF bounds(const Annotation &mark, const AnnotationPlace &place)
{
    const Shape shape = shapeOf(mark, place);
    const QRectF all = shape.ink.boundingRect().united(shape.face);
    return all.isEmpty() ? QRectF(place.toPicture.map(mark.at), QSizeF()) : all;
}

bool hits(const Annotation &mark, const AnnotationPlace &place, const QPointF &point, double reach)
{
    const Shape shape = shapeOf(mark, place);
    if (shape.face.adjusted(-reach, -reach, reach, reach).contains(point) && !shape.face.isEmpty())
        return true;
    if (shape.ink.isEmpty() ||
        !shape.ink.boundingRect().adjusted(-reach, -reach, reach, reach).contains(point))
        return false;
    if (shape.ink.contains(point))
        return true;
    QPainterPath around;
    around.addEllipse(point, reach, reach);
    return reach > 0 && shape.ink.intersects(around);
}

qsizetype markAt(const QList<Annotation> &marks, const AnnotationPlace &place, const QPointF &point,
                 double reach)
{
    for (qsizetype i = marks.size() - 1; i >= 0; --i) {
        if (hits(marks.at(i), place, point, reach))
            return i;
    }
    qsizetype smallest = -1;
    double area = 0;
    for (qsizetype i = 0; i < marks.size(); ++i) {
        if (marks.at(i).kind != Annotation::Kind::Box)
            continue;
        const QRectF box = bounds(marks.at(i), place);
        if (box.contains(point) && (smallest < 0 || box.width() * box.height() <= area)) {
            smallest = i;
            area = box.width() * box.height();
        }
    }
    return smallest;
}

} // namespace understudy::annotation
