// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"
#include "paint/GraphPainter.h"

#include <QImage>

namespace understudy {

struct PictureOptions
{
    QSize size{1200, 700}; ///< Device-independent pixels
    double scale = 1;      ///< 1 to 4
    ThemeKind theme = ThemeKind::Light;
    bool stable = false; ///< Leaves out what always moves: clock, LSNs, rates
    bool redact = false;
    bool legend = true;
    bool time = true;          ///< When it was taken, bottom right; never with `stable`
    QString title;             ///< Drawn above; empty: none
    bool compactCards = false; ///< Name and address only, for reports
    QSet<NodeId> fresh;        ///< New nodes: they and their links in accent
};

/// The graph as an image.
QImage graphImage(const Topology &, const QHash<NodeId, CardExtras> &, const PictureOptions &);
/// The graph written to @p path as .png, .svg or .pdf by its ending.
Result<void> writeGraphPicture(const Topology &, const QHash<NodeId, CardExtras> &, const PictureOptions &,
                               const QString &path);
/// What a picture that must not change from one look to the next may show: without clocks, LSNs, rates, lag
/// in numbers, and with the fine states of a healthy link all called caught up. Trouble stays.
Topology withoutMovingParts(Topology topology);

} // namespace understudy
