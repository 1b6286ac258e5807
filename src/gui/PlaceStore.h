// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/graph/GraphPlaces.h"

namespace understudy {

/// Where the places of a cluster's cards and its folded trees are kept: among the window's settings, by
/// system identifier and node.
namespace placestore {

/// Nothing kept, or nothing that makes sense, is an empty one. Worker thread.
Arrangement load(const QString &systemIdentifier);
/// An empty one: nothing is kept any more. What is there and cannot be read is set aside first: a file beside
/// it as "places.ini.bad", a cluster's part of it below "set_aside". Worker thread.
void save(const QString &systemIdentifier, const Arrangement &kept);
QString path();

} // namespace placestore
} // namespace understudy
