// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/TextShapes.h"

#include "paint/PaintUnits.h"

#include <QFontMetricsF>
#include <QTextLayout>

#include <memory>
#include <vector>

namespace understudy {

namespace {

constexpr qsizetype mostTexts = 8000;
constexpr size_t mostFonts = 64;

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

} // namespace

TextShapes &TextShapes::of(const QFont &font)
{
    thread_local std::vector<std::unique_ptr<TextShapes>> known;
    for (const auto &one : known) {
        if (one->m_font.isCopyOf(font))
            return *one;
    }
    for (const auto &one : known) {
        if (one->m_font == font)
            return *one;
    }
    if (known.size() >= mostFonts)
        known.clear();
    known.push_back(std::make_unique<TextShapes>(font));
    return *known.back();
}

TextShapes::TextShapes(const QFont &font) : m_font(font), m_raw(QRawFont::fromFont(font))
{
    const QFontMetricsF metrics(font);
    m_ascent = metrics.ascent();
    m_descent = metrics.descent();
    double narrowest = 1e9;
    for (char16_t c = u'0'; c <= u'9'; ++c) {
        const double width = metrics.horizontalAdvance(QChar(c));
        m_digit = qMax(m_digit, width);
        narrowest = qMin(narrowest, width);
    }
    m_even = m_digit - narrowest < 0.01;
}

/// Numbers with their units change at every look: their glyphs are put side by side without a layout.
bool TextShapes::plain(const QString &text, TextShape &shape)
{
    if (text.size() > 48 || !m_raw.isValid())
        return false;
    bool number = false;
    for (const QChar c : text) {
        if (c < u' ' || c > u'~')
            return false;
        number = number || isDigit(c);
    }
    if (!number)
        return false;
    const QList<quint32> glyphs = m_raw.glyphIndexesForString(text);
    if (glyphs.size() != text.size() || glyphs.contains(0))
        return false;
    const QList<QPointF> advances = m_raw.advancesForGlyphIndexes(glyphs);
    QList<QPointF> positions;
    positions.reserve(glyphs.size());
    double x = 0;
    for (qsizetype i = 0; i < glyphs.size(); ++i) {
        const double advance = advances.at(i).x();
        const double cell = isDigit(text.at(i)) ? m_digit : advance;
        positions << QPointF(x + (cell - advance) / 2, 0);
        x += cell;
    }
    QGlyphRun run;
    run.setRawFont(m_raw);
    run.setGlyphIndexes(glyphs);
    run.setPositions(positions);
    shape.runs << run;
    shape.width = x;
    return true;
}

void TextShapes::add(const QString &part, double x, TextShape &shape)
{
    QTextLayout layout(part, m_font);
    layout.beginLayout();
    const QTextLine line = layout.createLine();
    layout.endLayout();
    if (!line.isValid())
        return;
    const QList<QGlyphRun> runs = layout.glyphRuns();
    for (QGlyphRun run : runs) {
        QList<QPointF> positions = run.positions();
        for (QPointF &at : positions)
            at += QPointF(x, -line.ascent());
        run.setPositions(positions);
        if (!shape.runs.isEmpty() && shape.runs.constLast().rawFont() == run.rawFont()) {
            QGlyphRun &last = shape.runs.last();
            last.setGlyphIndexes(last.glyphIndexes() + run.glyphIndexes());
            last.setPositions(last.positions() + positions);
        } else {
            shape.runs << run;
        }
    }
    shape.width = qMax(shape.width, x + line.naturalTextWidth());
}

const TextShape &TextShapes::shape(const QString &text)
{
    if (const auto it = m_shapes.constFind(text); it != m_shapes.constEnd())
        return *it;
    if (m_shapes.size() >= mostTexts)
        m_shapes.clear();
    TextShape shape;
    if (!plain(text, shape)) {
        if (m_even) {
            add(text, 0, shape);
        } else {
            double x = 0;
            for (qsizetype i = 0; i < text.size();) {
                qsizetype end = i + 1;
                if (!isDigit(text.at(i))) {
                    while (end < text.size() && !isDigit(text.at(end)))
                        ++end;
                }
                const QString part = text.mid(i, end - i);
                TextShape one;
                add(part, 0, one);
                const double cell = isDigit(text.at(i)) ? m_digit : one.width;
                add(part, x + (cell - one.width) / 2, shape);
                x += cell;
                i = end;
            }
            shape.width = x;
        }
    }
    return *m_shapes.insert(text, shape);
}

QString TextShapes::cut(const QString &text, double width, Qt::TextElideMode mode)
{
    const Cut key{text, int(qBound(0.0, width, 1e6) * 64), int(mode)};
    if (const auto it = m_cuts.constFind(key); it != m_cuts.constEnd())
        return *it;
    if (m_cuts.size() >= mostTexts)
        m_cuts.clear();
    const QString cut = QFontMetricsF(m_font).elidedText(oneLine(text), mode, qMax(0.0, width));
    m_cuts.insert(key, cut);
    return cut;
}

} // namespace understudy
