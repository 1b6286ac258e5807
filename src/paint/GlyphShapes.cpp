// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/GlyphShapes.h"

#include <QPainterPathStroker>

#include <array>

namespace understudy {

namespace {

QPainterPath outlined(const QPainterPath &path, double width, const QList<double> &dashes = {})
{
    QPainterPathStroker stroker;
    stroker.setWidth(width);
    stroker.setCapStyle(dashes.isEmpty() ? Qt::RoundCap : Qt::FlatCap);
    stroker.setJoinStyle(Qt::RoundJoin);
    if (!dashes.isEmpty()) {
        QList<qreal> pattern;
        for (const double dash : dashes)
            pattern << dash / width;
        stroker.setDashPattern(pattern);
    }
    return stroker.createStroke(path).simplified();
}

QPainterPath lines(const QList<QPolygonF> &polylines)
{
    QPainterPath path;
    for (const QPolygonF &line : polylines)
        path.addPolygon(line);
    return path;
}

QPainterPath disc(double radius)
{
    QPainterPath path;
    path.addEllipse(QPointF(8, 8), radius, radius);
    return path;
}

QPainterPath octagon()
{
    QPainterPath path;
    path.addPolygon(QPolygonF({{5.4, 1.5},
                               {10.6, 1.5},
                               {14.5, 5.4},
                               {14.5, 10.6},
                               {10.6, 14.5},
                               {5.4, 14.5},
                               {1.5, 10.6},
                               {1.5, 5.4}}));
    path.closeSubpath();
    return path;
}

QPainterPath triangle()
{
    QPainterPath path;
    path.addPolygon(QPolygonF({{8, 1.7}, {15, 14.2}, {1, 14.2}}));
    path.closeSubpath();
    return path.united(outlined(path, 1.4));
}

QPainterPath square()
{
    QPainterPath path;
    path.addRoundedRect(QRectF(1.5, 1.5, 13, 13), 3, 3);
    return path;
}

QPainterPath dots(const QList<QPointF> &centres, double diameter)
{
    QPainterPath path;
    for (const QPointF &centre : centres)
        path.addEllipse(centre, diameter / 2, diameter / 2);
    return path;
}

GlyphLayer shape(const QPainterPath &path)
{
    return {path, false};
}

GlyphLayer inside(const QPainterPath &path)
{
    return {path, true};
}

QPainterPath dashedCircle()
{
    return outlined(disc(6.2), 1.5, {2.4, 2.5});
}

QPainterPath question()
{
    QPainterPath path(QPointF(6.3, 6.7));
    path.cubicTo(6.3, 4.5, 9.7, 4.5, 9.7, 6.6);
    path.cubicTo(9.7, 7.8, 8, 7.8, 8, 8.9);
    QPainterPath whole = outlined(path, 1.4);
    whole.addPath(dots({{8, 10.95}}, 1.5));
    return whole;
}

QPainterPath check()
{
    return outlined(lines({QPolygonF({{4.8, 8.3}, {7, 10.5}, {11.2, 5.7}})}), 1.8);
}

QPainterPath cross()
{
    return outlined(lines({QPolygonF({{5.6, 5.6}, {10.4, 10.4}}), QPolygonF({{10.4, 5.6}, {5.6, 10.4}})}),
                    1.8);
}

QPainterPath bar(double from, double to, double y, double width)
{
    return outlined(lines({QPolygonF({{from, y}, {to, y}})}), width);
}

QPainterPath exclamation()
{
    QPainterPath path = outlined(lines({QPolygonF({{8, 6}, {8, 9.6}})}), 1.9);
    path.addPath(dots({{8, 12.05}}, 1.9));
    return path;
}

/// The wave of a cylinder's side, from the left edge to the right one.
void addBand(QPainterPath &path, double y)
{
    path.moveTo(3.5, y);
    path.cubicTo(3.5, y + 1, 5.5, y + 1.8, 8, y + 1.8);
    path.cubicTo(10.5, y + 1.8, 12.5, y + 1, 12.5, y);
}

QList<GlyphLayer> cylinder()
{
    QPainterPath path;
    path.addEllipse(QPointF(8, 4), 4.5, 1.8);
    path.moveTo(3.5, 4);
    path.lineTo(3.5, 12);
    addBand(path, 12);
    path.moveTo(12.5, 12);
    path.lineTo(12.5, 4);
    addBand(path, 8);
    return {shape(outlined(path, 1.3))};
}

QList<GlyphLayer> filledCylinder()
{
    QPainterPath body;
    body.moveTo(3.5, 4);
    body.lineTo(3.5, 12);
    body.cubicTo(3.5, 13, 5.5, 13.8, 8, 13.8);
    body.cubicTo(10.5, 13.8, 12.5, 13, 12.5, 12);
    body.lineTo(12.5, 4);
    body.closeSubpath();
    QPainterPath lid;
    lid.addEllipse(QPointF(8, 4), 4.5, 1.8);
    const QPainterPath whole = body.united(lid);
    QPainterPath bands;
    for (const double y : {6.9, 10.2}) {
        bands.moveTo(4.4, y);
        bands.cubicTo(5.2, y + .5, 6.5, y + .8, 8, y + .8);
        bands.cubicTo(9.5, y + .8, 10.8, y + .5, 11.6, y);
    }
    return {shape(whole.united(outlined(whole, 1.3))), inside(outlined(bands, 1.1))};
}

QList<GlyphLayer> lockedSquare()
{
    QPainterPath frame;
    frame.addRoundedRect(QRectF(2, 2, 12, 12), 3, 3);
    QPainterPath lock;
    lock.addRect(QRectF(5.4, 8, 5.2, 3.2));
    lock.moveTo(6.4, 8);
    lock.lineTo(6.4, 6.6);
    lock.arcTo(QRectF(6.4, 5, 3.2, 3.2), 180, -180);
    lock.lineTo(9.6, 8);
    return {shape(outlined(frame, 1.5)), shape(outlined(lock, 1.3))};
}

QList<GlyphLayer> runningRing()
{
    QPainterPath arc;
    arc.arcMoveTo(QRectF(1.8, 1.8, 12.4, 12.4), 90);
    arc.arcTo(QRectF(1.8, 1.8, 12.4, 12.4), 90, -285);
    return {inside(outlined(disc(6.2), 1.8)), shape(outlined(arc, 1.8))};
}

QList<GlyphLayer> build(Glyph glyph)
{
    const auto upright = [](double x) { return QPolygonF({{x, 5.2}, {x, 10.8}}); };
    const auto chevron = [](double x) { return QPolygonF({{x, 5.2}, {x + 2.8, 8}, {x, 10.8}}); };
    switch (glyph) {
    case Glyph::Up:
    case Glyph::CaughtUp:
    case Glyph::CheckPass:
        return {shape(disc(7)), inside(check())};
    case Glyph::Replaying:
        return {shape(disc(7)), inside(outlined(lines({chevron(4.9), chevron(8.6)}), 1.6))};
    case Glyph::Idle:
        return {shape(disc(7)), inside(bar(5, 11, 8, 1.8))};
    case Glyph::Lagging:
    case Glyph::CheckWarning:
    case Glyph::FindingWarning:
        return {shape(triangle()), inside(exclamation())};
    case Glyph::LinkStalled:
        return {shape(triangle()), inside(bar(5.2, 10.8, 10.4, 2.4))};
    case Glyph::ReplayPaused:
        return {shape(square()), inside(outlined(lines({upright(6), upright(10)}), 2))};
    case Glyph::CheckWaived:
        return {shape(square()), inside(bar(5, 11, 8, 1.9))};
    case Glyph::Disconnected:
    case Glyph::NoReceiver:
    case Glyph::CheckFail:
    case Glyph::FindingCritical:
        return {shape(octagon()), inside(cross())};
    case Glyph::Down:
        return {shape(octagon()), inside(bar(5, 11, 8, 1.9))};
    case Glyph::NotResponding:
        return {shape(outlined(octagon(), 1.5)), shape(dots({{4.95, 8}, {8, 8}, {11.05, 8}}, 1.9))};
    case Glyph::Ghost:
    case Glyph::Unknown:
        return {shape(dashedCircle()), shape(question())};
    case Glyph::Planned:
        return {shape(dashedCircle()),
                shape(outlined(lines({QPolygonF({{8, 5.4}, {8, 10.6}}), QPolygonF({{5.4, 8}, {10.6, 8}})}),
                               1.5))};
    case Glyph::NoPermission:
        return lockedSquare();
    case Glyph::CheckRunning:
        return runningRing();
    case Glyph::CheckWaiting:
        return {shape(outlined(disc(6.2), 1.2))};
    case Glyph::FindingNotice: {
        QPainterPath letter = outlined(lines({QPolygonF({{8, 7.4}, {8, 11}})}), 1.8);
        letter.addPath(dots({{8, 5.05}}, 1.8));
        return {shape(disc(7)), inside(letter)};
    }
    case Glyph::Cylinder:
        return cylinder();
    case Glyph::CylinderFilled:
        return filledCylinder();
    }
    return {};
}

constexpr int glyphCount = int(Glyph::CylinderFilled) + 1;

} // namespace

const QList<GlyphLayer> &glyphLayers(Glyph glyph)
{
    static const std::array<QList<GlyphLayer>, glyphCount> all = [] {
        std::array<QList<GlyphLayer>, glyphCount> built;
        for (int i = 0; i < glyphCount; ++i)
            built[size_t(i)] = build(Glyph(i));
        return built;
    }();
    return all[size_t(qBound(0, int(glyph), glyphCount - 1))];
}

} // namespace understudy
