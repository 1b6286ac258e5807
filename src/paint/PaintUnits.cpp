// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/PaintUnits.h"

#include "paint/TextShapes.h"

#include <QFontInfo>
#include <QHash>
#include <QPaintEngine>
#include <QPainterPath>

#include <cmath>

namespace understudy {

namespace {

double pixelsOf(const QFont &font)
{
    return font.pixelSize() > 0 ? font.pixelSize() : QFontInfo(font).pixelSize();
}

} // namespace

double textScale(const QFont &base)
{
    return qBound(0.5, pixelsOf(base) / 13.0, 4.0);
}

const GraphFonts &graphFonts(const QFont &base)
{
    thread_local QHash<QString, GraphFonts> known;
    const QString key = base.family() + base.styleName();
    auto it = known.find(key);
    if (it == known.end()) {
        QFont unit = base;
        unit.setPixelSize(13);
        it = known.insert(key, {textFont(TextRole::Node, unit), textFont(TextRole::Body, unit),
                                textFont(TextRole::BodyStrong, unit), textFont(TextRole::Small, unit),
                                textFont(TextRole::SmallStrong, unit), textFont(TextRole::Label, unit),
                                textFont(TextRole::LabelStrong, unit), textFont(TextRole::MonoSmall, unit)});
    }
    return *it;
}

double unitsPerScene(const GraphStyle &style)
{
    return style.zoom / textScale(style.font);
}

QRectF onPixels(const QPainter &painter, const QRectF &rect)
{
    const QTransform transform = painter.deviceTransform();
    if (transform.type() > QTransform::TxScale)
        return rect;
    const QRectF device = transform.mapRect(rect);
    const QPointF from(std::round(device.left()), std::round(device.top()));
    const QPointF to(std::round(device.right()), std::round(device.bottom()));
    return transform.inverted().mapRect(QRectF(from, to));
}

bool paintsPixels(const QPainter &painter)
{
    const QPaintEngine *engine = painter.paintEngine();
    return engine && engine->type() == QPaintEngine::Raster;
}

void fillFramed(QPainter &painter, const QRectF &rect, double radius, const QColor &edge, const QColor &face,
                double width)
{
    QPainterPath outer, inner;
    outer.addRoundedRect(rect, radius, radius);
    const double innerRadius = qMax(0.0, radius - width);
    inner.addRoundedRect(rect.adjusted(width, width, -width, -width), innerRadius, innerRadius);
    if (face.alpha() > 0 && painter.opacity() >= 1) {
        painter.fillPath(outer, edge);
    } else {
        // A ring: where things are dimmed, the edge's colour must not shine through the face.
        QPainterPath ring = outer;
        ring.addPath(inner);
        ring.setFillRule(Qt::OddEvenFill);
        painter.fillPath(ring, edge);
    }
    if (face.alpha() > 0)
        painter.fillPath(inner, face);
}

void strokeDashed(QPainter &painter, const QRectF &rect, double radius, const QColor &edge)
{
    QPen pen(edge, 1);
    pen.setCosmetic(true);
    pen.setCapStyle(Qt::FlatCap);
    pen.setDashPattern({4, 3});
    painter.save();
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(rect.adjusted(.5, .5, -.5, -.5), radius, radius);
    painter.restore();
}

QString elided(const QString &text, const QFont &font, double width, Qt::TextElideMode mode)
{
    return TextShapes::of(font).cut(text, width, mode);
}

QString oneLine(const QString &text)
{
    QString line = text.left(400);
    for (QChar &c : line) {
        // Control and direction characters from outside must not reorder what stands beside them.
        if (c.category() == QChar::Other_Control || c.category() == QChar::Other_Format ||
            c.category() == QChar::Separator_Line || c.category() == QChar::Separator_Paragraph)
            c = u' ';
    }
    return line;
}

QString shownName(const Node &node)
{
    return node.name.isEmpty() ? node.id : node.name;
}

QString shownAddress(const Node &node)
{
    if (node.host.isEmpty() || node.port <= 0)
        return node.host;
    const bool v6 = node.host.contains(u':');
    return (v6 ? u'[' + node.host + u']' : node.host) + u':' + QString::number(node.port);
}

} // namespace understudy
