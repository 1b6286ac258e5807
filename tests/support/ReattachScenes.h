// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ReattachAdvice.h"

/// A made-up cluster for re-attaching: a primary, two standbys, and one below the first of them.
namespace understudy::test {

class ReattachLab
{
public:
    ReattachScene scene;

    static NodeId id(int i) { return QStringLiteral("127.0.0.1:%1").arg(5432 + i); } ///< 0 is the primary

    ReattachLab()
    {
        Cluster cluster;
        cluster.systemIdentifier = QStringLiteral("7000000000000000001");
        const QStringList names{QStringLiteral("primary"), QStringLiteral("standby1"),
                                QStringLiteral("standby2"), QStringLiteral("cascade1")};
        for (int i = 0; i < 4; ++i)
            cluster.nodes << node(names.at(i), i);
        scene.topology.takenAtUs = Q_INT64_C(1763386800000000);
        scene.topology.clusters << cluster;
        for (int i = 0; i < 4; ++i)
            look(i);
        hang(1, 0);
        hang(2, 0);
        hang(3, 1);
        for (int i = 0; i < 4; ++i)
            scene.bindings << HostBinding{id(i),
                                          QStringLiteral("local"),
                                          QStringLiteral("/srv/%1").arg(names.at(i)),
                                          QStringLiteral("postgres"),
                                          1,
                                          {}};
    }

    Cluster &cluster() { return scene.topology.clusters.first(); }
    Node &at(int i) { return cluster().nodes[i]; }
    NodeSnapshot &facts(int i) { return scene.facts[id(i)]; }
    Link &link(int i)
    {
        return *std::find_if(cluster().links.begin(), cluster().links.end(),
                             [i](const Link &l) { return l.downstream == id(i); });
    }
    void set(int i, const char *name, const char *value)
    {
        at(i).settings.insert(QLatin1String(name), QLatin1String(value));
    }
    void state(int i, NodeState state, Answer answer)
    {
        at(i).state = state;
        at(i).answer = answer;
    }
    void position(int i, quint64 lsn)
    {
        at(i).lsn = Lsn(lsn);
        if (at(i).role == Role::Standby)
            at(i).receivedLsn = Lsn(lsn);
    }

private:
    static Node node(const QString &name, int i)
    {
        Node n;
        n.id = id(i);
        n.name = name;
        n.host = QStringLiteral("127.0.0.1");
        n.port = 5432 + i;
        n.role = i == 0 ? Role::Primary : Role::Standby;
        n.state = NodeState::Up;
        n.answer = Answer::Answered;
        n.versionNum = 150018;
        n.systemIdentifier = QStringLiteral("7000000000000000001");
        n.timeline = 1;
        n.lsn = Lsn(0x5000000);
        if (i > 0)
            n.receivedLsn = n.lsn;
        n.dataDirectory = QStringLiteral("/srv/") + name;
        for (const auto &[setting, value] : {std::pair{"wal_level", "replica"},
                                             {"max_wal_senders", "10"},
                                             {"max_replication_slots", "10"},
                                             {"wal_segment_size", "16777216"},
                                             {"wal_keep_size", "0"},
                                             {"hot_standby", "on"},
                                             {"recovery_target_timeline", "latest"},
                                             {"restore_command", ""},
                                             {"synchronous_standby_names", ""}})
            n.settings.insert(QLatin1String(setting), QLatin1String(value));
        return n;
    }
    void look(int i)
    {
        NodeSnapshot s;
        s.id = id(i);
        s.name = at(i).name;
        s.endpoint.port = 5432 + i;
        s.endpoint.user = QStringLiteral("understudy");
        s.answer = Answer::Answered;
        s.role = at(i).role;
        s.versionNum = at(i).versionNum;
        s.systemIdentifier = at(i).systemIdentifier;
        scene.facts.insert(s.id, s);
    }
    void hang(int i, int above)
    {
        Link l;
        l.upstream = id(above);
        l.downstream = id(i);
        l.slot = at(i).name + QStringLiteral("_slot");
        l.pid = 100 + i;
        l.applicationName = QStringLiteral("walreceiver");
        l.state = LinkState::Streaming;
        l.sync = SyncState::Async;
        l.lag = LagState::CaughtUp;
        l.stages = {0, 0, 0, 0};
        cluster().links << l;
        Slot slot;
        slot.node = l.upstream;
        slot.name = l.slot;
        slot.active = true;
        slot.restartLsn = Lsn(0x5000000);
        slot.walStatus = QStringLiteral("reserved");
        cluster().slots_ << slot;
        NodeSnapshot &up = facts(above), &own = facts(i);
        SenderRow sender;
        sender.pid = *l.pid;
        sender.applicationName = l.applicationName;
        sender.state = QStringLiteral("streaming");
        up.senders << sender;
        SlotRow row;
        row.name = l.slot;
        row.active = true;
        up.slots_ << row;
        own.primarySlotName = l.slot;
        own.conninfoSetting =
            QStringLiteral("user=replicator passfile=/srv/passfile host=127.0.0.1 port=%1").arg(5432 + above);
        own.primaryConninfo = own.conninfoSetting;
    }
};

} // namespace understudy::test
