// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"
#include "operations/ReadLoad.h"
#include "paint/Theme.h"

#include <QWidget>
#include <memory>

namespace understudy {

/// The read test as two Qt Charts side by side: queries per second, and latency (median hollow, 95th
/// percentile filled). Bars take the series colour of their standby; runs over several standbys are neutral.
/// Follows the theme. GUI thread.
class ReadLoadChart final : public QWidget
{
    Q_OBJECT
public:
    explicit ReadLoadChart(QWidget *parent = nullptr);
    ~ReadLoadChart() override;

    /// Shows the runs measured so far; call again as more of them end. @p seriesSlots:
    /// LagHistory::seriesSlot() by node.
    void setResult(const ReadLoadResult &result, const QHash<NodeId, int> &seriesSlots);
    /// A fixed theme for pictures; null follows Style.
    void setTheme(const Theme *theme);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace understudy
