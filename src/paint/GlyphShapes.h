// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/StateGlyph.h"

#include <QList>
#include <QPainterPath>

namespace understudy {

/// One filled part of a glyph on the 16-unit grid; strokes are outlined already, so no wide pens are needed.
struct GlyphLayer
{
    QPainterPath path;
    bool mark = false; ///< In the mark's colour instead of the state's
};

/// Built once for each glyph; any thread.
const QList<GlyphLayer> &glyphLayers(Glyph glyph);

} // namespace understudy
