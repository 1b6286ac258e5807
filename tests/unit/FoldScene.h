// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ClusterFold.h"

#include <algorithm>

namespace understudy::test {

/// A primary and its standbys as snapshots, for folding: all called walreceiver, each with its own slot.
class FoldScene
{
public:
    qint64 nowUs = Q_INT64_C(1763386800000000);
    QList<NodeSnapshot> snapshots;
    FoldMemoryPtr memory;
    Topology topology;
    bool singleLook = false;
    Thresholds thresholds;

    explicit FoldScene(int standbys = 2)
    {
        NodeSnapshot p = node(QStringLiteral("primary"), 5432, Role::Primary);
        p.currentLsn = Lsn(0x3000000);
        p.settings.insert(QStringLiteral("max_slot_wal_keep_size"), QStringLiteral("-1"));
        snapshots << p;
        for (int i = 1; i <= standbys; ++i)
            addStandby(i);
    }

    static NodeSnapshot node(const QString &name, int port, Role role)
    {
        NodeSnapshot s;
        s.name = name;
        s.endpoint.port = port;
        s.id = s.endpoint.address();
        s.answer = Answer::Answered;
        s.versionNum = 150018;
        s.systemIdentifier = QStringLiteral("7000000000000000001");
        s.role = role;
        s.listenPort = port;
        s.timeline = 1;
        return s;
    }

    void addStandby(int i)
    {
        const Lsn head = *primary().currentLsn;
        NodeSnapshot s = node(QStringLiteral("standby%1").arg(i), 5432 + i, Role::Standby);
        s.receivedLsn = s.replayedLsn = head;
        s.primarySlotName = QStringLiteral("slot%1").arg(i);
        s.primaryConninfo = QStringLiteral("host=127.0.0.1 port=5432 user=replicator");
        ReceiverRow r;
        r.pid = 900 + i;
        r.status = QStringLiteral("streaming");
        r.slotName = s.primarySlotName;
        r.senderHost = QStringLiteral("127.0.0.1");
        r.senderPort = 5432;
        s.receiver = r;
        snapshots << s;
        SenderRow w;
        w.pid = 100 + i;
        w.applicationName = QStringLiteral("walreceiver");
        w.clientAddress = QStringLiteral("127.0.0.1");
        w.state = QStringLiteral("streaming");
        w.syncState = QStringLiteral("async");
        w.sent = w.written = w.flushed = w.replayed = head;
        primary().senders << w;
        SlotRow slot;
        slot.name = s.primarySlotName;
        slot.active = true;
        slot.activePid = w.pid;
        slot.restartLsn = head;
        slot.walStatus = QStringLiteral("reserved");
        primary().slots_ << slot;
    }

    NodeSnapshot &primary() { return snapshots[0]; }
    NodeSnapshot &standby(int i) { return snapshots[i]; }
    SenderRow &sender(int i) { return primary().senders[i - 1]; }
    static NodeId id(int i) { return QStringLiteral("127.0.0.1:%1").arg(5432 + i); }

    /// The primary writes @p bytes; standbys in @p followers receive and replay it at once.
    void write(qint64 bytes, const QList<int> &followers)
    {
        primary().currentLsn = Lsn(primary().currentLsn->bytes() + quint64(bytes));
        for (const int i : followers) {
            SenderRow &w = sender(i);
            w.sent = w.written = w.flushed = w.replayed = primary().currentLsn;
            standby(i).receivedLsn = standby(i).replayedLsn = primary().currentLsn;
        }
    }

    /// The walsender of standby @p i is gone; its slot stays.
    void disconnect(int i)
    {
        const int pid = 100 + i;
        primary().senders.removeIf([pid](const SenderRow &w) { return w.pid == pid; });
        SlotRow &slot = primary().slots_[i - 1];
        slot.active = false;
        slot.activePid.reset();
        standby(i).receiver.reset();
    }

    void refuse(int i)
    {
        NodeSnapshot gone;
        gone.id = snapshots[i].id;
        gone.name = snapshots[i].name;
        gone.endpoint = snapshots[i].endpoint;
        gone.answer = Answer::Refused;
        snapshots[i] = gone;
    }

    const Cluster &fold(double laterSeconds = 1)
    {
        nowUs += qint64(laterSeconds * 1e6);
        for (NodeSnapshot &s : snapshots)
            s.startedUs = s.finishedUs = nowUs;
        FoldInput input;
        input.snapshots = snapshots;
        input.nowUs = nowUs;
        input.singleLook = singleLook;
        input.thresholds = thresholds;
        std::tie(memory, topology) = next(memory, input);
        return topology.clusters.first();
    }

    const Cluster &cluster() const { return topology.clusters.first(); }
    const Link &link(int i) const { return *cluster().linkTo(id(i)); }
    bool has(const char *finding) const
    {
        const auto &findings = cluster().findings;
        return std::any_of(findings.begin(), findings.end(),
                           [&](const Finding &f) { return f.name == QLatin1String(finding); });
    }
};

} // namespace understudy::test
