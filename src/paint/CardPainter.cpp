// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/CardText.h"
#include "paint/GraphPainter.h"
#include "paint/Numbers.h"
#include "paint/PaintUnits.h"

#include "model/Format.h"
#include "model/WalFlow.h"

#include <QPainterPath>

#include <cmath>

namespace understudy {

namespace {

constexpr auto leftMiddle = Qt::AlignLeft | Qt::AlignVCenter;
constexpr auto rightMiddle = Qt::AlignRight | Qt::AlignVCenter;
constexpr double nearWidth = 288;

/// One card being painted: what all levels need.
struct CardJob
{
    QPainter &p;
    const Node &node;
    const Link *link;
    const Topology &topology;
    const CardExtras &extras;
    const GraphStyle &style;
    const Theme &theme;
    const GraphFonts &fonts;
    Glyph glyph;
    bool hollow; ///< Ghost or planned: an outline, not a fact
    bool primary;

    void text(const QRectF &rect, int alignment, const QFont &font, const QColor &color,
              const QString &words) const
    {
        p.setPen(color);
        drawTabular(p, font, rect, alignment, words);
    }
};

QColor edgeColor(const CardJob &job, bool mid)
{
    if (job.style.fresh.contains(job.node.id))
        return job.theme.accent;
    const QColor state = glyphColor(job.glyph, job.theme);
    if (state == job.theme.crit || job.glyph == Glyph::Lagging)
        return state;
    if (job.style.hovered == job.node.id)
        return job.theme.ctl;
    return mid && job.primary ? job.theme.accent : job.theme.line2;
}

/// Panel, edge, series bar, selection, focus. @p box is in the units painted in.
void paintBox(const CardJob &job, const QRectF &box, double radius, bool mid)
{
    const bool selected = job.style.selected == job.node.id;
    const bool fresh = job.style.fresh.contains(job.node.id);
    if (job.hollow && !fresh) {
        if (selected)
            fillFramed(job.p, box, radius, job.theme.accent, Qt::transparent, 2);
        else
            strokeDashed(job.p, box, radius,
                         job.style.hovered == job.node.id ? job.theme.text3 : job.theme.ctl);
    } else {
        fillFramed(job.p, box, radius, selected ? job.theme.accent : edgeColor(job, mid),
                   fresh ? job.theme.accentTint : job.theme.panel, selected ? 2 : 1);
    }
    if (job.extras.seriesSlot >= 0 && !job.hollow && !fresh && !job.style.compactCards) {
        QPainterPath whole, strip;
        whole.addRoundedRect(box, radius, radius);
        strip.addRect(QRectF(box.left(), box.top(), 4, box.height()));
        const QPainterPath bar = whole.intersected(strip);
        job.p.fillPath(bar, job.theme.series(job.extras.seriesSlot));
        if (Theme::hollowMark(job.extras.seriesSlot)) {
            QPainterPath hole;
            hole.addRoundedRect(box.adjusted(1, 1, -1, -1), radius - 1, radius - 1);
            QPainterPath inside;
            inside.addRect(QRectF(box.left() + 1, box.top() + 1, 2, box.height() - 2));
            job.p.fillPath(hole.intersected(inside), job.theme.panel);
        }
    }
    if (job.style.focused == job.node.id)
        fillFramed(job.p, box.adjusted(-3, -3, 3, 3), radius + 3, job.theme.accent, Qt::transparent, 2);
}

void paintFindingsPill(const CardJob &job, double right)
{
    if (job.extras.findings <= 0 || job.extras.worst == Severity::Notice)
        return;
    const Glyph glyph = glyphFor(job.extras.worst);
    const QString count = QString::number(job.extras.findings);
    QRectF pill = findingsPlace(right);
    pill.setLeft(qMin(pill.left(), pill.right() - tabularWidth(job.fonts.labelStrong, count) - 10));
    fillFramed(job.p, pill, 8, glyphColor(glyph, job.theme), glyphTint(glyph, job.theme));
    job.text(pill, Qt::AlignCenter, job.fonts.labelStrong, glyphTextColor(glyph, job.theme), count);
}

void paintSparkline(const CardJob &job, const QRectF &box)
{
    QPen base(job.theme.border, 1);
    base.setCosmetic(true);
    const double bottom = box.bottom() - 1.5;
    job.p.setPen(base);
    job.p.drawLine(QPointF(box.left(), bottom), QPointF(box.right(), bottom));
    const QList<double> &values = job.extras.sparkline;
    double most = 0;
    for (const double value : values)
        most = std::isfinite(value) ? qMax(most, value) : most;
    const qsizetype shown = qMin<qsizetype>(values.size(), 60);
    if (shown < 2)
        return;
    QPainterPath path;
    bool open = false;
    const double step = (box.width() - 1) / 59;
    for (qsizetype i = 0; i < shown; ++i) {
        const double value = values.at(values.size() - shown + i);
        if (!std::isfinite(value)) {
            open = false;
            continue;
        }
        const QPointF at(box.right() - .5 - double(shown - 1 - i) * step,
                         bottom - .5 - (most > 0 ? qMax(0.0, value) / most * (box.height() - 5) : 0));
        if (open)
            path.lineTo(at);
        else
            path.moveTo(at);
        open = true;
    }
    QPen pen(job.extras.seriesSlot >= 0 ? job.theme.series(job.extras.seriesSlot) : job.theme.text3, 1);
    pen.setCosmetic(true);
    job.p.setPen(pen);
    job.p.setBrush(Qt::NoBrush);
    job.p.drawPath(path);
}

void paintTile(const CardJob &job)
{
    const bool planned = job.node.state == NodeState::Planned;
    const QRectF tile(16, 12, 28, 28);
    QPainterPath path;
    path.addRoundedRect(tile, 6, 6);
    const QRectF cylinder(21, 17, 18, 18);
    if (job.primary && !job.hollow) {
        job.p.fillPath(path, job.theme.fill);
        paintGlyph(job.p, cylinder, Glyph::CylinderFilled, job.theme.onFill, job.theme.fill);
        return;
    }
    job.p.fillPath(path, planned ? job.theme.accentTint : job.theme.neutralTint);
    paintGlyph(job.p, cylinder, Glyph::Cylinder, planned ? job.theme.accent : job.theme.neutral,
               job.theme.panel);
}

/// LSN, timeline, version, disk: spread over the foot of the card.
void paintFoot(const CardJob &job)
{
    const double edge = job.style.selected == job.node.id ? 2 : 1;
    const double left = job.extras.seriesSlot >= 0 ? 4 : edge;
    job.p.fillRect(QRectF(left, 94, nearWidth - edge - left, 1), job.theme.border);
    struct Part
    {
        QString words;
        QFont font;
        double width = 0;
    };
    QList<Part> parts;
    const Node &n = job.node;
    parts << Part{n.lsn ? cardtext::lsn(n) : QStringLiteral("LSN unknown"),
                  n.lsn ? job.fonts.mono : job.fonts.label};
    if (n.timeline)
        parts << Part{QStringLiteral("Timeline %1").arg(*n.timeline), job.fonts.label};
    if (n.versionNum > 0)
        parts << Part{format::version(n.versionNum), job.fonts.label};
    const bool old = n.state != NodeState::Up && n.factsAtUs > 0 && job.topology.takenAtUs > n.factsAtUs;
    if (old)
        parts << Part{format::age(job.topology.takenAtUs - n.factsAtUs) + QStringLiteral(" old"),
                      job.fonts.label};
    else if (n.diskFree)
        parts << Part{format::bytes(*n.diskFree) + QStringLiteral(" free"), job.fonts.label};
    double used = 0;
    for (Part &part : parts)
        used += part.width = tabularWidth(part.font, part.words);
    const double from = 16, room = nearWidth - 12 - from;
    const double gap = parts.size() > 1 ? (room - used) / double(parts.size() - 1) : 0;
    double x = from;
    for (const Part &part : std::as_const(parts)) {
        job.text(QRectF(x, 95, part.width + 1, 24), leftMiddle, part.font,
                 old ? job.theme.text3 : job.theme.text2, part.words);
        x += part.width + gap;
    }
}

void paintNear(const CardJob &job, const QRectF &rect)
{
    const QRectF onGrid = onPixels(job.p, rect);
    job.p.translate(onGrid.topLeft());
    job.p.scale(onGrid.width() / nearWidth, onGrid.height() / 120);
    const Theme &t = job.theme;
    paintBox(job, QRectF(0, 0, nearWidth, 120), 8, false);
    paintTile(job);

    const QString word = glyphWord(job.glyph);
    const double wordWidth = QFontMetricsF(job.fonts.smallStrong).horizontalAdvance(word);
    const double stateX = nearWidth - 12 - wordWidth;
    paintGlyph(job.p, QRectF(stateX - 5 - 14, 12, 14, 14), job.glyph, t);
    job.text(QRectF(stateX, 11, wordWidth + 1, 16), leftMiddle, job.fonts.smallStrong,
             glyphTextColor(job.glyph, t), word);
    job.text(QRectF(54, 10, stateX - 19 - 8 - 54, 18), leftMiddle, job.fonts.node,
             job.hollow ? t.text2 : t.text,
             elided(shownName(job.node), job.fonts.node, stateX - 19 - 8 - 54));
    const QString address = shownAddress(job.node);
    QString role = cardtext::roleWord(job.node);
    if (!address.isEmpty())
        role += QStringLiteral(", ") + address;
    job.text(QRectF(54, 28, 222, 14), leftMiddle, job.fonts.label, t.text3,
             elided(role, job.fonts.label, 222));

    const QString sentence = cardtext::sentence(job.node, job.link, job.topology);
    if (job.hollow || (job.node.factsAtUs == 0 && !sentence.isEmpty() && job.node.state != NodeState::Up)) {
        job.p.setFont(job.fonts.small);
        job.p.setPen(t.text2);
        job.p.drawText(QRectF(16, 50, 256, 42), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                       oneLine(sentence));
        if (job.style.actions && !cardAction(job.node, DetailLevel::Near).isEmpty()) {
            job.p.fillRect(QRectF(2, 94, nearWidth - 4, 1), t.border);
            job.text(QRectF(16, 95, 256, 24), leftMiddle, job.fonts.labelStrong, t.accent,
                     QStringLiteral("Adopt\u2026"));
        }
        return;
    }
    const auto measure = [&](double x, const QString &label, const QString &value) {
        job.text(QRectF(x, 53, 80, 14), leftMiddle, job.fonts.label, t.text3, label);
        const double width = tabularWidth(job.fonts.bodyStrong, value);
        job.text(QRectF(x, 67, width + 1, 16), leftMiddle, job.fonts.bodyStrong, t.text, value);
        return x + width;
    };
    const auto rate = job.node.walRate ? format::rate(job.node.walRate) : QStringLiteral("unknown");
    const double first = job.primary ? measure(16, QStringLiteral("WAL rate"), rate)
                                     : measure(16, QStringLiteral("Behind"), cardtext::behind(job.link));
    const double secondX = qMax(88.0, first + 12);
    double end =
        job.primary ? measure(secondX, QStringLiteral("Standbys"), cardtext::standbys(job.node, job.topology))
                    : measure(secondX, QStringLiteral("Delay"), cardtext::delay(job.link));
    // What they cost the primary: its WAL goes out once for each.
    const Cluster *cluster = job.primary ? job.topology.clusterOf(job.node.id) : nullptr;
    if (const WalFlow flow = cluster ? walFlow(*cluster, job.node.id) : WalFlow(); flow.links > 1)
        end = measure(qMax(secondX + 64, end + 12), QStringLiteral("Sends"), format::rate(flow.sent));
    const double sparkX = qMax(nearWidth - 12 - 112, end + 8);
    paintSparkline(job, QRectF(sparkX, 56, nearWidth - 12 - sparkX, 28));
    paintFoot(job);
    paintFindingsPill(job, nearWidth);
}

constexpr double roomForAddress = 76; ///< Height of a card

/// What is said of a state where its word does not fit beside a number.
QString shortWord(Glyph glyph)
{
    if (glyph == Glyph::ReplayPaused)
        return QStringLiteral("Paused");
    if (glyph == Glyph::LinkStalled)
        return QStringLiteral("Stalled");
    return glyph == Glyph::NotResponding ? QStringLiteral("No answer") : glyphWord(glyph);
}

void paintMid(const CardJob &job, const QRectF &rect)
{
    const QRectF onGrid = onPixels(job.p, rect);
    const double units = unitsPerScene(job.style);
    job.p.translate(onGrid.topLeft());
    job.p.scale(1 / units, 1 / units);
    const double w = onGrid.width() * units, h = onGrid.height() * units;
    const Theme &t = job.theme;
    paintBox(job, QRectF(0, 0, w, h), 6, true);
    const bool calmPrimary = job.primary && job.glyph == Glyph::Up;
    if (calmPrimary)
        paintGlyph(job.p, QRectF(12, 11, 15, 15), Glyph::CylinderFilled, t);
    else
        paintGlyph(job.p, QRectF(12, 11, 14, 14), job.glyph, t);
    job.text(QRectF(32, 10, w - 42, 16), leftMiddle, job.fonts.smallStrong, job.hollow ? t.text2 : t.text,
             elided(shownName(job.node), job.fonts.smallStrong, w - 42));

    // A large one has room for where it is.
    if (h >= roomForAddress && !job.hollow)
        job.text(QRectF(32, 27, w - 42, 16), leftMiddle, job.fonts.label, t.text3,
                 elided(shownAddress(job.node), job.fonts.label, w - 42));
    const bool loud = isAbnormal(job.glyph);
    const QString figure = job.hollow ? QString() : cardtext::figure(job.node, job.link, job.topology);
    const double figureWidth = figure.isEmpty() ? 0 : tabularWidth(job.fonts.label, figure);
    const QRectF line(12, h - 9 - 14, w - 22, 14);
    QString word = calmPrimary ? QStringLiteral("Primary") : glyphWord(job.glyph);
    if (job.node.state == NodeState::Ghost && !job.node.host.isEmpty())
        word = QStringLiteral("from ") + job.node.host;
    const QFont &font = loud ? job.fonts.labelStrong : job.fonts.label;
    double room = line.width() - (figureWidth > 0 ? figureWidth + 6 : 0);
    const auto fits = [&] { return QFontMetricsF(font).horizontalAdvance(word) <= room; };
    if (loud && !fits())
        word = shortWord(job.glyph);
    // Since when is worth less than what.
    const bool alone = loud && !fits() && job.link && job.link->state == LinkState::Broken;
    const bool quiet = job.primary || job.glyph == Glyph::CaughtUp || job.glyph == Glyph::Idle;
    if (alone)
        room = line.width();
    else
        job.text(line, rightMiddle, job.fonts.label, quiet ? t.text3 : t.text, figure);
    job.text(line, leftMiddle, font,
             loud         ? glyphTextColor(job.glyph, t)
             : job.hollow ? t.text3
                          : t.text2,
             elided(word, font, room, Qt::ElideRight));
    paintFindingsPill(job, w);
}

void paintFar(const CardJob &job, const QRectF &rect)
{
    const double units = unitsPerScene(job.style);
    job.p.translate(rect.topLeft());
    job.p.scale(1 / units, 1 / units);
    const double w = rect.width() * units, h = rect.height() * units;
    const QRectF box(0, 0, w, h);
    const bool named = h >= 13 && w >= 60;
    // Lines lead to and from the card's edge: with a name in it the card must be seen, else they end nowhere.
    const QColor face = named && !job.hollow ? job.theme.panel : QColor(Qt::transparent);
    if (job.style.selected == job.node.id)
        fillFramed(job.p, box, 4, job.theme.accent, face, 2);
    else if (job.style.hovered == job.node.id)
        fillFramed(job.p, box, 4, job.theme.ctl, face);
    else if (named && !job.hollow)
        fillFramed(job.p, box, 4, edgeColor(job, true), face);
    if (job.style.focused == job.node.id)
        fillFramed(job.p, box.adjusted(-3, -3, 3, 3), 6, job.theme.accent, Qt::transparent, 2);
    const Glyph shape = job.primary && job.glyph == Glyph::Up ? Glyph::CylinderFilled : job.glyph;
    const double top = std::round((h - 12) / 2), left = named ? 6 : 2;
    paintGlyph(job.p, QRectF(left, top, 12, 12), shape, job.theme);
    if (!named)
        return;
    job.text(QRectF(left + 16, top - 2, w - left - 19, 16), leftMiddle, job.fonts.label,
             isAbnormal(job.glyph) ? job.theme.text : job.theme.text2,
             elided(shownName(job.node), job.fonts.label, w - left - 19));
}

/// A name in two lines of @p room, broken behind a hyphen, an underscore or a dot; empty if it does not fit
/// so.
QStringList inTwoLines(const QString &name, const QFont &font, double room)
{
    const QFontMetricsF metrics(font);
    for (qsizetype i = name.size() - 1; i > 0; --i) {
        if (!QStringLiteral("-_.").contains(name.at(i - 1)))
            continue;
        const QString first = name.left(i), second = name.mid(i);
        if (metrics.horizontalAdvance(first) <= room && metrics.horizontalAdvance(second) <= room)
            return {first, second};
    }
    return {};
}

/// Name and address alone: pictures of a review or a report.
void paintCompact(const CardJob &job, const QRectF &rect)
{
    const QRectF onGrid = onPixels(job.p, rect);
    const double scale = onGrid.height() / 48;
    job.p.translate(onGrid.topLeft());
    job.p.scale(scale, scale);
    const double w = onGrid.width() / scale;
    const Theme &t = job.theme;
    const bool fresh = job.style.fresh.contains(job.node.id);
    paintBox(job, QRectF(0, 0, w, 48), 6, false);
    if (job.primary)
        paintGlyph(job.p, QRectF(11, 10, 16, 16), Glyph::CylinderFilled, t);
    else
        paintGlyph(job.p, QRectF(11, 10, 16, 16), Glyph::Cylinder, fresh ? t.accent : t.neutral, t.panel);
    paintGlyph(job.p, QRectF(w - 10 - 14, 10, 14, 14), job.glyph, t);
    // Names of services begin alike: what tells them apart stands at their end.
    const QString name = oneLine(shownName(job.node));
    const bool fits = QFontMetricsF(job.fonts.smallStrong).horizontalAdvance(name) <= w - 65;
    const QStringList two = fits ? QStringList() : inTwoLines(name, job.fonts.labelStrong, w - 65);
    if (!two.isEmpty()) {
        job.text(QRectF(35, 3, w - 65, 14), leftMiddle, job.fonts.labelStrong, t.text, two.first());
        job.text(QRectF(35, 16, w - 65, 14), leftMiddle, job.fonts.labelStrong, t.text, two.last());
        job.text(QRectF(35, 30, w - 45, 14), leftMiddle, job.fonts.label, t.text3,
                 elided(shownAddress(job.node), job.fonts.label, w - 45));
        return;
    }
    job.text(QRectF(35, 8, w - 65, 16), leftMiddle, job.fonts.smallStrong, t.text,
             elided(name, job.fonts.smallStrong, w - 65));
    job.text(QRectF(35, 25, w - 45, 16), leftMiddle, job.fonts.label, t.text3,
             elided(shownAddress(job.node), job.fonts.label, w - 45));
}

} // namespace

QRectF cardAction(const Node &node, DetailLevel level)
{
    if (node.state != NodeState::Ghost || level != DetailLevel::Near)
        return {};
    return {0, 94.0 / 120, 1, 26.0 / 120};
}

void paintCard(QPainter &painter, const QRectF &rect, const Node &node, const Link *link,
               const Topology &topology, const CardExtras &extras, const GraphStyle &style)
{
    const Theme &theme = style.theme ? *style.theme : Theme::light();
    const CardJob job{painter,
                      node,
                      link,
                      topology,
                      extras,
                      style,
                      theme,
                      graphFonts(style.font),
                      glyphFor(node, link),
                      node.state == NodeState::Ghost || node.state == NodeState::Planned,
                      node.role == Role::Primary};
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    if (style.dimmed.contains(node.id))
        painter.setOpacity(painter.opacity() * 0.35);
    if (style.compactCards)
        paintCompact(job, rect);
    else if (const DetailLevel level = detailLevel(style.zoom); level == DetailLevel::Near)
        paintNear(job, rect);
    else if (level == DetailLevel::Mid)
        paintMid(job, rect);
    else
        paintFar(job, rect);
    painter.restore();
}

} // namespace understudy
