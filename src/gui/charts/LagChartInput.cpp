// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot's header is written with Qt's keywords; every other file does without them.
#undef QT_NO_KEYWORDS
#undef QT_NO_FOREACH
#include "gui/charts/LagChartPrivate.h"

#include "model/Format.h"

#include <QAccessible>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QStyleHints>
#include <QWheelEvent>
#include <cmath>

/// Moving about in the lag chart by mouse, touchpad and keyboard.
namespace understudy {

namespace {

constexpr double zoomStep = 1.25;
constexpr qint64 second = 1000000;

} // namespace

qint64 LagChart::Private::timeAt(double x) const
{
    return overlay.fromUs + qint64(double(overlay.toUs - overlay.fromUs) * (x - overlay.plot.left()) /
                                   std::max(1.0, overlay.plot.width()));
}

void LagChart::moved()
{
    d->steady.reset();
    refresh();
    Q_EMIT spanChanged(span());
}

void LagChart::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !d->overlay.plot.contains(event->position())) {
        QWidget::mousePressEvent(event);
        return;
    }
    d->reading.reset();
    d->dragFrom = event->position();
    d->dragEndUs = d->range.toUs();
    d->drag = event->modifiers().testFlag(Qt::ShiftModifier) ? Private::Drag::Box : Private::Drag::Pan;
    event->accept();
}

void LagChart::mouseMoveEvent(QMouseEvent *event)
{
    const double by = event->position().x() - d->dragFrom.x();
    const bool far = std::abs(by) >= QGuiApplication::styleHints()->startDragDistance();
    if (d->drag == Private::Drag::Box) {
        const double x = std::clamp(event->position().x(), d->overlay.plot.left(), d->overlay.plot.right());
        d->overlay.chosen.reset();
        if (far)
            d->overlay.chosen = {std::min(x, d->dragFrom.x()), std::max(x, d->dragFrom.x())};
        d->plot->update();
    } else if (d->drag == Private::Drag::Pan && (far || !d->hover)) {
        d->hover.reset();
        setCursor(Qt::ClosedHandCursor);
        const double usPerPixel = double(d->range.spanUs()) / std::max(1.0, d->overlay.plot.width());
        d->range.panBy(d->dragEndUs - qint64(by * usPerPixel) - d->range.toUs());
        moved();
    }
}

void LagChart::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const auto chosen = std::exchange(d->overlay.chosen, std::nullopt);
    if (d->drag == Private::Drag::Box && chosen) {
        d->range.show(d->timeAt(chosen->first), d->timeAt(chosen->second));
        moved();
    }
    d->drag = Private::Drag::None;
    unsetCursor();
    d->plot->update();
}

void LagChart::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        backToLive();
}

void LagChart::wheelEvent(QWheelEvent *event)
{
    const QPoint angle = event->angleDelta();
    if (std::abs(angle.x()) > std::abs(angle.y())) {
        d->range.panBy(-qint64(double(d->range.spanUs()) * angle.x() / 1200.0));
    } else {
        const double anchor =
            (event->position().x() - d->overlay.plot.left()) / std::max(1.0, d->overlay.plot.width());
        d->range.zoomBy(std::pow(zoomStep, -angle.y() / 120.0), std::clamp(anchor, 0.0, 1.0));
    }
    moved();
    event->accept();
}

void LagChart::keyPressEvent(QKeyEvent *event)
{
    const bool page = event->modifiers().testFlag(Qt::ShiftModifier);
    const bool reads = event->modifiers().testFlag(Qt::ControlModifier);
    const qint64 step = page ? d->range.spanUs() : d->range.spanUs() / 10;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int way = event->key() == Qt::Key_Left ? -1 : 1;
        if (reads) {
            d->readNext(way);
            setAccessibleDescription(d->overlay.words());
            return;
        }
        d->range.panBy(way * step);
        break;
    }
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        d->range.zoomBy(1 / zoomStep, 0.5);
        break;
    case Qt::Key_Minus:
        d->range.zoomBy(zoomStep, 0.5);
        break;
    case Qt::Key_Home:
        d->range.goOldest();
        break;
    case Qt::Key_End:
        d->range.goLive();
        break;
    case Qt::Key_Escape:
        if (!d->reading && d->range.isLive()) {
            QWidget::keyPressEvent(event);
            return;
        }
        if (!std::exchange(d->reading, std::nullopt))
            d->range.goLive();
        break;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    moved();
}

void LagChart::Private::readNext(int step)
{
    qint64 best = 0;
    const qint64 at = reading.value_or(step < 0 ? overlay.toUs + 1 : overlay.fromUs - 1);
    for (const NodeId &id : history.standbys()) {
        for (const LagSample &sample : history.samples(id)) {
            const bool inside = sample.atUs >= overlay.fromUs && sample.atUs <= overlay.toUs;
            if (inside && (step < 0 ? sample.atUs < at : sample.atUs > at) &&
                (best == 0 || std::abs(sample.atUs - at) < std::abs(best - at)))
                best = sample.atUs;
        }
    }
    if (best != 0)
        reading = best;
    readOut();
    plot->update();
}

void LagChart::Private::readOut()
{
    overlay.readOut.clear();
    overlay.crosshair.reset();
    if (hover && overlay.plot.contains(*hover)) {
        overlay.crosshair = hover->x();
        overlay.crosshairUs = timeAt(hover->x());
    } else if (reading && *reading >= overlay.fromUs && *reading <= overlay.toUs) {
        overlay.crosshair = overlay.xOf(*reading);
        overlay.crosshairUs = *reading;
    } else {
        return;
    }
    const qint64 within = std::max<qint64>(2 * second, (overlay.toUs - overlay.fromUs) / 100);
    for (const LagLine &line : std::as_const(overlay.lines)) {
        const LagSample *sample = nearest(history.samples(line.id), overlay.crosshairUs, within);
        overlay.readOut.append({line.name, line.slot, sample ? valueOf(*sample, unit) : qQNaN()});
    }
    std::stable_sort(overlay.readOut.begin(), overlay.readOut.end(), [](const auto &a, const auto &b) {
        return (std::isfinite(a.value) ? a.value : -1) > (std::isfinite(b.value) ? b.value : -1);
    });
}

void LagChart::Private::placeBackToLive()
{
    // Seen only where there is something to go back from; beside the newest end of the axis.
    backToLive->setVisible(!range.isLive());
    backToLive->adjustSize();
    backToLive->move(int(overlay.plot.right()) - backToLive->width() - 8,
                     int(overlay.plot.bottom()) - backToLive->height() - 8);
}

} // namespace understudy
