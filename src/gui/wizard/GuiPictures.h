// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/PictureSource.h"

#include <functional>
#include <stop_token>

namespace understudy {

/// Lets a report that is written on a worker thread have its charts drawn on the GUI thread: the worker
/// waits, the window does not. Gives null images once @p stop is requested.
class GuiPictures final : public PictureSource
{
public:
    GuiPictures(PictureSource *source, std::stop_token stop);
    QImage lagChart(const LagHistory &, const Topology &, const QSize &, double scale,
                    const Theme &) override;
    QImage readLoadChart(const ReadLoadResult &, const Topology &, const LagHistory &, const QSize &,
                         double scale, const Theme &) override;

private:
    QImage onGuiThread(std::function<QImage()> draw) const;
    PictureSource *m_source;
    std::stop_token m_stop;
};

} // namespace understudy
