// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/LagHistory.h"
#include "operations/ReadLoad.h"
#include "paint/Theme.h"

#include <QImage>

namespace understudy {

/// Pictures that need a widget (charts). Implemented in `gui`, handed over by `main`; null where there is no
/// GUI: a report then leaves those pictures out and says so.
class PictureSource
{
public:
    virtual ~PictureSource() = default;
    virtual QImage lagChart(const LagHistory &, const Topology &, const QSize &, double scale,
                            const Theme &) = 0;
    virtual QImage readLoadChart(const ReadLoadResult &, const Topology &, const LagHistory &, const QSize &,
                                 double scale, const Theme &) = 0;
};

} // namespace understudy
