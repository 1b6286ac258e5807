// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/ChartRange.h"

#include <algorithm>
#include <cmath>

namespace understudy {

void ChartRange::setLimits(qint64 oldestUs, qint64 newestUs)
{
    m_oldestUs = std::min(oldestUs, newestUs);
    m_newestUs = newestUs;
    if (m_endUs)
        place(*m_endUs);
}

void ChartRange::setSpan(qint64 us)
{
    m_spanUs = std::max(leastUs, us);
    if (m_endUs)
        place(*m_endUs);
}

void ChartRange::place(qint64 endUs)
{
    // The oldest may come to the left edge and not beyond: nothing was seen there.
    endUs = std::max(endUs, m_oldestUs + m_spanUs);
    if (endUs >= m_newestUs)
        m_endUs.reset();
    else
        m_endUs = endUs;
}

void ChartRange::panBy(qint64 us)
{
    place(toUs() + us);
}

void ChartRange::goOldest()
{
    place(m_oldestUs + m_spanUs);
}

void ChartRange::zoomBy(double factor, double anchor)
{
    const double most = double(std::max(leastUs, m_newestUs - m_oldestUs));
    // Once all that there is can be seen, there is nothing more to see; longer spans are chosen, not zoomed
    // to.
    const double wanted =
        std::clamp(double(m_spanUs) * factor, double(leastUs), std::max(most, double(m_spanUs)));
    const bool live = isLive();
    const double kept = double(fromUs()) + double(m_spanUs) * anchor;
    m_spanUs = qint64(std::llround(wanted));
    if (!live) // A live chart stays live: its right edge is now.
        place(qint64(std::llround(kept + wanted * (1 - anchor))));
}

void ChartRange::show(qint64 fromUs, qint64 toUs)
{
    if (toUs < fromUs)
        std::swap(fromUs, toUs);
    const qint64 middle = fromUs + (toUs - fromUs) / 2;
    m_spanUs = std::max(leastUs, toUs - fromUs);
    place(std::max(toUs, middle + m_spanUs / 2));
}

} // namespace understudy
