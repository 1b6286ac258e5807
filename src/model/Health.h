// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

namespace understudy {

/// Limits above which a finding is raised. Settings with sensible defaults.
struct Thresholds
{
    qint64 lagBytes = qint64(16) << 20; ///< A standby further behind than this is lagging.
    double lagSeconds = 30;
    qint64 slotRetainedBytes = qint64(1) << 30; ///< An inactive slot that keeps more than this is a warning.
    double runwaySeconds = 24 * 3600; ///< A slot or a disk that is lost sooner than this is a warning.
    double transactionSeconds =
        3600;                  ///< A transaction open for longer holds vacuum (or replay) back: a warning.
    qint64 xminAge = 10000000; ///< Transactions held back from vacuum by a slot or by feedback: a warning.
    qint64 wraparoundAge = 500000000; ///< The same, and this close to wraparound: critical.
    double idleAfterSeconds = 60;     ///< Idle is said only after this long without WAL.
    double stallAfterSeconds = 3;     ///< A stage that made no progress for this long while WAL waits.
    double raiseAfterSeconds = 2;     ///< Hysteresis of warnings; criticals are raised at once.
    double clearAfterSeconds = 3;
    bool operator==(const Thresholds &) const = default;
};

/// Findings of one cluster at one look, without hysteresis, worst first. Pure.
QList<Finding> findingsNow(const Cluster &cluster, const Thresholds &thresholds);

/// The worst severity in words: "Healthy", "Healthy, 1 notice", "2 critical, 1 warning".
QString healthWords(const QList<Finding> &findings);

} // namespace understudy
