// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Result.h"
#include "model/Topology.h"

#include <QByteArray>

namespace understudy {

/// A whole look as bytes: CBOR, compressed. Everything comes back as it was. Pure; some 0.1 ms a node.
QByteArray packTopology(const Topology &topology);

/// The look that @p bytes hold. They may come from anybody: what is damaged, too large or of another kind is
/// an error. Fields that this version does not know are left out.
Result<Topology> unpackTopology(const QByteArray &bytes);

} // namespace understudy
