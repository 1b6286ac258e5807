// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/LagScale.h"

#include "model/Format.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>

namespace understudy {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr qint64 shrinkAfterUs = 5000000;

auto firstAtOrAfter(const QList<LagSample> &samples, qint64 atUs)
{
    return std::lower_bound(samples.begin(), samples.end(), atUs,
                            [](const LagSample &sample, qint64 at) { return sample.atUs < at; });
}

} // namespace

double valueOf(const LagSample &sample, LagUnit unit)
{
    return unit == LagUnit::Bytes ? sample.bytes : sample.seconds;
}

QString axisWords(double value, LagUnit unit)
{
    if (unit == LagUnit::Bytes)
        return format::bytes(qint64(std::llround(value)));
    if (value > 0 && value < 60)
        return QStringLiteral("%1 s").arg(value, 0, 'g', 3);
    if (value >= 3600 && std::fmod(value, 3600) == 0)
        return QStringLiteral("%1 h").arg(value / 3600, 0, 'f', 0);
    if (value >= 60)
        return QStringLiteral("%1 min").arg(value / 60, 0, 'g', 3);
    return QStringLiteral("0 s");
}

QString valueWords(double value, LagUnit unit)
{
    if (!std::isfinite(value))
        return QCoreApplication::translate("LagChart", "unknown");
    return unit == LagUnit::Bytes ? format::bytes(qint64(std::llround(value))) : format::seconds(value);
}

AxisTop niceTop(double highest, LagUnit unit)
{
    const double wanted = std::isfinite(highest) ? std::max(0.0, highest) * 1.04 : 0;
    if (unit == LagUnit::Bytes) {
        double top = 16 * 1024;
        while (top < wanted && top < 1e18)
            top *= 2;
        return {top, 4};
    }
    static const QList<AxisTop> tops = {{1, 4},     {2, 4},     {4, 4},      {10, 5},    {20, 4},
                                        {40, 4},    {60, 4},    {120, 4},    {240, 4},   {600, 5},
                                        {1200, 4},  {2400, 4},  {3600, 4},   {7200, 4},  {14400, 4},
                                        {36000, 5}, {86400, 4}, {172800, 4}, {691200, 4}};
    for (const AxisTop &top : tops) {
        if (wanted <= top.top)
            return top;
    }
    return {std::ceil(wanted / 345600) * 345600, 4};
}

AxisTop SteadyTop::update(double highest, LagUnit unit, qint64 nowUs)
{
    const AxisTop wanted = niceTop(highest, unit);
    if (unit != m_unit || wanted.top >= m_top.top) {
        m_unit = unit;
        m_top = wanted;
        m_roomySinceUs = 0;
        return m_top;
    }
    if (m_roomySinceUs == 0 || nowUs < m_roomySinceUs)
        m_roomySinceUs = nowUs;
    if (nowUs - m_roomySinceUs >= shrinkAfterUs) {
        m_top = wanted;
        m_roomySinceUs = 0;
    }
    return m_top;
}

Highest highest(const QList<LagSample> &samples, LagUnit unit, qint64 fromUs, qint64 toUs)
{
    Highest best{nan, 0};
    for (auto it = firstAtOrAfter(samples, fromUs); it != samples.end() && it->atUs <= toUs; ++it) {
        const double value = valueOf(*it, unit);
        if (std::isfinite(value) && (!std::isfinite(best.value) || value > best.value))
            best = {value, it->atUs};
    }
    return best;
}

const LagSample *nearest(const QList<LagSample> &samples, qint64 atUs, qint64 withinUs)
{
    if (samples.isEmpty())
        return nullptr;
    auto it = firstAtOrAfter(samples, atUs);
    if (it == samples.end() || (it != samples.begin() && atUs - (it - 1)->atUs < it->atUs - atUs))
        --it;
    return std::abs(it->atUs - atUs) <= withinUs ? &*it : nullptr;
}

} // namespace understudy
