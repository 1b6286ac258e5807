// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot's header is written with Qt's keywords; every other file does without them.
#undef QT_NO_KEYWORDS
#undef QT_NO_FOREACH
#include "gui/charts/LagChart.h"

#include "gui/Style.h"
#include "gui/charts/LagLines.h"
#include "gui/charts/LagOverlay.h"
#include "gui/charts/SpanLayer.h"
#include "model/Clock.h"
#include "paint/StateGlyph.h"

#include <QApplication>
#include <QMouseEvent>
#include <QResizeEvent>
#include <cmath>
#include <qcustomplot.h>

namespace understudy {

namespace {

/// Times of an axis in UTC, at round steps.
class TimeTicker final : public QCPAxisTickerFixed
{
protected:
    QString getTickLabel(double tick, const QLocale &, QChar, int) override
    {
        const QTime time = QDateTime::fromMSecsSinceEpoch(qint64(std::llround(tick * 1000))).toUTC().time();
        return time.toString(tickStep() < 60 ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
    }
};

class ValueTicker final : public QCPAxisTickerFixed
{
public:
    LagUnit unit = LagUnit::Bytes;

protected:
    QString getTickLabel(double tick, const QLocale &, QChar, int) override { return axisWords(tick, unit); }
};

/// QCustomPlot with our words over it.
class Plot final : public QCustomPlot
{
public:
    using QCustomPlot::QCustomPlot;
    std::function<void(QPainter &)> over;
    std::function<void(std::optional<QPointF>)> hovered;

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QCustomPlot::paintEvent(event);
        QPainter painter(this);
        over(painter);
    }
    void mouseMoveEvent(QMouseEvent *event) override { hovered(event->position()); }
    void mousePressEvent(QMouseEvent *event) override { event->ignore(); }
    void mouseReleaseEvent(QMouseEvent *event) override { event->ignore(); }
    void wheelEvent(QWheelEvent *event) override { event->ignore(); }
    void leaveEvent(QEvent *) override { hovered(std::nullopt); }
};

} // namespace

struct LagChart::Private
{
    Plot *plot = nullptr;
    SpanLayer *layer = nullptr; // The plot's
    LagLines lines;
    QSharedPointer<TimeTicker> times{new TimeTicker};
    QSharedPointer<ValueTicker> values{new ValueTicker};
    LagHistory history;
    Topology topology;
    LagOverlay overlay;
    SteadyTop steady;
    LagUnit unit = LagUnit::Bytes;
    int span = 300;
    bool stale = true;
    bool picture = false; ///< Drawn for a report: no live axis to keep steady
    const Theme *fixed = nullptr;
    std::optional<QPointF> hover;

    const Theme &theme() const { return fixed ? *fixed : Style::instance().theme(); }
    void restyle();
    void margins(const QSize &size);
    void rebuild(const QSize &size);
    void addLine(const NodeId &id);
    void readOut();
};

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
    line.now = samples.isEmpty() ? qQNaN() : valueOf(samples.constLast(), unit);
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
    overlay.toUs = topology.takenAtUs > 0 ? topology.takenAtUs : SystemClock::instance().nowUs();
    overlay.fromUs = overlay.toUs - qint64(span) * 1000000;
    overlay.events = history.events();
    const QMargins margin = plot->axisRect()->margins();
    overlay.plot = overlay.whole.marginsRemoved(QMarginsF(margin));
    const QList<NodeId> standbys = history.standbys();
    for (const NodeId &id : standbys)
        addLine(id);
    double most = qQNaN();
    for (const LagLine &line : std::as_const(overlay.lines)) {
        if (std::isfinite(line.highest.value) && (!std::isfinite(most) || line.highest.value > most))
            most = line.highest.value;
    }
    overlay.top = picture ? niceTop(most, unit) : steady.update(most, unit, overlay.toUs);
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
    times->setTickStep(span <= 60 ? 10 : span <= 300 ? 60 : 600);
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
}

void LagChart::Private::readOut()
{
    overlay.readOut.clear();
    overlay.crosshair.reset();
    if (!hover || !overlay.plot.contains(*hover))
        return;
    overlay.crosshair = hover->x();
    overlay.crosshairUs =
        overlay.fromUs + qint64(double(overlay.toUs - overlay.fromUs) * (hover->x() - overlay.plot.left()) /
                                std::max(1.0, overlay.plot.width()));
    const qint64 within = std::max<qint64>(2000000, (overlay.toUs - overlay.fromUs) / 100);
    for (const LagLine &line : std::as_const(overlay.lines)) {
        const LagSample *sample = nearest(history.samples(line.id), overlay.crosshairUs, within);
        overlay.readOut.append({line.name, line.slot, sample ? valueOf(*sample, unit) : qQNaN()});
    }
    std::stable_sort(overlay.readOut.begin(), overlay.readOut.end(), [](const auto &a, const auto &b) {
        return (std::isfinite(a.value) ? a.value : -1) > (std::isfinite(b.value) ? b.value : -1);
    });
}

LagChart::LagChart(QWidget *parent) : QWidget(parent), d(std::make_unique<Private>())
{
    d->plot = new Plot(this);
    d->plot->setObjectName(QStringLiteral("lagPlot"));
    d->plot->setMouseTracking(true);
    d->plot->setNoAntialiasingOnDrag(false);
    d->plot->axisRect()->setAutoMargins(QCP::msNone);
    d->plot->axisRect()->setMinimumSize(20, 20);
    d->plot->xAxis->setTicker(d->times);
    d->plot->yAxis->setTicker(d->values);
    d->layer = new SpanLayer(d->plot->xAxis, d->plot->yAxis);
    d->plot->over = [this](QPainter &painter) { d->overlay.paint(painter); };
    d->plot->hovered = [this](std::optional<QPointF> at) {
        d->hover = at;
        d->readOut();
        d->plot->update();
    };
    d->restyle();
    setAccessibleName(tr("Lag of each standby over time"));
    connect(&Style::instance(), &Style::changed, this, [this] { setTheme(d->fixed); });
}

LagChart::~LagChart() = default;

void LagChart::setData(const LagHistory &history, const Topology &topology)
{
    d->history = history;
    d->topology = topology;
    refresh();
}

void LagChart::refresh()
{
    d->stale = true;
    if (!isVisible())
        return;
    d->rebuild(size());
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void LagChart::setThresholds(const Thresholds &thresholds)
{
    d->overlay.thresholds = thresholds;
    refresh();
}

void LagChart::setMarked(std::optional<qint64> atUs)
{
    if (atUs == d->overlay.marked)
        return;
    d->overlay.marked = atUs;
    d->plot->update();
}

void LagChart::setUnit(LagUnit unit)
{
    d->unit = unit;
    d->steady.reset();
    refresh();
}

LagUnit LagChart::unit() const
{
    return d->unit;
}

void LagChart::setSpan(int seconds)
{
    d->span = std::max(10, seconds);
    d->steady.reset();
    refresh();
}

int LagChart::span() const
{
    return d->span;
}

void LagChart::setTheme(const Theme *theme)
{
    d->fixed = theme;
    d->restyle();
    refresh();
}

AxisTop LagChart::axisTop() const
{
    return d->overlay.top;
}

int LagChart::lineCount() const
{
    return int(d->layer->lines().size());
}

QImage LagChart::image(const QSize &size, double scale)
{
    QImage image((QSizeF(size) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(d->theme().panel);
    const QRect before = d->plot->viewport();
    const std::optional<QPointF> hover = std::exchange(d->hover, std::nullopt);
    d->picture = true;
    d->rebuild(size);
    {
        QCPPainter painter(&image);
        d->plot->setViewport(QRect(QPoint(0, 0), size));
        d->plot->toPainter(&painter, size.width(), size.height());
    }
    QPainter painter(&image);
    d->overlay.paint(painter);
    painter.end();
    d->picture = false;
    d->hover = hover;
    d->plot->setViewport(before);
    refresh();
    return image;
}

QSize LagChart::minimumSizeHint() const
{
    return {360, 120};
}

void LagChart::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (d->stale)
        refresh();
}

void LagChart::resizeEvent(QResizeEvent *event)
{
    d->plot->setGeometry(rect());
    QWidget::resizeEvent(event);
    refresh();
}

bool LagChart::event(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange)
        setTheme(d->fixed);
    return QWidget::event(event);
}

} // namespace understudy
