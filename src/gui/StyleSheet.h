// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "paint/Theme.h"

namespace understudy {

/// The application's one style sheet, for static chrome only; made for a theme and the size of the
/// application's font in pixels.
QString styleSheet(const Theme &theme, double fontPixels);

} // namespace understudy
