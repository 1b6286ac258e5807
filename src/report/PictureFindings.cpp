// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/PictureFindings.h"

#include "model/Health.h"
#include "paint/Numbers.h"
#include "paint/PaintUnits.h"
#include "paint/StateGlyph.h"

#include <QFontMetricsF>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace understudy {

namespace {

constexpr double headHeight = 24, rowPad = 8, gutter = 24, glyph = 14, indent = 22, titleLine = 18,
                 smallLine = 16, moreHeight = 24;
constexpr int mostTitleLines = 3, mostWordLines = 6;

/// Details by how little room there is: all; notices by title; no advice; titles.
constexpr int details = 4;

QString severityWord(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return QStringLiteral("Critical");
    case Severity::Warning:
        return QStringLiteral("Warning");
    case Severity::Notice:
        break;
    }
    return QStringLiteral("Notice");
}

/// Lines of at most @p width. A word that is longer is broken; what needs more than @p most lines ends in an
/// ellipsis.
QStringList wrapped(const QString &text, const QFont &font, double width, int most)
{
    const QString words = oneLine(text).trimmed();
    if (words.isEmpty())
        return {};
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    QTextLayout layout(words, font);
    layout.setTextOption(option);
    QStringList lines;
    layout.beginLayout();
    for (;;) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(width);
        if (lines.size() + 1 == most && line.textStart() + line.textLength() < words.size()) {
            lines << elided(words.mid(line.textStart()), font, width, Qt::ElideRight);
            break;
        }
        lines << words.mid(line.textStart(), line.textLength()).trimmed();
    }
    layout.endLayout();
    return lines;
}

bool saysEvidence(const Finding &finding, int detail)
{
    return detail == 0 || (detail < 3 && finding.severity != Severity::Notice);
}

bool saysAdvice(const Finding &finding, int detail)
{
    return detail == 0 || (detail == 1 && finding.severity != Severity::Notice);
}

} // namespace

PictureFindings::PictureFindings(const Topology &topology, const QFont &font) : m_font(font)
{
    for (const Cluster &cluster : topology.clusters)
        m_findings += cluster.findings;
    std::stable_sort(m_findings.begin(), m_findings.end(),
                     [](const Finding &a, const Finding &b) { return a.severity < b.severity; });
    for (const Severity severity : {Severity::Critical, Severity::Warning, Severity::Notice})
        m_wordWidth = std::max(m_wordWidth,
                               tabularWidth(textFont(TextRole::SmallStrong, m_font), severityWord(severity)));
}

PictureFindings::Row PictureFindings::row(qsizetype index, double width, int detail) const
{
    const Finding &finding = m_findings.at(index);
    Row row;
    row.finding = index;
    const double words = width - indent;
    row.title = wrapped(finding.title, textFont(TextRole::BodyStrong, m_font), words - m_wordWidth - 8,
                        mostTitleLines);
    if (saysEvidence(finding, detail))
        row.evidence = wrapped(finding.evidence, textFont(TextRole::Small, m_font), words, mostWordLines);
    if (saysAdvice(finding, detail))
        row.advice = wrapped(finding.meaning + u' ' + finding.action, textFont(TextRole::Small, m_font),
                             words, mostWordLines);
    return row;
}

double PictureFindings::heightOf(const Row &row) const
{
    const double body = double(row.evidence.size() + row.advice.size()) * smallLine +
                        (row.evidence.isEmpty() || row.advice.isEmpty() ? 0 : 2) +
                        (row.evidence.isEmpty() && row.advice.isEmpty() ? 0 : 2);
    return double(qMax<qsizetype>(1, row.title.size())) * titleLine + body + 2 * rowPad;
}

bool PictureFindings::tryFit(const QSizeF &room, int columns, int detail, bool cut)
{
    const double width = std::floor((room.width() - (columns - 1) * gutter) / columns);
    const double lineRoom = room.height() - headHeight;
    m_detail = detail;
    m_rows.clear();
    double y = headHeight;
    for (qsizetype i = 0; i < m_findings.size(); i += columns) {
        double tallest = 0;
        QList<Row> line;
        for (qsizetype j = i; j < qMin(i + columns, m_findings.size()); ++j) {
            line << row(j, width, detail);
            tallest = std::max(tallest, heightOf(line.constLast()));
        }
        const bool last = i + columns >= m_findings.size();
        const double needed = y - headHeight + tallest + (last ? 0 : (cut ? moreHeight : 0));
        if (needed > lineRoom) {
            if (!cut)
                return false;
            break;
        }
        for (qsizetype j = 0; j < line.size(); ++j) {
            line[j].rect = QRectF(double(j) * (width + gutter), y, width, heightOf(line.at(j)));
            m_rows << line.at(j);
        }
        y += tallest;
    }
    m_size = QSizeF(room.width(), y + (leftOut() > 0 ? moreHeight : 0));
    return true;
}

void PictureFindings::fit(const QSizeF &room, int columns)
{
    m_rows.clear();
    m_size = {};
    if (room.width() < 120 || room.height() < headHeight + moreHeight)
        return;
    for (int detail = 0; detail < details; ++detail) {
        if (tryFit(room, columns, detail, false))
            return;
    }
    // Not everything has room: what is bad is told before what is merely worth knowing.
    const auto loud = std::count_if(m_findings.cbegin(), m_findings.cend(), [](const Finding &finding) {
        return finding.severity != Severity::Notice;
    });
    for (int detail = 1; detail < details; ++detail) {
        tryFit(room, columns, detail, true);
        if (shown() >= loud && shown() > 0)
            return;
    }
}

QString PictureFindings::moreWords() const
{
    return m_rows.isEmpty() ? QStringLiteral("%1 in all, without room here").arg(leftOut())
                            : QStringLiteral("and %1 more").arg(leftOut());
}

void PictureFindings::paintRow(QPainter &painter, const Row &row, const Theme &theme) const
{
    const Severity severity = m_findings.at(row.finding).severity;
    const Glyph shape = glyphFor(severity);
    double y = row.rect.top() + rowPad;
    const double x = row.rect.left(), wide = row.rect.width();
    painter.fillRect(QRectF(x, row.rect.top(), wide, 1), theme.border);
    paintGlyph(painter, QRectF(x, y + 2, glyph, glyph), shape, theme);
    painter.setPen(glyphTextColor(shape, theme));
    drawTabular(painter, textFont(TextRole::SmallStrong, m_font),
                QRectF(x + indent, y, m_wordWidth + 1, titleLine), Qt::AlignLeft | Qt::AlignVCenter,
                severityWord(severity));
    // As it was measured: digits in cells would be wider than the lines that were made for them.
    const auto lines = [&](const QStringList &texts, const QFont &font, const QColor &color, double left,
                           double height) {
        painter.setPen(color);
        painter.setFont(font);
        for (const QString &text : texts) {
            painter.drawText(QRectF(left, y, x + wide - left, height),
                             Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextDontClip, text);
            y += height;
        }
    };
    lines(row.title, textFont(TextRole::BodyStrong, m_font), theme.text, x + indent + m_wordWidth + 8,
          titleLine);
    y = std::max(y, row.rect.top() + rowPad + titleLine) + 2;
    const QFont small = textFont(TextRole::Small, m_font);
    lines(row.evidence, small, theme.text3, x + indent, smallLine);
    y += row.evidence.isEmpty() ? 0 : 2;
    lines(row.advice, small, theme.text2, x + indent, smallLine);
}

void PictureFindings::paint(QPainter &painter, const QPointF &at, const Theme &theme) const
{
    if (m_size.isEmpty())
        return;
    painter.save();
    painter.translate(at);
    const QFont strong = textFont(TextRole::SmallStrong, m_font), small = textFont(TextRole::Small, m_font);
    painter.setPen(theme.text2);
    const QString head = QStringLiteral("Findings");
    drawTabular(painter, strong, QRectF(0, 0, m_size.width(), smallLine), Qt::AlignLeft | Qt::AlignVCenter,
                head);
    const double x = tabularWidth(strong, head) + 12;
    if (m_findings.isEmpty()) {
        paintGlyph(painter, QRectF(x, 1, glyph, glyph), Glyph::CheckPass, theme);
        painter.setPen(theme.text2);
        drawTabular(painter, small, QRectF(x + glyph + 6, 0, m_size.width(), smallLine),
                    Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("None"));
    } else {
        painter.setPen(theme.text3);
        drawTabular(painter, small, QRectF(x, 0, m_size.width() - x, smallLine),
                    Qt::AlignLeft | Qt::AlignVCenter,
                    elided(healthWords(m_findings), small, m_size.width() - x, Qt::ElideRight));
    }
    for (const Row &row : m_rows)
        paintRow(painter, row, theme);
    if (leftOut() > 0) {
        const double top = m_size.height() - moreHeight;
        painter.fillRect(QRectF(0, top, m_size.width(), 1), theme.border);
        painter.setPen(theme.text2);
        drawTabular(painter, strong, QRectF(0, top + 4, m_size.width(), moreHeight - 4),
                    Qt::AlignLeft | Qt::AlignVCenter, moreWords());
    }
    painter.restore();
}

} // namespace understudy
