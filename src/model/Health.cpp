// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/Health.h"

#include "model/Format.h"
#include "model/HealthRules.h"

#include <algorithm>
#include <array>

namespace understudy {

QList<Finding> findingsNow(const Cluster &cluster, const Thresholds &thresholds)
{
    QList<Finding> out;
    health::nodeFindings(cluster, out);
    health::linkFindings(cluster, thresholds, out);
    health::slotFindings(cluster, thresholds, out);
    health::vacuumFindings(cluster, thresholds, out);
    health::clusterFindings(cluster, out);
    std::stable_sort(out.begin(), out.end(),
                     [](const Finding &a, const Finding &b) { return a.severity < b.severity; });
    return out;
}

QString healthWords(const QList<Finding> &findings)
{
    std::array<qint64, 3> counts{};
    for (const Finding &finding : findings)
        ++counts.at(std::size_t(finding.severity));
    const auto [critical, warnings, notices] = counts;
    QStringList words;
    if (critical > 0)
        words << format::count(critical) + QStringLiteral(" critical");
    if (warnings > 0)
        words << format::plural(warnings, QStringLiteral("warning"));
    // What is merely worth knowing is not counted beside trouble.
    if (words.isEmpty()) {
        words << QStringLiteral("Healthy");
        if (notices > 0)
            words << format::plural(notices, QStringLiteral("notice"));
    }
    return words.join(QStringLiteral(", "));
}

} // namespace understudy
