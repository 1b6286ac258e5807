// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/LagHistory.h"

#include <QList>

/// The mathematics of the lag chart, without a widget.
namespace understudy {

enum class LagUnit { Bytes, Seconds };

double valueOf(const LagSample &sample, LagUnit unit);
/// "16 kB", "0.5 s": an axis label. Exact: axis steps are round.
QString axisWords(double value, LagUnit unit);
QString valueWords(double value, LagUnit unit); ///< "46 kB", "0.4 s", "unknown" for NaN

/// The top of an axis from 0 and its steps.
struct AxisTop
{
    double top = 0;
    int steps = 4;
    bool operator==(const AxisTop &) const = default;
};
/// The lowest round top that holds @p highest: powers of two of bytes, or 1-2-5 seconds and minutes.
AxisTop niceTop(double highest, LagUnit unit);

/// The top of a live axis: grows at once, shrinks only when half of it was empty for a while.
class SteadyTop
{
public:
    AxisTop update(double highest, LagUnit unit, qint64 nowUs);
    void reset() { m_top = {}; }

private:
    AxisTop m_top;
    LagUnit m_unit = LagUnit::Bytes;
    qint64 m_roomySinceUs = 0;
};

/// The highest known value within [from, to], and when it was; NaN if none.
struct Highest
{
    double value = 0;
    qint64 atUs = 0;
};
Highest highest(const QList<LagSample> &samples, LagUnit unit, qint64 fromUs, qint64 toUs);
/// The sample nearest to a moment, not further than @p withinUs; null if none.
const LagSample *nearest(const QList<LagSample> &samples, qint64 atUs, qint64 withinUs);

} // namespace understudy
