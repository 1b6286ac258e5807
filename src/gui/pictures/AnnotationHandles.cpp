// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pictures/AnnotationHandles.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace understudy::handles {

namespace {

QRectF boxOf(const Annotation &mark, const AnnotationPlace &place)
{
    return QRectF(place.toPicture.map(mark.at), place.toPicture.map(mark.end)).normalized();
}

QPointF back(const QPointF &point, const AnnotationPlace &place)
{
    return place.toPicture.inverted().map(point);
}

/// Whether the text stands to the left of a callout, so that its width grows to the left.
bool growsLeft(const annotation::Shape &shape)
{
    return !shape.disc.isEmpty() && shape.face.left() < shape.disc.left() - 1;
}

Annotation moved(Annotation mark, QPointF delta, bool constrained, const AnnotationPlace &place)
{
    if (constrained)
        (std::abs(delta.x()) >= std::abs(delta.y()) ? delta.ry() : delta.rx()) = 0;
    // Text stands where the page let it stand, which need not be where it was put.
    const annotation::Shape shape = annotation::shapeOf(mark, place);
    const bool callout = mark.kind == Annotation::Kind::Callout;
    const QPointF end = place.toPicture.map(mark.end);
    const QPointF at = callout          ? shape.disc.center()
                       : mark.hasText() ? shape.face.topLeft()
                                        : place.toPicture.map(mark.at);
    const QRectF all = callout ? shape.disc : mark.hasText() ? shape.face : QRectF(at, end).normalized();
    if (const QRectF &page = place.page; !page.isEmpty()) {
        const auto kept = [](double by, double low, double high, double from, double to) {
            return high - low >= to - from ? by : qBound(from - low, by, to - high);
        };
        delta.rx() = kept(delta.x(), all.left(), all.right(), page.left(), page.right());
        delta.ry() = kept(delta.y(), all.top(), all.bottom(), page.top(), page.bottom());
    }
    mark.at = back(at + delta, place);
    mark.end = mark.hasText() ? mark.at : back(end + delta, place);
    return mark;
}

Annotation withWidth(Annotation mark, double delta, const AnnotationPlace &place)
{
    const annotation::Shape shape = annotation::shapeOf(mark, place);
    const double k = annotation::scaleOf(place);
    const double wide = shape.text.layout ? shape.text.size.width() / k : annotation::usualTextWidth;
    mark.width = qBound(annotation::narrowestText, wide + (growsLeft(shape) ? -delta : delta) / k,
                        annotation::widestText);
    return mark;
}

Annotation withEdges(Annotation mark, MarkHandle handle, const QPointF &delta, bool constrained,
                     const AnnotationPlace &place)
{
    using H = MarkHandle;
    const QRectF box = boxOf(mark, place);
    const auto is = [handle](std::initializer_list<H> some) {
        return std::find(some.begin(), some.end(), handle) != some.end();
    };
    const bool left = is({H::TopLeft, H::Left, H::BottomLeft}), top = is({H::TopLeft, H::Top, H::TopRight});
    const bool right = is({H::TopRight, H::Right, H::BottomRight});
    const bool bottom = is({H::BottomLeft, H::Bottom, H::BottomRight});
    // The opposite corner stays; an edge alone moves along its own axis.
    const QPointF fixed(left ? box.right() : box.left(), top ? box.bottom() : box.top());
    QPointF free(left ? box.left() : box.right(), top ? box.top() : box.bottom());
    free += QPointF(left || right ? delta.x() : 0, top || bottom ? delta.y() : 0);
    free = onPage(free, place.page);
    if (constrained && (left || right) && (top || bottom))
        free = constrainedEnd(Annotation::Kind::Box, fixed, free);
    mark.at = back(fixed, place);
    mark.end = back(free, place);
    return mark;
}

} // namespace

QPointF onPage(const QPointF &point, const QRectF &page)
{
    if (page.isEmpty())
        return point;
    return {qBound(page.left(), point.x(), page.right()), qBound(page.top(), point.y(), page.bottom())};
}

QList<Place> of(const Annotation &mark, const AnnotationPlace &place)
{
    using H = MarkHandle;
    switch (mark.kind) {
    case Annotation::Kind::Arrow:
        return {{H::Start, place.toPicture.map(mark.at)}, {H::End, place.toPicture.map(mark.end)}};
    case Annotation::Kind::Box: {
        const QRectF box = boxOf(mark, place);
        const QPointF middle = box.center();
        return {{H::TopLeft, box.topLeft()},         {H::Top, {middle.x(), box.top()}},
                {H::TopRight, box.topRight()},       {H::Right, {box.right(), middle.y()}},
                {H::BottomRight, box.bottomRight()}, {H::Bottom, {middle.x(), box.bottom()}},
                {H::BottomLeft, box.bottomLeft()},   {H::Left, {box.left(), middle.y()}}};
    }
    case Annotation::Kind::Text:
    case Annotation::Kind::Callout:
        break;
    }
    const annotation::Shape shape = annotation::shapeOf(mark, place);
    if (shape.face.isEmpty())
        return {};
    return {
        {H::TextWidth, {growsLeft(shape) ? shape.face.left() : shape.face.right(), shape.face.center().y()}}};
}

Annotation dragged(const Annotation &mark, MarkHandle handle, QPointF delta, bool constrained,
                   const AnnotationPlace &place)
{
    Annotation out = mark;
    switch (handle) {
    case MarkHandle::Whole:
        return moved(mark, delta, constrained, place);
    case MarkHandle::TextWidth:
        return withWidth(mark, delta.x(), place);
    case MarkHandle::Start:
    case MarkHandle::End: {
        const bool start = handle == MarkHandle::Start;
        const QPointF fixed = place.toPicture.map(start ? mark.end : mark.at);
        QPointF free = onPage(place.toPicture.map(start ? mark.at : mark.end) + delta, place.page);
        if (constrained)
            free = constrainedEnd(mark.kind, fixed, free);
        (start ? out.at : out.end) = back(free, place);
        return out;
    }
    default:
        return withEdges(mark, handle, delta, constrained, place);
    }
}

QPointF constrainedEnd(Annotation::Kind kind, const QPointF &from, const QPointF &to)
{
    const QPointF way = to - from;
    if (kind == Annotation::Kind::Box) {
        const double side = qMax(std::abs(way.x()), std::abs(way.y()));
        return from + QPointF(std::copysign(side, way.x()), std::copysign(side, way.y()));
    }
    const double step = std::numbers::pi / 4;
    const double angle = std::round(std::atan2(way.y(), way.x()) / step) * step;
    // As far along that direction as the pointer is.
    const QPointF along(std::cos(angle), std::sin(angle));
    return from + along * (way.x() * along.x() + way.y() * along.y());
}

MarkHandle stretched(const Annotation &mark)
{
    if (mark.kind == Annotation::Kind::Arrow)
        return MarkHandle::End;
    return mark.kind == Annotation::Kind::Box ? MarkHandle::BottomRight : MarkHandle::TextWidth;
}

} // namespace understudy::handles
