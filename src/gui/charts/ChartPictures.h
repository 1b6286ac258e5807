// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/PictureSource.h"

namespace understudy {

/// Charts for reports, drawn by the same widgets as on screen, never shown. GUI thread.
class ChartPictures final : public PictureSource
{
public:
    QImage lagChart(const LagHistory &history, const Topology &topology, const QSize &size, double scale,
                    const Theme &theme) override;
    QImage readLoadChart(const ReadLoadResult &result, const Topology &topology, const LagHistory &history,
                         const QSize &size, double scale, const Theme &theme) override;
};

} // namespace understudy
