// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

/// What the graph says in words: tooltips (rich text, everything from outside escaped) and descriptions for a
/// screen reader (plain text).
namespace understudy::graphwords {

QString nodeTip(const Node &node, const Link *link, const Topology &topology);
/// "primary to standby1, streaming, slot standby_slot, 12 kB behind"
QString linkName(const Link &link, const Topology &topology);
/// What a screen reader says beside it: "Caught up, asynchronous, sends 18 kB/s. Findings of it."
QString linkDescription(const Link &link, const Topology &topology);
QString linkTip(const Link &link, const Topology &topology);
/// "3 nodes. 2 caught up, 1 up."
QString summary(const Topology &topology);
/// "standby1, Standby of primary, Caught up, 0 B behind"
QString nodeSentence(const Node &node, const Topology &topology);
/// The same without the name, and what a screen reader says beside it: "Standby of primary, Caught up, 0 B
/// behind through slot standby_slot. Slots may keep WAL without limit."
QString nodeDescription(const Node &node, const Topology &topology);
/// "127.0.0.1:5433"; the host alone where no port is known.
QString addressOf(const Node &node);

} // namespace understudy::graphwords
