// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>
#include <optional>

namespace understudy {

/// Which time a chart shows: the newest, which moves on, or a place that a person went to. Microseconds;
/// pure.
class ChartRange
{
public:
    static constexpr qint64 leastUs = 5000000; ///< Shorter spans show nothing that looks could have seen.

    /// What there is to show. A range that is not live keeps its place.
    void setLimits(qint64 oldestUs, qint64 newestUs);
    void setSpan(qint64 us); ///< Around the right edge
    qint64 spanUs() const { return m_spanUs; }

    bool isLive() const { return !m_endUs; }
    qint64 fromUs() const { return toUs() - m_spanUs; }
    qint64 toUs() const { return m_endUs.value_or(m_newestUs); }

    void panBy(qint64 us);                     ///< Forward in time; at the newest it is live again.
    void zoomBy(double factor, double anchor); ///< @p anchor: what keeps its place, 0 left to 1 right
    void show(qint64 fromUs, qint64 toUs);
    void goLive() { m_endUs.reset(); }
    void goOldest();

private:
    void place(qint64 endUs);

    qint64 m_spanUs = 300000000;
    qint64 m_oldestUs = 0, m_newestUs = 0;
    std::optional<qint64> m_endUs;
};

} // namespace understudy
