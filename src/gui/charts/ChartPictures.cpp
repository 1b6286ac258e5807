// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/ChartPictures.h"

#include "gui/charts/LagChart.h"
#include "gui/charts/ReadLoadChart.h"

#include <QLayout>
#include <QPainter>

namespace understudy {

namespace {

/// The shortest span of the chart that shows everything there is to show.
int spanFor(const LagHistory &history)
{
    qint64 oldest = 0, newest = 0;
    for (const NodeId &id : history.standbys()) {
        const QList<LagSample> &samples = history.samples(id);
        if (samples.isEmpty())
            continue;
        oldest = oldest == 0 ? samples.constFirst().atUs : std::min(oldest, samples.constFirst().atUs);
        newest = std::max(newest, samples.constLast().atUs);
    }
    const qint64 seconds = (newest - oldest) / 1000000;
    return seconds <= 60 ? 60 : seconds <= 300 ? 300 : 3600;
}

} // namespace

QImage ChartPictures::lagChart(const LagHistory &history, const Topology &topology, const QSize &size,
                               double scale, const Theme &theme)
{
    LagChart chart;
    chart.setTheme(&theme);
    chart.setSpan(spanFor(history));
    chart.resize(size);
    chart.setData(history, topology);
    return chart.image(size, scale);
}

QImage ChartPictures::readLoadChart(const ReadLoadResult &result, const Topology &, const LagHistory &history,
                                    const QSize &size, double scale, const Theme &theme)
{
    QHash<NodeId, int> seriesSlots;
    for (const NodeId &id : history.standbys())
        seriesSlots.insert(id, history.seriesSlot(id));
    ReadLoadChart chart;
    chart.setAttribute(Qt::WA_DontShowOnScreen);
    chart.setTheme(&theme);
    chart.resize(size);
    chart.setResult(result, seriesSlots);
    chart.ensurePolished();
    chart.layout()->activate();
    QImage image((QSizeF(size) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(theme.window);
    chart.render(&image, QPoint(), QRegion(), QWidget::DrawChildren);
    return image;
}

} // namespace understudy
