// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/DrawnPicture.h"

#include "model/Format.h"
#include "paint/FoldChip.h"
#include "paint/Numbers.h"
#include "paint/PaintUnits.h"

#include <cmath>

namespace understudy {

namespace {

constexpr int usualPixels = 13;
constexpr double margin = 16, gap = 16, titleHeight = 32, stripHeight = 28, footGap = 8, rowHeight = 16;
constexpr double findingsColumn = 340, leastColumn = 260;

} // namespace

DrawnPicture::DrawnPicture(const Topology &seen, const QHash<NodeId, CardExtras> &extras,
                           const PictureOptions &options)
    : m_options(options), m_topology(options.stable ? withoutMovingParts(seen) : seen), m_extras(extras),
      m_pastUs(options.past ? seen.takenAtUs : 0)
{
    if (options.stable) {
        for (CardExtras &extra : m_extras)
            extra.sparkline.clear();
    }
    m_style.theme = &theme();
    m_style.font = font();
    m_style.fresh = options.fresh;
    // A card full of "unknown" would be a lie: what is left out is known.
    m_style.compactCards = options.compactCards || options.stable;

    // By their real names: stand-ins would sort siblings anew.
    LayoutOptions wanted = layoutFor(m_style);
    wanted.direction = options.arrangement.direction;
    wanted.collapsed = options.arrangement.collapsed;
    wanted.places = options.arrangement.places;
    m_layout = layoutGraph(m_topology, wanted);

    if (options.redact) {
        Redaction redaction(m_topology);
        m_topology = redaction.topology(m_topology);
        m_options.title = redaction.text(m_options.title);
        m_redaction = redaction;
    }
    m_options.marks = shownMarks(m_options.marks);
    if (options.findings)
        m_findings = PictureFindings(m_topology, font());
    place();
}

QFont DrawnPicture::font() const
{
    QFont font = applicationFont();
    font.setPixelSize(usualPixels);
    return font;
}

QString DrawnPicture::pastWords() const
{
    if (!m_options.past)
        return {};
    if (m_pastUs <= 0)
        return QStringLiteral("As it was");
    // The window's words, and the day: a picture is looked at later.
    return QStringLiteral("As it was at %1 on %2")
        .arg(format::utcTime(m_pastUs), format::utcDateTime(m_pastUs).section(u',', 0, 0));
}

void DrawnPicture::place()
{
    QRectF free = QRectF(QPointF(), QSizeF(m_options.size)).adjusted(margin, margin, -margin, -margin);
    if (!m_options.title.isEmpty()) {
        m_title = QRectF(free.topLeft(), QSizeF(free.width(), titleHeight));
        free.setTop(m_title.bottom() + 8);
    }
    if (m_options.past) {
        m_past = QRectF(free.topLeft(), QSizeF(free.width(), stripHeight));
        free.setTop(m_past.bottom() + 8);
    }
    const bool time = m_options.time && !m_options.stable && m_topology.takenAtUs > 0;
    m_options.time = time;
    m_options.legend = m_options.legend && !m_style.compactCards; // Compact links have one width.
    if (m_options.legend || time) {
        // Beside each other where there is room, else one above the other.
        const double timeWidth =
            time ? tabularWidth(textFont(TextRole::Label, font()), format::utcDateTime(m_topology.takenAtUs))
                 : 0;
        double height = rowHeight;
        if (m_options.legend) {
            const double beside = free.width() - (time ? timeWidth + gap : 0);
            const QSizeF oneRow = legendSize(font(), beside);
            const bool apart = oneRow.height() > rowHeight && time;
            height = apart ? legendSize(font(), free.width()).height() + rowHeight : oneRow.height();
        }
        m_foot = QRectF(free.left(), free.bottom() - height, free.width(), height);
        free.setBottom(m_foot.top() - footGap);
    }
    m_graph = free;
    if (m_options.findings)
        placeFindings();
    m_fit = fitGraph(m_graph, m_topology, m_layout, m_extras, m_style);
    m_style.zoom = m_fit.zoom;
}

/// Beside the graph or below it: where more of them and a larger graph are to be seen.
void DrawnPicture::placeFindings()
{
    struct Choice
    {
        PictureFindings findings;
        QRectF graph, at;
        double worth = -1;
    };
    const QRectF all = m_graph;
    const auto judged = [this](Choice choice) {
        const double zoom = fitGraph(choice.graph, m_topology, m_layout, m_extras, m_style).zoom;
        const double told = choice.findings.count() > 0
                                ? double(choice.findings.shown()) / double(choice.findings.count())
                                : 1;
        choice.worth = zoom * (0.5 + 0.5 * told) * (1 - 0.05 * choice.findings.detail());
        return choice;
    };
    Choice below;
    below.findings = m_findings;
    const int columns = qBound(1, int((all.width() + 24) / (findingsColumn + 24)), 3);
    below.findings.fit(QSizeF(all.width(), all.height() * 0.42), columns);
    const double height = below.findings.size().height();
    below.at = QRectF(all.left(), all.bottom() - height, all.width(), height);
    below.graph = all.adjusted(0, 0, 0, -(height > 0 ? height + gap : 0));
    Choice best = judged(below);
    const double column = qMin(findingsColumn, std::floor(all.width() * 0.32));
    if (column >= leastColumn) {
        Choice beside;
        beside.findings = m_findings;
        beside.findings.fit(QSizeF(column, all.height()), 1);
        beside.at = QRectF(all.right() - column, all.top(), column, beside.findings.size().height());
        beside.graph = all.adjusted(0, 0, -column - gap, 0);
        beside = judged(beside);
        if (beside.worth >= best.worth)
            best = beside;
    }
    m_findings = best.findings;
    m_findingsAt = best.at;
    m_graph = best.graph;
}

void DrawnPicture::paint(QPainter &painter) const
{
    if (m_options.size.isEmpty() || !m_style.theme)
        return;
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.fillRect(QRectF(QPointF(), QSizeF(m_options.size)), theme().canvas);
    if (m_fit.zoom > 0) {
        painter.save();
        painter.setTransform(m_fit.toTarget, true);
        paintScene(painter, m_topology, m_layout, m_extras, m_style);
        paintFolded(painter, m_topology, m_layout, m_style);
        painter.restore();
    }
    paintWords(painter);
    paintAnnotations(painter, m_options.marks, graphTransform(), theme(), font(),
                     QRectF(QPointF(), QSizeF(m_options.size)));
    painter.restore();
}

QList<Annotation> DrawnPicture::shownMarks(QList<Annotation> marks) const
{
    if (!m_redaction)
        return marks;
    // A copy, so that the same marks always get the same stand-ins.
    Redaction redaction = *m_redaction;
    for (Annotation &mark : marks)
        mark.text = redaction.text(mark.text);
    return marks;
}

void DrawnPicture::paintWords(QPainter &painter) const
{
    if (!m_title.isEmpty()) {
        const QFont title = textFont(TextRole::Page, font());
        painter.setPen(theme().text);
        drawTabular(painter, title, m_title, Qt::AlignLeft | Qt::AlignVCenter,
                    elided(oneLine(m_options.title), title, m_title.width()));
    }
    if (!m_past.isEmpty()) {
        const QFont strong = textFont(TextRole::SmallStrong, font());
        fillFramed(painter, m_past, 6, theme().info, theme().infoTint);
        painter.setPen(theme().info);
        drawTabular(painter, strong, m_past.adjusted(12, 0, -12, 0), Qt::AlignLeft | Qt::AlignVCenter,
                    elided(pastWords(), strong, m_past.width() - 24, Qt::ElideRight));
    }
    if (!m_findingsAt.isEmpty())
        m_findings.paint(painter, m_findingsAt.topLeft(), theme());
    const QFont label = textFont(TextRole::Label, font());
    const QString when = m_options.time ? format::utcDateTime(m_topology.takenAtUs) : QString();
    if (m_options.legend) {
        const double besides = m_options.time ? tabularWidth(label, when) + gap : 0;
        const bool apart =
            m_options.time && legendSize(font(), m_foot.width() - besides).height() > rowHeight;
        paintLegend(painter, m_foot.topLeft(), m_style, m_foot.width() - (apart ? 0 : besides));
    }
    if (m_options.time) {
        painter.setPen(theme().text3);
        drawTabular(painter, label,
                    QRectF(m_foot.left(), m_foot.bottom() - rowHeight, m_foot.width(), rowHeight),
                    Qt::AlignRight | Qt::AlignVCenter, when);
    }
}

} // namespace understudy
