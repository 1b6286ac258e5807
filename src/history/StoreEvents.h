// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/Topology.h"

namespace understudy {

/// Something that happened, as the store keeps it.
struct StoreEvent
{
    qint64 atUs = 0;
    QString kind; ///< Stable: "finding_raised", "role", "clock_back"... Never translated.
    Severity severity = Severity::Notice;
    QString cluster; ///< System identifier; empty: of no single one.
    NodeId node;
    QString text;        ///< "standby1 was promoted"
    bool neutral = true; ///< Neither good nor bad.
    bool operator==(const StoreEvent &) const = default;
};

/// What happened between two looks at the same clusters: nodes that came, went, changed their role, state or
/// timeline, were restarted, or went back in the WAL; links that broke; findings raised and cleared. Pure.
QList<StoreEvent> eventsBetween(const Topology &before, const Topology &now);

} // namespace understudy
