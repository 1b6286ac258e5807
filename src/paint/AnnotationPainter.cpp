// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/AnnotationShapes.h"

#include "paint/Numbers.h"
#include "paint/PaintUnits.h"

#include <QPainterPathStroker>

namespace understudy {

namespace {

using namespace annotation;

/// The path and a rim of @p width around it, with round corners.
void fillWithRim(QPainter &painter, const QPainterPath &path, double width, const QColor &color)
{
    QPainterPathStroker stroker(QPen(color, 2 * width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.fillPath(stroker.createStroke(path), color);
    painter.fillPath(path, color);
}

void fillRounded(QPainter &painter, const QRectF &rect, double radius, const QColor &color)
{
    QPainterPath path;
    path.addRoundedRect(rect, radius, radius);
    painter.fillPath(path, color);
}

/// @p rect grown by @p by on every side.
QRectF grown(const QRectF &rect, double by)
{
    return rect.adjusted(-by, -by, by, by);
}

void paintBox(QPainter &painter, const Annotation &mark, const AnnotationPlace &place, const Theme &theme)
{
    const double k = scaleOf(place);
    const QRectF box =
        onPixels(painter, QRectF(place.toPicture.map(mark.at), place.toPicture.map(mark.end)).normalized());
    const double half = stroke * k / 2;
    const auto ring = [&](double out, double in, const QColor &color) {
        const QRectF outer = grown(box, out), inner = grown(box, -in);
        const double radius = qMin(boxRadius * k + out - half, qMin(outer.width(), outer.height()) / 2);
        QPainterPath path;
        path.setFillRule(Qt::OddEvenFill);
        path.addRoundedRect(outer, radius, radius);
        if (inner.width() > 0 && inner.height() > 0) {
            const double inside = qMax(0.0, radius - out - in);
            path.addRoundedRect(inner, inside, inside);
        }
        painter.fillPath(path, color);
    };
    ring(half + halo * k, half + halo * k, theme.mark);
    ring(half, half, theme.note);
}

void paintFace(QPainter &painter, const Shape &shape, const AnnotationPlace &place, const Theme &theme)
{
    const double k = scaleOf(place);
    const QRectF face = onPixels(painter, shape.face);
    fillRounded(painter, grown(face, halo * k), shape.faceRadius + halo * k, theme.mark);
    fillFramed(painter, face, shape.faceRadius, theme.note, theme.panel, edge * k);
}

void paintText(QPainter &painter, const Shape &shape, const QColor &color)
{
    if (!shape.text.layout)
        return;
    painter.setPen(color);
    shape.text.layout->draw(&painter, shape.textAt);
}

void paintCallout(QPainter &painter, const Annotation &mark, const Shape &shape, const AnnotationPlace &place,
                  const Theme &theme)
{
    const double k = scaleOf(place);
    const QRectF disc = onPixels(painter, shape.disc);
    fillRounded(painter, grown(disc, halo * k), disc.width() / 2 + halo * k, theme.mark);
    if (!shape.face.isEmpty())
        paintFace(painter, shape, place, theme);
    fillRounded(painter, disc, disc.width() / 2, theme.note);
    const QString number = QString::number(mark.number);
    painter.setPen(theme.mark);
    drawTabular(painter,
                textFont(number.size() > 2 ? TextRole::LabelStrong : TextRole::BodyStrong, place.font), disc,
                Qt::AlignCenter, number);
    paintText(painter, shape, theme.text);
}

void paintOne(QPainter &painter, const Annotation &mark, const AnnotationPlace &place, const Theme &theme)
{
    const double k = scaleOf(place);
    const Shape shape = shapeOf(mark, place);
    switch (mark.kind) {
    case Annotation::Kind::Arrow:
        if (shape.ink.isEmpty())
            return;
        fillWithRim(painter, shape.ink, (halo + .5) * k, theme.mark);
        fillWithRim(painter, shape.ink, .5 * k, theme.note); // Rounds the corners.
        break;
    case Annotation::Kind::Box:
        paintBox(painter, mark, place, theme);
        break;
    case Annotation::Kind::Text:
        if (!shape.text.layout)
            return;
        paintFace(painter, shape, place, theme);
        paintText(painter, shape, theme.text);
        break;
    case Annotation::Kind::Callout:
        paintCallout(painter, mark, shape, place, theme);
        break;
    }
}

} // namespace

void paintAnnotations(QPainter &painter, const QList<Annotation> &marks, const QTransform &toPicture,
                      const Theme &theme, const QFont &font, const QRectF &page)
{
    const AnnotationPlace place{toPicture, font, page};
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    for (const Annotation &mark : marks)
        paintOne(painter, mark, place, theme);
    painter.restore();
}

} // namespace understudy
