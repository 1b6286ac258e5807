// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"
#include "paint/Theme.h"

#include <QPainter>

namespace understudy {

/// Every state that is painted: colour, shape and word always go together.
enum class Glyph {
    Up,
    CaughtUp,
    Replaying,
    Lagging,
    Idle,
    ReplayPaused,
    LinkStalled,
    Disconnected,
    NoReceiver,
    NotResponding,
    Down,
    Ghost,
    Planned,
    NoPermission,
    Unknown,
    CheckPass,
    CheckWarning,
    CheckFail,
    CheckWaived,
    CheckRunning,
    CheckWaiting,
    FindingCritical,
    FindingWarning,
    FindingNotice,
    Cylinder,
    CylinderFilled,
};

/// What a node shows: its own state, or, when it is up, the state of its link.
Glyph glyphFor(const Node &node, const Link *link);
Glyph glyphFor(Severity);
QString glyphWord(Glyph);
QColor glyphColor(Glyph, const Theme &);     ///< Shapes and lines
QColor glyphTextColor(Glyph, const Theme &); ///< Words
QColor glyphTint(Glyph, const Theme &);
bool isAbnormal(Glyph); ///< Its word and its card take its colour.

/// Paints the glyph into @p rect (square; 12, 14, 16 or 20). @p turn in [0,1) turns the running ring.
void paintGlyph(QPainter &, const QRectF &rect, Glyph, const Theme &, double turn = 0);
/// The same in one given colour (e.g. white on a tile).
void paintGlyph(QPainter &, const QRectF &rect, Glyph, const QColor &color, const QColor &mark);
/// Cached pixmap for delegates and labels.
QPixmap glyphPixmap(Glyph, int size, const Theme &, double devicePixelRatio);
/// The 9 px series mark.
void paintSeriesMark(QPainter &, const QRectF &rect, int slot, const Theme &);

} // namespace understudy
