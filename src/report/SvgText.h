// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace understudy {

/// An SVG of Qt's generator whose text keeps its place where its fonts are missing: each text is as long as
/// it was measured here, and browsers fall back to a font of the same kind. Any thread.
QByteArray portableSvg(const QByteArray &svg);

} // namespace understudy
