// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot's header is written with Qt's keywords; every other file does without them.
#undef QT_NO_KEYWORDS
#undef QT_NO_FOREACH
#include "gui/charts/LagChartPrivate.h"

#include <QApplication>
#include <QResizeEvent>

namespace understudy {

LagChart::LagChart(QWidget *parent) : QWidget(parent), d(std::make_unique<Private>())
{
    d->plot = new LagPlot(this);
    d->plot->setObjectName(QStringLiteral("lagPlot"));
    d->plot->setMouseTracking(true);
    d->plot->setAttribute(Qt::WA_NoMousePropagation, false); // What it leaves is ours.
    d->plot->setNoAntialiasingOnDrag(false);
    d->plot->axisRect()->setAutoMargins(QCP::msNone);
    d->plot->axisRect()->setMinimumSize(20, 20);
    d->plot->xAxis->setTicker(d->times);
    d->plot->yAxis->setTicker(d->values);
    d->layer = new SpanLayer(d->plot->xAxis, d->plot->yAxis);
    d->plot->over = [this](QPainter &painter) { d->overlay.paint(painter); };
    d->plot->hovered = [this](std::optional<QPointF> at) {
        d->hover = at;
        if (at)
            d->reading.reset();
        d->readOut();
        d->plot->update();
    };
    d->restyle();
    d->backToLive = new QPushButton(tr("Back to live"), this);
    d->backToLive->setObjectName(QStringLiteral("backToLive"));
    d->backToLive->setProperty("kind", QStringLiteral("small"));
    d->backToLive->setToolTip(tr("Show the newest again (End)"));
    d->backToLive->hide();
    connect(d->backToLive, &QPushButton::clicked, this, &LagChart::backToLive);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Lag of each standby over time"));
    setAccessibleDescription(
        tr("Left and right arrows move through time, plus and minus zoom, End goes back to live, "
           "Control with an arrow reads the values of one look."));
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
    d->range.setSpan(qint64(seconds) * 1000000);
    d->steady.reset();
    refresh();
}

bool LagChart::isLive() const
{
    return d->range.isLive();
}

qint64 LagChart::shownFromUs() const
{
    return d->range.fromUs();
}

qint64 LagChart::shownToUs() const
{
    return d->range.toUs();
}

void LagChart::backToLive()
{
    d->range.goLive();
    moved();
}

int LagChart::span() const
{
    return int(d->range.spanUs() / 1000000);
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
    const std::optional<qint64> reading = std::exchange(d->reading, std::nullopt);
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
    d->reading = reading;
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
