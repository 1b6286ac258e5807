// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/AddStandby.h"

namespace understudy::test {

/// A primary of this machine with one slot, as if it had been looked at, and a standby that somebody wants.
inline AddStandbyFacts someFacts(int version = 150008)
{
    AddStandbyFacts f;
    f.spec.title = QStringLiteral("demo");
    f.spec.replicationUser = QStringLiteral("replicator");
    Endpoint e;
    e.user = QStringLiteral("understudy");
    f.spec.nodes << WatchedNode{e.address(), QStringLiteral("primary"), e};
    Node primary;
    primary.id = e.address();
    primary.name = QStringLiteral("primary");
    primary.host = e.host;
    primary.port = 5432;
    primary.role = Role::Primary;
    primary.state = NodeState::Up;
    primary.versionNum = version;
    Cluster cluster;
    cluster.systemIdentifier = QStringLiteral("7");
    cluster.nodes << primary;
    Slot slot;
    slot.node = primary.id;
    slot.name = QStringLiteral("standby_slot");
    cluster.slots_ << slot;
    f.topology.clusters << cluster;
    f.bindings << HostBinding{primary.id,
                              QStringLiteral("local"),
                              QStringLiteral("/srv/demo/primary"),
                              QStringLiteral("postgres"),
                              1,
                              {}};
    f.binDirectory = QStringLiteral("/usr/lib/postgresql/15/bin");
    f.runAs = QStringLiteral("postgres");
    f.currentUser = QStringLiteral("root");
    f.haveReplicationSecret = true;
    return f;
}

inline AddStandbyRequest someRequest()
{
    AddStandbyRequest r;
    r.upstream = QStringLiteral("127.0.0.1:5432");
    r.name = QStringLiteral("standby2");
    r.slot = QStringLiteral("standby2_slot");
    r.port = 5434;
    r.dataDirectory = QStringLiteral("/srv/demo/standby2");
    return r;
}

} // namespace understudy::test
