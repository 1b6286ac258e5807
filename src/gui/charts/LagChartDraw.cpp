// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot's header is written with Qt's keywords; every other file does without them.
#undef QT_NO_KEYWORDS
#undef QT_NO_FOREACH
#include "gui/charts/LagChartPrivate.h"

#include "model/Clock.h"
#include "paint/StateGlyph.h"

#include <QApplication>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>

namespace understudy {

void TimeTicker::setSpan(double seconds, double pixels)
{
    static constexpr double steps[] = {1,   2,   5,    10,   15,   30,    60,    120,   300,
                                       600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
    // Words of 40 pixels want as much again between them.
    const double wanted = std::max(seconds / 6, seconds * 80 / std::max(80.0, pixels));
    const auto *step =
        std::find_if(std::begin(steps), std::end(steps), [&](double s) { return s >= wanted; });
    setTickStep(step == std::end(steps) ? std::ceil(wanted / 86400) * 86400 : *step);
}

QString TimeTicker::getTickLabel(double tick, const QLocale &locale, QChar, int)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(qint64(std::llround(tick * 1000)), Qt::UTC);
    // Where the day changes its name is more than a row of noughts.
    if (tickStep() >= 3600 && at.time() == QTime(0, 0))
        return locale.toString(at.date(), QStringLiteral("d MMM"));
    return at.time().toString(tickStep() < 60 ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
}

void LagPlot::paintEvent(QPaintEvent *event)
{
    QCustomPlot::paintEvent(event);
    QPainter painter(this);
    over(painter);
}

void LagPlot::mouseMoveEvent(QMouseEvent *event)
{
    hovered(event->position());
    event->ignore();
}

void LagChart::Private::restyle()
{
    const Theme &t = theme();
    plot->setBackground(QBrush(t.panel));
    const QFont label = textFont(TextRole::Label, QApplication::font());
    for (QCPAxis *axis : {plot->xAxis, plot->yAxis}) {
        axis->setTickLabelFont(label);
        axis->setTickLabelColor(t.text3);
        axis->setBasePen(QPen(t.axis, 0));
        axis->setTickPen(QPen(t.axis, 0));
        axis->setSubTicks(false);
        axis->setTickLength(0, 4);
        axis->setTickLabelPadding(5);
    }
    plot->yAxis->setBasePen(Qt::NoPen);
    plot->yAxis->setTickLength(0, 0);
    plot->yAxis->setTickLabelPadding(8);
    plot->xAxis->grid()->setVisible(false);
    plot->yAxis->grid()->setPen(QPen(t.grid, 0));
    plot->yAxis->grid()->setZeroLinePen(Qt::NoPen);
    plot->yAxis->grid()->setAntialiased(false);
}

void LagChart::Private::margins(const QSize &size)
{
    const QFontMetrics label(textFont(TextRole::Label, QApplication::font()));
    const double scale = std::max(1.0, label.height() / 14.0);
    const int left = std::max(64, label.horizontalAdvance(QStringLiteral("000 MB")) + 16);
    const int right = std::min(int(160 * scale), size.width() / 3);
    plot->axisRect()->setMargins(QMargins(left, label.height() + 8, right, label.height() + 14));
}

void LagChart::Private::addLine(const NodeId &id)
{
    const QList<LagSample> &samples = history.samples(id);
    const int slot = history.seriesSlot(id);
    lines.line(id)->pen.color = slot < 0 ? theme().neutral : theme().series(slot);

    const Node *node = topology.node(id);
    const Cluster *cluster = topology.clusterOf(id);
    const Link *link = cluster ? cluster->linkTo(id) : nullptr;
    LagLine line;
    line.id = id;
    line.name = node && !node->name.isEmpty() ? node->name : id;
    line.slot = slot;
    // At the right edge, which is now unless a person went elsewhere.
    const LagSample *end =
        range.isLive() && !samples.isEmpty() ? &samples.constLast() : nearest(samples, overlay.toUs, 5000000);
    line.now = end ? valueOf(*end, unit) : qQNaN();
    const Glyph glyph = node ? glyphFor(*node, link) : Glyph::Unknown;
    line.valueColor = isAbnormal(glyph) ? glyphTextColor(glyph, theme()) : theme().text;
    line.highest = highest(samples, unit, overlay.fromUs, overlay.toUs);
    line.breaks = breaks(samples, unit, overlay.fromUs, overlay.toUs); // data for now, pixels below
    overlay.lines.append(line);
}

void LagChart::Private::rebuild(const QSize &size)
{
    stale = false;
    margins(size);
    lines.follow(layer->lines(), history, unit);
    overlay.lines.clear();
    overlay.theme = &theme();
    overlay.font = QApplication::font();
    overlay.unit = unit;
    overlay.whole = QRectF(QPointF(0, 0), QSizeF(size));
    const QList<NodeId> standbys = history.standbys();
    const qint64 now = topology.takenAtUs > 0 ? topology.takenAtUs : SystemClock::instance().nowUs();
    qint64 oldest = now;
    for (const NodeId &id : standbys) {
        if (const QList<LagSample> &samples = history.samples(id); !samples.isEmpty())
            oldest = std::min(oldest, samples.constFirst().atUs);
    }
    range.setLimits(oldest, now);
    overlay.fromUs = range.fromUs();
    overlay.toUs = range.toUs();
    overlay.events = history.events();
    const QMargins margin = plot->axisRect()->margins();
    overlay.plot = overlay.whole.marginsRemoved(QMarginsF(margin));
    for (const NodeId &id : standbys)
        addLine(id);
    double most = qQNaN();
    for (const LagLine &line : std::as_const(overlay.lines)) {
        if (std::isfinite(line.highest.value) && (!std::isfinite(most) || line.highest.value > most))
            most = line.highest.value;
    }
    overlay.top = picture || !range.isLive() ? niceTop(most, unit) : steady.update(most, unit, overlay.toUs);
    overlay.sentence = standbys.isEmpty()
                           ? LagChart::tr("No standby yet. Its lag is drawn here from the first look on.")
                           : QString();
    values->unit = unit;
    // Large text in a low chart: fewer lines, so that their numbers do not run into each other.
    const double lineHeight = QFontMetricsF(textFont(TextRole::Label, overlay.font)).height() * 1.2;
    int steps = overlay.top.steps;
    while (steps > 1 && overlay.plot.height() / steps < lineHeight)
        steps = steps % 2 == 0 ? steps / 2 : 1;
    values->setTickStep(overlay.top.top / steps);
    times->setSpan(double(range.spanUs()) / 1e6, overlay.plot.width());
    plot->xAxis->setRange(double(overlay.fromUs) / 1e6, double(overlay.toUs) / 1e6);
    plot->yAxis->setRange(overlay.bottom(), overlay.top.top);
    for (LagLine &line : overlay.lines) {
        line.end = {overlay.plot.right(), overlay.yOf(std::isfinite(line.now) ? line.now : 0)};
        for (QPointF &at : line.breaks)
            at = {overlay.xOf(qint64(at.x())), overlay.yOf(at.y())};
    }
    std::stable_sort(overlay.lines.begin(), overlay.lines.end(), [](const LagLine &a, const LagLine &b) {
        // What is not known comes last, as on the axis it has no place.
        return (std::isfinite(a.now) ? a.now : -1) > (std::isfinite(b.now) ? b.now : -1);
    });
    readOut();
    placeBackToLive();
}

} // namespace understudy
