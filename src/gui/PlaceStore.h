// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphPlaces.h"

namespace understudy {

/// Where the places of a cluster's cards are kept: among the window's settings, by system identifier and
/// node.
namespace placestore {

/// Nothing kept, or nothing that makes sense, is no places. Worker thread.
PlaceSet load(const QString &systemIdentifier);
/// No places: nothing is kept any more. Worker thread.
void save(const QString &systemIdentifier, const PlaceSet &places);

} // namespace placestore
} // namespace understudy
