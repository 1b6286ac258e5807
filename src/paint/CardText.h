// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

#include <QString>
#include <optional>

/// The words and numbers on a card; the same in the graph, its table and its tooltips.
namespace understudy::cardtext {

QString roleWord(const Node &node);
QString behind(const Link *link); ///< "96 kB"; "unknown"
QString delay(const Link *link);  ///< "0.4 s"; "unknown"
QString lsn(const Node &node);
QString timeline(const Node &node);
/// Age of the link's present state at @p nowUs: "8 min"; empty if not known.
QString since(const Link *link, qint64 nowUs);
/// "1 of 2": downstreams that stream, of those that should.
QString standbys(const Node &node, const Topology &topology);
/// The number at the right of a small card.
QString figure(const Node &node, const Link *link, const Topology &topology);
/// Why a card without facts has none, one sentence.
QString sentence(const Node &node, const Link *link, const Topology &topology);

} // namespace understudy::cardtext
