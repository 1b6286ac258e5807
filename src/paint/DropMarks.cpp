// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/DropMarks.h"

#include "paint/Numbers.h"
#include "paint/PaintUnits.h"

#include <QPainterPath>
#include <cmath>

namespace understudy {

namespace {

constexpr double height = 22, padding = 9, glyphSize = 14, gap = 6, widestAimed = 420, narrowest = 176;

} // namespace

Glyph glyphFor(DropVerdict verdict)
{
    switch (verdict) {
    case DropVerdict::Safe:
        return Glyph::CheckPass;
    case DropVerdict::Risky:
        return Glyph::CheckWarning;
    case DropVerdict::Impossible:
        break;
    }
    return Glyph::Idle; // A bar in a neutral disc: no entry
}

QString words(const DropAdvice &advice)
{
    if (!advice.reason.isEmpty())
        return advice.reason;
    return advice.verdict == DropVerdict::Safe ? QStringLiteral("Safe") : QStringLiteral("Not possible");
}

void paintDropMark(QPainter &painter, const QRectF &card, const DropAdvice &advice, bool aimed,
                   const GraphStyle &style, bool findings)
{
    const Theme &theme = style.theme ? *style.theme : Theme::light();
    const GraphFonts &fonts = graphFonts(style.font);
    const double k = unitsPerScene(style);
    const Glyph glyph = glyphFor(advice.verdict);
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    const QRectF frame = onPixels(painter, card);
    painter.scale(1 / k, 1 / k);
    const double rim = aimed ? 5 : 4;
    const QRectF box = QRectF(frame.topLeft() * k, frame.size() * k).adjusted(-rim, -rim, rim, rim);
    painter.save();
    if (findings && detailLevel(style.zoom) != DetailLevel::Far) {
        QPainterPath rest, count;
        rest.addRect(box.adjusted(-8, -8, 8, 8));
        count.addRoundedRect(findingsPlace(box.right() - rim).translated(0, box.top() + rim), 8, 8);
        painter.setClipPath(rest.subtracted(count), Qt::IntersectClip);
    }
    fillFramed(painter, box, 10, glyphColor(glyph, theme), Qt::transparent, aimed ? 4 : 2);
    painter.restore();
    // From afar only the one that is aimed at has room for words.
    if (detailLevel(style.zoom) == DetailLevel::Far && !aimed) {
        paintGlyph(painter, QRectF(box.right() - glyphSize, box.top() - glyphSize / 2, glyphSize, glyphSize),
                   glyph, theme);
        painter.restore();
        return;
    }
    const double room = aimed ? widestAimed : qMax(narrowest, box.width());
    const QString text =
        elided(words(advice), fonts.labelStrong, room - 2 * padding - glyphSize - gap, Qt::ElideRight);
    const double width = std::ceil(tabularWidth(fonts.labelStrong, text)) + 2 * padding + glyphSize + gap;
    const QRectF pill(std::round(box.center().x() - width / 2), std::round(box.bottom() - height / 2), width,
                      height);
    fillFramed(painter, pill, height / 2, glyphColor(glyph, theme), glyphTint(glyph, theme));
    paintGlyph(painter,
               QRectF(pill.left() + padding, pill.top() + (height - glyphSize) / 2, glyphSize, glyphSize),
               glyph, theme);
    painter.setPen(glyphTextColor(glyph, theme));
    drawTabular(painter, fonts.labelStrong, pill.adjusted(padding + glyphSize + gap, 0, 0, 0),
                Qt::AlignLeft | Qt::AlignVCenter, text);
    painter.restore();
}

} // namespace understudy
