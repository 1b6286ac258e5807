// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"
#include "paint/Annotation.h"
#include "paint/GraphPainter.h"

#include <QImage>

namespace understudy {

/// How the graph stands: as a person arranged it, or, as it is here, tidily.
struct PictureArrangement
{
    std::optional<Direction> direction; ///< None: as the shape of the tree asks for
    QHash<NodeId, QPointF> places;      ///< As in LayoutOptions
    QSet<NodeId> collapsed;             ///< What is below these is folded
    bool operator==(const PictureArrangement &) const = default;
};

struct PictureOptions
{
    QSize size{1200, 700}; ///< Device-independent pixels
    double scale = 1;      ///< 1 to 4
    ThemeKind theme = ThemeKind::Light;
    bool stable = false; ///< Leaves out what always moves: clock, LSNs, rates
    bool redact = false; ///< See model/Redaction.h; the title as well
    bool legend = true;
    bool time = true;          ///< When it was taken, bottom right; never with `stable`
    bool past = false;         ///< Of a moment that is over: a strip above the graph says so, and when it was
    bool findings = false;     ///< In words, beside or below the graph
    QString title;             ///< Drawn above; empty: none
    bool compactCards = false; ///< Name and address only, for reports
    QSet<NodeId> fresh;        ///< New nodes: they and their links in accent
    PictureArrangement arrangement;
    QList<Annotation> marks; ///< In the graph's scene, on top of everything
};

/// The largest picture that is made, in pixels of the file.
constexpr qint64 mostPicturePixels = 200'000'000;
qint64 picturePixels(const PictureOptions &);

/// The graph as an image; null if it would be too large.
QImage graphImage(const Topology &, const QHash<NodeId, CardExtras> &, const PictureOptions &);
/// The bytes of a file: "png", "svg" or "pdf". Of the same input a PNG and an SVG always have the same bytes.
Result<QByteArray> pictureBytes(const Topology &, const QHash<NodeId, CardExtras> &, const PictureOptions &,
                                const QString &ending);
/// The graph written to @p path as .png, .svg or .pdf by its ending; all of it or nothing.
Result<void> writeGraphPicture(const Topology &, const QHash<NodeId, CardExtras> &, const PictureOptions &,
                               const QString &path);
/// What a picture that must not change from one look to the next may show: without clocks, LSNs, rates, lag
/// in numbers, and with the fine states of a healthy link all called caught up. Trouble stays.
Topology withoutMovingParts(Topology topology);

} // namespace understudy
