// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot's header is written with Qt's keywords; every other file does without them.
#undef QT_NO_KEYWORDS
#undef QT_NO_FOREACH
#include "gui/charts/LagLines.h"

#include <algorithm>
#include <cmath>

namespace understudy {

namespace {

constexpr qint64 leastStepUs = 5000000; // A look that came late is no gap.
constexpr qsizetype usualOf = 8;

auto firstAtOrAfter(const QList<LagSample> &samples, qint64 atUs)
{
    return std::lower_bound(samples.begin(), samples.end(), atUs,
                            [](const LagSample &sample, qint64 at) { return sample.atUs < at; });
}

/// Longer than this between two samples, and nobody looked meanwhile: asleep, stopped, or stuck. From the
/// usual step before @p index.
qint64 longestStepUs(const QList<LagSample> &samples, qsizetype index)
{
    QList<qint64> steps;
    for (qsizetype i = index - 1; i > 0 && steps.size() < usualOf; --i)
        steps.append(samples.at(i).atUs - samples.at(i - 1).atUs);
    if (steps.isEmpty())
        return leastStepUs;
    const auto middle = steps.begin() + steps.size() / 2;
    std::nth_element(steps.begin(), middle, steps.end());
    return std::max(leastStepUs, 4 * *middle);
}

/// Nobody looked between the sample before @p index and it.
bool isGap(const QList<LagSample> &samples, qsizetype index)
{
    const qint64 step = index > 0 ? samples.at(index).atUs - samples.at(index - 1).atUs : 0;
    return step > leastStepUs && step > longestStepUs(samples, index);
}

/// Adds what @p samples has beyond the series. The series counts in milliseconds.
void feed(SpanSeries &series, const QList<LagSample> &samples, LagUnit unit)
{
    auto from = samples.begin();
    if (series.size() > 0) {
        from = firstAtOrAfter(samples, series.lastUs());
        // Our clock was set back and the past was moved: nothing of what is here is where it was.
        if (from == samples.end() || from->atUs >= series.lastUs() + 1000) {
            series.clear();
            from = samples.begin();
        } else {
            ++from;
        }
    }
    for (; from != samples.end(); ++from) {
        const qsizetype index = from - samples.begin();
        if (isGap(samples, index))
            series.append((from - 1)->atUs + 1000, SpanColumn::unknown);
        series.append(from->atUs, float(valueOf(*from, unit)));
    }
    if (!samples.isEmpty())
        series.dropBefore(samples.constFirst().atUs - 1000);
}

} // namespace

QList<QPointF> breaks(const QList<LagSample> &samples, LagUnit unit, qint64 fromUs, qint64 toUs)
{
    QList<QPointF> out;
    auto it = firstAtOrAfter(samples, fromUs);
    for (; it != samples.end() && it->atUs <= toUs && it + 1 != samples.end(); ++it) {
        if (!std::isfinite(valueOf(*it, unit)))
            continue;
        if (!std::isfinite(valueOf(*(it + 1), unit)) || isGap(samples, it + 1 - samples.begin()))
            out.append({double(it->atUs), valueOf(*it, unit)});
    }
    return out;
}

void LagLines::follow(std::vector<SpanLayer::Line> &lines, const LagHistory &history, LagUnit unit)
{
    const QList<NodeId> standbys = history.standbys();
    std::vector<SpanLayer::Line> next(size_t(standbys.size()));
    for (qsizetype i = 0; i < standbys.size(); ++i) {
        const qsizetype before = m_order.indexOf(standbys.at(i));
        if (before >= 0 && unit == m_unit && size_t(before) < lines.size())
            next[size_t(i)] = std::move(lines[size_t(before)]);
        feed(next[size_t(i)].series, history.samples(standbys.at(i)), unit);
    }
    lines = std::move(next);
    m_lines = &lines;
    m_order = standbys;
    m_unit = unit;
}

SpanLayer::Line *LagLines::line(const NodeId &standby) const
{
    const qsizetype at = m_order.indexOf(standby);
    return at < 0 || !m_lines ? nullptr : &(*m_lines)[size_t(at)];
}

} // namespace understudy
