// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/ReadLoadChart.h"

#include "gui/charts/BarPanel.h"

#include <QHBoxLayout>

namespace understudy {

struct ReadLoadChart::Private
{
    BarPanel *rate = nullptr;
    BarPanel *latency = nullptr;
};

ReadLoadChart::ReadLoadChart(QWidget *parent) : QWidget(parent), d(std::make_unique<Private>())
{
    d->rate = new BarPanel(this);
    d->latency = new BarPanel(this);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    row->addWidget(d->rate, 1);
    row->addWidget(d->latency, 1);
    setResult({}, {});
}

ReadLoadChart::~ReadLoadChart() = default;

void ReadLoadChart::setResult(const ReadLoadResult &result, const QHash<NodeId, int> &seriesSlots)
{
    BarData rate;
    rate.title = tr("Queries per second");
    rate.hint = tr("More is better");
    BarData latency;
    latency.title = tr("Latency, ms");
    latency.hint = tr("Less is better");
    latency.measures = {tr("median"), tr("95th percentile")};
    double highest = 0;
    for (const ReadLoadRun &run : result.runs) {
        // A run that answered nothing has no speed and no latency: not known, never 0.
        const bool measured = run.queries > 0;
        const int slot = run.nodes.size() == 1 ? seriesSlots.value(run.nodes.constFirst(), -1) : -1;
        rate.groups.append({run.label, slot, {measured ? run.perSecond : qQNaN()}});
        latency.groups.append(
            {run.label, slot, {measured ? run.medianMs : qQNaN(), measured ? run.p95Ms : qQNaN()}});
        highest = std::max(highest, run.p95Ms);
    }
    latency.decimals = highest >= 20 ? 0 : highest >= 1 ? 1 : 2;
    d->rate->setData(rate);
    d->latency->setData(latency);
}

void ReadLoadChart::setTheme(const Theme *theme)
{
    d->rate->setTheme(theme);
    d->latency->setTheme(theme);
}

QSize ReadLoadChart::sizeHint() const
{
    return {1128, 288};
}

QSize ReadLoadChart::minimumSizeHint() const
{
    return {520, 220};
}

} // namespace understudy
